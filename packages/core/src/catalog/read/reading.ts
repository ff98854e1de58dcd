import type { Connection } from '../../postgres/connection.ts'
import type { SchemaObject, Uncovered } from '../model.ts'

/** A row of the catalog that an object stands for: `pg_class` and an OID. A table also stands for its row type and that one's array. */
export interface CatalogAddress {
  readonly catalog: string
  readonly oid: number
}

// For all who write readers: `id` is the kind and the quoted name (`table public.users`, `function public.f(integer)`; of parts
// `constraint users_check on public.users`). Check constraints of a domain are objects of their own, kind `constraint`, `of` the domain, with
// `inline` (`CONSTRAINT c CHECK (…)`) and `create` (`ALTER DOMAIN … ADD CONSTRAINT …`). A base type or a range has `standIn: CREATE TYPE t`.
// Statements have no semicolon at the end. The catalog names are those of pg_class: `pg_proc`. By the addresses, labels (`labels.ts`),
// grants (`privileges.ts`) and `DEPENDS ON EXTENSION` (`dependencies.ts`) are added for all; comments are the readers' (obj_description).
// The readers are listed in `readers.ts`: add yours there.

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
