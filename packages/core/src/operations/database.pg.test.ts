import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { absentDatabase, administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import type { Failure } from '../errors.ts'
import { connect, type Cluster } from '../postgres/connection.ts'
import { createDatabase } from './create.ts'
import { dropDatabase } from './drop.ts'
import { loadScript, readScript } from './load.ts'
import { prepareDatabase } from './prepare.ts'
import { listSessions } from './sessions.ts'
import { setupDatabase } from './setup.ts'
import { waitForServer } from './wait.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgrig-operations-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

async function project(
  schema = 'create table things (name text);',
  seed = `insert into things values ('one'), ('two');`,
) {
  return { schemaFile: await write('schema.sql', schema), seedFile: await write('seed.sql', seed) }
}

async function ask(database: TestDatabase, sql: string): Promise<unknown> {
  const connection = await database.connect()
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

const things = 'select count(*)::int from things'

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: Failure) => error,
  )
}

test('create makes the database once, and says so', async () => {
  const database = await absentDatabase()
  expect(await createDatabase(database, { encoding: 'UTF8', template: 'template0', owner: 'postgres' })).toBe(true)
  expect(await createDatabase(database)).toBe(false)
  expect(await ask(database, 'show server_encoding')).toBe('UTF8')
})

test('two that create at once both succeed', async () => {
  const database = await absentDatabase()
  const made = await Promise.all(Array.from({ length: 4 }, () => createDatabase(database)))
  expect(made.filter(Boolean)).toHaveLength(1)
})

test('a name with quotes and capitals is a name', async () => {
  const { database: plain, ...rest } = await absentDatabase()
  const database = `${plain} "Quoted" 'x'`
  const cluster = { ...rest, database, connect: (name = database) => rest.connect(name) }
  expect(await createDatabase(cluster)).toBe(true)
  expect(await dropDatabase(cluster, { keep: false })).toMatchObject({ dropped: true })
})

