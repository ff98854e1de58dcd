import { expect, test } from 'vitest'
import { splitScript } from './scan.ts'
import type { Statement } from './statement.ts'
import { type Forbidden, forbiddenInTransaction, onlyReads, transactionControl } from './transaction-rules.ts'

function statementOf(script: string): Statement {
  const [item] = splitScript(script)
  if (item?.kind !== 'statement') throw new Error('the script starts with no statement')
  return item
}

function forbiddenIn(script: string): Forbidden | undefined {
  const statement = statementOf(script)
  return statement.parts.flatMap((part) => forbiddenInTransaction(part, statement) ?? [])[0]
}

test.each([
  ['begin', 'begin', 'BEGIN'],
  ['Begin Transaction isolation level serializable', 'begin', 'BEGIN'],
  ['start transaction read only', 'begin', 'START TRANSACTION'],
  ['/* x */ commit', 'end', 'COMMIT'],
  ['commit and chain', 'end', 'COMMIT'],
  ['commit work', 'end', 'COMMIT'],
  ['end', 'end', 'END'],
  ['abort', 'end', 'ABORT'],
  ['rollback', 'end', 'ROLLBACK'],
  ['rollback transaction', 'end', 'ROLLBACK'],
  [`prepare transaction 'a'`, 'end', 'PREPARE TRANSACTION'],
  [`commit prepared 'a'`, 'prepared', 'COMMIT PREPARED'],
  [`rollback prepared 'a'`, 'prepared', 'ROLLBACK PREPARED'],
])('%s controls transactions', (script, control, name) => {
  expect(transactionControl(statementOf(`${script};`).words)).toEqual({ kind: control, what: name })
})

test.each([
  'rollback to a',
  'rollback work to savepoint a',
  'savepoint a',
  'release a',
  'prepare transaction as select 1',
  'prepare transaction (int) as select $1',
  'prepare a as select 1',
  'set transaction read only',
  'create function f() returns int begin atomic select 1; end',
  'select 1',
  '(select 1)',
  '"commit"',
  '',
])('%s does not control transactions', (script) => {
  expect(transactionControl(statementOf(`${script};`).words)).toBeUndefined()
})

test.each([
  ['create database a', 'CREATE DATABASE'],
  ['create unique index concurrently on t (a)', 'CREATE UNIQUE INDEX CONCURRENTLY'],
  ['/* a */ create index -- b\n concurrently if not exists a on t (a)', 'CREATE INDEX CONCURRENTLY'],
  ['alter database "set" set tablespace a', 'ALTER DATABASE … SET TABLESPACE'],
  ['reindex (verbose, concurrently) table t', 'REINDEX TABLE CONCURRENTLY'],
  ['reindex (concurrently off, concurrently 1) index i', 'REINDEX INDEX CONCURRENTLY'],
  ['reindex table concurrently t', 'REINDEX TABLE CONCURRENTLY'],
  ['reindex (concurrently off) schema s', 'REINDEX SCHEMA'],
  ['cluster (verbose)', 'CLUSTER without a table'],
  ['alter table only "a b".t detach partition "c"."d" concurrently', 'ALTER TABLE … DETACH PARTITION … CONCURRENTLY'],
  ['select 1\\; vacuum', 'VACUUM'],
  ['create function f() returns int begin atomic select 1; end\\; drop database a', 'DROP DATABASE'],
  [`create subscription s connection 'connect=false' publication p`, 'CREATE SUBSCRIPTION with a replication slot'],
  [
    `create subscription s connection '' publication p with (connect, create_slot = true)`,
    'CREATE SUBSCRIPTION with a replication slot',
  ],
  ['alter subscription s refresh publication', 'ALTER SUBSCRIPTION … REFRESH'],
  [
    'alter subscription s add publication p with (copy_data = false)',
    'ALTER SUBSCRIPTION … ADD PUBLICATION with refresh',
  ],
])('%s cannot run in a transaction', (script, what) => {
  expect(forbiddenIn(`${script};`)).toMatchObject({ what, certain: true })
})

test('whether a subscription has a slot only the server knows', () => {
  expect(forbiddenIn('drop subscription s')).toMatchObject({ certain: false })
})

