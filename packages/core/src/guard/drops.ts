import type { Deed, NamedObject, ObjectKind } from './deed.ts'
import { type Fields, type Name, nameOf, nameText, readName, stringOf } from './tree.ts'

/** What holds data, or brings along what does without being asked to. */
const holders: Readonly<Record<string, ObjectKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  // The tables that belong to an extension go with it.
  OBJECT_EXTENSION: 'extension',
}

/** What takes columns and tables along with CASCADE, and else refuses to go. */
const holdersByCascade: Readonly<Record<string, ObjectKind>> = {
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_VIEW: 'view',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_FDW: 'foreign-data wrapper',
  OBJECT_FOREIGN_SERVER: 'foreign server',
  OBJECT_COLLATION: 'collation',
  OBJECT_ACCESS_METHOD: 'access method',
}

/** On these nothing hangs that holds data. */
const harmless = new Set([
  'OBJECT_INDEX',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
  'OBJECT_STATISTIC_EXT',
  'OBJECT_PUBLICATION',
  'OBJECT_EVENT_TRIGGER',
  'OBJECT_CONVERSION',
])

const routines = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE', 'OBJECT_ROUTINE', 'OBJECT_AGGREGATE'])

/** What DROP of anything but databases, roles and the like loses. */
export function readDrop({ removeType, objects, behavior }: Fields, offset: number): Deed[] {
  const type = String(removeType)
  const cascade = behavior === 'DROP_CASCADE'
  const names = (objects as unknown[]).map(readObjectName)
  const kind = holders[type] ?? (cascade ? holdersByCascade[type] : undefined)
  if (kind !== undefined) return names.map((name) => dropOf({ kind, ...name }, cascade, offset))
  if (!cascade || harmless.has(type)) return []
  const what = type.slice('OBJECT_'.length).toLowerCase().replaceAll('_', ' ')
  return names.map((name): Deed => {
    const object: NamedObject = { kind: routines.has(type) ? 'routine' : 'other', ...name }
    return {
      kind: 'drops with dependents',
      what: `drops the ${what} ${type === 'OBJECT_CAST' || type === 'OBJECT_OPERATOR' ? '' : `${nameText(name)} `}and all that needs it`,
      object,
      offset,
    }
  })
}

/** The drop of one object. */
export function dropOf(object: NamedObject, cascade: boolean, offset: number, what: string = object.kind): Deed {
  return { kind: 'destroys', how: 'drop', action: `drops the ${what}`, object, cascade, only: false, offset }
}

/** Names of objects come in as many shapes as there are kinds. */
function readObjectName(node: unknown): Name {
  const { List, TypeName, ObjectWithArgs } = node as Record<string, Fields | undefined>
  const parts = List?.['items'] ?? TypeName?.['names'] ?? ObjectWithArgs?.['objname']
  return Array.isArray(parts) && parts.every((part) => stringOf(part) !== undefined)
    ? readName(parts)
    : nameOf(undefined, stringOf(node) ?? '?')
}
