import { type Deed, offsetOf, tableOf } from './deed.ts'
import { type Fields, nameOf, readName, stringOf } from './tree.ts'

/** Notes that a relation is made. */
export function readRelation(relation: unknown): Deed[] {
  if (typeof relation !== 'object' || relation === null) return []
  const { schemaname, relpersistence, ...fields } = relation as Fields
  const temporary = relpersistence === 't' || schemaname === 'pg_temp'
  const { schema, name } = tableOf({ ...fields, schemaname: temporary ? undefined : schemaname })
  return [{ kind: 'creates', relation: nameOf(schema, name), temporary, offset: offsetOf(fields) }]
}

/** ALTER INDEX renames tables, too. */
const relations = new Set([
  'OBJECT_TABLE',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_VIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
])

/** ALTER … RENAME. */
export function readRename({ renameType, relation, subname, newname }: Fields, offset: number): Deed[] {
  const to = String(newname)
  if (renameType === 'OBJECT_SCHEMA') return [{ kind: 'renames schema', from: String(subname), to, offset }]
  const table = relation === undefined ? undefined : tableOf(relation as Fields)
  const isColumn = renameType === 'OBJECT_COLUMN'
  if (table === undefined || (!isColumn && !relations.has(String(renameType))))
    return [{ kind: 'renames', what: 'other', from: nameOf(undefined, ''), to: { name: to }, offset }]
  const from = nameOf(table.schema, table.name)
  return [{ kind: 'renames', what: isColumn ? 'column' : 'relation', from, to: { name: to }, offset }]
}

/** ALTER … SET SCHEMA. */
export function readMove({ objectType, relation, object, newschema }: Fields, offset: number): Deed[] {
  const to = { schema: String(newschema) }
  if (relations.has(String(objectType)) && relation !== undefined) {
    const { schema, name } = tableOf(relation as Fields)
    return [{ kind: 'renames', what: 'relation', from: nameOf(schema, name), to, offset }]
  }
  const parts = (object as { List?: { items?: unknown } } | undefined)?.List?.items
  const from = parts === undefined ? nameOf(undefined, stringOf(object) ?? '') : readName(parts)
  return [{ kind: 'renames', what: 'other', from, to, offset }]
}
