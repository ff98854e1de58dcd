import type { ObjectKind, Schema, SchemaObject } from '../model.ts'
import {
  ancestorsOf,
  beyondDetail,
  byId,
  isCheck,
  meaningOf,
  parentsOf,
  same,
  tableDetail,
  wholeTable,
  type Objects,
} from './objects.ts'
import { tableDifferences } from './table-differences.ts'

export interface CompareOptions {
  /** Compare to whom objects belong. Default: no. */
  owners?: boolean
  /** Compare what was granted. Default: yes. */
  grants?: boolean
}

/** A difference of one object between two schemas. */
export interface Change {
  readonly change: 'created' | 'dropped' | 'changed'
  readonly id: string
  readonly kind: ObjectKind
  /** The `id` of the table, view … that it is a part of. */
  readonly of?: string
  readonly before?: SchemaObject
  readonly after?: SchemaObject
  /** What differs in it, a line each: `column age added: integer`. */
  readonly details: readonly string[]
}

/** Tables in which migrations and seeds note down that they have run: not a part of what is compared. */
const noted = new Set(['schema_migrations', 'schema_migrations_unfinished', 'schema_seeds'])

/**
 * Lists what differs between two schemas, by kind and name of the objects, parts behind what they are a part of. The order of columns does not count, nor whether a column that
 * a table has from a parent is also said to be its own: no statement changes that.
 */
export function compareSchemas(from: Schema, to: Schema, options: CompareOptions = {}): Change[] {
  const named = from.serverVersion >= 180000 && to.serverVersion >= 180000
  const [before, after] = [byId(withoutNotes(from)), byId(withoutNotes(to))]
  const changes: Change[] = []
  const add = (object: SchemaObject, change: Omit<Change, 'id' | 'kind' | 'of'>) => {
    const { id, kind, of } = object
    changes.push({ id, kind, ...(of !== undefined && { of }), ...change })
  }
  for (const [id, object] of before) {
    const other = after.get(id)
    if (!other) {
      if (!isInherited(after, object)) add(object, { change: 'dropped', before: object, details: [] })
      continue
    }
    const details = differences(whole(before, object), whole(after, other), named, options)
    if (details.length > 0) add(object, { change: 'changed', before: object, after: other, details })
  }
  for (const [id, object] of after) {
    if (!before.has(id) && !isInherited(before, object)) add(object, { change: 'created', after: object, details: [] })
  }
  const keyOf = ({ id, of }: Change) => (of === undefined ? id : `${of}\u0001${id}`)
  return changes.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
}

export function withoutNotes(schema: Schema): Schema {
  const left = new Set(
    schema.objects.filter(({ kind, name }) => kind === 'table' && noted.has(name)).map(({ id }) => id),
  )
  if (left.size === 0) return schema
  return {
    ...schema,
    objects: schema.objects.filter(({ id, of }) => !left.has(id) && (of === undefined || !left.has(of))),
  }
}

function whole(objects: Objects, object: SchemaObject): SchemaObject {
  const detail = wholeTable(objects, object.id)
  if (!detail) return object
  const above = new Set(parentsOf(object).flatMap((parent) => notNullColumns(objects.get(parent))))
  // Nobody gives a name to what comes from a parent.
  const columns = detail.columns.map((column) =>
    above.has(column.name) ? { ...column, notNullName: null, notNullNoInherit: false } : column,
  )
  return { ...object, detail: { ...detail, columns } }
}

function notNullColumns(object: SchemaObject | undefined): string[] {
  return tableDetail(object)?.columns.flatMap(({ name, notNull }) => (notNull ? [name] : [])) ?? []
}

/** Whether a table has such a check from a parent, as far as it is in this schema. */
function isInherited(objects: Objects, object: SchemaObject): boolean {
  const { of, name } = object
  if (of === undefined || !isCheck(object)) return false
  return ancestorsOf(objects, of).some((ancestor) =>
    [...objects.values()].some((other) => other.kind === 'constraint' && other.of === ancestor && other.name === name),
  )
}

