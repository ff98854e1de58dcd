import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Connection } from '../../packages/core/src/index.ts'
import { administer, testDatabase } from '../support/database.ts'
import { runIn } from '../support/schema.ts'
import { ask, makeStage, untested, waitUntil } from './faults.ts'

const database = await testDatabase()
const asRoot = process.getuid?.() === 0
const old = '-- the schema as it was\n'

beforeAll(() =>
  runIn(
    database,
    `create table books (id serial primary key, title text); insert into books (title) select 'book ' || n from generate_series(1, 1000) n;
     create table authors (id int); create view titles as select title from books;
     create function shout() returns text language sql return 'SHOUT'`,
  ),
)

/** Lets a dump with the rows of `books` come to their sequence and no further, until the returned function is called. */
async function holdSequence(): Promise<() => Promise<void>> {
  const connection = await database.connect()
  await connection.run('begin; alter sequence books_id_seq rename to elsewhere')
  let held: Connection | undefined = connection
  const release = async () => {
    await held?.close()
    held = undefined
  }
  onTestFinished(release)
  return release
}

/** The name of what a dump writes beside its file, once it waits in the middle. */
async function partialIn(folder: string): Promise<string> {
  return vi.waitFor(
    async () => {
      const names = await readdir(folder, { recursive: true })
      const name = names.find((each) => each.endsWith('.partial') && /books|schema\.sql/.test(each))
      if (name === undefined || (await stat(join(folder, name))).size < 10_000) throw new Error('not yet')
      return name
    },
    { timeout: 30_000, interval: 20 },
  )
}

async function longAgo(path: string): Promise<void> {
  const then = new Date(Date.now() - 120_000)
  await utimes(path, then, then)
}

describe.each(['file', 'split'] as const)('a dump into a %s that is killed in the middle', (kind) => {
  const words = ['schema', 'dump', 'schema.sql', '--data', 'books', ...(kind === 'split' ? ['--split'] : [])]

  test('leaves the old file whole; the next one goes through, and tidies up', async () => {
    const stage = await makeStage(database, { 'schema.sql': old })
    const release = await holdSequence()
    const running = stage.start(words)
    const partial = await partialIn(stage.folder)
    running.child.kill('SIGKILL')
    expect(await running.ended).toMatchObject({ code: null })
    expect(await readFile(stage.path('schema.sql'), 'utf8')).toBe(old)
    await release()
    // It may be one that goes on, so it is left for a minute.
    expect(await stage.start(words).ended).toMatchObject({ code: 0 })
    expect((await readdir(stage.folder, { recursive: true })).filter((name) => name.endsWith('.partial'))).toEqual([
      partial,
    ])
    await longAgo(stage.path(partial))
    expect(await stage.start(words).ended).toMatchObject({ code: 0 })
    const names = (await readdir(stage.folder, { recursive: true })).sort()
    expect(names.filter((name) => name.endsWith('.partial'))).toEqual([])
    const fresh = await makeStage(database)
    await fresh.start(words).ended
    expect((await readdir(fresh.folder, { recursive: true })).sort()).toEqual(names)
    for (const name of names.filter((each) => each.endsWith('.sql')))
      expect(await readFile(stage.path(name), 'utf8')).toBe(await readFile(fresh.path(name), 'utf8'))
  })

  test('by Ctrl-C leaves nothing at all', async () => {
    const stage = await makeStage(database, { 'schema.sql': old })
    await holdSequence()
    const running = stage.start(words)
    await partialIn(stage.folder)
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 130 })
    expect(await readFile(stage.path('schema.sql'), 'utf8')).toBe(old)
    expect((await readdir(stage.folder, { recursive: true })).filter((name) => name.endsWith('.partial'))).toEqual([])
  })

  test('by the loss of its connection leaves the old file whole, and says so', async () => {
    const stage = await makeStage(database, { 'schema.sql': old })
    await holdSequence()
    const running = stage.start(words)
    await partialIn(stage.folder)
    const { pid } = await waitUntil(database, /^active relation: /)
    await ask(database, `select pg_terminate_backend(${pid})`)
    const { code, stdout, stderr } = await running.ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: The connection to .* was lost: /m)
    expect(await readFile(stage.path('schema.sql'), 'utf8')).toBe(old)
    expect((await readdir(stage.folder, { recursive: true })).filter((name) => name.endsWith('.partial'))).toEqual([])
  })
})

test('two dumps at once into one file are both done, and it is whole', async () => {
  const stage = await makeStage(database, { 'schema.sql': old })
  const dumps = Array.from({ length: 4 }, () => stage.start(['schema', 'dump', 'schema.sql', '--data', 'books']).ended)
  for (const dump of dumps) expect(await dump).toMatchObject({ code: 0 })
  expect(await readdir(stage.folder)).toEqual(['schema.sql'])
  const { stdout } = await stage.start(['schema', 'dump', '-', '--data', 'books']).ended
  expect(await readFile(stage.path('schema.sql'), 'utf8')).toBe(stdout)
})

test('a disk that is full leaves the old file whole', async () => {
  if (!asRoot) return untested('A full disk', 'only root can mount a small file system.')
  const stage = await makeStage(database)
  const place = stage.path('small')
  await mkdir(place)
  try {
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', place])
  } catch (error) {
    return untested('A full disk', `a small file system could not be mounted (${String(error)}).`)
  }
  onTestFinished(async () => void (await promisify(execFile)('umount', ['-l', place])))
  await writeFile(join(place, 'schema.sql'), old)
  const full = await stage.start(['schema', 'dump', 'small/schema.sql', '--data', 'books']).ended
  expect(full).toMatchObject({ code: 1, stdout: '' })
  expect(full.stderr).toContain('error: There is no space left to write schema.sql.')
  expect(await readdir(place)).toEqual(['schema.sql'])
  expect(await readFile(join(place, 'schema.sql'), 'utf8')).toBe(old)
})

