import { quoteName } from '../quote.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  name: string
  owner: string
  comment: string | null
}

/** Reads schemas. `public` is there in every database, so nothing makes it. */
export const readSchemas: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select oid, nspname as name, pg_get_userbyid(nspowner) as owner, obj_description(oid, 'pg_namespace') as comment
      from pg_namespace
     where ${ownObject('pg_namespace', 'oid', 'nspname')}`)
  return rows.map(({ oid, name, owner, comment }): ReadObject => {
    const standard = name === 'public'
    return {
      id: `schema ${quoteName(name)}`,
      kind: 'schema',
      schema: null,
      name,
      create: standard ? [] : [`CREATE SCHEMA ${quoteName(name)}`],
      drop: `DROP SCHEMA ${quoteName(name)}`,
      reference: `SCHEMA ${quoteName(name)}`,
      owner: standard && owner === 'pg_database_owner' ? null : owner,
      comment: standard && comment === 'standard public schema' ? null : comment,
      grants: [],
      addresses: [{ catalog: 'pg_namespace', oid }],
    }
  })
}
