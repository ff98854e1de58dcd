import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'
import { InvalidToken } from '../api/identity.ts'
import { createSignIn } from '../api/sign-in/sign-in.ts'
import { makeSessionTable, Visitor } from '../api/sign-in/testing.ts'
import { readSql } from '../db/test-client.ts'
import { createHandler } from '../trigger/handler.ts'
import type { Mail } from './accounts.ts'
import { findFreePort } from '../api/port.ts'
import { openLocalProvider } from './local-provider.ts'

let pool: pg.Pool
let folder: string
const mails: Mail[] = []

beforeAll(async () => {
  const { clientConfig } = await testDatabase()
  pool = new pg.Pool(clientConfig)
  // A connection of its own: a dump sets search_path.
  const client = new pg.Client(clientConfig)
  await client.connect()
  await client.query(await readSql('schema.sql'))
  await client.end()
  await makeSessionTable(pool)
  folder = await mkdtemp(join(tmpdir(), 'cruddur-provider-'))
})
afterAll(async () => {
  await pool.end()
  await rm(folder, { recursive: true })
})

interface Running {
  app: FastifyInstance
  origin: string
}

const started: FastifyInstance[] = []
afterAll(() => Promise.all(started.map((app) => app.close())))

async function start(port?: number): Promise<Running> {
  const free = port ?? (await findFreePort(20_000 + (process.pid % 20_000), 60_000)) ?? 0
  const publicUrl = new URL(`http://localhost:${free}`)
  const handler = createHandler({ query: (text, values) => pool.query(text, values) })
  const local = await openLocalProvider({
    folder,
    publicUrl,
    productionSigns: [],
    trigger: handler,
    deliver: (mail) => mails.push(mail),
  })
  const signIn = createSignIn({ settings: { publicUrl, secrets: ['s'.repeat(32)], provider: local.settings }, pool })
  const app = fastify({ logger: process.env['LOG'] ? { level: 'info' } : false })
  await app.register(signIn.routes)
  await app.register(local.routes)
  app.get('/', async (request, reply) => {
    try {
      return (await signIn.authenticator.identify(request, reply)) ?? { sub: null }
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error
      return reply.code(401).send({ sub: null })
    }
  })
  await app.listen({ host: 'localhost', port: free })
  started.push(app)
  return { app, origin: publicUrl.origin }
}

test('sign up, confirm, come back with a cookie, be somebody, sign out', async () => {
  const { origin } = await start()
  const ada = new Visitor(origin)
  const form = await ada.go('/api/auth/sign-up?return_to=/%3Ffrom=here')
  expect(form.url.pathname).toMatch(/^\/oidc\/interaction\/[\w-]+\/sign-up$/)
  const confirm = await ada.submit(form, {
    name: 'Ada Lovelace',
    handle: 'ada',
    email: 'Ada@example.com',
    password: 'analytical engine',
  })
  expect(confirm.body).toContain('Confirm your account')
  expect((await pool.query(`select from users where handle = 'ada'`)).rowCount).toBe(0)
  const code = mails.at(-1)?.code ?? ''
  const home = await ada.submit(confirm, { code })
  expect(home.way.at(-1)).toBe('/?from=here')
  const { sub } = JSON.parse(home.body) as { sub: string }
  const { rows } = await pool.query('select display_name, handle from users where cognito_user_id = $1', [sub])
  expect(rows).toEqual([{ display_name: 'Ada Lovelace', handle: 'ada' }])
  const out = await ada.go('/api/auth/sign-out', { method: 'POST' })
  const { location } = JSON.parse(out.body) as { location: string }
  expect((await ada.go(location)).way.at(-1)).toBe('/')
  expect(await ada.go('/')).toMatchObject({ body: '{"sub":null}' })
  // The provider has forgotten, too.
  expect((await ada.go('/api/auth/sign-in')).url.pathname).toMatch(/\/sign-in$/)
})
