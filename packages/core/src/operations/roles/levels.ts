import { createHash } from 'node:crypto'

/** What a role is for. `admin` is about the server, the others about one database. */
export type Level = 'readonly' | 'app' | 'migrator' | 'admin'

export const levels = ['readonly', 'app', 'migrator', 'admin'] as const satisfies readonly Level[]

/** A level whose privileges a group role holds. */
export type GroupLevel = Exclude<Level, 'admin'>

/** What can be granted on. A view, a materialized view and a foreign table count as tables, a procedure as a routine. */
export type ObjectKind = 'table' | 'sequence' | 'routine'

interface Recipe {
  schema: readonly string[]
  table: readonly string[]
  sequence: readonly string[]
  routine: readonly string[]
}

/** What the group of a level may do in a schema, besides connecting to the database. Privileges as PostgreSQL names them. */
export const recipes: Readonly<Record<GroupLevel, Recipe>> = {
  readonly: { schema: ['USAGE'], table: ['SELECT'], sequence: ['SELECT'], routine: [] },
  app: {
    schema: ['USAGE'],
    table: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    sequence: ['SELECT', 'USAGE'],
    routine: ['EXECUTE'],
  },
  // What migrators make belongs to their group: on that they may do everything.
  migrator: { schema: ['USAGE', 'CREATE'], table: [], sequence: [], routine: [] },
}

/** A role that cannot log in and holds the privileges of a level. Migrators own objects together, so theirs has no schema. */
export interface Group {
  database: string
  level: GroupLevel
  schema: string | null
}

/** The group that holds a level in a schema of a database. */
export function groupOf(database: string, level: GroupLevel, schema: string): Group {
  return { database, level, schema: level === 'migrator' ? null : schema }
}

// PostgreSQL cuts longer names (NAMEDATALEN - 1).
const longestName = 63

/** `cruddur_public_readonly`, `cruddur_migrator`. A long name is cut, and told from others by a piece of its hash. */
export function groupName({ database, level, schema }: Group): string {
  const name = [database, schema, level].filter((part) => part !== null).join('_')
  if (Buffer.byteLength(name) <= longestName) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  const end = `_${hash}_${level}`
  const start = Buffer.from(name)
    .subarray(0, longestName - end.length)
    .toString()
    // Half a character at the cut.
    .replace(/\uFFFD+$/, '')
  return start + end
}

interface RoleSetting {
  name: string
  value: string
}

const readOnly: RoleSetting = { name: 'default_transaction_read_only', value: 'on' }
/** Against a query or a transaction that somebody forgot, and that holds locks or keeps vacuum from cleaning up. */
const timeouts: readonly RoleSetting[] = [
  { name: 'statement_timeout', value: '1min' },
  { name: 'idle_in_transaction_session_timeout', value: '1min' },
]

/** The settings, in the database, of a role that has these levels there; null: a setting of ours that it should not have. */
export function settingsFor(
  held: ReadonlySet<GroupLevel>,
  migrators: string,
): { name: string; value: string | null; /** Any value but none will do. */ loose: boolean; ours: string }[] {
  const migrates = held.has('migrator')
  const reads = held.size === 1 && held.has('readonly')
  const hurried = held.size > 0 && !migrates
  return [
    // Without it, what a migrator makes would be its own, and other migrators could not change it.
    { name: 'role', value: migrates ? migrators : null, loose: false, ours: migrators },
    { ...readOnly, value: reads ? readOnly.value : null, loose: false, ours: readOnly.value },
    ...timeouts.map(({ name, value }) => ({ name, value: hurried ? value : null, loose: true, ours: value })),
  ]
}
