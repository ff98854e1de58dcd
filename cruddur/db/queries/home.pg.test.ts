import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { addActivity, addPerson, only, readSql, testClient } from '../test-client.ts'

interface Activity {
  uuid: string
  created_at: string
  expires_at: string
}

const { client } = await testClient('schema.sql')
const text = await readSql('queries/home.sql')
const author = await addPerson(client, 'andrewbrown')

async function readHome(limit = 40, after?: Activity): Promise<Activity[]> {
  const values = [limit, after?.created_at ?? null, after?.uuid ?? null]
  const { rows } = await client.query<{ body: string }>({ name: 'home', text, values })
  return JSON.parse(only(rows).body)
}

beforeEach(async () => {
  await client.query('delete from activities')
})

test('an empty feed is an empty array', async () => {
  expect(await readHome()).toEqual([])
})

test('an activity has the fields of the original, and its times in UTC whatever the session’s time zone', async () => {
  await client.query(`set timezone to 'America/Toronto'`)
  const uuid = await addActivity(client, author, { message: '"quoted" </script> 💜', likes: 3 })
  const [activity] = await readHome()
  await client.query('reset timezone')
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

test('an activity is gone at its second', async () => {
  await addActivity(client, author, { age: '2 hours', life: '1 hour' })
  const uuid = await addActivity(client, author, { life: '600 milliseconds' })
  const [activity] = await readHome()
  expect(activity?.uuid).toBe(uuid)
  await wait(700)
  expect(await readHome()).toEqual([])
})

test('page after page has everything once, also where many were written in one moment', async () => {
  const uuids: string[] = []
  await client.query('begin')
  for (let round = 0; round < 7; round += 1) uuids.unshift(await addActivity(client, author))
  await client.query('commit')
  for (const age of ['1 minute', '2 minutes', '3 minutes']) uuids.push(await addActivity(client, author, { age }))

  const seen: string[] = []
  let page = await readHome(3)
  while (page.length > 0) {
    seen.push(...page.map(({ uuid }) => uuid))
    page = await readHome(3, page.at(-1))
  }
  expect(seen).toEqual(uuids)
})

test('a page deep in the feed starts inside the index, also as a prepared statement', async () => {
  await client.query(
    `insert into activities (user_uuid, message, created_at, expires_at)
     select $1, 'Filling', now() - number * interval '1 minute', now() + interval '1 day' from generate_series(1, 5000) as number`,
    [author],
  )
  await client.query('analyze activities')
  await client.query('set plan_cache_mode to force_generic_plan')
  await client.query(`prepare deep as ${text}`)
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) execute deep (20, '2020-01-01', '00000000-0000-0000-0000-000000000000')`,
  )
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toMatch(/Index Scan using activities_home_idx.*\n\s+Index Cond: \(ROW\(created_at, uuid\) < ROW\(/)
  expect(plan).not.toContain('Sort')
})
