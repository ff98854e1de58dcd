import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspect } from '../../packages/core/src/operations/run-script.ts'
import { textSource } from '../../packages/core/src/operations/script-files.ts'
import { testDatabase } from '../support/database.ts'
import { makeFolder, runPgrig, runPsql } from './engine.ts'
import { ask, expectNothing, makeStage, tablesIn, waitUntil } from './faults.ts'
import { psql18IsThere } from './psql18.ts'

const setUp = `
drop table if exists t;
create table t (a int primary key, b varchar(5) default 'x');
`

/** Scripts that print the same whether they run in one transaction or not. */
const alike: Record<string, string> = {
  'gdesc describes and does not run': `
insert into t values (1) returning a as "A \\x'y", b, now()::timestamptz(3) \\gdesc
insert into t values (1) \\gdesc
table t \\bind \\gdesc \\g
\\pset format csv
select 1 as one, null as two
\\gdesc
\\echo :ROW_COUNT
`,
  crosstabview: `
insert into t values (1, 'a'), (2, 'b'), (3, null);
select a, b, a * 10 from t \\crosstabview
\\pset null nothing
select b as x, a % 2 as "Y", a::numeric / 2 as data, -a as n from t \\crosstabview x "Y" 3 n
select a, b, a from t \\bind \\crosstabview 2 1 3
insert into t values (4, 'd') returning a, b, a \\crosstabview
delete from t where a = 4 \\crosstabview
\\pset format csv
select a, b, -a as c from t
\\crosstabview b a
\\startpipeline
select a, b, a from t \\crosstabview
\\endpipeline
`,
  'prepared statements': `
insert into t values ($1, $2) returning * \\parse add
\\bind_named add 1 one \\g
\\bind_named add 2 'two'
;
\\bind_named add 3 three \\gset got_
\\echo :got_a :got_b
select $1::int \\parse ''
\\bind_named '' 7 \\gx
\\close_prepared add
\\close_prepared add
select name from pg_prepared_statements;
`,
  'a pipeline, and its results when they are asked for': `
\\echo :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
\\startpipeline
insert into t values ($1) \\bind 1 \\sendpipeline
select a from t;
\\echo first :PIPELINE_COMMAND_COUNT
\\flushrequest
\\echo :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
\\pset format unaligned
\\getresults 1
\\pset format aligned
\\getresults
select $1, $2 \\parse two
\\bind_named two 1 2 \\sendpipeline
\\syncpipeline
\\echo :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
delete from t returning a;
\\close_prepared two
\\getresults 2
\\endpipeline
\\echo :ERROR :ROW_COUNT
select count(*) from t;
`,
  'a pipeline of many rows and statements': `
\\startpipeline
select * from generate_series(1, 20000);
${'select 1;\n'.repeat(2000)}\\endpipeline
`,
  'watch ends by count, by rows, and without an interval': `
\\t on
select 1 \\watch c=2 i=0
insert into t select count(*) from t returning a \\watch c=3 0
select a from t
\\watch count=2 min_rows=4
\\set WATCH_INTERVAL 0
\\pset title 'a title'
select 2 \\; select 3
\\watch c=2
copy (select 4) to stdout \\watch c=2
`,
}

