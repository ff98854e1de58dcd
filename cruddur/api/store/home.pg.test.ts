import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { addActivity, addPerson } from '../../db/test-client.ts'
import { InvalidCursor } from './store.ts'
import { cards, messages, readAll, testStore } from '../../db/test-store.ts'

const { client, clientConfig, store } = await testStore()
const author = await addPerson(client, 'andrewbrown')

async function readHome(limit = 40) {
  return cards(await store.readHome(undefined, { limit }))
}

beforeEach(async () => {
  await client.query('delete from activities')
})

test('an empty feed is an empty array, and has no next page', async () => {
  expect(await store.readHome(undefined, { limit: 40 })).toEqual({ body: '[]', next: null, expiresInMs: null })
})

test('an activity has the fields of the original, and its times in UTC whatever the time zone of the server', async () => {
  await client.query(`alter database "${clientConfig.database}" set timezone to 'America/Toronto'`)
  const uuid = await addActivity(client, author, { message: '"quoted" </script> 💜', likes: 3 })
  const [activity] = await readHome()
  expect(activity).toEqual({
    uuid,
    display_name: 'andrewbrown',
    handle: 'andrewbrown',
    message: '"quoted" </script> 💜',
    replies_count: 0,
    reposts_count: 0,
    likes_count: 3,
    reply_to_activity_uuid: null,
    expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    liked: false,
    reposted: false,
    mine: false,
  })
  expect(Math.abs(Date.parse(activity?.created_at ?? '') - Date.now())).toBeLessThan(60_000)
  expect(Date.parse(activity?.expires_at ?? '') - Date.parse(activity?.created_at ?? '')).toBe(3_600_000)
})

test('the newest comes first, and the limit holds', async () => {
  const middle = await addActivity(client, author, { age: '2 minutes' })
  const newest = await addActivity(client, author, { age: '1 minute' })
  await addActivity(client, author, { age: '3 minutes' })
  expect((await readHome(2)).map(({ uuid }) => uuid)).toEqual([newest, middle])
})

test('replies are not in the home feed', async () => {
  const said = await addActivity(client, author)
  await addActivity(client, author, { replyTo: said })
  expect((await readHome()).map(({ uuid }) => uuid)).toEqual([said])
})

test('an activity is gone at its second, and the page says how long it is true', async () => {
  await addActivity(client, author, { age: '2 hours', life: '1 hour' })
  await addActivity(client, author, { life: '2 hours' })
  const uuid = await addActivity(client, author, { message: 'Short', life: '600 milliseconds' })
  const page = await store.readHome(undefined, { limit: 40 })
  expect(cards(page)[0]?.uuid).toBe(uuid)
  expect(page.expiresInMs).toBeGreaterThan(0)
  expect(page.expiresInMs).toBeLessThanOrEqual(600)
  await wait(700)
  expect(messages(await store.readHome(undefined, { limit: 40 }))).toEqual(['Hello'])
})

describe('page after page', () => {
  test('has everything once, also where many were written in one moment, and the last page has no next', async () => {
    const said: string[] = []
    await client.query('begin')
    for (let number = 0; number < 7; number += 1) {
      said.unshift(`Now ${number}`)
      await addActivity(client, author, { message: `Now ${number}` })
    }
    await client.query('commit')
    for (const age of ['1 minute', '2 minutes']) {
      said.push(age)
      await addActivity(client, author, { age, message: age })
    }
    for (const limit of [1, 3, 8, 9, 40]) {
      const seen = await readAll((cursor) => store.readHome(undefined, { limit, ...(cursor && { cursor }) }))
      expect(seen, `pages of ${limit}`).toEqual(said)
    }
  })

  test('goes on where it was while others write and delete', async () => {
    for (let number = 9; number > 0; number -= 1)
      await addActivity(client, author, { age: `${number} minutes`, message: `${number}` })
    const seen = await readAll(async (cursor) => {
      const page = await store.readHome(undefined, { limit: 2, ...(cursor && { cursor }) })
      await addActivity(client, author, { message: 'Later' })
      // The one that the cursor stands on goes.
      await client.query('delete from activities where message = $1', [messages(page).at(-1)])
      return page
    })
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })

  test.each(['', 'x', 'a'.repeat(31), 'a'.repeat(33), '/'.repeat(32), "'; drop table users; --", '_'.repeat(32)])(
    '%j is no cursor',
    async (cursor) => {
      await expect(store.readHome(undefined, { limit: 2, cursor })).rejects.toBeInstanceOf(InvalidCursor)
    },
  )

  test('a cursor that nobody was given is where it says', async () => {
    await addActivity(client, author)
    expect(messages(await store.readHome(undefined, { limit: 2, cursor: 'A'.repeat(32) }))).toEqual([])
    const bytes = Buffer.alloc(24, 0xff)
    bytes.writeBigInt64BE(253_402_300_799_999_999n)
    const end = bytes.toString('base64url')
    expect(messages(await store.readHome(undefined, { limit: 2, cursor: end }))).toEqual(['Hello'])
  })
})

test('who reads sees what is theirs, and what they liked and reposted', async () => {
  const reader = await addPerson(client, 'bayko')
  const liked = await addActivity(client, author, { age: '2 minutes' })
  const reposted = await addActivity(client, author, { age: '1 minute' })
  await addActivity(client, reader)
  await client.query('insert into likes (activity_uuid, user_uuid) values ($1, $2)', [liked, reader])
  await client.query('insert into reposts (activity_uuid, user_uuid, activity_created_at) values ($1, $2, now())', [
    reposted,
    reader,
  ])
  const marks = async (viewer?: string) =>
    cards(await store.readHome(viewer, { limit: 9 })).map((each) => [each.liked, each.reposted, each.mine])
  expect(await marks('sub-bayko')).toEqual([
    [false, false, true],
    [false, true, false],
    [true, false, false],
  ])
  expect(await marks('sub-andrewbrown')).toEqual([
    [false, false, false],
    [false, false, true],
    [false, false, true],
  ])
  const nothing = [false, false, false]
  expect(await marks()).toEqual([nothing, nothing, nothing])
  expect(await marks(`sub-${randomUUID()}`), 'a person without a row').toEqual([nothing, nothing, nothing])
})

test('a block hides each from the other, and from nobody else', async () => {
  const [blocker, blocked] = [await addPerson(client, 'blocker'), await addPerson(client, 'blocked')]
  await client.query('insert into blocks (blocker_uuid, blocked_uuid) values ($1, $2)', [blocker, blocked])
  await addActivity(client, author, { age: '2 minutes', message: 'Neutral' })
  await addActivity(client, blocker, { age: '1 minute', message: 'Of the blocker' })
  await addActivity(client, blocked, { message: 'Of the blocked' })
  const seen = async (viewer?: string) => messages(await store.readHome(viewer, { limit: 9 }))
  expect(await seen('sub-blocker')).toEqual(['Of the blocker', 'Neutral'])
  expect(await seen('sub-blocked')).toEqual(['Of the blocked', 'Neutral'])
  expect(await seen('sub-andrewbrown')).toEqual(['Of the blocked', 'Of the blocker', 'Neutral'])
  expect(await seen()).toEqual(['Of the blocked', 'Of the blocker', 'Neutral'])
})
