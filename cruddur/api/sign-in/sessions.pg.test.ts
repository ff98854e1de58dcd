import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../../tests/support/database.ts'
import { InvalidToken, type SignedOut } from '../identity.ts'
import { ProviderRefused, ProviderUnavailable } from './errors.ts'
import type { Tokens } from './openid.ts'
import { createSessionTable } from './session-table.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { loadSql } from '../../db/test-client.ts'
import type { VerifiedToken } from './token-verifier.ts'

let pool: pg.Pool
let listener: pg.Client
const notices: SignedOut[] = []

beforeAll(async () => {
  const { clientConfig } = await testDatabase()
  pool = new pg.Pool({ ...clientConfig, max: 10 })
  listener = new pg.Client(clientConfig)
  await listener.connect()
  await loadSql(listener, 'schema.sql')
  await listener.query('listen cruddur')
  listener.on('notification', ({ payload }) => notices.push(JSON.parse(payload ?? '') as SignedOut))
})
afterAll(async () => {
  await listener.end()
  await pool.end()
})
beforeEach(async () => {
  await pool.query('delete from sessions')
  notices.length = 0
})

/** A provider whose tokens say who they are for and when they end; it refreshes each refresh token once, as one that rotates. */
class TestProvider {
  refreshed = 0
  revoked: string[] = []
  fault: Error | undefined
  delayMs = 0
  readonly used = new Set<string>()
  lifeMs = 3_600_000
  time: () => number = Date.now

  token(sub: string, lifeMs = this.lifeMs): string {
    return JSON.stringify({ sub, expiresAt: this.time() + lifeMs })
  }

  async refresh(refreshToken: string): Promise<Tokens & { refreshToken: string }> {
    await sleep(this.delayMs)
    if (this.fault) throw this.fault
    if (this.used.has(refreshToken)) throw new ProviderRefused('Used before')
    this.used.add(refreshToken)
    this.refreshed += 1
    const [sub = ''] = refreshToken.split('#')
    return { accessToken: this.token(sub), refreshToken: `${sub}#${this.refreshed}` }
  }

  async revoke(refreshToken: string): Promise<void> {
    this.revoked.push(refreshToken)
  }
}

const verify = async (token: string): Promise<VerifiedToken> => {
  const { sub, expiresAt } = JSON.parse(token) as { sub?: string; expiresAt: number }
  if (sub === undefined) throw new InvalidToken('No sub')
  return { identity: { sub, groups: ['admins'] }, expiresAt }
}

interface Process {
  sessions: Sessions
  time: number
}

/** Sessions as one of several processes has them: caches of its own, the same database and secret. */
function makeProcess(provider: TestProvider, secrets = ['s'.repeat(32)]): Process {
  const process = { time: Date.now() } as Process
  provider.time = () => process.time
  process.sessions = createSessions({
    table: createSessionTable(pool),
    openId: provider,
    verifier: { verify },
    secrets,
    now: () => process.time,
  })
  return process
}

async function signIn({ sessions }: Process, provider: TestProvider, sub = 'ada', lifeMs?: number): Promise<string> {
  const accessToken = provider.token(sub, lifeMs)
  return sessions.start({ accessToken, refreshToken: `${sub}#0`, idToken: 'id' }, await verify(accessToken))
}

test('a session is found by its id in any process; the database has neither the id nor a token in the clear', async () => {
  const provider = new TestProvider()
  const first = makeProcess(provider)
  const id = await signIn(first, provider)
  expect(id).toMatch(/^[\w-]{43}$/)
  expect(await first.sessions.find(id)).toEqual({ sub: 'ada', groups: ['admins'] })
  expect(await makeProcess(provider).sessions.find(id)).toEqual({ sub: 'ada', groups: ['admins'] })
  const { rows } = await pool.query<{ text: string; sealed: Buffer }>(
    'select sessions::text as text, sealed from sessions',
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.text).not.toContain(id)
  expect(rows[0]?.sealed.toString('latin1')).not.toContain('ada#0')
})

