import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'
import { loadSql } from '../db/test-client.ts'
import { openGate, serveSecret, startLambda, temporaryFolder, unpackTrigger } from './testing.ts'

// cognito-local is an emulator by others. It does not do all that Cognito does: an error of PostConfirmation does not reach
// whoever confirms, so that it is looked for in what the function answered.

const { database, clientConfig, url } = await testDatabase()
const admin = new pg.Client(clientConfig)
await admin.connect()
afterAll(() => admin.end())

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cruddur-trigger-'))
  file = await unpackTrigger(folder)
  await loadSql(admin, 'schema.sql')
})
afterAll(() => rm(folder, { recursive: true, force: true }))
beforeEach(() => admin.query('delete from users'))

type Answer = Record<string, unknown> & { __type?: string; message?: string }

const password = 'Correct-horse-9'
const code = '123456'

/** Cognito with a pool whose people sign in with their e-mail address, as in the original, and the function behind its triggers. */
async function startCognito(usernameAttributes: string[] = ['email']) {
  const gate = await openGate({ host: '127.0.0.1', port: inject('server').port })
  const secret = await serveSecret({ username: 'postgres', password: decodeURIComponent(new URL(url).password) })
  const lambda = await startLambda(file, {
    DATABASE_URL: `postgresql://127.0.0.1:${gate.port}/${database}`,
    DATABASE_SECRET_ARN: secret.arn,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secret.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example-key',
  })
  const endpoint = await runEmulator(lambda.endpoint, usernameAttributes)
  const call = async (operation: string, body: object): Promise<Answer> => {
    const headers = {
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/local/cognito-idp/aws4_request, Signature=x',
    }
    const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as Answer
  }
  const pool = await call('CreateUserPool', { PoolName: 'cruddur' })
  const UserPoolId = (pool['UserPool'] as { Id: string }).Id
  const client = await call('CreateUserPoolClient', { UserPoolId, ClientName: 'page' })
  const { ClientId } = client['UserPoolClient'] as { ClientId: string }
  return {
    gate,
    lambda,
    signUp: (Username: string, attributes: Record<string, string>) =>
      call('SignUp', {
        ClientId,
        Username,
        Password: password,
        UserAttributes: Object.entries({ email: Username, ...attributes }).map(([Name, Value]) => ({ Name, Value })),
      }),
    confirm: (Username: string) => call('ConfirmSignUp', { ClientId, Username, ConfirmationCode: code }),
    signIn: (USERNAME: string, PASSWORD = password) =>
      call('InitiateAuth', { ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } }),
    forget: (Username: string) => call('ForgotPassword', { ClientId, Username }),
    confirmForgotten: (Username: string, Password: string) =>
      call('ConfirmForgotPassword', { ClientId, Username, ConfirmationCode: code, Password }),
  }
}

async function runEmulator(lambdaEndpoint: string, usernameAttributes: string[]): Promise<string> {
  const place = await temporaryFolder()
  await mkdir(join(place, '.cognito'))
  const triggers = ['PreSignUp', 'PostConfirmation', 'PostAuthentication']
  const config = {
    LambdaClient: { endpoint: lambdaEndpoint, region: 'eu-central-1' },
    TriggerFunctions: Object.fromEntries(triggers.map((trigger) => [trigger, 'cruddur-trigger'])),
    UserPoolDefaults: { UsernameAttributes: usernameAttributes },
    ServerConfig: { hostname: '127.0.0.1', port: 0 },
  }
  await writeFile(join(place, '.cognito', 'config.json'), JSON.stringify(config))
  const emulator = spawn(process.execPath, [createRequire(import.meta.url).resolve('cognito-local/lib/bin/start.js')], {
    cwd: place,
    env: { PATH: process.env.PATH, CODE: code },
  })
  onTestFinished(() => void emulator.kill('SIGKILL'))
  let written = ''
  return new Promise((resolve, reject) => {
    const read = (bytes: Buffer) => {
      written += String(bytes)
      const [, port] = /running on http:\/\/\S*:(\d+)/.exec(written) ?? []
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    }
    emulator.stdout.on('data', read)
    emulator.stderr.on('data', read)
    emulator.once('exit', () => reject(new Error(`cognito-local ended: ${written}`)))
  })
}

async function readUsers() {
  const { rows } = await admin.query(
    'select cognito_user_id as sub, handle, display_name from users order by created_at',
  )
  return rows as { sub: string; handle: string; display_name: string }[]
}

