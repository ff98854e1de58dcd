import type { ObjectKind, SchemaObject } from '../model.ts'
import { type Objects } from './objects.ts'

/** What ALTER DEFAULT PRIVILEGES calls the kinds. */
const kinds: Readonly<Record<string, readonly ObjectKind[]>> = {
  tables: ['table', 'foreign table', 'view', 'materialized view'],
  sequences: ['sequence', 'table'],
  // A range comes with functions.
  functions: ['function', 'procedure', 'aggregate', 'range'],
  types: ['type', 'enum', 'domain', 'range', 'table'],
  schemas: ['schema'],
}

/**
 * Finds default privileges that have to be away while things are made, so that these get no more than what is granted on them: they are
 * given back at the end, behind all that is made.
 */
export function findDefaultPrivilegesInTheWay(from: Objects, to: Objects, removed: ReadonlySet<string>): string[] {
  const present = [...from.values()].filter(({ kind }) => kind === 'default privileges')
  if (present.length === 0) return []
  const made = [...to.values()].filter(({ id }) => !from.has(id) || removed.has(id))
  return present.filter((object) => made.some((other) => concerns(object, other))).map(({ id }) => id)
}

function concerns({ name, schema }: SchemaObject, made: SchemaObject): boolean {
  const of = kinds[/^for ([a-z ]+) of role/.exec(name)?.[1] ?? ''] ?? []
  return of.includes(made.kind) && (schema === null || schema === made.schema)
}
