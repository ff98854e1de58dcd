import { qualifiedName, quoteName } from '../quote.ts'
import type { ObjectKind } from '../model.ts'
import { namedObject } from './named-object.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  schema: string
  name: string
  owner: string | null
  comment: string | null
}

interface ParserRow extends Row {
  start: string
  token: string
  end: string
  headline: string
  types: string
}

interface TemplateRow extends Row {
  init: string
  lexize: string
}

interface DictionaryRow extends Row {
  template: string
  options: string | null
}

interface ConfigurationRow extends Row {
  parser: string
  mappings: { token: string; dictionaries: string }[]
}

function toObject(kind: ObjectKind, catalog: string, row: Row, options: string[]): ReadObject {
  const object = namedObject(kind, qualifiedName(row.schema, row.name), row)
  return {
    ...object,
    create: [`CREATE ${object.reference} (\n    ${options.join(',\n    ')}\n)`],
    addresses: [{ catalog, oid: row.oid }],
  }
}

/** Reads parsers of text search. */
export const readTextSearchParsers: Reader = async ({ connection }) => {
  const rows = await connection.run<ParserRow>(`
    select p.oid, n.nspname as schema, p.prsname as name, null as owner, obj_description(p.oid, 'pg_ts_parser') as comment,
           p.prsstart as start, p.prstoken as token, p.prsend as end, p.prsheadline as headline, p.prslextype as types
      from pg_ts_parser p
      join pg_namespace n on n.oid = p.prsnamespace
     where ${ownObject('pg_ts_parser', 'p.oid', 'n.nspname')}`)
  return rows.map((row) =>
    toObject('text search parser', 'pg_ts_parser', row, [
      `START = ${row.start}`,
      `GETTOKEN = ${row.token}`,
      `END = ${row.end}`,
      ...(row.headline === '-' ? [] : [`HEADLINE = ${row.headline}`]),
      `LEXTYPES = ${row.types}`,
    ]),
  )
}

/** Reads templates of text search. */
export const readTextSearchTemplates: Reader = async ({ connection }) => {
  const rows = await connection.run<TemplateRow>(`
    select t.oid, n.nspname as schema, t.tmplname as name, null as owner, obj_description(t.oid, 'pg_ts_template') as comment,
           t.tmplinit as init, t.tmpllexize as lexize
      from pg_ts_template t
      join pg_namespace n on n.oid = t.tmplnamespace
     where ${ownObject('pg_ts_template', 't.oid', 'n.nspname')}`)
  return rows.map((row) =>
    toObject('text search template', 'pg_ts_template', row, [
      ...(row.init === '-' ? [] : [`INIT = ${row.init}`]),
      `LEXIZE = ${row.lexize}`,
    ]),
  )
}

/** Reads dictionaries of text search. */
export const readTextSearchDictionaries: Reader = async ({ connection }) => {
  const rows = await connection.run<DictionaryRow>(`
    select d.oid, n.nspname as schema, d.dictname as name, pg_get_userbyid(d.dictowner) as owner,
           obj_description(d.oid, 'pg_ts_dict') as comment, quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) as template,
           d.dictinitoption as options
      from pg_ts_dict d
      join pg_namespace n on n.oid = d.dictnamespace
      join pg_ts_template t on t.oid = d.dicttemplate
      join pg_namespace tn on tn.oid = t.tmplnamespace
     where ${ownObject('pg_ts_dict', 'd.oid', 'n.nspname')}`)
  // The server keeps the options as they stand in the statement.
  return rows.map((row) =>
    toObject('text search dictionary', 'pg_ts_dict', row, [
      `TEMPLATE = ${row.template}`,
      ...(row.options === null ? [] : [row.options]),
    ]),
  )
}

/** Reads configurations of text search, with what looks up each type of token. */
export const readTextSearchConfigurations: Reader = async ({ connection }) => {
  const rows = await connection.run<ConfigurationRow>(`
    select c.oid, n.nspname as schema, c.cfgname as name, pg_get_userbyid(c.cfgowner) as owner,
           obj_description(c.oid, 'pg_ts_config') as comment, quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) as parser,
           coalesce((
             select json_agg(json_build_object('token', token.alias, 'dictionaries', mapped.dictionaries) order by token.tokid)
               from ts_token_type(c.cfgparser) token
               join (select m.maptokentype, string_agg(m.mapdict::oid::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
                       from pg_ts_config_map m where m.mapcfg = c.oid group by m.maptokentype) mapped
                 on mapped.maptokentype = token.tokid), '[]') as mappings
      from pg_ts_config c
      join pg_namespace n on n.oid = c.cfgnamespace
      join pg_ts_parser p on p.oid = c.cfgparser
      join pg_namespace pn on pn.oid = p.prsnamespace
     where ${ownObject('pg_ts_config', 'c.oid', 'n.nspname')}`)
  return rows.map((row) => {
    const object = toObject('text search configuration', 'pg_ts_config', row, [`PARSER = ${row.parser}`])
    const mappings = row.mappings.map(
      ({ token, dictionaries }) =>
        `ALTER ${object.reference}\n    ADD MAPPING FOR ${quoteName(token)} WITH ${dictionaries}`,
    )
    return { ...object, create: [...object.create, ...mappings] }
  })
}
