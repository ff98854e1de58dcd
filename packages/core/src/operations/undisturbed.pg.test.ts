import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { runIn } from '../../../../tests/support/schema.ts'
import { findChanged } from '../catalog/changed.ts'
import { atOneMoment } from '../catalog/schema.ts'
import { type Connection, dumpSchema, type DumpSchemaOptions, Failure, loadScript, readScript } from '../index.ts'

async function open(database: TestDatabase): Promise<Connection> {
  const connection = await database.connect()
  onTestFinished(() => connection.close())
  return connection
}

async function dumpText(connection: Connection, options: DumpSchemaOptions = {}, during = async () => {}) {
  const pieces: Buffer[] = []
  const write = async (chunk: string | Uint8Array) => {
    if (pieces.length === 0) await during()
    pieces.push(Buffer.from(chunk))
  }
  await dumpSchema(connection, { kind: 'output', write }, options)
  return Buffer.concat(pieces).toString()
}

test('what others have changed since the snapshot is found, and neither what they made, nor rolled back, nor what is temporary', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    `create schema gone; create schema "My schema"; create table t (id int); create table "My schema"."T" (id int); create view v as select 1 as n;
     create function f() returns int language sql return 1; create type kind as enum ('a'); create domain d as int check (value > 0)`,
  )
  const [connection, other] = [await open(database), await open(database)]
  await other.run('create temp table mine (id int)')
  const changedBy = (...statements: string[]) =>
    atOneMoment(connection, async () => {
      await connection.run('select 1')
      for (const statement of statements) await other.run(statement)
      return findChanged(connection)
    })
  expect(await changedBy()).toEqual([])
  expect(
    await changedBy('create table made (id int)', 'create function g() returns int language sql return 1'),
  ).toEqual([])
  expect(await changedBy('alter table mine add column name text', 'drop table mine')).toEqual([])
  expect(await changedBy('begin', 'drop view v', 'drop table t', 'rollback')).toEqual([])
  expect(await changedBy('insert into t values (1)', 'vacuum full t', 'analyze t')).toEqual(['public.t'])
  expect(await changedBy('create or replace view v as select 2 as n')).toEqual(['public.v'])
  expect(await changedBy('create or replace function f() returns int language sql return 2')).toEqual(['public.f'])
  expect(await changedBy('alter table t add column name text')).toEqual(['public.t'])
  expect(await changedBy('alter table "My schema"."T" add unique (id)')).toEqual([])
  expect(await changedBy('alter domain d drop constraint d_check')).toContain('public.d_check')
  expect(await changedBy(`alter type kind rename value 'a' to 'b'`)).toEqual(['a'])
  expect(await changedBy('drop schema gone')).toEqual(['gone'])
  expect(await changedBy('begin', 'savepoint s', 'drop view v', 'release s', 'commit')).toEqual(['public.v'])
  // Whoever has not committed has changed nothing yet; his number is smaller than that of the snapshot.
  await other.run('begin')
  await other.run('drop function f')
  expect(await changedBy()).toEqual([])
  expect(await changedBy('commit')).toEqual(['public.f'])
  expect(await changedBy()).toEqual([])
})

test('tables are locked against changes for as long as a dump lasts, and no longer', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    'create table t (id int); insert into t values (1); create table parted (id int) partition by list (id)',
  )
  const [connection, other] = [await open(database), await open(database)]
  await other.run(`set lock_timeout = '100ms'`)
  const text = await dumpText(connection, { data: ['t'] }, async () => {
    for (const statement of ['drop table t', 'truncate t', 'alter table t add column name text', 'drop table parted'])
      await expect(other.run(statement)).rejects.toMatchObject({ sql: { sqlstate: '55P03' } })
    await other.run('insert into t values (2)')
  })
  expect(text).toContain('COPY public.t (id) FROM stdin;\n1\n\\.\n')
  await other.run('drop table t, parted')
})

