import { qualifiedName, quoteName, quoteText } from '../quote.ts'
import { ownRelations, storageOptions } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row {
  oid: number
  type: string
  name: string
  schema: string
  table: string
  tableKind: string
  partition: boolean
  definition: string
  validated: boolean
  deferrable: boolean
  comment: string | null
  index: number | null
  indexSchema: string | null
  indexName: string | null
  indexComment: string | null
  indexOptions: string[]
  tablespace: string | null
  clustered: boolean
  replicaIdentity: boolean
  statistics: { column: number; target: number }[]
  parentIndex: string | null
}

/** Reads the constraints of tables, with the indexes of those that have one. NOT NULL is a part of the column, unless it is not valid. */
export const readConstraints: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select co.oid, co.contype as type, co.conname as name, n.nspname as schema, c.relname as "table", c.relkind as "tableKind",
           c.relispartition as partition, pg_get_constraintdef(co.oid) as definition, co.convalidated as validated,
           co.condeferrable as deferrable, obj_description(co.oid, 'pg_constraint') as comment,
           i.indexrelid as index, xn.nspname as "indexSchema", x.relname as "indexName",
           obj_description(i.indexrelid, 'pg_class') as "indexComment", ${storageOptions('x.reloptions')} as "indexOptions",
           (select quote_ident(spcname) from pg_tablespace where oid = x.reltablespace) as tablespace,
           coalesce(i.indisclustered, false) as clustered, coalesce(i.indisreplident, false) as "replicaIdentity",
           coalesce(statistics.targets, '[]') as statistics, ${parentIndex} as "parentIndex"
      from pg_constraint co
      join (select c.* ${ownRelations} and c.relkind in ('r', 'p', 'f')) c on c.oid = co.conrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_index i on i.indexrelid = co.conindid and co.contype in ('p', 'u', 'x')
      left join pg_class x on x.oid = i.indexrelid
      left join pg_namespace xn on xn.oid = x.relnamespace
      left join ${indexStatistics} on statistics.attrelid = i.indexrelid
     where case co.contype
             when 'c' then co.conislocal or c.relispartition and co.convalidated
             when 'f' then co.conparentid = 0
             when 'n' then not co.convalidated and co.conislocal
             else co.contype in ('p', 'u', 'x')
           end`)
  const repeated = findRepeated(rows)
  return rows.map((row) => toObject(row, repeated.has(row.oid)))
}

/** SQL for the statistics targets of the columns of indexes: few have any. */
export const indexStatistics = `(
  select attrelid, json_agg(json_build_object('column', attnum, 'target', attstattarget) order by attnum) as targets
    from pg_attribute where attstattarget >= 0 and attnum > 0 group by attrelid) statistics`

/** SQL for the index of the partitioned table that an index `i` of a partition belongs to. */
export const parentIndex = `case when x.relispartition then (
  select quote_ident(pn.nspname) || '.' || quote_ident(p.relname)
    from pg_inherits h join pg_class p on p.oid = h.inhparent join pg_namespace pn on pn.oid = p.relnamespace
   where h.inhrelid = i.indexrelid) end`

interface IndexSettings {
  table: string
  name: string
  quoted: string
  tablespace: string | null
  clustered: boolean
  replicaIdentity: boolean
  statistics: readonly { column: number; target: number }[]
  parent: string | null
}

/** What can only be said of an index once it is there. */
export function indexSettings(index: IndexSettings): string[] {
  const { table, name, quoted, tablespace, clustered, replicaIdentity, statistics, parent } = index
  return [
    ...(tablespace === null ? [] : [`ALTER INDEX ${quoted} SET TABLESPACE ${tablespace}`]),
    ...statistics.map(({ column, target }) => `ALTER INDEX ${quoted} ALTER COLUMN ${column} SET STATISTICS ${target}`),
    ...(clustered ? [`ALTER TABLE ${table} CLUSTER ON ${name}`] : []),
    ...(replicaIdentity ? [`ALTER TABLE ONLY ${table} REPLICA IDENTITY USING INDEX ${name}`] : []),
    ...(parent === null ? [] : [`ALTER INDEX ${parent} ATTACH PARTITION ${quoted}`]),
  ]
}

/** CREATE TABLE makes one constraint of two that are unique in the same columns: the second has to be apart. */
function findRepeated(rows: readonly Row[]): Set<number> {
  const rank = ({ type, name }: Row) => (type === 'p' ? '0' : `1${name}`)
  const unique = rows.filter(({ type }) => type === 'p' || type === 'u')
  const first = new Map<string, Row>()
  const keyOf = ({ schema, table, definition }: Row) =>
    JSON.stringify([schema, table, definition.replace(/^(PRIMARY KEY|UNIQUE( NULLS NOT DISTINCT)?) /, '')])
  for (const row of unique) {
    const other = first.get(keyOf(row))
    if (other === undefined || rank(row) < rank(other)) first.set(keyOf(row), row)
  }
  return new Set(unique.filter((row) => first.get(keyOf(row)) !== row).map(({ oid }) => oid))
}

function toObject(row: Row, repeated: boolean): ReadObject {
  const { type, schema, comment, index } = row
  const table = qualifiedName(schema, row.table)
  const name = quoteName(row.name)
  const foreign = row.tableKind === 'f' ? 'FOREIGN ' : ''
  // A check goes to the children too, and so does a foreign key of a partitioned table.
  const only = type === 'c' || type === 'n' || (type === 'f' && row.tableKind === 'p') ? '' : 'ONLY '
  const alter = `ALTER ${foreign}TABLE ${only}${table}`
  const clause = `CONSTRAINT ${name} ${index === null ? row.definition : withIndexOptions(row)}`
  const partitioned = row.tableKind === 'p' || row.partition
  const inline = type === 'c' ? row.validated : type !== 'f' && type !== 'n' && !partitioned && !repeated
  const indexName = row.indexName ?? row.name
  const quotedIndex = qualifiedName(row.indexSchema ?? schema, indexName)
  return {
    id: `constraint ${name} on ${table}`,
    kind: type === 'f' ? 'foreign key' : 'constraint',
    schema,
    name: row.name,
    of: tableId(row.tableKind, schema, row.table),
    create: [
      `${alter}\n    ADD ${clause}`,
      ...(index === null
        ? []
        : indexSettings({ ...row, table, name: quoteName(indexName), quoted: quotedIndex, parent: row.parentIndex })),
      ...(row.indexComment === null ? [] : [`COMMENT ON INDEX ${quotedIndex} IS ${quoteText(row.indexComment)}`]),
    ],
    ...(inline && { inline: clause }),
    drop: `${alter} DROP CONSTRAINT ${name}`,
    reference: `CONSTRAINT ${name} ON ${table}`,
    owner: null,
    comment,
    grants: [],
    addresses: [
      { catalog: 'pg_constraint', oid: row.oid },
      ...(index === null ? [] : [{ catalog: 'pg_class', oid: index }]),
    ],
  }
}

/** pg_get_constraintdef leaves out the storage parameters of the index, but for those of an exclusion constraint. */
function withIndexOptions({ type, definition, indexOptions, deferrable }: Row): string {
  if (type === 'x' || indexOptions.length === 0) return definition
  const options = ` WITH (${indexOptions.join(', ')})`
  const end = deferrable ? definition.lastIndexOf(' DEFERRABLE') : definition.length
  return definition.slice(0, end) + options + definition.slice(end)
}
