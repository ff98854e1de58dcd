import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gaps, writeDump, type Dump, type DumpChunk } from '../catalog/dump.ts'
import type { Schema, SchemaObject } from '../catalog/model.ts'
import { findMigrationTable, findTable, insertRows, rowsOf, type RowsToInsert } from '../catalog/rows.ts'
import { qualifiedName } from '../catalog/quote.ts'
import { withoutKind } from '../catalog/render.ts'
import { copyOut } from '../postgres/copy-out.ts'
import type { Connection } from '../postgres/connection.ts'
import { removeAbandoned, replaceFile } from './replace-file.ts'
import { splitDump } from './split-dump.ts'
import { withSchema, type PatienceOptions } from './undisturbed.ts'

const firstLine = '-- Written by pgrig schema dump: the next dump overwrites what is changed here.'

/** Whether a file is a dump, and not written by a person. One that is not there is none. */
export async function isDump(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.startsWith(firstLine)
}

/** The versions of the migrations that have run. */
function migrationRows(schema: Schema): RowsToInsert[] {
  const table = findMigrationTable(schema)
  return table ? [{ table, columns: ['version'] }] : []
}

export interface DumpSchemaOptions extends PatienceOptions {
  /** Say to whom objects belong. Default: no, since roles differ from server to server. */
  owners?: boolean
  /** Say what was granted. Default: yes. */
  grants?: boolean
  /** Tables whose rows come along, as a person names them: `users`, `public."Users"`. */
  data?: readonly string[]
  /** Rows that come along as INSERT at the end. Default: the versions of migrations that have run, which the schema contains. */
  rows?: (schema: Schema) => readonly RowsToInsert[]
}

/** Where a dump goes. */
export type DumpDestination =
  | { readonly kind: 'file'; readonly path: string }
  /** A file with `\ir` lines, and beside it a folder of its name with a file for each object. */
  | { readonly kind: 'split'; readonly path: string }
  /** Somebody who takes it as it comes. */
  | { readonly kind: 'output'; write(chunk: string | Uint8Array): Promise<void> | void }

export interface DumpedSchema {
  /** Objects, each with its parts: a table and its index are two. */
  objects: number
  /** What is in the database and not in the dump, as `object: why`. */
  uncovered: readonly string[]
  /** Files that were written, changed or not; 0 for an output. */
  files: number
  /** Those of them that hold something else now. */
  changed: number
  /** Files of an earlier dump that were removed. */
  removed: number
  seconds: number
}

/**
 * Writes the schema of the database as a script that makes it: complete, in an order that loads, and the same bytes as long as the schema
 * is the same. What cannot be written is told as `-- not covered: …`. Throws `not_found` for a table that is not there,
 * `schema_changing` when others do not stop changing it, and for files `permission`, `disk_full`; they are then as they were.
 */
export async function dumpSchema(
  connection: Connection,
  destination: DumpDestination,
  options: DumpSchemaOptions = {},
): Promise<DumpedSchema> {
  const started = performance.now()
  return withSchema(connection, options, async (schema) => {
    const tables = (options.data ?? []).map((name) => findTable(schema, name))
    const { owners = false, grants = true } = options
    const dump = writeDump(schema, { owners, grants, rows: new Set(tables.map(({ id }) => id)) })
    const { rows, hidden } = await readable(connection, (options.rows ?? migrationRows)(schema))
    const whole = { ...dump, uncovered: [...dump.uncovered, ...hidden] }
    const counts = await write(destination, whole, chunksOf(connection, schema, whole, rows))
    if (destination.kind !== 'output') await removeAbandoned(destination.path)
    const seconds = (performance.now() - started) / 1000
    return { objects: schema.objects.length, uncovered: whole.uncovered, ...counts, seconds }
  })
}

/** Leaves out the rows that we may not read, and says so. */
async function readable(connection: Connection, all: readonly RowsToInsert[]) {
  const rows: RowsToInsert[] = []
  const hidden: string[] = []
  for (const one of all) {
    const schema = one.table.schema ?? ''
    const name = qualifiedName(schema, one.table.name)
    const [row] = await connection.query<{ may: boolean }>`
      select case when has_schema_privilege(${schema}, 'usage') then has_table_privilege(${name}, 'select') end as may`
    if (row?.may) rows.push(one)
    else hidden.push(`rows of ${name}: you may not read them`)
  }
  return { rows, hidden }
}

async function write(
  destination: DumpDestination,
  dump: Dump,
  chunks: AsyncIterable<DumpChunk>,
): Promise<Pick<DumpedSchema, 'files' | 'changed' | 'removed'>> {
  if (destination.kind === 'output') {
    for await (const chunk of wholeDump(dump, chunks)) await destination.write(chunk)
    return { files: 0, changed: 0, removed: 0 }
  }
  const { path } = destination
  if (destination.kind === 'file') {
    const changed = await replaceFile(path, basename(path), wholeDump(dump, chunks))
    return { files: 1, changed: changed ? 1 : 0, removed: 0 }
  }
  const name = basename(path)
  const folder = join(dirname(path), name.endsWith('.sql') ? name.slice(0, -'.sql'.length) : `${name}.d`)
  return splitDump(path, folder, headOf(dump), chunks)
}

/** A dump as one text, with a line between things that do not belong together. */
async function* wholeDump(dump: Dump, chunks: AsyncIterable<DumpChunk>): AsyncGenerator<string | Uint8Array> {
  yield headOf(dump)
  const gap = gaps()
  for await (const { group, bytes } of chunks) {
    if (gap(group, bytes)) yield '\n'
    yield bytes
  }
}

function headOf({ head, uncovered }: Dump): string {
  const missing = uncovered.map((line) => `-- not covered: ${line}\n`).join('')
  return `${firstLine}\n${missing}\n${head}`
}

async function* chunksOf(
  connection: Connection,
  schema: Schema,
  { parts }: Dump,
  insert: readonly RowsToInsert[],
): AsyncGenerator<DumpChunk> {
  for (const part of parts) {
    if (part.kind === 'text') yield { group: part.group, bytes: part.text }
    else yield* copyRows(connection, schema, part.object)
  }
  for (const rows of insert) {
    const text = await insertRows(connection, rows)
    if (text !== '') yield { group: `rows of ${withoutKind(rows.table.id)}`, bytes: text }
  }
}

/** The rows of a table as a COPY block, and how far its sequences are. */
async function* copyRows(connection: Connection, schema: Schema, table: SchemaObject): AsyncGenerator<DumpChunk> {
  const group = `rows of ${withoutKind(table.id)}`
  const { from, query, sequences } = rowsOf(schema, table)
  yield { group, bytes: `${from}\n` }
  for await (const bytes of copyOut(connection, query)) yield { group, bytes }
  yield { group, bytes: Buffer.from('\\.\n') }
  for (const state of sequences) {
    const [found] = await connection.run<{ call: string }>(state)
    if (found) yield { group, bytes: `${found.call};\n` }
  }
}
