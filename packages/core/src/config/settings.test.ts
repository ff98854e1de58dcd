import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { makeSettingsJsonSchema, readSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'pgrig-settings-'))
const file = join(folder, 'pgrig.json')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function failureOf(text: string): Promise<Failure> {
  writeFileSync(file, text)
  try {
    await readSettings(file)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error(`It was read: ${text}`)
}

test('everything that a pgrig.json may hold is read as it stands', async () => {
  const settings = {
    $schema: 'https://example.com/pgrig.schema.json',
    database: 'cruddur',
    schema: 'sql/schema.sql',
    seed: 'sql/seed.sql',
    server: { port: 5433 },
    undo: { days: 30, copies: 5 },
    targets: {
      local: { database: 'cruddur_development' },
      prod: {
        url: 'postgresql://app@db.example.com/cruddur',
        protected: true,
        sslmode: 'verify-full',
        sslrootcert: 'ca.pem',
      },
      'pre-prod_2': { url: 'host=h user=app', schema: 'a.sql', seed: 'b.sql' },
    },
  }
  writeFileSync(file, `\uFEFF${JSON.stringify(settings)}`)
  expect(await readSettings(file)).toEqual(settings)
})

test('an empty object is enough', async () => {
  writeFileSync(file, '{}')
  expect(await readSettings(file)).toEqual({})
})

describe('a pgrig.json that cannot be used is told with line and column', () => {
  test.each([
    ['{\n  "databse": "x"\n}', 'line 2, column 3, has the unknown key databse.', 'Did you mean database?'],
    [
      '{"targets": {"prod": {"aws": "x"}}}',
      'line 1, column 23, has the unknown key targets.prod.aws.',
      'Known are: url, database, protected, schema, seed, sslmode, sslrootcert.',
    ],
    ['{"undo": {"day": 1}}', 'line 1, column 11, has the unknown key undo.day.', 'Did you mean days?'],
    ['{"undo": {"days": 0}}', 'line 1, column 11, is wrong at undo.days: ', undefined],
    ['{"server": {"prot": 1}}', 'line 1, column 13, has the unknown key server.prot.', 'Did you mean port?'],
    [
      '{"__proto__": {}}',
      'line 1, column 2, has the unknown key __proto__.',
      'Known are: $schema, database, schema, seed, server, undo, targets, roles.',
    ],
    ['{"server": {"port": 0}}', 'line 1, column 13, is wrong at server.port: ', undefined],
    ['{"server": {"port": 1.5}}', 'line 1, column 13, has a server.port that is not a whole number.', undefined],
    ['{"server": {"port": "5432"}}', 'line 1, column 13, has a server.port that is not a number.', undefined],
    [
      '{"targets": {"prod": {"protected": "yes"}}}',
      'line 1, column 23, has a targets.prod.protected that is not a boolean.',
      undefined,
    ],
    [
      '{"targets": {"prod": {"sslmode": "on"}}}',
      'line 1, column 23, has a targets.prod.sslmode that does not exist.',
      'It is one of disable, allow, prefer, require, verify-ca, verify-full.',
    ],
    [
      '{"targets": {"my prod": {}}}',
      'line 1, column 14, has a target name that is not one word of letters, digits, - and _: targets.my prod.',
      undefined,
    ],
    ['{"targets": []}', 'line 1, column 2, has a targets that is not an object.', undefined],
    ['{"database": ""}', 'line 1, column 2, is wrong at database: must be 1 to 63 bytes long.', undefined],
    ['{"schema": ""}', 'line 1, column 2, is wrong at schema: must be the path of a file.', undefined],
    [
      '{"targets": {"prod": {"url": "mysql://h"}}}',
      'line 1, column 23, is wrong at targets.prod.url: begins with neither postgresql:// nor postgres://',
      undefined,
    ],
    ['[]', 'must hold an object.', undefined],
    ['{\n  "database": "x",\n}', 'line 3, column 1, is not JSON here.', undefined],
    ['', 'line 1, column 1, is not JSON here.', undefined],
  ])('%j', async (text, message, hint) => {
    const failure = await failureOf(text)
    expect(failure.code).toBe('config_invalid')
    const { location } = failure
    const place = location === undefined ? '' : `line ${location.line}, column ${location.column}, `
    expect(place + failure.message.replace(/^\S*pgrig\.json /, '')).toContain(message)
    expect(failure.hint).toBe(hint)
  })

  test('also for programs', async () => {
    expect((await failureOf('{\n "x": 1}')).location).toEqual({ file, line: 2, column: 2 })
  })
})

describe('pgrig.json holds no secret', () => {
  test.each([
    '{"targets": {"prod": {"url": "postgresql://u:s3cr3t@h/db"}}}',
    '{"targets": {"prod": {"url": "postgresql://u@h/db?password=s3cr3t"}}}',
    '{"targets": {"prod": {"url": "postgresql://u@h/db?sslpassword=s3cr3t"}}}',
    '{"targets": {"prod": {"url": "host=h password=s3cr3t"}}}',
    '{"targets": {"prod": {"url": "postgresql://u:s3c@r3t@h/db"}}}',
  ])('so %s is refused without showing it', async (text) => {
    const failure = await failureOf(text)
    expect(failure.message).toBe(
      `pgrig.json is wrong at targets.prod.url: holds a password, and pgrig.json holds no secret.`,
    )
    expect(failure.hint).toContain('PGPASSWORD')
    expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toMatch(/s3c|r3t/)
  })

  test.each([
    '{"password": "s3cr3t"}',
    '{"targets": {"prod": {"password": "s3cr3t"}}}',
    '{"x": "s3cr3t",}',
    '{"targets": {"prod": {"url": "postgresql://u:s3cr3t/db"}}}',
  ])('nor does a failure show it: %s', async (text) => {
    const failure = await failureOf(text)
    expect(JSON.stringify([failure, failure.message, failure.stack, failure.cause, failure.hint])).not.toContain(
      's3cr3t',
    )
  })

  test('and an unknown key for one says where it belongs', async () => {
    expect((await failureOf('{"password": "x"}')).hint).toContain('pgrig.json holds no secret')
  })
})

test('a pgrig.json that is a folder is told', async () => {
  const odd = join(folder, 'odd')
  mkdirSync(odd)
  await expect(readSettings(odd)).rejects.toThrow(`${odd} is a folder, not a file.`)
})

test('the JSON Schema says all that editors need', async () => {
  expect(await makeSettingsJsonSchema()).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: {
      database: { type: 'string', description: expect.any(String) },
      server: { additionalProperties: false, properties: { port: { type: 'integer', minimum: 1, maximum: 65535 } } },
      targets: {
        additionalProperties: {
          additionalProperties: false,
          properties: { sslmode: { enum: expect.arrayContaining(['verify-full']) } },
        },
      },
    },
  })
})
