import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connect, removeServer, startServer, type Address } from '../../packages/core/src/index.ts'
import { difference, readContents } from './contents.ts'
import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { finish, program } from './engine.ts'

// PostgreSQL's own regression suite, which is not in this repository: REGRESS=…/postgresql-18/src/test/regress, for example from
// `apt-get source postgresql-18`. REGRESS_LIBRARY is a folder with the suite's regress.so, for the few tests that need it.
// REGRESS_ONLY=copy,psql runs only these. Its psql must be of the suite's version: PSQL=….

const suite = process.env.REGRESS ?? ''
const only = process.env.REGRESS_ONLY?.split(',')
if (suite === '') console.log(`PostgreSQL's regression suite was not run: REGRESS does not name its folder.`)

/**
 * What has run before the others, what is about psql's own commands, what lasts too long, what is never twice the same, and what
 * crashes a server that is older than the suite.
 */
const left = new Set(['test_setup', 'create_index', 'sqljson', 'infinite_recurse', 'uuid', 'hash_part'])

async function listFiles(): Promise<string[]> {
  const names = await readdir(join(suite, 'sql'))
  return names
    .flatMap((name) => (name.endsWith('.sql') ? [name.slice(0, -4)] : []))
    .filter((name) => (only === undefined ? !left.has(name) : only.includes(name)))
}

const files = suite === '' ? [] : await listFiles()

/** What pgrig leaves to psql. In the scripts of both it is as if these lines were not there. */
const leftToPsql = /^[ \t]*\\h\b.*\n/gm

interface Side {
  folder: string
  address: Address
  url(database: string): string
  administer(...statements: string[]): Promise<void>
}

const folders: string[] = []

async function startSide(): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-regress-'))
  folders.push(folder)
  await chmod(folder, 0o755)
  // The server writes there, too.
  await mkdir(join(folder, 'results'))
  await chmod(join(folder, 'results'), 0o777)
  const { socketFolder, port } = await startServer(folder, { durable: false })
  const address: Address = {
    host: socketFolder,
    port,
    user: 'postgres',
    database: 'postgres',
    tls: { mode: 'disable' },
    connectTimeoutSeconds: 10,
  }
  const side: Side = {
    folder,
    address,
    url: (database) => `postgresql://postgres@/${database}?host=${encodeURIComponent(socketFolder)}&port=${port}`,
    // A connection for each time: some tests crash a server that is older than they are.
    async administer(...statements) {
      const connection = await vi.waitFor(() => connect(address, { application: 'tests' }), {
        timeout: 30_000,
        interval: 100,
      })
      for (const statement of statements) await connection.run(statement)
      await connection.close()
    },
  }
  // As pg_regress sets them.
  await side.administer(
    `alter role postgres set timezone = 'America/Los_Angeles'`,
    `alter role postgres set datestyle = 'Postgres, MDY'`,
    `alter role postgres set intervalstyle = 'postgres_verbose'`,
  )
  return side
}

const environment = ({ folder }: Side) => ({
  PG_ABS_SRCDIR: suite,
  PG_ABS_BUILDDIR: folder,
  PG_LIBDIR: process.env.REGRESS_LIBRARY ?? suite,
  PG_DLSUFFIX: '.so',
})

function byPsql(file: string, side: Side, database: string) {
  return finish(programs.psql.path, ['-X', '-q', '-f', file, side.url(database)], side.folder, environment(side))
}

function byPgrig(file: string, side: Side, database: string) {
  const flags = ['--quiet', '--no-transaction', '-v', 'QUIET=on', '-v', 'ON_ERROR_STOP=0', '--allow-shell']
  const env = { ...environment(side), DATABASE_URL: side.url(database) }
  return finish(process.execPath, [program, 'run', file, ...flags], side.folder, env)
}

/** Takes out what differs from run to run: OIDs, process numbers, times. */
function steady(text: string, { folder, address }: Side): string {
  return text
    .replaceAll(folder, '<folder>')
    .replaceAll(String(address.port), '<port>')
    .replace(/pg_(toast|temp)_\d+/g, 'pg_$1_N')
}

describe.runIf(files.length > 0 && psqlIsThere('The regression suite was not run'))('the regression suite:', () => {
  let theirs: Side
  let ours: Side

  beforeAll(async () => {
    theirs = await startSide()
    ours = await startSide()
    for (const side of [theirs, ours]) {
      await side.administer('create database prepared template template0')
      for (const name of ['test_setup', 'create_index'])
        await byPsql(join(suite, 'sql', `${name}.sql`), side, 'prepared')
      // Statistics decide plans, and so the order of rows.
      const connection = await connect({ ...side.address, database: 'prepared' }, { application: 'tests' })
      await connection.run('vacuum analyze')
      await connection.close()
    }
  }, 300_000)
  afterAll(async () => {
    for (const folder of folders) {
      await removeServer(folder)
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)

  async function outcomeOf(side: Side, name: string, run: typeof byPsql) {
    await side.administer(
      'drop database if exists regression with (force)',
      'create database regression template prepared',
    )
    const script = await readFile(join(suite, 'sql', `${name}.sql`), 'latin1')
    const file = join(side.folder, `${name}.sql`)
    await writeFile(file, script.replace(leftToPsql, ''), 'latin1')
    const { code, stdout, stderr } = await run(file, side, 'regression')
    const cluster = {
      database: 'regression',
      connect: (database = 'regression') => connect({ ...side.address, database }, { application: 'tests' }),
    }
    return { code, stdout: steady(stdout, side), stderr, contents: await readContents(cluster) }
  }

  test.each(files)('%s', { timeout: 180_000 }, async (name) => {
    const [expected, found] = [await outcomeOf(theirs, name, byPsql), await outcomeOf(ours, name, byPgrig)]
    if (process.env.REGRESS_OUTPUT !== undefined && existsSync(process.env.REGRESS_OUTPUT)) {
      for (const [who, outcome] of Object.entries({ psql: expected, pgrig: found })) {
        const place = join(process.env.REGRESS_OUTPUT, `${name}.${who}`)
        await writeFile(`${place}.out`, outcome.stdout)
        await writeFile(`${place}.err`, outcome.stderr)
      }
    }
    expect
      .soft({ code: found.code, stderr: found.code === 0 ? '' : found.stderr })
      .toEqual({ code: expected.code, stderr: '' })
    expect.soft(difference(found.contents, expected.contents)).toEqual({ missing: [], unexpected: [] })
    expect.soft(found.stdout).toBe(expected.stdout)
  })
})
