import { quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  name: string
  schema: string
  comment: string | null
}

/**
 * Reads extensions. Their version is not written, as pg_dump does not: the server takes its own. `plpgsql` is in every database; it is
 * read where it is in another schema or has another comment.
 */
export const readExtensions: Reader = async ({ connection, uncovered }) => {
  // The comment that comes with an extension is not one that somebody gave it.
  const rows = await connection.run<Row>(`
    select e.oid, e.extname as name, n.nspname as schema, nullif(obj_description(e.oid, 'pg_extension'), a.comment) as comment
      from pg_extension e
      join pg_namespace n on n.oid = e.extnamespace
      left join pg_available_extensions a on a.name = e.extname`)
  if (!rows.some(({ name }) => name === 'plpgsql'))
    uncovered({ object: 'extension plpgsql', why: 'It was dropped here, and a new database has it.' })
  return rows
    .filter(({ name, schema, comment }) => name !== 'plpgsql' || schema !== 'pg_catalog' || comment !== null)
    .map((row): ReadObject => {
      const called = quoteName(row.name)
      return {
        ...namedObject('extension', called, { name: row.name, comment: row.comment }),
        create: [`CREATE EXTENSION IF NOT EXISTS ${called} WITH SCHEMA ${quoteName(row.schema)}`],
        addresses: [{ catalog: 'pg_extension', oid: row.oid }],
      }
    })
}