/** Scripts with errors, which go on after them. */
const failing: Record<string, string> = {
  'gdesc of what is wrong':
    'select \\gdesc\nselect nothing \\gdesc\n\\echo :SQLSTATE\nselect 1 \\; select 2 \\gdesc\nselect 3;\n',
  'crosstabview of what cannot be turned':
    'select 1, 2 \\crosstabview\nselect 1, 2, 3, 4 \\crosstabview\nselect 1, 2, 3 from generate_series(1, 2) \\crosstabview\nselect 1, 2, 3 \\crosstabview 1 1\nselect 5;\n',
  'prepared statements that are not there':
    '\\bind_named gone 1 \\g\nselect 1 \\parse\n\\r\n\\bind_named\n\\close_prepared\nselect $1 \\parse one\n\\bind_named one \\g\nselect 2;\n',
  'an error in a pipeline, up to the next sync': `
\\startpipeline
insert into t values (1);
insert into t values (1);
insert into t values (2);
\\syncpipeline
insert into t values (3);
\\getresults 1
\\getresults 1
\\echo :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
\\getresults
\\endpipeline
select a from t;
`,
  'a pipeline that stays aborted': `
\\startpipeline
select 1/0;
\\flushrequest
\\getresults
select 1;
\\flushrequest
\\getresults
\\syncpipeline
select 2;
\\endpipeline
`,
  'what fails when a sync commits it': `
create table d (a int primary key deferrable initially deferred);
\\startpipeline
insert into d values (1), (1) returning a;
\\syncpipeline
insert into d values (2);
\\getresults 1
\\getresults
\\echo :PIPELINE_SYNC_COUNT :PIPELINE_RESULT_COUNT
select a from d;
\\endpipeline
drop table d;
`,
  'what a pipeline does not allow': `
\\endpipeline
\\syncpipeline
\\getresults
\\sendpipeline
\\startpipeline
\\startpipeline
\\getresults
\\getresults -1
select 1 \\bind \\g
\\r
select 2 \\gset
\\r
select 3 \\watch c=1
\\r
select 4 \\sendpipeline
\\r
select 5 \\bind \\gdesc
\\lo_unlink 5
select 6;
\\endpipeline
select 7;
`,
  'watch with wrong words': `
\\watch
select 1 \\watch c=0
\\r
select 1 \\watch m=x
\\r
select 1 \\watch 1 i=2
\\r
select 1 \\watch -1
\\r
select 1 \\watch q=1
\\r
select 1/0 \\watch i=0
select 2;
`,
}

/** Takes out what differs from run to run. */
function steady(stdout: string): string {
  return stdout.replace(/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, '<time>').replace(/(lo_\w+) \d+/g, '$1 <oid>')
}

// `\parse` and pipelines came with psql 18.
describe.runIf(psql18IsThere('What sends statements otherwise'))('as psql 18 does it:', () => {
  test.each(Object.entries(alike))('%s', async (_name, body) => {
    const database = await testDatabase()
    const folder = await makeFolder({ 'script.sql': setUp + body })
    const flags = ['-v', 'QUIET=off', '-v', 'ON_ERROR_STOP=1']
    const psql = await runPsql(['script.sql'], { folder, database }, flags)
    const alone = await runPgrig(['script.sql'], { folder, database }, ['-v', 'QUIET=off', '--no-transaction'])
    const whole = await runPgrig(['script.sql'], { folder, database }, ['-v', 'QUIET=off'])
    expect({ code: psql.code, stderr: psql.stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('ERROR') })
    expect({ code: alone.code, stdout: steady(alone.stdout) }).toEqual({ code: 0, stdout: steady(psql.stdout) })
    expect({ code: whole.code, stdout: steady(whole.stdout) }).toEqual({ code: 0, stdout: steady(psql.stdout) })
  })

  test.each(Object.entries(failing))('%s', async (_name, body) => {
    const database = await testDatabase()
    const folder = await makeFolder({ 'script.sql': setUp + body })
    const psql = await runPsql(['script.sql'], { folder, database })
    const pgrig = await runPgrig(['script.sql'], { folder, database }, ['--no-transaction', '-v', 'ON_ERROR_STOP=off'])
    const errors = ({ stderr }: { stderr: string }) =>
      stderr.match(/ERROR:.*/g)?.map((line) => line.replace(/\s+/, ' '))
    expect(errors(pgrig)).toEqual(errors(psql))
    expect({ code: pgrig.code, stdout: steady(pgrig.stdout) }).toEqual({ code: psql.code, stdout: steady(psql.stdout) })
  })

  test('large objects come from files and go to files', async () => {
    const script = `
\\lo_import data.bin 'it''s a comment'
\\set oid :LASTOID
select length(lo_get(:oid)), obj_description(:oid, 'pg_largeobject');
set bytea_output = escape;
\\lo_export :oid copy.bin
insert into t values (1);
\\echo :LASTOID
\\lo_import empty.bin
\\lo_export :LASTOID nothing.bin
\\lo_unlink :LASTOID
\\lo_unlink :oid
select lo_create(4711);
grant select on large object 4711 to public;
comment on large object 4711 is 'a comment';
\\lo_list
\\lo_list+
\\dlx
\\pset format html
\\lo_unlink 4711
`
    const data = Buffer.from(Array.from({ length: 700_001 }, (_value, at) => (at * 7919) % 251))
    const outcomes = []
    for (const mode of ['psql', 'alone', 'whole']) {
      const database = await testDatabase()
      const folder = await makeFolder({ 'script.sql': setUp + script, 'data.bin': data, 'empty.bin': '' })
      const flags = ['-v', 'QUIET=off', ...(mode === 'alone' ? ['--no-transaction'] : [])]
      const run = mode === 'psql' ? runPsql : runPgrig
      const { code, stdout } = await run(['script.sql'], { folder, database }, flags)
      const copy = await readFile(join(folder, 'copy.bin'))
      expect(copy.equals(data)).toBe(true)
      expect(await readFile(join(folder, 'nothing.bin'))).toEqual(Buffer.alloc(0))
      outcomes.push({ code, stdout: steady(stdout) })
    }
    expect(outcomes[0]?.code).toBe(0)
    expect(outcomes.slice(1)).toEqual([outcomes[0], outcomes[0]])
  })
})

