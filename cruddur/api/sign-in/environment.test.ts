import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSettings } from '../settings.ts'
import { keepSecret, listProductionSigns, readSignInEnvironment } from './environment.ts'

const secret = 's'.repeat(40)
const whole = {
  COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
  COGNITO_CLIENT_ID: '4example',
  COGNITO_CLIENT_SECRET: 'client secret',
  PUBLIC_URL: 'https://cruddur.example',
  SESSION_SECRET: secret,
}

const read = (variables: Record<string, string>, signs: string[] = []) =>
  readSignInEnvironment(variables, readSettings(variables).publicUrl, signs)

test('on a laptop nothing has to be set', () => {
  expect(read({}, [])).toEqual({ cognito: undefined, secrets: [] })
  const empty = { COGNITO_USER_POOL_ID: '', COGNITO_CLIENT_ID: '', PUBLIC_URL: '', SESSION_SECRET: '' }
  expect(read(empty, [])).toEqual({ cognito: undefined, secrets: [] })
})

test('all of it is read', () => {
  const { cognito, secrets } = read(whole, ['NODE_ENV is production'])
  expect(cognito).toEqual({
    kind: 'cognito',
    userPoolId: 'eu-central-1_AbCdEf123',
    clientId: '4example',
    clientSecret: 'client secret',
  })
  expect(secrets).toEqual([secret])
})

test('secrets are a list, the newest first', () => {
  const list = `${'n'.repeat(32)}, ${secret}\n`
  expect(read({ SESSION_SECRET: list }, []).secrets).toEqual(['n'.repeat(32), secret])
})

test.each([
  [{ COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123' }, 'COGNITO_CLIENT_ID is not set'],
  [{ COGNITO_CLIENT_ID: '4example' }, 'COGNITO_USER_POOL_ID is not set'],
  [{ COGNITO_CLIENT_SECRET: 'x' }, 'COGNITO_USER_POOL_ID is not set'],
  [{ ...whole, COGNITO_USER_POOL_ID: 'AbCdEf123' }, 'COGNITO_USER_POOL_ID is an id like eu-central-1_AbCdEf123'],
  [{ ...whole, COGNITO_USER_POOL_ID: 'evil.example/eu-central-1_A' }, 'COGNITO_USER_POOL_ID is an id like'],
  [{ ...whole, COGNITO_CLIENT_ID: 'a b' }, 'COGNITO_CLIENT_ID is the id of an app client'],
  [{ ...whole, PUBLIC_URL: 'http://cruddur.example' }, 'PUBLIC_URL has to begin with https://'],
  [{ ...whole, SESSION_SECRET: 'short' }, 'SESSION_SECRET has less than 32 characters.'],
  [{ ...whole, SESSION_SECRET: `${secret},short` }, 'Secret 2 of SESSION_SECRET has less than 32 characters.'],
])('what is wrong is named: %j', (variables, sentence) => {
  expect(() => read(variables, [])).toThrow(sentence)
})

test('a secret is in no message', () => {
  let told = ''
  try {
    read({ SESSION_SECRET: 'geheim' })
  } catch (error) {
    told = JSON.stringify(error, Object.getOwnPropertyNames(error))
  }
  expect(told).toContain('SESSION_SECRET')
  expect(told).not.toContain('geheim')
})

test('production says at once all that is missing', () => {
  const signs = listProductionSigns({ NODE_ENV: 'production' }, ['the target prod is protected'])
  expect(() => read({}, signs)).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'This is production (NODE_ENV is production, the target prod is protected), and something is not set.',
      hint: expect.stringMatching(/COGNITO_USER_POOL_ID.*PUBLIC_URL.*SESSION_SECRET/) as string,
    }),
  )
})

test.each(['COGNITO_USER_POOL_ID', 'PUBLIC_URL', 'SESSION_SECRET'])('production needs %s', (name) => {
  expect(() => read({ ...whole, COGNITO_CLIENT_SECRET: '', [name]: '' }, ['it is'])).toThrow(/is not set/)
})

test('production is not served without TLS', () => {
  expect(() => read({ ...whole, PUBLIC_URL: 'http://localhost:4567' }, ['it is'])).toThrow(
    'PUBLIC_URL does not begin with https://',
  )
})

test('the secret of a laptop is made once, and is its owner’s alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const own = join(folder, '.cruddur')
  const all = await Promise.all([keepSecret(own), keepSecret(own), keepSecret(own)])
  expect(new Set(all).size).toBe(1)
  expect(all[0]).toMatch(/^[\w-]{43}$/)
  expect((await stat(join(own, 'session-secret'))).mode & 0o777).toBe(0o600)
  expect((await stat(own)).mode & 0o777).toBe(0o700)
  expect(await readFile(join(own, '.gitignore'), 'utf8')).toBe('*\n')
})
