import { quoteName } from '../quote.ts'
import { aclItems, renderGrants, type AclItem } from './acl.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  role: string
  schema: string | null
  type: string
  standard: AclItem[]
  base: AclItem[]
  actual: AclItem[]
}

const words: Readonly<Record<string, string>> = {
  r: 'TABLES',
  S: 'SEQUENCES',
  f: 'FUNCTIONS',
  T: 'TYPES',
  n: 'SCHEMAS',
  L: 'LARGE OBJECTS',
}

/** Reads what roles grant by themselves on what they make from now on. */
export const readDefaultPrivileges: Reader = async ({ connection, uncovered }) => {
  // In a schema they only add to those of the whole database.
  const rows = await connection.run<Row>(`
    select d.oid, pg_get_userbyid(d.defaclrole) as role, n.nspname as schema, d.defaclobjtype as type,
           ${aclItems('d.standard')} as standard, ${aclItems(`case when n.oid is null then d.standard else '{}' end`)} as base,
           ${aclItems('d.defaclacl')} as actual
      from (select oid, defaclrole, defaclnamespace, defaclobjtype, defaclacl,
                   acldefault(case defaclobjtype when 'S' then 's' else defaclobjtype end, defaclrole) as standard
              from pg_default_acl) d
      left join pg_namespace n on n.oid = d.defaclnamespace`)
  return rows.flatMap((row): ReadObject[] => {
    const { oid, role, schema, standard, base, actual } = row
    const word = words[row.type]
    if (word === undefined) {
      uncovered({
        object: `default privileges of role ${role}`,
        why: `Nothing is known of objects of type ${row.type}.`,
      })
      return []
    }
    const place = schema === null ? '' : `IN SCHEMA ${quoteName(schema)} `
    const thing = {
      on: word,
      owner: role,
      all: standard.find(({ grantee }) => grantee === role)?.privileges ?? [],
      prefix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteName(role)} ${place}`,
    }
    const name = `for ${word.toLowerCase()} of role ${quoteName(role)}${schema === null ? '' : ` in schema ${quoteName(schema)}`}`
    return [
      {
        id: `default privileges ${name}`,
        kind: 'default privileges',
        schema,
        name,
        create: renderGrants(thing, base, actual),
        drop: renderGrants(thing, actual, base).join(';\n'),
        reference: `DEFAULT PRIVILEGES ${name}`,
        owner: null,
        comment: null,
        grants: [],
        addresses: [{ catalog: 'pg_default_acl', oid }],
      },
    ]
  })
}
