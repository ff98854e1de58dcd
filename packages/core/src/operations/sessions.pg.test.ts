import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { connect, type Connection } from '../postgres/connection.ts'
import { processFinder } from '../postgres/client-processes.ts'
import {
  allEnded,
  chooseSessions,
  endSessions,
  endStatement,
  type SessionChoice,
  type SessionVerb,
} from './end-sessions.ts'
import { listSessions, readActivity, type Session } from './sessions.ts'

async function join(database: TestDatabase, application: string): Promise<Connection> {
  const connection = await database.connect(undefined, { application })
  onTestFinished(() => connection.leave())
  return connection
}

/** A role that is nobody, but may connect and look at itself. */
async function joinAs(database: TestDatabase, role: string, application: string): Promise<Connection> {
  const connection = await connect({ ...database.address, user: role }, { application })
  onTestFinished(() => connection.leave())
  return connection
}

async function makeRole(name: string, more = ''): Promise<string> {
  const role = `${name}_${process.pid}_${Math.round(performance.now())}`
  await administer(`create role ${role} login`)
  if (more !== '') await administer(`grant ${more} to ${role}`)
  onTestFinished(() => administer(`drop role ${role}`))
  return role
}

const pidOf = async (connection: Connection) =>
  (await connection.query<{ pid: number }>`select pg_backend_pid() as pid`)[0]?.pid ?? 0

/** The sessions as they are when they are as they should be. */
async function sessionsWhen(
  database: TestDatabase,
  looker: Connection,
  condition: (sessions: Session[]) => boolean,
): Promise<Session[]> {
  const find = async () => listSessions(looker, { all: true, database: database.database })
  await expect.poll(async () => condition(await find())).toBe(true)
  return find()
}

/** Chooses and ends, as the command does. */
async function stop(connection: Connection, verb: SessionVerb, choice: SessionChoice) {
  const { sessions, others, hidden } = await chooseSessions(connection, verb, choice)
  return { ended: [...(await endSessions(connection, verb, sessions, { seconds: 1 })), ...others], hidden }
}

const outcomes = (ended: readonly { outcome: string; session: Session | null }[]) =>
  Object.fromEntries(ended.map(({ outcome, session }) => [session?.application ?? 'nobody', outcome]))

