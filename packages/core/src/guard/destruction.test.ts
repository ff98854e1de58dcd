import { beforeAll, expect, test } from 'vitest'
import type { Deed } from './deed.ts'
import { readDeeds } from './destruction.ts'
import { loadParser, type Parser } from './parser.ts'
import { isPlainInsert } from './plain-insert.ts'
import { nameText } from './tree.ts'

let parser: Parser

beforeAll(async () => {
  parser = await loadParser()
})

/** What is lost, what is unknown, and what is called, a line each; what only matters for later statements is left out. */
function verdicts(sql: string): string[] {
  const prepared = new Set<string>()
  return readDeeds(parser, sql).flatMap((deed: Deed) => {
    switch (deed.kind) {
      case 'destroys': {
        const object = deed.object && ` ${nameText(deed.object)}`
        return [`${deed.action}${object ?? ''}${deed.cascade ? ', and what needs it' : ''}`]
      }
      case 'unknown':
        return [`unknown: ${deed.why.replace(/: .*/, '')}`]
      case 'drops with dependents':
        return [`unknown: ${deed.what}`]
      case 'calls':
        return [`calls ${nameText(deed.routine)}`]
      case 'prepares':
        prepared.add(deed.name)
        return []
      case 'executes':
        return prepared.has(deed.name) ? [] : [`unknown: executes ${deed.name}`]
      default:
        return []
    }
  })
}

const unreadable = 'unknown: cannot be read by the parser of PostgreSQL 18'
const dynamic = 'unknown: runs a statement that is put together while it runs (execute)'

