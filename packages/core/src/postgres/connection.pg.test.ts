import { setTimeout as sleep } from 'node:timers/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import type { Failure } from '../errors.ts'
import type { Address } from './address.ts'
import { connect, type Connection, type Notice } from './connection.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await database.connect()
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: Failure) => error,
  )
}

const connectTo = (change: Partial<Address>) => connect({ ...database.address, ...change }, { application: 'tests' })

test('values in a query are parameters, not text', async () => {
  const nasty = `'; drop table x; -- $1 "\\`
  const rows = await withConnection(
    (db) => db.query`select ${nasty} as text, ${42}::int as number, ${[1, 2]}::int[] as list`,
  )
  expect(rows).toEqual([{ text: nasty, number: 42, list: [1, 2] }])
})

test('what is asked at once is answered in its order, each with its own rows, also after an error', async () => {
  await withConnection(async (db) => {
    const outcomes = await Promise.allSettled([
      db.run('select 1 as n'),
      db.query`select ${2}::int as n`,
      db.run('select nowhere'),
      db.query`select ${'x'}::int as n`,
      db.run('select 3 as n; select 4 as n'),
      db.run('select 5 as n; select 6 as n'),
    ])
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code))).toEqual([
      [{ n: 1 }],
      [{ n: 2 }],
      'sql_error',
      'sql_error',
      [{ n: 4 }],
      [{ n: 6 }],
    ])
  })
})

test('values come back as they went', async () => {
  const time = new Date('2026-11-24T06:51:02.345Z')
  await withConnection(async (db) => {
    const [row] = await db.query`
      select ${true}::bool as yes, ${12345678901234567890n}::numeric as exact, ${1.5}::float8 as float, ${null}::text as nothing,
             ${time}::timestamptz as time, ${[
               ['a"\\', '{'],
               [null, ''],
             ]}::text[] as list, ${Uint8Array.of(0, 92, 255)}::bytea as bytes,
             ${'{"a": 1}'}::jsonb as json, '{}'::int[] as none, 'infinity'::timestamptz as never, 'é'::name as name`
    expect(row).toEqual({
      yes: true,
      exact: '12345678901234567890',
      float: 1.5,
      nothing: null,
      time,
      list: [
        ['a"\\', '{'],
        [null, ''],
      ],
      bytes: String.raw`\x005cff`,
      json: { a: 1 },
      none: [],
      never: Infinity,
      name: 'é',
    })
    const long = 'ä'.repeat(3_000_000)
    expect(await db.query`select ${long} as long`).toEqual([{ long }])
  })
})

test('copy has no data here, and does not wait for any', async () => {
  await withConnection(async (db) => {
    await db.run('create table copied (n int)')
    expect(await failureOf(db.run('copy copied from stdin'))).toMatchObject({ code: 'sql_error' })
    expect(await db.run('copy copied to stdout')).toEqual([])
    expect(await db.run('select 1 as one')).toEqual([{ one: 1 }])
  })
})

test('a session says who it is, and the server which version it has', async () => {
  await withConnection(async (db) => {
    expect(await db.query`select current_setting('application_name') as name`).toEqual([{ name: 'tests' }])
    expect(db.serverVersion).toMatch(/^18\./)
  })
})

test('an error of the server keeps its SQLSTATE, detail and hint', async () => {
  const failure = await withConnection((db) => failureOf(db.query`select * from nowhere`))
  expect(failure).toMatchObject({ code: 'sql_error', exitCode: 3, sql: { sqlstate: '42P01', severity: 'ERROR' } })
})

test('notices arrive', async () => {
  const notices: Notice[] = []
  const connection = await database.connect(undefined, { onNotice: (notice) => notices.push(notice) })
  await connection.run('drop table if exists nowhere')
  await connection.close()
  expect(notices).toEqual([{ severity: 'NOTICE', message: 'table "nowhere" does not exist, skipping' }])
})

test('a statement that takes longer than allowed is cancelled', async () => {
  const connection = await database.connect(undefined, { statementTimeoutSeconds: 0.05 })
  const failure = await failureOf(connection.run('select pg_sleep(30)'))
  await connection.close()
  expect(failure).toMatchObject({ code: 'sql_error', sql: { sqlstate: '57014' } })
})