function differences(
  before: SchemaObject,
  after: SchemaObject,
  named: boolean,
  { owners = false, grants = true }: CompareOptions,
): string[] {
  return [
    ...definitionDifferences(before, after, named),
    ...(owners && before.owner !== after.owner ? [`owner ${before.owner ?? 'none'} → ${after.owner ?? 'none'}`] : []),
    ...(before.comment === after.comment ? [] : [commentDifference('comment', before.comment, after.comment)]),
    ...columnCommentDifferences(before, after),
    ...(same(before.labels ?? [], after.labels ?? []) ? [] : ['security labels']),
    ...(grants && !same(before.grants, after.grants) ? grantDifferences(before, after) : []),
  ]
}

function definitionDifferences(before: SchemaObject, after: SchemaObject, named: boolean): string[] {
  const [one, other] = [before.detail, after.detail]
  const beyond = same(beyondDetail(before), beyondDetail(after)) ? [] : ['definition']
  if (one?.kind === 'table' && other?.kind === 'table')
    return [...tableDifferences(after.name, one, other, named), ...beyond]
  if (one?.kind === 'enum' && other?.kind === 'enum') return labelDifferences(one.labels, other.labels)
  // Of the sequence of an identity column, all but its comment and grants is said with the column.
  if (one?.kind === 'sequence' && other?.kind === 'sequence' && before.create.length + after.create.length > 0) {
    const created = before.create.length === after.create.length ? [] : ['definition']
    return [...created, ...fieldDifferences(one, other)]
  }
  if (one?.kind === 'domain' && other?.kind === 'domain') return [...fieldDifferences(one, other), ...beyond]
  if (one?.kind === 'composite' && other?.kind === 'composite') {
    const written = (list: typeof one.attributes) =>
      list.map(({ name, type, collation }) => `${name} ${type}${collation === null ? '' : ` ${collation}`}`).join(', ')
    return [
      ...(same(one.attributes, other.attributes)
        ? []
        : [`attributes ${written(one.attributes)} → ${written(other.attributes)}`]),
      ...beyond,
    ]
  }
  return same(meaningOf(before), meaningOf(after)) ? [] : ['definition']
}

/** Says what differs in a record, field by field. */
function fieldDifferences(before: object, after: object): string[] {
  const words = (value: unknown) =>
    value === null
      ? 'none'
      : typeof value === 'string'
        ? value
        : typeof value === 'boolean'
          ? value
            ? 'yes'
            : 'no'
          : JSON.stringify(value)
  const [one, other] = [
    new Map<string, unknown>(Object.entries(before)),
    new Map<string, unknown>(Object.entries(after)),
  ]
  return [...one].flatMap(([field, value]) => {
    if (same(value, other.get(field))) return []
    const called = field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    return [`${called} ${words(value)} → ${words(other.get(field))}`]
  })
}

function labelDifferences(before: readonly string[], after: readonly string[]): string[] {
  const added = after.filter((label) => !before.includes(label)).map((label) => `label ${label} added`)
  const removed = before.filter((label) => !after.includes(label)).map((label) => `label ${label} removed`)
  const kept = (labels: readonly string[]) => labels.filter((label) => before.includes(label) && after.includes(label))
  return [...added, ...removed, ...(same(kept(before), kept(after)) ? [] : ['order of labels'])]
}

function commentDifference(what: string, before: string | null, after: string | null): string {
  return `${what} ${before === null ? 'added' : after === null ? 'removed' : 'changed'}`
}

function columnCommentDifferences(
  { columnComments: before = {} }: SchemaObject,
  { columnComments: after = {} }: SchemaObject,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => commentDifference(`comment on ${name}`, before[name] ?? null, after[name] ?? null))
}

function grantDifferences({ grants: before }: SchemaObject, { grants: after }: SchemaObject): string[] {
  const only = (list: readonly string[], others: readonly string[]) =>
    list.filter((grant) => !others.includes(grant) && !/^(RE)?SET ROLE/.test(grant))
  const lines = [
    ...only(after, before).map((grant) => `grants: + ${grant}`),
    ...only(before, after).map((grant) => `grants: - ${grant}`),
  ]
  return lines.length > 0 ? lines : ['grants']
}
