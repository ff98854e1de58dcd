import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { pgrig } from '../../tests/support/program.ts'
import { outcomes, rolesPlace, withLogin } from '../../tests/support/roles.ts'
import { loadSql } from '../db/test-client.ts'
import { openGate, serveSecret, startLambda, temporaryFolder, unpackTrigger } from './testing.ts'

const place = await rolesPlace('trigger')
const { database, url } = place.database
const role = place.name('login')
const admin = new pg.Client(place.database.clientConfig)
await admin.connect()
afterAll(() => admin.end())

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cruddur-trigger-'))
  file = await unpackTrigger(folder)
  await loadSql(admin, 'schema.sql')
  expect(await makeRole()).toMatchObject({ code: 0 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => admin.query('delete from users'))

/** As the README says it for production. */
async function makeRole() {
  await writeFile(join(folder, 'pgrig.json'), '{}')
  const args = ['run', join(import.meta.dirname, 'role.sql'), 'prod', '-v', `role=${role}`, '--confirm', database]
  return pgrig(args, { cwd: folder, env: { PROD_CONNECTION_URL: url } })
}

/** Gives the role a new password, and returns it. */
async function changePassword(): Promise<string> {
  const kept = join(await temporaryFolder(), 'password')
  const done = await pgrig(['roles', 'rotate', role, '--url', url, '--store', `cat > ${kept}`, '--yes'])
  expect(done).toMatchObject({ code: 0 })
  return readFile(kept, 'utf8')
}

async function startAll() {
  const gate = await openGate(place.tcp)
  const secret = await serveSecret({ username: role, password: await changePassword() })
  const lambda = await startLambda(file, {
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(gate.port),
    DATABASE_NAME: database,
    DATABASE_SECRET_ARN: secret.arn,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secret.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example-key',
  })
  return { gate, secret, lambda }
}

function confirmation(handle: string, name = 'Ann') {
  const attributes = { sub: `sub-${handle}`, preferred_username: handle, name, email: `${handle}@example.org` }
  return {
    version: '1',
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    region: 'eu-central-1',
    userPoolId: 'eu-central-1_x',
    userName: randomUUID(),
    callerContext: { awsSdkVersion: '3', clientId: 'x' },
    request: { userAttributes: attributes },
    response: {},
  }
}

async function handles(): Promise<string[]> {
  const { rows } = await admin.query<{ handle: string }>('select handle from users order by created_at')
  return rows.map(({ handle }) => handle)
}

test('what is uploaded is below 300 kB, and made from the same source it is the same, wherever and whenever', async () => {
  const again = await temporaryFolder()
  await unpackTrigger(again)
  const archive = await readFile(join(folder, 'trigger.zip'))
  expect(archive.equals(await readFile(join(again, 'trigger.zip')))).toBe(true)
  expect((await stat(join(folder, 'trigger.zip'))).size).toBeLessThan(300_000)
  expect(await readFile(file, 'utf8')).not.toContain(process.cwd())
})

test('the role may add people, and see handles and accounts, and nothing else', async () => {
  const password = await changePassword()
  const told = await withLogin(place, role, password, (connection) =>
    outcomes(connection, [
      `insert into users (display_name, handle, cognito_user_id) values ('A', 'a', 'sub') on conflict (cognito_user_id) do nothing`,
      `select 1 from users where lower(handle) = 'a' and cognito_user_id = 'sub'`,
      'select display_name from users',
      `insert into users (uuid, display_name, handle, cognito_user_id) values (uuid_v7(), 'B', 'b', 'b')`,
      `update users set handle = 'b'`,
      'delete from users',
      'truncate users',
      'select from activities',
      'create table mine (a int)',
      'create role more',
    ]),
  )
  expect(Object.values(told)).toEqual(['done', 'done', ...Array<string>(8).fill('42501')])
  expect(await makeRole()).toMatchObject({ code: 0 })
})

test('a person who is confirmed is there, the answer is the event, and nothing keeps it back', async () => {
  const { lambda } = await startAll()
  const event = confirmation('ann', "Miles O'Brien")
  expect(await lambda.invoke(event)).toMatchObject({ result: event, waits: false })
  expect(await handles()).toEqual(['ann'])
})

test('one session and one reading of the secret serve all invocations', async () => {
  const { gate, secret, lambda } = await startAll()
  for (const handle of ['a', 'b', 'c']) await lambda.invoke(confirmation(handle))
  expect(await handles()).toEqual(['a', 'b', 'c'])
  expect(gate.connections).toBe(1)
  expect(secret.reads).toBe(1)
  const sessions = await admin.query(
    `select usename, application_name from pg_stat_activity where datname = $1 and application_name = 'cruddur-trigger'`,
    [database],
  )
  expect(sessions.rows).toEqual([{ usename: role, application_name: 'cruddur-trigger' }])
})

test('a session that the server has ended is made again', async () => {
  const { gate, lambda } = await startAll()
  await lambda.invoke(confirmation('a'))
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [role])
  expect(await lambda.invoke(confirmation('b'))).not.toHaveProperty('error')
  expect(await handles()).toEqual(['a', 'b'])
  expect(gate.connections).toBe(2)
})

