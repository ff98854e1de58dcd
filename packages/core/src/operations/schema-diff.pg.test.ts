import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { runIn, schemaOf } from '../../../../tests/support/schema.ts'
import { diffSchemas, diffScript, readScript, type DiffSide } from '../index.ts'

async function fileSide(sql: string, database: TestDatabase): Promise<DiffSide & { kind: 'script' }> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-diff-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'schema.sql'), sql)
  return {
    kind: 'script',
    script: await readScript(join(folder, 'schema.sql'), 'schema.sql'),
    scratch: [() => Promise.resolve(database)],
  }
}

/** Notes the names of the databases to which somebody connects. */
function watched(cluster: TestDatabase, options: Parameters<TestDatabase['connect']>[1] = {}) {
  const names: string[] = []
  const connect: TestDatabase['connect'] = (name, session) => {
    if (name?.startsWith('pgrig_scratch_')) names.push(name)
    return cluster.connect(name, { ...options, ...session })
  }
  const isGone = async () => {
    const connection = await cluster.connect()
    const left = await connection.run('select from pg_database where datname = $1', [names[0] ?? ''])
    await connection.close()
    return names.length > 0 && left.length === 0
  }
  return { cluster: { ...cluster, connect }, isGone }
}

const database = (cluster: TestDatabase): DiffSide => ({ kind: 'database', cluster })

/** Brings a database from one schema to another. Returns the statements, and checks that nothing is left to do. */
async function bring(before: string, after: string) {
  const [one, other] = [await testDatabase(), await testDatabase()]
  await runIn(one, before)
  await runIn(other, after)
  const difference = await diffSchemas(database(one), database(other))
  await runIn(one, `begin; ${diffScript(difference)} commit`)
  expect((await diffSchemas(database(one), database(other))).changes).toEqual([])
  const connection = await one.connect()
  afterAll(() => connection.close())
  return { ...difference, sql: difference.statements.map(({ sql }) => sql), connection }
}

test('the database is brought to what the file says, and rows stay', async () => {
  const one = await testDatabase()
  await runIn(
    one,
    `create table users (id serial primary key, email text not null, old int);
     insert into users (email, old) values ('a@b', 1), ('c@d', 2);
     create table gone (id int);
     create view emails as select email from users;
     create table schema_migrations (version text primary key);`,
  )
  const file = await fileSide(
    `create table users (id bigint generated always as identity primary key, email text not null unique, age int default 18 not null);
     create view emails as select email, age from users;`,
    one,
  )
  const difference = await diffSchemas(database(one), file)
  expect(difference.statements.flatMap(({ destructive }) => destructive ?? []).sort()).toEqual([
    'drops the column public.users.old',
    'drops the table public.gone',
  ])
  expect(diffScript(difference)).toContain('-- destructive: drops the table public.gone\nDROP TABLE public.gone;\n')
  expect(difference.likelyRenames).toEqual(['The column public.users.old may have become age.'])
  await runIn(one, `begin; ${diffScript(difference)} commit`)
  expect((await diffSchemas(database(one), file)).changes).toEqual([])
  const connection = await one.connect()
  await connection.run(`insert into users (email) values ('next')`)
  expect(await connection.run('select id::int, email, age from users order by id')).toEqual([
    { id: 1, email: 'a@b', age: 18 },
    { id: 2, email: 'c@d', age: 18 },
    { id: 3, email: 'next', age: 18 },
  ])
  await connection.close()
})

test('what is alike has no statements', async () => {
  const one = await testDatabase()
  await runIn(one, 'create table t (a int, b text default now()::text)')
  const difference = await diffSchemas(
    database(one),
    await fileSide('create table t (b text default now()::text, a int)', one),
  )
  expect(difference).toMatchObject({ changes: [], statements: [] })
  expect(diffScript(difference)).toBe('')
})

test('labels of an enum are added in their place, and a type that has lost one is made anew around its rows', async () => {
  const table = `create table t (s status default 'b', list status[]); create index on t (s) where s = 'b'`
  const { sql } = await bring(
    `create type status as enum ('a', 'b'); ${table}`,
    `create type status as enum ('first', 'a', 'between', 'b', 'last'); ${table}`,
  )
  expect(sql).toEqual([
    `ALTER TYPE public.status ADD VALUE 'first' BEFORE 'a'`,
    `ALTER TYPE public.status ADD VALUE 'between' AFTER 'a'`,
    `ALTER TYPE public.status ADD VALUE 'last' AFTER 'b'`,
  ])
  const { connection } = await bring(
    `create type status as enum ('a', 'b', 'c'); ${table}; insert into t values ('b', '{a,b}')`,
    `create type status as enum ('b', 'a'); ${table}`,
  )
  expect(await connection.run('select s::text, list::text from t')).toEqual([{ s: 'b', list: '{a,b}' }])
})

test('a new label that is used at once makes the type anew, since it cannot be used in the transaction that adds it', async () => {
  const { sql } = await bring(
    `create type status as enum ('a'); create table t (s status)`,
    `create type status as enum ('a', 'b'); create table t (s status default 'b')`,
  )
  expect(sql.join('\n')).not.toContain('ADD VALUE')
})

