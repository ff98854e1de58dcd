import { quoteName, quoteText } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { notOfExtension } from './own.ts'
import type { ReadObject, Reader, Reading } from './reading.ts'

interface Option {
  name: string
  value: string
}

interface WrapperRow {
  oid: number
  name: string
  owner: string
  comment: string | null
  handler: string
  validator: string
  options: Option[]
}

interface ServerRow {
  oid: number
  name: string
  owner: string
  comment: string | null
  type: string | null
  version: string | null
  wrapper: string
  options: Option[]
}

interface MappingRow {
  oid: number
  role: string | null
  server: string
  readable: boolean
  options: Option[]
}

/** SQL for options as JSON. */
function optionList(column: string): string {
  return `coalesce((select json_agg(json_build_object('name', option_name, 'value', option_value) order by option_name collate "C")
                      from pg_options_to_table(${column})), '[]')`
}

/** What holds a secret, by the names that foreign data wrappers give to it. A file that is named is none. */
const secretName =
  /passw(or)?d$|passphrase|passcode|secret|token|credential|authorization|api_?key|access_?key|private_?key$/i

/** A password inside of a connection string. */
const secretValue = /:\/\/[^/@\s]*:[^/@\s]+@|passw(or)?d\s*=/i

function renderOptions({ uncovered }: Reading, object: string, options: readonly Option[]): string {
  const hidden = options.filter(({ name, value }) => secretName.test(name) || secretValue.test(value))
  for (const { name } of hidden)
    uncovered({
      object,
      why: `Its option ${name} holds a secret, which is not written. Set it again where you load this.`,
    })
  const shown = options.filter((option) => !hidden.includes(option))
  if (shown.length === 0) return ''
  return ` OPTIONS (\n    ${shown.map(({ name, value }) => `${quoteName(name)} ${quoteText(value)}`).join(',\n    ')}\n)`
}

/** Reads foreign data wrappers. */
export const readForeignDataWrappers: Reader = async (reading) => {
  const rows = await reading.connection.run<WrapperRow>(`
    select f.oid, f.fdwname as name, pg_get_userbyid(f.fdwowner) as owner,
           obj_description(f.oid, 'pg_foreign_data_wrapper') as comment, f.fdwhandler::regproc as handler,
           f.fdwvalidator::regproc as validator, ${optionList('f.fdwoptions')} as options
      from pg_foreign_data_wrapper f
     where ${notOfExtension('pg_foreign_data_wrapper', 'f.oid')}`)
  return rows.map((row): ReadObject => {
    const { oid, name, handler, validator, options } = row
    const object = namedObject('foreign data wrapper', quoteName(name), row)
    const functions = [
      ...(handler === '-' ? [] : [` HANDLER ${handler}`]),
      ...(validator === '-' ? [] : [` VALIDATOR ${validator}`]),
    ]
    return {
      ...object,
      create: [`CREATE ${object.reference}${functions.join('')}${renderOptions(reading, object.id, options)}`],
      addresses: [{ catalog: 'pg_foreign_data_wrapper', oid }],
    }
  })
}

/** Reads foreign servers. */
export const readServers: Reader = async (reading) => {
  const rows = await reading.connection.run<ServerRow>(`
    select s.oid, s.srvname as name, pg_get_userbyid(s.srvowner) as owner, obj_description(s.oid, 'pg_foreign_server') as comment,
           s.srvtype as type, s.srvversion as version, f.fdwname as wrapper, ${optionList('s.srvoptions')} as options
      from pg_foreign_server s
      join pg_foreign_data_wrapper f on f.oid = s.srvfdw
     where ${notOfExtension('pg_foreign_server', 's.oid')}`)
  return rows.map((row): ReadObject => {
    const { oid, name, type, version, wrapper, options } = row
    const object = namedObject('server', quoteName(name), row)
    const clauses = [
      ...(type === null || type === '' ? [] : [` TYPE ${quoteText(type)}`]),
      ...(version === null || version === '' ? [] : [` VERSION ${quoteText(version)}`]),
      ` FOREIGN DATA WRAPPER ${quoteName(wrapper)}`,
    ]
    return {
      ...object,
      create: [`CREATE ${object.reference}${clauses.join('')}${renderOptions(reading, object.id, options)}`],
      addresses: [{ catalog: 'pg_foreign_server', oid }],
    }
  })
}

/** Reads user mappings, without what is secret in their options. */
export const readUserMappings: Reader = async (reading) => {
  // The view shows options to whom they concern alone: https://www.postgresql.org/docs/current/view-pg-user-mappings.html
  const rows = await reading.connection.run<MappingRow>(`
    select m.umid as oid, case when m.umuser <> 0 then m.usename end as role, m.srvname as server,
           (select rolsuper from pg_roles where rolname = current_user)
             or (m.umuser <> 0 and m.usename = current_user
                 and (pg_has_role(s.srvowner, 'usage') or has_server_privilege(s.oid, 'usage')))
             or (m.umuser = 0 and pg_has_role(s.srvowner, 'usage')) as readable,
           ${optionList('m.umoptions')} as options
      from pg_user_mappings m
      join pg_foreign_server s on s.oid = m.srvid
     where ${notOfExtension('pg_user_mapping', 'm.umid')}`)
  return rows.map(({ oid, role, server, readable, options }): ReadObject => {
    const name = `FOR ${role === null ? 'PUBLIC' : quoteName(role)} SERVER ${quoteName(server)}`
    const object = namedObject('user mapping', name, { name })
    if (!readable)
      reading.uncovered({
        object: object.id,
        why: 'Its options can be read by a superuser, or by whom they are for, alone.',
      })
    return {
      ...object,
      of: `server ${quoteName(server)}`,
      create: [`CREATE ${object.reference}${renderOptions(reading, object.id, options)}`],
      addresses: [{ catalog: 'pg_user_mapping', oid }],
    }
  })
}
