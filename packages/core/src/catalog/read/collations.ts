import { qualifiedName, quoteText } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface CollationRow {
  oid: number
  schema: string
  name: string
  owner: string
  comment: string | null
  provider: string
  deterministic: boolean
  collate: string | null
  ctype: string | null
  locale: string | null
  rules: string | null
}

interface ConversionRow {
  oid: number
  schema: string
  name: string
  owner: string
  comment: string | null
  isDefault: boolean
  from: string
  to: string
  call: string
}

const providers: Readonly<Record<string, string>> = { b: 'builtin', c: 'libc', i: 'icu' }

/** Reads collations. Their version is not written: it is that of the library of the server. */
export const readCollations: Reader = async ({ connection, serverVersion, uncovered }) => {
  // The locale of ICU stood in collcollate first, then in colliculocale, now in colllocale.
  const locale =
    serverVersion >= 170000
      ? 'c.colllocale'
      : serverVersion >= 150000
        ? 'c.colliculocale'
        : "case when c.collprovider = 'i' then c.collcollate end"
  const rows = await connection.run<CollationRow>(`
    select c.oid, n.nspname as schema, c.collname as name, pg_get_userbyid(c.collowner) as owner,
           obj_description(c.oid, 'pg_collation') as comment, c.collprovider as provider, c.collisdeterministic as deterministic,
           c.collcollate as collate, c.collctype as ctype, ${locale} as locale,
           ${serverVersion >= 160000 ? 'c.collicurules' : 'null'} as rules
      from pg_collation c
      join pg_namespace n on n.oid = c.collnamespace
     where ${ownObject('pg_collation', 'c.oid', 'n.nspname')}`)
  return rows.flatMap((row): ReadObject[] => {
    const { oid, schema, name, deterministic, collate, ctype, locale, rules } = row
    const provider = providers[row.provider]
    const quoted = qualifiedName(schema, name)
    if (provider === undefined) {
      uncovered({ object: `collation ${quoted}`, why: `Nothing is known of the provider ${row.provider}.` })
      return []
    }
    const places =
      provider !== 'libc'
        ? [`locale = ${quoteText(locale ?? '')}`]
        : collate === ctype
          ? [`locale = ${quoteText(collate ?? '')}`]
          : [`lc_collate = ${quoteText(collate ?? '')}`, `lc_ctype = ${quoteText(ctype ?? '')}`]
    const options = [
      `provider = ${provider}`,
      ...(deterministic ? [] : ['deterministic = false']),
      ...places,
      ...(rules === null ? [] : [`rules = ${quoteText(rules)}`]),
    ]
    return [
      {
        ...namedObject('collation', quoted, row),
        create: [`CREATE COLLATION ${quoted} (${options.join(', ')})`],
        addresses: [{ catalog: 'pg_collation', oid }],
      },
    ]
  })
}

/** Reads conversions between encodings. */
export const readConversions: Reader = async ({ connection }) => {
  const rows = await connection.run<ConversionRow>(`
    select c.oid, n.nspname as schema, c.conname as name, pg_get_userbyid(c.conowner) as owner,
           obj_description(c.oid, 'pg_conversion') as comment, c.condefault as "isDefault",
           pg_encoding_to_char(c.conforencoding) as from, pg_encoding_to_char(c.contoencoding) as to, c.conproc as call
      from pg_conversion c
      join pg_namespace n on n.oid = c.connamespace
     where ${ownObject('pg_conversion', 'c.oid', 'n.nspname')}`)
  return rows.map((row): ReadObject => {
    const object = namedObject('conversion', qualifiedName(row.schema, row.name), row)
    const encodings = `FOR ${quoteText(row.from)} TO ${quoteText(row.to)}`
    return {
      ...object,
      create: [`CREATE ${row.isDefault ? 'DEFAULT ' : ''}${object.reference} ${encodings} FROM ${row.call}`],
      addresses: [{ catalog: 'pg_conversion', oid: row.oid }],
    }
  })
}