test('drop names those who are connected, and leaves everything as it was; with force it ends them', async () => {
  const database = await testDatabase()
  const guest = await database.connect(undefined, { application: 'the guest' })
  const failure = await failureOf(dropDatabase(database))
  expect(failure).toMatchObject({
    code: 'database_busy',
    exitCode: 1,
    state: 'Nothing was dropped, nobody was disconnected.',
  })
  expect(failure.message).toContain('the guest')
  expect(failure.hint).toContain('--force')
  expect(await guest.run('select 1 as one')).toEqual([{ one: 1 }])

  const { dropped, ended } = await dropDatabase(database, { force: true })
  expect(dropped).toBe(true)
  expect(ended).toMatchObject([{ application: 'the guest' }])
  await expect(guest.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  expect(await dropDatabase(database)).toMatchObject({ dropped: false, ended: [], kept: null })
})

test('a database whose drop was interrupted: create says what to do, drop finishes it, so does setup', async () => {
  const database = await absentDatabase()
  const breakIt = async () => {
    await createDatabase(database)
    await administer(`update pg_database set datconnlimit = -2 where datname = '${database.database}'`)
  }
  await breakIt()
  const refusal = {
    code: 'database_invalid',
    message: `A drop of ${database.database} was interrupted, and half of it is still there.`,
    hint: 'Finish the drop: pgrig drop, with the same target.',
  }
  expect(await failureOf(createDatabase(database))).toMatchObject(refusal)
  expect(await failureOf(database.connect())).toMatchObject(refusal)
  expect(await failureOf(prepareDatabase(database, { ...(await project()), seedEmptyTables: true }))).toMatchObject(
    refusal,
  )
  expect(await dropDatabase(database)).toMatchObject({ dropped: true, ended: [], kept: null })
  expect(await createDatabase(database)).toBe(true)
  await breakIt()
  expect(await setupDatabase(database, await project())).toMatchObject({ dropped: { dropped: true } })
  expect(await ask(database, things)).toBe(2)
})

test('a script is all or nothing, and its error has file, line and column', async () => {
  const database = await testDatabase()
  const path = await write(
    'schema.sql',
    'create table one ();\n\ncreate table two (\n  id uuid,\n  other uid\n);\ncreate table three ();\n',
  )
  const failure = await failureOf(loadScript(database, await readScript(path, 'db/schema.sql')))
  expect(failure).toMatchObject({
    code: 'sql_error',
    exitCode: 3,
    message: 'type "uid" does not exist',
    location: { file: 'db/schema.sql', line: 5, column: 9, text: '  other uid' },
    sql: { sqlstate: '42704' },
  })
  expect(failure.state).toContain('rolled back')
  expect(await ask(database, `select count(*)::int from pg_class where relnamespace = 'public'::regnamespace`)).toBe(0)
})

test.each([
  ['a syntax error', 'select 1;\nselct 2;', 2, 1],
  [
    'a constraint, which has no position: the statement',
    'create table a (n int check (n > 0));\n\n  insert into a\n values (0);',
    3,
    3,
  ],
  ['behind letters of several bytes', `select 'ä😀é', nope;`, 1, 15],
  ['behind tabs', '\t\tselect nope;', 1, 10],
  ['in the last line without an end', 'select 1;\n\nselect nope', 3, 8],
  ['with CRLF line ends', 'select 1;\r\nselect\r\n  nope;\r\n', 3, 3],
  ['behind a byte order mark', '\uFEFFselect nope;', 1, 8],
  ['behind comments and semicolons', '/* ; /* ; */ */ -- ;\n;;select 1;; select 1/0;', 2, 14],
  ['inside a do block: its line there', 'select 1;\ndo $$ begin\n perform 1/0;\nend $$;', 3, 2],
])('an error is located: %s', async (_, sql, line, column) => {
  const database = await testDatabase()
  const failure = await failureOf(loadScript(database, await readScript(await write('x.sql', sql))))
  expect(failure.location).toMatchObject({ line, column })
})

test('a constraint that is checked at the end rolls everything back too', async () => {
  const database = await testDatabase()
  const sql = `create table a (id int primary key, b int references a deferrable initially deferred); insert into a values (1, 2);`
  const failure = await failureOf(loadScript(database, await readScript(await write('x.sql', sql), 'x.sql')))
  expect(failure).toMatchObject({ code: 'sql_error', sql: { sqlstate: '23503' } })
  expect(failure.message).toContain('when the transaction was committed')
  expect(await ask(database, `select to_regclass('a')`)).toBeNull()
})

test.each([
  ['begin; create table a (); commit;', 'BEGIN'],
  ['create table a ();\ncommit;', 'COMMIT'],
  ['start transaction; rollback;', 'START TRANSACTION'],
  ['select 1; rollback work;', 'ROLLBACK'],
  ['\\connect other', '\\connect'],
  ['select 1;\nvacuum;', 'VACUUM'],
  ['\\frobnicate', '\\frobnicate'],
])('what cannot be run whole in one transaction is refused before anything runs: %j', async (sql, what) => {
  const failure = await failureOf(readScript(await write('x.sql', sql)))
  expect(failure).toMatchObject({ code: 'script_unsupported', state: 'Nothing of the script was run.' })
  expect(failure.message).toContain(what)
  expect(failure.location?.line).toBeGreaterThan(0)
})

test('savepoints are welcome', async () => {
  const database = await testDatabase()
  const sql = 'savepoint s; create table a (); rollback work to savepoint s; create table b (); release s;'
  await loadScript(database, await readScript(await write('x.sql', sql)))
  expect(await ask(database, `select to_regclass('a') is null and to_regclass('b') is not null`)).toBe(true)
})

test('a script in another encoding can say so, and is refused by the server if it does not', async () => {
  const database = await testDatabase()
  const latin = (text: string) => Buffer.from(text, 'latin1')
  const failure = await failureOf(
    loadScript(database, await readScript(await write('b.sql', latin("select 'ä'; select 1")))),
  )
  expect(failure).toMatchObject({ code: 'sql_error', sql: { sqlstate: '22021' } })
  const sql = latin("set client_encoding to latin1; create table a (b) as select 'ä';")
  await loadScript(database, await readScript(await write('c.sql', sql)))
  expect(await ask(database, 'select b from a')).toBe('ä')
})

test('a missing file, a folder, a binary: each has its sentence', async () => {
  expect(await failureOf(readScript(join(folder, 'nowhere.sql'), 'nowhere.sql'))).toMatchObject({
    code: 'file_missing',
    message: 'There is no file nowhere.sql.',
  })
  expect(await failureOf(readScript(folder))).toMatchObject({ code: 'file_unusable' })
  expect(await failureOf(readScript(await write('a.sql', new Uint8Array([0x61, 0]))))).toMatchObject({
    code: 'file_unusable',
  })
})

test('an empty script does nothing, and that is no error', async () => {
  const database = await testDatabase()
  expect(await loadScript(database, await readScript(await write('x.sql', '-- nothing\n')))).toMatchObject({
    statements: 0,
  })
})

test('setup goes from nothing to ready, and again', async () => {
  const database = await absentDatabase()
  const files = await project()
  expect(await setupDatabase(database, files)).toMatchObject({
    dropped: { dropped: false },
    loaded: [{ statements: 1 }, { rowsChanged: 2 }],
  })
  expect(await setupDatabase(database, files)).toMatchObject({ dropped: { dropped: true } })
  expect(await ask(database, things)).toBe(2)
})

test('setup with a missing or unreadable file drops nothing', async () => {
  const database = await absentDatabase()
  const files = await project()
  await setupDatabase(database, files)
  await expect(setupDatabase(database, { ...files, seedFile: join(folder, 'none.sql') })).rejects.toMatchObject({
    code: 'file_missing',
  })
  expect(await ask(database, things)).toBe(2)
})

test('prepare makes what is missing, and keeps what is there', async () => {
  const database = await absentDatabase()
  const options = { ...(await project()), seedEmptyTables: true }
  expect(await prepareDatabase(database, { ...options, dryRun: true })).toMatchObject({ created: true, loaded: [] })
  expect(await prepareDatabase(database, options)).toMatchObject({ created: true, loaded: [{}, {}] })
  await ask(database, `insert into things values ('mine')`)
  expect(await prepareDatabase(database, options)).toEqual({
    created: false,
    scripts: [],
    pending: [],
    loaded: [],
    applied: [],
  })
  expect(await ask(database, things)).toBe(3)
})

test('prepare seeds tables that are empty, but not on production', async () => {
  const database = await testDatabase()
  await ask(database, 'create table things (name text)')
  const files = await project()
  expect(await prepareDatabase(database, { ...files, seedEmptyTables: false })).toMatchObject({ loaded: [] })
  expect(await ask(database, things)).toBe(0)
  expect(await prepareDatabase(database, { ...files, seedEmptyTables: true })).toMatchObject({
    loaded: [{ rowsChanged: 2 }],
  })
})

test('eight that prepare at once load everything once', async () => {
  const database = await absentDatabase()
  const options = { ...(await project()), seedEmptyTables: true }
  await Promise.all(Array.from({ length: 8 }, () => prepareDatabase(database, options)))
  expect(await ask(database, things)).toBe(2)
})

test('prepare leaves alone what is there, also where there is no table', async () => {
  const database = await testDatabase()
  await ask(database, 'create view one as select 1 as n')
  const files = await project('drop schema public cascade; create schema public;', 'select 1;')
  expect(await prepareDatabase(database, { ...files, seedEmptyTables: true })).toMatchObject({ loaded: [] })
  expect(await ask(database, 'select n from one')).toBe(1)
})

test('several that set up at once all succeed, one after the other', async () => {
  const database = await absentDatabase()
  const files = await project()
  await Promise.all(Array.from({ length: 5 }, () => setupDatabase(database, files)))
  expect(await ask(database, things)).toBe(2)
})

test('a large script that fails at its end is located without much ado', async () => {
  const database = await testDatabase()
  const path = await write('x.sql', `${'select 1; -- ä😀\n'.repeat(100_000)}select nope;`)
  expect((await failureOf(loadScript(database, await readScript(path)))).location).toMatchObject({
    line: 100_001,
    column: 8,
    text: 'select nope;',
  })
})

test('a connection that is being made can be interrupted', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const address = { ...(await testDatabase()).address, host: '127.0.0.1', port, connectTimeoutSeconds: 0 }
  const connecting = connect(address, { application: 'tests', signal: AbortSignal.timeout(100) })
  await expect(connecting).rejects.toMatchObject({ name: 'TimeoutError' })
  silent.close()
})

