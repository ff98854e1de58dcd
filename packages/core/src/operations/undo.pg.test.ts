import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { absentDatabase, administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { makeOtherServer } from '../../../../tests/support/program.ts'
import { Failure } from '../errors.ts'
import { connect, type Cluster, type Connection } from '../postgres/connection.ts'
import { addressOf } from '../postgres/embedded/server.ts'
import { withMaintenance } from './connections.ts'
import { cutTo, listCopies, listPutAside, nameAside, pickExpired, type Copy } from './copies.ts'
import { createDatabase } from './create.ts'
import { findDatabase } from './database-state.ts'
import { dropDatabase } from './drop.ts'
import { prepareDatabase } from './prepare.ts'
import { pickPrunable, pruneCopies } from './prune.ts'
import { setupDatabase } from './setup.ts'
import { planUndo, undoDrop } from './undo.ts'

let folder: string
let files: { schemaFile: string; seedFile: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgrig-undo-'))
  files = await project('create table things (name text);', `insert into things values ('new');`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let written = 0

async function project(schema: string, seed: string): Promise<typeof files> {
  const [schemaFile, seedFile] = ['schema', 'seed'].map((name) => join(folder, `${name}${++written}.sql`)) as [
    string,
    string,
  ]
  await writeFile(schemaFile, schema)
  await writeFile(seedFile, seed)
  return { schemaFile, seedFile }
}

async function ask(cluster: Cluster, sql: string, database?: string): Promise<unknown> {
  const connection = await cluster.connect(database)
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

const failureOf = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: Failure) => error,
  )

/** A database with something in it that must not get lost. */
async function treasure(): Promise<TestDatabase> {
  const database = await testDatabase()
  await fill(database, 'old')
  return database
}

async function fill(cluster: Cluster, name: string): Promise<void> {
  await ask(cluster, `create table things as select '${name}'::text as name`)
}

const content = (cluster: Cluster) => ask(cluster, `select string_agg(name, ' ') from things`)
const copiesOf = (cluster: Cluster): Promise<Copy[]> =>
  withMaintenance(cluster, async (connection) =>
    (await listCopies(connection, { sizes: true })).filter(({ database }) => database === cluster.database),
  )
const oidOf = async (cluster: Cluster) =>
  (await withMaintenance(cluster, (connection) => findDatabase(connection, cluster.database)))?.oid

test('drop keeps what it drops, and undo brings it back; nobody is let in meanwhile', async () => {
  const database = await treasure()
  const comment = `comment on database "${database.database}" is 'ours, it''s'`
  await ask(database, comment)
  const { dropped, kept, ended } = await dropDatabase(database)
  expect({ dropped, ended }).toEqual({ dropped: true, ended: [] })
  expect(kept).toMatchObject({ database: database.database, droppedBy: 'postgres', command: 'drop' })
  expect(kept?.copy).toMatch(/__dropped_\d{14}$/)
  expect(kept?.sizeBytes).toBeGreaterThan(1_000_000)
  await expect(database.connect()).rejects.toMatchObject({ code: 'database_missing' })
  await expect(database.connect(kept?.copy)).rejects.toMatchObject({ sql: { sqlstate: '55000' } })
  expect(await undoDrop(database)).toMatchObject({ restored: { copy: kept?.copy }, kept: null, reopened: false })
  expect(await content(database)).toBe('old')
  const left = `select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()`
  expect(await ask(database, left)).toBe(`ours, it's`)
  expect(await failureOf(undoDrop(database))).toMatchObject({ code: 'not_found', state: 'Nothing was changed.' })
})

test('undo over a new database of the same name swaps the two, and another undo swaps them back', async () => {
  const database = await treasure()
  await dropDatabase(database)
  await createDatabase(database)
  await fill(database, 'newer')
  for (const name of ['old', 'newer', 'old', 'newer']) {
    expect(await planUndo(database)).toMatchObject({ does: 'restore', present: 'kept' })
    expect(await undoDrop(database)).toMatchObject({ kept: { command: 'undo' } })
    expect(await content(database)).toBe(name)
    expect(await copiesOf(database)).toHaveLength(1)
  }
})

test('undo takes another copy than the newest when it is named, and none of another database', async () => {
  const [database, other] = [await treasure(), await treasure()]
  await dropDatabase(other)
  const first = (await dropDatabase(database)).kept?.copy ?? ''
  await createDatabase(database)
  await fill(database, 'second')
  await dropDatabase(database)
  const [foreign] = await copiesOf(other)
  for (const from of [foreign?.copy ?? '', 'postgres', database.database])
    expect(await failureOf(undoDrop(database, { from }))).toMatchObject({ code: 'not_found' })
  await undoDrop(database, { from: first })
  expect(await content(database)).toBe('old')
})

test('a drop for good keeps nothing', async () => {
  const database = await treasure()
  expect(await dropDatabase(database, { keep: false })).toMatchObject({ dropped: true, kept: null })
  expect(await copiesOf(database)).toEqual([])
})

test.each([
  ['quotes and spaces', (base: string) => `${base.slice(0, 12)} "It's" \\ a name`],
  ['63 bytes', (base: string) => base.slice(0, 12).padEnd(63, 'x')],
  ['letters of several bytes up to the 63rd', (base: string) => cutTo(`${base.slice(0, 12)}${'ä😀'.repeat(20)}`, 63)],
])('a name with %s comes back as it was', async (_, make) => {
  const plain = await absentDatabase()
  const name = make(plain.database)
  const cluster: Cluster = { database: name, connect: (to = name, options) => plain.connect(to, options) }
  await createDatabase(cluster)
  await fill(cluster, 'old')
  const { kept } = await dropDatabase(cluster)
  expect(Buffer.byteLength(kept?.copy ?? '')).toBeLessThanOrEqual(63)
  expect(kept?.copy).not.toContain('\uFFFD')
  await setupDatabase(cluster, files)
  await undoDrop(cluster)
  expect(await content(cluster)).toBe('old')
  await undoDrop(cluster)
  expect(await content(cluster)).toBe('new')
  await dropDatabase(cluster)
  const gone = await copiesOf(cluster)
  expect(
    await pruneCopies(
      cluster,
      gone.map(({ copy }) => copy),
    ),
  ).toHaveLength(2)
})

test('two drops at once: one drops, the other finds nothing', async () => {
  const database = await treasure()
  const both = await Promise.all([dropDatabase(database, { force: true }), dropDatabase(database, { force: true })])
  expect(both.filter(({ dropped }) => dropped)).toHaveLength(1)
  expect(await copiesOf(database)).toHaveLength(1)
  await undoDrop(database)
  expect(await content(database)).toBe('old')
})

test('two setups at once: one after the other, and each keeps what it found', async () => {
  const database = await treasure()
  await Promise.all([setupDatabase(database, files), setupDatabase(database, files)])
  expect(await content(database)).toBe('new')
  const copies = await copiesOf(database)
  expect(copies).toHaveLength(2)
  await undoDrop(database, { from: copies.at(-1)?.copy ?? '' })
  expect(await content(database)).toBe('old')
})

test('the database of the server itself, and a template, are not dropped, with a sentence', async () => {
  const database = await treasure()
  const own: Cluster = { database: 'postgres', connect: (to = 'postgres', options) => database.connect(to, options) }
  expect(await failureOf(dropDatabase(own, { force: true }))).toMatchObject({
    code: 'refused',
    state: 'Nothing was changed.',
  })
  await administer(`alter database "${database.database}" is_template true`)
  const failure = await failureOf(setupDatabase(database, files))
  expect(failure.message).toContain('is a template')
  await administer(`alter database "${database.database}" is_template false`)
  expect(await content(database)).toBe('old')
})

const copy = (name: string, days: number, database = 'app'): Copy => ({
  copy: name,
  database,
  droppedAt: new Date(Date.UTC(2026, 5, 15) - days * 86_400_000).toISOString(),
  droppedBy: 'me',
  command: 'drop',
  sizeBytes: null,
})
const now = new Date(Date.UTC(2026, 5, 15))

test('copies go when they are too old or too many, and on production only when they are too old', () => {
  const copies = [copy('a', 0), copy('x', 1, 'other'), copy('b', 1), copy('c', 2), copy('d', 3), copy('e', 8)]
  const limits = { days: 7, copies: 3 }
  const names = (picked: Copy[]) => picked.map((each) => each.copy).join('')
  expect(names(pickExpired(copies, 'app', limits, { now }))).toBe('de')
  expect(names(pickExpired(copies, 'app', limits, { now, production: true }))).toBe('e')
  expect(names(pickExpired(copies, 'app', { days: 1, copies: 9 }, { now }))).toBe('cde')
  expect(names(pickPrunable(copies, 'app', { limits }, now))).toBe('de')
  expect(names(pickPrunable(copies, 'app', { limits, olderThanSeconds: 1.5 * 86_400 }, now))).toBe('cde')
  expect(names(pickPrunable(copies, 'app', { all: true }, now))).toBe('abcde')
})

test('drop and setup take away the copies that are too many, and on production they do not', async () => {
  const database = await treasure()
  const limits = { days: 7, copies: 2 }
  const names = async () => (await copiesOf(database)).map((each) => each.copy)
  const kept: string[] = []
  for (let round = 0; round < 4; round++) {
    const dropped = await dropDatabase(database, { limits })
    kept.unshift(dropped.kept?.copy ?? '')
    expect(dropped.expired).toEqual(kept.slice(2, 3))
    // The server does it when we have gone.
    await expect.poll(names).toEqual(kept.slice(0, 2))
    await createDatabase(database)
  }
  await setupDatabase(database, { ...files, limits })
  await expect.poll(names).toHaveLength(2)
  await setupDatabase(database, { ...files, limits, production: true })
  expect(await names()).toHaveLength(3)
  const { dropped } = await setupDatabase(database, { ...files, limits })
  expect(dropped.expired).toHaveLength(2)
  await expect.poll(names).toHaveLength(2)
})

test('a copy of which half is dropped is none, and the rest goes with the next drop', async () => {
  const database = await treasure()
  const half = (await dropDatabase(database)).kept?.copy ?? ''
  await administer(`update pg_database set datconnlimit = -2 where datname = '${half}'`)
  expect(await copiesOf(database)).toEqual([])
  expect(await failureOf(undoDrop(database))).toMatchObject({ code: 'not_found' })
  await createDatabase(database)
  await dropDatabase(database)
  expect(await withMaintenance(database, (connection) => findDatabase(connection, half))).toBeUndefined()
})

test('a copy that somebody has renamed or opened by hand is his, and is never taken away', async () => {
  const database = await treasure()
  const first = (await dropDatabase(database)).kept?.copy ?? ''
  await administer(`alter database "${first}" allow_connections true`)
  await createDatabase(database)
  const second = (await dropDatabase(database)).kept?.copy ?? ''
  await administer(`alter database "${second}" rename to "${database.database}"`)
  expect(await copiesOf(database)).toEqual([])
  expect(await pruneCopies(database, [first, second, database.database])).toEqual([])
  expect(await ask(database, 'select name from things', first)).toBe('old')
})

/** A server on which transactions can be prepared, with a role that owns a database and is no superuser. */
async function makeServer() {
  const { server } = await makeOtherServer({ max_prepared_transactions: '5' })
  const at = (user: string, name: string, options = {}) =>
    connect({ ...addressOf(server, name), user }, { application: 'tests', ...options })
  const cluster = (user: string): Cluster => ({
    database: 'app',
    connect: (to = 'app', options) => at(user, to, options),
  })
  await ask(cluster('postgres'), 'create role owner login createdb', 'postgres')
  await ask(cluster('postgres'), 'create role poor login', 'postgres')
  await ask(cluster('postgres'), 'create database app owner owner', 'postgres')
  await fill(cluster('owner'), 'old')
  return { at, owner: cluster('owner'), poor: cluster('poor'), superuser: cluster('postgres') }
}

/** Clients that connect again at once when their session ends, as a pool does. */
function reconnecting(open: () => Promise<Connection>, count: number): () => Promise<void> {
  let stopped = false
  const one = async () => {
    while (!stopped) {
      try {
        const connection = await open()
        while (!stopped) await connection.run('select pg_sleep(0.01)')
        await connection.close()
      } catch (error) {
        if (!(error instanceof Failure)) throw error
      }
    }
  }
  const clients = Array.from({ length: count }, one)
  return async () => {
    stopped = true
    await Promise.all(clients)
  }
}

test('an owner who is no superuser drops, though ten clients connect again at once', async () => {
  const { at, owner } = await makeServer()
  const stop = reconnecting(() => at('owner', 'app', { application: 'pool' }), 10)
  await expect
    .poll(() => ask(owner, `select count(*)::int from pg_stat_activity where application_name = 'pool'`))
    .toBe(10)
  expect(await failureOf(dropDatabase(owner))).toMatchObject({ code: 'database_busy' })
  const { dropped, ended } = await dropDatabase(owner, { force: true })
  expect(dropped).toBe(true)
  expect(ended).toHaveLength(10)
  await expect(owner.connect()).rejects.toMatchObject({ code: 'database_missing' })
  expect(await undoDrop(owner)).toMatchObject({ restored: { droppedBy: 'owner' } })
  await expect
    .poll(() => ask(owner, `select count(*)::int from pg_stat_activity where application_name = 'pool'`))
    .toBe(10)
  expect(await setupDatabase(owner, { ...files, force: true })).toMatchObject({ dropped: { dropped: true } })
  expect(await content(owner)).toBe('new')
  expect(await undoDrop(owner, { force: true })).toMatchObject({ kept: { command: 'undo' } })
  expect(await dropDatabase(owner, { force: true, keep: false })).toMatchObject({ kept: null })
  await stop()
})

test('a superuser’s session stops the drop of who is none, and is named; nothing was changed', async () => {
  const { at, owner } = await makeServer()
  const [guest, admin] = [
    await at('owner', 'app', { application: 'guest' }),
    await at('postgres', 'app', { application: 'admin' }),
  ]
  for (const force of [false, true]) {
    const failure = await failureOf(dropDatabase(owner, { force }))
    expect(failure).toMatchObject({ code: 'database_busy', state: 'Nothing was dropped, nobody was disconnected.' })
    expect(failure.message).toMatch(/pid \d+ · postgres · admin · you may not end it/)
    expect(failure.message).toMatch(/pid \d+ · owner from this machine · guest · (?:process \d+, \S.* · )?idle/)
    expect(failure.hint).toContain('superuser')
  }
  expect(await guest.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(await content(owner)).toBe('old')
  await admin.close()
  expect(await dropDatabase(owner, { force: true })).toMatchObject({ ended: [{ application: 'guest' }] })
  await guest.close()
})

test('prepared transactions are named, with how to end them, and no force ends them', async () => {
  const { at, owner, superuser } = await makeServer()
  const client = await at('owner', 'app')
  await client.run(`begin; insert into things values ('prepared'); prepare transaction 'it''s mine'`)
  await client.close()
  for (const force of [false, true]) {
    for (const cluster of [owner, superuser]) {
      const failure = await failureOf(dropDatabase(cluster, { force }))
      expect(failure.message).toMatch(
        /app cannot be dropped: a prepared transaction is open in it\.\n {2}prepared transaction 'it''s mine' of owner · \d+ s old/,
      )
      expect(failure.hint).toContain(`rollback prepared 'it''s mine'`)
    }
  }
  expect(await content(owner)).toBe('old')
  await ask(owner, `commit prepared 'it''s mine'`)
  expect(await dropDatabase(owner)).toMatchObject({ dropped: true })
  await undoDrop(owner)
  expect(await content(owner)).toBe('old prepared')
})

test('an owner without CREATEDB is told before anything that no copy can be kept, and may drop for good', async () => {
  const { poor, superuser } = await makeServer()
  await ask(superuser, 'alter database app owner to poor', 'postgres')
  const failure = await failureOf(dropDatabase(poor))
  expect(failure).toMatchObject({ code: 'refused', state: 'Nothing was changed.' })
  expect(failure.message).toBe('poor may not rename app, so no copy of it could be kept: the role has no CREATEDB.')
  expect(failure.hint).toContain('--no-undo')
  expect(await content(superuser)).toBe('old')
  // It may not create a database either: what is there stays.
  expect(await failureOf(setupDatabase(poor, files))).toMatchObject({ code: 'sql_error', sql: { sqlstate: '42501' } })
  expect(await content(superuser)).toBe('old')
  await dropDatabase(superuser)
  expect(await failureOf(undoDrop(poor))).toMatchObject({ code: 'refused' })
  await undoDrop(superuser)
  // Who wants nothing kept is told when that is all that worked.
  const gone = await failureOf(setupDatabase(poor, { ...files, keep: false }))
  expect(gone.state).toBe('app was dropped, and could not be made anew.')
  await ask(superuser, 'create database app owner poor', 'postgres')
  expect(await dropDatabase(poor, { keep: false, force: true })).toMatchObject({ dropped: true, kept: null })
})

test('another pgrig at work is named and never ended, a shell that pgrig has opened is a guest like any other', async () => {
  const database = await treasure()
  const other = await database.connect(undefined, { application: 'pgrig schema load' })
  const failure = await failureOf(dropDatabase(database, { force: true }))
  expect(failure.message).toMatch(
    /pid \d+ · postgres from this machine · pgrig schema load · (?:process \d+, \S.* · )?idle · another pgrig at work/,
  )
  expect(await other.run('select 1 as one')).toEqual([{ one: 1 }])
  await other.close()
  const shell = await database.connect(undefined, { application: 'pgrig connect' })
  expect(await dropDatabase(database, { force: true })).toMatchObject({ ended: [{ application: 'pgrig connect' }] })
  await shell.close()
})

test('a subscription is named, and a setup that fails at it has changed nothing', async () => {
  const database = await treasure()
  await ask(database, `create subscription "my sub" connection 'dbname=nowhere' publication p with (connect = false)`)
  const failure = await failureOf(setupDatabase(database, { ...files, force: true }))
  expect(failure.message).toContain('it has a subscription.\n  subscription my sub')
  expect(await content(database)).toBe('old')
  await ask(database, 'alter subscription "my sub" set (slot_name = none); drop subscription "my sub"')
})

test.each([
  ['the schema', { schema: 'create table a (); select nope;', seed: 'select 1;' }],
  ['the seed', { schema: 'create table a ();', seed: 'insert into a values (1);' }],
  [
    'the commit',
    {
      schema: 'create table a (id int primary key, b int references a deferrable initially deferred);',
      seed: 'insert into a values (1, 2);',
    },
  ],
])('a setup that fails at %s leaves the database as it was before', async (_, { schema, seed }) => {
  const database = await treasure()
  const oid = await oidOf(database)
  const failure = await failureOf(setupDatabase(database, await project(schema, seed)))
  expect(failure).toMatchObject({ code: 'sql_error', state: `${database.database} is as it was before.` })
  expect(await oidOf(database)).toBe(oid)
  expect(await content(database)).toBe('old')
  expect(await withMaintenance(database, (connection) => listPutAside(connection))).toMatchObject({ leftovers: [] })
  expect(await copiesOf(database)).toEqual([])
})

test('a setup that fails without a transaction brings the old database back too, and without undo says what is left', async () => {
  const database = await treasure()
  const broken = { ...(await project('create table a ();', 'select nope;')), scripts: { transaction: 'none' as const } }
  expect(await failureOf(setupDatabase(database, broken))).toMatchObject({
    state: `${database.database} is as it was before.`,
  })
  expect(await content(database)).toBe('old')
  const failure = await failureOf(setupDatabase(database, { ...broken, keep: false }))
  expect(failure.state).toContain('was dropped and created anew.')
  expect(await ask(database, `select to_regclass('a') is not null`)).toBe(true)
  expect(await copiesOf(database)).toEqual([])
  expect(await createDatabase(database)).toBe(false)
})

test('a first setup that fails leaves no database', async () => {
  const database = await absentDatabase()
  const failure = await failureOf(setupDatabase(database, await project('select nope;', '')))
  expect(failure.state).toBe(`There is no ${database.database}, as before.`)
  await expect(database.connect()).rejects.toMatchObject({ code: 'database_missing' })
})

test('whoever has connected to the new database meanwhile does not keep the old one from coming back', async () => {
  const database = await treasure()
  const stop = reconnecting(() => database.connect(undefined, { application: 'pool' }), 3)
  const slow = await project('create table a (); select pg_sleep(0.5);', 'select nope;')
  expect(await failureOf(setupDatabase(database, { ...slow, force: true }))).toMatchObject({
    code: 'sql_error',
    state: `${database.database} is as it was before.`,
  })
  expect(await content(database)).toBe('old')
  await stop()
})

test('what is stopped in the middle is as it was before: setup while it loads, drop while it ends sessions', async () => {
  const database = await treasure()
  const interrupt = new AbortController()
  const stoppable: Cluster = {
    database: database.database,
    connect: (to, options) => database.connect(to, { signal: interrupt.signal, ...options }),
  }
  const slow = await project('create table a (); select pg_sleep(60);', 'select 1;')
  const stopped = failureOf(setupDatabase(stoppable, slow))
  const sleeps = `select count(*)::int from pg_stat_activity where datname = '${database.database}' and query ~ 'pg_sleep' and pid <> pg_backend_pid()`
  await expect.poll(() => ask(database, sleeps, 'postgres')).toBe(1)
  interrupt.abort(new Failure('interrupted', 'Interrupted.'))
  expect(await stopped).toMatchObject({ code: 'interrupted', state: `${database.database} is as it was before.` })
  expect(await content(database)).toBe('old')
})

test('prepare and create wait for a setup that is under way, and find it done', async () => {
  const database = await treasure()
  const slow = await project(
    'create table things (name text); select pg_sleep(1);',
    `insert into things values ('new');`,
  )
  let began = () => {}
  const loading = new Promise<void>((resolve) => (began = resolve))
  const setup = setupDatabase(database, { ...slow, loading: () => began() })
  await loading
  expect(await prepareDatabase(database, { ...slow, seedEmptyTables: true })).toMatchObject({
    created: false,
    scripts: [],
  })
  await setup
  expect(await content(database)).toBe('new')
})

test('the mark of production stays through a setup, and comes back with undo', async () => {
  const database = await absentDatabase()
  const marked = () =>
    withMaintenance(database, async (connection) => (await findDatabase(connection, database.database))?.notes)
  await createDatabase(database, { protect: true })
  await setupDatabase(database, files)
  expect(await marked()).toEqual({ protected: true })
  await dropDatabase(database)
  await undoDrop(database)
  expect(await marked()).toEqual({ protected: true })
})

test('a name is found though others have it, and they belong to nobody', async () => {
  const database = await absentDatabase()
  const names = await withMaintenance(database, async (connection) => {
    const first = await nameAside(connection, database.database, 'dropped', now)
    await connection.run(`create database "${first}" allow_connections false`)
    return [first, await nameAside(connection, database.database, 'dropped', now)]
  })
  expect(names[1]).toBe(`${cutTo(database.database, 37)}__dropped_20260615000000_2`)
  expect(await copiesOf(database)).toEqual([])
})
