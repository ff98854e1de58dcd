import type { ObjectKind } from '../model.ts'
import { qualifiedName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { ownObject } from './own.ts'
import type { CatalogAddress, ReadObject } from './reading.ts'

/** What all types have. */
export interface TypeRow {
  oid: number
  schema: string
  name: string
  owner: string
  comment: string | null
  array: number
}

/** SQL for `TypeRow`, of a type `t` in a schema `n`. */
export const typeColumns = `t.oid, n.nspname as schema, t.typname as name, pg_get_userbyid(t.typowner) as owner,
  obj_description(t.oid, 'pg_type') as comment, t.typarray as array`

/** SQL for the types that are dumped: those of tables and arrays, and multiranges, come with something else. */
export const ownTypes = `
  join pg_namespace n on n.oid = t.typnamespace
 where ${ownObject('pg_type', 't.oid', 'n.nspname')}`

/** SQL that names a collation where it is not the one that the type has by itself. */
export const collationName = (collation: string, usual: string) => `
  case when ${collation} <> ${usual} then (
    select quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
      from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = ${collation}) end`

/** Describes a type, which also stands for its array; statements call all but domains a type. */
export function typeObject(
  kind: ObjectKind,
  row: TypeRow,
): Omit<ReadObject, 'create'> & { addresses: CatalogAddress[] } {
  const { oid, array } = row
  const quoted = qualifiedName(row.schema, row.name)
  return {
    ...namedObject(kind === 'domain' ? 'domain' : 'type', quoted, row),
    id: `${kind} ${quoted}`,
    kind,
    addresses: [{ catalog: 'pg_type', oid }, ...(array === 0 ? [] : [{ catalog: 'pg_type', oid: array }])],
  }
}
