import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareSchemas } from '../../packages/core/src/catalog/diff/compare.ts'
import { head, writeStatements } from '../../packages/core/src/catalog/diff/statements.ts'
import type { Schema } from '../../packages/core/src/catalog/model.ts'
import { administer, testDatabase } from '../support/database.ts'
import { runIn, schemaOf } from '../support/schema.ts'
import { schemaPairs } from './schema-pairs.ts'

const role = `paired_${process.pid}`

beforeAll(() => administer(`create role ${role}`))
// Files drop their databases behind this.
afterAll(() => administer(`drop owned by ${role}; drop role if exists ${role}`).catch(() => {}))

type Database = Awaited<ReturnType<typeof testDatabase>>

async function lead(database: Database, from: Schema, to: Schema): Promise<Schema> {
  const statements = writeStatements(from, to, { role: 'postgres' })
  await runIn(database, `begin; ${head} ${statements.map(({ sql }) => `${sql};\n`).join('')} commit`)
  const now = await schemaOf(database)
  const left = compareSchemas(now, to).map(({ id, change, details }) => [id, change, ...details].join(' | '))
  expect(left, statements.map(({ sql }) => sql).join(';\n')).toEqual([])
  return now
}

/** From one to the other, back, and from the other to an empty database. */
async function leadAround(one: string, other: string): Promise<void> {
  const [first, second, empty] = [await testDatabase(), await testDatabase(), await testDatabase()]
  await Promise.all([runIn(first, one), runIn(second, other)])
  const [from, to, nothing] = [await schemaOf(first), await schemaOf(second), await schemaOf(empty)]
  await lead(first, await lead(first, from, to), from)
  await lead(second, to, nothing)
}

const named = (sql: string) => sql.replaceAll('ROLE', role)
const together = schemaPairs.filter(({ alone }) => !alone)

/** ONLY names one of them, by a part of its name, and has a database of its own for it. */
const { ONLY: only } = process.env
const apart = only === undefined ? schemaPairs.filter(({ alone }) => alone) : schemaPairs

test.each(apart.filter(({ name }) => name.includes(only ?? '')))(
  'there is a way from one state to the other and back, and to nothing: $name',
  ({ one, other }) => leadAround(named(one), named(other)),
)

test.runIf(only === undefined)('there is one for all that can be in one database', async () => {
  const all = (state: 'one' | 'other') =>
    together
      .map((pair, at) => `create schema s${at}; set search_path = s${at}; ${named(pair[state])};\n`)
      .join('')
      .replaceAll('public.', '')
  await leadAround(all('one'), all('other'))
})
