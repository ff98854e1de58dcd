import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareSchemas } from '../../packages/core/src/catalog/diff/compare.ts'
import { head, writeStatements, type DiffStatement } from '../../packages/core/src/catalog/diff/statements.ts'
import type { Column, Schema } from '../../packages/core/src/catalog/model.ts'
import { qualifiedName, quoteName } from '../../packages/core/src/catalog/quote.ts'
import { atOneMoment, readSchema } from '../../packages/core/src/catalog/schema.ts'
import { Failure, loadScript, readScript, type Connection } from '../../packages/core/src/index.ts'
import { administer, testDatabase, type TestDatabase } from '../support/database.ts'
import { runIn, schemaOf } from '../support/schema.ts'
import { changeSchema, makeSchema, renderSchema, seeded } from '../support/random-schema.ts'

// SEEDS names others than the hundred: 7, or 101-500.

const role = `differ_${process.pid}`
let one: Connection, other: Connection

beforeAll(() => administer(`create role ${role}`))
afterAll(async () => {
  await leave()
  await administer(`drop role ${role}`)
})

let made: TestDatabase[] = []

/** Drops what the last pair was in. */
async function leave(): Promise<void> {
  for (const connection of [one, other]) await connection?.close()
  for (const { database } of made) await administer(`drop database "${database}" with (force)`)
  made = []
}

/** Makes two empty databases: copies of files are the quickest here. */
async function enter(): Promise<void> {
  await leave()
  made = [await testDatabase('template0 strategy file_copy'), await testDatabase('template0 strategy file_copy')]
  ;[one, other] = (await Promise.all(made.map((database) => database.connect()))) as [Connection, Connection]
}

interface Pair {
  before: string
  after: string
}

/** Two schemas that have nothing to do with each other, or one and what a few changes make of it. */
function makePair(seed: number, home: string): Pair {
  const random = seeded(seed)
  const before = makeSchema(random)
  const after = seed % 3 === 0 ? makeSchema(random) : changeSchema(before, random)
  return { before: renderSchema(before, role, home), after: renderSchema(after, role, home) }
}

function read(connection: Connection): Promise<Schema> {
  return atOneMoment(connection, () => readSchema(connection))
}

/** Loads both, and rows into the first. */
async function load({ before, after }: Pair, fill: (schema: Schema) => Promise<void>): Promise<[Schema, Schema]> {
  await enter()
  const first = async () => {
    await one.run(`${before};\nreset search_path`)
    const schema = await read(one)
    await fill(schema)
    return schema
  }
  const second = async () => {
    await other.run(`${after};\nreset search_path`)
    return read(other)
  }
  // Neither is left at work when the other fails.
  const [from, to] = await Promise.allSettled([first(), second()])
  if (from.status === 'rejected') throw from.reason
  if (to.status === 'rejected') throw to.reason
  return [from.value, to.value]
}

async function apply(statements: readonly DiffStatement[]): Promise<void> {
  const sql = statements.map((statement) => `${statement.sql};\n`).join('')
  try {
    await one.run(`begin;\n${head}${sql}commit`)
  } catch (error) {
    await one.run('rollback')
    if (error instanceof Failure) throw error.with({ hint: sql })
    throw error
  }
}

/** What differs between what the first database has become and what it should be. */
async function differences(to: Schema): Promise<string[]> {
  const left = compareSchemas(await read(one), to)
  return left.map(({ id, change, details }) => [id, change, ...details].join(' | '))
}

