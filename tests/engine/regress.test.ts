import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, removeServer, startServer, type Address, type Connection } from '../../packages/core/src/index.ts'
import { pgrigProgram } from '../support/program.ts'
import { difference, readContents } from './contents.ts'
import { finish, programs, psqlIsThere } from './engine.ts'

// PostgreSQL's own regression suite, which is not in this repository: REGRESS=…/postgresql-18/src/test/regress, for example from
// `apt-get source postgresql-18`. REGRESS_LIBRARY is a folder with the suite's regress.so, for the few tests that need it.
// REGRESS_ONLY=copy,psql runs only these. Its psql must be of the suite's version: PSQL=….

const suite = process.env.REGRESS ?? ''
const only = process.env.REGRESS_ONLY?.split(',')
const files = suite === '' ? [] : await listFiles()
if (suite === '') console.log(`PostgreSQL's regression suite was not run: REGRESS does not name its folder.`)

/** Tests whose results are never twice the same, or which are about psql's own commands that describe objects. */
const left = new Set(['test_setup', 'create_index', 'psql', 'psql_crosstab', 'psql_pipeline', 'infinite_recurse'])

async function listFiles(): Promise<string[]> {
  const names = await readdir(join(suite, 'sql'))
  return names
    .flatMap((name) => (name.endsWith('.sql') ? [name.slice(0, -4)] : []))
    .filter((name) => (only === undefined ? !left.has(name) : only.includes(name)))
}

/** What pgrig leaves to psql: describing objects. In the scripts of both it is as if these lines were not there. */
const describing = /^[ \t]*\\(d[A-Za-z]*|sf|sv|l|z|errverbose|lo_\w+)[+Sx]*(?![A-Za-z_]).*\n/gm
const inLine = /\\(gdesc|crosstabview)\b.*$/gm

interface Side {
  folder: string
  address: Address
  url(database: string): string
  admin: Connection
}

const folders: string[] = []

async function startSide(): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-regress-'))
  folders.push(folder)
  await chmod(folder, 0o755)
  const { socketFolder, port } = await startServer(folder, { durable: false })
  const address: Address = {
    host: socketFolder,
    port,
    user: 'postgres',
    database: 'postgres',
    tls: { mode: 'disable' },
    connectTimeoutSeconds: 10,
  }
  const admin = await connect(address, { application: 'tests' })
  // As pg_regress sets them.
  await admin.run(`alter role postgres set timezone = 'America/Los_Angeles'`)
  await admin.run(`alter role postgres set datestyle = 'Postgres, MDY'`)
  await admin.run(`alter role postgres set intervalstyle = 'postgres_verbose'`)
  return {
    folder,
    address,
    url: (database) => `postgresql://postgres@/${database}?host=${encodeURIComponent(socketFolder)}&port=${port}`,
    admin,
  }
}

const environment = { PG_ABS_SRCDIR: suite, PG_LIBDIR: process.env.REGRESS_LIBRARY ?? suite, PG_DLSUFFIX: '.so' }
const variables = ['-v', 'HIDE_TABLEAM=on', '-v', 'HIDE_TOAST_COMPRESSION=on']

function byPsql(file: string, side: Side, database: string) {
  return finish(
    programs.psql.path,
    ['-X', '-q', ...variables, '-f', file, side.url(database)],
    side.folder,
    environment,
  )
}

function byPgrig(file: string, side: Side, database: string) {
  const flags = ['--quiet', '--no-transaction', '-v', 'QUIET=on', '-v', 'ON_ERROR_STOP=0', ...variables]
  const env = { ...environment, DATABASE_URL: side.url(database) }
  return finish(process.execPath, [pgrigProgram, 'run', file, ...flags], side.folder, env)
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
      await side.admin.run('create database prepared template template0')
      for (const name of ['test_setup', 'create_index'])
        await byPsql(join(suite, 'sql', `${name}.sql`), side, 'prepared')
      // Statistics decide plans, and so the order of rows.
      const connection = await connect({ ...side.address, database: 'prepared' }, { application: 'tests' })
      await connection.run('vacuum analyze')
      await connection.close()
    }
  }, 300_000)
  afterAll(async () => {
    for (const { admin } of [theirs, ours]) await admin.close()
    for (const folder of folders) {
      await removeServer(folder)
      await rm(folder, { recursive: true, force: true })
    }
  }, 60_000)

  async function outcomeOf(side: Side, name: string, run: typeof byPsql) {
    await side.admin.run('drop database if exists regression with (force)')
    await side.admin.run('create database regression template prepared')
    const script = await readFile(join(suite, 'sql', `${name}.sql`), 'latin1')
    const file = join(side.folder, `${name}.sql`)
    await writeFile(file, script.replace(describing, '').replace(inLine, ';'), 'latin1')
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