const destructive: [string, ...string[]][] = [
  ['drop table t', 'drops the table t'],
  ['DROP TABLE T', 'drops the table t'],
  ['dRoP tAbLe "T"', 'drops the table "T"'],
  [
    'drop table if exists a.b, "C d" cascade',
    'drops the table a.b, and what needs it',
    'drops the table "C d", and what needs it',
  ],
  ['drop/**/table/* x */t', 'drops the table t'],
  ['drop -- table other\n table t', 'drops the table t'],
  ['/* /* nested */ */ drop table t', 'drops the table t'],
  ['drop table other.public.t', 'drops the table public.t'],
  ['drop table U&"d\\0061ta"', 'drops the table data'],
  ['drop table "drop table x"', 'drops the table "drop table x"'],
  ['drop materialized view m', 'drops the materialized view m'],
  ['drop schema s', 'drops the schema s'],
  ['drop schema if exists s cascade', 'drops the schema s, and what needs it'],
  ['drop database d', 'drops the database d'],
  ['drop database if exists "D" with (force)', 'drops the database "D"'],
  ['drop sequence s', 'drops the sequence s'],
  ['drop foreign table f cascade', 'drops the foreign table f, and what needs it'],
  ['drop view v cascade', 'drops the view v, and what needs it'],
  ['drop type s.mood cascade', 'drops the type s.mood, and what needs it'],
  ['drop domain email cascade', 'drops the domain email, and what needs it'],
  ['drop extension hstore', 'drops the extension hstore'],
  ['drop extension hstore cascade', 'drops the extension hstore, and what needs it'],
  ['drop access method heap2 cascade', 'drops the access method heap2, and what needs it'],
  ['drop collation de cascade', 'drops the collation de, and what needs it'],
  ['drop server far cascade', 'drops the foreign server far, and what needs it'],
  ['drop foreign data wrapper w cascade', 'drops the foreign-data wrapper w, and what needs it'],
  ['drop tablespace fast', 'drops the tablespace fast'],
  ['drop subscription s', 'drops the subscription s'],
  ['drop owned by app', 'drops the property of app'],
  ['drop owned by current_user cascade', 'drops the property of current_user, and what needs it'],
  ['truncate t', 'empties the table t'],
  [
    'truncate table only a, b restart identity cascade',
    'empties the table a, and what needs it',
    'empties the table b, and what needs it',
  ],
  ['TRUNCATE "t;"', 'empties the table "t;"'],
  ['delete from t', 'deletes every row of t'],
  ['delete from only a.t as x', 'deletes every row of a.t'],
  ['delete from t using s', 'deletes every row of t'],
  ['delete from t returning *', 'deletes every row of t'],
  ['delete from t where true', 'deletes every row of t'],
  ['delete from t where 1 = 1', 'deletes every row of t'],
  ['delete from t where 1=1 or id = 3', 'deletes every row of t'],
  ['delete from t where id = 3 or true', 'deletes every row of t'],
  ['delete from t where not false', 'deletes every row of t'],
  ['delete from t where not (1 = 2)', 'deletes every row of t'],
  [`delete from t where 'x' = 'x'`, 'deletes every row of t'],
  [`delete from t where 't'::bool`, 'deletes every row of t'],
  [`delete from t where cast('yes' as boolean) and 2 > 1`, 'deletes every row of t'],
  ['delete from t where id = id', 'deletes every row of t'],
  ['delete from t where t.id = id', 'deletes every row of t'],
  ['delete from t where exists (select 1)', 'deletes every row of t'],
  ['delete from t where (select true)', 'deletes every row of t'],
  ['delete from t where 3 = 1 + 2', 'deletes every row of t'],
  ['delete from t where true is true', 'deletes every row of t'],
  ['delete from t where null is null', 'deletes every row of t'],
  ['delete from t where $1', 'deletes every row of t'],
  ['delete from t where now() > current_date', 'deletes every row of t', 'calls now'],
  [`delete from t where 'a' like '%'`, 'deletes every row of t'],
  ['update t set a = 1', 'changes every row of t'],
  ['update t set a = s.a from s', 'changes every row of t'],
  ['update t set a = 1 where 1 = 1', 'changes every row of t'],
  ['update only "T" set "where" = true', 'changes every row of "T"'],
  ['with d as (delete from t returning *) insert into u select * from d', 'deletes every row of t'],
  [
    'with a as (with b as (select 1) select * from b), c as (update t set x = 1 returning x) select * from c',
    'changes every row of t',
  ],
  ['insert into log with gone as (delete from t returning id) select id from gone', 'deletes every row of t'],
  ['with x as (delete from a) delete from b', 'deletes every row of b', 'deletes every row of a'],
  ['prepare p as delete from t', 'deletes every row of t'],
  ['prepare p (int) as update t set a = $1', 'changes every row of t'],
  ['explain analyze delete from t', 'deletes every row of t'],
  ['explain (analyze, costs off) update t set a = 1', 'changes every row of t'],
  ['explain (analyze on) delete from t', 'deletes every row of t'],
  ['copy (delete from t returning *) to stdout', 'deletes every row of t'],
  ['merge into t using s on true when matched then delete', 'deletes every row of t'],
  ['merge into t using s on t.id = t.id when matched then update set a = 1', 'changes every row of t'],
  ['merge into t using s on t.id = s.id when not matched by source then delete', 'deletes every row of t'],
  ['alter table t drop column c', 'drops the column c of t'],
  ['alter table t drop c', 'drops the column c of t'],
  ['alter table if exists only a.t drop column if exists "C" cascade', 'drops the column C of a.t, and what needs it'],
  ['alter table t add column a int, drop column b', 'drops the column b of t'],
  ['alter table t alter column c type int', 'rewrites the column c of t'],
  ['alter table t alter c set data type text using left(c, 1)', 'rewrites the column c of t', 'calls left'],
  [
    'alter type pair drop attribute a cascade',
    'drops the attribute a of all that is made of the type pair, and what needs it',
  ],
  ['alter table t set unlogged', 'lets the next crash empty the table t'],
  ['select lo_unlink(42)', 'deletes a large object (lo_unlink)'],
  ['select pg_catalog.lo_unlink(oid) from pg_largeobject_metadata', 'deletes a large object (lo_unlink)'],
  ['select "lo_unlink"(42)', 'deletes a large object (lo_unlink)'],
  ['SELECT LO_UNLINK (42)', 'deletes a large object (lo_unlink)'],
  ['select 1 where (select pg_terminate_backend(7))', 'ends the session of somebody (pg_terminate_backend)'],
  ['insert into t values (pg_cancel_backend(7))', 'cancels what somebody runs (pg_cancel_backend)'],
  [`select pg_drop_replication_slot('s')`, 'drops a replication slot (pg_drop_replication_slot)'],
  [
    'select case when true then lo_unlink(1) end from generate_series(1, 2)',
    'deletes a large object (lo_unlink)',
    'calls generate_series',
  ],
  ['begin; drop table t; commit', 'drops the table t'],
  ['select 1; truncate a; select 2; delete from b', 'empties the table a', 'deletes every row of b'],
  ['do $$ begin delete from t; end $$', 'deletes every row of t'],
  [`do 'begin truncate t; drop table "a''b"; end'`, 'empties the table t', `drops the table "a'b"`],
  [`do language plpgsql E'begin\\n delete from t;\\nend'`, 'deletes every row of t'],
  [
    'do $$ declare n int := 1; begin for n in 1..3 loop if n = 2 then begin drop table t; exception when others then update u set a = 1; end; end if; end loop; end $$',
    'drops the table t',
    'changes every row of u',
  ],
  ['do $$ begin delete from t where id = 1; perform lo_unlink(3); end $$', 'deletes a large object (lo_unlink)'],
  ['do $$ begin delete from t; execute $x$drop table u$x$; end $$', 'deletes every row of t', dynamic],
]

