import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import pg from 'pg'
import { afterAll } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'
import { InvalidToken } from '../api/identity.ts'
import type { SignInSettings } from '../api/sign-in/settings.ts'
import { takePort } from '../api/port.ts'
import { createSignIn } from '../api/sign-in/sign-in.ts'
import type { Visited, Visitor } from '../api/sign-in/testing.ts'
import { loadSql } from '../db/test-client.ts'
import { createHandler, type TriggerEvent } from '../trigger/handler.ts'
import type { Mail } from './accounts.ts'
import { type LocalProvider, openLocalProvider } from './local-provider.ts'

export interface Running {
  origin: string
  settings: SignInSettings
  local: LocalProvider
  stop(): Promise<void>
}

/** What tests of sign-ins share: a database, a folder, a clock, mails, and a trigger that can fail. */
export interface SignInTests {
  pool: pg.Pool
  folder: string
  mails: Mail[]
  /** What is added to the clock of codes and tries, in milliseconds. */
  ahead: number
  /** What is added to the clock of sessions. */
  sessionsAhead: number
  /** Called instead of the trigger, when set. */
  trigger: ((event: TriggerEvent) => Promise<unknown>) | undefined
  start(port?: number): Promise<Running>
  /** Signs a new person up, to the end. */
  signUp(visitor: Visitor, handle: string): Promise<Visited>
}

/** Everything is gone when the test file is done. */
export async function prepareSignIns(): Promise<SignInTests> {
  const { clientConfig } = await testDatabase()
  const client = new pg.Client(clientConfig)
  await client.connect()
  await loadSql(client, 'schema.sql')
  await client.end()
  const pool = new pg.Pool(clientConfig)
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-'))
  const running = new Set<Running>()
  afterAll(async () => {
    for (const one of running) await one.stop()
    await pool.end()
    await rm(folder, { recursive: true })
  })

  const handler = createHandler({ query: (text, values) => pool.query(text, values) })
  const tests: SignInTests = {
    pool,
    folder,
    mails: [],
    ahead: 0,
    sessionsAhead: 0,
    trigger: undefined,
    async start(port) {
      const publicUrl = new URL(`http://localhost:${port ?? (await takePort())}`)
      const local = await openLocalProvider({
        folder,
        publicUrl,
        host: 'localhost',
        productionSigns: [],
        trigger: (event) => (tests.trigger ?? handler)(event),
        deliver: (mail) => tests.mails.push(mail),
        now: () => Date.now() + tests.ahead,
      })
      const settings = { publicUrl, secrets: ['s'.repeat(32)], provider: local.settings }
      const signIn = createSignIn({ settings, pool, now: () => Date.now() + tests.sessionsAhead })
      const app = fastify()
      // As in the API: the schemas of answers are for its description.
      app.setSerializerCompiler(() => (data) => JSON.stringify(data))
      await app.register(signIn.routes)
      await app.register(local.routes)
      app.get('/*', async (request, reply) => {
        try {
          return (await signIn.authenticator.identify(request, reply)) ?? { sub: null }
        } catch (error) {
          if (!(error instanceof InvalidToken)) throw error
          return reply.code(401).send({ sub: null })
        }
      })
      await app.listen({ host: 'localhost', port: Number(publicUrl.port) })
      const one: Running = {
        origin: publicUrl.origin,
        settings,
        local,
        async stop() {
          running.delete(one)
          await app.close()
          await signIn.settle()
        },
      }
      running.add(one)
      return one
    },
    async signUp(visitor, handle) {
      const form = await visitor.go('/api/auth/sign-up')
      const password = `the password of ${handle}`
      const confirm = await visitor.submit(form, { name: handle, handle, email: `${handle}@example.com`, password })
      return visitor.submit(confirm, { code: tests.mails.at(-1)?.code ?? '' })
    },
  }
  return tests
}

/** Who a page says one is. */
export function subOf({ body }: Visited): string | null {
  return (JSON.parse(body) as { sub: string | null }).sub
}
