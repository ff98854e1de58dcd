import { quoteName } from '../quote.ts'
import type { Reading } from './reading.ts'

/** Tells of what is never written: subscriptions, large objects, and what somebody has put among PostgreSQL's own objects. */
export async function findUncovered({ connection, uncovered }: Reading): Promise<void> {
  // What is left of pg_subscription holds no secret, and everybody may read it.
  const subscriptions = await connection.run<{ name: string }>(`
    select subname as name from pg_subscription
     where subdbid = (select oid from pg_database where datname = current_database())`)
  for (const { name } of subscriptions)
    uncovered({
      object: `subscription ${quoteName(name)}`,
      why: 'Its connection string can hold a password, and to make it starts to copy. Make it again by hand.',
    })
  const [large] = await connection.run<{ count: string }>('select count(*) from pg_largeobject_metadata')
  if (large && large.count !== '0')
    uncovered({ object: `large objects: ${large.count}`, why: 'They are data. A dump of the schema has none.' })
  const strangers = await connection.run<{ object: string }>(`
    select pg_describe_object(stranger.class, stranger.oid, 0) as object
      from (select 'pg_proc'::regclass as class, oid, pronamespace as namespace from pg_proc
            union all select 'pg_operator'::regclass, oid, oprnamespace from pg_operator
            union all select 'pg_class'::regclass, oid, relnamespace from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
            union all select 'pg_type'::regclass, oid, typnamespace from pg_type where typtype in ('d', 'e', 'r')) stranger
     where stranger.oid >= 16384 and stranger.namespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
       and not exists (select from pg_depend d where d.classid = stranger.class and d.objid = stranger.oid and d.deptype in ('e', 'i'))`)
  for (const { object } of strangers) uncovered({ object, why: 'It is in a schema of PostgreSQL itself.' })
}
