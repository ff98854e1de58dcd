import type { ObjectKind } from '../model.ts'
import type { ReadObject } from './reading.ts'

/** What of a row goes into its object as it is. */
interface NamedRow {
  readonly schema?: string
  readonly name: string
  readonly owner?: string | null
  readonly comment?: string | null
}

/** Describes an object that all statements call by its kind and what is given as `called`: COMMENT, ALTER, DROP. */
export function namedObject(
  kind: ObjectKind,
  called: string,
  { schema, name, owner, comment }: NamedRow,
): Omit<ReadObject, 'create' | 'addresses'> {
  const reference = `${kind.toUpperCase()} ${called}`
  return {
    id: `${kind} ${called}`,
    kind,
    schema: schema ?? null,
    name,
    drop: `DROP ${reference}`,
    reference,
    owner: owner ?? null,
    comment: comment ?? null,
    grants: [],
  }
}
