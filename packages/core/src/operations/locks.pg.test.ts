import { expect, onTestFinished, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import type { Connection } from '../postgres/connection.ts'
import { buildTree, readLocks, type LockNode, type Waiter } from './locks.ts'

async function join(database: TestDatabase, application: string): Promise<Connection> {
  const connection = await database.connect(undefined, { application })
  onTestFinished(() => connection.leave())
  return connection
}

const pidOf = async (connection: Connection) =>
  (await connection.query<{ pid: number }>`select pg_backend_pid() as pid`)[0]?.pid ?? 0

/** A statement that will wait; how it ends does not matter. */
function start(connection: Connection, sql: string): void {
  connection.run(sql).catch(() => {})
}

/** The trees of this database, when as many wait in them as should. */
async function locksWhen(database: TestDatabase, waiting: number, from = database): Promise<LockNode[]> {
  const connection = await join(from, 'looker')
  const find = async () =>
    (await readLocks(connection)).filter(
      ({ session, prepared }) => (session ?? prepared)?.database === database.database,
    )
  await expect.poll(async () => (await find()).reduce((sum, root) => sum + countBelow(root), 0)).toBe(waiting)
  return find()
}

const countBelow = ({ blocks }: LockNode): number => blocks.reduce((sum, node) => sum + 1 + countBelow(node), 0)

/** The shape of a tree, by application. */
const shape = (nodes: readonly LockNode[]): unknown =>
  Object.fromEntries(
    nodes.map(({ session, prepared, blocks }) => [session?.application ?? prepared?.gid, shape(blocks)]),
  )

test('the ALTER TABLE that waits behind an open reading transaction shows with its true holder, and who queues behind it', async () => {
  const database = await testDatabase()
  const [reader, alter, late] = [
    await join(database, 'reader'),
    await join(database, 'alter'),
    await join(database, 'late'),
  ]
  await reader.run('create table t (id int)')
  await reader.run('begin')
  await reader.run('select * from t')
  start(alter, 'alter table t add column name text')
  await locksWhen(database, 1)
  start(late, 'select count(*) from t')
  const [root, ...others] = await locksWhen(database, 2)
  expect(others).toEqual([])
  expect(shape(root ? [root] : [])).toEqual({ reader: { alter: { late: {} } } })
  expect(root).toMatchObject({
    pid: await pidOf(reader),
    session: { application: 'reader', state: 'idle in transaction', query: 'select * from t', user: 'postgres' },
    prepared: null,
    waitsFor: null,
    blocker: null,
    circular: false,
    blocks: [
      {
        waitsFor: { kind: 'relation', mode: 'AccessExclusiveLock', object: 'public.t' },
        blocker: { holds: ['AccessShareLock'], queuesFor: null },
        session: { query: 'alter table t add column name text', waiting: 'Lock: relation' },
        blocks: [
          {
            waitsFor: { mode: 'AccessShareLock', object: 'public.t' },
            blocker: { holds: [], queuesFor: 'AccessExclusiveLock' },
          },
        ],
      },
    ],
  })
  expect(root?.session?.transactionSeconds).toBeGreaterThan(0)
  expect(root?.blocks[0]?.waitsFor?.seconds).toBeGreaterThan(0)
})

test('those who want one row queue behind its holder, and the row is named', async () => {
  const database = await testDatabase()
  const [holder, second, third] = [
    await join(database, 'holder'),
    await join(database, 'second'),
    await join(database, 'third'),
  ]
  await holder.run('create table t (id int); insert into t values (1)')
  await holder.run('begin')
  await holder.run('update t set id = 2')
  start(second, 'update t set id = 3')
  await locksWhen(database, 1)
  start(third, 'update t set id = 4')
  const trees = await locksWhen(database, 2)
  expect(shape(trees)).toEqual({ holder: { second: { third: {} } } })
  const [waiting] = trees[0]?.blocks ?? []
  expect(waiting?.waitsFor?.object).toMatch(/^row \(0,1\) of public\.t, transaction \d+$/)
  expect(waiting?.blocks[0]?.waitsFor).toMatchObject({ kind: 'tuple', object: 'row (0,1) of public.t' })
})

test('one that waits for several stands under one of them, and the others say so', async () => {
  const database = await testDatabase()
  const [first, second, alter] = [
    await join(database, 'first'),
    await join(database, 'second'),
    await join(database, 'alter'),
  ]
  await first.run('create table t (id int)')
  await first.run('begin')
  await first.run('select * from t')
  await second.run('begin')
  await second.run('select * from t')
  const pids = { first: await pidOf(first), second: await pidOf(second), alter: await pidOf(alter) }
  start(alter, 'drop table t')
  const trees = await locksWhen(database, 1)
  expect(shape(trees)).toEqual({ first: { alter: {} }, second: {} })
  expect(trees[1]?.alsoBlocks).toEqual([pids.alter])
  expect(new Set(trees[0]?.blocks[0]?.blockedBy)).toEqual(new Set([pids.first, pids.second]))
})

test('two that wait for each other show as a circle, before PostgreSQL finds it', async () => {
  const database = await testDatabase()
  const [one, other] = [await join(database, 'one'), await join(database, 'other')]
  await one.run('create table a (); create table b ()')
  for (const [connection, table] of [[one, 'a'] as const, [other, 'b'] as const]) {
    await connection.run(`set deadlock_timeout = '1h'`)
    await connection.run('begin')
    await connection.run(`lock table ${table}`)
  }
  const pids = [await pidOf(one), await pidOf(other)]
  start(one, 'lock table b')
  start(other, 'lock table a')
  const connection = await join(database, 'looker')
  await expect
    .poll(async () => (await readLocks(connection)).find(({ circular }) => circular)?.blocks)
    .toMatchObject([{ waitsFor: { object: expect.stringMatching(/^public\.[ab]$/) }, blocks: [] }])
  await connection.run('select pg_terminate_backend($1)', [pids[0] ?? 0])
})

test('a prepared transaction is the holder though no session has it', async () => {
  const database = await testDatabase()
  const [preparer, waiter] = [await join(database, 'preparer'), await join(database, 'waiter')]
  await preparer.run('create table t (id int)')
  await preparer.run('begin')
  await preparer.run('lock table t')
  await preparer.run(`prepare transaction 'it''s mine ${database.database}'`)
  onTestFinished(async () => {
    await preparer.run(`rollback prepared 'it''s mine ${database.database}'`)
  })
  start(waiter, 'select * from t')
  const [root] = await locksWhen(database, 1)
  expect(root).toMatchObject({
    pid: 0,
    session: null,
    prepared: { gid: `it's mine ${database.database}`, owner: 'postgres', database: database.database },
    blocks: [{ session: { application: 'waiter' }, blocker: { holds: ['AccessExclusiveLock'] } }],
  })
})

test('keys of advisory locks, and relations of other databases, are named as far as can be', async () => {
  const [database, elsewhere] = [await testDatabase(), await testDatabase()]
  const [holder, ...waiters] = [
    await join(database, 'holder'),
    await join(database, 'one'),
    await join(database, 'two'),
    await join(database, 'three'),
  ]
  await holder.run('create table t (id int)')
  await holder.run('begin')
  await holder.run('select pg_advisory_lock(-5), pg_advisory_lock(7, 8)')
  await holder.run('lock table t')
  const [{ oid } = { oid: 0 }] = await holder.query<{ oid: number }>`select 't'::regclass::oid as oid`
  for (const [at, sql] of ['select pg_advisory_lock(-5)', 'select pg_advisory_lock(7, 8)', 'table t'].entries())
    start(waiters[at] ?? holder, sql)
  const objects = (trees: readonly LockNode[]) => trees[0]?.blocks.map(({ waitsFor }) => waitsFor?.object ?? '').sort()
  expect(objects(await locksWhen(database, 3))).toEqual(['advisory key -5', 'advisory keys 7, 8', 'public.t'])
  const there = ` in the database ${database.database}`
  expect(objects(await locksWhen(database, 3, elsewhere))).toEqual([
    `advisory key -5${there}`,
    `advisory keys 7, 8${there}`,
    `relation ${oid}${there}`,
  ])
})

test('nobody waits: there is no tree', async () => {
  const database = await testDatabase()
  expect(await locksWhen(database, 0)).toEqual([])
})

const wait = (pid: number, ...blockedBy: number[]): Waiter => ({
  pid,
  blockedBy,
  tag: 't',
  kind: 'relation',
  mode: 'ExclusiveLock',
  object: 't',
  seconds: 1000 - pid,
})
const pidTree = (nodes: readonly LockNode[]): unknown => nodes.map(({ pid, blocks }) => [pid, pidTree(blocks)])

test('a circle of those that wait is cut open, once, and told', () => {
  const trees = buildTree([wait(1, 2), wait(2, 3), wait(3, 1), wait(4, 3)], [], [], [])
  expect(pidTree(trees)).toEqual([
    [
      1,
      [
        [
          3,
          [
            [2, []],
            [4, []],
          ],
        ],
      ],
    ],
  ])
  expect(trees[0]?.circular).toBe(true)
})

test('a long queue stands once under its holder, and not in every order', () => {
  const queue = Array.from({ length: 200 }, (_, at) => wait(at + 2, ...Array.from({ length: at + 1 }, (_, n) => n + 1)))
  const trees = buildTree(queue, [{ tag: 't', pid: 1, transaction: null, mode: 'ExclusiveLock' }], [], [])
  expect(trees).toHaveLength(1)
  expect(trees[0]?.blocks).toHaveLength(200)
  expect(trees[0]?.blocks[0]).toMatchObject({ pid: 2, blocks: [], blocker: { holds: ['ExclusiveLock'] } })
})

test('a queue behind a queue is as deep as it is long, and does not hang', () => {
  const chain = Array.from({ length: 5000 }, (_, at) => wait(at + 2, at + 1))
  expect(buildTree(chain, [], [], [])).toHaveLength(1)
})
