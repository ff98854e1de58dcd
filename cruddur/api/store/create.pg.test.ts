import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addActivity, addPerson, only } from '../../db/test-client.ts'
import { testStore } from '../../db/test-store.ts'

const { client, store } = await testStore()
const author = await addPerson(client, 'andrewbrown')
const reader = await addPerson(client, 'bayko')
const said = { message: 'Hello', ttlSeconds: 3_600 }

async function readCount(uuid: string, column = 'replies_count'): Promise<number> {
  const { rows } = await client.query(`select ${column} as count from activities where uuid = $1`, [uuid])
  return only(rows).count
}

async function readNotifications(activity: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(' ', kind, actor.handle, '->', person.handle) as line
     from notifications
     join users as person on person.uuid = notifications.user_uuid
     join users as actor on actor.uuid = notifications.actor_uuid
     where activity_uuid = $1 order by 1`,
    [activity],
  )
  return rows.map(({ line }) => line)
}

describe('an activity', () => {
  test('comes back as it will be read, with the time that it was given', async () => {
    const made = await store.createActivity('sub-andrewbrown', { message: 'Guten Tag 💜', ttlSeconds: 10_800 })
    if (made.status !== 'created') throw new Error(made.status)
    const card = JSON.parse(made.body)
    expect(card).toMatchObject({
      uuid: made.uuid,
      handle: 'andrewbrown',
      message: 'Guten Tag 💜',
      likes_count: 0,
      reply_to_activity_uuid: null,
      liked: false,
      mine: true,
    })
    expect(Date.parse(card.expires_at) - Date.parse(card.created_at)).toBe(10_800_000)
    const page = await store.readHome('sub-andrewbrown', { limit: 1 })
    expect(JSON.parse(page.body)).toEqual([card])
  })

  test('needs a person', async () => {
    expect(await store.createActivity('sub-nobody', said)).toEqual({ status: 'no_user' })
  })

  test('tells those whom it mentions, once, and nobody who is blocked, oneself or made up', async () => {
    const [blocker, other] = [await addPerson(client, 'blocker'), await addPerson(client, 'o_1')]
    await client.query('insert into blocks (blocker_uuid, blocked_uuid) values ($1, $2)', [blocker, author])
    const message = '@BAYKO, @bayko (@o_1): x@bayko.example @@bayko @blocker @andrewbrown @nobody_here @o_1x'
    const made = await store.createActivity('sub-andrewbrown', { ...said, message })
    if (made.status !== 'created') throw new Error(made.status)
    expect(await readNotifications(made.uuid)).toEqual(['mention andrewbrown -> bayko', 'mention andrewbrown -> o_1'])
    await client.query('delete from users where uuid in ($1, $2)', [blocker, other])
  })

  test('tells ten at most', async () => {
    const handles = Array.from({ length: 12 }, (_, number) => `crowd${number}`)
    for (const handle of handles) await addPerson(client, handle)
    const made = await store.createActivity('sub-andrewbrown', {
      ...said,
      message: handles.map((each) => `@${each}`).join(' '),
    })
    if (made.status !== 'created') throw new Error(made.status)
    expect(await readNotifications(made.uuid)).toHaveLength(10)
  })
})

describe('a reply', () => {
  test('is counted, told to the one it answers, and lives no longer than that', async () => {
    const parent = await addActivity(client, author, { life: '10 minutes' })
    const made = await store.createReply('sub-bayko', parent, { message: 'Yes @andrewbrown', ttlSeconds: 86_400 })
    if (made.status !== 'created') throw new Error(made.status)
    const {
      activity,
      parent: above,
      replies,
    } = JSON.parse((await store.readThread(undefined, made.uuid, 'Bayko', { limit: 9 }))?.body ?? '')
    expect(activity).toEqual({ ...JSON.parse(made.body), mine: false })
    expect(above).toMatchObject({ uuid: parent, replies_count: 1 })
    expect(activity.expires_at).toBe(above.expires_at)
    expect(replies).toEqual([])
    expect(await readNotifications(made.uuid)).toEqual(['reply bayko -> andrewbrown'])
  })

  test('may live shorter', async () => {
    const parent = await addActivity(client, author, { life: '3 hours' })
    const made = await store.createReply('sub-bayko', parent, said)
    if (made.status !== 'created') throw new Error(made.status)
    const card = JSON.parse(made.body)
    expect(Date.parse(card.expires_at) - Date.parse(card.created_at)).toBe(3_600_000)
  })

  test('to oneself is told to nobody', async () => {
    const made = await store.createReply('sub-bayko', await addActivity(client, reader), said)
    if (made.status !== 'created') throw new Error(made.status)
    expect(await readNotifications(made.uuid)).toEqual([])
  })

  test('needs something to answer that one can see', async () => {
    expect(await store.createReply('sub-bayko', randomUUID(), said)).toEqual({ status: 'no_parent' })
    const expired = await addActivity(client, author, { age: '2 hours', life: '1 hour' })
    expect(await store.createReply('sub-bayko', expired, said)).toEqual({ status: 'no_parent' })
    const parent = await addActivity(client, author)
    expect(await store.createReply('sub-nobody', parent, said)).toEqual({ status: 'no_user' })
    for (const [blocker, blocked] of [
      [author, reader],
      [reader, author],
    ]) {
      await client.query('insert into blocks (blocker_uuid, blocked_uuid) values ($1, $2)', [blocker, blocked])
      expect(await store.createReply('sub-bayko', parent, said)).toEqual({ status: 'no_parent' })
      await client.query('delete from blocks')
    }
    expect(await readCount(parent)).toBe(0)
  })

  test('many at once are all counted', async () => {
    const parent = await addActivity(client, author)
    await Promise.all(Array.from({ length: 60 }, () => store.createReply('sub-bayko', parent, said)))
    expect(await readCount(parent)).toBe(60)
  })

  test('to what is deleted at the same time either is there with it, or never was', async () => {
    for (let round = 0; round < 20; round += 1) {
      const parent = await addActivity(client, author)
      const [made] = await Promise.all([
        store.createReply('sub-bayko', parent, said),
        client.query('delete from activities where uuid = $1', [parent]),
      ])
      expect(['created', 'no_parent']).toContain(made.status)
    }
    const { rows } = await client.query(
      `select from activities as reply where reply_to_activity_uuid is not null
       and not exists (select from activities as parent where parent.uuid = reply.reply_to_activity_uuid)`,
    )
    expect(rows).toEqual([])
  })
})

describe('with an idempotency key', () => {
  test('the same activity is made once, and answered as it is by then', async () => {
    const idempotencyKey = randomUUID()
    const first = await store.createActivity('sub-bayko', { ...said, idempotencyKey })
    if (first.status !== 'created') throw new Error(first.status)
    await client.query('update activities set likes_count = 7 where uuid = $1', [first.uuid])
    const second = await store.createActivity('sub-bayko', { ...said, idempotencyKey })
    if (second.status !== 'replayed') throw new Error(second.status)
    expect(second.uuid).toBe(first.uuid)
    expect(JSON.parse(second.body)).toEqual({ ...JSON.parse(first.body), likes_count: 7 })
  })

  test.each([{ message: 'Something else' }, { ttlSeconds: 7_200 }])(
    '%j with the key of another is refused',
    async (other) => {
      const idempotencyKey = randomUUID()
      await store.createActivity('sub-bayko', { ...said, idempotencyKey })
      const again = await store.createActivity('sub-bayko', { ...said, ...other, idempotencyKey })
      expect(again).toEqual({ status: 'key_reused' })
      const parent = await addActivity(client, author)
      expect(await store.createReply('sub-bayko', parent, { ...said, idempotencyKey })).toEqual({
        status: 'key_reused',
      })
      expect(await readCount(parent)).toBe(0)
    },
  )

  test('two people may have the same key', async () => {
    const idempotencyKey = randomUUID()
    for (const sub of ['sub-bayko', 'sub-andrewbrown']) {
      expect((await store.createActivity(sub, { ...said, idempotencyKey })).status).toBe('created')
    }
  })

  test('the key of what has expired is of no use', async () => {
    const idempotencyKey = randomUUID()
    const made = await store.createActivity('sub-bayko', { ...said, idempotencyKey })
    if (made.status !== 'created') throw new Error(made.status)
    await client.query(
      `update activities set created_at = created_at - interval '2 hours', expires_at = expires_at - interval '2 hours' where uuid = $1`,
      [made.uuid],
    )
    expect(await store.createActivity('sub-bayko', { ...said, idempotencyKey })).toEqual({ status: 'key_reused' })
  })

  test('many at once make one, and a reply is counted once', async () => {
    const parent = await addActivity(client, author)
    const idempotencyKey = randomUUID()
    const made = await Promise.all(
      Array.from({ length: 40 }, () => store.createReply('sub-bayko', parent, { ...said, idempotencyKey })),
    )
    const statuses = made.map(({ status }) => status)
    expect(statuses.filter((status) => status === 'created')).toHaveLength(1)
    expect(statuses.filter((status) => status === 'replayed')).toHaveLength(39)
    expect(await readCount(parent)).toBe(1)
  })
})
