import type { Column, TableDetail } from '../model.ts'
import { qualifiedName, quoteName, quoteText } from '../quote.ts'
import { renderTable } from '../render.ts'
import type { ReadColumn } from './columns.ts'
import { foreignOptions, ownRelations, storageOptions } from './own.ts'
import type { CatalogAddress, ReadObject, Reading } from './reading.ts'

interface Row {
  oid: number
  kind: string
  schema: string
  name: string
  owner: string
  unlogged: boolean
  ofType: string | null
  partitionBy: string | null
  bound: string | null
  parents: number[]
  options: string[]
  accessMethod: string | null
  tablespace: string | null
  rowSecurity: boolean
  forceRowSecurity: boolean
  replicaIdentity: string
  replicaIndex: string | null
  server: string | null
  serverOptions: string
  types: number[]
  /** It has a check constraint that only comes from a parent. */
  inheritsChecks: boolean
  comment: string | null
}

/** Reads tables, partitioned and foreign ones too, and the defaults of their columns. */
export async function readTables(
  { connection }: Reading,
  columnsOf: ReadonlyMap<number, readonly ReadColumn[]>,
): Promise<ReadObject[]> {
  const rows = await connection.run<Row>(`
    select c.oid, c.relkind as kind, n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner,
           c.relpersistence = 'u' and c.relkind <> 'p' as unlogged,
           case when c.reloftype <> 0 then format_type(c.reloftype, null) end as "ofType",
           case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionBy",
           case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as bound,
           array(select inhparent from pg_inherits where inhrelid = c.oid order by inhseqno) as parents,
           ${storageOptions('c.reloptions')}
             || ${storageOptions('(select t.reloptions from pg_class t where t.oid = c.reltoastrelid)', 'toast.')} as options,
           case when am.amname <> 'heap' then quote_ident(am.amname) end as "accessMethod",
           quote_ident(ts.spcname) as tablespace,
           c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity", case when c.relkind = 'f' then 'd' else c.relreplident end as "replicaIdentity",
           case when c.relreplident = 'i'
                then (select ic.relname from pg_index i join pg_class ic on ic.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident)
           end as "replicaIndex",
           (select quote_ident(srvname) from pg_foreign_server where oid = f.ftserver) as server,
           ${foreignOptions('f.ftoptions')} as "serverOptions",
           array(select unnest(array[ty.oid, ty.typarray]) from pg_type ty where ty.oid = c.reltype) as types,
           exists (select from pg_constraint where conrelid = c.oid and contype = 'c' and not conislocal) as "inheritsChecks",
           obj_description(c.oid, 'pg_class') as comment
      from (select c.* ${ownRelations} and c.relkind in ('r', 'p', 'f')) c
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_am am on am.oid = c.relam
      left join pg_tablespace ts on ts.oid = c.reltablespace
      left join pg_foreign_table f on f.ftrelid = c.oid`)
  const tables = new Map(rows.map((row) => [row.oid, row]))
  return rows.flatMap((row) => toObjects(row, tables, columnsOf))
}

/** What a table is called in `id`. */
export function tableId(kind: string, schema: string, name: string): string {
  return `${kind === 'f' ? 'foreign table' : 'table'} ${qualifiedName(schema, name)}`
}

function toObjects(
  row: Row,
  tables: ReadonlyMap<number, Row>,
  columnsOf: ReadonlyMap<number, readonly ReadColumn[]>,
): ReadObject[] {
  const { oid, schema, name, owner, comment, parents, bound } = row
  const quoted = qualifiedName(schema, name)
  const id = tableId(row.kind, schema, name)
  const parentColumns = parents.map((parent) => new Map(columnsOf.get(parent)?.map((read) => [read.column.name, read])))
  const own = columnsOf.get(oid) ?? []
  const later = bound === null && !row.inheritsChecks && isInOrderOfItsOwn(own, parentColumns)
  const read = own.map((one) => inheritedFrom(one, parentColumns, bound !== null || later))
  const parentIds = parents.flatMap((parent) => {
    const found = tables.get(parent)
    return found ? [tableId(found.kind, found.schema, found.name)] : []
  })
  const [firstParent] = parentIds
  const detail: TableDetail = {
    kind: 'table',
    columns: read.map(({ column }) => column),
    unlogged: row.unlogged,
    ofType: row.ofType,
    foreign: row.server === null ? null : { server: row.server, options: row.serverOptions },
    partitionBy: row.partitionBy,
    partitionOf: bound === null || firstParent === undefined ? null : { parent: firstParent, bound },
    inherits: bound === null ? parentIds : [],
    inheritsLater: later,
    options: row.options,
    accessMethod: row.accessMethod,
    tablespace: row.tablespace,
    rowSecurity: row.rowSecurity,
    forceRowSecurity: row.forceRowSecurity,
    replicaIdentity: replicaIdentities[row.replicaIdentity] ?? `USING INDEX ${quoteName(row.replicaIndex ?? '')}`,
  }
  const generated = read.flatMap(({ column, expressionOid }) =>
    column.generated !== null && expressionOid !== null ? [{ catalog: 'pg_attrdef', oid: expressionOid }] : [],
  )
  const sequences = read.flatMap(({ identitySequence }) =>
    identitySequence === null ? [] : [{ catalog: 'pg_class', oid: identitySequence }],
  )
  const word = row.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE'
  const table: ReadObject = {
    id,
    kind: row.kind === 'f' ? 'foreign table' : 'table',
    schema,
    name,
    create: [...renderTable(quoted, detail), ...notNullComments(quoted, read)],
    drop: `DROP ${word} ${quoted}`,
    reference: `${word} ${quoted}`,
    owner,
    comment,
    columnComments: columnComments(read),
    grants: [],
    detail,
    addresses: [{ catalog: 'pg_class', oid }, ...typeAddresses(row.types), ...generated, ...sequences],
  }
  const defaults = read.flatMap((one) => columnDefault(one, { id, quoted, schema, word }))
  return [table, ...defaults]
}