const harmless: string[] = [
  '',
  '-- drop table t',
  '/* drop table t */',
  'select 1',
  `select 'drop table t'`,
  `select E'\\'; drop table t; --'`,
  'select $$drop table t; delete from t$$',
  'select $tag$ $$ drop table t $$ $tag$',
  'select 1 as drop',
  'select "delete", "drop" from "truncate"',
  'select * from "drop table t"',
  `insert into log values ('drop table t'), ('delete from t')`,
  'insert into t (a) values (1) on conflict (a) do update set a = 2',
  'insert into t default values',
  'delete from t where id = 3',
  'delete from t where id = 3 and true',
  'delete from t where (select false)',
  'delete from t where (select true from s)',
  'delete from t where (select t.gone)',
  'delete from t where false',
  'delete from t where null',
  'delete from t where 1 = 2',
  'delete from t where 1 = null',
  `delete from t where 'no'::boolean`,
  'delete from t where id in (select id from s)',
  'delete from t using s where t.id = s.id',
  'delete from t where exists (select from s where s.id = t.id)',
  'delete from t where a = b',
  'delete from t where t.id = s.id',
  'delete from t where current of c',
  'delete from t where "true"',
  'delete from t where id is not null',
  'update t set a = 1 where id = 1 or id = 2',
  'update t set a = null where a between 1 and 2',
  'with d as (delete from t where id = 1 returning *) select * from d',
  'merge into t using s on t.id = s.id when matched then delete',
  'merge into t using s on true when matched and t.old then delete',
  'merge into t using s on true when not matched then insert values (1)',
  'merge into t using s on t.id = s.id when not matched by source and t.old then delete',
  'explain delete from t',
  'explain (analyze off) delete from t',
  'explain (analyze false, verbose) update t set a = 1',
  'create table t (id int default 3, "drop" text)',
  'create temp table t as select 1 as a',
  'create view v as select 1 as a',
  'create materialized view m as select 1 as a',
  'create rule r as on insert to t do also delete from t',
  'create function f() returns void language sql as $$ delete from t $$',
  'create function f() returns void language sql begin atomic delete from t; end',
  'create or replace procedure p() language plpgsql as $$ begin execute $x$drop table t$x$; end $$',
  'create trigger x before delete on t for each row execute function gone()',
  'create index on t (a)',
  'create extension if not exists hstore',
  'alter table t add column a int default 0',
  'alter table t rename to u',
  'alter table t rename column a to b',
  'alter table t set schema s',
  'alter table t set logged',
  'alter table p detach partition c',
  'alter table t drop constraint c cascade',
  'alter table t alter column a drop default, alter column a drop not null',
  'alter table t alter column a set default 3',
  'alter foreign table f drop column a',
  'alter type pair drop attribute a',
  "alter type mood add value 'calm'",
  'alter database d rename to e',
  "alter system set work_mem = '1GB'",
  'drop index i',
  'drop index concurrently if exists i cascade',
  'drop view v',
  'drop foreign table f',
  'drop type mood',
  'drop domain email',
  'drop function f(int)',
  'drop trigger x on t',
  'drop rule r on t',
  'drop policy p on t cascade',
  'drop role app',
  'drop user mapping for app server far',
  'drop publication p',
  'drop server far',
  'vacuum full t',
  'analyze',
  'reindex table t',
  'cluster t using i',
  'refresh materialized view m',
  'grant delete, truncate on t to app',
  'revoke all on t from public',
  "comment on table t is 'drop table t'",
  'set search_path = a, b',
  'set session_replication_role = replica',
  `select pg_catalog.set_config('search_path', '', false)`,
  'copy t from stdin',
  'copy t to stdout',
  `copy t from '/var/lib/data.csv' csv`,
  'lock table t',
  'prepare p as select 1; execute p',
  'begin; savepoint a; rollback to a; commit',
  'do $$ begin end $$',
  `do $$ begin raise notice 'drop table t'; null; end $$`,
  'do $$ declare a int; begin a := 1; select 2 into a; if a = 2 then insert into t values (a); end if; end $$',
  'do $$ begin delete from t where id = 1; end $$',
  'declare c cursor for select * from t',
]

