import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../support/database.ts'
import { difference, dump, readContents } from './contents.ts'
import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { runPgrig, runPsql } from './engine.ts'

interface Load {
  files: string[]
  /** It has a transaction of its own: pg_dump puts one around the large objects, and psql -1 would warn of it. */
  ownTransaction?: boolean
  /** The script makes this database itself, and connects to it. */
  makes?: string
}

const folder = fileURLToPath(new URL('corpus', import.meta.url))
const loads: Load[] = [
  { files: ['objects.sql'] },
  { files: ['dump-15.sql'], ownTransaction: true },
  { files: ['dump-16-inserts.sql'], ownTransaction: true },
  { files: ['dump-17-column-inserts.sql'], ownTransaction: true },
  { files: ['dump-18-create.sql'], makes: 'corpus; "made"' },
  { files: ['dump-18-clean.sql'], ownTransaction: true },
  { files: ['dump-18-quoted-schema.sql', 'dump-18-data.sql'], ownTransaction: true },
  { files: ['rails-structure.sql'] },
  { files: ['dbmate-schema.sql'] },
  { files: ['supabase-migration.sql'] },
  { files: ['extension-tests.sql'] },
  { files: ['pagila-like.sql'] },
]

beforeAll(async () => {
  // The dumps name them, and roles belong to no database.
  await administer('create role "corpus reader"')
  await administer('create role "corpus""writer"')
  await administer('create role corpus_anon')
})

test('every file of the corpus is loaded, and the README says where it is from', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  expect([...new Set(loads.flatMap(({ files }) => files))].sort()).toEqual(files.sort())
})

describe.runIf(psqlIsThere('The engine was not compared with psql on its corpus'))('as psql does it:', () => {
  test.each(loads)('$files', async (load) => {
    const byPsql = await loadByPsql(load)
    const byPgrig = await loadByPgrig(load)
    expect({ stdout: byPgrig.stdout, ...difference(byPgrig.contents, byPsql.contents) }).toEqual({
      stdout: byPsql.stdout,
      missing: [],
      unexpected: [],
    })
    expect(byPgrig.dump).toBe(byPsql.dump)
    expect(byPsql.contents.length).toBeGreaterThan(20)
  })
})

interface Loaded {
  stdout: string
  contents: string[]
  dump: string | undefined
}

async function loadByPsql({ files, makes, ownTransaction }: Load): Promise<Loaded> {
  const database = await testDatabase()
  const flags = ['-v', 'ON_ERROR_STOP=1', ...(makes === undefined && !ownTransaction ? ['-1'] : [])]
  const { code, stdout, stderr } = await runPsql(files, { folder, database }, flags)
  expect(code, stderr).toBe(0)
  return look(database, stdout, makes)
}

async function loadByPgrig({ files, makes }: Load): Promise<Loaded> {
  const database = await testDatabase()
  const flags = makes === undefined ? [] : ['--no-transaction']
  const { code, stdout, stderr } = await runPgrig(files, { folder, database }, flags)
  expect(code, stderr).toBe(0)
  return look(database, stdout, makes)
}

async function look(database: TestDatabase, stdout: string, makes: string | undefined): Promise<Loaded> {
  const loaded = { stdout, contents: await readContents(database, makes), dump: await dumpIfPossible(database, makes) }
  if (makes !== undefined) await administer(`drop database "${makes.replaceAll('"', '""')}"`)
  return loaded
}

const embeddedMajor = 18

async function dumpIfPossible(database: TestDatabase, makes: string | undefined): Promise<string | undefined> {
  return makes === undefined ? dump(database, embeddedMajor) : undefined
}

if (programs.pgDump.major < embeddedMajor)
  console.log(
    `The databases are compared by their catalogues alone: pg_dump ${programs.pgDump.major || 'is missing, and'} cannot read the server's. PG_DUMP may name another.`,
  )
