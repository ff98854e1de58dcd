/**
 * What stands in a database, apart from its rows, as far as pgrig knows it: one object for each thing that has a CREATE statement of its
 * own. `read/` makes it from the catalog, `dump.ts` writes it down, `diff/` compares two of them. Nothing in it depends on OIDs, on the
 * server's version or on the order in which things were made, so that two databases are the same when their models are.
 */
export interface Schema {
  readonly objects: readonly SchemaObject[]
  /** What the database holds and this model cannot: told to the user, never left out in silence. */
  readonly uncovered: readonly Uncovered[]
  /** The server's version, as in `server_version_num`: 180004. */
  readonly serverVersion: number
}

export interface Uncovered {
  /** As PostgreSQL describes it: `subscription s`. */
  readonly object: string
  readonly why: string
}

export type ObjectKind =
  | 'extension'
  | 'schema'
  | 'collation'
  | 'type'
  | 'domain'
  | 'enum'
  | 'range'
  | 'sequence'
  | 'table'
  | 'foreign table'
  | 'column default'
  | 'function'
  | 'procedure'
  | 'aggregate'
  | 'operator'
  | 'operator family'
  | 'operator class'
  | 'cast'
  | 'conversion'
  | 'transform'
  | 'language'
  | 'access method'
  | 'text search parser'
  | 'text search template'
  | 'text search dictionary'
  | 'text search configuration'
  | 'foreign data wrapper'
  | 'server'
  | 'user mapping'
  | 'view'
  | 'materialized view'
  | 'constraint'
  | 'foreign key'
  | 'index'
  | 'statistics'
  | 'rule'
  | 'trigger'
  | 'event trigger'
  | 'policy'
  | 'publication'
  | 'default privileges'

export interface SchemaObject {
  /** The same for the same thing in every database, and unique in one: `table public.users`, `function public.f(integer)`. */
  readonly id: string
  readonly kind: ObjectKind
  /** The schema that it is in, or that its table is in; null: it is in none. Not quoted. */
  readonly schema: string | null
  /** Its name without the schema; with the argument types where those belong to it. Not quoted. */
  readonly name: string
  /** The `id` of the table, view, type … that it is a part of: constraints, indexes, triggers, policies, owned sequences. */
  readonly of?: string
  /** What makes it, in order, without semicolons at the ends. Owner, comment and grants are apart. */
  readonly create: readonly string[]
  /**
   * How the `create` of what it is a part of can say it, inside of its parentheses, or at its end for a domain: constraints, column
   * defaults. The dump writes it there when it can, and `create` where not. Without: it is always apart.
   */
  readonly inline?: string
  /**
   * What can be made in its place first, where it and what it needs need each other: a shell type, a view of nulls. `create` then does
   * not have it: it makes the rest.
   */
  readonly standIn?: string
  /** What removes it, without CASCADE. */
  readonly drop: string
  /** How COMMENT, ALTER … OWNER and GRANT call it: `TABLE public.users`, `FUNCTION public.f(integer)`. */
  readonly reference: string
  /** Null: it has none of its own. Not quoted. */
  readonly owner: string | null
  readonly comment: string | null
  /** Comments on its columns, by their names. */
  readonly columnComments?: Readonly<Record<string, string>>
  /**
   * What was granted, as it differs from what PostgreSQL gives by itself: complete statements, GRANT and REVOKE, sorted. Of columns too.
   */
  readonly grants: readonly string[]
  /** SECURITY LABEL statements. */
  readonly labels?: readonly string[]
  /** `id`s of what has to be there before it. Filled in by `dependencies.ts`, from pg_depend. Sorted. */
  readonly needs: readonly string[]
  /** What is alike in two objects of one kind that can be changed into each other: tables have columns, and so on. */
  readonly detail?: TableDetail | SequenceDetail | EnumDetail | DomainDetail | CompositeDetail
}

export interface TableDetail {
  readonly kind: 'table'
  readonly columns: readonly Column[]
  /** UNLOGGED. */
  readonly unlogged: boolean
  /** The composite type of `OF type`, quoted. */
  readonly ofType: string | null
  /** A foreign table's server, quoted, and its OPTIONS. */
  readonly foreign: { readonly server: string; readonly options: string } | null
  /** `PARTITION BY` …, as pg_get_partkeydef says it. */
  readonly partitionBy: string | null
  /** The `id` of the partitioned table, and `FOR VALUES` …. */
  readonly partitionOf: { readonly parent: string; readonly bound: string } | null
  /** `id`s of the tables that it inherits from, in order. */
  readonly inherits: readonly string[]
  /** It became a child when it was there: its columns stand in another order than its parents would give them. */
  readonly inheritsLater: boolean
  /** Storage parameters, `name=value`, sorted; those of its TOAST table with `toast.` in front. */
  readonly options: readonly string[]
  readonly accessMethod: string | null
  readonly tablespace: string | null
  readonly rowSecurity: boolean
  /** For its owner too; can be set while row security itself is off. */
  readonly forceRowSecurity: boolean
  /** `DEFAULT`, `NOTHING`, `FULL` or `USING INDEX name`. */
  readonly replicaIdentity: string
}

export interface Column {
  readonly name: string
  /** As format_type says it. */
  readonly type: string
  readonly notNull: boolean
  /** NOT NULL is said of this table, and does not only come from its parents. */
  readonly notNullHere: boolean
  readonly notNullNoInherit: boolean
  /** The name of the NOT NULL constraint where it is not the one that PostgreSQL makes up (PostgreSQL 18). */
  readonly notNullName: string | null
  /** The expression of DEFAULT. It is an object of its own too, `column default`, by which it is made. */
  readonly default: string | null
  readonly generated: { readonly expression: string; readonly stored: boolean } | null
  /** The options are as in CREATE SEQUENCE. */
  readonly identity: { readonly always: boolean; readonly options: string } | null
  /** Quoted, and only where it is not the type's own. */
  readonly collation: string | null
  /** Null: the type's own. */
  readonly storage: string | null
  readonly compression: string | null
  readonly statisticsTarget: number | null
  /** `n_distinct` and the like, `name=value`, sorted. */
  readonly options: readonly string[]
  /** FDW options of a column of a foreign table. */
  readonly foreignOptions: string | null
  /** It comes from a parent and is not declared here. */
  readonly inherited: boolean
}

export interface SequenceDetail {
  readonly kind: 'sequence'
  readonly type: string
  readonly start: string
  readonly increment: string
  readonly minimum: string
  readonly maximum: string
  readonly cache: string
  readonly cycle: boolean
  readonly unlogged: boolean
  /** `schema.table.column`, quoted. */
  readonly ownedBy: string | null
}

interface EnumDetail {
  readonly kind: 'enum'
  readonly labels: readonly string[]
}

export interface DomainDetail {
  readonly kind: 'domain'
  /** As format_type says it. */
  readonly base: string
  readonly collation: string | null
  readonly default: string | null
  readonly notNull: boolean
  /** Null: PostgreSQL's own. Not quoted. */
  readonly notNullName: string | null
}

export interface CompositeDetail {
  readonly kind: 'composite'
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly collation: string | null }[]
}
