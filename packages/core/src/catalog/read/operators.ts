import { quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { operatorName } from './operator-name.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  schema: string
  name: string
  owner: string
  left: string | null
  right: string
  call: string
  commutator: string | null
  negator: string | null
  merges: boolean
  hashes: boolean
  restrict: string
  join: string
  comment: string | null
}

/**
 * Reads operators. Of two that name each other the first that is made makes a promise of the other one. A promise that nobody kept has
 * no function: it comes again with the operator that names it, and is told of where none does.
 */
export const readOperators: Reader = async ({ connection, uncovered }) => {
  const rows = await connection.run<Row & { named: boolean }>(`
    select o.oid, n.nspname as schema, o.oprname as name, pg_get_userbyid(o.oprowner) as owner,
           case when o.oprleft <> 0 then format_type(o.oprleft, null) end as left, format_type(o.oprright, null) as right,
           o.oprcode as call, ${operatorName('o.oprcom')} as commutator, ${operatorName('o.oprnegate')} as negator,
           o.oprcanmerge as merges, o.oprcanhash as hashes, o.oprrest as restrict, o.oprjoin as join,
           obj_description(o.oid, 'pg_operator') as comment,
           exists (select from pg_operator other where o.oid in (other.oprcom, other.oprnegate)) as named
      from pg_operator o
      join pg_namespace n on n.oid = o.oprnamespace
     where ${ownObject('pg_operator', 'o.oid', 'n.nspname')}`)
  return rows.flatMap((row) => {
    if (row.call !== '-') return [toObject(row)]
    const { reference } = toObject(row)
    if (!row.named) uncovered({ object: reference, why: 'It has no function, and no other operator names it.' })
    return []
  })
}

function toObject(row: Row): ReadObject {
  const { oid, schema, name, left, right } = row
  const quoted = `${quoteName(schema)}.${name}`
  const types = `(${left ?? 'NONE'}, ${right})`
  const options = [
    `FUNCTION = ${row.call}`,
    ...(left === null ? [] : [`LEFTARG = ${left}`]),
    `RIGHTARG = ${right}`,
    ...(row.commutator === null ? [] : [`COMMUTATOR = ${row.commutator}`]),
    ...(row.negator === null ? [] : [`NEGATOR = ${row.negator}`]),
    ...(row.merges ? ['MERGES'] : []),
    ...(row.hashes ? ['HASHES'] : []),
    ...(row.restrict === '-' ? [] : [`RESTRICT = ${row.restrict}`]),
    ...(row.join === '-' ? [] : [`JOIN = ${row.join}`]),
  ]
  return {
    ...namedObject('operator', `${quoted} ${types}`, { ...row, name: `${name} ${types}` }),
    create: [`CREATE OPERATOR ${quoted} (\n    ${options.join(',\n    ')}\n)`],
    addresses: [{ catalog: 'pg_operator', oid }],
  }
}
