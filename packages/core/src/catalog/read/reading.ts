import type { Connection } from '../../postgres/connection.ts'
import type { SchemaObject, Uncovered } from '../model.ts'

/** A row of the catalog that an object stands for: `pg_class` and an OID. A table also stands for its row type and that one's array. */
export interface CatalogAddress {
  readonly catalog: string
  readonly oid: number
}

/** An object as a reader makes it: what it needs is found out for all of them together. */
export interface ReadObject extends Omit<SchemaObject, 'needs'> {
  readonly addresses: readonly CatalogAddress[]
}

/** What the readers of the single kinds work with. */
export interface Reading {
  readonly connection: Connection
  /** As in `server_version_num`: 180004. */
  readonly serverVersion: number
  /** Puts down something that cannot be written. */
  uncovered(found: Uncovered): void
}

/**
 * Reads all objects of some kinds. Leaves out what belongs to an extension (pg_depend.deptype = 'e'), to PostgreSQL itself, and what goes
 * with another object: the index of a constraint, the sequence of an identity column, the constraint of a partition that its parent makes.
 * Runs with an empty search_path, so that every name that the server prints is complete.
 */
export type Reader = (reading: Reading) => Promise<ReadObject[]>