test('a table that somebody keeps locked is waited for, and then named with who it is', async () => {
  const database = await testDatabase()
  await runIn(database, 'create table busy (id int); create table free (id int)')
  const [connection, other] = [await open(database), await open(database)]
  await other.run('begin; lock table busy')
  const told: string[] = []
  const progress = (line: string) => void told.push(line)
  await expect(dumpText(connection, { waitSeconds: 1, progress })).rejects.toMatchObject({
    code: 'schema_changing',
    message: expect.stringMatching(
      /^The schema could not be read undisturbed \(tried \d+ times\)\. public\.busy is locked by pid \d+ · postgres · tests · idle in transaction · transaction open for \d+ s\.$/,
    ),
    state: 'Nothing was written.',
  })
  expect(told[0]).toMatch(/^public\.busy is locked by pid .*; reading it again$/)
  let asked = false
  const dumping = dumpText(connection, {
    progress: () => {
      if (!asked) void other.run('alter table busy add column late int; commit')
      asked = true
    },
  })
  expect(await dumping).toContain('late integer')
})

test('a role that may not read a table does without its lock, and notices what is changed', async () => {
  const database = await testDatabase()
  await runIn(database, `create table secret (id int); create function f() returns int language sql return 1`)
  const [connection, other] = [await open(database), await open(database)]
  await connection.run('set role pg_monitor')
  await other.run('begin; lock table secret')
  expect(await dumpText(connection)).toContain('CREATE TABLE public.secret')
})

test('an error that nobody else has made is told as it is', async () => {
  const database = await testDatabase()
  const connection = await open(database)
  await connection.run(`set statement_timeout = '1ms'`)
  await expect(dumpText(connection)).rejects.toMatchObject({ code: 'sql_error', sql: { sqlstate: '57014' } })
})

/** Runs statements again and again, each a transaction, until it is ended. */
function storm(database: TestDatabase, pauseMilliseconds: number, make: (round: number) => string) {
  let ended = false
  const errors: unknown[] = []
  const blowing = (async () => {
    const connection = await database.connect()
    for (let round = 1; !ended; round++) {
      await connection.run(`begin; ${make(round)}; commit`).catch(async (error: unknown) => {
        errors.push(error)
        await connection.run('rollback')
      })
      await sleep(Math.random() * pauseMilliseconds)
    }
    await connection.close()
  })()
  return async () => {
    ended = true
    await blowing
    return errors
  }
}

test('while others make, alter and drop, a dump is of one moment and loads, or says what changed and leaves the file', async () => {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-undisturbed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'schema.sql')
  // One number in a view, a function, a default and a comment: whoever sees two of them has not seen one moment.
  const versions = (round: number) => `
    create or replace function version() returns int language sql return ${round};
    drop view if exists latest; create view latest as select ${round} as n, version() as v;
    alter table steady alter column n set default ${round}; comment on table steady is '${round}'`
  await runIn(database, `create table steady (n int); ${versions(0)}`)
  const storms = [
    storm(database, 2000, versions),
    storm(
      database,
      20,
      (round) => `create table t${round % 5} (id int primary key, s text default 'x'); drop table t${round % 5}`,
    ),
    storm(
      database,
      20,
      (round) =>
        `create table if not exists parent (id int); alter table parent add column c${round} int; alter table parent drop column c${round}`,
    ),
    storm(
      database,
      2000,
      (round) =>
        `drop type if exists kind cascade; create type kind as enum ('k${round}'); create table of_kind${round} (k kind); drop table of_kind${round}`,
    ),
  ]
  const outcomes: string[] = []
  const connection = await open(database)
  const started = performance.now()
  while (outcomes.length < 4 || (!outcomes.includes('dumped') && performance.now() - started < 30_000)) {
    await writeFile(path, 'as it was')
    const outcome = await dumpSchema(connection, { kind: 'file', path }, { waitSeconds: 5 }).then(
      () => 'dumped',
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    )
    outcomes.push(outcome)
    const text = await readFile(path, 'utf8')
    expect(await readdir(folder)).toEqual(['schema.sql'])
    if (outcome !== 'dumped') {
      expect(text).toBe('as it was')
      continue
    }
    const found = [/RETURN (\d+)/, /SELECT (\d+) AS n/, /n integer DEFAULT (\d+)/, /TABLE public.steady IS '(\d+)'/]
    const numbers = found.map((pattern) => pattern.exec(text)?.[1])
    expect(new Set(numbers)).toEqual(new Set([expect.stringMatching(/^\d+$/)]))
    const copy = await testDatabase()
    await loadScript(copy, await readScript(path))
    expect(await dumpText(await open(copy))).toBe(text)
  }
  expect(outcomes.filter((outcome) => outcome !== 'dumped' && outcome !== 'schema_changing')).toEqual([])
  expect(outcomes).toContain('dumped')
  for (const end of storms) expect(await end()).toEqual([])
})
