import type { Schema, SchemaObject } from './model.ts'
import { orderObjects, type Piece } from './order.ts'
import { qualifiedName, quoteName, quoteText } from './quote.ts'
import { renderTable, withoutKind } from './render.ts'

export interface DumpOptions {
  /** Say to whom objects belong. Default: no, since roles differ from server to server. */
  owners?: boolean
  /** Say what was granted. Default: yes. */
  grants?: boolean
  /** `id`s of the tables whose rows come along. */
  rows?: ReadonlySet<string>
}

/** A part of a dump, in the order in which it is loaded. */
type DumpPart =
  | {
      readonly kind: 'text'
      /** What it belongs to: the `id` of the table for its index, or that of the object itself. */
      readonly group: string
      readonly object: SchemaObject
      readonly text: string
    }
  | { readonly kind: 'rows'; readonly group: string; readonly object: SchemaObject }

export interface Dump {
  /** What the session needs that loads it. Stands in front, without comments. */
  readonly head: string
  readonly parts: readonly DumpPart[]
  /** What is not in it, one line each. */
  readonly uncovered: readonly string[]
}

/** A part of a dump with its bytes. */
export interface DumpChunk {
  readonly group: string
  readonly bytes: string | Uint8Array
}

/** That bodies are not checked makes the order free: a function may be made before what it uses. */
const head = `SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
SELECT pg_catalog.set_config('search_path', '', false);
`

/** Writes a schema as SQL that makes it in an empty database. */
export function writeDump(schema: Schema, options: DumpOptions = {}): Dump {
  const { pieces, unresolved } = orderObjects(schema.objects, options.rows)
  const parts = pieces.flatMap((piece): DumpPart[] => {
    const { object } = piece
    if (object.kind === 'default privileges' && options.grants === false) return []
    const group = groupOf(object)
    if (piece.part === 'rows') return [{ kind: 'rows', group, object }]
    const statements = statementsOf(piece, options)
    return statements.length === 0 ? [] : [{ kind: 'text', group, object, text: terminated(statements) }]
  })
  const late = schema.objects.filter((object) => object.grants.length > 0 && grantsComeLast(object))
  const ordered = late.toSorted((one, other) => Number(other.kind === 'schema') - Number(one.kind === 'schema'))
  return {
    head,
    parts: options.grants === false ? parts : [...parts, ...ordered.map(lateGrants)],
    uncovered: [
      ...schema.uncovered.map(({ object, why }) => `${object}: ${why}`.replaceAll(/\s+/g, ' ')),
      ...unresolved.map((ids) => `the order of ${ids.join(', ')}: They need each other, so that it may not load.`),
    ],
  }
}

/**
 * Those on schemas come last, so that who gives away his own rights in one can still make what is in it; behind them what a role grants on,
 * for which it needs its rights in the schema.
 */
export function grantsComeLast({ kind, grants }: SchemaObject): boolean {
  return kind === 'schema' || grants.some((statement) => statement.startsWith('SET ROLE'))
}

function lateGrants(object: SchemaObject): DumpPart {
  return { kind: 'text', group: `privileges on ${object.id}`, object, text: terminated(object.grants) }
}

function groupOf({ id, kind, of }: SchemaObject): string {
  if (of === undefined) return id
  if (kind === 'foreign key') return `foreign keys of ${withoutKind(of)}`
  if (kind === 'policy') return `policies of ${withoutKind(of)}`
  return of
}

/** What makes a piece of a schema, and what is said about it. */
export function statementsOf({ object, part, inlined }: Piece, options: DumpOptions): string[] {
  if (part === 'standIn') return object.standIn === undefined ? [] : [object.standIn]
  if (part === 'owner') return ownedBy(object)
  const create = createStatements(object, inlined)
  const [first = '', ...rest] = create
  const made = part === 'replacement' ? [first.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW'), ...rest] : create
  return [
    ...made,
    ...aboutObject(object, options),
    ...inlined.flatMap((inner) => [...inner.create.slice(1), ...aboutObject(inner, options)]),
  ]
}

function createStatements(object: SchemaObject, inlined: readonly SchemaObject[]): readonly string[] {
  if (inlined.length === 0) return object.create
  const clauses = inlined.map(({ inline = '' }) => inline)
  if (object.detail?.kind !== 'table') {
    const [first = '', ...rest] = object.create
    return [[first, ...clauses].join('\n    '), ...rest]
  }
  const defaults = new Map<string, string>()
  for (const { kind, name, inline } of inlined) if (kind === 'column default') defaults.set(name, inline ?? '')
  const constraints = inlined
    .filter(({ kind }) => kind !== 'column default')
    .toSorted((one, other) => constraintRank(one) - constraintRank(other) || (one.name < other.name ? -1 : 1))
    .map(({ inline = '' }) => inline)
  const plain = renderTable('', object.detail)
  const full = renderTable(tableName(object), object.detail, { defaults, constraints })
  // What the reader has put behind what makes the table.
  return [...full, ...object.create.slice(plain.length)]
}

function tableName({ schema, name }: SchemaObject): string {
  return qualifiedName(schema ?? '', name)
}

/** The primary key, what else is unique, and then what is checked. */
function constraintRank({ name, inline = '' }: SchemaObject): number {
  const definition = inline.slice(`CONSTRAINT ${quoteName(name)} `.length)
  return definition.startsWith('PRIMARY KEY') ? 0 : definition.startsWith('UNIQUE') ? 1 : 2
}

/** Owner, comments, labels and grants. */
export function aboutObject(object: SchemaObject, { owners = false, grants = true }: DumpOptions): string[] {
  const { reference, owner, comment, columnComments = {}, labels = [] } = object
  const table = reference.replace(/^(FOREIGN TABLE|MATERIALIZED VIEW|[A-Z]+) /, '')
  return [
    ...(owners && owner !== null ? [`ALTER ${reference} OWNER TO ${quoteName(owner)}`] : []),
    ...(comment === null ? [] : [`COMMENT ON ${reference} IS ${quoteText(comment)}`]),
    ...Object.entries(columnComments).map(
      ([column, text]) => `COMMENT ON COLUMN ${table}.${quoteName(column)} IS ${quoteText(text)}`,
    ),
    ...labels,
    ...(grants && !grantsComeLast(object) ? object.grants : []),
  ]
}

function ownedBy({ reference, detail }: SchemaObject): string[] {
  return detail?.kind === 'sequence' && detail.ownedBy !== null ? [`ALTER ${reference} OWNED BY ${detail.ownedBy}`] : []
}

/** Tells whether a line is left free before a chunk: between groups, and around what is longer than a line. */
export function gaps(): (group: string, bytes: string | Uint8Array) => boolean {
  let last: { group: string; long: boolean } | undefined
  return (group, bytes) => {
    if (typeof bytes !== 'string') return false
    const long = bytes.trimEnd().includes('\n')
    const gap = last === undefined || last.group !== group || long || last.long
    last = { group, long }
    return gap
  }
}

function terminated(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('')
}
