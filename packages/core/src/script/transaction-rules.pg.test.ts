import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import { splitScript } from './scan.ts'
import { forbiddenInTransaction, onlyReads } from './transaction-rules.ts'

let client: Client
let database: string

/** A subscription that never reaches anybody: the folder of the socket does not exist. */
const nowhere = `connection 'host=/nonexistent dbname=x' publication p`

beforeAll(async () => {
  const tested = await testDatabase()
  database = tested.database
  client = new Client(tested.clientConfig)
  await client.connect()
  await client.query(`
    create table t (id int primary key, a text);
    create index i on t (a);
    cluster t using i;
    create table parts (id int) partition by range (id);
    create table part partition of parts for values from (1) to (2);
    create materialized view m as select 1 as a;
    create unique index on m (a);
    create type mood as enum ('sad');
    create publication p for table t;
    create subscription ${database}_slotless ${nowhere} with (connect = false, slot_name = none);
    create subscription ${database}_off ${nowhere} with (connect = false, slot_name = 'off');
    create subscription ${database}_on ${nowhere} with (connect = false, slot_name = 'on');
    alter subscription ${database}_on enable;
  `)
})

afterAll(async () => {
  for (const name of [`${database}_on`, `${database}_off`, `${database}_slotless`]) {
    await client.query(`alter subscription ${name} disable`)
    await client.query(`alter subscription ${name} set (slot_name = none)`)
    await client.query(`drop subscription ${name}`)
  }
  await client.end()
})

function forbiddenBy(sql: string): boolean {
  const [statement] = splitScript(`${sql};`)
  if (statement?.kind !== 'statement') throw new Error('the script starts with no statement')
  return statement.parts.some((part) => forbiddenInTransaction(part, statement) !== undefined)
}

/** Runs a statement in a transaction that is rolled back, and returns the SQLSTATE of its error. */
async function runInTransaction(sql: string, begin = 'begin'): Promise<string | undefined> {
  await client.query(begin)
  try {
    await client.query(sql)
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  } finally {
    await client.query('rollback')
  }
}

test.each([
  'create database d',
  'drop database if exists d',
  'alter database DATABASE set tablespace pg_default',
  'alter database DATABASE with tablespace pg_default',
  'alter database DATABASE tablespace = pg_default',
  `create tablespace s location '/nonexistent'`,
  'drop tablespace if exists s',
  'vacuum',
  'vacuum t',
  'vacuum (analyze) t',
  'vacuum full t',
  'create index concurrently on t (a)',
  'create unique index concurrently if not exists j on t (a)',
  'drop index concurrently i',
  'drop index concurrently if exists i',
  'reindex table concurrently t',
  'reindex (concurrently) table t',
  'reindex (verbose, concurrently true) index i',
  'reindex index concurrently i',
  'reindex schema public',
  'reindex schema concurrently public',
  'reindex database',
  'reindex database DATABASE',
  'reindex system',
  'reindex (verbose) system DATABASE',
  'cluster',
  'cluster verbose',
  'cluster (verbose)',
  `alter system set work_mem = '4MB'`,
  'alter system reset all',
  'discard all',
  'alter table parts detach partition part concurrently',
  'alter table if exists only public.parts detach partition public.part concurrently',
  `commit prepared 'a'`,
  `rollback prepared 'a'`,
  `create subscription s ${nowhere}`,
  `create subscription s ${nowhere} with (enabled = false)`,
  `create subscription s ${nowhere} with (create_slot = true, slot_name = 'x')`,
  'drop subscription DATABASE_off',
  'alter subscription DATABASE_on refresh publication',
  'alter subscription DATABASE_on set publication p',
  'alter subscription DATABASE_on add publication q with (copy_data = false)',
  'alter subscription DATABASE_on drop publication q, p with (refresh)',
  'alter subscription DATABASE_off set (failover = true)',
  'alter subscription DATABASE_off set (two_phase = false)',
])('%s is refused in a transaction, and known to be', async (sql) => {
  const statement = sql.replaceAll('DATABASE', database)
  // One that drops the only publication is refused for that first, so there are two.
  if (sql.includes('drop publication'))
    await client.query(`alter subscription ${database}_on add publication q, r with (refresh = false)`)
  expect(await runInTransaction(statement)).toBe('25001')
  expect(forbiddenBy(statement)).toBe(true)
})

test.each([
  'analyze',
  'analyze t',
  'reindex table t',
  'reindex index i',
  'reindex (concurrently false) table t',
  'cluster t',
  'cluster verbose t using i',
  `alter database DATABASE set work_mem = '4MB'`,
  'alter database DATABASE connection limit 5',
  'alter database DATABASE refresh collation version',
  'alter tablespace pg_default set (random_page_cost = 2)',
  'create index on t (a)',
  'drop index i',
  'alter table parts detach partition part',
  'refresh materialized view concurrently m',
  'listen a',
  'notify a',
  'checkpoint',
  `alter type mood add value 'happy'`,
  'discard temp',
  'discard plans',
  'discard sequences',
  'lock table t',
  'truncate t',
  `prepare transaction as select 1`,
  `create subscription s ${nowhere} with (connect = false)`,
  'alter subscription DATABASE_on disable',
  'alter subscription DATABASE_on set publication p with (refresh = false)',
  'alter subscription DATABASE_off set (slot_name = none)',
  'alter subscription DATABASE_off set (two_phase = true)',
  'alter subscription DATABASE_off set (binary = true)',
])('%s is allowed in a transaction, and known to be', async (sql) => {
  const statement = sql.replaceAll('DATABASE', database)
  expect(await runInTransaction(statement)).toBeUndefined()
  expect(forbiddenBy(statement)).toBe(false)
})

test('a subscription that makes no slot may be made in a transaction, though its publisher must be there', async () => {
  const statement = `create subscription s ${nowhere} with (create_slot = false)`
  expect(await runInTransaction(statement)).toBe('08006')
  expect(forbiddenBy(statement)).toBe(false)
})

test('a subscription without a slot may be dropped in a transaction', async () => {
  expect(await runInTransaction(`drop subscription ${database}_slotless`)).toBeUndefined()
  expect(await runInTransaction(`drop subscription if exists nobody`)).toBeUndefined()
})

test.each([
  'set transaction read write',
  'set transaction_read_only = off',
  `select set_config('transaction_read_only', 'off', true)`,
  'begin read write',
])('%s would make a read-only transaction writable, so it does not count as reading', async (sql) => {
  await client.query('begin read only')
  // A SELECT comes too late, for it has taken a snapshot.
  await client.query(sql).catch(() => undefined)
  const { rows } = await client.query('show transaction_read_only').catch(() => ({ rows: [] as unknown[] }))
  await client.query('rollback')
  if (!sql.startsWith('select')) expect(rows).toEqual([{ transaction_read_only: 'off' }])
  const [statement] = splitScript(sql)
  expect(statement?.kind === 'statement' && onlyReads(statement)).toBe(false)
})

test.each([
  'select * from t',
  'table t',
  'explain delete from t',
  'explain (analyze) select * from t',
  `set local work_mem = '4MB'`,
  'declare c cursor for select * from t',
  'prepare q as select * from t',
  'savepoint a',
])('%s runs in a read-only transaction', async (sql) => {
  expect(await runInTransaction(sql, 'begin read only')).toBeUndefined()
  const [statement] = splitScript(sql)
  expect(statement?.kind === 'statement' && onlyReads(statement)).toBe(true)
})
