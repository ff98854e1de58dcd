import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { makeFolder, runPgrig, runPsql } from './engine.ts'

const database = await testDatabase()

const goesOn = ['--no-transaction', '--allow-shell', '-v', 'ON_ERROR_STOP=off']

/** Runs a script with both, each in a folder of its own. */
async function runBoth(script: string, files: Record<string, string> = {}, variables: readonly string[] = []) {
  const contents = { ...files, 'script.sql': script, 'sub/empty': '' }
  const theirs = await makeFolder(contents)
  const ours = await makeFolder(contents)
  const flags = variables.flatMap((variable) => ['-v', variable])
  return {
    psql: await runPsql(['script.sql'], { folder: theirs, database }, ['-v', 'QUIET=off', ...flags]),
    pgrig: await runPgrig(['script.sql'], { folder: ours, database }, ['-v', 'QUIET=off', ...goesOn, ...flags]),
    read: async (name: string) => Promise.all([theirs, ours].map((folder) => readFile(join(folder, name), 'utf8'))),
  }
}

const scripts: Record<string, string> = {
  '\\p prints what was read of a statement': 'select 1\n\\p\n, 2\n  \\p\n;\n\\p\n',
  '\\p of nothing': '\\p\n\\print\nselect 1 \\r\n\\p\n',
  '\\p behind a statement that a command has sent': 'select 1 as one \\gset\n\\p\n\\echo :one\nselect 2\n\\g\n\\p\n',
  '\\p with variables, in and behind a branch': "\\set x 'a''b'\nselect :'x'\n\\if false\n, 1 \\p\n\\endif\n\\p\n;\n",
  '\\p in an included file, which has a buffer of its own': 'select 1;\n\\i include.sql\n\\p\n',
  '\\s of a script that has no history': '\\s\n\\echo on\n',
  '\\setenv for \\getenv and programs':
    "\\setenv PGRIG_A 'one two'\n\\getenv a PGRIG_A\n\\echo :a\n\\! echo $PGRIG_A\n\\setenv PGRIG_A\n\\! echo [$PGRIG_A]\n\\setenv a=b c\n\\setenv\n",
  '\\cd for \\i, \\ir, \\copy, \\w and programs': `\\cd sub
\\! basename $PWD
\\i ../include.sql
select 1 as written
\\w out.sql
\\i out.sql
\\r
\\set QUIET on
\\copy (select 7 as seven) to rows.csv
\\cd ..
\\! cat sub/rows.csv
create temp table t (x int);
\\cd sub
\\copy t from rows.csv
table t;
`,
  '\\errverbose without an error': '\\errverbose\nselect 1;\n\\errverbose\n',
  'ECHO all': `-- before
\\set ECHO all

-- a comment
select 1;   select 2;
select '

x

';  /* in

a comment */ select 3
\\p
+ 1;

create temp table t (a text);
copy t from stdin;
a

b
\\.

\\if false
select 9;

\\endif
\\i include.sql
select $$

$$, "a" from (select 1 as "a") x

;
select 'select 5' \\gexec
\\set ECHO none
select 6;
\\set ECHO ALL
select 'last'
-- end`,
  'ECHO queries': '\\set ECHO queries\nselect 1;\n-- c\n\\echo x\nselect 2\n\\g\n',
  'an ECHO that there is not': '\\set ECHO loud\nselect 1;\n',
  SINGLELINE: `\\set SINGLELINE on
select 1
select (1
+ 2)
-- c

select 'a
b'
  select 3 -- foo
\\p
\\if false
select 4
\\endif
\\set SINGLELINE off
select 6
, 7;
`,
  // Older ones do not follow the body so far.
  ...(programs.psql.major >= 18 && {
    'SINGLELINE in the body of a function': `\\set SINGLELINE on
create function f() returns int begin atomic
select 5;
end
select f()
drop function f()
`,
  }),
}

