import { mkdir, writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../packages/core/src/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { makeStage, waitUntil } from './faults.ts'

interface Ground {
  database: TestDatabase
  stage: Awaited<ReturnType<typeof makeStage>>
  connection: Connection
  ask(sql: string): Promise<unknown[]>
  migrate(...words: string[]): ReturnType<Awaited<ReturnType<typeof makeStage>>['start']>
}

/** A database in which the first of these files was applied, and the second is to come. */
async function ground(setup: string, steps: string): Promise<Ground> {
  const database = await testDatabase()
  const stage = await makeStage(database)
  await mkdir(stage.path('db/migrations'), { recursive: true })
  await writeFile(stage.path('db/migrations/1_setup.sql'), `-- migrate:up\n${setup}\n`)
  const connection = await database.connect()
  onTestFinished(() => connection.close())
  const migrate = (...words: string[]) => stage.start(['migrate', ...words])
  expect(await migrate().ended).toMatchObject({ code: 0 })
  await writeFile(stage.path('db/migrations/2_steps.sql'), `-- migrate:up transaction:false\n${steps}\n`)
  const ask = async (sql: string) => (await connection.run(sql)).map((row) => Object.values(row)[0])
  return { database, stage, connection, ask, migrate }
}

/** A transaction that holds something up, until the returned function ends it. */
async function hold({ database }: Ground, sql: string): Promise<() => Promise<void>> {
  const holder = await database.connect()
  await holder.run(`begin; ${sql}`)
  onTestFinished(() => holder.close())
  return async () => void (await holder.run('rollback'))
}

/** Starts it, and ends the server's side when it waits in the last step: what it was doing is broken off. */
async function breakOff({ database, connection, migrate }: Ground, where: RegExp): Promise<void> {
  const running = migrate('--lock-timeout', '60s')
  const { pid } = await waitUntil(database, where)
  await connection.run(`select pg_terminate_backend(${pid})`)
  expect(await running.ended).toMatchObject({ code: 2 })
}

/** Starts it, and kills it when it waits: the server goes on with what it was doing, and nobody notes that it is done. */
async function kill({ database, migrate }: Ground, where: RegExp): Promise<void> {
  const running = migrate('--lock-timeout', '60s')
  await waitUntil(database, where)
  running.child.kill('SIGKILL')
  expect(await running.ended).toMatchObject({ code: null })
}

const people =
  'create table people (id int, name text); insert into people select n, n::text from generate_series(1, 100) n;'
const writer = `insert into people values (0, 'written')`
const indexes = `select format('%s %s', indexrelid::regclass, indisvalid) from pg_index where indrelid = 'people'::regclass order by 1`
const building = /^active virtualxid: /

test('of an index without a name that was broken off, what is left is dropped, and it is made once', async () => {
  const here = await ground(
    people,
    'create index concurrently on people (name);\ncreate unique index concurrently on people (id);',
  )
  const release = await hold(here, writer)
  await breakOff(here, building)
  expect(await here.ask(indexes)).toEqual(['people_name_idx f'])
  // Not of this statement: another column.
  await release()
  await here.ask('create index on people (id)')
  const { code, stderr, stdout } = await here.migrate().ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toContain(
    'db/migrations/2_steps.sql:2: the index public.people_name_idx had been left behind invalid, and was dropped.',
  )
  expect(stdout).toMatch(/^Applied db\/migrations\/2_steps.sql: 2 statements/m)
  expect(await here.ask(indexes)).toEqual(['people_id_idx t', 'people_id_idx1 t', 'people_name_idx t'])
})

test.each(['', 'people_by_name '])(
  'an index %sthat the server has made after its client was killed is found, and not made twice',
  async (name) => {
    const here = await ground(people, `create index concurrently ${name}on people (name);\nselect 1;`)
    const release = await hold(here, writer)
    await kill(here, building)
    await release()
    const { code, stderr } = await here.migrate().ended
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const index = name.trim() || 'people_name_idx'
    expect(stderr).toContain(`2_steps.sql:2: the index public.${index} had been made when it was interrupted.`)
    expect(await here.ask(indexes)).toEqual([`${index} t`])
    expect(await here.ask(`select to_regclass('schema_migrations_unfinished') is null`)).toEqual([true])
  },
)

test('what REINDEX CONCURRENTLY has left is dropped, and nothing that was invalid before', async () => {
  const here = await ground(
    `${people} create index people_name on people (name); create index wrong_ccnew on people (id);
     update pg_index set indisvalid = false where indexrelid = 'wrong_ccnew'::regclass;`,
    'reindex index concurrently people_name;',
  )
  const release = await hold(here, writer)
  await breakOff(here, building)
  expect(await here.ask(indexes)).toEqual(['people_name t', 'people_name_ccnew f', 'wrong_ccnew f'])
  await release()
  const { code, stderr } = await here.migrate().ended
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toContain('the index public.people_name_ccnew had been left behind invalid, and was dropped.')
  expect(await here.ask(indexes)).toEqual(['people_name t', 'wrong_ccnew f'])
})

test('VACUUM runs again, since it may', async () => {
  const here = await ground(people, 'vacuum people;\nselect 1;')
  const release = await hold(here, 'lock table people in share update exclusive mode')
  await kill(here, /^active relation: /)
  const status = await here.stage.start(['migration', 'status']).ended
  expect(status.stdout).toContain('2 was interrupted: 0 of its statements are done, and perhaps one more.')
  await release()
  expect(await here.migrate().ended).toMatchObject({ code: 0 })
  expect(await here.ask("select vacuum_count::int > 0 from pg_stat_user_tables where relname = 'people'")).toEqual([
    true,
  ])
})

test('a partition that is half detached is detached to the end', async () => {
  const here = await ground(
    'create table parted (n int) partition by list (n); create table one partition of parted for values in (1);',
    'alter table parted detach partition one concurrently;\nselect 1;',
  )
  const release = await hold(here, 'select from parted')
  await breakOff(here, building)
  await release()
  expect(await here.migrate().ended).toMatchObject({ code: 0 })
  expect(await here.ask('select count(*)::int from pg_inherits')).toEqual([0])
})

const batches = `create table batches (n int);
create procedure fill() language plpgsql as $$ begin
  insert into batches values (1); commit; perform pg_advisory_lock(4711); insert into batches values (2);
end $$;`

test.each([
  ['again', [1, 1, 2, 3]],
  ['done', [1, 3]],
] as const)(
  'a procedure that commits is not run twice unasked; --statement %s says how it goes on',
  async (word, rows) => {
    const here = await ground(batches, 'select 1;\ncall fill();\ninsert into batches values (3);')
    const release = await hold(here, 'select pg_advisory_xact_lock(4711)')
    await breakOff(here, /^active advisory: /)
    const resolve = (...words: string[]) => here.stage.start(['migration', 'resolve', '2', ...words, '--yes']).ended
    for (let run = 0; run < 2; run++) {
      const refused = await here.migrate().ended
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toMatch(
        /^db\/migrations\/2_steps\.sql:3:1: error: call fill\(\) commits by itself, and was begun by .* at \d{4}-.*; its end was not seen\./m,
      )
      expect(refused.stderr).toContain('pgrig migration resolve 2 --statement again')
    }
    expect(await here.ask('select n from batches order by n')).toEqual([1])
    await release()
    expect(await resolve('--statement', word)).toMatchObject({ code: 0 })
    expect(await resolve('--statement', word)).toMatchObject({ code: 1 })
    expect(await here.migrate().ended).toMatchObject({ code: 0 })
    expect(await here.ask('select n from batches order by n')).toEqual(rows)
  },
)