function seeds(): number[] {
  return (process.env.SEEDS ?? '1-100').split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

/** A value of each type that also reads as most others. */
function valueOf({ type }: Column): string {
  if (/^(integer|bigint|smallint|numeric)/.test(type)) return '5'
  if (type.endsWith('[]')) return `'{}'`
  if (type.startsWith('boolean')) return 'true'
  if (/^(date|timestamp)/.test(type)) return `'2024-05-05'`
  if (type === 'jsonb') return `'5'`
  if (type === 'uuid') return `'00000000-0000-0000-0000-000000000005'`
  return type.startsWith('public.') ? 'null' : `'5'`
}

/** Puts a row into each table that takes it. */
async function fillTables({ objects }: Schema): Promise<void> {
  const inserts = objects.flatMap(({ kind, schema, name, detail }) => {
    if (kind !== 'table' || detail?.kind !== 'table' || detail.partitionOf !== null) return []
    const columns = detail.columns.filter(({ generated }) => generated === null)
    const list = columns.map((column) => quoteName(column.name)).join(', ')
    const values = columns.map(valueOf).join(', ')
    const insert = `insert into ${qualifiedName(schema ?? '', name)} (${list}) overriding system value values (${values})`
    return [`do $fill$ begin ${insert}; exception when others then null; end $fill$;`]
  })
  await one.run(`set session_replication_role = replica; ${inserts.join('\n')} reset session_replication_role`)
}

/** All rows of the tables that are in both and lose nothing by the statements, without what gets another type or is computed. */
async function rowsOfKept(from: Schema, to: Schema, statements: readonly DiffStatement[]): Promise<string[]> {
  const losing = new Set(statements.flatMap(({ object, destructive }) => (destructive === undefined ? [] : [object])))
  const rows: string[] = []
  for (const { id, kind, schema, name, detail } of from.objects) {
    const after = to.objects.find((object) => object.id === id)?.detail
    if (kind !== 'table' || detail?.kind !== 'table' || after?.kind !== 'table' || losing.has(id)) continue
    const columns = detail.columns.filter((column) =>
      after.columns.some(
        (now) => now.name === column.name && now.type === column.type && !now.generated && !column.generated,
      ),
    )
    const list = columns.map((column) => `${quoteName(column.name)}::text`).join(', ')
    const found = await one.run(`select ${list} from only ${qualifiedName(schema ?? '', name)}`)
    rows.push(...found.map((row) => `${id} ${JSON.stringify(row)}`))
  }
  return rows
}

/** Leads from one of each pair to the other, all of them in one database. Returns how many rows were kept. */
async function leadPairs(seeds: readonly number[]): Promise<number> {
  const homeOf = (seed: number) => (seeds.length === 1 ? 'public' : `s${seed}`)
  const pairs = seeds.map((seed) => makePair(seed, homeOf(seed)))
  const text = (side: keyof Pair) => pairs.map((pair) => pair[side]).join('')
  const [from, to] = await load({ before: text('before'), after: text('after') }, fillTables)
  const statements = writeStatements(from, to, { role: 'postgres' })
  let rows = await rowsOfKept(from, to, statements)
  for (;;) {
    try {
      await apply(statements)
      break
    } catch (error) {
      // The new schema does not allow the rows: a value does not fit, or is missing where one has to be.
      if (!(error instanceof Failure) || !/^2[23]/.test(error.sql?.sqlstate ?? '') || rows.length === 0) throw error
      await emptyTables(from, seeds.length === 1 ? '' : await findFailing(statements))
      rows = await rowsOfKept(from, to, statements)
    }
  }
  expect(await rowsOfKept(from, to, statements)).toEqual(rows)
  expect(await differences(to), statements.map(({ sql }) => sql).join(';\n')).toEqual([])
  return rows.length
}

/** Finds out in which pair's schema the first statement fails. */
async function findFailing(statements: readonly DiffStatement[]): Promise<string> {
  await one.run(`begin;\n${head}`)
  try {
    for (const { sql, object } of statements)
      try {
        await one.run(sql)
      } catch {
        return /\bs\d+\b/.exec(object)?.[0] ?? ''
      }
    return ''
  } finally {
    await one.run('rollback')
  }
}

async function emptyTables({ objects }: Schema, home: string): Promise<void> {
  const tables = objects.filter(
    ({ kind, schema }) => kind === 'table' && (schema === home || schema?.startsWith(home === '' ? '' : `${home} `)),
  )
  await one.run(tables.map(({ schema, name }) => `truncate ${qualifiedName(schema ?? '', name)} cascade;`).join(''))
}

describe('the difference of random schemas', () => {
  let kept = 0
  const groups = seeds().reduce<number[][]>((all, seed) => {
    const last = all.at(-1)
    return last && last.length < 10 ? [...all.slice(0, -1), [...last, seed]] : [...all, [seed]]
  }, [])

  test.each(groups.map((group) => [`${group[0]}-${group.at(-1)}`, group] as const))(
    'leads from one to the other, and keeps rows: SEEDS=%s',
    async (_, group) => {
      try {
        kept += await leadPairs(group)
      } catch (error) {
        // One after the other, so that what is wrong is said of its seed.
        for (const seed of group.length > 1 ? group : [])
          try {
            await leadPairs([seed])
          } catch (cause) {
            throw new Error(`SEEDS=${seed}`, { cause })
          }
        throw error
      }
    },
  )

  test('leaves rows in many tables', () => {
    expect(kept).toBeGreaterThan(seeds().length / 2)
  })
})

/** Rows for the tables that a version has. */
const goods = [
  ['users', `insert into users (email, name) values ('ann@example.com', 'Ann')`],
  ['products', `insert into products (title, price) values ('A pen', 120)`],
  ['orders', 'insert into orders (user_id) values (1)'],
  ['items', 'insert into items (order_id, product_id) values (1, 1)'],
] as const

async function buy(): Promise<void> {
  for (const [table, insert] of goods) {
    const [found] = await one.run<{ there: boolean }>('select to_regclass($1) is not null as there', [table])
    if (found?.there) await one.run(insert)
  }
}

async function bought(): Promise<unknown> {
  return one.run(`select u.email::text, u.name, p.title::text, p.price::int from public.users u, public.products p`)
}

const corpus = fileURLToPath(new URL('corpus', import.meta.url))
const projects = ['rails-structure', 'dbmate-schema', 'pagila-like', 'extension-tests']

test.each([
  ...projects.map((name, index) => [projects[index - 1] ?? 'nothing', name] as const),
  ['pagila-like', 'rails-structure'],
  ['pagila-like', 'nothing'],
] as const)('the schema of one project becomes that of another: %s, %s', async (before, after) => {
  const databases = [await testDatabase(), await testDatabase()] as const
  for (const [index, name] of [before, after].entries()) {
    const database = databases[index]
    if (database && name !== 'nothing') await loadScript(database, await readScript(join(corpus, `${name}.sql`)))
  }
  const [from, to] = [await schemaOf(databases[0]), await schemaOf(databases[1])]
  const statements = writeStatements(from, to, { owners: true })
  await runIn(databases[0], `begin; ${head} ${statements.map(({ sql }) => `${sql};\n`).join('')} commit`)
  expect(compareSchemas(await schemaOf(databases[0]), to, { owners: true })).toEqual([])
})

const history = fileURLToPath(new URL('history', import.meta.url))

const workerFolder = fileURLToPath(new URL('history-worker', import.meta.url))

test('the difference of each two versions of Graphile Worker does what its migration does', async () => {
  const files = (await readdir(workerFolder)).filter((file) => file.endsWith('.sql')).sort()
  await enter()
  await Promise.all([one, other].map((connection) => connection.run('create schema graphile_worker')))
  let from = await read(one)
  for (const file of files) {
    const migration = await readFile(join(workerFolder, file), 'utf8')
    await other.run(migration.replaceAll(':GRAPHILE_WORKER_SCHEMA', 'graphile_worker'))
    const to = await read(other)
    const statements = writeStatements(from, to, { role: 'postgres' })
    await apply(statements)
    from = await read(one)
    expect(compareSchemas(from, to), file).toEqual([])
  }
  expect(files).toHaveLength(20)
})

describe('the history of a project', async () => {
  const files = (await readdir(history)).filter((file) => file.endsWith('.sql')).sort()
  const versions = await Promise.all(files.map((file) => readFile(join(history, file), 'utf8')))

  test.each(files.slice(1).map((file, index) => [files[index] ?? '', file, index] as const))(
    'goes on from %s to %s, and back',
    async (_, __, index) => {
      const [before = '', after = ''] = versions.slice(index)
      const [from, to] = await load({ before, after }, buy)
      const statements = writeStatements(from, to, { role: 'postgres' })
      const rows = [{ email: 'ann@example.com', name: 'Ann', title: 'A pen', price: 120 }]
      await apply(statements)
      expect(await differences(to)).toEqual([])
      expect(await bought()).toEqual(rows)
      await apply(writeStatements(await read(one), from, { role: 'postgres' }))
      expect(await differences(from)).toEqual([])
      expect(
        statements.map(({ sql, destructive }) => (destructive ? `-- ${destructive}\n${sql}` : sql)).join(';\n'),
      ).toMatchSnapshot()
    },
  )

  test('goes from the first version to the last at once', async () => {
    const [from, to] = await load({ before: versions[0] ?? '', after: versions.at(-1) ?? '' }, buy)
    await apply(writeStatements(from, to, { role: 'postgres' }))
    expect(await differences(to)).toEqual([])
  })
})
