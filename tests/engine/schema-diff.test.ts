import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareSchemas } from '../../packages/core/src/catalog/diff/compare.ts'
import { head, writeStatements } from '../../packages/core/src/catalog/diff/statements.ts'
import type { Schema } from '../../packages/core/src/catalog/model.ts'
import { atOneMoment, readSchema } from '../../packages/core/src/catalog/schema.ts'
import { Failure, type Connection } from '../../packages/core/src/index.ts'
import { administer, testDatabase, type TestDatabase } from '../support/database.ts'
import { changeSchema, makeSchema, renderSchema, seeded } from '../support/random-schema.ts'

const role = `differ_${process.pid}`

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
  await connection.run('set search_path = public')
  const schemas = await connection.run<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  await connection.run(schemas.map(({ name }) => `drop schema ${name} cascade;`).join('') + 'create schema public')
}

function read(connection: Connection): Promise<Schema> {
  return atOneMoment(connection, () => readSchema(connection))
}

function script(statements: readonly { sql: string }[]): string {
  return statements.map(({ sql }) => `${sql};\n`).join('')
}

/** Loads both, brings the first to the second, and says what then still differs. */
async function differencesAfter(one: Connection, other: Connection, { before, after }: Pair) {
  await Promise.all([empty(one), empty(other)])
  await one.run(before)
  await other.run(after)
  const [from, to] = await Promise.all([read(one), read(other)])
  const statements = writeStatements(from, to, { role: 'postgres' })
  const sql = script(statements)
  try {
    await one.run(`begin;\n${head}${sql}commit`)
  } catch (error) {
    await one.run('rollback')
    throw new Error(
      `${error instanceof Failure ? `${error.message} ${error.sql?.sqlstate}` : String(error)}\n\n${sql}`,
      { cause: error },
    )
  }
  const left = compareSchemas(await read(one), to)
  return { left: left.map(({ id, change, details }) => [id, change, ...details].join(' | ')), sql, statements }
}

describe('the difference of random schemas', () => {
  let one: Connection, other: Connection
  beforeAll(async () => {
    await administer(`create role ${role}`)
    const databases: TestDatabase[] = [await testDatabase(), await testDatabase()]
    ;[one, other] = (await Promise.all(databases.map((database) => database.connect()))) as [Connection, Connection]
  })
  afterAll(async () => {
    for (const connection of [one, other]) {
      await empty(connection)
      await connection.close()
    }
    await administer(`drop role ${role}`)
  })

  const seeds = (process.env.SEEDS ?? '1-100').split(',').flatMap((part) => {
    const [a = 0, b = a] = part.split('-').map(Number)
    return Array.from({ length: b - a + 1 }, (_, index) => a + index)
  })
  test.each(seeds)('of seed %i leads from one to the other', async (seed) => {
    const { left, sql } = await differencesAfter(one, other, makePair(seed))
    expect(left, sql).toEqual([])
  })
})
