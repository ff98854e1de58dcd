import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { passwordFileKeeper, putEntry } from './password-file-entry.ts'
import { findPassword } from './password-file.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pgrig-pgpass-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const environment = (variables = {}) => ({ variables, home, folder: home, hostAddresses: [], userName: 'me' })
const address = { host: 'db.example.com', port: 5432, database: 'cruddur' }
const keep = (password: string, variables = {}, where = address) =>
  passwordFileKeeper(environment(variables), home, where)('app').keep(password)
const found = (variables = {}, where = address) =>
  findPassword({ ...where, user: 'app' }, environment(variables)).password?.value

test('a new file holds the entry alone, for its owner alone, and goes when it is taken back', async () => {
  const kept = await keep('new')
  expect(kept.place).toBe('~/.pgpass')
  expect(await readFile(join(home, '.pgpass'), 'utf8')).toBe('db.example.com:5432:cruddur:app:new\n')
  expect((await stat(join(home, '.pgpass'))).mode & 0o777).toBe(0o600)
  expect(found()).toBe('new')
  await kept.undo()
  expect(await readdir(home)).toEqual([])
})

test('an entry is put before what would count first; lines of others stay; taken back, all is as it was', async () => {
  const text = `# mine\nother:5432:*:app:o\n*:*:*:app:any\ndb.example.com:5432:cruddur:app:old\ndb.example.com:5432:cruddur:me:m\n`
  await writeFile(join(home, '.pgpass'), text, { mode: 0o644 })
  const kept = await keep('new')
  expect(await readFile(join(home, '.pgpass'), 'utf8')).toBe(
    `# mine\nother:5432:*:app:o\ndb.example.com:5432:cruddur:app:new\n*:*:*:app:any\ndb.example.com:5432:cruddur:app:new\ndb.example.com:5432:cruddur:me:m\n`,
  )
  expect(found()).toBe('new')
  await kept.undo()
  expect(await readFile(join(home, '.pgpass'), 'utf8')).toBe(text)
  expect(await readdir(home)).toEqual(['.pgpass'])
})

test('the lines of the same role for other databases get the password too, as the server has one for all of them', () => {
  const text = `h:1:*:app:old\nh:1:a\\:b:app:old\nh:2:*:app:other\nh:1:*:me:mine\n`
  expect(putEntry(text, ['h', '1', 'd', 'app'], 'new')).toBe(
    `h:1:*:app:new\nh:1:a\\:b:app:new\nh:2:*:app:other\nh:1:*:me:mine\n`,
  )
  expect(putEntry('', ['h', '1', '*', 'app'], 'new')).toBe('h:1:\\*:app:new\n')
})

test('PGPASSFILE of the environment or of .env names another file, and a link stays a link', async () => {
  await writeFile(join(home, 'real'), '')
  await symlink('real', join(home, 'linked'))
  await writeFile(join(home, '.env'), `PGPASSFILE=${join(home, 'linked')}\n`)
  expect((await keep('one')).place).toBe('~/linked')
  expect((await lstat(join(home, 'linked'))).isSymbolicLink()).toBe(true)
  expect(await readFile(join(home, 'real'), 'utf8')).toContain(':one\n')
  await keep('two', { PGPASSFILE: 'direct' })
  expect(found({ PGPASSFILE: 'direct' })).toBe('two')
})

test('colons and backslashes are escaped, and a socket is found again', async () => {
  const nasty = { host: '/tmp', port: 5432, database: 'a:b\\c' }
  await keep('p:w\\d', {}, nasty)
  expect(found({}, nasty)).toBe('p:w\\d')
  expect(putEntry('', ['::1', '5432', 'd', 'u'], 'p')).toBe('\\:\\:1:5432:d:u:p\n')
})

test('a file that cannot be written is a failure, and nothing is left behind', async () => {
  await expect(keep('new', { PGPASSFILE: join(home, 'none', 'x') })).rejects.toMatchObject({
    code: 'permission',
    state: 'The password was not changed.',
  })
  await expect(keep('new', { PGPASSFILE: home })).rejects.toMatchObject({ code: 'permission' })
  expect(await readdir(home)).toEqual([])
})
