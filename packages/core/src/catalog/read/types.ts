import { quoteName, quoteText } from '../quote.ts'
import type { ReadObject, Reader } from './reading.ts'
import { collationName, ownTypes, typeColumns, typeObject, type TypeRow } from './type-row.ts'

interface CompositeRow extends TypeRow {
  relation: number
  attributes: { name: string; type: string; collation: string | null; comment: string | null }[]
}

/** Reads composite types. */
export const readCompositeTypes: Reader = async ({ connection }) => {
  const rows = await connection.run<CompositeRow>(`
    select ${typeColumns}, c.oid as relation, coalesce((
             select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                      'collation', ${collationName('a.attcollation', 'att.typcollation')},
                      'comment', col_description(c.oid, a.attnum)) order by a.attnum)
               from pg_attribute a join pg_type att on att.oid = a.atttypid
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as attributes
      from pg_type t
      join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
      ${ownTypes}`)
  return rows.map((row): ReadObject => {
    const type = typeObject('type', row)
    const attributes = row.attributes.map(
      ({ name, type, collation }) =>
        `\n    ${quoteName(name)} ${type}${collation === null ? '' : ` COLLATE ${collation}`}`,
    )
    return {
      ...type,
      create: [`CREATE ${type.reference} AS (${attributes.join(',')}\n)`],
      columnComments: Object.fromEntries(
        row.attributes.flatMap(({ name, comment }) => (comment === null ? [] : [[name, comment]])),
      ),
      detail: {
        kind: 'composite',
        attributes: row.attributes.map(({ name, type: of, collation }) => ({ name, type: of, collation })),
      },
      addresses: [...type.addresses, { catalog: 'pg_class', oid: row.relation }],
    }
  })
}

/** Reads enums. */
export const readEnums: Reader = async ({ connection }) => {
  const rows = await connection.run<TypeRow & { labels: string[] }>(`
    select ${typeColumns}, array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
      from pg_type t ${ownTypes} and t.typtype = 'e'`)
  return rows.map((row): ReadObject => {
    const type = typeObject('enum', row)
    const labels = row.labels.map((label) => `\n    ${quoteText(label)}`)
    return {
      ...type,
      create: [`CREATE ${type.reference} AS ENUM (${labels.join(',')}\n)`],
      detail: { kind: 'enum', labels: row.labels },
    }
  })
}

interface RangeRow extends TypeRow {
  subtype: string
  multirange: string
  multirangeOids: number[]
  operatorClass: string | null
  collation: string | null
  canonical: string
  difference: string
  constructors: number[]
  castOids: number[]
}

/** Reads ranges, each with its multirange and what else is made with it. */
export const readRanges: Reader = async ({ connection }) => {
  const rows = await connection.run<RangeRow>(`
    select ${typeColumns}, format_type(r.rngsubtype, null) as subtype, format_type(r.rngmultitypid, null) as multirange,
           array(select unnest(array[m.oid, m.typarray]) from pg_type m where m.oid = r.rngmultitypid) as "multirangeOids",
           case when not oc.opcdefault then quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname) end as "operatorClass",
           ${collationName('r.rngcollation', 'st.typcollation')} as collation,
           r.rngcanonical as canonical, r.rngsubdiff as difference,
           array(select d.objid from pg_depend d
                  where d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_type'::regclass and d.deptype = 'i'
                    and d.refobjid in (t.oid, r.rngmultitypid)) as constructors,
           array(select ca.oid from pg_cast ca where ca.castsource = t.oid and ca.casttarget = r.rngmultitypid) as "castOids"
      from pg_type t
      join pg_range r on r.rngtypid = t.oid
      join pg_type st on st.oid = r.rngsubtype
      join pg_opclass oc on oc.oid = r.rngsubopc
      join pg_namespace ocn on ocn.oid = oc.opcnamespace
      ${ownTypes}`)
  return rows.map((row): ReadObject => {
    const type = typeObject('range', row)
    const options = [
      `SUBTYPE = ${row.subtype}`,
      `MULTIRANGE_TYPE_NAME = ${row.multirange}`,
      ...(row.operatorClass === null ? [] : [`SUBTYPE_OPCLASS = ${row.operatorClass}`]),
      ...(row.collation === null ? [] : [`COLLATION = ${row.collation}`]),
      ...(row.canonical === '-' ? [] : [`CANONICAL = ${row.canonical}`]),
      ...(row.difference === '-' ? [] : [`SUBTYPE_DIFF = ${row.difference}`]),
    ]
    return {
      ...type,
      create: [`CREATE ${type.reference} AS RANGE (\n    ${options.join(',\n    ')}\n)`],
      standIn: `CREATE ${type.reference}`,
      addresses: [
        ...type.addresses,
        ...row.multirangeOids.map((oid) => ({ catalog: 'pg_type', oid })),
        ...row.constructors.map((oid) => ({ catalog: 'pg_proc', oid })),
        ...row.castOids.map((oid) => ({ catalog: 'pg_cast', oid })),
      ],
    }
  })
}