test('a statement that waits longer for a lock than allowed is cancelled', async () => {
  await withConnection(async (holder) => {
    await holder.run('create table locked ()')
    await holder.run('begin')
    await holder.run('lock table locked')
    const connection = await database.connect(undefined, { lockTimeoutSeconds: 0.05 })
    const failure = await failureOf(connection.run('select * from locked'))
    await connection.close()
    expect(failure).toMatchObject({ code: 'sql_error', sql: { sqlstate: '55P03' } })
  })
})

test('a connection that is ended from outside while it works is a failure', async () => {
  await withConnection(async (db) => {
    const [own] = await db.query<{ pid: number }>`select pg_backend_pid() as pid`
    const failing = failureOf(db.run('select pg_sleep(30)'))
    await sleep(50)
    await administer(`select pg_terminate_backend(${own?.pid})`)
    expect(await failing).toMatchObject({ code: 'connection_lost', exitCode: 2 })
  })
})

test('a connection that is ended from outside while nobody asks is a failure at the next question, and no crash', async () => {
  await withConnection(async (db) => {
    const [own] = await db.query<{ pid: number }>`select pg_backend_pid() as pid`
    await administer(`select pg_terminate_backend(${own?.pid})`)
    await sleep(50)
    expect(await failureOf(db.run('select 1'))).toMatchObject({ code: 'connection_lost', exitCode: 2 })
  })
})

test('a database that is not there, a role that is not there, a wrong password: each has its sentence', async () => {
  const { port, password } = { port: database.address.port, password: 'wrong-s3cret' }
  expect(await failureOf(connectTo({ database: 'nowhere' }))).toMatchObject({
    code: 'database_missing',
    hint: 'Make it: pgrig create, with the same target.',
  })
  expect(await failureOf(connectTo({ user: 'nobody_at_all' }))).toMatchObject({ code: 'connection_denied' })
  const denied = await failureOf(connectTo({ host: '127.0.0.1', password }))
  expect(denied).toMatchObject({
    code: 'connection_denied',
    message: `127.0.0.1:${port} does not accept the password of postgres.`,
  })
  expect(JSON.stringify({ ...denied, message: denied.message, stack: denied.stack })).not.toContain(password)
})

test('nobody there, an unknown host, one that never answers: each has its sentence', async () => {
  expect(await failureOf(connectTo({ host: '127.0.0.1', port: 1 }))).toMatchObject({
    code: 'connection_refused',
    exitCode: 2,
  })
  expect(await failureOf(connectTo({ host: '/nowhere' }))).toMatchObject({ code: 'connection_refused' })
  expect(await failureOf(connectTo({ host: 'no-such-host.invalid' }))).toMatchObject({ code: 'connection_host' })
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number }
  const failure = await failureOf(connectTo({ host: '127.0.0.1', port, connectTimeoutSeconds: 0.2 }))
  silent.close()
  expect(failure).toMatchObject({
    code: 'connection_timeout',
    message: expect.stringContaining('no answer within 0.2 s'),
  })
})

test('a server without TLS is refused where TLS is asked for, and met in plain where it is only preferred', async () => {
  const password = new URL(database.url).password
  const tcp = { host: '127.0.0.1', password }
  for (const mode of ['require', 'verify-ca', 'verify-full'] as const) {
    expect(await failureOf(connectTo({ ...tcp, tls: { mode } }))).toMatchObject({ code: 'connection_tls' })
  }
  for (const mode of ['disable', 'allow', 'prefer'] as const) {
    const connection = await connectTo({ ...tcp, tls: { mode } })
    await connection.close()
  }
})

test('when it is told to stop, the server stops too, and nothing more is sent', async () => {
  const stop = new AbortController()
  const connection = await database.connect(undefined, { signal: stop.signal })
  await connection.run('create table stopped ()')
  await connection.run('begin')
  await connection.run('drop table stopped')
  const running = connection.run('select pg_sleep(60)')
  await sleep(50)
  stop.abort(new Error('stopped by the test'))
  await expect(running).rejects.toThrow('stopped by the test')
  await expect(connection.run('commit')).rejects.toThrow('stopped by the test')
  await connection.close()
  expect(await withConnection((db) => db.run(`select to_regclass('stopped')::text as name`))).toEqual([
    { name: 'stopped' },
  ])
})
