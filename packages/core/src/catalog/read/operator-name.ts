/** SQL that names an operator where its arguments are known from what stands around: `OPERATOR(public.=)`; null: there is none. */
export function operatorName(oid: string): string {
  return `(select 'OPERATOR(' || quote_ident(named_schema.nspname) || '.' || named.oprname || ')'
             from pg_operator named join pg_namespace named_schema on named_schema.oid = named.oprnamespace where named.oid = ${oid})`
}