describe('where it may not write', () => {
  test('a folder, a file in place of a folder, and a link that leads in a circle are told', async () => {
    const stage = await makeStage(database, { file: 'no folder', schema: 'no folder either' })
    await mkdir(stage.path('folder.sql'))
    await symlink('circle.sql', stage.path('circle.sql'))
    const failures: readonly (readonly [string[], RegExp])[] = [
      [['folder.sql'], /^error: folder\.sql cannot be written: EISDIR\.$/m],
      [['file/schema.sql'], /^error: schema\.sql cannot be written: (EEXIST|ENOTDIR)\.$/m],
      [['circle.sql'], /^error: circle\.sql cannot be written: ELOOP\.$/m],
      [['schema.sql', '--split'], /^error: .* cannot be written: (EEXIST|ENOTDIR)\.$/m],
    ]
    for (const [words, stderr] of failures)
      expect(await stage.start(['schema', 'dump', ...words]).ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(stderr),
      })
    expect((await readdir(stage.folder, { recursive: true })).sort()).toEqual([
      'circle.sql',
      'file',
      'folder.sql',
      'schema',
    ])
  })

  test('a folder of somebody else is told, and a file that is read-only in a folder of one’s own is replaced', async () => {
    if (!asRoot) return untested('A folder of somebody else', 'only root can become somebody else.')
    const stage = await makeStage(database, { 'schema.sql': old })
    const nobody = 65_534
    await chmod(stage.folder, 0o755)
    const words = ['schema', 'dump', 'schema.sql']
    for (const more of [[], ['--split']])
      expect(await stage.start([...words, ...more], { uid: nobody }).ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: .* may not be written\.$/m),
      })
    expect(await readdir(stage.folder)).toEqual(['schema.sql'])
    expect(await readFile(stage.path('schema.sql'), 'utf8')).toBe(old)
    await chown(stage.folder, nobody, nobody)
    await chmod(stage.path('schema.sql'), 0o444)
    expect(await stage.start(words, { uid: nobody }).ended).toMatchObject({ code: 0 })
    expect((await stat(stage.path('schema.sql'))).mode & 0o777).toBe(0o444)
  })

  test('a link is followed, also to where nothing is yet', async () => {
    const stage = await makeStage(database)
    await mkdir(stage.path('elsewhere'))
    await symlink('elsewhere/real.sql', stage.path('schema.sql'))
    expect(await stage.start(['schema', 'dump', 'schema.sql']).ended).toMatchObject({ code: 0 })
    expect(await readFile(stage.path('elsewhere/real.sql'), 'utf8')).toContain('CREATE TABLE public.books')
    await rm(stage.path('elsewhere'), { recursive: true })
    expect(await stage.start(['schema', 'dump', 'schema.sql']).ended).toMatchObject({ code: 0 })
    expect(await readdir(stage.path('elsewhere'))).toEqual(['real.sql'])
  })
})

test('a split dump goes on from a folder that is half there, and leaves what is not its own', async () => {
  const stage = await makeStage(database)
  const words = ['schema', 'dump', 'schema.sql', '--split']
  expect(await stage.start(words).ended).toMatchObject({ code: 0 })
  const names = (await readdir(stage.folder, { recursive: true })).sort()
  const whole = await readFile(stage.path('schema/tables/public.books.sql'), 'utf8')
  await rm(stage.path('schema.sql'))
  await rm(stage.path('schema/views'), { recursive: true })
  await writeFile(stage.path('schema/tables/public.books.sql'), whole.slice(0, 100))
  await writeFile(stage.path('schema/tables/mine.sql.notes.partial'), 'mine')
  await longAgo(stage.path('schema/tables/mine.sql.notes.partial'))
  expect((await stage.start(words).ended).stdout).toContain('Wrote schema.sql')
  expect((await readdir(stage.folder, { recursive: true })).sort()).toEqual(
    [...names, 'schema/tables/mine.sql.notes.partial'].sort(),
  )
  expect(await readFile(stage.path('schema/tables/public.books.sql'), 'utf8')).toBe(whole)
})

test('what a role may not see is told by name, and nothing is left out in silence', async () => {
  const hidden = await testDatabase()
  const role = `blind_${process.pid}`
  await administer(`create role ${role} login password 'x'`)
  onTestFinished(() => administer(`drop role ${role}`))
  await runIn(
    hidden,
    `create schema app; create table app.schema_migrations (version text primary key); insert into app.schema_migrations values ('1');
     create table app.secret (id int default 1); create function app.f() returns int language sql return 1;
     create foreign data wrapper w; create server s foreign data wrapper w;
     create user mapping for postgres server s options (password 'hidden')`,
  )
  const url = hidden.url.replace(/\/\/postgres:[^@]*@/, `//${role}:x@`)
  const stage = await makeStage({ url })
  const blind = await stage.start(['schema', 'dump', '-']).ended
  expect(blind.code).toBe(0)
  for (const each of ['rows of app.schema_migrations: you may not read them', 'user mapping']) {
    expect(blind.stderr).toContain(`not covered: ${each}`)
    expect(blind.stdout).toContain(`-- not covered: ${each}`)
  }
  const seen = await (await makeStage(hidden)).start(['schema', 'dump', '-']).ended
  const made = (text: string) => text.split('\n').filter((line) => line.startsWith('CREATE '))
  expect(made(blind.stdout)).toEqual(made(seen.stdout))
  const rows = await stage.start(['schema', 'dump', 'schema.sql', '--data', 'app.secret']).ended
  expect(rows).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('permission denied for') })
  expect(await readdir(stage.folder)).toEqual([])
})
