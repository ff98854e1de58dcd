import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { addActivity, addPerson } from '../../db/test-client.ts'
import { findWrongCounts, inTurns, letTimePass, testStore } from '../../db/test-store.ts'
import type { Page } from './store.ts'

const { client, store } = await testStore()
let andrew = ''
let bayko = ''
const page = { limit: 9 }

beforeEach(async () => {
  await client.query('truncate users, activities, sessions, rate_limits, reports cascade')
  andrew = await addPerson(client, 'andrewbrown')
  bayko = await addPerson(client, 'bayko')
})

async function reply(sub: string, parent: string): Promise<string> {
  const made = await store.createReply(sub, parent, { message: 'Yes', ttlSeconds: 600 })
  if (made.status !== 'created') throw new Error(made.status)
  return made.uuid
}

/** A thread between two people who like, repost, follow, report and are signed in. */
async function live(): Promise<{ ofAndrew: string; ofBayko: string }> {
  const ofAndrew = await addActivity(client, andrew, { message: 'Of Andrew' })
  const ofBayko = await addActivity(client, bayko, { message: 'Of Bayko' })
  await reply('sub-andrewbrown', await reply('sub-bayko', await reply('sub-andrewbrown', ofBayko)))
  await reply('sub-bayko', ofAndrew)
  for (const sub of ['sub-andrewbrown', 'sub-bayko']) {
    for (const uuid of [ofAndrew, ofBayko]) {
      await store.setLike(sub, uuid, true)
      await store.setRepost(sub, uuid, true)
      await store.report(sub, uuid, 'other', '')
    }
    await client.query(
      `insert into sessions (id_hash, cognito_user_id, sealed, expires_at) values ($1, $2, '\\x00', now() + interval '1 hour')`,
      [randomBytes(32), sub],
    )
  }
  await store.setFollow('sub-andrewbrown', 'bayko', true)
  await store.setFollow('sub-bayko', 'andrewbrown', true)
  return { ofAndrew, ofBayko }
}

describe('deleting an account', () => {
  test('leaves nothing of the person anywhere, and every count of the others true', async () => {
    const { ofBayko } = await live()
    expect(await store.deleteAccount('sub-andrewbrown', 'AndrewBrown')).toBe('done')
    expect(await findWrongCounts(client)).toEqual([])
    const { rows } = await client.query('select uuid, likes_count, reposts_count, replies_count from activities')
    expect(rows).toEqual([{ uuid: ofBayko, likes_count: 1, reposts_count: 1, replies_count: 0 }])
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    expect(tables.length).toBeGreaterThan(8)
    for (const { name } of tables) {
      const found = await client.query(`select from ${name} as kept where kept::text ~ $1`, [
        `${andrew}|sub-andrewbrown|Of Andrew`,
      ])
      expect(found.rowCount, name).toBe(0)
    }
    expect(await store.deleteAccount('sub-andrewbrown', 'andrewbrown')).toBe('no_user')
    expect(await store.setLike('sub-andrewbrown', ofBayko, true)).toEqual({ status: 'no_user' })
  })

  test('wants the right handle', async () => {
    expect(await store.deleteAccount('sub-andrewbrown', 'bayko')).toBe('wrong_handle')
    expect(await store.readShort('andrewbrown')).toBeDefined()
  })

  test('while the person likes, reposts and answers leaves every count true', async () => {
    const uuids: string[] = []
    for (let number = 0; number < 10; number += 1) uuids.push(await addActivity(client, bayko))
    for (let round = 0; round < 6; round += 1) {
      const [deleted] = await Promise.all([
        store.deleteAccount('sub-andrewbrown', 'andrewbrown'),
        inTurns([...Array(60).keys()], 20, async (number) => {
          const uuid = uuids[number % 10] ?? ''
          if (number % 3 === 0) await store.setLike('sub-andrewbrown', uuid, true)
          else if (number % 3 === 1)
            await store.createReply('sub-andrewbrown', uuid, { message: 'Yes', ttlSeconds: 60 })
          else await store.setRepost('sub-andrewbrown', uuid, true)
        }),
      ])
      expect(deleted).toBe('done')
      expect(await findWrongCounts(client)).toEqual([])
      await addPerson(client, 'andrewbrown')
    }
  })
})

describe('an export', () => {
  test('has all that is kept about a person, and nothing that has expired', async () => {
    const { ofAndrew, ofBayko } = await live()
    await addActivity(client, andrew, { message: 'Expired', age: '2 hours', life: '1 hour' })
    const account = JSON.parse((await store.exportAccount('sub-andrewbrown')) ?? '')
    expect(account.profile).toMatchObject({ handle: 'andrewbrown', cognito_user_id: 'sub-andrewbrown' })
    expect(account.activities.map((each: { message: string }) => each.message)).toEqual(['Of Andrew', 'Yes', 'Yes'])
    expect(account.likes).toMatchObject([{ activity_uuid: ofAndrew }, { activity_uuid: ofBayko }])
    expect(account.reposts).toHaveLength(2)
    expect(account.following).toMatchObject([{ handle: 'bayko' }])
    expect(account.followers).toMatchObject([{ handle: 'bayko' }])
    expect(account.blocks).toEqual([])
    expect(account.notifications.map((each: { kind: string }) => each.kind).sort()).toEqual([
      'follow',
      'like',
      'reply',
      'reply',
      'repost',
    ])
    expect(account.reports).toMatchObject([{ reason: 'other' }, { reason: 'other' }])
    expect(account.sessions).toHaveLength(1)
    await letTimePass(client, '1 hour')
    expect(JSON.parse((await store.exportAccount('sub-andrewbrown')) ?? '')).toMatchObject({
      activities: [],
      likes: [],
      reposts: [],
      notifications: [{ kind: 'follow' }],
    })
  })

  test('of nobody is none', async () => {
    expect(await store.exportAccount('sub-nobody')).toBeUndefined()
  })
})