describe.runIf(psqlIsThere('The commands of psql were not compared with psql'))('as psql does it:', () => {
  test.each(Object.entries(scripts))('%s', async (_, script) => {
    const { psql, pgrig } = await runBoth(script, { 'include.sql': '\\p\nselect 8;\n\\p\n' })
    expect(pgrig.stdout, pgrig.stderr).toBe(psql.stdout)
    expect(psql.stdout).not.toBe('')
  })

  test('\\w writes to a file and to a program', async () => {
    const { psql, pgrig, read } = await runBoth(
      'select 1\n\\w one.sql\n;\n\\w two.sql\n\\w |cat\n\\w three.sql \\echo on\n\\w\n',
    )
    expect(pgrig.stdout).toBe(psql.stdout)
    for (const name of ['one.sql', 'two.sql', 'three.sql']) {
      const [theirs, ours] = await read(name)
      expect(ours).toBe(theirs)
    }
  })

  test('ECHO all from the start', async () => {
    const script = 'select 1;\n\n\\echo a\nselect\n\n2;'
    const { psql, pgrig } = await runBoth(script, {}, ['ECHO=all'])
    expect(pgrig.stdout).toBe(psql.stdout)
    const words = ['-v', 'ECHO=all', '-c', 'select 1\nas one']
    const folder = await makeFolder()
    const theirs = await runPsql([], { folder, database }, words)
    expect((await runPgrig([], { folder, database }, words)).stdout).toBe(theirs.stdout)
  })

  test('\\errverbose repeats an error with all that there is', async () => {
    const long = (before: number, after: number) =>
      `select ${'1, '.repeat(before)}nope${', 2'.repeat(after)};\n\\errverbose\n`
    const { psql, pgrig } = await runBoth(`create table verbose (id int primary key constraint small check (id < 5));
insert into verbose values (9);
\\errverbose
insert into verbose values (1), (1);
\\errverbose
select 1,
\t'é', nope
from verbose;
\\errverbose
do $$ begin perform 1 / 0; end $$;
\\errverbose
do $$ begin perform nope; end $$;
\\errverbose
${long(0, 30)}${long(30, 0)}${long(30, 30)}${long(17, 1)}drop table verbose;
`)
    const verbose = (text: string) => text.match(/ERROR: {2}\w{5}: [^]*?LOCATION: .*\n/g)
    expect(verbose(pgrig.stderr)).toEqual(verbose(psql.stderr))
    expect(verbose(psql.stderr)).toHaveLength(9)
  })

  test('\\copyright, but for the year', async () => {
    const { psql, pgrig } = await runBoth('\\copyright\n')
    const steady = (text: string) => text.replace(/1996-\d+/, '')
    expect(steady(pgrig.stdout)).toBe(steady(psql.stdout))
  })

  test.runIf(programs.psql.major >= 18)('\\conninfo', async () => {
    const { psql, pgrig } = await runBoth('\\conninfo\n\\pset format csv\n\\t\n\\conninfo\n')
    const steady = (text: string) => text.replace(/(Backend PID\W*)\d+/g, '$1N')
    expect(steady(pgrig.stdout)).toBe(steady(psql.stdout))
  })
})

test('ECHO errors prints the statement after an error that the script goes on after', async () => {
  const folder = await makeFolder({ 'script.sql': '\\set ECHO errors\nselect 1,\nnope;\nselect 2;\n' })
  const { code, stderr } = await runPgrig(['script.sql'], { folder, database }, goesOn)
  expect(stderr).toContain('ERROR: column "nope" does not exist')
  expect(stderr).toMatch(/STATEMENT: {2}select 1,\nnope;\n$/)
  expect(code).toBe(0)
})

test.each([
  ['\\set SINGLESTEP on', 'SINGLESTEP asks a person before each statement'],
  ['\\h select', '\\h shows the syntax of SQL, which is in the manual of PostgreSQL.'],
  ['\\w |cat', '\\w |… would run a program of this machine.'],
  ['\\cd nowhere', 'There is no folder nowhere.'],
])('%s is refused before anything is run', async (command, message) => {
  const folder = await makeFolder({ 'script.sql': `create table never ();\n${command}\n` })
  const { code, stdout, stderr } = await runPgrig(['script.sql'], { folder, database })
  expect(stderr).toContain(`script.sql:2:1: error: ${message}`)
  expect(stderr).toContain('Nothing of the script was run.')
  expect(stdout).toBe('')
  expect(code).not.toBe(0)
})

