import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../packages/core/src/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { pgrig } from '../support/program.ts'
import { loadWrong, makeFolder } from './engine.ts'
import { wrongScripts } from './wrong-scripts.ts'

// Each script fails in a database that holds nothing, and leaves nothing there, so two databases are enough for all.
const databases = await Promise.all([testDatabase(), testDatabase()])
const free: { database: TestDatabase; connection: Connection }[] = []
const waiting: (() => void)[] = []

beforeAll(async () => {
  for (const database of databases) free.push({ database, connection: await database.connect() })
})
afterAll(async () => {
  for (const { connection } of free) await connection.close()
})

async function withEmptyDatabase(use: (database: TestDatabase, connection: Connection) => Promise<void>) {
  while (free.length === 0) await new Promise<void>((resolve) => void waiting.push(resolve))
  const taken = free.pop()
  if (taken === undefined) throw new Error('unreachable: one is free')
  try {
    await use(taken.database, taken.connection)
  } finally {
    free.push(taken)
    waiting.shift()?.()
  }
}

/** What a database holds beside what every database has. */
const leftovers = `
  select 'relation ' || oid::regclass as what from pg_class where oid >= 16384
  union all select 'type ' || typname from pg_type where oid >= 16384
  union all select 'function ' || proname from pg_proc where oid >= 16384
  union all select 'schema ' || nspname from pg_namespace where oid >= 16384
  union all select 'large object ' || oid from pg_largeobject_metadata
  union all select 'database ' || datname from pg_database where datname = 'pgrig_never_made'`

describe.concurrent('the place of an error is exact, and nothing stays:', () => {
  test.each(wrongScripts)('$name', async ({ files, run, place, sqlstate, message, variables, ...wrong }) => {
    const written = typeof files === 'string' ? { 'main.sql': files } : files
    const names = run ?? Object.keys(written).slice(0, 1)
    const folder = await makeFolder(written)
    await withEmptyDatabase(async (_, connection) => {
      const { location, message: said, sql, exitCode } = await loadWrong(names, folder, connection, variables ?? {})
      const found = location === undefined ? 'none' : `${location.file}:${location.line}:${location.column}`
      expect({ place: found, message: said, sqlstate: sql?.sqlstate, exitCode }).toEqual({
        place,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        sqlstate,
        exitCode: wrong.exitCode ?? 3,
      })
      if (location !== undefined) expect(location.text).toBe(lineOf(written[location.file], location.line))
      expect(await connection.run(leftovers)).toEqual([])
    })
  })
})

function lineOf(file: string | Uint8Array | undefined, line: number): string | undefined {
  const text = typeof file === 'string' ? file : new TextDecoder().decode(file)
  return text.replace('\uFEFF', '').split('\n')[line - 1]?.replace(/\r$/, '')
}

test('the table has no name twice', () => {
  expect(wrongScripts.length).toBeGreaterThan(140)
  expect(new Set(wrongScripts.map(({ name }) => name)).size).toBe(wrongScripts.length)
})

test('a person reads the place, the message, and the line with a caret under the place', async () => {
  const folder = await makeFolder({ 'db/main.sql': `select 1;\n\tselect 'é', nope;\n` })
  await withEmptyDatabase(async (database) => {
    const { code, stderr } = await pgrig(['schema', 'load', 'db/main.sql', '--url', database.url], { cwd: folder })
    expect(code).toBe(3)
    const lines = stderr.split('\n')
    const at = lines.indexOf('db/main.sql:2:14: ERROR: column "nope" does not exist')
    expect(at).toBeGreaterThanOrEqual(0)
    expect(lines[at + 2]?.indexOf('^')).toBe(lines[at + 1]?.indexOf('nope'))
  })
})
