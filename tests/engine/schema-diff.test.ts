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
import { administer, testDatabase } from '../support/database.ts'
import { runIn, schemaOf } from '../support/schema.ts'
import { changeSchema, makeSchema, renderSchema, seeded } from '../support/random-schema.ts'

// SEEDS names others than the hundred: 7, or 101-500.

const role = `differ_${process.pid}`
let one: Connection, other: Connection

beforeAll(async () => {
  await administer(`create role ${role}`)
  const databases = [await testDatabase(), await testDatabase()]
  ;[one, other] = (await Promise.all(databases.map((database) => database.connect()))) as [Connection, Connection]
})
afterAll(async () => {
  for (const connection of [one, other]) {
    await empty(connection)
    await connection.close()
  }
  await administer(`drop role ${role}`)
})

interface Pair {
  before: string
  after: string
}

/** Two schemas that have nothing to do with each other, or one and what a few changes make of it. */
function makePair(seed: number): Pair {
  const random = seeded(seed)
  const before = makeSchema(random)
  const after = seed % 3 === 0 ? makeSchema(random) : changeSchema(before, random)
  return { before: renderSchema(before, role), after: renderSchema(after, role) }
}

async function empty(connection: Connection): Promise<void> {
  await connection.run('reset all')
  const schemas = await connection.run<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  await connection.run(`${schemas.map(({ name }) => `drop schema ${name} cascade;`).join('')} create schema public`)
}

function read(connection: Connection): Promise<Schema> {
  return atOneMoment(connection, () => readSchema(connection))
}

/** Loads both, and rows into the first. */
async function load({ before, after }: Pair, fill: (schema: Schema) => Promise<void>): Promise<[Schema, Schema]> {
  const first = async () => {
    await empty(one)
    await one.run(before)
    const schema = await read(one)
    await fill(schema)
    return schema
  }
  const second = async () => {
    await empty(other)
    await other.run(after)
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

describe('the difference of random schemas', () => {
  let kept = 0

  test.each(seeds())('leads from one to the other, and keeps rows: %i', async (seed) => {
    const [from, to] = await load(makePair(seed), fillTables)
    const statements = writeStatements(from, to, { role: 'postgres' })
    const rows = await rowsOfKept(from, to, statements)
    try {
      await apply(statements)
      expect(await rowsOfKept(from, to, statements)).toEqual(rows)
      kept += rows.length
    } catch (error) {
      // The new schema does not allow the rows: a value does not fit, or is missing where one has to be.
      if (!(error instanceof Failure) || !/^2[23]/.test(error.sql?.sqlstate ?? '')) throw error
      await one.run(
        from.objects
          .flatMap(({ kind, schema, name }) =>
            kind === 'table' ? `truncate ${qualifiedName(schema ?? '', name)} cascade;` : [],
          )
          .join(''),
      )
      await apply(statements)
    }
    expect(await differences(to), statements.map(({ sql }) => sql).join(';\n')).toEqual([])
  })

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