describe('a pipeline', () => {
  test('that is not ended is an error, and nothing of it stays', async () => {
    for (const flags of [[], ['--no-transaction']]) {
      const database = await testDatabase()
      const stage = await makeStage(database, { 'load.sql': '\\startpipeline\ncreate table t ();\n' })
      const { code, stderr } = await stage.start(['run', 'load.sql', ...flags]).ended
      expect(stderr).toContain('load.sql:1:1: error: There is no \\endpipeline for this \\startpipeline.')
      expect(stderr).not.toContain('WARNING')
      expect(code).toBe(3)
      await expectNothing(database)
    }
  })

  test('that an error ends keeps what was synced, outside of a transaction', async () => {
    const database = await testDatabase()
    const script =
      '\\startpipeline\ncreate table kept ();\n\\syncpipeline\ncreate table lost ();\n\\getresults 2\n\\g\n'
    const stage = await makeStage(database, { 'load.sql': script })
    const { code, stderr } = await stage.start(['run', 'load.sql', '--no-transaction']).ended
    expect(stderr).toContain('load.sql:6:1: error: \\g is not allowed in a pipeline.')
    expect(code).toBe(3)
    await expect.poll(() => tablesIn(database)).toEqual(['kept'])
  })

  test('shows the place of an error, and rolls back all', async () => {
    const database = await testDatabase()
    const script =
      'create table t ();\n\\startpipeline\nselect 1;\nselect\n  nothing;\n\\syncpipeline\nselect 2;\n\\endpipeline\n'
    const stage = await makeStage(database, { 'load.sql': script })
    const { code, stdout, stderr } = await stage.start(['run', 'load.sql', '--quiet']).ended
    expect(stderr).toContain('load.sql:5:3: ERROR: column "nothing" does not exist\n')
    expect({ code, stdout }).toEqual({ code: 3, stdout: ' ?column? \n----------\n        1\n(1 row)\n\n' })
    await expectNothing(database)
  })

  test('does not hold COPY, \\copy or \\d, nor ends the transaction around it', async () => {
    const database = await testDatabase()
    const cases = {
      'copy t from stdin;\n1\n\\.\n': 'COPY from or to the script cannot be in a pipeline.',
      'copy (select 1) to stdout;\n\\endpipeline\n': 'COPY from or to the script cannot be in a pipeline.',
      '\\copy (select 1) to stdout\n': '\\copy is not allowed in a pipeline.',
      '\\d\n': '\\d is not allowed in a pipeline.',
      'commit \\bind \\sendpipeline\n\\endpipeline\n': 'The script has transactions of its own: COMMIT',
    }
    for (const [body, message] of Object.entries(cases)) {
      const stage = await makeStage(database, { 'load.sql': `create table t (a int);\n\\startpipeline\n${body}` })
      const { code, stderr } = await stage.start(['run', 'load.sql']).ended
      expect(stderr).toContain(message)
      expect(code).toBe(3)
      await expectNothing(database)
    }
  })
})

test('COPY data goes with \\bind, and cannot be prepared or repeated', async () => {
  const database = await testDatabase()
  await ask(database, 'create table t (a int)')
  const stage = await makeStage(database, {
    'bind.sql': 'copy t from stdin \\bind \\g\n1\n2\n\\.\nselect count(*) from t;\n',
    'parse.sql': 'copy t from stdin \\parse x\n',
    'watch.sql': 'copy t from stdin \\watch c=2\n1\n\\.\n',
  })
  for (const flags of [[], ['--no-transaction']]) {
    const bound = await stage.start(['run', 'bind.sql', '-t', '--quiet', ...flags]).ended
    expect({ code: bound.code, rows: bound.stdout.trim() }).toEqual({ code: 0, rows: flags.length === 0 ? '2' : '4' })
  }
  const prepared = await stage.start(['run', 'parse.sql']).ended
  expect(prepared.stderr).toContain('COPY … FROM STDIN cannot be prepared.')
  const watched = await stage.start(['run', 'watch.sql']).ended
  expect(watched.stderr).toContain('COPY … FROM STDIN cannot be repeated.')
})

