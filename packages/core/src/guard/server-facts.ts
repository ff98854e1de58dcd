import type { Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import type { NamedObject, NewType } from './deed.ts'
import type { Root } from './dependents.ts'
import type { Names, Relation, ServerNames } from './names.ts'

/** Reads what names can lead to: the search_path, and the relations that have one of these names. */
export async function readNames(connection: Connection, names: Iterable<string>): Promise<ServerNames> {
  const [session] = await connection.query<{ user: string; path: string[] }>`
    select current_user::text as user, current_schemas(false)::text[] as path`
  const relations = await connection.query<Relation>`
    select c.oid, nspname::text as schema, relname::text as name, relkind::text as kind, relpersistence = 'u' as unlogged
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relname = any(${[...new Set(names)]}) and relkind in ('r', 'p', 'm', 'v', 'f', 'S', 'c') and relpersistence <> 't'`
  return { user: session?.user ?? '', path: session?.path ?? [], relations }
}

/** A column, with what tells whether its values stay the same when its type changes. */
interface Column {
  readonly number: number
  /** Every value is the same in the new type. */
  readonly preserved: boolean
}

/** Finds a column by its name; undefined: there is none. */
export async function findColumn(
  connection: Connection,
  relation: Relation,
  column: string,
  newType: NewType | undefined,
): Promise<Column | undefined> {
  const [found] = await connection.query<{ number: number; old: string; modifier: number; new: string | null }>`
    select attnum::int as number, atttypid::regtype::text as old, atttypmod as modifier,
           to_regtype(${newType === undefined || newType.array ? '' : quotedName(newType)})::text as new
      from pg_attribute where attrelid = ${relation.oid} and attname = ${column} and attnum > 0 and not attisdropped`
  if (found === undefined) return undefined
  const preserved =
    newType !== undefined &&
    !newType.converted &&
    found.new !== null &&
    keepsValues(found.old, found.modifier, found.new, newType.modifiers)
  return { number: found.number, preserved }
}

/** With quotes throughout: `char` and `"char"` are two types. */
function quotedName({ type: { schema, name } }: NewType): string {
  return (schema === undefined ? [name] : [schema, name]).map(quoteIdentifier).join('.')
}

/** Types that hold every value of another one. */
const wider: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric'],
  integer: ['bigint', 'numeric'],
  bigint: ['numeric'],
  real: ['double precision'],
  'character varying': ['text'],
  text: ['character varying'],
}

/** Whether all values stay as they are. `modifier` is atttypmod. */
function keepsValues(old: string, modifier: number, type: string, modifiers: readonly number[]): boolean {
  if (old !== type && !wider[old]?.includes(type)) return false
  const [first, second = 0] = modifiers
  if (first === undefined) return old === type || wider[old] !== undefined
  if (old !== type || modifier < 0) return false
  switch (type) {
    case 'character varying':
      return first >= modifier - 4
    case 'numeric': {
      const precision = (modifier - 4) >> 16
      const scale = (modifier - 4) & 0x7ff
      return second >= scale && first - second >= precision - scale
    }
    default:
      return false
  }
}

/** What dropping something that is no relation starts from. Undefined: that kind cannot be found by its name. */
export async function findRoots(
  connection: Connection,
  object: NamedObject,
  names: Names,
): Promise<Pick<Root, 'catalog' | 'oid'>[] | undefined> {
  const { name } = object
  const schemas = object.schema === undefined ? null : names.schemas(object.schema)
  switch (object.kind) {
    case 'schema':
      return connection.query`select 'pg_namespace' as catalog, oid from pg_namespace where nspname = any(${names.schemas(name)})`
    case 'extension':
      return connection.query`select 'pg_extension' as catalog, oid from pg_extension where extname = ${name}`
    case 'type':
    case 'domain':
      return connection.query`
        select 'pg_type' as catalog, t.oid from pg_type t join pg_namespace n on n.oid = typnamespace
         where typname = ${name} and (nspname = any(${schemas}) or ${schemas}::text[] is null)`
    case 'routine':
      return connection.query`
        select 'pg_proc' as catalog, p.oid from pg_proc p join pg_namespace n on n.oid = pronamespace
         where proname = ${name} and (nspname = any(${schemas}) or ${schemas}::text[] is null)`
    case 'collation':
      return connection.query`
        select 'pg_collation' as catalog, c.oid from pg_collation c join pg_namespace n on n.oid = collnamespace
         where collname = ${name} and (nspname = any(${schemas}) or ${schemas}::text[] is null)`
    case 'access method':
      return connection.query`select 'pg_am' as catalog, oid from pg_am where amname = ${name}`
    case 'foreign-data wrapper':
      return connection.query`
        select 'pg_foreign_data_wrapper' as catalog, oid from pg_foreign_data_wrapper where fdwname = ${name}`
    case 'foreign server':
      return connection.query`select 'pg_foreign_server' as catalog, oid from pg_foreign_server where srvname = ${name}`
    case 'role':
      return connection.query`
        with owner as (select oid from pg_roles where rolname = case when ${name} = 'current_user' then current_user else ${name} end)
        select 'pg_class' as catalog, c.oid from pg_class c join owner on owner.oid = relowner where relkind in ('r', 'p', 'm', 'v', 'f', 'S')
        union all select 'pg_type', t.oid from pg_type t join owner on owner.oid = typowner
        union all select 'pg_proc', p.oid from pg_proc p join owner on owner.oid = proowner
        union all select 'pg_namespace', n.oid from pg_namespace n join owner on owner.oid = nspowner`
    default:
      return undefined
  }
}

/** How large a database is; undefined: it is not there. Null: we may not see it. */
export async function findDatabase(
  connection: Connection,
  name: string,
): Promise<{ readonly sizeBytes: number | null } | undefined> {
  const [found] = await connection.query<{ sizeBytes: number | null }>`
    select case when has_database_privilege(oid, 'connect') then pg_database_size(oid)::float8 end as "sizeBytes"
      from pg_database where datname = ${name}`
  return found
}

/** The tables that are made of a composite type: they lose with it. */
export async function findTypedTables(connection: Connection, type: NamedObject): Promise<number[]> {
  const { schema = null, name } = type
  const rows = await connection.query<{ oid: number }>`
    select c.oid from pg_class c join pg_type t on t.oid = reloftype join pg_namespace n on n.oid = typnamespace
     where typname = ${name} and (nspname = ${schema} or ${schema}::text is null)`
  return rows.map(({ oid }) => oid)
}
