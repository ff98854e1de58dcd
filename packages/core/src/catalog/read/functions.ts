import { qualifiedName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  schema: string
  name: string
  kind: string
  owner: string
  types: string
  arguments: string
  definition: string
  comment: string | null
}

/** Reads functions, window functions and procedures. */
export const readFunctions: Reader = async ({ connection }) => {
  // What is made with something else, as the constructors of a range are, depends on it internally.
  const rows = await connection.run<Row>(`
    select p.oid, n.nspname as schema, p.proname as name, p.prokind as kind, pg_get_userbyid(p.proowner) as owner,
           oidvectortypes(p.proargtypes) as types, pg_get_function_identity_arguments(p.oid) as arguments,
           pg_get_functiondef(p.oid) as definition, obj_description(p.oid, 'pg_proc') as comment
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
     where p.prokind <> 'a' and ${ownObject('pg_proc', 'p.oid', 'n.nspname')}
       and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')`)
  return rows.map((row): ReadObject => {
    const kind = row.kind === 'p' ? 'procedure' : 'function'
    const quoted = qualifiedName(row.schema, row.name)
    // ALTER and DROP may mean another procedure that differs in its OUT parameters alone, where only types are said.
    const called = `${quoted}(${kind === 'procedure' ? row.arguments : row.types})`
    return {
      ...namedObject(kind, called, { ...row, name: `${row.name}(${row.types})` }),
      id: `${kind} ${quoted}(${row.types})`,
      create: [row.definition.trimEnd().replace(/^CREATE OR REPLACE/, 'CREATE')],
      addresses: [{ catalog: 'pg_proc', oid: row.oid }],
    }
  })
}