test('a session that is idle in a transaction shows its age and its last statement', async () => {
  const database = await testDatabase()
  const [idler, looker] = [await join(database, 'idler'), await join(database, 'looker')]
  await idler.run('begin')
  await idler.run('select 42 as answer')
  const sessions = await listSessions(looker, { database: database.database })
  expect(sessions).toMatchObject([
    {
      application: 'idler',
      kind: 'client backend',
      state: 'idle in transaction',
      query: 'select 42 as answer',
      own: false,
      hidden: false,
      superuser: true,
      blockedBy: [],
      clientPort: -1,
    },
  ])
  expect(sessions[0]?.transactionSeconds).toBeGreaterThan(0)
  expect(sessions[0]?.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
})

test('sessions are found by user, database, application, state and how long they idle', async () => {
  const [database, other] = [await testDatabase(), await testDatabase()]
  const looker = await join(database, 'looker')
  const role = await makeRole('found')
  const [idle, inTransaction, busy] = [
    await joinAs(database, role, 'idle'),
    await join(database, 'in transaction'),
    await join(database, 'busy'),
  ]
  await join(other, 'elsewhere')
  await idle.run('select 1')
  await inTransaction.run('begin')
  busy.run('select pg_sleep(60)').catch(() => {})
  await sessionsWhen(database, looker, (all) => all.some(({ state }) => state === 'active'))
  const found = async (filter: Parameters<typeof listSessions>[1]) =>
    (await listSessions(looker, filter)).map(({ application }) => application).sort()
  const here = { database: database.database }
  expect(await found(here)).toEqual(['busy', 'in transaction'])
  expect(await found({ ...here, all: true })).toEqual(['busy', 'idle', 'in transaction'])
  expect(await found({ ...here, idleSeconds: 0 })).toEqual(['idle', 'in transaction'])
  expect(await found({ ...here, idleSeconds: 60 })).toEqual([])
  expect(await found({ ...here, runningSeconds: 0 })).toEqual(['busy'])
  expect(await found({ ...here, state: 'idle' })).toEqual(['idle'])
  expect(await found({ ...here, state: 'idle-in-transaction' })).toEqual(['in transaction'])
  expect(await found({ ...here, state: 'waiting' })).toEqual([])
  expect(await found({ user: role, all: true })).toEqual(['idle'])
  expect(await found({ database: other.database, all: true })).toEqual(['elsewhere'])
  expect(await found({ ...here, application: 'busy' })).toEqual(['busy'])
})

test('a role that may not look into the sessions of others sees that they are there, and is told what it lacks', async () => {
  const database = await testDatabase()
  const [blind, seeing] = [await makeRole('blind'), await makeRole('seeing', 'pg_monitor')]
  const other = await join(database, 'a secret')
  await other.run(`select 'hidden'`)
  const [ofBlind, ofSeeing] = [await joinAs(database, blind, 'blind'), await joinAs(database, seeing, 'seeing')]
  const activity = await readActivity(ofBlind, { database: database.database, user: 'postgres' })
  expect(activity.sessions).toMatchObject([
    {
      pid: await pidOf(other),
      application: 'a secret',
      hidden: true,
      state: null,
      query: null,
      kind: null,
      startedAt: null,
    },
  ])
  expect(activity.hidden).toMatchObject({ role: blind })
  expect(activity.hidden?.sessions).toBeGreaterThan(0)
  const seen = await readActivity(ofSeeing, { all: true, database: database.database, user: 'postgres' })
  expect(seen).toMatchObject({
    hidden: null,
    sessions: [{ application: 'a secret', query: 'select pg_backend_pid() as pid' }],
  })
})

test('prepared transactions are told, since they hold a database without a session', async () => {
  const [database, other] = [await testDatabase(), await testDatabase()]
  const connection = await join(database, 'preparer')
  await connection.run('create table t (id int)')
  await connection.run('begin')
  await connection.run('lock table t')
  await connection.run(`prepare transaction '${database.database}'`)
  onTestFinished(async () => void (await connection.run(`rollback prepared '${database.database}'`)))
  const looker = await join(other, 'looker')
  const { preparedTransactions } = await readActivity(looker, { database: database.database })
  expect(preparedTransactions).toMatchObject([
    { gid: database.database, owner: 'postgres', database: database.database },
  ])
  expect(preparedTransactions[0]?.seconds).toBeGreaterThan(0)
  expect((await readActivity(looker, { database: other.database })).preparedTransactions).toEqual([])
})

test('end closes the session, cancel stops its statement and leaves it', async () => {
  const database = await testDatabase()
  const [busy, looker] = [await join(database, 'busy'), await join(database, 'looker')]
  const choice = { pids: [await pidOf(busy)] }
  const first = busy.run('select pg_sleep(60)')
  const cancelled = expect(first).rejects.toMatchObject({ sql: { sqlstate: '57014' } })
  await sessionsWhen(database, looker, ([session]) => session?.state === 'active')
  expect(outcomes((await stop(looker, 'cancel', choice)).ended)).toEqual({ busy: 'done' })
  await cancelled
  expect(outcomes((await stop(looker, 'cancel', choice)).ended)).toEqual({ busy: 'idle' })
  expect(await busy.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(outcomes((await stop(looker, 'end', choice)).ended)).toEqual({ busy: 'done' })
  await expect(busy.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  expect(outcomes((await stop(looker, 'end', choice)).ended)).toEqual({ nobody: 'missing' })
})

test('what a filter means is ended, and nothing else', async () => {
  const [database, other] = [await testDatabase(), await testDatabase()]
  const looker = await join(database, 'looker')
  const [idle, busy, elsewhere] = [
    await join(database, 'idle'),
    await join(database, 'busy'),
    await join(other, 'idle'),
  ]
  busy.run('select pg_sleep(60)').catch(() => {})
  await sessionsWhen(database, looker, (all) => all.some(({ state }) => state === 'active'))
  const here = { database: database.database }
  expect((await stop(looker, 'end', { ...here, idleSeconds: 3600 })).ended).toEqual([])
  expect((await stop(looker, 'cancel', { ...here, application: 'idle' })).ended).toEqual([])
  expect(outcomes((await stop(looker, 'end', { ...here, idleSeconds: 0 })).ended)).toEqual({ idle: 'done' })
  await expect(idle.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  expect(await elsewhere.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(outcomes((await stop(looker, 'cancel', { ...here, runningSeconds: 0 })).ended)).toEqual({ busy: 'done' })
})

test('sessions of pgrig are never ended, this one least of all', async () => {
  const database = await testDatabase()
  const [own, looker] = [await join(database, 'pgrig seed'), await join(database, 'looker')]
  const pids = [await pidOf(own), await pidOf(looker)]
  expect((await stop(looker, 'end', { database: database.database })).ended).toEqual([])
  for (const verb of ['end', 'cancel'] as const) {
    const { ended } = await stop(looker, verb, { pids })
    expect(ended.map(({ outcome }) => outcome)).toEqual(['own', 'own'])
  }
  // Even where it was taken for another one when it was listed.
  const [listed] = await listSessions(looker, { all: true, database: database.database })
  const mistaken = listed ? [{ ...listed, own: false }] : []
  expect(await endSessions(looker, 'end', mistaken)).toMatchObject([{ outcome: 'gone' }])
  expect(await own.run('select 1 as one')).toEqual([{ one: 1 }])
})

test('a session whose pid has passed on to another one is gone, and the other one stays', async () => {
  const database = await testDatabase()
  const [victim, looker] = [await join(database, 'victim'), await join(database, 'looker')]
  const [session] = await listSessions(looker, { all: true, database: database.database })
  expect(session?.application).toBe('victim')
  const earlier = session ? [{ ...session, startedAt: '2020-01-01T00:00:00.000000Z' }] : []
  for (const verb of ['end', 'cancel'] as const)
    expect(await endSessions(looker, verb, earlier)).toMatchObject([{ outcome: 'gone' }])
  expect(await victim.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(allEnded(await endSessions(looker, 'end', session ? [session] : []))).toBe(true)
  expect(await endSessions(looker, 'end', session ? [session] : [])).toMatchObject([{ outcome: 'gone' }])
})

test('who may not end a session hears what it takes', async () => {
  const database = await testDatabase()
  const [weak, signaller, owner] = [
    await makeRole('weak'),
    await makeRole('signaller', 'pg_signal_backend'),
    await makeRole('owner'),
  ]
  await join(database, 'of a superuser')
  const theirs = await joinAs(database, owner, 'of another role')
  const asWeak = await joinAs(database, weak, 'weak')
  const here = { database: database.database }
  const all = await listSessions(asWeak, { all: true, ...here })
  const choice = { pids: all.map(({ pid }) => pid) }
  const { ended } = await stop(asWeak, 'end', choice)
  expect(ended.map(({ session, outcome, needs }) => `${session?.application}: ${outcome}, ${needs}`).sort()).toEqual([
    'of a superuser: denied, superuser',
    'of another role: denied, pg_signal_backend',
  ])
  expect(allEnded(ended)).toBe(false)
  // It may end what it cannot look into.
  const asSignaller = await joinAs(database, signaller, 'signaller')
  theirs.run('select pg_sleep(60)').catch(() => {})
  await expect
    .poll(async () => outcomes((await stop(asSignaller, 'cancel', choice)).ended))
    .toEqual({
      'of a superuser': 'denied',
      'of another role': 'sent',
    })
  expect(outcomes((await stop(asSignaller, 'end', choice)).ended)).toEqual({
    'of a superuser': 'denied',
    'of another role': 'done',
  })
  expect(await stop(asSignaller, 'end', { ...here, idleSeconds: 0 })).toEqual({ ended: [], hidden: expect.any(Number) })
})

test('a session that does not leave in time remains, and that is said', async () => {
  const database = await testDatabase()
  const [stubborn, looker] = [await join(database, 'stubborn'), await join(database, 'looker')]
  const [session] = await listSessions(looker, { all: true, database: database.database })
  // No statement of SQL can make a backend deaf; a server that asks it and hears nothing is the same to us.
  const deaf: Connection = {
    ...looker,
    query: (strings, ...values) =>
      strings.join('').includes('pg_terminate_backend')
        ? looker.query`select true as sent`
        : looker.query(strings, ...values),
  }
  const ended = await endSessions(deaf, 'end', session ? [session] : [], { seconds: 0.2 })
  expect(ended).toMatchObject([{ outcome: 'remains' }])
  expect(allEnded(ended)).toBe(false)
  expect(await stubborn.run('select 1 as one')).toEqual([{ one: 1 }])
})

test('the statement that a dry run shows is the one that does it', async () => {
  const database = await testDatabase()
  const [victim, looker] = [await join(database, 'victim'), await join(database, 'looker')]
  await looker.run(endStatement('end', await pidOf(victim)))
  await sessionsWhen(database, looker, (sessions) => sessions.length === 0)
})

test.each(['socket', 'tcp'])('the program behind a session over %s is named, without its arguments', async (way) => {
  const database = await testDatabase()
  const looker = await join(database, 'looker')
  const folder = await mkdtemp(joinPath(tmpdir(), 'pgrig-client-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const script = joinPath(folder, 'client.cjs')
  const config = way === 'tcp' ? { connectionString: database.url } : database.clientConfig
  const pg = createRequire(new URL('../../../../cruddur/start.ts', import.meta.url)).resolve('pg')
  await writeFile(
    script,
    `const { Client } = require(${JSON.stringify(pg)})
     const client = new Client({ ...${JSON.stringify(config)}, application_name: 'the script' })
     client.on('error', () => {})
     client.connect()`,
  )
  const child = spawn(process.execPath, [script, '--password=geheim'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill())
  await sessionsWhen(database, looker, (sessions) => sessions.some(({ application }) => application === 'the script'))
  const activity = await readActivity(looker, { all: true, application: 'the script', findProcesses: processFinder() })
  const named = { pid: child.pid, program: 'node', script: 'client.cjs' }
  expect(activity.sessions).toMatchObject([{ process: process.platform === 'linux' ? named : null }])
  expect(JSON.stringify(activity)).not.toContain('geheim')
})
