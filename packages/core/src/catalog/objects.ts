import type { Connection } from '../postgres/connection.ts'

/** Whether nobody has made anything in the database: no relation, function, type or schema. Extensions do not count. */
export async function isEmptyDatabase(connection: Connection): Promise<boolean> {
  const [answer] = await connection.query<{ empty: boolean }>`
    with own_schemas as (
      select oid, nspname from pg_namespace
       where nspname !~ '^pg_' and nspname <> 'information_schema'
         and not exists (select from pg_depend where classid = 'pg_namespace'::regclass and objid = pg_namespace.oid and deptype = 'e')
    ), objects as (
      select 'pg_class'::regclass as class, oid, relnamespace as schema from pg_class
      union all select 'pg_proc'::regclass, oid, pronamespace from pg_proc
      union all select 'pg_type'::regclass, oid, typnamespace from pg_type
    )
    select not exists (select from own_schemas where nspname <> 'public')
       and not exists (select from pg_largeobject_metadata)
       and not exists (
             select from objects join own_schemas on own_schemas.oid = objects.schema
              where not exists (select from pg_depend where classid = class and objid = objects.oid and deptype = 'e')
           ) as empty`
  return answer?.empty ?? false
}
