import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { addActivity, addPerson } from '../../db/test-client.ts'
import { cards, letTimePass, messages, readAll, testStore } from '../../db/test-store.ts'
import type { Page, PageQuery } from './store.ts'

const { client, store } = await testStore()
const andrew = await addPerson(client, 'andrewbrown')
const bayko = await addPerson(client, 'bayko')
const maya = await addPerson(client, 'maya_ok')
const page = { limit: 9 }

beforeEach(async () => {
  await client.query('truncate activities, follows, blocks, notifications cascade')
  await client.query('update users set followers_count = 0, following_count = 0, notifications_read_at = null')
})

/** Reads a list page by page, with two and then three on a page: both times it is the same. */
async function readWhole(read: (query: PageQuery) => Promise<Page | undefined>): Promise<string[]> {
  const whole = await readAll((cursor) => read({ limit: 2, ...(cursor && { cursor }) }))
  expect(await readAll((cursor) => read({ limit: 3, ...(cursor && { cursor }) }))).toEqual(whole)
  return whole
}

describe('a profile', () => {
  const read = (viewer?: string) => store.readProfile(viewer, 'AndrewBrown', page)

  test('has the person as the viewer sees them, and what they say, without replies', async () => {
    await addActivity(client, andrew, { message: 'Expired', age: '2 hours', life: '1 hour' })
    await addActivity(client, andrew, { message: 'Answer', replyTo: await addActivity(client, bayko) })
    for (const number of [3, 2, 1])
      await addActivity(client, andrew, { message: `${number}`, age: `${number} minutes` })
    await store.setFollow('sub-bayko', 'andrewbrown', true)
    const { profile, activities } = JSON.parse((await read('sub-bayko'))?.body ?? '')
    expect(profile).toEqual({
      uuid: andrew,
      handle: 'andrewbrown',
      display_name: 'andrewbrown',
      bio: '',
      cruds_count: 3,
      followers_count: 1,
      following_count: 0,
      following: true,
      blocked: false,
      mine: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{6}Z$/),
    })
    expect(activities.map((each: { message: string }) => each.message)).toEqual(['1', '2', '3'])
    expect(JSON.parse((await read('sub-andrewbrown'))?.body ?? '').profile).toMatchObject({
      mine: true,
      following: false,
    })
    expect(JSON.parse((await read())?.body ?? '').profile).toMatchObject({ mine: false, following: false })
  })

  test('goes on page after page', async () => {
    for (const number of [5, 4, 3, 2, 1])
      await addActivity(client, andrew, { message: `${number}`, age: `${number} minutes` })
    const first = await store.readProfile(undefined, 'andrewbrown', { limit: 3 })
    const second = await store.readProfile(undefined, 'andrewbrown', { limit: 3, cursor: first?.next ?? '' })
    expect(JSON.parse(second?.body ?? '').activities.map((each: { message: string }) => each.message)).toEqual([
      '4',
      '5',
    ])
    expect(second?.next).toBeNull()
  })

  test('of somebody hidden has no activities; of nobody there is none', async () => {
    await addActivity(client, andrew)
    await store.setBlock('sub-bayko', 'andrewbrown', true)
    expect(JSON.parse((await read('sub-bayko'))?.body ?? '')).toMatchObject({
      profile: { blocked: true },
      activities: [],
    })
    await store.setBlock('sub-bayko', 'andrewbrown', false)
    await store.setBlock('sub-andrewbrown', 'bayko', true)
    expect(JSON.parse((await read('sub-bayko'))?.body ?? '')).toMatchObject({
      profile: { blocked: false },
      activities: [],
    })
    expect(await store.readProfile(undefined, 'nobody', page)).toBeUndefined()
    expect(await store.readProfile(undefined, `' or true --`, page)).toBeUndefined()
  })

  test('has a short form', async () => {
    expect(JSON.parse((await store.readShort('BAYKO')) ?? '')).toEqual({
      uuid: bayko,
      handle: 'bayko',
      display_name: 'bayko',
    })
    expect(await store.readShort('nobody')).toBeUndefined()
  })

  test('changes as its owner wants', async () => {
    const body = await store.updateProfile('sub-bayko', { displayName: 'Andrew 💜', bio: 'Also Andrew' })
    expect(JSON.parse(body ?? '')).toMatchObject({
      handle: 'bayko',
      display_name: 'Andrew 💜',
      bio: 'Also Andrew',
      mine: true,
    })
    expect(JSON.parse((await store.readShort('bayko')) ?? '')).toMatchObject({ display_name: 'Andrew 💜' })
    expect(await store.updateProfile('sub-nobody', { displayName: 'X', bio: '' })).toBeUndefined()
    await store.updateProfile('sub-bayko', { displayName: 'bayko', bio: '' })
  })
})