test('a prepare whose seed fails leaves no schema either, so that the next one starts from the beginning', async () => {
  const database = await absentDatabase()
  const broken = await project('create table things (name text);', 'insert into nowhere values (1);')
  await expect(prepareDatabase(database, { ...broken, seedEmptyTables: true })).rejects.toMatchObject({
    code: 'sql_error',
    location: { line: 1, column: 13 },
  })
  expect(await ask(database, `select to_regclass('things')`)).toBeNull()
})

test('a script that is interrupted leaves nothing behind', async () => {
  const database = await testDatabase()
  const stop = new AbortController()
  const script = await readScript(await write('x.sql', 'create table a (); select pg_sleep(60);'))
  const cluster = { ...database, connect: () => database.connect(undefined, { signal: stop.signal }) }
  setTimeout(() => stop.abort(new Error('stopped')), 100)
  await expect(loadScript(cluster, script)).rejects.toThrow('stopped')
  expect(await ask(database, `select to_regclass('a')`)).toBeNull()
})

test('sessions show who is there, who waits, and for whom', async () => {
  const database = await testDatabase()
  const holder = await database.connect(undefined, { application: 'holder' })
  const waiter = await database.connect(undefined, { application: 'waiter' })
  await holder.run('create table t ()')
  await holder.run('begin')
  await holder.run('lock table t')
  const waiting = waiter.run('select * from t')
  const find = async () => {
    const connection = await database.connect('postgres')
    try {
      return (await listSessions(connection, { all: true })).filter((session) => session.database === database.database)
    } finally {
      await connection.close()
    }
  }
  await expect
    .poll(async () => (await find()).find(({ application }) => application === 'waiter')?.blockedBy.length)
    .toBe(1)
  const [first, second] = await find()
  expect(first).toMatchObject({
    application: 'waiter',
    waiting: 'Lock: relation',
    blockedBy: [second?.pid],
    query: 'select * from t',
  })
  expect(second).toMatchObject({ application: 'holder', state: 'idle in transaction', client: null, user: 'postgres' })
  expect(second?.transactionSeconds).toBeGreaterThan(0)
  await holder.run('commit')
  await waiting
  await Promise.all([holder.close(), waiter.close()])
})

