import type { Column, SequenceDetail, TableDetail } from './model.ts'
import { quoteName } from './quote.ts'

/** What the CREATE of a table has in it besides its columns: by the column's name, and in the list behind them. */
export interface Inlined {
  readonly defaults: ReadonlyMap<string, string>
  readonly constraints: readonly string[]
}

const nothingInlined: Inlined = { defaults: new Map(), constraints: [] }

/** Writes what makes a table: CREATE TABLE, and what it has no clause for. `name` is quoted. */
export function renderTable(name: string, table: TableDetail, inlined: Inlined = nothingInlined): string[] {
  const foreign = table.foreign === null ? '' : 'FOREIGN '
  const lines = [...table.columns.flatMap((column) => renderColumn(table, column, inlined)), ...inlined.constraints]
  const list = lines.length > 0 ? ` (\n    ${lines.join(',\n    ')}\n)` : table.ofType === null ? ' (\n)' : ''
  const create = [
    `CREATE ${table.unlogged ? 'UNLOGGED ' : ''}${foreign}TABLE ${name}`,
    table.ofType === null ? '' : ` OF ${table.ofType}`,
    list,
    table.inherits.length > 0 && !table.inheritsLater
      ? `\nINHERITS (${table.inherits.map(withoutKind).join(', ')})`
      : '',
    table.partitionBy === null ? '' : `\nPARTITION BY ${table.partitionBy}`,
    table.foreign === null ? '' : `\nSERVER ${table.foreign.server}`,
    table.accessMethod === null ? '' : `\nUSING ${table.accessMethod}`,
    table.options.length > 0 ? `\nWITH (${table.options.join(', ')})` : '',
    table.tablespace === null ? '' : `\nTABLESPACE ${table.tablespace}`,
    table.foreign === null || table.foreign.options === '' ? '' : `\nOPTIONS (\n    ${table.foreign.options}\n)`,
  ].join('')
  const alter = `ALTER ${foreign}TABLE ONLY ${name}`
  const inherit = table.inheritsLater ? table.inherits.map((parent) => `${alter} INHERIT ${withoutKind(parent)}`) : []
  const statements = [
    create,
    ...inherit,
    ...table.columns.flatMap((column) => renderColumnSettings(alter, column, table)),
  ]
  if (/^(NOTHING|FULL)$/.test(table.replicaIdentity))
    statements.push(`${alter} REPLICA IDENTITY ${table.replicaIdentity}`)
  if (table.partitionOf !== null) {
    const { parent, bound } = table.partitionOf
    statements.push(`ALTER TABLE ONLY ${withoutKind(parent)} ATTACH PARTITION ${name} ${bound}`)
  }
  if (table.rowSecurity) statements.push(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`)
  if (table.forceRowSecurity) statements.push(`${alter} FORCE ROW LEVEL SECURITY`)
  return statements
}

/** Writes a column as it stands in CREATE TABLE; nothing for one that is only inherited. */
export function renderColumn(table: TableDetail, column: Column, { defaults }: Inlined): string[] {
  const notNull = renderNotNull(column)
  if (column.inherited) {
    // Not in the standard, but what PostgreSQL itself says for a constraint of a column that comes from a parent.
    if (notNull === '') return []
    const name = column.notNullName === null ? '' : `CONSTRAINT ${quoteName(column.notNullName)} `
    return [`${name}NOT NULL ${quoteName(column.name)}${column.notNullNoInherit ? ' NO INHERIT' : ''}`]
  }
  const initial = defaults.get(column.name)
  const value = [
    column.generated === null
      ? ''
      : ` GENERATED ALWAYS AS (${column.generated.expression})${column.generated.stored ? ' STORED' : ''}`,
    initial === undefined ? '' : ` ${initial}`,
    column.identity === null ? '' : ` ${renderIdentity(column.identity)}`,
  ].join('')
  if (table.ofType !== null && value === '' && notNull === '') return []
  const type = table.ofType === null ? ` ${column.type}` : ''
  const collation = column.collation === null ? '' : ` COLLATE ${column.collation}`
  return [`${quoteName(column.name)}${type}${collation}${value}${notNull}`]
}

function renderNotNull({ notNull, notNullHere, notNullName, notNullNoInherit }: Column): string {
  if (!notNull || !notNullHere) return ''
  const name = notNullName === null ? '' : ` CONSTRAINT ${quoteName(notNullName)}`
  return `${name} NOT NULL${notNullNoInherit ? ' NO INHERIT' : ''}`
}

export function renderIdentity({ always, options }: NonNullable<Column['identity']>): string {
  return `GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options === '' ? '' : ` (${options})`}`
}

/** Writes what has no place in CREATE TABLE. */
export function renderColumnSettings(alter: string, column: Column, table?: TableDetail): string[] {
  const of = `${alter} ALTER COLUMN ${quoteName(column.name)}`
  const statements: string[] = []
  if (column.inherited && column.identity !== null) statements.push(`${of} ADD ${renderIdentity(column.identity)}`)
  if (column.statisticsTarget !== null) statements.push(`${of} SET STATISTICS ${column.statisticsTarget}`)
  if (column.storage !== null) statements.push(`${of} SET STORAGE ${column.storage}`)
  if (column.compression !== null) statements.push(`${of} SET COMPRESSION ${column.compression}`)
  if (column.options.length > 0) statements.push(`${of} SET (${column.options.join(', ')})`)
  if (table?.foreign && column.foreignOptions !== null)
    statements.push(`${of} OPTIONS (\n    ${column.foreignOptions}\n)`)
  return statements
}

/** Writes the options of a sequence that are not those that it has by itself. */
export function renderSequenceOptions(sequence: Omit<SequenceDetail, 'kind' | 'unlogged' | 'ownedBy'>): string[] {
  const bits = { smallint: 15n, integer: 31n, bigint: 63n }[sequence.type] ?? 63n
  const ascending = !sequence.increment.startsWith('-')
  const minimum = ascending ? '1' : String(-(2n ** bits))
  const maximum = ascending ? String(2n ** bits - 1n) : '-1'
  const options: string[] = []
  if (sequence.start !== (ascending ? sequence.minimum : sequence.maximum)) options.push(`START WITH ${sequence.start}`)
  if (sequence.increment !== '1') options.push(`INCREMENT BY ${sequence.increment}`)
  if (sequence.minimum !== minimum) options.push(`MINVALUE ${sequence.minimum}`)
  if (sequence.maximum !== maximum) options.push(`MAXVALUE ${sequence.maximum}`)
  if (sequence.cache !== '1') options.push(`CACHE ${sequence.cache}`)
  if (sequence.cycle) options.push('CYCLE')
  return options
}

/** `table public.users` → `public.users`. */
export function withoutKind(id: string): string {
  return id.replace(/^(foreign table|materialized view|[a-z]+) /, '')
}
