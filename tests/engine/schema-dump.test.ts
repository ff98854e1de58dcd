import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dumpSchema, loadScript, readScript, type DumpedSchema } from '../../packages/core/src/index.ts'
import { administer, testDatabase, type TestDatabase } from '../support/database.ts'
import { finish, makeFolder, programs, psqlIsThere, runPsql } from './engine.ts'

// pg_dump is the judge: what it says of a database and of one that our dump of it makes must be the same. It has to be of the server's
// version: PG_DUMP names it. REGRESS names PostgreSQL's own regression suite, as in regress.test.ts.

const corpus = fileURLToPath(new URL('corpus', import.meta.url))
const serverMajor = 18
const suite = process.env.REGRESS ?? ''

async function dumpTo(database: TestDatabase, path: string): Promise<DumpedSchema> {
  const connection = await database.connect()
  try {
    return await dumpSchema(connection, { kind: 'file', path }, { owners: true })
  } finally {
    await connection.close()
  }
}

/** What pg_dump says of the schema. The order of storage parameters has no meaning: pg_dump keeps it, and ours is sorted. */
async function judged({ url }: TestDatabase): Promise<string> {
  const { code, stdout, stderr } = await finish(programs.pgDump.path, ['-s', url], '/')
  if (code !== 0) throw new Error(stderr)
  return stdout
    .replace(/^\\(un)?restrict .*$/gm, '\\$1restrict')
    .replace(/^(WITH \()(.*)(\);?)$/gm, (_, begin: string, list: string, end: string) => {
      return begin + list.split(', ').sort().join(', ') + end
    })
}

interface RoundTrip {
  /** Lines of pg_dump that only one of the two has. */
  differences: string[]
  first: string
  second: string
  uncovered: readonly string[]
}

async function roundTrip(database: TestDatabase): Promise<RoundTrip> {
  const [copy, folder] = [await testDatabase(), await makeFolder()]
  const [one, other] = [join(folder, 'one.sql'), join(folder, 'other.sql')]
  const { uncovered } = await dumpTo(database, one)
  await loadScript(copy, await readScript(one))
  await dumpTo(copy, other)
  const [before, after] = [await judged(database), await judged(copy)].map((text) => text.split('\n'))
  const [inOne, inOther] = [new Set(before), new Set(after)]
  const differences = [
    ...(before ?? []).filter((line) => !inOther.has(line)).map((line) => `- ${line}`),
    ...(after ?? []).filter((line) => !inOne.has(line)).map((line) => `+ ${line}`),
  ]
  if (differences.length === 0 && before?.join('\n') !== after?.join('\n')) differences.push('the order of lines')
  return {
    differences,
    first: withoutNotes(await readFile(one, 'utf8')),
    second: await readFile(other, 'utf8'),
    uncovered,
  }
}

/** What is not covered is not in the copy, so that there it is not told. */
function withoutNotes(text: string): string {
  return text.replaceAll(/^-- not covered: .*\n/gm, '')
}

function pgDumpIsThere(): boolean {
  if (programs.pgDump.major >= serverMajor) return true
  const sentence = `Dumps were not compared by pg_dump: it is ${programs.pgDump.major || 'missing'}, and the server ${serverMajor}. PG_DUMP may name another.`
  if (process.env.CI && process.env.PG_DUMP !== undefined) throw new Error(sentence)
  console.warn(sentence)
  return false
}

const roles = ['"corpus reader"', '"corpus""writer"', 'corpus_anon']
const able = psqlIsThere('Dumps were not compared by pg_dump') && pgDumpIsThere()

describe.runIf(able)('pg_dump finds no difference after a dump and a load of', () => {
  beforeAll(async () => {
    for (const role of roles) await administer(`create role ${role}`)
  })
  afterAll(async () => {
    for (const role of roles) await administer(`drop role if exists ${role}`).catch(() => {})
  })

  test.each(['objects', 'rails-structure', 'dbmate-schema', 'supabase-migration', 'extension-tests', 'pagila-like'])(
    '%s',
    async (name) => {
      const database = await testDatabase()
      const loaded = await runPsql([`${name}.sql`], { folder: corpus, database })
      expect(loaded.code, loaded.stderr).toBe(0)
      const { differences, first, second, uncovered } = await roundTrip(database)
      // The password of a user mapping is a secret.
      expect(differences).toEqual(name === 'objects' ? [expect.stringContaining('    password E')] : [])
      expect(second).toBe(first)
      expect(uncovered).toHaveLength(name === 'objects' ? 2 : 0)
    },
  )

  test('Cruddur', async () => {
    const database = await testDatabase()
    await loadScript(database, await readScript(fileURLToPath(new URL('../../cruddur/db/schema.sql', import.meta.url))))
    const { differences, first, second } = await roundTrip(database)
    expect(differences).toEqual([])
    expect(second).toBe(first)
  })
})

/** They leave nothing behind and last long, or crash a server that is older than the suite. */
const leftOut = new Set(['infinite_recurse', 'psql_pipeline', 'largeobject', 'uuid', 'hash_part'])

if (suite === '')
  console.log(`The schema of PostgreSQL's regression suite was not dumped: REGRESS does not name its folder.`)

async function reach(database: TestDatabase): Promise<void> {
  await (await database.connect()).close()
}

describe.runIf(able && suite !== '')('the regression suite', () => {
  test('leaves a database behind that comes back whole', { timeout: 1_800_000 }, async () => {
    const database = await testDatabase()
    // As pg_regress sets them.
    for (const setting of [
      `timezone = 'America/Los_Angeles'`,
      `datestyle = 'Postgres, MDY'`,
      `intervalstyle = 'postgres_verbose'`,
    ])
      await administer(`alter database "${database.database}" set ${setting}`)
    const schedule = await readFile(join(suite, 'parallel_schedule'), 'utf8')
    const names = [...schedule.matchAll(/^test:(.*)$/gm)].flatMap(([, list = '']) => list.trim().split(/\s+/))
    const library = process.env.REGRESS_LIBRARY ?? suite
    const environment = {
      PG_ABS_SRCDIR: suite,
      PG_LIBDIR: library,
      PG_DLSUFFIX: '.so',
      PG_ABS_BUILDDIR: await makeFolder(),
    }
    for (const name of names) {
      if (leftOut.has(name)) continue
      // Many of its statements fail on purpose, and some crash a server that is older: it is back in a moment.
      await vi.waitFor(() => reach(database), { timeout: 60_000, interval: 500 })
      await finish(
        programs.psql.path,
        ['-X', '-q', '-f', join(suite, 'sql', `${name}.sql`), database.url],
        '/',
        environment,
      )
    }
    // PostgreSQL 18.5 and later do not let the suite rename a rule to this.
    const connection = await vi.waitFor(() => database.connect(), { timeout: 60_000, interval: 500 })
    await connection.run('drop rule if exists "_RETURN" on rtest_t4')
    await connection.close()
    const { differences, first, second, uncovered } = await roundTrip(database)
    expect(differences).toEqual([])
    expect(second).toBe(first)
    const kinds = uncovered.map((line) => line.replace(/:.*/, '')).filter((kind) => kind !== 'large objects')
    expect(kinds).toEqual(['OPERATOR public.!== (boolean, boolean)'])
    expect(first.length).toBeGreaterThan(200_000)
  })
})