test('wait says when the server answers, also without the database, and gives up with what it last heard', async () => {
  const there = await testDatabase()
  expect(await waitForServer(there)).toMatchObject({ databaseExists: true })
  expect(await waitForServer(await absentDatabase())).toMatchObject({ databaseExists: false })
  const address = { ...there.address, port: 1, host: '127.0.0.1' }
  const nobody = { database: 'x', connect: () => connect(address, { application: 'tests' }) }
  const failure = await failureOf(waitForServer(nobody, { seconds: 0.2, pollSeconds: 0.05 }))
  expect(failure).toMatchObject({ code: 'connection_timeout', exitCode: 2 })
  expect(failure.message).toContain('nothing listens there')
  await expect(waitForServer(nobody, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'AbortError' })
})

test('wait ends in time where a server takes the connection and says nothing, and one try is made even in no time', async () => {
  const there = await testDatabase()
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const mute: Cluster = {
    database: 'x',
    connect: (_, options) =>
      connect({ ...there.address, host: '127.0.0.1', port }, { application: 'tests', ...options }),
  }
  const began = performance.now()
  expect(await failureOf(waitForServer(mute, { seconds: 0.3, pollSeconds: 0.1 }))).toMatchObject({
    code: 'connection_timeout',
    message: 'The server did not answer within 0.3 s.',
  })
  expect(performance.now() - began).toBeLessThan(2000)
  await expect(waitForServer(mute, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' })
  silent.close()
  expect(await waitForServer(there, { seconds: 0 })).toMatchObject({ databaseExists: true })
})
