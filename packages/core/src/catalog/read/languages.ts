import { quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { notOfExtension } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface LanguageRow {
  oid: number
  name: string
  owner: string
  trusted: boolean
  handler: string
  inline: string
  validator: string
  comment: string | null
}

/** Reads procedural languages that are not of an extension. OIDs below 16384 are PostgreSQL's own. */
export const readLanguages: Reader = async ({ connection }) => {
  const rows = await connection.run<LanguageRow>(`
    select l.oid, l.lanname as name, pg_get_userbyid(l.lanowner) as owner, l.lanpltrusted as trusted,
           l.lanplcallfoid::regproc as handler, l.laninline::regproc as inline, l.lanvalidator::regproc as validator,
           obj_description(l.oid, 'pg_language') as comment
      from pg_language l
     where l.lanispl and l.oid >= 16384 and ${notOfExtension('pg_language', 'l.oid')}`)
  return rows.map((row): ReadObject => {
    const { oid, name, trusted, handler, inline, validator } = row
    const object = namedObject('language', quoteName(name), row)
    const functions = [
      `HANDLER ${handler}`,
      ...(inline === '-' ? [] : [`INLINE ${inline}`]),
      ...(validator === '-' ? [] : [`VALIDATOR ${validator}`]),
    ]
    return {
      ...object,
      create: [`CREATE ${trusted ? 'TRUSTED ' : ''}PROCEDURAL ${object.reference} ${functions.join(' ')}`],
      addresses: [{ catalog: 'pg_language', oid }],
    }
  })
}

interface AccessMethodRow {
  oid: number
  name: string
  type: string
  handler: string
  comment: string | null
}

/** Reads access methods of tables and indexes. */
export const readAccessMethods: Reader = async ({ connection }) => {
  const rows = await connection.run<AccessMethodRow>(`
    select a.oid, a.amname as name, a.amtype as type, a.amhandler as handler, obj_description(a.oid, 'pg_am') as comment
      from pg_am a
     where a.oid >= 16384 and ${notOfExtension('pg_am', 'a.oid')}`)
  return rows.map((row): ReadObject => {
    const object = namedObject('access method', quoteName(row.name), row)
    return {
      ...object,
      create: [`CREATE ${object.reference} TYPE ${row.type === 'i' ? 'INDEX' : 'TABLE'} HANDLER ${row.handler}`],
      addresses: [{ catalog: 'pg_am', oid: row.oid }],
    }
  })
}
