import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildApp } from '../api/app.ts'
import type { ProviderAccounts } from '../api/identity.ts'
import { takePort } from '../api/port.ts'
import { createSignIn } from '../api/sign-in/sign-in.ts'
import { Visitor } from '../api/sign-in/testing.ts'
import { createStore } from '../api/store/create-store.ts'
import { testSettings } from '../api/testing.ts'
import { createHandler } from '../trigger/handler.ts'
import { openLocalProvider } from './local-provider.ts'
import { prepareSignIns, type SignInTests } from './testing.ts'

// The whole API with its sign-in, as on a laptop.
let tests: SignInTests
let origin: string
let close: () => Promise<void>
/** Takes the place of what deletes at the provider. */
let failure: Error | undefined
const logged: string[] = []

beforeAll(async () => {
  tests = await prepareSignIns()
  const { pool, folder } = tests
  const port = await takePort()
  const publicUrl = new URL(`http://localhost:${port}`)
  origin = publicUrl.origin
  const local = await openLocalProvider({
    folder,
    publicUrl,
    host: 'localhost',
    productionSigns: [],
    trigger: createHandler({ query: (text, values) => pool.query(text, values) }),
    deliver: (mail) => tests.mails.push(mail),
  })
  const settings = { publicUrl, secrets: ['s'.repeat(32)], provider: local.settings }
  const signIn = createSignIn({ settings, pool, deleteLocal: local.deletePerson })
  const accounts: ProviderAccounts = {
    prepareDeletion: async (request) => {
      const remove = await signIn.accounts.prepareDeletion(request)
      return () => (failure ? Promise.reject(failure) : remove())
    },
  }
  const store = createStore({ pool })
  const app = buildApp({
    pool,
    store,
    log: { level: 'warn', stream: { write: (line) => logged.push(line) } },
    authenticator: signIn.authenticator,
    accounts,
    signIn: signIn.routes,
    settings: testSettings({ PUBLIC_URL: origin }),
  })
  await app.register(local.routes)
  await app.listen({ host: 'localhost', port })
  close = async () => {
    await app.close()
    await signIn.settle()
    await store.close()
  }
})
afterAll(() => close())
beforeEach(() => {
  failure = undefined
  logged.length = 0
})

const visit = () => new Visitor(origin)

async function userOf(visitor: Visitor): Promise<{ handle: string; uuid: string } | null> {
  const { body } = await visitor.go('/api/session')
  return (JSON.parse(body) as { user: { handle: string; uuid: string } | null }).user
}

const leave = (visitor: Visitor, handle: string) =>
  visitor.go('/api/me', {
    method: 'DELETE',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ handle }),
  })

async function signIn(visitor: Visitor, handle: string) {
  const page = await visitor.go('/api/auth/sign-in')
  return visitor.submit(page, { email: `${handle}@example.com`, password: `the password of ${handle}` })
}

const count = async (table: string) => (await tests.pool.query(`select from ${table}`)).rowCount

test('whoever leaves is gone at the provider too: nobody can sign in as them, and their handle and address are free', async () => {
  const [ada, phone] = [visit(), visit()]
  await tests.signUp(ada, 'ada')
  await signIn(phone, 'ada')
  const before = await userOf(ada)
  expect((await userOf(phone))?.uuid).toBe(before?.uuid)

  expect((await leave(ada, 'ada')).status).toBe(204)
  expect(await count('sessions')).toBe(0)
  expect(await userOf(visit())).toBeNull()
  // Neither browser is let in again, also not by what the provider remembered of it.
  for (const visitor of [ada, phone, visit()]) {
    const page = await visitor.go('/api/auth/sign-in')
    expect(page.body).toContain('<h1>Sign in</h1>')
    const refused = await visitor.submit(page, { email: 'ada@example.com', password: 'the password of ada' })
    expect(refused.body).toContain('The e-mail address or the password is wrong.')
  }
  const folder = join(tests.folder, 'provider')
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'))
  const kept = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  expect(kept.filter((text) => text.includes('ada@example.com'))).toEqual([])

  const again = visit()
  await tests.signUp(again, 'ada')
  const after = await userOf(again)
  expect(after?.handle).toBe('ada')
  expect(after?.uuid).not.toBe(before?.uuid)
})

test('a wrong handle deletes nothing, here or there', async () => {
  const bob = visit()
  await tests.signUp(bob, 'bob')
  expect((await leave(bob, 'ada')).status).toBe(422)
  await signIn(visit(), 'bob')
  expect((await userOf(bob))?.handle).toBe('bob')
})

test('where the provider fails the rows are gone all the same; it is said, logged with whose it is, and can be done again', async () => {
  const cleo = visit()
  await tests.signUp(cleo, 'cleo')
  const { rows } = await tests.pool.query<{ sub: string }>(
    `select cognito_user_id as sub from users where handle = 'cleo'`,
  )
  failure = new Error('The provider is away')
  const answer = await leave(cleo, 'cleo')
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.body)).toEqual({
    sign_in_kept: true,
    detail: expect.stringContaining('Sign in again a little later, and delete your account once more.'),
  })
  expect((await tests.pool.query(`select from users where handle = 'cleo'`)).rowCount).toBe(0)
  expect((await tests.pool.query('select from sessions where cognito_user_id = $1', [rows[0]?.sub])).rowCount).toBe(0)
  expect(logged.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      sub: rows[0]?.sub,
      msg: 'The account at the provider of sign-ins is still there',
      err: expect.objectContaining({ message: 'The provider is away' }),
    }),
  ])

  failure = undefined
  const back = visit()
  await signIn(back, 'cleo')
  // The trigger has made an account anew, with nothing in it.
  expect((await userOf(back))?.handle).toBe('cleo')
  expect((await leave(back, 'cleo')).status).toBe(204)
  expect((await signIn(visit(), 'cleo')).body).toContain('The e-mail address or the password is wrong.')
})