describe('a report', () => {
  test('is made once, waits for the admins with a copy, also when the activity is gone, and is decided', async () => {
    const { uuid } = { uuid: await addActivity(client, andrew, { message: 'Buy my soap' }) }
    for (let times = 0; times < 2; times += 1)
      expect(await store.report('sub-bayko', uuid, 'spam', 'Soap!')).toBe('done')
    await letTimePass(client, '1 hour')
    const [report, ...others] = JSON.parse((await store.listReports(page)).body)
    expect(others).toEqual([])
    expect(report).toEqual({
      uuid: expect.any(String),
      reason: 'spam',
      note: 'Soap!',
      message: 'Buy my soap',
      activity_uuid: uuid,
      author: { handle: 'andrewbrown', display_name: 'andrewbrown' },
      reporter: { handle: 'bayko', display_name: 'bayko' },
      created_at: expect.any(String),
    })
    expect(await store.decideReport(report.uuid, 'keep', 'sub-bayko')).toBe('done')
    expect(await store.decideReport(report.uuid, 'remove', 'sub-bayko')).toBe('missing')
    expect(JSON.parse((await store.listReports(page)).body)).toEqual([])
    const { rows } = await client.query('select message, note, decision, decided_by_uuid from reports')
    expect(rows).toEqual([{ message: null, note: '', decision: 'keep', decided_by_uuid: bayko }])
  })

  test('may remove the activity, with all reports of it, and counts the reply less', async () => {
    const root = await addActivity(client, andrew)
    const bad = await reply('sub-andrewbrown', root)
    await addPerson(client, 'maya_ok')
    for (const sub of ['sub-bayko', 'sub-maya_ok']) await store.report(sub, bad, 'abuse', '')
    const [report] = JSON.parse((await store.listReports(page)).body)
    expect(await store.decideReport(report.uuid, 'remove', 'sub-an-admin-without-a-row')).toBe('done')
    expect(JSON.parse((await store.listReports(page)).body)).toEqual([])
    expect(await store.readThread(undefined, bad, undefined, page)).toBeUndefined()
    expect(await findWrongCounts(client)).toEqual([])
  })

  test('of what is not there is missing, by nobody is refused; a block does not hinder', async () => {
    expect(await store.report('sub-bayko', randomUUID(), 'spam', '')).toBe('missing')
    const expired = await addActivity(client, andrew, { age: '2 hours', life: '1 hour' })
    expect(await store.report('sub-bayko', expired, 'spam', '')).toBe('missing')
    const uuid = await addActivity(client, andrew)
    expect(await store.report('sub-nobody', uuid, 'spam', '')).toBe('no_user')
    await store.setBlock('sub-bayko', 'andrewbrown', true)
    expect(await store.report('sub-bayko', uuid, 'abuse', '')).toBe('done')
    expect(await store.decideReport(randomUUID(), 'keep', 'sub-bayko')).toBe('missing')
  })

  test('many come page after page, oldest first', async () => {
    const uuids: string[] = []
    for (let number = 0; number < 5; number += 1) {
      uuids.push(await addActivity(client, andrew))
      await store.report('sub-bayko', uuids.at(-1) ?? '', 'spam', '')
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const some: Page = await store.listReports({ limit: 2, ...(cursor && { cursor }) })
      for (const { activity_uuid } of JSON.parse(some.body)) seen.push(activity_uuid)
      cursor = some.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(uuids)
  })
})

test('a lease adds up over all who take it at once, in its window and for its key', async () => {
  const taken = await Promise.all(Array.from({ length: 40 }, () => store.takeLease('reads a', 300, 2)))
  expect(taken.map(({ used }) => used).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => 2 * n + 2))
  for (const { resetMs } of taken) {
    expect(resetMs).toBeGreaterThan(0)
    expect(resetMs).toBeLessThanOrEqual(300_000)
  }
  expect(await store.takeLease('reads b', 300, 1)).toMatchObject({ used: 1 })
  await client.query(`update rate_limits set window_start = window_start - interval '300 s', window_end = now()`)
  expect(await store.takeLease('reads a', 300, 1)).toMatchObject({ used: 1 })
})

test('what was written is told on the channel', async () => {
  const heard: { type: string; uuid?: string }[] = []
  client.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')))
  await client.query('listen cruddur')
  const made = await store.createActivity('sub-andrewbrown', { message: 'Hello', ttlSeconds: 60 })
  if (made.status !== 'created') throw new Error(made.status)
  const { uuid } = made
  for (const sub of ['sub-andrewbrown', 'sub-bayko']) await store.setLike(sub, uuid, true)
  const answer = await reply('sub-bayko', uuid)
  await store.deleteActivity('sub-bayko', answer)
  await store.deleteAccount('sub-bayko', 'bayko')
  const counts = { type: 'counts', uuid, likes_count: 1, reposts_count: 0, replies_count: 0 }
  await expect
    .poll(() => heard)
    .toEqual(
      expect.arrayContaining([
        { type: 'created', uuid, handle: 'andrewbrown', reply_to_activity_uuid: null },
        { type: 'created', uuid: answer, handle: 'bayko', reply_to_activity_uuid: uuid },
        counts,
        { type: 'deleted', uuid: answer },
        { type: 'signed_out', sub: 'sub-bayko' },
      ]),
    )
  await client.query('unlisten cruddur')
  expect(heard.filter(({ type }) => type === 'counts').at(-1)).toEqual(counts)
})