test.each([
  'create table database (vacuum int)',
  'create index "concurrently" on t (a)',
  'drop index a, b',
  `comment on index i is 'create index concurrently'`,
  'alter database a set search_path = "tablespace"',
  'alter table detach rename to partition',
  'alter table t add column "concurrently" int',
  'reindex (concurrently false) table t',
  'reindex table "concurrently"',
  'cluster verbose t',
  'discard temp',
  `create subscription s connection '' publication p with (enabled = false, connect = 'off')`,
  `create subscription s connection '' publication p with (create_slot = 0)`,
  'alter subscription s set publication p with (refresh = false)',
  'alter subscription refresh disable',
  `do 'begin perform 1; end' \\; select 'vacuum'`,
])('%s can run in a transaction', (script) => {
  expect(forbiddenIn(`${script};`)).toBeUndefined()
})

test.each([
  'select 1',
  '((select 1) union (values (2)))',
  `select 'delete', E'\\'into', $a$ update $a$, "merge" /* insert */ from t -- into`,
  'with recursive a as (select 1) table a',
  'select count(*) filter (where a) from t group by b having max(c) > 1 order by 1 limit 3',
  `select pg_catalog.set_config('search_path', '', false)`,
  'show all',
  'explain delete from t',
  'explain (verbose, costs off) insert into t values (1)',
  'explain (select 1) union select 2',
  'explain analyze select 1',
  'explain (analyze, buffers) (select 1)',
  `set search_path = a, b`,
  `set local statement_timeout to '1s'`,
  'set constraints all deferred',
  'reset statement_timeout',
  'begin isolation level repeatable read read only',
  'start transaction',
  'commit',
  'rollback to a',
  'savepoint a',
  'declare c cursor for select 1',
  'fetch all in c',
  'close c',
  'prepare p (int) as select $1',
  'execute p (1)',
  'copy t to stdout',
  'copy s."to" (a, b) to stdout with (format csv, header)',
  'copy (select * from (values (1)) v (a)) to stdout',
  'select 1\\; select 2',
  '/* nothing */',
  ';',
])('%s only reads', (script) => {
  expect(onlyReads(statementOf(`${script};`))).toBe(true)
})

test.each([
  'insert into t values (1)',
  'with a as (delete from t returning *) select * from a',
  '((with a as (update t set b = 1 returning *) select * from a))',
  'select * into a from t',
  'select * from t for update',
  'select * from t for key share',
  `select '\\' || pg_reload_conf() -- '`,
  'select nextval($$a$$)',
  'select PG_CATALOG."pg_terminate_backend" /* */ (1)',
  `select U&"\\0070g_reload_conf"()`,
  `select set_config('transaction' || '_read_only', 'off', true)`,
  `select set_config('Default_Transaction_Read_Only', 'off', true)`,
  `select set_config(a, b, false) from t`,
  `select * from dblink_exec('', 'delete from t')`,
  'explain analyze delete from t',
  'explain (analyze on) create table a as select 1',
  'explain verbose analyze insert into t values (1)',
  'set transaction read write',
  'set session characteristics as transaction read write',
  'set "transaction_read_only" = off',
  'set default_transaction_read_only to off',
  'reset default_transaction_read_only',
  'reset all',
  'discard all',
  'begin read write',
  `commit prepared 'a'`,
  `prepare transaction 'a'`,
  'prepare p as delete from t',
  'declare c cursor for select * from t for update',
  'execute p (pg_reload_conf())',
  'copy t from stdin',
  `copy t to '/tmp/a'`,
  `copy t to program 'cat'`,
  'copy (delete from t returning *) to stdout',
  'select 1\\; drop table t',
  'do $$ begin end $$',
  'call p()',
  'lock table t',
  'create table a ()',
  '"select" 1',
])('%s may write', (script) => {
  expect(onlyReads(statementOf(`${script};`))).toBe(false)
})

test('a part that is all in parentheses is looked at, though psql counts no words in it', () => {
  expect(onlyReads(statementOf('show all\\; (with a as (delete from t returning *) table a)'))).toBe(false)
})

test('a long statement is looked at to its end', () => {
  const list = Array.from({ length: 100_000 }, (_, index) => `(${index}, 'a')`).join(',\n')
  expect(onlyReads(statementOf(`values ${list};`))).toBe(true)
  expect(onlyReads(statementOf(`values ${list}, (nextval('s'), '');`))).toBe(false)
})
