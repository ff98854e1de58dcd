import { expect, test } from 'vitest'
import { addPerson, only, readSql, testClient } from './test-client.ts'
import { findWrongCounts } from './test-store.ts'

const { client } = await testClient('schema.sql')
const seed = await readSql('seed.sql')

async function readCounts(): Promise<{ people: number; activities: number; replies: number }> {
  const { rows } = await client.query<{ people: number; activities: number; replies: number }>(
    `select (select count(*) from users)::int as people, count(*)::int as activities, count(reply_to_activity_uuid)::int as replies
     from activities`,
  )
  return only(rows)
}

test('a second run of the seed adds nothing', async () => {
  await client.query(seed)
  const before = await readCounts()
  expect(before).toEqual({ people: 7, activities: 21, replies: 9 })
  await client.query(seed)
  expect(await readCounts()).toEqual(before)
})

test('the journal’s two people and its message are there', async () => {
  const { rows } = await client.query(
    `select display_name, handle, message, extract(day from expires_at - activities.created_at)::int as days
     from users left join activities on activities.user_uuid = users.uuid where handle in ('andrewbrown', 'bayko') order by handle`,
  )
  expect(rows).toEqual([
    { display_name: 'Andrew Brown', handle: 'andrewbrown', message: 'This was imported as seed data!', days: 10 },
    { display_name: 'Andrew Bayko', handle: 'bayko', message: null, days: null },
  ])
})

test('every count is of rows that are there', async () => {
  expect(await findWrongCounts(client)).toEqual([])
  const { rows } = await client.query(
    `select sum(likes_count)::int as likes, sum(reposts_count)::int as reposts, (select count(*) from follows)::int as follows from activities`,
  )
  expect(rows).toEqual([{ likes: 55, reposts: 9, follows: 14 }])
})

test('no reply outlives what it answers, or comes before it', async () => {
  const { rows } = await client.query(
    `select reply.uuid from activities as reply join activities as parent on parent.uuid = reply.reply_to_activity_uuid
     where reply.expires_at > parent.expires_at or reply.created_at < parent.created_at`,
  )
  expect(rows).toEqual([])
})

test('where a real person has taken a handle, the seed leaves them alone', async () => {
  await client.query('delete from users')
  const real = await addPerson(client, 'Yuki')
  await client.query(seed)
  const { rows } = await client.query('select uuid from activities where user_uuid = $1', [real])
  expect(rows).toEqual([])
  expect(await readCounts()).toMatchObject({ people: 7 })
})
