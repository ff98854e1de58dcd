import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRoles, request } from '../../../../../tests/support/roles.ts'
import type { Address } from '../../postgres/address.ts'
import { connect, type Connection } from '../../postgres/connection.ts'
import { addressOf, removeServer, startServer, type Server } from '../../postgres/embedded/server.ts'
import { makeScramVerifier } from '../../postgres/wire/scram.ts'
import { runChanges } from './apply.ts'
import { fileKeeper } from './keep-file.ts'
import { noKeeper } from './password.ts'
import { planRoles } from './plan.ts'
import { provePassword } from './prove.ts'
import { planRotation, rotatePassword } from './rotate.ts'

/** A server of its own, which logs every statement and has the roles of Amazon RDS. */
let folder: string
let server: Server
let connection: Connection

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgrig-secrets-'))
  await chmod(folder, 0o755)
  server = await startServer(folder, { durable: false })
  const owner = await connect(addressOf(server, 'postgres'), { application: 'tests' })
  for (const name of ['shop', 'trusted']) await owner.run(`create database ${name}`)
  for (const name of ['rds_iam', 'rds_superuser']) await owner.run(`create role ${name}`)
  for (const [name, value] of [
    ['log_statement', 'all'],
    ['log_parameter_max_length', '-1'],
    ['log_min_error_statement', 'debug5'],
    ['log_connections', 'on'],
  ]) {
    await owner.run(`alter system set ${name} = '${value}'`)
  }
  await writeFile(
    join(server.dataFolder, 'pg_hba.conf'),
    `local all all trust
host trusted all 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`,
  )
  await owner.run('select pg_reload_conf()')
  await owner.close()
  await sleep(100)
  connection = await connect(addressOf(server, 'shop'), { application: 'tests' })
})

afterAll(async () => {
  await connection.close()
  await removeServer(folder)
  await rm(folder, { recursive: true, force: true })
})

const over = (database: string): Address => ({
  ...addressOf(server, database),
  host: '127.0.0.1',
})

test('a server that logs all statements never hears of a password, nor does pg_stat_activity show one', async () => {
  const asked = request({ app: { level: 'app', schemas: ['public'] } })
  const first = (await makeRoles(connection, asked))['app'] ?? ''
  const { password: second, proof } = await rotatePassword(
    connection,
    await planRotation(connection, 'app', { now: new Date() }),
    noKeeper,
  )
  expect(proof).toEqual({ proven: true })
  // A statement that fails is logged once more, as the reason.
  const plan = await planRotation(connection, 'app', { now: new Date() })
  let third = ''
  const keeper = {
    keep: async (made: string) => ((third = made), { place: null, undo: async () => {}, settle: async () => {} }),
  }
  await expect(
    runChanges(
      connection,
      [...plan.changes, { role: 'app', kind: 'alter', text: '', sql: 'alter role nobody login' }],
      () => keeper,
    ),
  ).rejects.toMatchObject({ code: 'sql_error' })

  const log = await readFile(server.logFile, 'utf8')
  expect(log).toContain('SCRAM-SHA-256$4096:')
  expect(log).toContain('alter role "app" password')
  for (const password of [first, second, third]) {
    expect(password).toHaveLength(40)
    expect(log).not.toContain(password)
    expect(log).not.toContain(Buffer.from(password).toString('base64').replace(/=+$/, ''))
  }
  const activity = JSON.stringify(await connection.run('select query from pg_stat_activity'))
  for (const password of [first, second, third]) expect(activity).not.toContain(password)
})

test('the verifier that we compute is the one that the server would: both log in with the password', async () => {
  for (const [role, password] of [
    ['ascii', `a,b=c'"\\ %41`],
    ['nasty', `pä'ss"\\ „wörd“ ,=n,, 🐘`],
    ['prepared', 'ﬁ\u00a0e\u0301\u00ad\u2168'],
  ] as const) {
    const verifier = await makeScramVerifier(password)
    expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/)
    await connection.run(`create role ${role} login password '${verifier}'`)
    const [row] = await connection.run<{ kept: string }>(
      `select rolpassword as kept from pg_authid where rolname = '${role}'`,
    )
    expect(row?.kept).toBe(verifier)
    expect(await provePassword(over('shop'), role, password)).toEqual({ proven: true })
    await expect(provePassword(over('shop'), role, `${password}.`)).rejects.toMatchObject({ code: 'connection_denied' })
  }
})

test('where the server trusts, it is said that the password could not be proven', async () => {
  await makeRoles(connection, request({ anybody: { level: 'app', schemas: ['public'] } }))
  const trusted = await connect(over('trusted'), { application: 'tests' })
  const plan = await planRotation(trusted, 'anybody', { now: new Date() })
  const { proof } = await rotatePassword(trusted, plan, noKeeper)
  await trusted.close()
  expect(proof).toMatchObject({ proven: false, why: expect.stringContaining('without asking for one') })
})

test('a role for IAM has no password and is in rds_iam; its password is not rotated; an admin is in rds_superuser', async () => {
  const asked = request({
    token: { level: 'readonly', schemas: ['public'], iam: true },
    boss: { level: 'admin', schemas: ['public'] },
  })
  const plan = await planRoles(connection, asked)
  const passwords = await makeRoles(connection, asked)
  expect(Object.keys(passwords)).toEqual(['boss'])
  expect(plan.changes.filter(({ role }) => role === 'token').map(({ sql }) => sql)).toContain(
    'create role "token" login',
  )
  expect(
    await connection.run(
      `select pg_has_role('token', 'rds_iam', 'usage') as token, pg_has_role('boss', 'rds_superuser', 'usage') as boss`,
    ),
  ).toEqual([{ token: true, boss: true }])
  expect((await planRoles(connection, asked)).changes).toEqual([])
  await expect(planRotation(connection, 'token', { now: new Date() })).rejects.toMatchObject({ code: 'role_differs' })
})

test('Ctrl-C while the server makes us wait leaves neither a file nor a new password', async () => {
  await makeRoles(connection, request({ waiting: { level: 'readonly', schemas: ['public'] } }))
  const place = await mkdtemp(join(tmpdir(), 'pgrig-secrets-'))
  await connection.run(`begin; alter role waiting connection limit 5`)
  const abort = new AbortController()
  const other = await connect(addressOf(server, 'shop'), { application: 'tests', signal: abort.signal })
  const plan = await planRotation(other, 'waiting', { now: new Date() })
  const running = rotatePassword(other, plan, fileKeeper(join(place, 'password')))
  running.catch(() => {})
  await expect.poll(() => readdir(place)).toEqual(['password'])
  abort.abort(new Error('stopped'))
  await expect(running).rejects.toThrow('stopped')
  expect(await readdir(place)).toEqual([])
  await connection.run('rollback')
  await other.close()
  await rm(place, { recursive: true })
})
