import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { addActivity, addPerson } from '../db/test-client.ts'
import { findWrongCounts, testStore } from '../db/test-store.ts'
import { DatabaseUnavailable, openPool } from './database.ts'
import { keepPurging, purge } from './purge.ts'

const { client, clientConfig, pool, store } = await testStore()
const other = openPool(clientConfig, () => undefined)
afterAll(() => other.end())
const andrew = await addPerson(client, 'andrewbrown')
const bayko = await addPerson(client, 'bayko')
const never = new AbortController().signal

beforeEach(async () => {
  await client.query('truncate activities, sessions, rate_limits, reports, notifications cascade')
})

async function fill(count: number): Promise<void> {
  await client.query(
    `insert into activities (user_uuid, message, created_at, expires_at)
     select $1, 'Over', now() - interval '2 hours', now() - number * interval '1 millisecond' from generate_series(1, $2::int) as number`,
    [andrew, count],
  )
}

async function countRows(table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`)
  return rows[0]?.count ?? 0
}

test('what has expired goes with all that hangs on it, and what lives stays', async () => {
  const lives = await addActivity(client, andrew)
  await store.setLike('sub-bayko', lives, true)
  const dies = await addActivity(client, andrew)
  const answer = await addActivity(client, bayko, { replyTo: dies })
  await store.setLike('sub-bayko', dies, true)
  await store.setRepost('sub-bayko', answer, true)
  const past = `created_at = now() - interval '2 hours', expires_at = now() - interval '1 second'`
  await client.query(`update activities set ${past} where uuid in ($1, $2)`, [dies, answer])
  const purged: unknown[] = []
  await purge({ pool, signal: never, onPurged: (kind, count, seconds) => purged.push([kind, count, seconds > 0]) })
  expect(purged).toEqual([['activities', 2, true]])
  for (const [table, count] of [
    ['activities', 1],
    ['likes', 1],
    ['reposts', 0],
    ['notifications', 1],
  ] as const) {
    expect(await countRows(table), table).toBe(count)
  }
})

test('a reply that expires before its parent is counted no more', async () => {
  const parent = await addActivity(client, andrew)
  for (const ttlSeconds of [60, 3_000]) await store.createReply('sub-bayko', parent, { message: 'Yes', ttlSeconds })
  await client.query(
    `update activities set created_at = created_at - interval '2 minutes', expires_at = expires_at - interval '2 minutes'
     where reply_to_activity_uuid is not null`,
  )
  await purge({ pool, signal: never })
  expect(await findWrongCounts(client)).toEqual([])
  expect(await countRows('activities')).toBe(2)
})

test('sessions and windows that are over go, notifications and reports after 30 days', async () => {
  for (const over of [true, false]) {
    const sign = over ? '-' : '+'
    await client.query(
      `insert into sessions (id_hash, cognito_user_id, sealed, expires_at) values ($1, 'sub', '\\x00', now() ${sign} interval '1 second')`,
      [randomBytes(32)],
    )
    await client.query(
      `insert into rate_limits (key, window_start, window_end, used) values ('a', now() ${sign} interval '1 hour', now() ${sign} interval '1 second', 1)`,
    )
    const age = over ? '30 days 1 second' : '29 days'
    await client.query(
      `insert into notifications (user_uuid, kind, actor_uuid, created_at) values ($1, 'follow', $2, now() - $3::interval)`,
      [andrew, bayko, age],
    )
    await client.query(
      `insert into reports (reporter_uuid, author_uuid, activity_uuid, reason, message, created_at)
       values ($1, $2, uuid_v7(), 'spam', 'Soap', now() - $3::interval)`,
      [andrew, bayko, age],
    )
  }
  await purge({ pool, signal: never })
  for (const table of ['sessions', 'rate_limits', 'notifications', 'reports']) {
    expect(await countRows(table), table).toBe(1)
  }
})

test('two purges at once, in the middle of likes and replies, delete each row once and leave every count true', async () => {
  await fill(12_000)
  const parents: string[] = []
  for (let number = 0; number < 20; number += 1) parents.push(await addActivity(client, andrew))
  await client.query(
    `insert into activities (user_uuid, message, reply_to_activity_uuid, created_at, expires_at)
     select $1, 'Reply', parent, now() - interval '2 hours', now() - interval '1 hour'
     from unnest($2::uuid[]) as parent cross join generate_series(1, 50)`,
    [bayko, parents],
  )
  await client.query(
    'update activities set replies_count = (select count(*) from activities as reply where reply.reply_to_activity_uuid = activities.uuid)',
  )
  let purged = 0
  const options = { signal: never, onPurged: (_: string, count: number) => (purged += count) }
  await Promise.all([
    purge({ pool, ...options }),
    purge({ pool: other, ...options }),
    ...parents.map(async (parent) => {
      await store.setLike('sub-bayko', parent, true)
      await store.createReply('sub-bayko', parent, { message: 'Yes', ttlSeconds: 60 })
    }),
  ])
  await purge({ pool, ...options })
  expect(purged).toBe(13_000)
  expect(await countRows('activities')).toBe(40)
  expect(await findWrongCounts(client)).toEqual([])
})

test('a purge does not wait for a row that another holds', async () => {
  await fill(10)
  await client.query('begin')
  await client.query('select from activities order by expires_at limit 3 for update')
  try {
    await purge({ pool, signal: never })
  } finally {
    await client.query('rollback')
  }
  expect(await countRows('activities')).toBe(3)
})

test('it goes on by itself, reports a round that fails, and stops when it is told to', async () => {
  await fill(10)
  const stop = new AbortController()
  const lost = openPool({ host: '127.0.0.1', port: 1 }, () => undefined)
  const reported: unknown[] = []
  const running = [pool, lost].map((each) =>
    keepPurging({ pool: each, signal: stop.signal, report: (error) => reported.push(error) }),
  )
  await expect.poll(() => countRows('activities')).toBe(0)
  await expect.poll(() => reported).toEqual([expect.any(DatabaseUnavailable)])
  stop.abort()
  await Promise.all(running)
  await fill(1)
  await wait(50)
  expect(await countRows('activities')).toBe(1)
  await lost.end()
})

test('stopped in the middle, it ends with the batch that runs', async () => {
  await fill(12_000)
  const stop = new AbortController()
  await purge({ pool, signal: stop.signal, onPurged: () => stop.abort() })
  expect(await countRows('activities')).toBe(7_000)
})