test('a session whose other end is gone without a word is found out, and made again', async () => {
  const { gate, lambda } = await startAll()
  await lambda.invoke(confirmation('a'))
  await gate.set('silent')
  setTimeout(() => void gate.set('open'), 200)
  expect(await lambda.invoke(confirmation('b'))).not.toHaveProperty('error')
  expect(await handles()).toEqual(['a', 'b'])
})

test('a password that was changed is read anew, without losing a sign-up', async () => {
  const { secret, lambda } = await startAll()
  await lambda.invoke(confirmation('a'))
  secret.value = { username: role, password: await changePassword() }
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = $1`, [role])
  expect(await lambda.invoke(confirmation('b'))).not.toHaveProperty('error')
  expect(await handles()).toEqual(['a', 'b'])
  expect(secret.reads).toBe(2)
})

test('a wrong password is tried once more with the secret read anew, and no oftener', async () => {
  const { gate, secret, lambda } = await startAll()
  secret.value = { username: role, password: 'wrong' }
  expect(await lambda.invoke(confirmation('a'))).toMatchObject({ error: { errorType: 'SignUpFailed' } })
  expect(secret.reads).toBe(2)
  expect(gate.connections).toBe(2)
  expect(lambda.log()).toContain('28P01')
  expect(lambda.log()).not.toContain('wrong')
})

test('a database that is down is a failure that Cognito shows, and the account is finished when it is back', async () => {
  const { gate, lambda } = await startAll()
  await gate.set('closed')
  const { error } = await lambda.invoke(confirmation('ann'))
  expect(error).toEqual({
    errorType: 'SignUpFailed',
    errorMessage: 'The account is confirmed, but could not be finished just now. Sign in, and that is done',
  })
  await gate.set('open')
  await lambda.invoke({ ...confirmation('ann'), triggerSource: 'PostAuthentication_Authentication' })
  expect(await handles()).toEqual(['ann'])
})

test('a database that is silent is given up before Cognito gives up', async () => {
  const { gate, lambda } = await startAll()
  await gate.set('silent')
  expect(await lambda.invoke(confirmation('ann'))).toMatchObject({ error: { errorType: 'SignUpFailed' } })
  await lambda.invoke({ ...confirmation('ann'), triggerSource: 'PostAuthentication_Authentication' })
  expect(lambda.invocations.map(({ error }) => error?.errorType)).toEqual(['SignUpFailed', undefined])
})

test('a statement that waits for a lock is given up, and the next one works', async () => {
  const { lambda } = await startAll()
  const other = new pg.Client(place.database.clientConfig)
  await other.connect()
  await other.query('begin; lock table users')
  expect(await lambda.invoke(confirmation('a'))).toMatchObject({ error: { errorType: 'SignUpFailed' } })
  await other.end()
  expect(await lambda.invoke(confirmation('b'))).not.toHaveProperty('error')
  expect(await handles()).toEqual(['b'])
})

test.each([
  ['nothing is said', {}],
  ['there are two ways to log in', { DATABASE_HOST: 'h', DATABASE_IAM: 'true', DATABASE_SECRET_ARN: 'arn' }],
  ['there is none', { DATABASE_HOST: 'h' }],
  ['the URL holds a password', { DATABASE_URL: 'postgresql://u:hunter2@h/d', DATABASE_IAM: 'true' }],
  ['the URL is none', { DATABASE_URL: 'hunter2', DATABASE_IAM: 'true' }],
])('where %s a sign-up fails, the log says why, and holds no secret', async (_, environment) => {
  const lambda = await startLambda(file, environment as unknown as Record<string, string>)
  expect(await lambda.invoke(confirmation('ann'))).toMatchObject({ error: { errorType: 'SignUpFailed' } })
  const [line = ''] = lambda.log().split('\n')
  expect(JSON.parse(line)).toMatchObject({ level: 'error', reason: expect.stringContaining('DATABASE_') as string })
  expect(lambda.log()).not.toContain('hunter2')
})

test('the log is lines of JSON that say what was done and for whom, and not who that is', async () => {
  const { gate, lambda } = await startAll()
  await lambda.invoke(confirmation('annie', 'Annie Lee'))
  await lambda.invoke({ ...confirmation('annie', 'Annie Lee'), triggerSource: 'PreSignUp_SignUp' })
  await gate.set('closed')
  await lambda.invoke(confirmation('annie', 'Annie Lee'))
  const lines = lambda
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    message: 'The row is made',
    sub: 'sub-annie',
    tries: 0,
  })
  expect(lambda.log().replaceAll('sub-annie', '')).not.toMatch(/annie|Lee|example\.org/)
})
