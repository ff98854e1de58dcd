import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { addPerson, testClient } from '../db/test-client.ts'
import { createHandler, SignUpFailed, SignUpRefused, type LogEntry, type Query } from './handler.ts'

const { client, clientConfig } = await testClient('schema.sql')
const pool = new pg.Pool({ ...clientConfig, max: 8 })
afterAll(() => pool.end())

const lines: LogEntry[] = []
const query: Query = (text, values) => pool.query<Record<string, unknown>>(text, values)
const broken: Query = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432'))
const handler = createHandler({ query, log: (entry) => void lines.push(entry) })

beforeEach(async () => {
  lines.length = 0
  await client.query('delete from users')
})

function event(triggerSource: string, attributes: Record<string, string>, userName: string = randomUUID()) {
  return { version: '1', triggerSource, userName, request: { userAttributes: attributes }, response: { kept: true } }
}

const confirm = (attributes: Record<string, string>, through = handler) =>
  through(event('PostConfirmation_ConfirmSignUp', attributes))

async function readUsers() {
  const { rows } = await client.query(
    'select cognito_user_id as sub, handle, display_name from users order by created_at',
  )
  return rows as { sub: string; handle: string; display_name: string }[]
}

test('who is confirmed has a row, and the event goes back as it came', async () => {
  const given = event('PostConfirmation_ConfirmSignUp', { sub: 's1', preferred_username: 'ann', name: 'Ann Lee' })
  expect(await handler(structuredClone(given))).toEqual(given)
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'ann', display_name: 'Ann Lee' }])
})

test('Cognito may call three times, also at once, and there is one row with the handle that was asked for', async () => {
  await Promise.all(Array.from({ length: 20 }, () => confirm({ sub: 's1', preferred_username: 'ann', name: 'Ann' })))
  await confirm({ sub: 's1', preferred_username: 'ann', name: 'Ann' })
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'ann', display_name: 'Ann' }])
})

test('a second call changes nothing that somebody has changed since', async () => {
  await confirm({ sub: 's1', preferred_username: 'ann', name: 'Ann' })
  await client.query(`update users set handle = 'annie', display_name = 'A.'`)
  await confirm({ sub: 's1', preferred_username: 'ann', name: 'Ann' })
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'annie', display_name: 'A.' }])
})

test('two who want one handle at the same time both get a row, and one of them the handle', async () => {
  const wanted = ['ann', 'ANN', 'Ann', 'aNN', 'anN']
  await Promise.all(wanted.map((preferred_username, index) => confirm({ sub: `s${index}`, preferred_username })))
  const handles = (await readUsers()).map(({ handle }) => handle.toLowerCase())
  expect(handles.slice().sort().slice(0, 3)).toEqual(['ann', 'ann_2', 'ann_3'])
  expect(new Set(handles).size).toBe(5)
})

test('when every handle that is tried is taken it is an error, and not an endless search', async () => {
  const taken: Query = () =>
    Promise.reject(Object.assign(new Error('Key (…)=(ann) exists'), { code: '23505', constraint: 'users_handle_key' }))
  const fails = confirm({ sub: 's1', preferred_username: 'ann' }, createHandler({ query: taken }))
  await expect(fails).rejects.toThrow(SignUpFailed)
})

test.each([
  "'; DELETE FROM users; --",
  "a','b','c','d'); DELETE FROM public.users; /*",
  `h */ SELECT ('x`,
  '$1',
  '%s',
  '\\',
])('the text %j, as a name and as a handle, is a text', async (text) => {
  await addPerson(client, 'somebody')
  await confirm({ sub: text, preferred_username: text, name: text })
  const [, made] = await readUsers()
  expect(made).toMatchObject({ sub: text, display_name: text })
  await expect(handler(event('PreSignUp_SignUp', { preferred_username: text }))).rejects.toThrow(SignUpRefused)
  expect(await readUsers()).toHaveLength(2)
})

test('Miles O’Brien gets an account', async () => {
  await confirm({ sub: 's1', name: "Miles O'Brien", email: 'miles@example.org' })
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'Miles_OBrien', display_name: "Miles O'Brien" }])
})

test('who gives no name has one all the same, and none of it is the e-mail address', async () => {
  await handler(
    event('PostConfirmation_ConfirmSignUp', { sub: 's1', email: 'ann.lee@example.org' }, 'ann.lee@example.org'),
  )
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'user', display_name: 'user' }])
})