test('\\? lists the commands that are run', async () => {
  const { stdout } = await runPgrig(['script.sql'], { folder: await makeFolder({ 'script.sql': '\\?\n' }), database })
  for (const name of ['gset', 'copy', 'if', 'conninfo', 'cd']) expect(stdout).toMatch(new RegExp(`\\\\${name}\\b`))
  expect(stdout).not.toContain('\\prompt')
})

test('\\cd in a branch that may not be taken: files behind it are looked for when it is known', async () => {
  const folder = await makeFolder({
    'script.sql': 'select false as ok \\gset\n\\if :ok\n\\cd sub\n\\endif\n\\i one.sql\n',
    'one.sql': "select 'one';\n",
    'sub/two.sql': '',
  })
  const { code, stdout } = await runPgrig(['script.sql'], { folder, database }, ['--tuples-only'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: ' one\n\n' })
})

const fill = `SELECT pg_catalog.lo_open('77', 131072);
SELECT pg_catalog.lowrite(0, '\\x6162');
SELECT pg_catalog.lo_close(0);
`

test('the transaction that pg_dump puts around the data of large objects is passed over, and --verbose says so', async () => {
  const folder = await makeFolder({
    'dump.sql': `SELECT pg_catalog.lo_create('77');\n\nBEGIN;\n\n${fill}\nCOMMIT;\n\nselect convert_from(lo_get(77), 'UTF8');\n`,
    'broken.sql': `SELECT pg_catalog.lo_create('78');\nBEGIN;\n${fill}COMMIT;\nselect nope;\n`,
  })
  const { code, stdout, stderr } = await runPgrig(['dump.sql'], { folder, database }, ['--verbose', '--tuples-only'])
  expect(stderr).toContain('  dump.sql:3:1  BEGIN passed over: all is one transaction\n')
  expect(stderr).toContain('  dump.sql:9:1  COMMIT passed over: all is one transaction\n')
  expect(stdout).toContain(' ab\n')
  expect(code).toBe(0)
  const failed = await runPgrig(['broken.sql'], { folder, database })
  expect(failed.stderr).toContain('Nothing of it was kept: the transaction was rolled back.')
  const connection = await database.connect()
  expect(await connection.run('select oid::int from pg_largeobject_metadata where oid in (77, 78)')).toEqual([
    { oid: 77 },
  ])
  await connection.close()
})

test.each([
  ['another statement in it', `BEGIN;\n${fill}select 1;\nCOMMIT;\n`],
  ['nothing in it', 'BEGIN;\nCOMMIT;\n'],
  ['no end', `BEGIN;\n${fill}`],
  ['another end', `BEGIN;\n${fill}ROLLBACK;\n`],
  ['a transaction of a certain kind', `BEGIN ISOLATION LEVEL SERIALIZABLE;\n${fill}COMMIT;\n`],
])('any other transaction of a script is refused: %s', async (_, script) => {
  const folder = await makeFolder({ 'script.sql': `create table never ();\n${script}` })
  const { code, stderr } = await runPgrig(['script.sql'], { folder, database })
  expect(stderr).toContain('script.sql:2:1: error: The script has transactions of its own: BEGIN')
  expect(code).toBe(3)
})

test('so is one behind a condition that only the database knows, when it comes to it', async () => {
  const folder = await makeFolder({
    'script.sql': `select true as ok \\gset\n\\if :ok\nBEGIN;\nselect 1;\nCOMMIT;\n\\endif\n`,
  })
  const { code, stderr } = await runPgrig(['script.sql'], { folder, database })
  expect(stderr).toContain('script.sql:3:1: error: BEGIN ends or begins a transaction')
  expect(code).toBe(3)
})
