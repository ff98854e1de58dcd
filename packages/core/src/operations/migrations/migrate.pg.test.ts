import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Failure } from '../../errors.ts'
import { findLockHolder, breakLock } from './lock.ts'
import { migrate, rollback } from './migrate.ts'
import { resolveMigration } from './resolve.ts'
import { ground } from './testing.ts'

const users = '-- migrate:up\ncreate table users (id int);\n\n-- migrate:down\ndrop table users;\n'
const likes = '-- migrate:up\ncreate table likes (id int);\n\n-- migrate:down\ndrop table likes;\n'

test('what is pending is applied in order, with who, when and what beside the version, and once', async () => {
  const { database, options, ask, states } = await ground({ '1_users.sql': users, '2_likes.sql': likes })
  expect((await migrate(database, options)).applied.map(({ file }) => file)).toEqual(['1_users.sql', '2_likes.sql'])
  expect(
    await ask(`select to_jsonb(s) - 'applied_at' - 'seconds' - 'checksum' from schema_migrations s order by version`),
  ).toEqual([
    { version: '1', applied_by: 'ann@laptop as postgres', applied_with: 'pgrig test' },
    { version: '2', applied_by: 'ann@laptop as postgres', applied_with: 'pgrig test' },
  ])
  expect(
    await ask(
      `select count(*) from schema_migrations where applied_at > now() - interval '1 minute' and length(checksum) = 64`,
    ),
  ).toEqual(['2'])
  expect((await migrate(database, options)).applied).toEqual([])
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'applied'],
  ])
})

test('an error has the place in the file, what was before it stays, and nothing of it is kept', async () => {
  const { database, options, ask, states } = await ground({
    '1_users.sql': users,
    '2_wrong.sql': '-- migrate:up\ncreate table half ();\nselect nowhere;\n',
  })
  await expect(migrate(database, options)).rejects.toMatchObject({
    code: 'sql_error',
    location: { file: '2_wrong.sql', line: 3, column: 8 },
    state: expect.stringMatching(/rolled back\. The migration before it stays applied\.$/),
  })
  expect(await ask(`select to_regclass('half') is null and to_regclass('users') is not null`)).toEqual([true])
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'pending'],
  ])
})

test('one that comes late is applied and said, and refused with strict', async () => {
  const { database, options, write, states } = await ground({ '2_likes.sql': likes })
  await migrate(database, options)
  await write('1_users.sql', users)
  expect(await states()).toEqual([
    ['1', 'late'],
    ['2', 'applied'],
  ])
  await expect(migrate(database, { ...options, strict: true })).rejects.toMatchObject({ code: 'migration_late' })
  expect(await migrate(database, options)).toMatchObject({ late: ['1'], applied: [{ version: '1' }] })
})

test('changed and missing files are said', async () => {
  const { database, options, write, states } = await ground({ '1_users.sql': users, '2_likes.sql': likes })
  await migrate(database, options)
  await write('1_users.sql', `${users}-- more\n`)
  await rm(join(options.folder, '2_likes.sql'))
  expect(await states()).toEqual([
    ['1', 'changed'],
    ['2', 'missing'],
  ])
  expect((await migrate(database, options)).odd.map(({ version, state }) => [version, state])).toEqual([
    ['1', 'changed'],
    ['2', 'missing'],
  ])
})

test('a table of Rails or dbmate is taken over with what stands in it', async () => {
  const { database, options, ask, states } = await ground({ '1_users.sql': users, '2_likes.sql': likes })
  await ask('create table schema_migrations (version varchar not null primary key)')
  await ask(`insert into schema_migrations values ('1'), ('20230101000000')`)
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'late'],
    ['20230101000000', 'missing'],
  ])
  expect((await migrate(database, options)).applied.map(({ version }) => version)).toEqual(['2'])
  // dbmate writes the version alone.
  await ask(`insert into schema_migrations (version) values ('3')`)
})

test('a rollback takes the last ones back, and refuses what has no way back', async () => {
  const { database, options, write, states } = await ground({ '1_users.sql': users, '2_likes.sql': likes })
  await write('3_stays.sql', '-- migrate:up\nselect 1;\n')
  await migrate(database, { ...options, to: '2' })
  expect((await rollback(database, options)).rolledBack.map(({ version }) => version)).toEqual(['2'])
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'pending'],
    ['3', 'pending'],
  ])
  await migrate(database, options)
  await expect(rollback(database, { ...options, steps: 3 })).rejects.toMatchObject({ code: 'migration_invalid' })
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'applied'],
    ['3', 'applied'],
  ])
})

const indexes = `-- migrate:up transaction:false
create index concurrently users_id on users (id);
alter table users add column n int;
vacuum users;
-- migrate:down transaction:false
drop index concurrently users_id;
alter table users drop column n;
`

test('several statements without a transaction run each for itself', async () => {
  const { database, options, ask } = await ground({ '1_users.sql': users, '2_indexes.sql': indexes })
  expect((await migrate(database, options)).applied.at(-1)).toMatchObject({ version: '2', statements: 3 })
  expect(await ask(`select indisvalid from pg_index where indexrelid = 'users_id'::regclass`)).toEqual([true])
  expect(await ask(`select to_regclass('schema_migrations_unfinished') is null`)).toEqual([true])
  expect((await rollback(database, options)).rolledBack.at(-1)).toMatchObject({ version: '2', statements: 2 })
})

