import { writeFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../postgres/connection.ts'
import { migrate, rollback } from './migrate.ts'
import { resolveMigration } from './resolve.ts'
import { ground } from './testing.ts'

const users = '-- migrate:up\ncreate table users (id int);\n\n-- migrate:down\ndrop table users;\n'

test.each([
  ['begin;\ncreate table a ();\ncommit;\n', 2, 'has BEGIN in it'],
  ['create table a ();\ncommit;\n', 3, 'has COMMIT in it'],
  ['create index concurrently i on users (id);\n', 2, 'CREATE INDEX CONCURRENTLY inside of a transaction'],
  ['\\connect postgres\n', 2, '\\connect leaves the database'],
])('a migration that begins with %j is refused at line %i before any is run', async (sql, line, message) => {
  const { database, options, ask } = await ground({ '1_users.sql': users, '2_bad.sql': `-- migrate:up\n${sql}` })
  await expect(migrate(database, options)).rejects.toMatchObject({
    code: 'migration_invalid',
    message: expect.stringContaining(message),
    location: { file: '2_bad.sql', line },
    hint: expect.not.stringContaining('--no-transaction'),
  })
  expect(await ask(`select to_regclass('users') is null`)).toEqual([true])
})

test('what only the server finds out gets a hint that fits', async () => {
  const { database, options } = await ground({
    '1_procedure.sql': `-- migrate:up\ncreate procedure p() language plpgsql as $$ begin commit; end $$;\n`,
    '2_call.sql': '-- migrate:up\nselect 1;\ncall p();\n',
  })
  await expect(migrate(database, options)).rejects.toMatchObject({
    sql: { sqlstate: '2D000' },
    hint: expect.stringContaining('"-- migrate:up transaction:false"'),
  })
})

test('a procedure that commits runs without a transaction', async () => {
  const { database, options, ask } = await ground({
    '1_procedure.sql': `-- migrate:up
create table batches (n int);
create procedure p() language plpgsql as $$ begin insert into batches values (1); commit; insert into batches values (2); end $$;
`,
    '2_call.sql': '-- migrate:up transaction:false\nselect 1;\ncall p();\nselect 2;\n',
  })
  await migrate(database, options)
  expect(await ask('select n from batches order by n')).toEqual([1, 2])
})

test('a violation that shows at the commit names the file, and nothing is kept', async () => {
  const { database, options, ask } = await ground({
    '1_deferred.sql': `-- migrate:up
create table a (id int primary key);
create table b (a int references a deferrable initially deferred);
insert into b values (1);
`,
  })
  await expect(migrate(database, options)).rejects.toMatchObject({
    message: expect.stringContaining('at the end of 1_deferred.sql, when it was committed'),
  })
  expect(await ask(`select to_regclass('a') is null`)).toEqual([true])
})

test('line ends of Windows, data for COPY and a function with semicolons in it work', async () => {
  const text = `-- migrate:up
create table t (a int, b text);
copy t from stdin;
1\tone
2\ttwo; -- migrate
\\.
create function f() returns int language plpgsql as $$ begin return 1; end; $$;
-- migrate:down
drop function f();
drop table t;
`
  const { database, options, write, ask, states } = await ground({ '1_t.sql': text.replaceAll('\n', '\r\n') })
  await migrate(database, options)
  expect(await ask('select b from t order by a')).toEqual(['one', 'two; -- migrate'])
  expect(await ask(`select position(chr(13) in prosrc) from pg_proc where proname = 'f'`)).toEqual([0])
  await write('1_t.sql', text)
  expect(await states()).toEqual([['1', 'applied']])
  expect((await rollback(database, options)).rolledBack).toHaveLength(1)
})

test('a migration of a hundred thousand statements is one transaction', async () => {
  const inserts = Array.from({ length: 100_000 }, (_, n) => `insert into t values (${n});\n`)
  const { database, options, ask } = await ground({
    '1_long.sql': `-- migrate:up\ncreate table t (n int);\n${inserts.join('')}`,
  })
  expect((await migrate(database, options)).applied).toMatchObject([{ statements: 100_001 }])
  expect(await ask('select count(*)::int from t')).toEqual([100_000])
}, 60_000)

test('what one migration sets is not for the next, and its role is not for the record', async () => {
  const { database, options, ask } = await ground({
    '1_set.sql': `-- migrate:up
set search_path to ''; set role pg_read_all_data; create temp table scratch ();
`,
    '2_look.sql': `-- migrate:up
create table seen as select current_setting('search_path') as path, current_user::text as "user", to_regclass('scratch') is null as clean;
`,
  })
  await migrate(database, options)
  expect(await ask(`select to_jsonb(seen) from seen`)).toEqual([
    { path: '"$user", public', user: 'postgres', clean: true },
  ])
})

test('what was set before an interruption is set again', async () => {
  const { database, options, ask } = await ground({
    '1_set.sql': `-- migrate:up transaction:false
create schema app;
set search_path to app;
create table before ();
create table after (id later);
`,
  })
  await expect(migrate(database, options)).rejects.toMatchObject({ location: { line: 5, column: 24 } })
  await ask('create domain app.later as int')
  expect((await migrate(database, options)).applied).toMatchObject([{ statements: 1 }])
  expect(await ask(`select to_regclass('app.after') is not null`)).toEqual([true])
})

test('what the server has refused was not done, also when it says that the name is taken', async () => {
  const { database, options, ask } = await ground({
    '1_users.sql': users,
    '2_index.sql': '-- migrate:up transaction:false\ncreate index concurrently users_id on users (id);\n',
  })
  await migrate(database, { ...options, to: '1' })
  await ask('create table users_id ()')
  for (let run = 0; run < 2; run++)
    await expect(migrate(database, options)).rejects.toMatchObject({ sql: { sqlstate: '42P07' } })
})

test('an index that is made concurrently waits for transactions longer than for locks', async () => {
  const { database, options, ask } = await ground({
    '1_users.sql': users,
    '2_index.sql': '-- migrate:up transaction:false\ncreate index concurrently users_id on users (id);\n',
  })
  await migrate(database, { ...options, to: '1' })
  const writer = await database.connect()
  onTestFinished(() => writer.close())
  await writer.run('begin')
  await writer.run('insert into users values (1)')
  const lines: string[] = []
  const waiting = migrate(database, {
    ...options,
    lockTimeoutSeconds: 0.2,
    retrySeconds: 0,
    progress: (line) => lines.push(line),
  })
  await expect
    .poll(() => lines.some((line) => line.startsWith('2_index.sql waits for pid')), { timeout: 10_000 })
    .toBe(true)
  await writer.run('commit')
  expect((await waiting).applied).toMatchObject([{ tries: 1 }])
  expect(await ask(`select indisvalid from pg_index where indexrelid = 'users_id'::regclass`)).toEqual([true])
})

test('an interrupted migration whose file is gone, or that is beyond --to, stops the others', async () => {
  const { database, options, states } = await ground({
    '2_broken.sql': '-- migrate:up transaction:false\ncreate table a ();\nselect nowhere;\n',
  })
  await expect(migrate(database, options)).rejects.toMatchObject({ code: 'sql_error' })
  await writeFile(join(options.folder, '1_users.sql'), users)
  await expect(migrate(database, { ...options, to: '1' })).rejects.toMatchObject({
    message: expect.stringContaining('half applied'),
  })
  await rm(join(options.folder, '2_broken.sql'))
  expect(await states()).toEqual([
    ['1', 'pending'],
    ['2', 'unfinished'],
  ])
  await expect(migrate(database, options)).rejects.toMatchObject({
    message: expect.stringContaining('its file is missing'),
  })
  const { folder, user, program } = options
  expect(await resolveMigration(database, '2', { folder, user, program, as: 'pending' })).toBe(true)
  expect((await migrate(database, options)).applied).toMatchObject([{ version: '1' }])
})

test('the table is where the search_path of the URL says, as dbmate has it, and is made there', async () => {
  const { database, options, ask } = await ground({ '1_users.sql': users })
  const address = { ...database.address, options: '-c search_path=app' }
  const elsewhere = { database: database.database, connect: () => connect(address, { application: 'tests' }) }
  await migrate(elsewhere, options)
  expect(await ask(`select version from app.schema_migrations`)).toEqual(['1'])
  expect(await ask(`select to_regclass('public.schema_migrations') is null`)).toEqual([true])
})

test('nothing is pending: nobody is waited for, and no lock is taken', async () => {
  const { database, options } = await ground({ '1_users.sql': users })
  await migrate(database, options)
  const holder = await database.connect()
  onTestFinished(() => holder.close())
  await holder.query`select pg_advisory_lock(${0x70677269676d6967n})`
  expect((await migrate(database, { ...options, waitSeconds: 0 })).applied).toEqual([])
})

test('the schema is written down once, after something was run', async () => {
  const { database, options } = await ground({ '1_users.sql': users })
  const dumps: string[] = []
  const dumpAfter = async () => void dumps.push('dump')
  await migrate(database, { ...options, dumpAfter })
  await migrate(database, { ...options, dumpAfter })
  await rollback(database, { ...options, dumpAfter })
  expect(dumps).toHaveLength(2)
})
