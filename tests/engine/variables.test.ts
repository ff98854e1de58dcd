import { describe, expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { makeFolder, runPgrig, runPsql } from './engine.ts'
import { psql18IsThere } from './psql18.ts'

const specials =
  'AUTOCOMMIT COMP_KEYWORD_CASE ECHO ECHO_HIDDEN FETCH_COUNT HIDE_TABLEAM HIDE_TOAST_COMPRESSION HISTCONTROL HISTFILE HISTSIZE ' +
  'IGNOREEOF ON_ERROR_ROLLBACK PROMPT1 PROMPT2 PROMPT3 QUIET SHOW_ALL_RESULTS SHOW_CONTEXT SINGLELINE VERBOSITY WATCH_INTERVAL'

/** Sets each of them to each of these words, and shows what it holds then, and when it is unset. */
const words = [
  '',
  'on',
  'OF',
  'tru',
  'interactive',
  'noexec',
  'terse',
  'Always',
  'lower',
  'ignoreboth',
  '0x1F',
  '010',
  '09',
  '-3',
  '1e2',
  '3000000000',
]
const settings = specials
  .split(' ')
  .flatMap((name) => [
    `\\echo ${name} :${name}`,
    // What is echoed then is in the tests of ECHO.
    ...words.map((word) => `\\set ${name} ${word}\n\\echo ${word} :${name}`),
    `\\unset ${name}\n\\echo unset :${name}`,
  ])
  .join('\n')

const table = 'create table kept (n int);\n'

const scripts: Record<string, string> = {
  'special variables': `${settings}\n\\unset a/b\n\\echo next\n`,
  'what no statement has set': '\\echo :LAST_ERROR_MESSAGE :LAST_ERROR_SQLSTATE :ERROR :SQLSTATE :ROW_COUNT\n',
  'an empty statement': 'select 1/0;\n;\n\\echo :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE\n',
  '-n of \\echo, in quotes and without':
    '\\echo -n a\n\\echo \'-n\' b\n\\echo "-n" c\n\\echo -nx d\n\\set n -n\n\\echo :n e\n\\echo -n\n\\echo f\n',
  'settings of one result': String.raw`select 1 as a, 2 as b \g (format=csv csv_fieldsep='\t')
select 1 as a, 2 as b \gx (title='foo bar' expanded=off border=2)
\g
select 1 \g (format=csv
\g (border=x
select 3 \g (nonsense=1) \echo not read
\p
\g
select 4 \g ( format=unaligned tuples_only ) | cat
`,
  'the rest of the line behind a refused command': String.raw`\set AUTOCOMMIT foo \echo not read
\unset \echo not read
\endif \echo not read
\pset border 2 \pset format nonsense \echo not read
\d nonsense \echo not read
\lo_unlink 12345 \echo not read
select 1/0 \watch c=1 \echo not read
select 2 \watch nonsense \echo not read
\p
select 1 \parse \echo not read
\p
\r
select 1 where false \gset \echo read
select 1, 2, 3, 4 \crosstabview \echo read
select 1/0 \gexec \echo read
\getenv x \echo not read
\if nonsense \echo read \else \echo else \endif \echo end
begin;
select 1/0;
\d kept \echo not read
rollback;
`,
  'a statement behind a refused command': String.raw`select 1
\set AUTOCOMMIT foo \echo not read
, 2 \parse \echo not read
, 3;
\startpipeline
select (4
\p
) \gset \echo not read
\p
+ 1 \bind \sendpipeline
select 5 \bind \gdesc \echo read
\p
\endpipeline
`,
  'AUTOCOMMIT off': `${table}\\set AUTOCOMMIT off
insert into kept values (1);
rollback;
insert into kept values (2) \\; commit;
insert into kept values ($1) \\bind 3 \\g
rollback;
select 'insert into kept values (4)' \\gexec
rollback;
\\copy kept from stdin
5
\\.
rollback;
copy kept from stdin;
6
\\.
commit;
vacuum kept;
rollback;
create index concurrently on kept (n);
create unique index concurrently on kept (n);
rollback;
table kept;
rollback;
table kept \\gdesc
rollback;
begin;
insert into kept values (7);
commit;
select 1/0;
insert into kept values (8);
rollback;
\\unset AUTOCOMMIT
insert into kept values (9);
\\set AUTOCOMMIT on
commit;
table kept;
`,
  'what is left without a commit is rolled back': `${table}\\set AUTOCOMMIT off
insert into kept values (1);
\\! true
`,
  ON_ERROR_ROLLBACK: `${table}\\set ON_ERROR_ROLLBACK on
begin;
insert into kept values (1);
insert into kept values ('x');
insert into kept values (2) \\; select 1/0;
insert into kept values (3) \\; savepoint mine;
insert into kept values (4);
rollback to mine;
select 1/0 \\gset
select $1::int \\bind x \\g
select 'select 1/0' union all select 'insert into kept values (5)' \\gexec
select nope \\gdesc
insert into kept values (6);
\\copy kept from stdin
x
\\.
copy kept from stdin;
7
\\.
copy kept from stdin;
x
\\.
insert into kept values (8) \\parse eight
\\bind_named eight \\g
commit and chain;
insert into kept values (9);
release nothing;
commit;
table kept;
begin;
\\set ON_ERROR_ROLLBACK interactive
insert into kept values (10);
select 1/0;
commit;
table kept;
\\set AUTOCOMMIT off
\\set ON_ERROR_ROLLBACK on
insert into kept values (11);
select 1/0;
insert into kept values (12);
commit;
table kept;
`,
  FETCH_COUNT: String.raw`\set FETCH_COUNT 2
select n, repeat('x', n) as x from generate_series(1, 5) n;
select n from generate_series(1, 4) n;
select 1 as one;
select 1 where false;
\pset border 2
\pset title widths
select n, repeat('x', n) as x from generate_series(1, 5) n;
\pset format wrapped
\pset columns 20
select n, repeat('x y', n) as x from generate_series(1, 12, 3) n;
\pset format aligned
\x
select n, repeat('x', n) as x from generate_series(1, 5) n;
select 1 where false;
\t
select n, repeat('x', n) as x from generate_series(1, 3) n;
\pset border 1
select n, repeat('x', n) as x from generate_series(1, 3) n;
\t
\x
\pset format unaligned
select n from generate_series(1, 5) n;
\pset format csv
select n from generate_series(1, 5) n;
select 10 / (4 - n) as q from generate_series(1, 5) n;
\echo :ROW_COUNT :SQLSTATE
\pset format aligned
select 10 / (4 - n) as q from generate_series(1, 5) n;
select n from generate_series(1, 3) n \; select 2 as two;
select n as y, n as x, n from generate_series(1, 3) n \crosstabview
select n from generate_series(1, 3) n \gset
`,
  SHOW_ALL_RESULTS: String.raw`select 1 as a \; select 2 as b;
select 1 as a \; select 2 as b \gset
\echo :b
select 1 as a \; create temp table t1 () \; select 'select 3 as c' \; select 'select 4 as d' \gexec
select 1 as a \; select 1 / 0 \gset
select 1 as a \; select 1 / 0;
select 1, 2, 3 \; select 'x' as x, 'y' as y, 'z' as z \crosstabview
copy (select 'x') to stdout \; select 5 as e \gset
select 6 as f \; copy (select 'y') to stdout \gset
\set SHOW_ALL_RESULTS off
select 1 as a \; select 2 as b;
select 1 as a \; select 1 / 0;
select 1 as a \; create temp table t2 ();
create temp table t3 () \; select 2 as b \; ;
select 1 as a \; select 2 as b \gset
copy (select 'x') to stdout \; select 5 as e;
select 5 as e \; copy (select 'x') to stdout;
select 1 as a;
\set FETCH_COUNT 1
select n, repeat('x', n) from generate_series(1, 2) n;
`,
  'HIDE_TABLEAM and HIDE_TOAST_COMPRESSION': `${table}\\set HIDE_TABLEAM on
\\d+ kept
\\dt+
\\set HIDE_TOAST_COMPRESSION on
\\d+ kept
\\set HIDE_TABLEAM off
\\d+ kept
`,
  'ECHO_HIDDEN noexec': '\\set ECHO_HIDDEN noexec\n\\dn \\echo not read\n\\echo on\nselect 1;\n',
  'empty lines in a statement': String.raw`select 1

, '

', $$

$$ /*

*/
\p

, 2
  
, 3

\g
\p
\set ECHO queries
select 4

;
`,
}

describe.runIf(psql18IsThere('What the variables of psql do'))('as psql 18 does it:', () => {
  test.each(Object.entries(scripts))('%s', async (_name, script) => {
    const databases = [await testDatabase(), await testDatabase()] as const
    const files = { 'script.sql': script }
    const flags = ['-v', 'QUIET=off']
    const psql = await runPsql(['script.sql'], { folder: await makeFolder(files), database: databases[0] }, flags)
    const pgrig = await runPgrig(['script.sql'], { folder: await makeFolder(files), database: databases[1] }, [
      ...flags,
      '--no-transaction',
      '--allow-shell',
      '-v',
      'ON_ERROR_STOP=off',
    ])
    expect({ code: pgrig.code, stdout: pgrig.stdout }, pgrig.stderr).toEqual({ code: psql.code, stdout: psql.stdout })
  })
})

test.each([
  ['\\set AUTOCOMMIT off', 'AUTOCOMMIT off leaves it to the script to commit'],
  ['\\unset AUTOCOMMIT', 'AUTOCOMMIT off leaves it to the script to commit'],
  ['\\set ON_ERROR_STOP off \\set ON_ERROR_ROLLBACK', 'ON_ERROR_ROLLBACK goes on after an error'],
])('%s is refused in one transaction, before anything is run', async (command, message) => {
  const database = await testDatabase()
  const folder = await makeFolder({ 'script.sql': `create table never ();\n${command}\n` })
  const { code, stderr } = await runPgrig(['script.sql'], { folder, database })
  expect(stderr).toContain(`error: ${message}, and the script runs in one transaction, all or nothing.`)
  expect(stderr).toContain('Nothing of the script was run.')
  expect(stderr).toContain('--no-transaction')
  expect(code).toBe(3)
  const given = await runPgrig([], { folder, database }, ['-v', 'AUTOCOMMIT=off', '-c', 'create table never ()'])
  expect(given.stderr).toContain('AUTOCOMMIT off')
  const there = await runPgrig([], { folder, database }, ['-c', "select to_regclass('never') is null as gone"])
  expect(there.stdout).toContain(' t')
})

test('ON_ERROR_ROLLBACK says nothing where an error ends the script', async () => {
  const database = await testDatabase()
  const script = '\\set ON_ERROR_ROLLBACK on\n\\set ON_ERROR_STOP on\nselect 1 as one;\nselect 1/0;\nselect 2 as two;\n'
  const folder = await makeFolder({ 'script.sql': script })
  const { code, stdout, stderr } = await runPgrig(['script.sql'], { folder, database })
  expect(stdout).toContain('one')
  expect(stdout).not.toContain('two')
  expect(stderr).toContain('script.sql:4:1: ERROR: division by zero')
  expect(code).toBe(3)
})

test('VERBOSITY and SHOW_CONTEXT decide what is told of errors and notices', async () => {
  const database = await testDatabase()
  const noisy = `do $$ begin raise notice 'n' using hint = 'h'; raise exception 'e' using detail = 'd'; end $$;\n`
  const told = async (script: string) => {
    const folder = await makeFolder({ 'script.sql': `${script}\n${noisy}` })
    const flags = ['--no-transaction', '-v', 'ON_ERROR_STOP=off']
    const { stderr } = await runPgrig(['script.sql'], { folder, database }, flags)
    return stderr.match(/HINT|DETAIL|CONTEXT/g)
  }
  expect(await told('')).toEqual(['HINT', 'DETAIL', 'CONTEXT'])
  expect(await told('\\set SHOW_CONTEXT never')).toEqual(['HINT', 'DETAIL'])
  expect(await told('\\set SHOW_CONTEXT always')).toEqual(['HINT', 'CONTEXT', 'DETAIL', 'CONTEXT'])
  expect(await told('\\set VERBOSITY terse')).toBeNull()
})