test('replies and reposts of a person are lists of their own', async () => {
  const root = await addActivity(client, bayko, { message: 'Root', age: '1 minute' })
  const old = await addActivity(client, maya, { message: 'Old', age: '10 minutes' })
  for (const number of [4, 3, 2, 1])
    await addActivity(client, andrew, { message: `${number}`, replyTo: root, age: `${number} s` })
  for (const uuid of [root, old]) await store.setRepost('sub-andrewbrown', uuid, true)
  const replies = (viewer?: string) => (query: PageQuery) => store.readUserReplies(viewer, 'andrewbrown', query)
  const reposts = (viewer?: string) => (query: PageQuery) => store.readUserReposts(viewer, 'andrewbrown', query)
  expect(await readWhole(replies())).toEqual(['1', '2', '3', '4'])
  expect(await readWhole(reposts('sub-andrewbrown'))).toEqual(['Root', 'Old'])
  await store.setBlock('sub-maya_ok', 'bayko', true)
  expect(await readWhole(reposts('sub-bayko'))).toEqual(['Root'])
  await store.setBlock('sub-maya_ok', 'andrewbrown', true)
  expect(messages(await replies('sub-maya_ok')(page))).toEqual([])
  expect(messages(await reposts('sub-maya_ok')(page))).toEqual([])
  await letTimePass(client, '55 minutes')
  expect(messages(await reposts()(page))).toEqual(['Root'])
  expect(await store.readUserReplies(undefined, 'nobody', page)).toBeUndefined()
  expect(await store.readUserReposts(undefined, 'nobody', page)).toBeUndefined()
})

describe('a thread', () => {
  test('has its replies oldest first, page after page, also while others answer', async () => {
    const root = await addActivity(client, andrew)
    for (const number of [7, 6, 5, 4, 3])
      await addActivity(client, bayko, { message: `${number}`, replyTo: root, age: `${number} s` })
    const first = await store.readThread(undefined, root, undefined, { limit: 2 })
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      activity: { uuid: root },
      parent: null,
      replies: [{ message: '7' }, { message: '6' }],
    })
    const seen: string[] = []
    for (let cursor = first?.next ?? undefined; cursor !== undefined;) {
      const next = await store.readReplies(undefined, root, { limit: 2, cursor })
      seen.push(...messages(next))
      if (seen.length === 2) await addActivity(client, maya, { message: 'Later', replyTo: root })
      cursor = next?.next ?? undefined
    }
    expect(seen).toEqual(['5', '4', '3', 'Later'])
  })

  test('is there for the right handle alone, and not after its time', async () => {
    const root = await addActivity(client, andrew)
    expect(await store.readThread(undefined, root, 'ANDREWBROWN', page)).toBeDefined()
    expect(await store.readThread(undefined, root, 'bayko', page)).toBeUndefined()
    expect(await store.readThread(undefined, randomUUID(), undefined, page)).toBeUndefined()
    await letTimePass(client, '1 hour')
    expect(await store.readThread(undefined, root, undefined, page)).toBeUndefined()
    expect(await store.readReplies(undefined, root, page)).toBeUndefined()
  })

  test('hides who is blocked: the activity, the parent or the reply', async () => {
    const root = await addActivity(client, andrew, { message: 'Root' })
    const reply = await addActivity(client, bayko, { replyTo: root })
    await addActivity(client, maya, { replyTo: reply, message: 'Mine' })
    await store.setBlock('sub-andrewbrown', 'maya_ok', true)
    expect(await store.readThread('sub-maya_ok', root, undefined, page)).toBeUndefined()
    expect(await store.readReplies('sub-maya_ok', root, page)).toBeUndefined()
    expect(JSON.parse((await store.readThread('sub-maya_ok', reply, undefined, page))?.body ?? '')).toMatchObject({
      activity: { uuid: reply },
      parent: null,
      replies: [{ message: 'Mine', mine: true }],
    })
    expect(messages(await store.readReplies('sub-andrewbrown', reply, page))).toEqual([])
    expect(JSON.parse((await store.readThread('sub-bayko', reply, undefined, page))?.body ?? '').parent).toMatchObject({
      message: 'Root',
    })
  })

  test('an activity without replies has an empty list, not none', async () => {
    const root = await addActivity(client, andrew)
    expect(await store.readReplies(undefined, root, page)).toMatchObject({ body: '[]', next: null })
  })
})

