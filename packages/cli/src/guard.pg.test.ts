import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '@pgrig/core'
import { administer, testDatabase, type TestDatabase } from '../../../tests/support/database.ts'
import { commandsIn, loadAll } from './discover.ts'
import { pgrig, testTerminal } from './testing.ts'

// Who may do what where: each line is run for real, on a database of its own with one row in it.

/** How the program is used: without a terminal, or at one where Enter, y, another name or the right name is typed. */
type Hand = 'script' | 'Enter' | 'y' | 'wrong name' | 'name'

/** postgres; the owner of the database, who may create others, as the master user of RDS; somebody without rights. */
type Role = 'superuser' | 'owner' | 'stranger'

/** No question; a question; turned away without a question or after a wrong answer; not by us but by PostgreSQL, or not possible. */
type Verdict = 'allowed' | 'asked' | 'refused' | 'failed'

type Line = readonly [
  command: string,
  target: 'local' | 'prod' | 'marked',
  hand: Hand,
  role: Role,
  verdict: Verdict,
  exitCode: number,
  /** The row that was there before is there afterwards, in the database of that name. */
  row: 'kept' | 'lost',
]

const lines: Line[] = [
  // What loses nothing.
  ['create', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['create', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['prepare', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['prepare', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['prepare', 'prod', 'script', 'stranger', 'failed', 3, 'kept'],
  ['sessions', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['doctor', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['config', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['wait', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['schema dump -', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['schema dump -', 'prod', 'script', 'stranger', 'allowed', 0, 'kept'],
  ['config protect', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['config protect', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['config protect', 'local', 'script', 'stranger', 'failed', 3, 'kept'],

  // drop
  ['drop', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['drop', 'local', 'script', 'superuser', 'allowed', 0, 'lost'],
  ['drop', 'local', 'script', 'stranger', 'refused', 4, 'kept'],
  ['drop --no-undo', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['drop --no-undo', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['drop --no-undo --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['drop', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --yes', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['drop --force --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --confirm other', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --confirm other', 'local', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --confirm NAME', 'prod', 'script', 'owner', 'allowed', 0, 'lost'],
  ['drop --confirm NAME', 'prod', 'script', 'stranger', 'refused', 4, 'kept'],
  ['drop', 'prod', 'Enter', 'owner', 'asked', 4, 'kept'],
  ['drop --yes', 'prod', 'Enter', 'owner', 'asked', 4, 'kept'],
  ['drop', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['drop', 'prod', 'wrong name', 'owner', 'asked', 4, 'kept'],
  ['drop', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['drop', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['drop --yes', 'marked', 'script', 'superuser', 'refused', 4, 'kept'],
  ['drop', 'marked', 'name', 'owner', 'asked', 0, 'lost'],

  // setup
  ['setup', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['setup', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['setup', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['setup --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['setup --yes', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['setup', 'prod', 'wrong name', 'owner', 'asked', 4, 'kept'],
  ['setup', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['setup --confirm NAME', 'prod', 'script', 'owner', 'allowed', 0, 'lost'],
  ['setup --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],

  // undo, after a setup: the row is in the copy
  ['undo list', 'prod', 'script', 'owner', 'allowed', 0, 'lost'],
  ['undo', 'local', 'script', 'owner', 'refused', 4, 'lost'],
  ['undo --yes', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['undo', 'local', 'y', 'owner', 'asked', 0, 'kept'],
  ['undo', 'prod', 'script', 'owner', 'refused', 4, 'lost'],
  ['undo --yes', 'prod', 'script', 'owner', 'refused', 4, 'lost'],
  ['undo', 'prod', 'name', 'owner', 'asked', 0, 'kept'],
  ['undo prune --all', 'local', 'script', 'owner', 'refused', 4, 'lost'],
  ['undo prune --all --yes', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['undo prune --all --yes', 'prod', 'script', 'owner', 'refused', 4, 'lost'],
  ['undo prune --all', 'prod', 'wrong name', 'owner', 'asked', 4, 'lost'],

  // sessions of others
  ['sessions cancel PID', 'local', 'script', 'superuser', 'refused', 4, 'kept'],
  ['sessions cancel PID --yes', 'prod', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['sessions cancel PID', 'prod', 'Enter', 'superuser', 'asked', 4, 'kept'],
  ['sessions end PID', 'local', 'script', 'superuser', 'refused', 4, 'kept'],
  ['sessions end PID --yes', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['sessions end PID --yes', 'local', 'script', 'stranger', 'failed', 1, 'kept'],
  ['sessions end PID --yes', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['sessions end PID', 'prod', 'y', 'superuser', 'asked', 4, 'kept'],
  ['sessions end PID', 'prod', 'name', 'superuser', 'asked', 0, 'kept'],
  ['locks', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],

  // scripts
  ['schema load', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['schema load', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['schema load --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['schema load', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['schema load', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['schema load --confirm NAME', 'prod', 'script', 'stranger', 'failed', 3, 'kept'],
  ['schema load --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['seed', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['seed', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['seed --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['seed', 'prod', 'y', 'owner', 'asked', 0, 'kept'],
  ['seed', 'prod', 'Enter', 'owner', 'asked', 4, 'kept'],
  ['seed', 'marked', 'script', 'owner', 'refused', 4, 'kept'],

  // run
  ['run -c "select * from notes"', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['run -c "select * from notes"', 'prod', 'script', 'stranger', 'failed', 3, 'kept'],
  ['run -c "delete from notes"', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['run -c "delete from notes"', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['run -c "delete from notes"', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['run -c "delete from notes" --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['run -c "delete from notes"', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['run -c "delete from notes"', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['run -c "DELETE/**/FROM notes WHERE true"', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  [
    'run -c "with x as (delete from notes returning 1) select * from x"',
    'prod',
    'script',
    'owner',
    'refused',
    4,
    'kept',
  ],
  ['run -c "drop table notes"', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['run -c "truncate notes" --confirm NAME', 'prod', 'script', 'owner', 'allowed', 0, 'lost'],
  ['run -c "truncate notes" --confirm NAME', 'prod', 'script', 'stranger', 'failed', 3, 'kept'],
  [`run -c "do $$begin execute 'drop table notes'; end$$"`, 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  [`run -c "insert into notes values ('x')"`, 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  [`run -c "insert into notes values ('x')"`, 'prod', 'y', 'owner', 'asked', 0, 'kept'],
  ['run -c "select 1" --write', 'prod', 'Enter', 'owner', 'asked', 4, 'kept'],

  // the mark
  ['config unprotect', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['config unprotect --yes', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['config unprotect', 'marked', 'name', 'owner', 'asked', 0, 'kept'],
  ['config unprotect', 'local', 'script', 'owner', 'allowed', 0, 'kept'],

  // roles: giving wants a yes on production, taking the name
  ['roles', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['roles create NEW --print --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['roles create NEW --print', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['roles create NEW --print', 'prod', 'Enter', 'owner', 'asked', 4, 'kept'],
  ['roles create NEW --print', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['roles create NEW --print', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['roles grant ROLE readonly', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles grant ROLE readonly', 'prod', 'y', 'superuser', 'asked', 0, 'kept'],
  ['roles revoke ROLE readonly', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles revoke ROLE readonly --yes', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles revoke ROLE readonly', 'prod', 'name', 'superuser', 'asked', 0, 'kept'],
  ['roles revoke ROLE readonly', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['roles rotate ROLE --print', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles rotate ROLE --print --yes', 'marked', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles rotate ROLE --print', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['roles rotate ROLE --print', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['roles expire ROLE --in 30d', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles expire ROLE --in 30d', 'prod', 'name', 'superuser', 'asked', 0, 'kept'],
  ['roles drop ROLE', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles drop ROLE', 'prod', 'y', 'superuser', 'asked', 4, 'kept'],
  ['roles drop ROLE', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['roles apply', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles apply --yes', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles apply', 'local', 'script', 'superuser', 'refused', 4, 'kept'],
  ['roles apply --yes', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],

  // migrations: one is pending that drops the table, or is on record and drops it on its way back
  ['migrate', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['migrate', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['migrate', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['migrate --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['migrate --yes', 'marked', 'script', 'superuser', 'refused', 4, 'kept'],
  ['migrate --confirm other', 'local', 'script', 'owner', 'refused', 4, 'kept'],
  ['migrate', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['migrate', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['migrate --confirm NAME', 'prod', 'script', 'owner', 'allowed', 0, 'lost'],
  ['migrate --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['rollback', 'local', 'script', 'owner', 'allowed', 0, 'lost'],
  ['rollback', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['rollback --yes', 'marked', 'script', 'owner', 'refused', 4, 'kept'],
  ['rollback', 'prod', 'y', 'owner', 'asked', 4, 'kept'],
  ['rollback', 'prod', 'name', 'owner', 'asked', 0, 'lost'],
  ['rollback --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration new likes', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration status', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration resolve 1', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration resolve 1', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['migration resolve 1 --yes', 'prod', 'script', 'owner', 'refused', 4, 'kept'],
  ['migration resolve 1', 'prod', 'name', 'owner', 'asked', 0, 'kept'],
  ['migration resolve 1 --dry-run', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration lock status', 'prod', 'script', 'owner', 'allowed', 0, 'kept'],
  ['migration lock break', 'local', 'script', 'superuser', 'refused', 4, 'kept'],
  ['migration lock break --yes', 'local', 'script', 'superuser', 'allowed', 0, 'kept'],
  ['migration lock break --yes', 'local', 'script', 'stranger', 'failed', 3, 'kept'],
  ['migration lock break --yes', 'prod', 'script', 'superuser', 'refused', 4, 'kept'],
  ['migration lock break --confirm NAME', 'prod', 'script', 'superuser', 'allowed', 0, 'kept'],

  // the embedded server, whose data is nobody's production
  ['server remove', 'local', 'script', 'owner', 'refused', 4, 'kept'],
  ['server remove', 'local', 'Enter', 'owner', 'asked', 4, 'kept'],
  ['server remove --yes', 'local', 'script', 'owner', 'allowed', 0, 'kept'],
]

let template: TestDatabase
let folder: string
const owner = `guard_owner_${process.pid}`
const stranger = `guard_stranger_${process.pid}`

beforeAll(async () => {
  template = await testDatabase()
  for (const name of [owner, stranger]) await administer(`create role "${name}" login`)
  await administer(`alter role "${owner}" createdb createrole`)
  const connection = await template.connect()
  await connection.run(
    `create table notes (text text); insert into notes values ('row'); alter table notes owner to "${owner}"`,
  )
  await connection.run(`revoke all on schema public from public; grant usage, create on schema public to "${owner}"`)
  await connection.close()
  folder = await mkdtemp(join(tmpdir(), 'pgrig-guard-'))
  await mkdir(join(folder, 'db'))
  await writeFile(join(folder, 'pgrig.json'), '{}')
  await writeFile(join(folder, 'db/schema.sql'), 'drop table if exists notes; create table notes (text text);')
  await writeFile(join(folder, 'db/seed.sql'), `insert into notes values ('seed');`)
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  const connection = await template.connect()
  await connection.run(`drop owned by "${owner}"`)
  await connection.close()
  for (const name of [owner, stranger]) await administer(`drop role if exists "${name}"`)
})

let count = 0

/** A database with one row, for one line. */
async function makeDatabase(marked: boolean): Promise<string> {
  const name = `${template.database.slice(0, 40)}_g${++count}`
  await administer(`create database "${name}" template "${template.database}" owner "${owner}"`)
  if (marked) await administer(`comment on database "${name}" is 'pgrig: {"protected":true}'`)
  return name
}

async function hasRow(name: string): Promise<boolean> {
  try {
    const connection = await template.connect(name)
    try {
      return (await connection.run(`select from notes where text = 'row'`)).length > 0
    } finally {
      await connection.close()
    }
  } catch {
    return false
  }
}

/** The database of a line and its copies, its roles, and the groups that were made for it. */
async function dropAllLike(name: string): Promise<void> {
  const connection = await template.connect('postgres')
  try {
    const databases = await connection.query<{ database: string }>`
      select datname as database from pg_database where starts_with(datname, ${name})`
    for (const { database } of databases) await connection.run(`drop database "${database}" with (force)`)
    const roles = await connection.query<{ role: string }>`
      select rolname as role from pg_roles where starts_with(rolname, ${name})`
    for (const { role } of roles) await connection.run(`drop role "${role}"`)
  } finally {
    await connection.close()
  }
}

/** A migration that drops the table either way; for rollback it is on record, and for the lock there is somebody who holds it. */
async function prepareMigrations(command: string, name: string): Promise<Connection> {
  await mkdir(join(folder, 'db/migrations'), { recursive: true })
  const text = '-- migrate:up\ndrop table notes;\n-- migrate:down\ndrop table notes;\n'
  await writeFile(join(folder, 'db/migrations/1_drop_notes.sql'), text)
  const connection = await template.connect(name)
  if (command.startsWith('rollback')) {
    await connection.run(
      `create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')`,
    )
    await connection.run(`alter table schema_migrations owner to "${owner}"`)
  }
  if (command.startsWith('migration lock')) await connection.query`select pg_advisory_lock(${0x70677269676d6967n})`
  return connection
}

const keys: Record<Exclude<Hand, 'script'>, (name: string) => string> = {
  Enter: () => '\r',
  y: () => 'y\r',
  'wrong name': () => 'other\r',
  name: (name) => `${name}\r`,
}

async function runLine(command: string, target: string, hand: Hand, role: Role, name: string, pid = 0) {
  const { host, port } = template.address
  const user = role === 'superuser' ? 'postgres' : role === 'owner' ? owner : stranger
  const url = `postgresql://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
  const words = (
    command
      .replaceAll('NAME', name)
      .replaceAll('PID', String(pid))
      .replaceAll('NEW', `${name}_new`)
      .replaceAll('ROLE', `${name}_role`)
      .match(/"[^"]*"|\S+/g) ?? []
  ).map((word) => word.replaceAll('"', ''))
  const where = command.startsWith('server ') ? [] : ['--target', target === 'prod' ? 'prod' : 'local', '--url', url]
  const atTerminal = hand !== 'script'
  const terminal = testTerminal({ stdinIsTty: atTerminal, stderrIsTty: atTerminal, env: { NO_COLOR: '1' }, folder })
  const running = pgrig([...words, ...where, '-C', folder], { terminal })
  let ended = false
  void running.finally(() => (ended = true))
  const asked = () => /Type the name|Yes.*No/s.test(terminal.written.stderr)
  if (hand !== 'script') {
    await expect.poll(() => asked() || ended || terminal.written.stderr, { timeout: 10_000 }).toBe(true)
    if (!ended) for (const key of keys[hand](name)) terminal.stdin.write(key)
  }
  const { exitCode, stderr } = await running
  return { exitCode, stderr, asked: atTerminal && asked() }
}

test.each(lines)(
  '%s on %s, %s, as %s: %s, exit code %i, the row is %s',
  async (command, target, hand, role, verdict, exitCode, row) => {
    const name = await makeDatabase(target === 'marked')
    if (command.startsWith('server ')) {
      await mkdir(join(folder, '.pgrig/data'), { recursive: true })
      await writeFile(join(folder, '.pgrig/data/PG_VERSION'), '18\n')
    }
    if (command.startsWith('roles ')) {
      const settings = command.startsWith('roles apply') ? { roles: { [`${name}_role`]: { as: 'readonly' } } } : {}
      await writeFile(join(folder, 'pgrig.json'), JSON.stringify(settings))
      await administer(`create role "${name}_role" login`)
    }
    const holder = /^(?:migrat|rollback)/.test(command) ? await prepareMigrations(command, name) : undefined
    if (command.startsWith('roles revoke'))
      await runLine('roles grant ROLE readonly', 'local', 'script', 'superuser', name)
    if (command.startsWith('undo')) await runLine('setup --confirm NAME', target, 'script', 'owner', name)
    const guest = command.includes('PID') ? await template.connect(name, { application: 'guest' }) : undefined
    // Only what runs can be cancelled.
    const sleeping = guest && command.includes('cancel') ? guest.run('select pg_sleep(60)').catch(() => {}) : undefined
    try {
      const ran = await runLine(command, target, hand, role, name, guest?.channel.processId)
      expect(ran.exitCode, ran.stderr).toBe(exitCode)
      expect(ran.asked, ran.stderr).toBe(verdict === 'asked')
      if (verdict === 'refused') expect(ran.stderr).toMatch(/Nothing was (?:changed|run|done)/)
      expect(await hasRow(name)).toBe(row === 'kept')
    } finally {
      if (sleeping) await guest?.channel.cancel()
      await sleeping
      await guest?.close()
      await holder?.close()
      await rm(join(folder, 'db/migrations'), { recursive: true, force: true })
      await dropAllLike(name)
      await rm(join(folder, '.pgrig'), { recursive: true, force: true })
    }
  },
)

test('every command that changes something is in the table, and those that can lose something also where they are refused', async () => {
  const commands = await loadAll(commandsIn(new URL('./commands/', import.meta.url)))
  const rowsOf = (name: string) => lines.filter(([command]) => command === name || command.startsWith(`${name} `))
  const changing = commands.filter(({ changes, destructive, target }) => (changes || destructive) && target !== 'none')
  const startsAndStops = ['server start', 'server stop']
  const missing = changing.filter(({ name }) => rowsOf(name).length === 0 && !startsAndStops.includes(name))
  expect(missing.map(({ name }) => name)).toEqual([])
  const neverRefused = commands.filter(
    // What destroys on AWS is in rds.test.ts.
    ({ name, destructive, aws }) =>
      destructive && !aws && !rowsOf(name).some(([, , , , verdict]) => verdict === 'refused'),
  )
  expect(neverRefused.map(({ name }) => name)).toEqual([])
})

test('an approval that stands in the environment does not count', async () => {
  const name = await makeDatabase(false)
  const names = ['PGRIG_YES', 'PGRIG_CONFIRM', 'YES', 'CI', 'FORCE', 'DISABLE_DATABASE_ENVIRONMENT_CHECK']
  for (const each of names) process.env[each] = name
  try {
    expect((await runLine('drop', 'prod', 'script', 'owner', name)).exitCode).toBe(4)
    expect(await hasRow(name)).toBe(true)
  } finally {
    for (const each of names) delete process.env[each]
    await administer(`drop database "${name}"`)
  }
})
