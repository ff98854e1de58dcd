import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Failure } from '../../errors.ts'
import { createMigration } from './create.ts'
import { compareVersions, parseMigration, readMigrations } from './files.ts'

const parse = (text: string) => parseMigration(text, '/p/db/migrations/20260102030405_add_likes.sql', 'm.sql')

test('a migration has two scripts, each on the lines where it stands', () => {
  const { version, name, up, down } = parse('-- about\n\n-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n')
  expect({ version, name }).toEqual({ version: '20260102030405', name: 'add_likes' })
  expect(up).toEqual({ text: '        \n\n-- migrate:up\nselect 1;\n', transaction: true })
  expect(down).toEqual({
    text: '        \n\n             \n         \n-- migrate:down\nselect 2;\n',
    transaction: true,
  })
})

test.each([
  ['-- migrate:up transaction:false\nselect 1;', false],
  ['--migrate:up   transaction:false  \nselect 1;', false],
  ['-- migrate:up transaction:true\nselect 1;', true],
  ['-- migrate:up\nselect 1;', true],
])('the option of %j is read', (text, transaction) => {
  expect(parse(text).up.transaction).toBe(transaction)
})

test('a sentence about migrating is no marker', () => {
  expect(parse('-- migrate:up\n-- migrate: users become people\nselect 1;').down).toBeUndefined()
})

test('a file that is not in UTF-8 is refused', async () => {
  const folder = await folderWith({})
  await writeFile(join(folder, '1_a.sql'), Buffer.from("-- migrate:up\nselect 'caf\xe9';\n", 'latin1'))
  await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'file_unusable' })
})

test('a migration without a way back has none', () => {
  expect(parse('-- migrate:up\nselect 1;').down).toBeUndefined()
})

test.each([
  ['select 1;', 1, 'The migration has no line "-- migrate:up".'],
  ['-- migrate:down\n-- migrate:up\n', 1, '"-- migrate:down" stands before "-- migrate:up".'],
  ['-- migrate:up\n-- migrate:up\n', 2, 'There is a second "-- migrate:up".'],
  ['-- migrate:up\n-- migrate:down\n-- migrate:down\n', 3, 'There is a second "-- migrate:down".'],
  ['-- migrate:up\nselect 1;\n-- migrate:dwn\ndrop table users;', 3, '"-- migrate:dwn" is neither'],
  ['-- migrate:up\nselect 1;\n  -- migrate:down\ndrop table users;', 3, '"-- migrate:down" is neither'],
  ['-- migrate:up\nselect 1;\n-- Migrate:Down\ndrop table users;', 3, '"-- Migrate:Down" is neither'],
  ['-- migrate:up\nselect 1;\n-- migrate: down\ndrop table users;', 3, '"-- migrate: down" is neither'],
  ['-- migrate:up\nselect 1;\n-- migrate:down;\ndrop table users;', 3, '"-- migrate:down;" is neither'],
  ['-- migrate:up\n-- migrate:down transaction:maybe', 2, 'The option "transaction:maybe" is not known.'],
  ['-- first\ncreate table t ();\n-- migrate:up\n', 2, 'Statements stand before "-- migrate:up".'],
  ['-- migrate:up transaction:none\n', 1, 'The option "transaction:none" is not known.'],
])('%j is refused at line %i', (text, line, message) => {
  const parsing = () => parse(text)
  expect(parsing).toThrow(Failure)
  expect(parsing).toThrow(
    expect.objectContaining({ code: 'migration_invalid', location: expect.objectContaining({ line }) }),
  )
  expect(parsing).toThrow(message)
})

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

test('migrations are in the order of their numbers, and other files are left alone', async () => {
  const text = '-- migrate:up\n'
  const folder = await folderWith({
    '10_b.sql': text,
    '9_a.sql': text,
    'README.md': '',
    'x.sql': 'broken',
    '11.sql': text,
  })
  expect((await readMigrations(folder)).map(({ version, name }) => [version, name])).toEqual([
    ['9', 'a'],
    ['10', 'b'],
    ['11', ''],
  ])
  expect(compareVersions('20260101000000', '9')).toBe(1)
})

test('a folder that is not there has no migrations', async () => {
  expect(await readMigrations('/nowhere/at/all')).toEqual([])
})

test('the checksum does not depend on line ends or a byte order mark', async () => {
  const folder = await folderWith({
    '1_a.sql': '-- migrate:up\nselect 1;\n',
    '2_a.sql': '\uFEFF-- migrate:up\r\nselect 1;\r\n',
  })
  const [a, b] = await readMigrations(folder)
  expect(a?.checksum).toMatch(/^[0-9a-f]{64}$/)
  expect(a?.checksum).toBe(b?.checksum)
})

test('two of one version are refused', async () => {
  const folder = await folderWith({ '1_a.sql': '-- migrate:up\n', '1_b.sql': '-- migrate:up\n' })
  await expect(readMigrations(folder)).rejects.toMatchObject({ code: 'migration_invalid' })
})

test('a new migration has the time as its number, or one behind the last', async () => {
  const folder = await folderWith({})
  const now = new Date('2026-11-24T09:30:00Z')
  expect(await createMigration(join(folder, 'deep/er'), 'Add likes!', now)).toBe(
    join(folder, 'deep/er/20261124093000_add_likes.sql'),
  )
  expect(await createMigration(join(folder, 'deep/er'), 'Él Niño', now)).toBe(
    join(folder, 'deep/er/20261124093001_el_nino.sql'),
  )
  await expect(createMigration(folder, '!!', now)).rejects.toMatchObject({ code: 'usage' })
})
