import { writeDump } from '../../packages/core/src/catalog/dump.ts'
import type { Schema } from '../../packages/core/src/catalog/model.ts'
import { atOneMoment, readSchema } from '../../packages/core/src/catalog/schema.ts'
import { testDatabase, type TestDatabase } from './database.ts'

/** Reads the schema of a database; as another role, if one is given. */
export async function schemaOf(database: TestDatabase, role?: string): Promise<Schema> {
  const connection = await database.connect()
  try {
    if (role !== undefined) await connection.run(`set role "${role}"`)
    return await atOneMoment(connection, () => readSchema(connection))
  } finally {
    await connection.close()
  }
}

/** Runs SQL in a database. */
export async function runIn(database: TestDatabase, sql: string): Promise<void> {
  const connection = await database.connect()
  try {
    await connection.run(sql)
  } finally {
    await connection.close()
  }
}

/** The SQL that makes a schema, with owners. */
export function sqlOf(schema: Schema): string {
  const { head, parts } = writeDump(schema, { owners: true })
  return head + parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

/** Makes something in one database, and in another one what is written of it. Returns what is read of both. */
export async function copySchema(sql: string): Promise<{ schema: Schema; copy: Schema; text: string }> {
  const [original, other] = [await testDatabase(), await testDatabase()]
  await runIn(original, sql)
  const schema = await schemaOf(original)
  const text = sqlOf(schema)
  await runIn(other, text)
  return { schema, copy: await schemaOf(other), text }
}
