import { quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { notOfExtension } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface CastRow {
  oid: number
  source: string
  target: string
  method: string
  context: string
  call: string | null
  comment: string | null
}

interface TransformRow {
  oid: number
  type: string
  language: string
  fromSql: string | null
  toSql: string | null
  comment: string | null
}

/** SQL that names a function with the types of its arguments. */
function functionName(oid: string): string {
  return `(select quote_ident(fn.nspname) || '.' || quote_ident(f.proname) || '(' || oidvectortypes(f.proargtypes) || ')'
             from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ${oid})`
}

/** Reads casts. That of a range to its multirange is made with the range. OIDs below 16384 are PostgreSQL's own. */
export const readCasts: Reader = async ({ connection }) => {
  const rows = await connection.run<CastRow>(`
    select c.oid, format_type(c.castsource, null) as source, format_type(c.casttarget, null) as target, c.castmethod as method,
           c.castcontext as context, ${functionName('c.castfunc')} as call, obj_description(c.oid, 'pg_cast') as comment
      from pg_cast c
     where c.oid >= 16384 and ${notOfExtension('pg_cast', 'c.oid')}
       and not exists (select from pg_range r where r.rngtypid = c.castsource and r.rngmultitypid = c.casttarget)`)
  return rows.map(({ oid, source, target, method, context, call, comment }): ReadObject => {
    const name = `(${source} AS ${target})`
    const object = namedObject('cast', name, { name, comment })
    const how = method === 'b' ? 'WITHOUT FUNCTION' : method === 'i' ? 'WITH INOUT' : `WITH FUNCTION ${call}`
    const when = context === 'a' ? ' AS ASSIGNMENT' : context === 'i' ? ' AS IMPLICIT' : ''
    return {
      ...object,
      create: [`CREATE ${object.reference} ${how}${when}`],
      addresses: [{ catalog: 'pg_cast', oid }],
    }
  })
}

/** Reads transforms. */
export const readTransforms: Reader = async ({ connection }) => {
  const rows = await connection.run<TransformRow>(`
    select t.oid, format_type(t.trftype, null) as type, l.lanname as language, ${functionName('t.trffromsql')} as "fromSql",
           ${functionName('t.trftosql')} as "toSql", obj_description(t.oid, 'pg_transform') as comment
      from pg_transform t
      join pg_language l on l.oid = t.trflang
     where ${notOfExtension('pg_transform', 't.oid')}`)
  return rows.map(({ oid, type, language, fromSql, toSql, comment }): ReadObject => {
    const name = `FOR ${type} LANGUAGE ${quoteName(language)}`
    const object = namedObject('transform', name, { name, comment })
    const functions = [
      ...(fromSql === null ? [] : [`FROM SQL WITH FUNCTION ${fromSql}`]),
      ...(toSql === null ? [] : [`TO SQL WITH FUNCTION ${toSql}`]),
    ]
    return {
      ...object,
      create: [`CREATE ${object.reference} (${functions.join(', ')})`],
      addresses: [{ catalog: 'pg_transform', oid }],
    }
  })
}
