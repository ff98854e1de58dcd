import { readdir } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { addPerson, readSql, testClient } from '../test-client.ts'

const { client } = await testClient('schema.sql')
const author = await addPerson(client, 'andrewbrown')
const rows = 20_000

beforeAll(async () => {
  const number = `generate_series(1, ${rows}) as number`
  await client.query(`
    insert into users (display_name, handle, cognito_user_id) select 'P', 'p' || number, 'sub-' || number from ${number};
    create temporary table people as select uuid, row_number() over () as number from users;
    insert into activities (user_uuid, message, created_at, expires_at)
      select uuid, 'Message ' || number, now() - number * interval '1 minute', now() + interval '1 day' from people;
    create temporary table said as select uuid, created_at, row_number() over () as number from activities;
    insert into activities (user_uuid, message, reply_to_activity_uuid, created_at, expires_at)
      select people.uuid, 'Reply', said.uuid, now(), now() + interval '1 day' from people join said using (number);
    insert into likes select said.uuid, people.uuid from people join said using (number);
    insert into reposts select said.uuid, people.uuid, said.created_at from people join said using (number);
    insert into follows select one.uuid, other.uuid from people as one join people as other on other.number = one.number % 997 + 1 and one.uuid <> other.uuid;
    insert into blocks select one.uuid, other.uuid from people as one join people as other on other.number = one.number + 1;
    insert into notifications (user_uuid, kind, actor_uuid, activity_uuid)
      select one.uuid, 'like', other.uuid, said.uuid from people as one join people as other on other.number = one.number % 997 + 2 and one.uuid <> other.uuid join said on said.number = one.number;
    insert into sessions (id_hash, cognito_user_id, sealed, expires_at)
      select sha256(number::text::bytea), 'sub-' || number, '', now() + interval '1 day' from ${number};
    insert into reports (reporter_uuid, author_uuid, activity_uuid, reason, message)
      select people.uuid, people.uuid, said.uuid, 'spam', '' from people join said using (number);
    insert into rate_limits select 'key' || number, now(), now() + interval '1 minute', 1 from ${number};
    analyze`)
  // As the statement is planned once it is prepared for whatever comes.
  await client.query('set plan_cache_mode = force_generic_plan')
})

/** Parameters by statement; the others have a viewer, a size of page, a cursor, and an activity or a handle. */
const values: Record<string, string[]> = {
  short: [`'p7'`],
  session: [`'sub-7'`],
  thread: [`'sub-7'`, '20', `'${author}'`, 'null'],
  reports: ['20', 'null'],
  'take-lease': [`'key7'`, '300', '1'],
  'create-activity': [`'sub-7'`, `'Hello @p8'`, '60', 'null'],
  'create-reply': [`'sub-7'`, `'Hello @p8'`, '60', 'null', `'${author}'`],
  'decide-report': [`'${author}'`, `'remove'`, `'sub-7'`],
  'update-profile': [`'sub-7'`, `'P'`, `''`],
  report: [`'sub-7'`, `'${author}'`, `'spam'`, `''`],
  announce: [`'{a}'`],
  'lock-account': [`'sub-7'`, `'p7'`],
}

const aboutActivity = ['like', 'unlike', 'repost', 'unrepost', 'delete-activity']
const aboutPerson = ['follow', 'unfollow', 'block', 'unblock']
const ofViewer = ['delete-account', 'export-account', 'mark-notifications-read']

function parametersOf(name: string, count: number): string[] {
  const preset = [`'sub-7'`, '20', `null`, name === 'replies' ? `'${author}'` : `'p7'`]
  if (name.startsWith('purge')) return ['5000']
  if (aboutActivity.includes(name)) return [`'sub-7'`, `'${author}'`]
  if (aboutPerson.includes(name)) return [`'sub-7'`, `'p8'`]
  if (ofViewer.includes(name)) return [`'sub-7'`]
  return values[name] ?? preset.slice(0, count)
}

const names = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.slice(0, -4))

test.each(names)('%s reads no table from end to end, whatever its parameters', async (name) => {
  const text = await readSql(`queries/${name}.sql`)
  await client.query(`prepare "${name}" as ${text}`)
  const count = Math.max(0, ...[...text.replace(/--.*/g, '').matchAll(/\$(\d)/g)].map(([, digit]) => Number(digit)))
  const parameters = parametersOf(name, count)
  expect(parameters).toHaveLength(count)
  const list = count === 0 ? '' : `(${parameters.join(', ')})`
  const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) execute "${name}"${list}`)
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
  expect(plan).not.toMatch(/Seq Scan/)
})

test('a page deep in the feed starts inside the index, without a sort', async () => {
  const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) execute home ('sub-7', 20, 'AAYwAAAAAAAAAAAAAAAAAAAAAAAAAAAA')`,
  )
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
  expect(plan).toMatch(
    /Index Scan using activities_home_idx.*\n\s+Index Cond: \(ROW\(\w*\.?created_at, \w*\.?uuid\) < ROW\(/,
  )
  expect(plan).not.toContain('Sort')
})

test('the activity of an idempotency key is found by both columns of its index', async () => {
  const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) execute "create-activity"('sub-7', 'Hello', 60, null)`,
  )
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n')
  expect(plan).toMatch(
    /using activities_idempotency_key.*\n\s+Index Cond: \(\(user_uuid = .*\) AND \(idempotency_key = /,
  )
})

// A plan for the parameters at hand must not look cheaper than the one for all: then the server would plan each time anew.
test.each([
  ['home', 'null, 20, null'],
  ['home', `'sub-7', 20, null`],
  ['profile', `null, 20, null, 'p7'`],
  ['profile', `'sub-7', 20, null, 'p7'`],
  ['thread', `null, 20, '${author}', null`],
  ['thread', `'sub-7', 20, '${author}', 'p7'`],
  ['replies', `'sub-7', 20, null, '${author}'`],
  ['notifications', `'sub-7', 20, null`],
  ['create-activity', `'sub-7', 'Hello', 60, null`],
  ['create-activity', `'sub-7', 'Hello @p8', 60, gen_random_uuid()`],
  ['create-reply', `'sub-7', 'Hello', 60, null, '${author}'`],
  ['like', `'sub-7', '${author}'`],
])('left to itself, the server plans %s(%s) a few times and no more', async (name, parameters) => {
  await client.query('set plan_cache_mode = auto')
  await client.query(`deallocate "${name}"`)
  await client.query(`prepare "${name}" as ${await readSql(`queries/${name}.sql`)}`)
  for (let times = 0; times < 12; times += 1) await client.query(`execute "${name}"(${parameters})`)
  const { rows: plans } = await client.query(
    'select custom_plans::int as custom from pg_prepared_statements where name = $1',
    [name],
  )
  expect(plans).toEqual([{ custom: 5 }])
})