/** Reads the types that were named and never made. */
export const readShellTypes: Reader = async ({ connection }) => {
  const rows = await connection.run<TypeRow>(`
    select ${typeColumns} from pg_type t ${ownTypes} and t.typtype = 'p' and not t.typisdefined`)
  return rows.map((row): ReadObject => {
    const type = typeObject('type', row)
    return { ...type, create: [`CREATE ${type.reference}`] }
  })
}

interface BaseRow extends TypeRow {
  length: number
  byValue: boolean
  alignment: string
  storage: string
  input: string
  output: string
  receive: string
  send: string
  modifierInput: string
  modifierOutput: string
  analyze: string
  subscript: string
  collatable: boolean
  default: string | null
  element: string | null
  category: string
  preferred: boolean
  delimiter: string
}

const alignments: Readonly<Record<string, string>> = { c: 'char', s: 'int2', i: 'int4', d: 'double' }
const storages: Readonly<Record<string, string>> = { p: 'plain', e: 'external', x: 'extended', m: 'main' }

/** Reads base types. Their functions take or give them, and so need that they are promised first. */
export const readBaseTypes: Reader = async ({ connection }) => {
  const rows = await connection.run<BaseRow>(`
    select ${typeColumns}, t.typlen as length, t.typbyval as "byValue", t.typalign as alignment, t.typstorage as storage,
           t.typinput as input, t.typoutput as output, t.typreceive as receive, t.typsend as send, t.typmodin as "modifierInput",
           t.typmodout as "modifierOutput", t.typanalyze as analyze, t.typsubscript as subscript, t.typcollation <> 0 as collatable,
           coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) as default,
           case when t.typelem <> 0 then format_type(t.typelem, null) end as element, t.typcategory as category,
           t.typispreferred as preferred, t.typdelim as delimiter
      from pg_type t ${ownTypes} and t.typtype = 'b' and t.oid not in (select a.typarray from pg_type a)`)
  return rows.map((row): ReadObject => {
    const type = typeObject('type', row)
    const call = (option: string, name: string) => (name === '-' ? [] : [`${option} = ${name}`])
    const options = [
      `INTERNALLENGTH = ${row.length === -1 ? 'VARIABLE' : row.length}`,
      `INPUT = ${row.input}`,
      `OUTPUT = ${row.output}`,
      ...call('RECEIVE', row.receive),
      ...call('SEND', row.send),
      ...call('TYPMOD_IN', row.modifierInput),
      ...call('TYPMOD_OUT', row.modifierOutput),
      ...call('ANALYZE', row.analyze),
      ...call('SUBSCRIPT', row.subscript),
      ...(row.collatable ? ['COLLATABLE = true'] : []),
      ...(row.default === null ? [] : [`DEFAULT = ${row.default}`]),
      ...(row.element === null ? [] : [`ELEMENT = ${row.element}`]),
      ...(row.category === 'U' ? [] : [`CATEGORY = ${quoteText(row.category)}`]),
      ...(row.preferred ? ['PREFERRED = true'] : []),
      ...(row.delimiter === ',' ? [] : [`DELIMITER = ${quoteText(row.delimiter)}`]),
      `ALIGNMENT = ${alignments[row.alignment] ?? row.alignment}`,
      `STORAGE = ${storages[row.storage] ?? row.storage}`,
      ...(row.byValue ? ['PASSEDBYVALUE'] : []),
    ]
    return {
      ...type,
      create: [`CREATE ${type.reference} (\n    ${options.join(',\n    ')}\n)`],
      standIn: `CREATE ${type.reference}`,
      // Its functions and it need each other, so that nothing less takes it away.
      drop: `${type.drop} CASCADE`,
    }
  })
}