describe('\\watch', () => {
  test.each(['between two runs', 'while the server works'])(
    'ends at once on Ctrl-C %s, with all rolled back',
    async (when) => {
      const database = await testDatabase()
      const statement = when === 'between two runs' ? 'select 5' : 'select pg_sleep(60)'
      const stage = await makeStage(database, { 'load.sql': `create table t ();\n${statement} \\watch 3600\n` })
      const { child, ended } = stage.start(['run', 'load.sql'])
      await waitUntil(database, when === 'between two runs' ? /^active ClientRead: select 5/ : /^active PgSleep/)
      child.kill('SIGINT')
      const { code, stderr } = await ended
      expect(stderr).toContain('Nothing of it was kept: the transaction was rolled back.')
      expect(code).toBe(130)
      await expectNothing(database)
    },
  )
})

describe('\\lo_import', () => {
  test('of a file that is not there is found before anything runs', async () => {
    const database = await testDatabase()
    const stage = await makeStage(database, { 'load.sql': 'create table t ();\n\\lo_import gone.bin\n' })
    const { code, stderr } = await stage.start(['run', 'load.sql', '--no-transaction']).ended
    expect(stderr).toContain('load.sql:2:1: error: There is no file gone.bin.\n')
    expect(stderr).toContain('Nothing of the script was run.')
    expect(code).toBe(1)
    await expectNothing(database)
  })

  test('reads what \\lo_export has written before, and is rolled back when it fails', async () => {
    const database = await testDatabase()
    const stage = await makeStage(database, {
      'twice.sql': `select lo_from_bytea(42, 'abc');\n\\lo_export 42 out.bin\n\\lo_import out.bin\n\\lo_unlink 42\n`,
      'wrong.sql': '\\lo_import data.bin comment\n\\lo_unlink 43\n',
    })
    await writeFile(stage.path('data.bin'), 'data')
    const twice = await stage.start(['run', 'twice.sql']).ended
    expect({ code: twice.code, stderr: twice.stderr }).toEqual({
      code: 0,
      stderr: expect.not.stringContaining('error'),
    })
    const wrong = await stage.start(['run', 'wrong.sql']).ended
    expect(wrong.stderr).toContain('wrong.sql:2:1: ERROR: large object 43 does not exist')
    expect(wrong.code).toBe(3)
    const connection = await database.connect()
    const found = await connection.query<{ bytes: string }>`
      select convert_from(lo_get(oid), 'utf8') as bytes from pg_largeobject_metadata`
    await connection.close()
    expect(found).toEqual([{ bytes: 'abc' }])
  })
})

test('what looks through a script knows what changes something, and what \\parse will run', async () => {
  const look = async (script: string) => {
    const { onlyReads, transactionProblems } = await inspect([textSource(script)])
    return { onlyReads, problems: transactionProblems.map(({ what }) => what) }
  }
  const reads = { onlyReads: true, problems: [] }
  expect(await look('select 1 \\watch c=2\nselect $1 \\parse a\n\\bind_named a 1 \\g\n\\close_prepared a\n')).toEqual(
    reads,
  )
  expect(await look('\\lo_export 1 f\n\\lo_list\n\\dl\ndelete from t \\gdesc\nvacuum \\gdesc\n')).toEqual(reads)
  expect(await look('\\startpipeline\nselect 1;\n\\endpipeline\n')).toEqual(reads)
  expect(await look('\\lo_unlink 1\n')).toEqual({ onlyReads: false, problems: [] })
  expect(await look('delete from t \\parse a\n')).toEqual({ onlyReads: false, problems: [] })
  expect(await look('delete from t \\watch c=2\n')).toEqual({ onlyReads: false, problems: [] })
  expect(await look('\\startpipeline\nvacuum \\bind \\sendpipeline\ncommit;\n\\endpipeline\n')).toEqual({
    onlyReads: false,
    problems: ['VACUUM', 'COMMIT'],
  })
})