const unknown: [string, ...string[]][] = [
  ['comment on database cruddur is null', 'unknown: replaces the comment of the database'],
  ['do $$ begin execute $x$drop table t$x$; end $$', dynamic],
  ['do $$ declare r record; begin for r in execute $x$select 1$x$ loop null; end loop; end $$', dynamic],
  ['do $$ declare c refcursor; begin open c for execute $x$select 1$x$; end $$', dynamic],
  ['do language plpython3u $$ plpy.execute("drop table t") $$', 'unknown: runs a block in plpython3u'],
  ['do $$ this is no plpgsql $$', 'unknown: has a body that cannot be read'],
  ['call purge()', 'calls purge'],
  ['call app."Purge"(1, now())', 'calls app."Purge"', 'calls now'],
  ['select purge(1)', 'calls purge'],
  ['select "LO_UNLINK"(1)', 'calls "LO_UNLINK"'],
  ['select app.lo_unlink(1)', 'calls app.lo_unlink'],
  ['select * from purge() p, lateral app.other(p)', 'calls purge', 'calls app.other'],
  ['insert into t values (1, purge())', 'calls purge'],
  ['alter table t add column a int default purge()', 'calls purge'],
  [`select dblink_exec('x', 'drop table t')`, 'calls dblink_exec'],
  [
    'do $$ declare a int := one(); begin a := two(a); perform three(); call four(); return; end $$',
    'calls one',
    'calls two',
    'calls three',
    'calls four',
  ],
  ['execute p', 'unknown: executes p'],
  ['prepare p as select 1; execute "P"', 'unknown: executes P'],
  ['create table t as execute p', 'unknown: executes p'],
  ['explain analyze execute p', 'unknown: executes p'],
  [`copy t from program 'curl example.com'`, 'unknown: runs a program on the server'],
  [`copy t to program 'sh'`, 'unknown: runs a program on the server'],
  [`copy t to '/etc/passwd'`, 'unknown: writes a file on the server'],
  [
    `select query_to_xml('delete from t', true, true, '')`,
    'unknown: runs a query that is given as text (query_to_xml)',
  ],
  [`select lo_export(1, '/tmp/x')`, 'unknown: writes a file on the server (lo_export)'],
  [`load 'plpgsql'`, 'unknown: loads a library into the server'],
  [`commit prepared 'x'`, 'unknown: commits the prepared transaction x'],
  [`rollback prepared 'x'`, 'unknown: throws away the prepared transaction x'],
  ['alter extension hstore update', 'unknown: runs the update script of the extension hstore'],
  ['drop function f(int) cascade', 'unknown: drops the function f and all that needs it'],
  ['drop operator + (int, int) cascade', 'unknown: drops the operator and all that needs it'],
  ['drop cast (a as b) cascade', 'unknown: drops the cast and all that needs it'],
  ['drop language plperl cascade', 'unknown: drops the language plperl and all that needs it'],
  ['drop table :name', unreadable],
  ['drop tabel t', unreadable],
  ['drop table t; drop tabel u', unreadable],
  ['select 1 \0; drop table t', unreadable],
]

