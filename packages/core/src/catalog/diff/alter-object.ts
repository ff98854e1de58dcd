import type { DomainDetail, SchemaObject, SequenceDetail } from '../model.ts'
import { quoteName, quoteText } from '../quote.ts'
import { addedLabels, changedAttributes, isValidated, laterStatements } from './alterable.ts'
import { beyondDetail, same } from './objects.ts'
import type { ColumnPlan } from './plan.ts'
import { type CompareOptions } from './compare.ts'

/** Writes what brings an object, but a table, to another state without dropping it. */
export function alterObject(before: SchemaObject, after: SchemaObject): string[] {
  const [one, other] = [before.detail, after.detail]
  const alter = `ALTER ${after.reference}`
  const [first = ''] = after.create
  const beyond = beyondDetail(after).filter((statement) => !beyondDetail(before).includes(statement))
  if (one?.kind === 'enum' && other?.kind === 'enum')
    return (addedLabels(one.labels, other.labels) ?? []).map((added) => `${alter} ${added}`)
  if (one?.kind === 'sequence' && other?.kind === 'sequence') return alterSequence(alter, one, other)
  if (one?.kind === 'domain' && other?.kind === 'domain')
    return [...alterDomain(alter, one, other, after.name), ...beyond]
  if (one?.kind === 'composite' && other?.kind === 'composite') {
    const { dropped = [], added = [] } = changedAttributes(one.attributes, other.attributes) ?? {}
    return [
      ...dropped.map(({ name }) => `${alter} DROP ATTRIBUTE ${quoteName(name)}`),
      ...added.map(
        ({ name, type, collation }) =>
          `${alter} ADD ATTRIBUTE ${quoteName(name)} ${type}${collation === null ? '' : ` COLLATE ${collation}`}`,
      ),
      ...beyond,
    ]
  }
  if (same(before.create, after.create)) return []
  switch (after.kind) {
    case 'view':
    case 'function':
    case 'procedure':
      return [first.replace(/^CREATE/, 'CREATE OR REPLACE'), ...beyond]
    case 'extension':
      return [`${alter} SET SCHEMA ${/ WITH SCHEMA (.*)$/.exec(first)?.[1]}`]
    case 'trigger':
      return [...after.create]
    default:
      if (isValidated(before, after))
        return [
          `ALTER TABLE ${after.reference.replace(/^CONSTRAINT .* ON /s, '')} VALIDATE CONSTRAINT ${quoteName(after.name)}`,
        ]
      return laterStatements(before, after) ?? []
  }
}

function alterSequence(alter: string, before: SequenceDetail, after: SequenceDetail): string[] {
  const { type, start, increment, minimum, maximum, cache, cycle } = after
  const counts = ['type', 'start', 'increment', 'minimum', 'maximum', 'cache', 'cycle'] as const
  // Where it is now may be out of the new bounds.
  const outside = BigInt(before.start) < BigInt(minimum) || BigInt(before.start) > BigInt(maximum)
  return [
    ...(counts.some((field) => before[field] !== after[field])
      ? [
          `${alter} AS ${type} INCREMENT BY ${increment} MINVALUE ${minimum} MAXVALUE ${maximum} START WITH ${start}${
            outside ? ' RESTART' : ''
          } CACHE ${cache} ${cycle ? 'CYCLE' : 'NO CYCLE'}`,
        ]
      : []),
    ...(before.unlogged === after.unlogged ? [] : [`${alter} SET ${after.unlogged ? 'UNLOGGED' : 'LOGGED'}`]),
    ...(before.ownedBy !== null && after.ownedBy === null ? [`${alter} OWNED BY NONE`] : []),
  ]
}

