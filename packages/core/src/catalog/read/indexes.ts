import { qualifiedName, quoteName } from '../quote.ts'
import { indexSettings, indexStatistics, parentIndex } from './constraints.ts'
import { notOfExtension, ownRelations } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row {
  oid: number
  name: string
  schema: string
  table: string
  tableKind: string
  definition: string
  comment: string | null
  tablespace: string | null
  clustered: boolean
  replicaIdentity: boolean
  statistics: { column: number; target: number }[]
  parentIndex: string | null
  valid: boolean
}

/** Reads the indexes that are not those of constraints. */
export const readIndexes: Reader = async ({ connection, uncovered }) => {
  const rows = await connection.run<Row>(`
    select i.indexrelid as oid, x.relname as name, n.nspname as schema, c.relname as "table", c.relkind as "tableKind",
           pg_get_indexdef(i.indexrelid) as definition, obj_description(i.indexrelid, 'pg_class') as comment,
           (select quote_ident(spcname) from pg_tablespace where oid = x.reltablespace) as tablespace,
           i.indisclustered as clustered, i.indisreplident as "replicaIdentity",
           coalesce(statistics.targets, '[]') as statistics, ${parentIndex} as "parentIndex", (i.indisvalid or x.relkind = 'I') and i.indisready as valid
      from pg_index i
      join pg_class x on x.oid = i.indexrelid
      join (select c.* ${ownRelations} and c.relkind in ('r', 'p', 'm')) c on c.oid = i.indrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join ${indexStatistics} on statistics.attrelid = i.indexrelid
     where not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
       and ${notOfExtension('pg_class', 'i.indexrelid')}`)
  return rows.flatMap((row): ReadObject[] => {
    const { schema, name } = row
    const quoted = qualifiedName(schema, name)
    if (!row.valid) {
      uncovered({ object: `index ${quoted}`, why: 'It is not valid: CREATE INDEX CONCURRENTLY did not end well.' })
      return []
    }
    const table = qualifiedName(schema, row.table)
    const of = row.tableKind === 'm' ? `materialized view ${table}` : tableId(row.tableKind, schema, row.table)
    return [
      {
        id: `index ${quoted}`,
        kind: 'index',
        schema,
        name,
        of,
        create: [
          row.definition,
          ...indexSettings({ ...row, table, name: quoteName(name), quoted, parent: row.parentIndex }),
        ],
        drop: `DROP INDEX ${quoted}`,
        reference: `INDEX ${quoted}`,
        owner: null,
        comment: row.comment,
        grants: [],
        addresses: [{ catalog: 'pg_class', oid: row.oid }],
      },
    ]
  })
}
