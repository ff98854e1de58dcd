import { qualifiedName, quoteName } from '../quote.ts'
import { ownRelations } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row {
  oid: number
  name: string
  schema: string
  table: string
  tableKind: string
  permissive: boolean
  command: string
  roles: string | null
  using: string | null
  check: string | null
  comment: string | null
}

const commands: Record<string, string> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE' }

/** Reads the policies of row level security. */
export const readPolicies: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select p.oid, p.polname as name, n.nspname as schema, c.relname as "table", c.relkind as "tableKind",
           p.polpermissive as permissive, p.polcmd as command,
           case when p.polroles <> '{0}'
                then (select string_agg(quote_ident(rolname), ', ' order by rolname collate "C") from pg_roles where oid = any(p.polroles))
           end as roles,
           pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
           obj_description(p.oid, 'pg_policy') as comment
      from pg_policy p
      join (select c.* ${ownRelations}) c on c.oid = p.polrelid
      join pg_namespace n on n.oid = c.relnamespace`)
  return rows.map((row): ReadObject => {
    const { oid, schema, comment, permissive, roles, using, check } = row
    const name = quoteName(row.name)
    const table = qualifiedName(schema, row.table)
    const command = commands[row.command]
    const create = [
      `CREATE POLICY ${name} ON ${table}`,
      permissive ? '' : ' AS RESTRICTIVE',
      command === undefined ? '' : ` FOR ${command}`,
      roles === null ? '' : ` TO ${roles}`,
      using === null ? '' : ` USING (${using})`,
      check === null ? '' : ` WITH CHECK (${check})`,
    ]
    return {
      id: `policy ${name} on ${table}`,
      kind: 'policy',
      schema,
      name: row.name,
      of: tableId(row.tableKind, schema, row.table),
      create: [create.join('')],
      drop: `DROP POLICY ${name} ON ${table}`,
      reference: `POLICY ${name} ON ${table}`,
      owner: null,
      comment,
      grants: [],
      addresses: [{ catalog: 'pg_policy', oid }],
    }
  })
}
