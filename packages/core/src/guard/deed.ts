import { type Fields, type Name, nameOf } from './tree.ts'

/** What can hold data, or take something along that does. */
export type ObjectKind =
  | 'table'
  | 'materialized view'
  | 'sequence'
  | 'foreign table'
  | 'view'
  | 'schema'
  | 'database'
  | 'extension'
  | 'type'
  | 'domain'
  | 'routine'
  | 'collation'
  | 'access method'
  | 'foreign-data wrapper'
  | 'foreign server'
  | 'role'
  | 'other'

export interface NamedObject extends Name {
  readonly kind: ObjectKind
}

/** The type that a column gets. */
export interface NewType {
  readonly type: Name
  readonly modifiers: readonly number[]
  readonly array: boolean
  /** There is a USING: the new values can be anything. */
  readonly converted: boolean
}

/** How a statement loses data. */
export interface Destruction {
  readonly kind: 'destroys'
  readonly how: 'drop' | 'truncate' | 'delete' | 'update' | 'drop column' | 'change type' | 'unlog' | 'function'
  /** `drops the table`: what it acts on follows. */
  readonly action: string
  readonly object?: NamedObject
  readonly column?: string
  /** What depends on it goes too. */
  readonly cascade: boolean
  /** Only the table itself, not those that inherit from it. */
  readonly only: boolean
  readonly newType?: NewType
}

/**
 * What a statement does that matters for what is lost: by itself, by what nobody can see from outside, or since later
 * statements hang on it.
 */
export type Deed = (
  | Destruction
  | { readonly kind: 'unknown'; readonly why: string }
  /** Drops, with all that depends on it, an object that holds no data itself. Only the server knows what that is. */
  | { readonly kind: 'drops with dependents'; readonly what: string; readonly object: NamedObject }
  /** Functions and procedures, but for those that are known to be harmful. */
  | { readonly kind: 'calls'; readonly routine: Name }
  | { readonly kind: 'prepares'; readonly name: string }
  | { readonly kind: 'executes'; readonly name: string }
  | { readonly kind: 'creates'; readonly relation: Name; readonly temporary: boolean }
  /** `deeds` are those of its body. */
  | { readonly kind: 'creates routine'; readonly routine: Name; readonly deeds: readonly Deed[] }
  | {
      readonly kind: 'renames'
      readonly what: 'relation' | 'column' | 'other'
      readonly from: Name
      readonly to: Partial<Name>
    }
  | { readonly kind: 'renames schema'; readonly from: string; readonly to: string }
  /** Undefined: to what it was at the start; null: to what nobody knows. */
  | { readonly kind: 'sets search_path'; readonly path: readonly string[] | undefined | null; readonly local: boolean }
  | { readonly kind: 'ends transaction'; readonly rolledBack: boolean }
) & {
  /** Where in the statement it is written, in bytes of UTF-8. */
  readonly offset: number
}

/** A table, by how a statement names it. */
export function tableOf(relation: Fields): NamedObject {
  return { kind: 'table', ...nameOf(relation['schemaname'] as string | undefined, String(relation['relname'])) }
}

/** Where the parser has found something. It leaves zeros out. */
export function offsetOf(fields: Fields): number {
  return (fields['location'] as number | undefined) ?? 0
}
