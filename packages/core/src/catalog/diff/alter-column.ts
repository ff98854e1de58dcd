import type { Column, TableDetail } from '../model.ts'
import { quoteName } from '../quote.ts'
import { renderIdentity } from '../render.ts'
import { same } from './objects.ts'

/** Writes what brings the settings of a column to another state: all but its type, its default and whether it is generated. */
export function alterColumn(table: string, before: Column, after: Column, context: AlterContext): string[] {
  const name = quoteName(after.name)
  // Children say for themselves what they have.
  const of = `ALTER TABLE ONLY ${table} ALTER COLUMN ${name}`
  return [
    ...alterNotNull(table, before, after, context),
    ...alterIdentity(table, before, after),
    ...(before.storage === after.storage ? [] : [`${of} SET STORAGE ${after.storage ?? 'DEFAULT'}`]),
    ...(before.compression === after.compression ? [] : [`${of} SET COMPRESSION ${after.compression ?? 'default'}`]),
    ...(before.statisticsTarget === after.statisticsTarget
      ? []
      : [`${of} SET STATISTICS ${after.statisticsTarget ?? -1}`]),
    ...alterOptions(of, before.options, after.options),
  ]
}

export interface AlterContext {
  /** The table's name without quotes and schema. */
  readonly tableName: string
  /** The constraints NOT NULL have names. */
  readonly named: boolean
  /** Names of such constraints that are in use: PostgreSQL would make up others. */
  readonly taken: ReadonlySet<string>
  /** A parent that stays has it as NOT NULL, and hands this on. */
  readonly inherited: boolean
}

function alterNotNull(
  table: string,
  before: Column,
  after: Column,
  { tableName, named, taken, inherited }: AlterContext,
): string[] {
  const alter = `ALTER TABLE ${table}`
  const name = quoteName(after.name)
  if (before.notNull && !after.notNull) return [`${alter} ALTER COLUMN ${name} DROP NOT NULL`]
  if (!after.notNull || inherited) return []
  const usual = `${tableName}_${after.name}_not_null`
  const add =
    after.notNullName === null && !after.notNullNoInherit && !(named && taken.has(usual))
      ? `${alter} ALTER COLUMN ${name} SET NOT NULL`
      : `${alter} ADD CONSTRAINT ${quoteName(after.notNullName ?? usual)} NOT NULL ${name}${after.notNullNoInherit ? ' NO INHERIT' : ''}`
  if (!before.notNull) return [add]
  if (!named) return []
  if (before.notNullNoInherit !== after.notNullNoInherit) return [`${alter} ALTER COLUMN ${name} DROP NOT NULL`, add]
  const [old, now] = [before.notNullName ?? usual, after.notNullName ?? usual]
  return old === now ? [] : [`${alter} RENAME CONSTRAINT ${quoteName(old)} TO ${quoteName(now)}`]
}

function alterIdentity(table: string, before: Column, after: Column): string[] {
  const name = quoteName(after.name)
  const of = `ALTER TABLE ${table} ALTER COLUMN ${name}`
  const identity = after.identity
  if (identity === null) return []
  if (isIdentityMadeAnew(before, after))
    return [`${of} ADD ${renderIdentity(identity)}`, ...goOnBehindRows(table, after)]
  if (same(before.identity, identity)) return []
  const old = identityOptions(before.type, before.identity?.options ?? '')
  const options = identityOptions(after.type, identity.options).filter((option) => !old.includes(option))
  return [
    [
      of,
      ...(before.identity?.always === identity.always
        ? []
        : [`SET GENERATED ${identity.always ? 'ALWAYS' : 'BY DEFAULT'}`]),
      ...options.map((option) => `SET ${option}`),
    ].join(' '),
  ]
}

/** Whether ADD GENERATED gives a column its sequence, and not SET: its name or persistence is another one. */
export function isIdentityMadeAnew(before: Column, after: Column): boolean {
  const place = (column: Column) =>
    /(SEQUENCE NAME (?:"(?:[^"]|"")*"|[\w.])+ ?)?(UNLOGGED|LOGGED)?/.exec(column.identity?.options ?? '')?.[0]
  return after.identity !== null && (before.identity === null || place(before) !== place(after))
}

/** The rows that are there have numbers already. Says nothing of a sequence that counts in a way of its own. */
function goOnBehindRows(table: string, { name, identity }: Column): string[] {
  if (identity === null || /INCREMENT|MINVALUE|MAXVALUE|START/.test(identity.options)) return []
  const column = quoteName(name)
  const sequence = `pg_catalog.pg_get_serial_sequence('${table.replaceAll("'", "''")}', '${name.replaceAll("'", "''")}')`
  return [`SELECT pg_catalog.setval(${sequence}, max(${column})) FROM ${table} HAVING max(${column}) > 0`]
}

/** All options of the sequence of an identity column, also those that it has by itself. */
function identityOptions(type: string, options: string): string[] {
  const bits = { smallint: 15n, integer: 31n }[type] ?? 63n
  const given = (word: string) => new RegExp(`(?:^| )${word} (-?\\d+)`).exec(options)?.[1]
  const increment = given('INCREMENT BY') ?? '1'
  const ascending = !increment.startsWith('-')
  const minimum = given('MINVALUE') ?? (ascending ? '1' : String(-(2n ** bits)))
  const maximum = given('MAXVALUE') ?? (ascending ? String(2n ** bits - 1n) : '-1')
  return [
    `INCREMENT BY ${increment}`,
    `MINVALUE ${minimum}`,
    `MAXVALUE ${maximum}`,
    `START WITH ${given('START WITH') ?? (ascending ? minimum : maximum)}`,
    `CACHE ${given('CACHE') ?? '1'}`,
    /(^| )CYCLE/.test(options) ? 'CYCLE' : 'NO CYCLE',
  ]
}

/** Sets and resets options, `name=value`. */
function alterOptions(alter: string, before: readonly string[], after: readonly string[]): string[] {
  const key = (option: string) => option.slice(0, option.indexOf('='))
  const keys = new Set(after.map(key))
  const gone = before.map(key).filter((name) => !keys.has(name))
  const set = after.filter((option) => !before.includes(option))
  return [
    ...(gone.length > 0 ? [`${alter} RESET (${gone.join(', ')})`] : []),
    ...(set.length > 0 ? [`${alter} SET (${set.join(', ')})`] : []),
  ]
}

/** Writes what brings a table's own settings to another state. `alter`: `ALTER TABLE ONLY t`. */
export function alterSettings(alter: string, before: TableDetail, after: TableDetail): string[] {
  const changed = (field: keyof TableDetail) => before[field] !== after[field]
  return [
    ...(changed('accessMethod') ? [`${alter} SET ACCESS METHOD ${after.accessMethod ?? 'heap'}`] : []),
    ...(changed('unlogged') ? [`${alter} SET ${after.unlogged ? 'UNLOGGED' : 'LOGGED'}`] : []),
    ...(changed('tablespace') ? [`${alter} SET TABLESPACE ${after.tablespace ?? 'pg_default'}`] : []),
    ...alterOptions(alter, before.options, after.options),
    ...(changed('rowSecurity') ? [`${alter} ${after.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY`] : []),
    ...(changed('forceRowSecurity') ? [`${alter} ${after.forceRowSecurity ? '' : 'NO '}FORCE ROW LEVEL SECURITY`] : []),
  ]
}