describe('the feed of whom one follows', () => {
  const read = (query: PageQuery) => store.readFollowing('sub-bayko', query)

  test('has what they say and repost, each once, newest first, and nothing else', async () => {
    await store.setFollow('sub-bayko', 'andrewbrown', true)
    await store.setFollow('sub-bayko', 'maya_ok', true)
    const stranger = await addPerson(client, 'stranger')
    await addActivity(client, stranger, { message: 'Of a stranger' })
    const reposted = await addActivity(client, stranger, { message: 'Reposted', age: '90 s' })
    for (const number of [4, 3, 2, 1])
      await addActivity(client, andrew, { message: `A${number}`, age: `${number} minutes` })
    const twice = await addActivity(client, maya, { message: 'M', age: '150 s' })
    await addActivity(client, andrew, { message: 'Answer', replyTo: twice })
    for (const uuid of [reposted, twice]) await store.setRepost('sub-andrewbrown', uuid, true)
    expect(await readWhole(read)).toEqual(['A1', 'Reposted', 'A2', 'M', 'A3', 'A4'])
    await store.setBlock('sub-bayko', 'stranger', true)
    expect(await readWhole(read)).toEqual(['A1', 'A2', 'M', 'A3', 'A4'])
    await store.setFollow('sub-bayko', 'andrewbrown', false)
    expect(await readWhole(read)).toEqual(['M'])
    await client.query('delete from users where uuid = $1', [stranger])
  })

  test('is empty for who follows nobody, and for nobody', async () => {
    await addActivity(client, andrew)
    expect(messages(await read(page))).toEqual([])
    expect(messages(await store.readFollowing(undefined, page))).toEqual([])
  })

  test('forgets what expired', async () => {
    await store.setFollow('sub-bayko', 'andrewbrown', true)
    await addActivity(client, andrew)
    await letTimePass(client, '1 hour')
    expect(messages(await read(page))).toEqual([])
  })
})

describe('a search', () => {
  const find = (term: string, viewer?: string) => store.readSearch(viewer, term, page)

  test('finds all the words, in any order and case, newest first, and nothing that expired', async () => {
    await addActivity(client, andrew, { message: 'A heron on the roof', age: '3 minutes' })
    await addActivity(client, andrew, { message: 'The Roof has a HERON', age: '2 minutes' })
    await addActivity(client, andrew, { message: 'A heron expired on the roof', age: '2 hours', life: '1 hour' })
    await addActivity(client, andrew, { message: 'Only a roof' })
    expect(messages(await find('roof heron'))).toEqual(['The Roof has a HERON', 'A heron on the roof'])
    expect(messages(await find('Größe'))).toEqual([])
    await addActivity(client, bayko, { message: 'Größe, naïve 日本' })
    expect(messages(await find('größe NAÏVE'))).toEqual(['Größe, naïve 日本'])
  })

  test.each(['', '   ', '!!! &&& |', `'; drop table users; --`, 'a:* & !b', '\\', '<->', 'x'.repeat(1_000)])(
    '%j finds nothing and breaks nothing',
    async (term) => {
      await addActivity(client, andrew)
      expect(messages(await find(term))).toEqual([])
    },
  )

  test('hides who is blocked', async () => {
    await addActivity(client, andrew, { message: 'Heron' })
    await store.setBlock('sub-andrewbrown', 'bayko', true)
    expect(messages(await find('heron', 'sub-bayko'))).toEqual([])
    expect(messages(await find('heron', 'sub-maya_ok'))).toEqual(['Heron'])
  })

  test('goes on page after page, for a rare word as for one that thousands say', async () => {
    await client.query(
      `insert into activities (user_uuid, message, created_at, expires_at)
       select $1, 'Kettle ' || number || case when number % 500 = 0 then ' unicorn' else '' end,
         now() - number * interval '1 second', now() + interval '1 day' from generate_series(1, 3000) as number`,
      [andrew],
    )
    const rare = await readWhole((query) => store.readSearch(undefined, 'unicorn', query))
    expect(rare).toEqual([500, 1_000, 1_500, 2_000, 2_500, 3_000].map((number) => `Kettle ${number} unicorn`))
    const first = await store.readSearch(undefined, 'kettle', { limit: 2 })
    const second = await store.readSearch(undefined, 'kettle', { limit: 2, cursor: first.next ?? '' })
    expect([...messages(first), ...messages(second)]).toEqual([1, 2, 3, 4].map((number) => `Kettle ${number}`))
  })
})