function alterDomain(alter: string, before: DomainDetail, after: DomainDetail, name: string): string[] {
  const statements: string[] = []
  if (before.default !== after.default)
    statements.push(after.default === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${after.default}`)
  if (before.notNull && !after.notNull) statements.push(`${alter} DROP NOT NULL`)
  if (!before.notNull && after.notNull)
    statements.push(
      after.notNullName === null
        ? `${alter} SET NOT NULL`
        : `${alter} ADD CONSTRAINT ${quoteName(after.notNullName)} NOT NULL`,
    )
  const [old, now] = [before.notNullName ?? `${name}_not_null`, after.notNullName ?? `${name}_not_null`]
  if (before.notNull && after.notNull && old !== now)
    statements.push(`${alter} RENAME CONSTRAINT ${quoteName(old)} TO ${quoteName(now)}`)
  return statements
}

/** Writes what changes in what is said about an object: owner, comments, labels and grants. */
export function alterAbout(
  before: SchemaObject,
  after: SchemaObject,
  { owners = false, grants = true }: CompareOptions,
): string[] {
  const { reference } = after
  const granted = grants && !same(before.grants, after.grants)
  const moved = owners && before.owner !== after.owner && after.owner !== null
  const added = after.grants.filter((grant) => !before.grants.includes(grant))
  // What is only added to leaves the rest as it is.
  const onlyMore =
    !moved &&
    before.grants.every((grant) => after.grants.includes(grant)) &&
    added.every((grant) => grant.startsWith('GRANT '))
  return [
    ...(granted && !onlyMore ? takeBack(before.grants) : []),
    ...(moved ? [`ALTER ${reference} OWNER TO ${quoteName(after.owner ?? '')}`] : []),
    ...(before.comment === after.comment ? [] : [comment(reference, after.comment)]),
    ...columnComments(before, after),
    ...labels(before.labels, after.labels),
    ...(granted ? (onlyMore ? added : after.grants) : []),
  ]
}

function comment(on: string, text: string | null): string {
  return `COMMENT ON ${on} IS ${text === null ? 'NULL' : quoteText(text)}`
}

function columnComments(
  { columnComments: before = {} }: SchemaObject,
  { columnComments: after = {}, reference }: SchemaObject,
): string[] {
  const table = reference.replace(/^(FOREIGN TABLE|MATERIALIZED VIEW|[A-Z]+) /, '')
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((column) => before[column] !== after[column])
    .map((column) => comment(`COLUMN ${table}.${quoteName(column)}`, after[column] ?? null))
}

function labels(before: readonly string[] = [], after: readonly string[] = []): string[] {
  const subject = (label: string) => label.slice(0, label.lastIndexOf(' IS '))
  const gone = before.filter((label) => !after.some((other) => subject(other) === subject(label)))
  return [...gone.map((label) => `${subject(label)} IS NULL`), ...after.filter((label) => !before.includes(label))]
}

/** Undoes GRANT and REVOKE statements, the last one first; those under a role of their own stay under it. */
function takeBack(grants: readonly string[]): string[] {
  const undone = grants.map((statement, at) => {
    if (statement === 'RESET ROLE')
      return grants.slice(0, at).findLast((other) => other.startsWith('SET ROLE ')) ?? 'RESET ROLE'
    if (statement.startsWith('SET ROLE ')) return 'RESET ROLE'
    const [, verb, what = '', role = ''] =
      /^(GRANT|REVOKE) (.*) (?:TO|FROM) (.*?)(?: WITH GRANT OPTION)?$/s.exec(statement) ?? []
    return verb === 'GRANT' ? `REVOKE ${what} FROM ${role}` : `GRANT ${what} TO ${role}`
  })
  return undone.toReversed()
}

/** Gives its name to the type that takes its place, and that of its NOT NULL, which PostgreSQL 17 and later would make up again. */
export function moveAway(object: SchemaObject, renamed: string, serverVersion: number): string[] {
  const { detail, name, reference } = object
  const constraint =
    detail?.kind === 'domain' && detail.notNull && serverVersion >= 170000
      ? (detail.notNullName ?? `${name}_not_null`)
      : undefined
  return [
    ...(constraint === undefined
      ? []
      : [
          `ALTER ${reference} RENAME CONSTRAINT ${quoteName(constraint)} TO ${quoteName(`${renamed}_not_null`.slice(-63))}`,
        ]),
    `ALTER ${reference} RENAME TO ${quoteName(renamed)}`,
  ]
}

/** What is said about a table when columns of it are gone. */
export function withoutColumns(table: SchemaObject, { dropped, remade }: ColumnPlan): SchemaObject {
  const gone = [...dropped, ...remade]
  if (gone.length === 0) return table
  const comments = Object.entries(table.columnComments ?? {}).filter(([column]) => !gone.includes(column))
  return {
    ...table,
    columnComments: Object.fromEntries(comments),
    grants: table.grants.filter((grant) => !gone.some((column) => grant.includes(` (${quoteName(column)})`))),
  }
}