test('a forgotten password adds nobody, and neither do triggers that we do not know', async () => {
  for (const source of [
    'PostConfirmation_ConfirmForgotPassword',
    'TokenGeneration_Authentication',
    'CustomMessage_SignUp',
  ]) {
    const given = event(source, { sub: 's1', preferred_username: 'ann' })
    expect(await handler(structuredClone(given))).toEqual(given)
  }
  expect(await readUsers()).toEqual([])
  expect(lines.map(({ level, triggerSource }) => [level, triggerSource])).toEqual([
    ['warn', 'TokenGeneration_Authentication'],
    ['warn', 'CustomMessage_SignUp'],
  ])
})

test.each(['', 'a b', 'Zoë', 'аnn', 'x'.repeat(33), 'ann!', 'ann\n'])(
  'the handle %j is refused before the account is made',
  async (handle) => {
    const asks = handler(event('PreSignUp_SignUp', {}, handle === '' ? '.' : handle))
    await expect(asks).rejects.toThrow('A handle has 1 to 32 characters: letters from A to Z, digits and underscores')
  },
)

test('a taken handle is refused without regard to case, a free one and none are let pass', async () => {
  await addPerson(client, 'Imke')
  const ask = (preferred_username: string) => handler(event('PreSignUp_SignUp', { preferred_username }))
  await expect(ask('iMKE')).rejects.toThrow('This handle is taken. Choose another one')
  await ask('imke2')
  await handler(event('PreSignUp_SignUp', { email: 'a@example.org' }))
  expect(await readUsers()).toHaveLength(1)
})

test('what an administrator or another provider makes is let pass, taken or not', async () => {
  await addPerson(client, 'ann')
  for (const source of ['PreSignUp_AdminCreateUser', 'PreSignUp_ExternalProvider']) {
    const given = event(source, { preferred_username: 'ann' })
    expect(await createHandler({ query: broken })(structuredClone(given))).toEqual(given)
  }
})

test('who signs in without a row gets one, and who has one keeps it', async () => {
  const signIn = () =>
    handler(event('PostAuthentication_Authentication', { sub: 's1', preferred_username: 'ann', name: 'Ann' }))
  await signIn()
  await signIn()
  expect(await readUsers()).toEqual([{ sub: 's1', handle: 'ann', display_name: 'Ann' }])
  expect(lines.map(({ message }) => message)).toEqual(['The row is missing, and is made now', 'The row is made'])
})

test('a failing database stops a sign-up with a sentence, and lets in who signs in', async () => {
  const failing = createHandler({ query: broken, log: (entry) => void lines.push(entry) })
  const attributes = { sub: 's1', preferred_username: 'ann' }
  await expect(failing(event('PreSignUp_SignUp', attributes))).rejects.toThrow('Signing up does not work just now')
  await expect(confirm(attributes, failing)).rejects.toThrow('The account is confirmed, but could not be finished')
  await failing(event('PostAuthentication_Authentication', attributes))
  expect(lines).toHaveLength(3)
  expect(lines.filter(({ level, reason }) => level !== 'error' || !String(reason).includes('ECONNREFUSED'))).toEqual([])
})

test('an event without a sub is an error and makes no row', async () => {
  await expect(confirm({ preferred_username: 'ann' })).rejects.toThrow(SignUpFailed)
  expect(await readUsers()).toEqual([])
})

test('neither the log nor what is thrown says who it is', async () => {
  await client.query(`insert into users (display_name, handle, cognito_user_id) values ('X', 'annie_lee', 'other')`)
  const attributes = { sub: 's1', preferred_username: 'annie_lee', name: 'Annie Lee', email: 'annie@example.org' }
  await handler(event('PreSignUp_SignUp', attributes, 'annie@example.org')).catch((error: unknown) =>
    lines.push(error as LogEntry),
  )
  await confirm(attributes)
  await handler(event('PostAuthentication_Authentication', attributes))
  const quoting: Query = () =>
    Promise.reject(Object.assign(new Error('invalid value: annie'), { code: '22021', detail: 'Annie' }))
  const failing = createHandler({ query: quoting, log: (entry) => void lines.push(entry) })
  await failing(event('PostConfirmation_ConfirmSignUp', attributes)).catch((error: unknown) =>
    lines.push(error as LogEntry),
  )
  const written = lines
    .map((line) => JSON.stringify(line) + String(line) + String((line as { stack?: string }).stack))
    .join('\n')
  expect(lines.length).toBeGreaterThan(4)
  expect(written).not.toMatch(/annie|Lee|example\.org/i)
  expect(written).toContain('22021')
})