describe('notifications', () => {
  const read = async () => JSON.parse((await store.readNotifications('sub-andrewbrown', page)).body)
  const unread = async () => JSON.parse((await store.readSession('sub-andrewbrown')) ?? '').unread_count

  test('say who did what, to which activity, and what has not been read', async () => {
    const uuid = await addActivity(client, andrew)
    await store.setLike('sub-bayko', uuid, true)
    await store.setFollow('sub-maya_ok', 'andrewbrown', true)
    await store.createReply('sub-maya_ok', uuid, { message: 'Yes', ttlSeconds: 60 })
    await store.createActivity('sub-bayko', { message: 'Look @andrewbrown', ttlSeconds: 60 })
    const all = await read()
    expect(all).toMatchObject([
      {
        kind: 'mention',
        actor: { handle: 'bayko', display_name: 'bayko' },
        activity: { message: 'Look @andrewbrown' },
        unread: true,
      },
      { kind: 'reply', actor: { handle: 'maya_ok' }, activity: { message: 'Yes', reply_to_activity_uuid: uuid } },
      { kind: 'follow', actor: { handle: 'maya_ok' }, activity: null },
      { kind: 'like', actor: { handle: 'bayko' }, activity: { uuid, mine: true } },
    ])
    expect(Object.keys(all[0])).toEqual(['uuid', 'kind', 'actor', 'activity', 'created_at', 'unread'])
    expect(await unread()).toBe(4)
    expect(await store.markNotificationsRead('sub-andrewbrown')).toBe('done')
    expect(await unread()).toBe(0)
    await store.setRepost('sub-bayko', uuid, true)
    expect((await read()).map((each: { unread: boolean }) => each.unread)).toEqual([true, false, false, false, false])
    expect(await store.markNotificationsRead('sub-nobody')).toBe('no_user')
  })

  test('go with what they are about, and hide who is blocked', async () => {
    const uuid = await addActivity(client, andrew)
    await store.setLike('sub-bayko', uuid, true)
    await store.setFollow('sub-maya_ok', 'andrewbrown', true)
    await letTimePass(client, '1 hour')
    expect(await read()).toMatchObject([{ kind: 'follow' }])
    expect(await unread()).toBe(1)
    await store.setBlock('sub-maya_ok', 'andrewbrown', true)
    expect(await read()).toEqual([])
    expect(await unread()).toBe(0)
  })

  test('come page after page', async () => {
    for (const number of [1, 2, 3, 4, 5]) {
      await store.setLike('sub-bayko', await addActivity(client, andrew, { message: `${number}` }), true)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const some: Page = await store.readNotifications('sub-andrewbrown', { limit: 2, ...(cursor && { cursor }) })
      for (const { activity } of JSON.parse(some.body)) seen.push(activity.message)
      cursor = some.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['5', '4', '3', '2', '1'])
  })

  test('of nobody are none, and nobody has no session', async () => {
    expect(await store.readNotifications(undefined, page)).toMatchObject({ body: '[]' })
    expect(await store.readSession('sub-nobody')).toBeUndefined()
    expect(JSON.parse((await store.readSession('sub-bayko')) ?? '')).toEqual({
      uuid: bayko,
      handle: 'bayko',
      display_name: 'bayko',
      bio: '',
      unread_count: 0,
    })
  })
})

test('all lists show an activity in the same way', async () => {
  await store.setFollow('sub-bayko', 'andrewbrown', true)
  const uuid = await addActivity(client, andrew, { message: 'Heron' })
  await store.setLike('sub-bayko', uuid, true)
  await store.setRepost('sub-bayko', uuid, true)
  const [card] = cards(await store.readHome('sub-bayko', page))
  expect(card).toMatchObject({ liked: true, reposted: true, likes_count: 1, reposts_count: 1 })
  expect(cards(await store.readFollowing('sub-bayko', page))).toEqual([card])
  expect(cards(await store.readSearch('sub-bayko', 'heron', page))).toEqual([card])
  expect(cards(await store.readUserReposts('sub-bayko', 'bayko', page))).toEqual([card])
  expect(JSON.parse((await store.readProfile('sub-bayko', 'andrewbrown', page))?.body ?? '').activities).toEqual([card])
  expect(JSON.parse((await store.readThread('sub-bayko', uuid, undefined, page))?.body ?? '').activity).toEqual(card)
})