test('what uses a column that gets another type is made anew, with what was granted on it', async () => {
  const role = `viewer_${process.pid}`
  await administer(`create role ${role}`)
  afterAll(() => administer(`drop role ${role}`))
  const rest = `create view v as select a, b from t; grant select on v to ${role};
    create view w as select a from v; create view other as select b from t; create index on t (a);
    create materialized view m as select a from t; create unique index on m (a)`
  const { sql, connection, statements } = await bring(
    `create table t (a int, b int); ${rest}; insert into t values (1, 2); refresh materialized view m`,
    `create table t (a bigint, b int); ${rest}`,
  )
  onTestFinished(async () => void (await connection.run(`drop owned by ${role}`)))
  expect(sql).toContain('ALTER TABLE public.t ALTER COLUMN a TYPE bigint')
  expect(sql.join('\n')).not.toContain('public.other')
  expect(statements.some(({ destructive }) => destructive)).toBe(false)
  expect(await connection.run('select a::int from m')).toEqual([{ a: 1 }])
  expect(await connection.run(`select has_table_privilege('${role}', 'v', 'select') as may`)).toEqual([{ may: true }])
})

test('functions, views and triggers are replaced where PostgreSQL can, and made anew with all that needs them where not', async () => {
  const rest = `create table t (a int, c int generated always as (f(a)) stored, check (f(a) > 0)); create view v as select f(1) as n`
  const replaced = await bring(
    `create function f(n int) returns int immutable language sql as 'select 1'; ${rest}`,
    `create function f(n int) returns int immutable language sql as 'select 2'; ${rest}`,
  )
  expect(replaced.sql).toEqual([expect.stringContaining('CREATE OR REPLACE FUNCTION public.f(n integer)')])
  const anew = await bring(
    `create function f(n int) returns int immutable language sql as 'select 1'; ${rest}; insert into t values (5)`,
    `create function f(m int) returns int immutable language sql as 'select 2'; ${rest}`,
  )
  expect(await anew.connection.run('select a, c from t')).toEqual([{ a: 5, c: 2 }])
})

test('a partition that is added gets the indexes of its table, and one is detached and attached when its bounds change', async () => {
  const base = `create table p (id int primary key, t text) partition by range (id); create index p_t on p (t);
    create table p1 partition of p for values from (0) to (10);`
  const { connection } = await bring(
    `${base} insert into p values (1, 'kept')`,
    `${base.replace('to (10)', 'to (20)')} create table p2 partition of p for values from (20) to (30)`,
  )
  expect(await connection.run('select id, t from p')).toEqual([{ id: 1, t: 'kept' }])
})

test('owners are compared when that is asked for, grants unless it is not', async () => {
  const role = `owner_${process.pid}`
  await administer(`create role ${role}`)
  const [one, other] = [await testDatabase(), await testDatabase()]
  await runIn(one, 'create table t (a int)')
  await runIn(other, `create table t (a int); alter table t owner to ${role}; grant select on t to public`)
  onTestFinished(async () => {
    for (const each of [one, other]) await runIn(each, 'drop table t')
    await administer(`drop role ${role}`)
  })
  const texts = async (options: Parameters<typeof diffSchemas>[2]) =>
    (await diffSchemas(database(one), database(other), options)).statements.map(({ sql }) => sql)
  expect(await texts({ grants: false })).toEqual([])
  expect(await texts({})).toEqual(['GRANT SELECT ON TABLE public.t TO PUBLIC'])
  expect(await texts({ owners: true })).toEqual([
    `ALTER TABLE public.t OWNER TO ${role}`,
    'GRANT SELECT ON TABLE public.t TO PUBLIC',
  ])
})

test('a script that fails names its place, and the scratch database goes', async () => {
  const one = await testDatabase()
  const { cluster, isGone } = watched(one)
  const broken = await fileSide('create table t (a int);\ncreate table u (a nothing);', cluster)
  await expect(diffSchemas(database(one), broken)).rejects.toMatchObject({ code: 'sql_error', location: { line: 2 } })
  expect(await isGone()).toBe(true)
  const lacking = await fileSide('create extension no_such_extension', one)
  await expect(diffSchemas(database(one), lacking)).rejects.toMatchObject({
    hint: expect.stringContaining('the extension no_such_extension') as unknown,
  })
})

test('the scratch database goes after an interrupt too', async () => {
  const one = await testDatabase()
  const stop = new AbortController()
  const { cluster, isGone } = watched(one, { signal: stop.signal })
  const diff = diffSchemas(database(one), await fileSide('select pg_sleep(60)', cluster))
  setTimeout(() => stop.abort(new Error('interrupted')), 500)
  await expect(diff).rejects.toThrow('interrupted')
  expect(await isGone()).toBe(true)
})

test('where a database cannot be created on the first server, the second one is taken', async () => {
  const one = await testDatabase()
  const role = `poor_${process.pid}`
  await administer(`create role ${role} login`)
  afterAll(() => administer(`drop role ${role}`))
  const poor: TestDatabase = {
    ...one,
    async connect(name, options) {
      const connection = await one.connect(name, options)
      await connection.run(`set role ${role}`)
      return connection
    },
  }
  const file = await fileSide('create table t (a int)', one)
  const [enough] = file.scratch
  const difference = await diffSchemas(database(one), {
    ...file,
    scratch: [() => Promise.resolve(poor), enough ?? (() => Promise.resolve(one))],
  })
  expect(difference.changes).toMatchObject([{ id: 'table public.t', change: 'created' }])
  await expect(diffSchemas(database(one), { ...file, scratch: [() => Promise.resolve(poor)] })).rejects.toMatchObject({
    sql: { sqlstate: '42501' },
  })
  expect((await schemaOf(one)).objects.filter(({ kind }) => kind === 'table')).toEqual([])
})