test.each(destructive)('lost: %s', (sql, ...expected) => {
  expect(verdicts(sql)).toEqual(expected)
})

test.each(harmless)('harmless: %s', (sql) => {
  expect(verdicts(sql)).toEqual([])
})

test.each(unknown)('unknown: %s', (sql, ...expected) => {
  expect(verdicts(sql)).toEqual(expected)
})

test('a statement that is too deep for the parser is unknown, and those behind it are read', () => {
  expect(verdicts(`select ${'1+'.repeat(20_000)}1`)).toEqual([unreadable])
  expect(verdicts(`select ${'('.repeat(100_000)}`)).toEqual([unreadable])
  expect(verdicts('drop table t')).toEqual(['drops the table t'])
})

test.each<[string, boolean]>([
  [`insert into a.t ("x", y) overriding system value values (1, -2.5e3, 'it''s'), (null, default, true);`, true],
  [`INSERT /* x */ INTO t VALUES ('drop table t; --', '$$');`, true],
  ['insert into t default values', true],
  ['insert into t values (1); drop table t', false],
  ['insert into t values (1);;drop table t', false],
  ['insert into t values (lo_unlink(1))', false],
  ['insert into t (values (lo_unlink(1)))', false],
  ['insert into t values ((select 1))', false],
  ['insert into t select lo_unlink(1)', false],
  ['insert into t (select lo_unlink(1))', false],
  ['insert into t with d as (delete from u returning *) select * from d', false],
  ['with d as (delete from u returning *) insert into t values (1)', false],
  ['insert into t values (1) returning lo_unlink(1)', false],
  ['insert into t values (1) on conflict do update set a = lo_unlink(1)', false],
  [`insert into t values (E'\\'), (lo_unlink(1)) --')`, false],
  [`insert into t values ('\\'), (1) --')`, false],
  [`insert into t values (now)`, false],
  [`insert into t values ("now")`, false],
  [`insert into t values ($1)`, false],
  [`insert into t values ('a'::text)`, false],
  [`insert into t values (U&'x' uescape '!')`, false],
  ['insert into t', false],
  ['inserted into t values (1)', false],
])('an INSERT of literals needs no parser: %s: %s', (sql, plain) => {
  expect(isPlainInsert(sql)).toBe(plain)
})

/** The text from the place of each deed on. */
function places(sql: string): string[] {
  return readDeeds(parser, sql)
    .filter(({ kind }) => kind === 'destroys' || kind === 'unknown')
    .map(({ offset }) => Buffer.from(sql).subarray(offset).toString().slice(0, 12))
}

test.each<[string, string[]]>([
  ['-- über\n  drop table t', ['drop table t']],
  [`select 'ü';\n/* ß */ truncate tt; delete from "ä"`, ['tt; delete f', '"ä"']],
  ['do $$\nbegin\n  update t set a = 1;\n  delete from u;\nend $$', ['t set a = 1;', 'u;\nend $$']],
  [`do 'begin\n perform ''ü''; delete from tt;\nend'`, [`tt;\nend'`]],
  ['do $$ begin\n  execute 1234567890;\nend $$', ['1234567890;\n']],
  ['do $$ begin\n  perform\n    lo_unlink(1);\nend $$', ['lo_unlink(1)']],
])('the place in %j', (sql, expected) => {
  expect(places(sql)).toEqual(expected)
})

test('a body that a script stores is read for the calls that come later, with its places', () => {
  const sql = `create function wipe() returns void language plpgsql as $$\nbegin\n  delete from t;\nend $$`
  const [created] = readDeeds(parser, sql)
  expect(created).toMatchObject({ kind: 'creates routine', routine: { name: 'wipe' } })
  const deeds = created?.kind === 'creates routine' ? created.deeds : []
  expect(deeds).toMatchObject([{ kind: 'destroys', how: 'delete', object: { name: 't' } }])
  expect(sql.slice(deeds[0]!.offset)).toMatch(/^t;/)
})
