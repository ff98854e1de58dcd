import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import type { ObjectKind } from './levels.ts'

/** Privileges by the name of the role that was granted them. */
type Granted = Readonly<Record<string, readonly string[]>>

/** Something in a schema that can be granted on, but nothing that an extension brought. */
interface ObjectFacts {
  schema: string
  /** As it is written in SQL. */
  name: string
  kind: ObjectKind
  owner: string
  granted: Granted
}

export interface SchemaFacts {
  name: string
  owner: string
  /** We may grant on the schema. */
  ours: boolean
  /** We may make objects in it. */
  creates: boolean
  /** PUBLIC may: so it was before PostgreSQL 15. */
  publicCreates: boolean
  granted: Granted
  objects: ObjectFacts[]
  /** What is granted on objects that a role will make. */
  defaults: { creator: string; kind: ObjectKind; granted: Granted }[]
}

/** Reads what is in some schemas, and what these roles were granted there. Throws `not_found` for a schema that is not there. */
export async function readSchemaFacts(
  connection: Connection,
  schemas: readonly string[],
  roles: readonly string[],
): Promise<Map<string, SchemaFacts>> {
  const granted = (acl: string) => `coalesce((select jsonb_object_agg(role, privileges) from (
      select g.rolname as role, jsonb_agg(x.privilege_type) as privileges
        from aclexplode(${acl}) x join pg_roles g on g.oid = x.grantee where g.rolname = any($2::text[]) group by 1) one), '{}')`
  const values = [schemas, roles]
  const rows = await connection.run<Omit<SchemaFacts, 'objects' | 'defaults'>>(
    `select nspname as name,
            case when nspowner = to_regrole('pg_database_owner') then
              (select pg_get_userbyid(datdba) from pg_database where datname = current_database())
            else pg_get_userbyid(nspowner) end as owner,
            pg_has_role(nspowner, 'USAGE') as ours, has_schema_privilege(oid, 'CREATE') as creates,
            exists (select from aclexplode(nspacl) where grantee = 0 and privilege_type = 'CREATE') as "publicCreates",
            ${granted('nspacl')} as granted
       from pg_namespace where nspname = any($1::text[])`,
    values,
  )
  const missing = schemas.find((schema) => !rows.some(({ name }) => name === schema))
  if (missing !== undefined) {
    throw new Failure('not_found', `There is no schema "${missing}" in ${connection.address.database}.`)
  }
  const objects = await connection.run<ObjectFacts>(
    `select * from (
       select n.nspname as schema, format('%I.%I', n.nspname, relname) as name,
              case relkind when 'S' then 'sequence' else 'table' end as kind, pg_get_userbyid(relowner) as owner,
              ${granted('relacl')} as granted, 'pg_class'::regclass as class, c.oid
         from pg_class c join pg_namespace n on n.oid = relnamespace
        where n.nspname = any($1::text[]) and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       union all
       select n.nspname, format('%I.%I(%s)', n.nspname, proname, pg_get_function_identity_arguments(p.oid)), 'routine',
              pg_get_userbyid(proowner), ${granted('proacl')}, 'pg_proc'::regclass, p.oid
         from pg_proc p join pg_namespace n on n.oid = pronamespace where n.nspname = any($1::text[])) o
      where not exists (select from pg_depend where classid = o.class and objid = o.oid and deptype = 'e')
      order by kind, name`,
    values,
  )
  const defaults = await connection.run<{ schema: string; creator: string; kind: ObjectKind; granted: Granted }>(
    `select nspname as schema, pg_get_userbyid(defaclrole) as creator,
            case defaclobjtype when 'r' then 'table' when 'S' then 'sequence' else 'routine' end as kind,
            ${granted('defaclacl')} as granted
       from pg_default_acl join pg_namespace n on n.oid = defaclnamespace
      where nspname = any($1::text[]) and defaclobjtype in ('r', 'S', 'f')`,
    values,
  )
  return new Map(
    rows.map((row) => [
      row.name,
      {
        ...row,
        objects: objects.filter(({ schema }) => schema === row.name),
        defaults: defaults.filter(({ schema }) => schema === row.name),
      },
    ]),
  )
}

/** The schemas that hold tables or views of the user's, by name. */
export async function listSchemas(connection: Connection): Promise<string[]> {
  const rows = await connection.query<{ name: string }>`
    select nspname as name from pg_namespace n
     where nspname !~ '^pg_' and nspname <> 'information_schema'
       and exists (select from pg_class where relnamespace = n.oid and relkind in ('r', 'p', 'v', 'm', 'f'))
     order by 1`
  return rows.map(({ name }) => name)
}
