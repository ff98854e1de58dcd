import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { addActivity, addPerson } from '../../db/test-client.ts'
import { findWrongCounts, inTurns, testStore } from '../../db/test-store.ts'
import { createStore } from './create-store.ts'
import { openPool } from '../database.ts'
import type { Changed } from './store.ts'

const { client, clientConfig, store } = await testStore()
const author = await addPerson(client, 'andrewbrown')
const reader = await addPerson(client, 'bayko')

beforeEach(async () => {
  await client.query('truncate activities, follows, blocks, notifications cascade')
  await client.query('update users set followers_count = 0, following_count = 0')
})

function body(changed: Changed): unknown {
  return changed.status === 'done' ? JSON.parse(changed.body) : changed.status
}

async function readNotifications(): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(' ', kind, actor.handle, '->', person.handle) as line
     from notifications
     join users as person on person.uuid = notifications.user_uuid
     join users as actor on actor.uuid = notifications.actor_uuid
     order by 1`,
  )
  return rows.map(({ line }) => line)
}

async function block(blocker: string, blocked: string): Promise<void> {
  await client.query('insert into blocks (blocker_uuid, blocked_uuid) values ($1, $2)', [blocker, blocked])
}

describe.each([
  { kind: 'like', set: store.setLike, count: 'likes_count', mark: 'liked' },
  { kind: 'repost', set: store.setRepost, count: 'reposts_count', mark: 'reposted' },
])('a $kind', ({ kind, set, count, mark }) => {
  const none = { likes_count: 0, reposts_count: 0, liked: false, reposted: false }

  test('is counted once however often it is given, and told to the author', async () => {
    const uuid = await addActivity(client, author)
    for (let times = 0; times < 3; times += 1) {
      expect(body(await set('sub-bayko', uuid, true))).toEqual({ uuid, ...none, [count]: 1, [mark]: true })
    }
    expect(await readNotifications()).toEqual([`${kind} bayko -> andrewbrown`])
    expect(await findWrongCounts(client)).toEqual([])
  })

  test('taken back is not counted and told no more, however often', async () => {
    const uuid = await addActivity(client, author)
    await set('sub-bayko', uuid, true)
    await set('sub-andrewbrown', uuid, true)
    for (let times = 0; times < 3; times += 1) {
      expect(body(await set('sub-bayko', uuid, false))).toEqual({ uuid, ...none, [count]: 1 })
    }
    expect(await readNotifications()).toEqual([])
    expect(await findWrongCounts(client)).toEqual([])
  })

  test('of one’s own is told to nobody', async () => {
    const uuid = await addActivity(client, author)
    expect(body(await set('sub-andrewbrown', uuid, true))).toMatchObject({ [count]: 1 })
    expect(await readNotifications()).toEqual([])
  })

  test.each([true, false])('of what is not there, has expired or is blocked is missing (%s)', async (on) => {
    expect(await set('sub-bayko', randomUUID(), on)).toEqual({ status: 'missing' })
    const expired = await addActivity(client, author, { age: '2 hours', life: '1 hour' })
    expect(await set('sub-bayko', expired, on)).toEqual({ status: 'missing' })
    const uuid = await addActivity(client, author)
    await block(author, reader)
    expect(await set('sub-bayko', uuid, on)).toEqual({ status: 'missing' })
    expect(await set('sub-nobody', uuid, on)).toEqual({ status: 'no_user' })
    expect(await findWrongCounts(client)).toEqual([])
  })

  test('beside the other kind leaves that one alone', async () => {
    const uuid = await addActivity(client, author)
    await store.setLike('sub-bayko', uuid, true)
    await store.setRepost('sub-bayko', uuid, true)
    const answer = body(await set('sub-bayko', uuid, false))
    expect(answer).toEqual({
      uuid,
      likes_count: 1,
      reposts_count: 1,
      liked: true,
      reposted: true,
      [count]: 0,
      [mark]: false,
    })
  })
})

test('10,000 people who like one activity at once, from several processes, are counted once each', async () => {
  const uuid = await addActivity(client, author)
  await client.query(
    `insert into users (display_name, handle, cognito_user_id)
     select 'Fan', 'fan' || number, 'sub-fan' || number from generate_series(0, 9999) as number`,
  )
  const pools = Array.from({ length: 4 }, () => openPool(clientConfig, () => undefined, { size: 8 }))
  try {
    const outcomes = await Promise.all(
      pools.map(async (pool, process) => {
        const mine = createStore({ pool })
        // Some come twice, from two processes.
        const fans = Array.from({ length: 2_600 }, (_, number) => (process * 2_500 + number) % 10_000)
        const statuses = await inTurns(fans, 100, (fan) => mine.setLike(`sub-fan${fan}`, uuid, true))
        await mine.close()
        return statuses.map(({ status }) => status)
      }),
    )
    expect(new Set(outcomes.flat())).toEqual(new Set(['done']))
    const { rows } = await client.query('select likes_count from activities where uuid = $1', [uuid])
    expect(rows).toEqual([{ likes_count: 10_000 }])
    expect(await findWrongCounts(client)).toEqual([])
  } finally {
    await Promise.all(pools.map((pool) => pool.end()))
    await client.query(`delete from users where handle like 'fan%'`)
  }
})

test('likes, unlikes, reposts, replies and deletions in a tangle leave every count true', async () => {
  const people = ['sub-andrewbrown', 'sub-bayko']
  const uuids: string[] = []
  for (let number = 0; number < 6; number += 1) uuids.push(await addActivity(client, author))
  await inTurns([...Array(400).keys()], 100, async (number) => {
    const uuid = uuids[number % uuids.length] ?? ''
    const sub = people[number % 2] ?? ''
    if (number === 301 || number === 302) await store.deleteActivity('sub-andrewbrown', uuid)
    else if (number % 7 === 0) await store.setLike(sub, uuid, false)
    else if (number % 5 === 0) await store.setRepost(sub, uuid, number % 3 === 0)
    else if (number % 11 === 0) await store.createReply(sub, uuid, { message: 'Yes', ttlSeconds: 60 })
    else await store.setLike(sub, uuid, true)
  })
  expect(await findWrongCounts(client)).toEqual([])
})

describe('a follow', () => {
  test('is counted on both sides once, told, and taken back with what was told', async () => {
    for (let times = 0; times < 2; times += 1) {
      expect(body(await store.setFollow('sub-bayko', 'AndrewBrown', true))).toEqual({
        handle: 'andrewbrown',
        following: true,
        blocked: false,
        followers_count: 1,
      })
    }
    expect(await readNotifications()).toEqual(['follow bayko -> andrewbrown'])
    expect(await findWrongCounts(client)).toEqual([])
    for (let times = 0; times < 2; times += 1) {
      expect(body(await store.setFollow('sub-bayko', 'andrewbrown', false))).toMatchObject({
        following: false,
        followers_count: 0,
      })
    }
    expect(await readNotifications()).toEqual([])
    expect(await findWrongCounts(client)).toEqual([])
  })

  test('of oneself, of nobody, or where a block stands is missing', async () => {
    expect(await store.setFollow('sub-bayko', 'bayko', true)).toEqual({ status: 'missing' })
    expect(await store.setFollow('sub-bayko', 'nobody', true)).toEqual({ status: 'missing' })
    expect(await store.setFollow('sub-nobody', 'bayko', true)).toEqual({ status: 'no_user' })
    await block(author, reader)
    expect(await store.setFollow('sub-bayko', 'andrewbrown', true)).toEqual({ status: 'missing' })
    expect(await store.setFollow('sub-andrewbrown', 'bayko', true)).toEqual({ status: 'missing' })
  })

  test('of each other at once is counted', async () => {
    for (let round = 0; round < 15; round += 1) {
      const on = round % 2 === 0
      await Promise.all([
        store.setFollow('sub-bayko', 'andrewbrown', on),
        store.setFollow('sub-andrewbrown', 'bayko', on),
        store.setFollow('sub-bayko', 'andrewbrown', !on),
      ])
    }
    expect(await findWrongCounts(client)).toEqual([])
  })
})

describe('a block', () => {
  test('ends what follows there were, both ways, with their counts', async () => {
    await store.setFollow('sub-bayko', 'andrewbrown', true)
    await store.setFollow('sub-andrewbrown', 'bayko', true)
    for (let times = 0; times < 2; times += 1) {
      expect(body(await store.setBlock('sub-bayko', 'andrewbrown', true))).toEqual({
        handle: 'andrewbrown',
        following: false,
        blocked: true,
        followers_count: 0,
      })
    }
    const { rows } = await client.query('select from follows')
    expect(rows).toEqual([])
    expect(await findWrongCounts(client)).toEqual([])
    expect(body(await store.setBlock('sub-bayko', 'andrewbrown', false))).toMatchObject({ blocked: false })
    expect(await store.setFollow('sub-bayko', 'andrewbrown', true)).toMatchObject({ status: 'done' })
  })

  test('may be answered by a block, and of oneself or nobody is missing', async () => {
    await store.setBlock('sub-bayko', 'andrewbrown', true)
    expect(body(await store.setBlock('sub-andrewbrown', 'bayko', true))).toMatchObject({ blocked: true })
    await store.setBlock('sub-bayko', 'andrewbrown', false)
    const uuid = await addActivity(client, author)
    expect(await store.setLike('sub-bayko', uuid, true), 'the other one stands').toEqual({ status: 'missing' })
    expect(await store.setBlock('sub-bayko', 'bayko', true)).toEqual({ status: 'missing' })
    expect(await store.setBlock('sub-bayko', 'nobody', true)).toEqual({ status: 'missing' })
    expect(await store.setBlock('sub-nobody', 'bayko', true)).toEqual({ status: 'no_user' })
  })
})

describe('deleting an activity', () => {
  test('takes along its thread, and counts one reply less where it was one', async () => {
    const root = await addActivity(client, author)
    const made = await store.createReply('sub-bayko', root, { message: 'Yes', ttlSeconds: 60 })
    if (made.status !== 'created') throw new Error(made.status)
    await store.setLike('sub-andrewbrown', made.uuid, true)
    await store.createReply('sub-andrewbrown', made.uuid, { message: 'Yes', ttlSeconds: 60 })
    expect(await store.deleteActivity('sub-bayko', made.uuid)).toBe('done')
    expect(await store.deleteActivity('sub-bayko', made.uuid)).toBe('missing')
    const { rows } = await client.query('select uuid, replies_count from activities')
    expect(rows).toEqual([{ uuid: root, replies_count: 0 }])
    expect(await readNotifications()).toEqual([])
  })

  test('of another, of nobody’s or what has expired is missing', async () => {
    const uuid = await addActivity(client, author)
    const expired = await addActivity(client, author, { age: '2 hours', life: '1 hour' })
    expect(await store.deleteActivity('sub-bayko', uuid)).toBe('missing')
    expect(await store.deleteActivity('sub-andrewbrown', expired)).toBe('missing')
    expect(await store.deleteActivity('sub-andrewbrown', randomUUID())).toBe('missing')
    expect(await store.deleteActivity('sub-nobody', uuid)).toBe('no_user')
    const { rows } = await client.query('select from activities')
    expect(rows).toHaveLength(2)
  })
})