test.each([
  ['no characters', ''],
  ['one', 'x'],
  ['somebody who guesses', 'a'.repeat(43)],
  ['a quote', `${'a'.repeat(42)}'`],
  ['ten thousand characters', 'a'.repeat(10_000)],
])('an id of %s is no session', async (_name, id) => {
  expect(await makeProcess(new TestProvider()).sessions.find(id)).toBeUndefined()
})

test('a row that was put under another id does not open', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const mine = await signIn(process, provider, 'eve')
  const theirs = await signIn(process, provider, 'ada')
  await pool.query(`update sessions set sealed = (select sealed from sessions where cognito_user_id = 'ada')
    where cognito_user_id = 'eve'`)
  const fresh = makeProcess(provider)
  expect(await fresh.sessions.find(mine)).toBeUndefined()
  expect(await fresh.sessions.find(theirs)).toEqual({ sub: 'ada', groups: ['admins'] })
})

test('a new secret goes on with the sessions of the old one; without the old one they have ended', async () => {
  const provider = new TestProvider()
  const id = await signIn(makeProcess(provider, ['o'.repeat(32)]), provider)
  expect(await makeProcess(provider, ['n'.repeat(32), 'o'.repeat(32)]).sessions.find(id)).toBeDefined()
  expect(await makeProcess(provider, ['n'.repeat(32)]).sessions.find(id)).toBeUndefined()
})

test('whoever signs out is out in this process at once, and in the others when they are told', async () => {
  const provider = new TestProvider()
  const [here, there] = [makeProcess(provider), makeProcess(provider)]
  const id = await signIn(here, provider)
  await there.sessions.find(id)
  expect(await here.sessions.end(id, false)).toEqual({ refreshToken: 'ada#0', idToken: 'id' })
  expect(await here.sessions.find(id)).toBeUndefined()
  await expect.poll(() => notices.length).toBe(1)
  for (const notice of notices) there.sessions.forget(notice)
  expect(await there.sessions.find(id)).toBeUndefined()
  expect(await here.sessions.end(id, false)).toBeUndefined()
})

test('a process that nobody tells knows after half a minute', async () => {
  const provider = new TestProvider()
  const [here, there] = [makeProcess(provider), makeProcess(provider)]
  const id = await signIn(here, provider)
  await there.sessions.find(id)
  await here.sessions.end(id, false)
  there.time += 30_001
  expect(await there.sessions.find(id)).toBeUndefined()
})

test('signing out everywhere ends all sessions of that person, in all processes, and nobody else’s', async () => {
  const provider = new TestProvider()
  const [here, there] = [makeProcess(provider), makeProcess(provider)]
  const [phone, laptop, other] = [
    await signIn(here, provider),
    await signIn(here, provider),
    await signIn(here, provider, 'bob'),
  ]
  for (const id of [phone, laptop, other]) await there.sessions.find(id)
  await here.sessions.end(phone, true)
  await expect.poll(() => notices.length).toBe(2)
  for (const notice of notices) there.sessions.forget(notice)
  for (const { sessions } of [here, there]) {
    expect(await sessions.find(phone)).toBeUndefined()
    expect(await sessions.find(laptop)).toBeUndefined()
    expect(await sessions.find(other)).toMatchObject({ sub: 'bob' })
  }
})

test('a session ends a week after its last use, and thirty days after its first whatever happens', async () => {
  const provider = new TestProvider()
  const id = await signIn(makeProcess(provider), provider)
  const end = async () =>
    (
      await pool.query<{ days: number }>(
        'select extract(epoch from expires_at - now())::float8 / 86400 as days from sessions',
      )
    ).rows[0]?.days
  const moveBack = (days: number) =>
    pool.query(
      `update sessions set expires_at = expires_at - interval '${days} days', created_at = created_at - interval '${days} days'`,
    )
  await moveBack(6)
  expect(await makeProcess(provider).sessions.find(id)).toBeDefined()
  expect(await end()).toBeCloseTo(7, 2)
  for (const days of [6, 6, 6]) {
    await moveBack(days)
    expect(await makeProcess(provider).sessions.find(id)).toBeDefined()
  }
  // 24 days have gone.
  expect(await end()).toBeCloseTo(6, 2)
  await moveBack(6.1)
  expect(await makeProcess(provider).sessions.find(id)).toBeUndefined()
})

