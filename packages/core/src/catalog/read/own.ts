/** SQL that holds for rows of a catalog which are the user's: not of PostgreSQL itself, and not a member of an extension. */
export function ownObject(catalog: string, oid: string, schema: string): string {
  return `${schema} not like 'pg\\_%' and ${schema} <> 'information_schema' and ${notOfExtension(catalog, oid)}`
}

export function notOfExtension(catalog: string, oid: string): string {
  return `not exists (select from pg_depend member where member.classid = '${catalog}'::regclass and member.objid = ${oid}
                         and member.objsubid = 0 and member.deptype = 'e')`
}

/** SQL for the relations that are dumped, as `c` and `n`. */
export const ownRelations = `
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relpersistence <> 't' and ${ownObject('pg_class', 'c.oid', 'n.nspname')}`

/** SQL for the options of a foreign object, as they stand in OPTIONS ( … ). */
export function foreignOptions(column: string): string {
  return `case when ${column} is null then '' else coalesce((select string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), E',\\n    ' order by option_name)
                      from pg_options_to_table(${column})), '') end`
}

/** SQL for storage parameters, as they stand in WITH ( … ), sorted. */
export function storageOptions(column: string, prefix = ''): string {
  return `case when ${column} is null then '{}'::text[] else (select coalesce(array_agg('${prefix}' || quote_ident(split_part(option, '=', 1)) || '=' ||
                     case when substr(option, strpos(option, '=') + 1) ~ '^([0-9.]+|[a-z_]+)$'
                          then substr(option, strpos(option, '=') + 1)
                          else quote_literal(substr(option, strpos(option, '=') + 1)) end order by option collate "C"), '{}')
             from unnest(${column}) as option) end`
}
