import { qualifiedName, quoteText } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { operatorName } from './operator-name.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface Row {
  oid: number
  schema: string
  name: string
  owner: string
  types: string
  arguments: string
  identityArguments: string
  comment: string | null
  parallel: string
  kind: string
  transition: string
  transitionType: string
  transitionSpace: number
  initial: string | null
  final: string
  finalExtra: boolean
  finalModify: string
  combine: string
  serialize: string
  deserialize: string
  movingTransition: string
  movingInverse: string
  movingType: string
  movingSpace: number
  movingInitial: string | null
  movingFinal: string
  movingFinalExtra: boolean
  movingFinalModify: string
  sortOperator: string | null
}

/** Reads aggregates: plain, ordered-set and hypothetical-set ones. */
export const readAggregates: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select p.oid, n.nspname as schema, p.proname as name, pg_get_userbyid(p.proowner) as owner,
           oidvectortypes(p.proargtypes) as types, pg_get_function_arguments(p.oid) as arguments,
           pg_get_function_identity_arguments(p.oid) as "identityArguments", obj_description(p.oid, 'pg_proc') as comment,
           p.proparallel as parallel, a.aggkind as kind, a.aggtransfn as transition,
           format_type(a.aggtranstype, null) as "transitionType", a.aggtransspace as "transitionSpace", a.agginitval as initial,
           a.aggfinalfn as final, a.aggfinalextra as "finalExtra", a.aggfinalmodify as "finalModify", a.aggcombinefn as combine,
           a.aggserialfn as serialize, a.aggdeserialfn as deserialize, a.aggmtransfn as "movingTransition",
           a.aggminvtransfn as "movingInverse", format_type(a.aggmtranstype, null) as "movingType", a.aggmtransspace as "movingSpace",
           a.aggminitval as "movingInitial", a.aggmfinalfn as "movingFinal", a.aggmfinalextra as "movingFinalExtra",
           a.aggmfinalmodify as "movingFinalModify", ${operatorName('a.aggsortop')} as "sortOperator"
      from pg_aggregate a
      join pg_proc p on p.oid = a.aggfnoid
      join pg_namespace n on n.oid = p.pronamespace
     where ${ownObject('pg_proc', 'p.oid', 'n.nspname')}`)
  return rows.map(toObject)
}

function toObject(row: Row): ReadObject {
  const quoted = qualifiedName(row.schema, row.name)
  const types = row.types === '' ? '*' : row.types
  // COMMENT, ALTER and DROP want the arguments as they are declared, with ORDER BY; GRANT wants the types alone.
  const called = `${quoted}(${row.types === '' ? '*' : row.identityArguments})`
  const declared = `${quoted}(${row.types === '' ? '*' : row.arguments})`
  return {
    ...namedObject('aggregate', called, { ...row, name: `${row.name}(${types})` }),
    id: `aggregate ${quoted}(${types})`,
    create: [`CREATE AGGREGATE ${declared} (\n    ${options(row).join(',\n    ')}\n)`],
    addresses: [{ catalog: 'pg_proc', oid: row.oid }],
  }
}

const modes: Readonly<Record<string, string>> = { r: 'READ_ONLY', s: 'SHAREABLE', w: 'READ_WRITE' }

function options(row: Row): string[] {
  // What it is without being said depends on the kind: src/backend/commands/aggregatecmds.c.
  const usualMode = row.kind === 'n' ? 'r' : 'w'
  const final = (prefix: string, call: string, extra: boolean, mode: string) =>
    given(call, [
      `${prefix}FINALFUNC = ${call}`,
      ...(extra ? [`${prefix}FINALFUNC_EXTRA`] : []),
      ...(mode === usualMode ? [] : [`${prefix}FINALFUNC_MODIFY = ${modes[mode] ?? mode}`]),
    ])
  return [
    `SFUNC = ${row.transition}`,
    `STYPE = ${row.transitionType}`,
    ...(row.transitionSpace === 0 ? [] : [`SSPACE = ${row.transitionSpace}`]),
    ...(row.initial === null ? [] : [`INITCOND = ${quoteText(row.initial)}`]),
    ...final('', row.final, row.finalExtra, row.finalModify),
    ...given(row.combine, [`COMBINEFUNC = ${row.combine}`]),
    ...given(row.serialize, [`SERIALFUNC = ${row.serialize}`]),
    ...given(row.deserialize, [`DESERIALFUNC = ${row.deserialize}`]),
    ...given(row.movingTransition, [
      `MSFUNC = ${row.movingTransition}`,
      `MINVFUNC = ${row.movingInverse}`,
      `MSTYPE = ${row.movingType}`,
    ]),
    ...(row.movingSpace === 0 ? [] : [`MSSPACE = ${row.movingSpace}`]),
    ...(row.movingInitial === null ? [] : [`MINITCOND = ${quoteText(row.movingInitial)}`]),
    ...final('M', row.movingFinal, row.movingFinalExtra, row.movingFinalModify),
    ...(row.sortOperator === null ? [] : [`SORTOP = ${row.sortOperator}`]),
    ...(row.kind === 'h' ? ['HYPOTHETICAL'] : []),
    ...(row.parallel === 's' ? ['PARALLEL = SAFE'] : row.parallel === 'r' ? ['PARALLEL = RESTRICTED'] : []),
  ]
}

/** A function that is not there is written `-`. */
function given(call: string, text: string[]): string[] {
  return call === '-' ? [] : text
}