test('an unused session ends after a week', async () => {
  const provider = new TestProvider()
  const id = await signIn(makeProcess(provider), provider)
  await pool.query(`update sessions set expires_at = expires_at - interval '7 days 1 second'`)
  expect(await makeProcess(provider).sessions.find(id)).toBeUndefined()
})

test('in the last minute of an access token the answer comes at once and the refresh beside it', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider, 'ada', 50_000)
  provider.delayMs = 200
  const [one, two] = await Promise.all([process.sessions.find(id), process.sessions.find(id)])
  expect([one, two, provider.refreshed]).toEqual([{ sub: 'ada', groups: ['admins'] }, one, 0])
  await process.sessions.settle()
  expect(provider.refreshed).toBe(1)
  process.time += 60_000
  expect(await process.sessions.find(id)).toBeDefined()
  expect(provider.refreshed).toBe(1)
})

test('forty requests in four processes refresh an ended token once, and all are answered', async () => {
  const provider = new TestProvider()
  const processes = [1, 2, 3, 4].map(() => makeProcess(provider))
  const id = await signIn(processes[0] as Process, provider, 'ada', 1_000)
  for (const process of processes) process.time += 5_000
  provider.delayMs = 300
  const found = await Promise.all(
    processes.flatMap(({ sessions }) => Array.from({ length: 10 }, () => sessions.find(id))),
  )
  expect(found).toEqual(Array.from({ length: 40 }, () => ({ sub: 'ada', groups: ['admins'] })))
  expect(provider.refreshed).toBe(1)
})

test('where the provider has ended the sign-in the session ends', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider, 'ada', 1_000)
  process.time += 5_000
  provider.fault = new ProviderRefused('invalid_grant')
  expect(await process.sessions.find(id)).toBeUndefined()
  expect((await pool.query('select from sessions')).rowCount).toBe(0)
})

test('where the provider is away the session stays, and another process may try again at once', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider, 'ada', 1_000)
  process.time += 5_000
  provider.fault = new ProviderUnavailable('down')
  await expect(process.sessions.find(id)).rejects.toBeInstanceOf(ProviderUnavailable)
  provider.fault = undefined
  expect(await process.sessions.find(id)).toBeDefined()
})

test('a process that was killed in the middle of a refresh holds nobody up for ever', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider, 'ada', 1_000)
  process.time += 5_000
  await pool.query(`update sessions set refreshing_until = now() + interval '0.5 seconds'`)
  expect(await process.sessions.find(id)).toBeDefined()
  expect(provider.refreshed).toBe(1)
})

test('a sign-out during a refresh wins, and what the refresh brought is given back', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider, 'ada', 1_000)
  process.time += 5_000
  provider.delayMs = 300
  const finding = process.sessions.find(id)
  await sleep(100)
  await makeProcess(provider).sessions.end(id, false)
  expect(await finding).toBeUndefined()
  expect(provider.revoked).toEqual(['ada#1'])
  expect((await pool.query('select from sessions')).rowCount).toBe(0)
})

test('a refresh that brings somebody else’s token ends the session', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const accessToken = provider.token('ada', 1_000)
  const id = await process.sessions.start({ accessToken, refreshToken: 'eve#0' }, await verify(accessToken))
  process.time += 5_000
  expect(await process.sessions.find(id)).toBeUndefined()
})

test('a sign-out that comes while a session is being read is not forgotten', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const id = await signIn(process, provider)
  const finding = process.sessions.find(id)
  process.sessions.forget({ sub: 'ada' })
  await finding
  await pool.query('delete from sessions')
  expect(await process.sessions.find(id)).toBeUndefined()
})

test('without a refresh token a session lasts as long as its access token', async () => {
  const provider = new TestProvider()
  const process = makeProcess(provider)
  const accessToken = provider.token('ada', 30_000)
  const id = await process.sessions.start({ accessToken }, await verify(accessToken))
  expect(await process.sessions.find(id)).toBeDefined()
  await process.sessions.settle()
  expect(await process.sessions.find(id)).toBeDefined()
  process.time += 31_000
  expect(await process.sessions.find(id)).toBeUndefined()
})
