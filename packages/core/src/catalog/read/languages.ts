import { quoteName } from '../quote.ts'
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
  return rows.map(({ oid, name, owner, trusted, handler, inline, validator, comment }): ReadObject => {
    const reference = `LANGUAGE ${quoteName(name)}`
    const functions = [
      `HANDLER ${handler}`,
      ...(inline === '-' ? [] : [`INLINE ${inline}`]),
      ...(validator === '-' ? [] : [`VALIDATOR ${validator}`]),
    ]
    return {
      id: `language ${quoteName(name)}`,
      kind: 'language',
      schema: null,
      name,
      create: [`CREATE ${trusted ? 'TRUSTED ' : ''}PROCEDURAL ${reference} ${functions.join(' ')}`],
      drop: `DROP ${reference}`,
      reference,
      owner,
      comment,
      grants: [],
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
  return rows.map(({ oid, name, type, handler, comment }): ReadObject => {
    const reference = `ACCESS METHOD ${quoteName(name)}`
    return {
      id: `access method ${quoteName(name)}`,
      kind: 'access method',
      schema: null,
      name,
      create: [`CREATE ${reference} TYPE ${type === 'i' ? 'INDEX' : 'TABLE'} HANDLER ${handler}`],
      drop: `DROP ${reference}`,
      reference,
      owner: null,
      comment,
      grants: [],
      addresses: [{ catalog: 'pg_am', oid }],
    }
  })
}
