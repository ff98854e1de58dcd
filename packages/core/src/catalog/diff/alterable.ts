import type { CompositeDetail, SchemaObject } from '../model.ts'
import { mentions, nameOf, type Objects, same, meaningOf } from './objects.ts'
import { quoteText } from '../quote.ts'

/** Whether an object can be brought from one state to the other while it is there; otherwise it is dropped and made anew. */
export function isAlterable(before: SchemaObject, after: SchemaObject): boolean {
  const [one, other] = [before.detail, after.detail]
  if (same(meaningOf(before), meaningOf(after))) return true
  switch (after.kind) {
    case 'table':
      if (one?.kind !== 'table' || other?.kind !== 'table') return false
      return one.partitionBy === other.partitionBy
    case 'sequence':
      // One is that of an identity column, and the other is not.
      return before.create.length === after.create.length
    case 'enum':
      return one?.kind === 'enum' && other?.kind === 'enum' && addedLabels(one.labels, other.labels) !== undefined
    case 'domain':
      return (
        one?.kind === 'domain' &&
        other?.kind === 'domain' &&
        one.base === other.base &&
        one.collation === other.collation
      )
    case 'type':
      return (
        one?.kind === 'composite' &&
        other?.kind === 'composite' &&
        changedAttributes(one.attributes, other.attributes) !== undefined
      )
    case 'view':
      // The same columns, and perhaps more behind them.
      return before.standIn === after.standIn || (after.standIn ?? '').startsWith(`${before.standIn},\n`)
    case 'function':
    case 'procedure':
      return signatureOf(before) === signatureOf(after)
    case 'extension':
    case 'schema':
      return true
    case 'trigger':
      // That of a partition is its parent's: only its state is its own.
      return isState(before) && isState(after)
    case 'constraint':
    case 'foreign key':
    case 'index':
      return isValidated(before, after) || laterStatements(before, after) !== undefined
    default:
      return false
  }
}

/** Whether a trigger is only the state of one that a partition has from its parent. */
export function isState({ kind, create }: SchemaObject): boolean {
  return kind === 'trigger' && create.length === 1 && (create[0] ?? '').startsWith('ALTER')
}

/** What CREATE OR REPLACE cannot change: arguments with their names and defaults, and the result. */
function signatureOf({ create: [definition = ''] }: SchemaObject): string {
  return definition.slice(0, definition.indexOf('\n LANGUAGE '))
}

/** Each new label with its neighbour, in the order in which they are added; undefined: labels are gone, or stand in another order. */
export function addedLabels(before: readonly string[], after: readonly string[]): string[] | undefined {
  const kept = after.filter((label) => before.includes(label))
  if (!same(kept, before)) return undefined
  const present = [...before]
  return after
    .filter((label) => !before.includes(label))
    .map((label) => {
      const at = after.indexOf(label)
      const previous = after[at - 1]
      const next = after.slice(at).find((other) => present.includes(other))
      present.push(label)
      if (previous !== undefined) return `ADD VALUE ${quoteText(label)} AFTER ${quoteText(previous)}`
      return `ADD VALUE ${quoteText(label)}${next === undefined ? '' : ` BEFORE ${quoteText(next)}`}`
    })
}

/** A label cannot be used in the transaction that adds it: whether something that is made has one of the new ones. */
export function usesNewLabel(before: SchemaObject, after: SchemaObject, made: Iterable<SchemaObject>): boolean {
  if (before.detail?.kind !== 'enum' || after.detail?.kind !== 'enum') return false
  const old = before.detail.labels
  const added = after.detail.labels.filter((label) => !old.includes(label)).map(quoteText)
  if (added.length === 0) return false
  for (const { create } of made) {
    const text = create.join('\n')
    if (added.some((label) => text.includes(label))) return true
  }
  return false
}

type Attributes = CompositeDetail['attributes']

/** Attributes that are dropped, and those that are added at the end; undefined: no such change leads to the other type. */
export function changedAttributes(
  before: Attributes,
  after: Attributes,
): { dropped: Attributes; added: Attributes } | undefined {
  const names = new Set(after.map(({ name }) => name))
  const kept = before.filter(({ name }) => names.has(name))
  if (!same(after.slice(0, kept.length), kept)) return undefined
  return { dropped: before.filter(({ name }) => !names.has(name)), added: after.slice(kept.length) }
}

/** Whether only its rows were not known to satisfy it. */
export function isValidated(before: SchemaObject, after: SchemaObject): boolean {
  const [one = '', ...rest] = before.create
  const [other = '', ...others] = after.create
  return one === `${other} NOT VALID` && same(rest, others)
}

const takenBack = /^ALTER TABLE \S.* (CLUSTER ON|REPLICA IDENTITY USING INDEX) /

/** What is said of an index or a constraint once it is there, where that alone differs and can be said and taken back. */
export function laterStatements(before: SchemaObject, after: SchemaObject): string[] | undefined {
  const [one, ...rest] = before.create
  const [other, ...others] = after.create
  if (one !== other) return undefined
  const gone = rest.filter((statement) => !others.includes(statement))
  if (gone.some((statement) => !takenBack.test(statement))) return undefined
  const table = /ALTER TABLE (.*) CLUSTER ON /.exec(gone.find((statement) => statement.includes(' CLUSTER ON ')) ?? '')
  return [
    // That another index is the replica identity now is said with that one, or with the table.
    ...(table?.[1] === undefined ? [] : [`ALTER TABLE ${table[1]} SET WITHOUT CLUSTER`]),
    ...others.filter((statement) => !rest.includes(statement)),
  ]
}

/** Types that a column can have: they are moved out of the way, and not dropped, while columns have them. */
export function isType({ kind }: SchemaObject): boolean {
  return kind === 'enum' || kind === 'domain' || kind === 'type' || kind === 'range'
}

/** Finds the object that the type of a column is, if it is a user's: rows of tables and views are such too. */
export function typeOfColumn(type: string, types: ReadonlyMap<string, SchemaObject>): SchemaObject | undefined {
  return types.get(type.replace(/(\[\])+$/, '').replace(/\(.*\)$/, ''))
}

export function typesByName(objects: Objects): Map<string, SchemaObject> {
  const rows = ['table', 'foreign table', 'view', 'materialized view']
  return new Map(
    [...objects.values()]
      .filter((object) => isType(object) || rows.includes(object.kind))
      .flatMap((object) => [nameOf(object), ...multirangeOf(object)].map((name) => [name, object] as const)),
  )
}

function multirangeOf({ kind, create: [definition = ''] }: SchemaObject): string[] {
  const name = kind === 'range' ? /MULTIRANGE_TYPE_NAME = (.*?),?$/m.exec(definition)?.[1] : undefined
  return name === undefined ? [] : [name]
}

/** Whether a type is one with functions of its own for input and output, which go with it and with which it goes. */
export function isBase({ kind, drop }: SchemaObject): boolean {
  return kind === 'type' && drop.endsWith(' CASCADE')
}

/** Whether a text has the name of an object in it, as far as that can be told: of a cast or an operator, it is taken to have. */
export function refersTo(text: string, object: SchemaObject): boolean {
  if (!isType(object) && !['function', 'procedure', 'aggregate', 'sequence', 'collation'].includes(object.kind))
    return true
  return mentions(text, object.reference.replace(/^[A-Z ]+ /, '').replace(/\(.*$/s, ''))
}