test('somebody signs up, confirms, and has a row with the sub of their account', async () => {
  const cognito = await startCognito()
  const { UserSub } = await cognito.signUp('miles@example.org', { name: "Miles O'Brien", preferred_username: 'miles' })
  expect(await readUsers()).toEqual([])
  await cognito.confirm('miles@example.org')
  expect(await readUsers()).toEqual([{ sub: UserSub, handle: 'miles', display_name: "Miles O'Brien" }])
  expect(await cognito.signIn('miles@example.org')).toHaveProperty('AuthenticationResult.AccessToken')
  expect(await readUsers()).toHaveLength(1)
  expect(cognito.lambda.invocations.map(({ event }) => event.triggerSource)).toEqual([
    'PreSignUp_SignUp',
    'PostConfirmation_ConfirmSignUp',
    'PostAuthentication_Authentication',
  ])
})

test('a taken handle and one that cannot be are refused, with the sentence, and there is no account', async () => {
  const cognito = await startCognito()
  await cognito.signUp('ann@example.org', { preferred_username: 'ann' })
  await cognito.confirm('ann@example.org')
  const taken = await cognito.signUp('other@example.org', { preferred_username: 'ANN' })
  expect(taken.message).toContain('failed with error This handle is taken. Choose another one.')
  const invalid = await cognito.signUp('other@example.org', { preferred_username: 'аnn' })
  expect(invalid.message).toContain('failed with error A handle has 1 to 32 characters')
  expect(await cognito.signIn('other@example.org')).not.toHaveProperty('AuthenticationResult')
  await cognito.signUp('other@example.org', { preferred_username: 'other' })
  await cognito.confirm('other@example.org')
  expect((await readUsers()).map(({ handle }) => handle)).toEqual(['ann', 'other'])
})

test('two who sign up at once with the same handle both get in, and one of them gets the handle', async () => {
  const cognito = await startCognito()
  const both = ['a@example.org', 'b@example.org']
  await Promise.all(both.map((name) => cognito.signUp(name, { preferred_username: 'ann' })))
  await Promise.all(both.map((name) => cognito.confirm(name)))
  expect((await readUsers()).map(({ handle }) => handle).sort()).toEqual(['ann', 'ann_2'])
})

test('a forgotten password adds nobody', async () => {
  const cognito = await startCognito()
  await cognito.signUp('ann@example.org', { preferred_username: 'ann' })
  await cognito.confirm('ann@example.org')
  await cognito.forget('ann@example.org')
  await cognito.confirmForgotten('ann@example.org', 'Battery-staple-8')
  expect(cognito.lambda.invocations.at(-1)?.event.triggerSource).toBe('PostConfirmation_ConfirmForgotPassword')
  expect(await cognito.signIn('ann@example.org', 'Battery-staple-8')).toHaveProperty('AuthenticationResult')
  expect(await readUsers()).toHaveLength(1)
})

test('the texts that emptied the table of the original are a name and a handle that is refused', async () => {
  const cognito = await startCognito()
  await cognito.signUp('ann@example.org', { preferred_username: 'ann' })
  await cognito.confirm('ann@example.org')
  const name = "a','b','c','d'); DELETE FROM public.users; /*"
  const refused = await cognito.signUp('bob@example.org', { name, preferred_username: `h */ SELECT ('x` })
  expect(refused.message).toContain('A handle has 1 to 32 characters')
  await cognito.signUp('bob@example.org', { name, preferred_username: 'bob' })
  await cognito.confirm('bob@example.org')
  expect((await readUsers()).map((user) => user.display_name)).toEqual(['ann', name])
})

test('while the database is down nobody signs up, and who was just confirmed is finished at the next sign-in', async () => {
  const cognito = await startCognito()
  await cognito.signUp('ann@example.org', { name: 'Ann', preferred_username: 'ann' })
  await cognito.gate.set('closed')
  const { message } = await cognito.signUp('bob@example.org', { preferred_username: 'bob' })
  expect(message).toContain('failed with error Signing up does not work just now. Try again in a few minutes.')
  await cognito.confirm('ann@example.org')
  expect(cognito.lambda.invocations.at(-1)?.error?.errorMessage).toContain('Sign in, and that is done')
  await cognito.signIn('ann@example.org')
  expect(await readUsers()).toEqual([])
  await cognito.gate.set('open')
  expect(await cognito.signIn('ann@example.org')).toHaveProperty('AuthenticationResult')
  expect(await readUsers()).toMatchObject([{ handle: 'ann', display_name: 'Ann' }])
})

test('in a pool whose people sign in with a name, that name is the handle', async () => {
  const cognito = await startCognito([])
  await cognito.signUp('ann_lee', { email: 'ann@example.org' })
  await cognito.confirm('ann_lee')
  expect((await cognito.signUp('Ann Lee', { email: 'b@example.org' })).message).toContain('A handle has 1 to 32')
  expect((await cognito.signUp('ANN_LEE', { email: 'b@example.org' })).message).toContain('This handle is taken')
  expect(await readUsers()).toMatchObject([{ handle: 'ann_lee' }])
})