const replicaIdentities: Record<string, string> = { d: 'DEFAULT', n: 'NOTHING', f: 'FULL' }

export function typeAddresses(types: readonly number[]): CatalogAddress[] {
  return types.filter((oid) => oid !== 0).map((oid) => ({ catalog: 'pg_type', oid }))
}

export function columnComments(columns: readonly ReadColumn[]): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap(({ column, comment }) => (comment === null ? [] : [[column.name, comment]])),
  )
}

function notNullComments(table: string, columns: readonly ReadColumn[]): string[] {
  return columns.flatMap(({ column: { notNullName, notNullHere }, notNullComment }) =>
    notNullComment === null || notNullName === null || !notNullHere
      ? []
      : [`COMMENT ON CONSTRAINT ${quoteName(notNullName)} ON ${table} IS ${quoteText(notNullComment)}`],
  )
}

/** Whether nothing of it only comes from its parents, and its columns are not in the order in which INHERITS would put them. */
function isInOrderOfItsOwn(own: readonly ReadColumn[], parents: readonly ReadonlyMap<string, ReadColumn>[]): boolean {
  if (own.some(({ column }) => column.inherited || (column.notNull && !column.notNullHere))) return false
  const names = own.map(({ column }) => column.name)
  const inherited = new Set([...parents.flatMap((columns) => [...columns.keys()]), ...names])
  return names.some((name, index) => name !== [...inherited][index])
}

/**
 * What a column gets from its parents by itself need not be said again, unless the table is made without them (`complete`), and what they
 * would give it and it has not, must be.
 */
function inheritedFrom(
  read: ReadColumn,
  parents: readonly ReadonlyMap<string, ReadColumn>[],
  complete: boolean,
): ReadColumn {
  const { column } = read
  const above = parents.flatMap((columns) => columns.get(column.name)?.column ?? [])
  if (above.length === 0) return read
  const sameGenerated =
    !complete &&
    column.generated !== null &&
    above.every(({ generated }) => generated === null || generated.expression === column.generated?.expression) &&
    above.some(({ generated }) => generated !== null)
  const hasDefault = !complete && above.some((parent) => parent.default !== null && parent.default !== 'NULL')
  const changed: Column = {
    ...column,
    generated: sameGenerated ? null : column.generated,
    default: column.default === null && column.generated === null && hasDefault ? 'NULL' : column.default,
    // The parent's may not be valid yet, and the child's is.
    notNullHere: column.notNullHere || (column.notNull && above.every((parent) => !parent.notNull)),
  }
  return { ...read, column: changed }
}

/** The default of a column, which can be said in CREATE TABLE or after it. */
export function columnDefault(
  { column, expressionOid }: ReadColumn,
  { id, quoted, schema, word }: { id: string; quoted: string; schema: string; word: string },
): ReadObject[] {
  if (column.default === null) return []
  const alter = `ALTER ${word === 'FOREIGN TABLE' ? word : 'TABLE'} ONLY ${quoted} ALTER COLUMN ${quoteName(column.name)}`
  return [
    {
      id: `column default ${quoteName(column.name)} on ${quoted}`,
      kind: 'column default',
      schema,
      name: column.name,
      of: id,
      create: [`${alter} SET DEFAULT ${column.default}`],
      ...(!column.inherited && word !== 'VIEW' && { inline: `DEFAULT ${column.default}` }),
      drop: `${alter} DROP DEFAULT`,
      reference: `COLUMN ${quoted}.${quoteName(column.name)}`,
      owner: null,
      comment: null,
      grants: [],
      addresses: expressionOid === null ? [] : [{ catalog: 'pg_attrdef', oid: expressionOid }],
    },
  ]
}
