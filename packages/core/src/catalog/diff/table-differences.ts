import type { Column, TableDetail } from '../model.ts'
import { same } from './objects.ts'

/** What of a table is not its columns and can be compared as it is. `inheritsLater` follows from the order of columns. */
const plain = [
  'unlogged',
  'ofType',
  'foreign',
  'partitionBy',
  'partitionOf',
  'inherits',
  'options',
  'accessMethod',
  'tablespace',
  'rowSecurity',
  'forceRowSecurity',
  'replicaIdentity',
] as const

const called: Partial<Record<(typeof plain)[number], string>> = {
  ofType: 'type',
  partitionBy: 'partition key',
  partitionOf: 'partition of',
  accessMethod: 'access method',
  rowSecurity: 'row security',
  forceRowSecurity: 'forced row security',
  replicaIdentity: 'replica identity',
}

/** Lists what differs between two states of a table of that name. `named`: the constraints NOT NULL have names in both. */
export function tableDifferences(table: string, before: TableDetail, after: TableDetail, named: boolean): string[] {
  const [one, other] = [columnsOf(before), columnsOf(after)]
  return [
    ...after.columns.filter(({ name }) => !one.has(name)).map(({ name, type }) => `column ${name} added: ${type}`),
    ...before.columns.filter(({ name }) => !other.has(name)).map(({ name, type }) => `column ${name} dropped: ${type}`),
    ...before.columns.flatMap((column) => {
      const changed = other.get(column.name)
      return changed === undefined ? [] : columnDifferences(table, column, changed, named)
    }),
    ...plain.flatMap((field) =>
      same(before[field], after[field])
        ? []
        : [`${called[field] ?? field} ${words(before[field])} → ${words(after[field])}`],
    ),
  ]
}

export function columnsOf({ columns }: Pick<TableDetail, 'columns'>): Map<string, Column> {
  return new Map(columns.map((column) => [column.name, column]))
}

/** Lists what differs in a column, but for its default, which is an object of its own. */
function columnDifferences(table: string, before: Column, after: Column, named: boolean): string[] {
  const [one, other] = [factsOf(table, before, named), factsOf(table, after, named)]
  return Object.entries(one).flatMap(([fact, value]) => {
    const now = other[fact] ?? 'none'
    return value === now ? [] : [`column ${before.name}: ${fact} ${value} → ${now}`]
  })
}

function factsOf(table: string, column: Column, named: boolean): Record<string, string> {
  const { generated, identity, notNullName, notNullNoInherit } = column
  const usual = notNullName === null || notNullName === `${table}_${column.name}_not_null`
  const constraint = `yes${usual ? '' : ` (${notNullName})`}${notNullNoInherit ? ' NO INHERIT' : ''}`
  return {
    type: column.type,
    collation: column.collation ?? 'none',
    'not null': column.notNull ? (named ? constraint : 'yes') : 'no',
    generated: generated === null ? 'no' : `${generated.expression} ${generated.stored ? 'stored' : 'virtual'}`,
    identity: identity === null ? 'no' : `${identity.always ? 'always' : 'by default'} ${identity.options}`.trim(),
    storage: column.storage ?? 'default',
    compression: column.compression ?? 'default',
    'statistics target': String(column.statisticsTarget ?? 'default'),
    options: column.options.join(', ') || 'none',
    'foreign options': column.foreignOptions ?? 'none',
  }
}

function words(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' ? Object.values(value).join(' ') : String(value)
}
