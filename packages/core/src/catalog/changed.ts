import type { Connection } from '../postgres/connection.ts'

/**
 * What each catalog has that the functions look at which print definitions (pg_get_viewdef and the like): they do not see the database as
 * it was when the transaction began, but as it is. Its rows belong to a relation or to a schema, or have a name alone.
 */
const catalogs: readonly { name: string; relation?: string; schema?: string; called?: string }[] = [
  { name: 'pg_class', relation: 'oid' },
  { name: 'pg_attribute', relation: 'attrelid' },
  { name: 'pg_attrdef', relation: 'adrelid' },
  { name: 'pg_constraint', relation: 'conrelid', schema: 'connamespace', called: 'conname' },
  { name: 'pg_index', relation: 'indexrelid' },
  { name: 'pg_inherits', relation: 'inhrelid' },
  { name: 'pg_trigger', relation: 'tgrelid' },
  { name: 'pg_rewrite', relation: 'ev_class' },
  { name: 'pg_policy', relation: 'polrelid' },
  { name: 'pg_statistic_ext', relation: 'stxrelid' },
  { name: 'pg_sequence', relation: 'seqrelid' },
  { name: 'pg_foreign_table', relation: 'ftrelid' },
  { name: 'pg_partitioned_table', relation: 'partrelid' },
  { name: 'pg_publication_rel', relation: 'prrelid' },
  // Array types come and go with their elements.
  {
    name: `(select *, xmax from pg_type where typcategory <> 'A') as type`,
    relation: 'typrelid',
    schema: 'typnamespace',
    called: 'typname',
  },
  { name: 'pg_proc', schema: 'pronamespace', called: 'proname' },
  { name: 'pg_operator', schema: 'oprnamespace', called: 'oprname' },
  { name: 'pg_opclass', schema: 'opcnamespace', called: 'opcname' },
  { name: 'pg_opfamily', schema: 'opfnamespace', called: 'opfname' },
  { name: 'pg_collation', schema: 'collnamespace', called: 'collname' },
  { name: 'pg_conversion', schema: 'connamespace', called: 'conname' },
  { name: 'pg_ts_config', schema: 'cfgnamespace', called: 'cfgname' },
  { name: 'pg_ts_dict', schema: 'dictnamespace', called: 'dictname' },
  { name: 'pg_ts_parser', schema: 'prsnamespace', called: 'prsname' },
  { name: 'pg_ts_template', schema: 'tmplnamespace', called: 'tmplname' },
  { name: 'pg_namespace', schema: 'oid', called: 'nspname' },
  { name: 'pg_extension', schema: 'extnamespace', called: 'extname' },
  { name: 'pg_aggregate', called: 'aggfnoid::text' },
  { name: 'pg_enum', called: 'enumlabel' },
  { name: 'pg_range', called: 'rngtypid::text' },
  { name: 'pg_cast', called: `'a cast'` },
  { name: 'pg_amop', called: `'an operator family'` },
  { name: 'pg_amproc', called: `'an operator family'` },
  { name: 'pg_language', called: 'lanname' },
  { name: 'pg_am', called: 'amname' },
  { name: 'pg_event_trigger', called: 'evtname' },
  { name: 'pg_foreign_data_wrapper', called: 'fdwname' },
  { name: 'pg_foreign_server', called: 'srvname' },
  { name: 'pg_publication', called: 'pubname' },
]

const rows = catalogs
  .map(
    ({ name, relation = '0', schema = '0', called = `''` }) =>
      `select ${relation}::oid as relation, ${schema}::oid as schema, ${called}::text as called, xmax from ${name} where xmax <> '0'`,
  )
  .join('\n    union all ')

/**
 * Finds what others have changed or dropped, and committed, since the transaction took its snapshot: rows that it still sees, and that are
 * gone for everybody who comes now. What was made since is not seen, and does not count; neither do temporary tables. In a transaction of
 * `atOneMoment`.
 *
 * The number of who removed a row is in its `xmax`, for the snapshot keeps it from being swept up. It is 32 bits long, and is made
 * complete by the snapshot's own, which is near. https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
export async function findChanged(connection: Connection): Promise<string[]> {
  const found = await connection.run<{ name: string }>(`
    with removed as (
    ${rows}
    ), numbered as (
      select *, base + ((xmax::text::bigint - base) % 4294967296 + 6442450944) % 4294967296 - 2147483648 as number
        from removed, (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as base) own
    )
    select distinct case when called = '' or c.oid is not null then coalesce(format('%I.%I', cn.nspname, c.relname), 'a table')
                         when n.nspname is null or n.nspname = called then called
                         else format('%I.%I', n.nspname, called) end as name
      from numbered
      left join pg_class c on c.oid = relation
      left join pg_namespace cn on cn.oid = c.relnamespace
      left join pg_namespace n on n.oid = numbered.schema
     where c.relpersistence is distinct from 't' and coalesce(cn.nspname, n.nspname, '') !~ '^pg_(toast|temp)'
       and case when number > 0 and age(xmax) > 0 then pg_xact_status(number::text::xid8) = 'committed' else false end
     order by 1`)
  return found.map(({ name }) => name)
}
