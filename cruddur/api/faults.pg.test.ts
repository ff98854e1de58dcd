import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { removeServer, startServer, stopServer } from '@pgrig/core'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { addActivity, addPerson, readSql } from '../db/test-client.ts'
import { openPool } from './database.ts'
import { createStore } from './store/create-store.ts'
import { buildTestApp, signedInAs, testSettings } from './testing.ts'

// A server of its own: it is stopped under what runs.
const folder = await mkdtemp(join(tmpdir(), 'cruddur-faults-'))
await chmod(folder, 0o755)
const { socketFolder: host, port } = await startServer(folder)
const config: pg.ClientConfig = { host, port, user: 'postgres', database: 'postgres' }

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(config)
  client.on('error', () => undefined)
  await client.connect()
  return client
}

const setup = await connect()
await setup.query(await readSql('schema.sql'))
await setup.query('set search_path = public')
const author = await addPerson(setup, 'bayko')
await addPerson(setup, 'andrewbrown')
const root = await addActivity(setup, author, { message: 'Always here', life: '1 day' })
await setup.end()

const pool = openPool(config, () => undefined)
const store = createStore({ pool })
afterAll(async () => {
  await store.close()
  await pool.end()
  await removeServer(folder)
  await rm(folder, { recursive: true, force: true })
})
const app = buildTestApp({ pool, store, settings: testSettings({ MAX_IN_FLIGHT: '16' }) })
const me = signedInAs('sub-andrewbrown')

test('while the database restarts no answer is wrong, and 5 seconds after it all is well', async () => {
  const wrong: string[] = []
  const said: string[] = []
  let unavailable = 0
  let stopped = false

  const note = (status: number, isRight: boolean, what: string) => {
    if (status === 503) unavailable++
    else if (!isRight) wrong.push(`${status} ${what}`)
  }
  const read = async () => {
    const { statusCode, body } = await app.inject(`/api/activities/${root}`)
    note(statusCode, statusCode === 200 && body.includes('Always here'), body)
  }
  const say = async () => {
    const message = `Said ${randomUUID()}`
    const headers = { ...me, 'idempotency-key': randomUUID() }
    const payload = { message, ttl: '1-day' }
    const created = await app.inject({ method: 'POST', url: '/api/activities', headers, payload })
    note(created.statusCode, created.statusCode === 201 || created.statusCode === 200, created.body)
    if (created.statusCode < 300) said.push(message)
  }
  const loads = [read, read, say, say].map(async (ask) => {
    while (!stopped) {
      await ask()
      await wait(1)
    }
  })

  await expect.poll(() => said.length, { timeout: 30_000 }).toBeGreaterThan(5)
  await stopServer(folder)
  await expect.poll(() => unavailable, { timeout: 30_000 }).toBeGreaterThan(0)
  const again = await startServer(folder)
  expect(again.port).toBe(port)
  await wait(5_000)
  unavailable = 0
  const before = said.length
  await expect.poll(() => said.length, { timeout: 30_000 }).toBeGreaterThan(before + 5)
  stopped = true
  await Promise.all(loads)

  expect(wrong).toEqual([])
  expect(unavailable).toBe(0)
  const client = await connect()
  const { rows } = await client.query<{ message: string }>(
    `select message from public.activities where message like 'Said %'`,
  )
  await client.end()
  const kept = rows.map(({ message }) => message)
  // What was answered was kept, and nothing twice.
  expect(said.filter((message) => !kept.includes(message))).toEqual([])
  expect(new Set(kept).size).toBe(kept.length)
})

test('when all connections are taken who comes is told when to come back, and nothing piles up', async () => {
  const blocker = await connect()
  await blocker.query('begin; lock table public.activities in access exclusive mode')
  const url = `/api/activities/${root}`
  const answers = Array.from({ length: 200 }, () => Promise.resolve(app.inject(url)))
  const early = await Promise.all(answers.slice(16))
  // Those over the bound do not wait for the lock, which nobody has let go yet.
  expect(new Set(early.map(({ statusCode }) => statusCode))).toEqual(new Set([503]))
  for (const { headers, body } of early) {
    expect(headers['retry-after']).toBe('1')
    expect(JSON.parse(body)).toMatchObject({ errors: ['busy'] })
  }
  expect((await app.inject('/health/live')).statusCode).toBe(200)
  const held = await Promise.all(answers.slice(0, 16))
  for (const { statusCode, headers } of held) {
    expect(statusCode).toBe(503)
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  }
  await blocker.query('rollback')
  await blocker.end()
  expect((await app.inject(url)).statusCode).toBe(200)
  expect((await app.inject('/metrics')).body).toContain('cruddur_requests_in_flight 0')
  expect(pool.waitingCount).toBe(0)
})

test('a reader whose clock is wrong is served by the database’s', async () => {
  const client = await connect()
  const gone = await addActivity(client, author, { message: 'Gone', life: '1 s', age: '2 s' })
  await client.end()
  for (const date of ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT']) {
    const headers = { date, 'if-modified-since': date, 'if-unmodified-since': date }
    const feed = await app.inject({ url: '/api/activities/home?limit=40', headers })
    expect(feed.statusCode).toBe(200)
    expect(feed.body).not.toContain(gone)
    expect((await app.inject({ url: `/api/activities/${root}`, headers })).statusCode).toBe(200)
    expect((await app.inject({ url: `/api/activities/${gone}`, headers })).statusCode).toBe(410)
  }
})
