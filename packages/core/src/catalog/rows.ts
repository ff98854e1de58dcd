import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import type { Schema, SchemaObject, TableDetail } from './model.ts'
import { qualifiedName, quoteName, quoteText } from './quote.ts'

/** Rows that a dump holds as INSERT: all of the table, in the order of these columns. */
export interface RowsToInsert {
  readonly table: SchemaObject
  readonly columns: readonly string[]
}

/** Finds the table in which migrations put down that they have run: `schema_migrations`, with a column `version`. */
export function findMigrationTable({ objects }: Schema, name = 'schema_migrations'): SchemaObject | undefined {
  return objects.find((object) => {
    const { detail } = object
    return object.kind === 'table' && object.name === name && columnsOf(detail).includes('version')
  })
}

function columnsOf(detail: SchemaObject['detail']): string[] {
  return detail?.kind === 'table' ? detail.columns.map(({ name }) => name) : []
}

/** Finds the table that a person means: with its schema or, if that is clear, without. Throws `not_found`. */
export function findTable({ objects }: Schema, words: string): SchemaObject {
  const [first = '', second] = splitName(words)
  const tables = objects.filter(({ kind }) => kind === 'table')
  const found = tables.filter(({ schema, name }) =>
    second === undefined ? name === first : schema === first && name === second,
  )
  const chosen = found.length > 1 ? found.find(({ schema }) => schema === 'public') : found[0]
  if (chosen) return chosen
  if (found.length === 0) throw new Failure('not_found', `There is no table ${words} in the database.`)
  const names = found.map(({ schema, name }) => qualifiedName(schema ?? '', name)).join(', ')
  throw new Failure('not_found', `More than one table is called ${words}: ${names}.`, { hint: 'Name its schema too.' })
}

/** Takes a name apart as PostgreSQL does: without quotes, capital letters are small. */
function splitName(words: string): string[] {
  const parts = words.match(/"(?:[^"]|"")*"|[^".]+/g) ?? []
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()))
}

export interface TableRows {
  /** `COPY … FROM stdin;` */
  readonly from: string
  /** `COPY … TO STDOUT`, in the order of the primary key. */
  readonly query: string
  /** What sets the sequences of its columns to where they are: asked from the server. */
  readonly sequences: readonly string[]
}

/** How the rows of a table are read, and how they are loaded. */
export function rowsOf({ objects }: Schema, table: SchemaObject): TableRows {
  const detail = table.detail as TableDetail
  const name = qualifiedName(table.schema ?? '', table.name)
  const columns = detail.columns.filter(({ generated }) => generated === null).map((column) => quoteName(column.name))
  const list = columns.length > 0 ? ` (${columns.join(', ')})` : ''
  const key = objects.find(
    ({ kind, of, create }) =>
      kind === 'constraint' && of === table.id && /ADD CONSTRAINT .* PRIMARY KEY \(/.test(create[0] ?? ''),
  )
  const keyColumns = /PRIMARY KEY \((.*?)\)(?: |$)/.exec(key?.create[0] ?? '')?.[1]?.replace(/ WITHOUT OVERLAPS$/, '')
  // Without a key, the rows as texts have an order too.
  const order = keyColumns ?? `(t.*)::text collate "C"`
  // A partitioned table has no rows but those of its partitions, while others inherit rows that are not their own.
  const only = detail.partitionBy === null ? 'ONLY ' : ''
  const sequences = objects
    .filter(({ kind, of }) => kind === 'sequence' && of === table.id)
    .map(({ schema, name }) => qualifiedName(schema ?? '', name))
  return {
    from: `COPY ${name}${list} FROM stdin;`,
    query: `COPY (SELECT ${columns.map((column) => `t.${column}`).join(', ')} FROM ${only}${name} t ORDER BY ${order}) TO STDOUT`,
    sequences: sequences.map(
      (sequence) =>
        `select format('SELECT pg_catalog.setval(%L, %s, %s)', ${quoteText(sequence)}, last_value, is_called::text) as call from ${sequence}`,
    ),
  }
}

/** Rows as one INSERT, in the order of their columns; nothing when there are none. */
export async function insertRows(connection: Connection, { table, columns }: RowsToInsert): Promise<string> {
  const name = qualifiedName(table.schema ?? '', table.name)
  const values = columns.map((column) => `quote_nullable(${quoteName(column)}::text)`).join(`, ', ', `)
  const order = columns.map((column) => `${quoteName(column)}::text collate "C"`).join(', ')
  const rows = await connection.run<{ row: string }>(
    `select concat('(', ${values}, ')') as row from only ${name} order by ${order}`,
  )
  if (rows.length === 0) return ''
  const list = columns.map(quoteName).join(', ')
  return `INSERT INTO ${name} (${list}) VALUES\n    ${rows.map(({ row }) => row).join(',\n    ')};\n`
}