test('without a transaction, what was done before an error stays, is said, and is not done again', async () => {
  const { database, options, ask, states } = await ground({
    '1_users.sql': users,
    '2_wrong.sql': `-- migrate:up transaction:false
create table steps (n int);
insert into steps values (1);
insert into later values (2);
insert into steps values (3);
`,
  })
  await expect(migrate(database, options)).rejects.toMatchObject({
    location: { file: '2_wrong.sql', line: 4 },
    state: expect.stringContaining('The first 2 of its 4 statements are done and stay.'),
  })
  expect(await states()).toEqual([
    ['1', 'applied'],
    ['2', 'unfinished'],
  ])
  await expect(rollback(database, options)).rejects.toMatchObject({ code: 'migration_invalid' })
  await ask('create table later (n int)')
  expect(await migrate(database, options)).toMatchObject({ applied: [{ version: '2', statements: 2 }] })
  expect(await ask('select n from steps order by n')).toEqual([1, 3])
})

test('one that was interrupted and then changed is refused, until it is resolved', async () => {
  const broken = '-- migrate:up transaction:false\ncreate table a ();\nselect nowhere;\n'
  const { database, options, write, states } = await ground({ '1_broken.sql': broken })
  await expect(migrate(database, options)).rejects.toMatchObject({ code: 'sql_error' })
  await write('1_broken.sql', broken.replace('nowhere', '1'))
  await expect(migrate(database, options)).rejects.toMatchObject({ code: 'migration_invalid' })
  const { folder, user, program } = options
  expect(await resolveMigration(database, '1', { folder, user, program, as: 'applied' })).toBe(true)
  expect(await states()).toEqual([['1', 'applied']])
  expect(await resolveMigration(database, '1', { folder, user, program, as: 'pending' })).toBe(true)
  expect(await states()).toEqual([['1', 'pending']])
})

test('an index that was left invalid is made anew', async () => {
  const { database, options, ask } = await ground({
    '1_users.sql': '-- migrate:up\ncreate table users (id int);\ninsert into users values (1), (1);\n',
    '2_unique.sql': '-- migrate:up transaction:false\ncreate unique index concurrently users_id on users (id);\n',
  })
  await expect(migrate(database, options)).rejects.toMatchObject({ sql: { sqlstate: '23505' } })
  expect(await ask(`select to_regclass('users_id') is null`)).toEqual([true])
  await ask('delete from users')
  await migrate(database, options)
  expect(await ask(`select indisvalid from pg_index where indexrelid = 'users_id'::regclass`)).toEqual([true])
})

test('a second run waits, says for whom, gives up, and the lock can be broken', async () => {
  const { database, options } = await ground({ '1_slow.sql': '-- migrate:up\nselect pg_sleep(30);\n' })
  const slow = migrate(database, options)
  const outcome = slow.then(
    () => 'done',
    (error: unknown) => error,
  )
  const looking = await database.connect()
  onTestFinished(() => looking.close())
  while ((await findLockHolder(looking)) === undefined) await new Promise((done) => setTimeout(done, 20))
  const lines: string[] = []
  const waiting = migrate(database, { ...options, waitSeconds: 0.5, progress: (line) => lines.push(line) })
  await expect(waiting).rejects.toMatchObject({
    code: 'migration_locked',
    message: expect.stringContaining('tests (pid '),
  })
  expect(lines[0]).toMatch(/^Waiting for the migrations of tests \(pid \d+, postgres on the server itself, since/)
  expect(await breakLock(looking)).toMatchObject({ application: 'tests' })
  expect(await outcome).toMatchObject({ code: 'connection_lost' })
  expect(await breakLock(looking)).toBeUndefined()
})

test('a migration that waits for a lock is given up and tried again, and says who held it', async () => {
  const { database, options, ask } = await ground({
    '1_users.sql': users,
    '2_alter.sql': '-- migrate:up\ncreate table other ();\nalter table users add column n int;\n',
  })
  await migrate(database, { ...options, to: '1' })
  const reader = await database.connect()
  await reader.run('begin')
  await reader.run('select * from users')
  const lines: string[] = []
  const hasty = { ...options, lockTimeoutSeconds: 0.7, progress: (line: string) => void lines.push(line) }
  await expect(migrate(database, { ...hasty, retrySeconds: 0 })).rejects.toMatchObject({
    code: 'sql_error',
    sql: { sqlstate: '55P03' },
    message: expect.stringMatching(/tried once\)\. It was held by pid \d+ · postgres · tests · idle in transaction/),
    location: { file: '2_alter.sql', line: 3 },
  })
  expect(await ask(`select to_regclass('other') is null`)).toEqual([true])
  const later = migrate(database, { ...hasty, retrySeconds: 30 })
  await new Promise((done) => setTimeout(done, 1500))
  await reader.close()
  expect((await later).applied[0]?.tries).toBeGreaterThan(1)
  expect(lines.some((line) => line.startsWith('2_alter.sql waits for pid'))).toBe(true)
})

test('where the schema could not be written afterwards, that is said, and what was applied stays', async () => {
  const { database, options, states } = await ground({ '1_one.sql': '-- migrate:up\ncreate table one ();\n' })
  const dumpAfter = () =>
    Promise.reject(new Failure('disk_full', 'There is no space left.', { state: 'It is as it was.' }))
  await expect(migrate(database, { ...options, dumpAfter })).rejects.toMatchObject({
    code: 'disk_full',
    state: 'It is as it was. The migration before it stays applied.',
  })
  expect(await states()).toEqual([['1', 'applied']])
})
