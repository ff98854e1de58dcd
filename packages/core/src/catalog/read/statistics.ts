import { qualifiedName } from '../quote.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row {
  oid: number
  name: string
  schema: string
  owner: string
  tableSchema: string
  table: string
  tableKind: string
  definition: string
  target: number
  comment: string | null
}

/** Reads extended statistics. */
export const readStatistics: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select s.oid, s.stxname as name, n.nspname as schema, pg_get_userbyid(s.stxowner) as owner, tn.nspname as "tableSchema",
           t.relname as "table", t.relkind as "tableKind", pg_get_statisticsobjdef(s.oid) as definition,
           coalesce(s.stxstattarget, -1) as target, obj_description(s.oid, 'pg_statistic_ext') as comment
      from pg_statistic_ext s
      join pg_namespace n on n.oid = s.stxnamespace
      join pg_class t on t.oid = s.stxrelid
      join pg_namespace tn on tn.oid = t.relnamespace
     where ${ownObject('pg_statistic_ext', 's.oid', 'n.nspname')}`)
  return rows.map(({ oid, schema, name, target, definition, ...row }): ReadObject => {
    const quoted = qualifiedName(schema, name)
    return {
      id: `statistics ${quoted}`,
      kind: 'statistics',
      schema,
      name,
      of:
        row.tableKind === 'm'
          ? `materialized view ${qualifiedName(row.tableSchema, row.table)}`
          : tableId(row.tableKind, row.tableSchema, row.table),
      create: [definition, ...(target >= 0 ? [`ALTER STATISTICS ${quoted} SET STATISTICS ${target}`] : [])],
      drop: `DROP STATISTICS ${quoted}`,
      reference: `STATISTICS ${quoted}`,
      owner: row.owner,
      comment: row.comment,
      grants: [],
      addresses: [{ catalog: 'pg_statistic_ext', oid }],
    }
  })
}
