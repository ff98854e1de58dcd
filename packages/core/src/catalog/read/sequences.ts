import type { SequenceDetail } from '../model.ts'
import { qualifiedName, quoteName } from '../quote.ts'
import { renderSequenceOptions } from '../render.ts'
import { ownRelations } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row extends Omit<SequenceDetail, 'kind' | 'ownedBy'> {
  oid: number
  schema: string
  name: string
  owner: string
  comment: string | null
  identity: boolean
  ownerSchema: string | null
  ownerTable: string | null
  ownerKind: string | null
  ownerColumn: string | null
}

/** Reads sequences. That of an identity column is made by its table: only what was said of it since is read. */
export const readSequences: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select c.oid, n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner,
           obj_description(c.oid, 'pg_class') as comment, c.relpersistence = 'u' as unlogged,
           format_type(s.seqtypid, null) as type, s.seqstart::text as start, s.seqincrement::text as increment,
           s.seqmin::text as minimum, s.seqmax::text as maximum, s.seqcache::text as cache, s.seqcycle as cycle,
           d.deptype = 'i' as identity, tn.nspname as "ownerSchema", t.relname as "ownerTable", t.relkind as "ownerKind",
           a.attname as "ownerColumn"
      from (select c.* ${ownRelations} and c.relkind = 'S') c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_sequence s on s.seqrelid = c.oid
      left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
                           and d.refobjsubid > 0 and d.deptype in ('a', 'i')
      left join pg_class t on t.oid = d.refobjid
      left join pg_namespace tn on tn.oid = t.relnamespace
      left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid`)
  return rows.map(toObject)
}

function toObject(row: Row): ReadObject {
  const { oid, schema, name, owner, comment, unlogged, type, ownerSchema, ownerTable, ownerColumn } = row
  const quoted = qualifiedName(schema, name)
  const ownedBy =
    ownerSchema === null || ownerTable === null || ownerColumn === null
      ? null
      : `${qualifiedName(ownerSchema, ownerTable)}.${quoteName(ownerColumn)}`
  const { start, increment, minimum, maximum, cache, cycle } = row
  const counts = { type, start, increment, minimum, maximum, cache, cycle }
  const options = [...(type === 'bigint' ? [] : [`AS ${type}`]), ...renderSequenceOptions(counts)]
  const separator = options.length > 1 ? '\n    ' : ' '
  return {
    id: `sequence ${quoted}`,
    kind: 'sequence',
    schema,
    name,
    ...(ownerSchema !== null && ownerTable !== null && { of: tableId(row.ownerKind ?? 'r', ownerSchema, ownerTable) }),
    create: row.identity
      ? []
      : [[`CREATE ${unlogged ? 'UNLOGGED ' : ''}SEQUENCE ${quoted}`, ...options].join(separator)],
    drop: `DROP SEQUENCE ${quoted}`,
    reference: `SEQUENCE ${quoted}`,
    // A sequence that is owned by a column has the owner of the table.
    owner: row.identity ? null : owner,
    comment,
    grants: [],
    detail: { kind: 'sequence', ...counts, unlogged, ownedBy: row.identity ? null : ownedBy },
    addresses: [{ catalog: 'pg_class', oid }],
  }
}
