import type { Schema, SchemaObject, TableDetail } from '../model.ts'
import { qualifiedName, quoteName } from '../quote.ts'
import { renderTable } from '../render.ts'

/** A schema's objects by their `id`s. */
export type Objects = ReadonlyMap<string, SchemaObject>

export function byId({ objects }: Pick<Schema, 'objects'>): Objects {
  return new Map(objects.map((object) => [object.id, object]))
}

export function tableDetail(object: SchemaObject | undefined): TableDetail | undefined {
  return object?.detail?.kind === 'table' ? object.detail : undefined
}

/** Its name as statements say it where the search_path is empty. */
export function nameOf({ schema, name }: Pick<SchemaObject, 'schema' | 'name'>): string {
  return schema === null ? quoteName(name) : qualifiedName(schema, name)
}

/** The tables that a table has columns from: what it inherits from, or is a partition of. */
export function parentsOf(object: SchemaObject | undefined): readonly string[] {
  const detail = tableDetail(object)
  if (!detail) return []
  return detail.partitionOf === null ? detail.inherits : [detail.partitionOf.parent]
}

/** The same, and their parents. */
export function ancestorsOf(objects: Objects, id: string): string[] {
  return parentsOf(objects.get(id)).flatMap((parent) => [parent, ...ancestorsOf(objects, parent)])
}

/** What its statements say besides what `detail` holds. */
export function beyondDetail(object: SchemaObject): readonly string[] {
  const { detail, create } = object
  return detail?.kind === 'table' ? create.slice(renderTable('', detail).length) : create.slice(1)
}

/** Whether a text names something: as a word of its own. `name` is quoted where it needs to be. */
export function mentions(text: string, name: string): boolean {
  let at = text.indexOf(name)
  while (at >= 0) {
    const before = text[at - 1] ?? ' '
    const after = text[at + name.length] ?? ' '
    if (!/[\w$]/.test(before) && !/[\w$]/.test(after)) return true
    at = text.indexOf(name, at + 1)
  }
  return false
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Whether it is CHECK of a table, which its children have too. */
export function isCheck({ kind, create }: SchemaObject): boolean {
  return kind === 'constraint' && /ADD CONSTRAINT .* CHECK \(/s.test(create[0] ?? '')
}

/** What makes an object, as far as that is the same where it means the same: statistics name columns in the order of their table. */
export function meaningOf({ kind, create }: SchemaObject): unknown {
  if (kind !== 'statistics') return create
  const [definition = '', ...rest] = create
  const [, begin, list = '', end] = /^(.* ON )(.*)( FROM .*)$/s.exec(definition) ?? []
  return [begin, list.split(', ').sort(), end, ...rest]
}

/** The state of a table, with what its columns have from its parents. */
export function wholeTable(objects: Objects, id: string): TableDetail | undefined {
  const detail = tableDetail(objects.get(id))
  if (!detail || detail.partitionOf !== null || detail.inherits.length === 0) return detail
  const parents = detail.inherits.flatMap((parent) => wholeTable(objects, parent) ?? [])
  const generated = (name: string) =>
    parents.flatMap(({ columns }) => columns.find((column) => column.name === name)?.generated ?? [])[0] ?? null
  return {
    ...detail,
    columns: detail.columns.map((column) =>
      column.generated === null && column.default === null && column.identity === null
        ? { ...column, generated: generated(column.name) }
        : column,
    ),
  }
}

/** Whether the columns of a table have other names in a query than they have: `FROM public.t x(a, b)`. */
export function hasOwnNames(text: string, table: SchemaObject): boolean {
  const name = nameOf(table)
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (/^( (AS )?("[^"]*"|\w+))?\(/.test(text.slice(at + name.length))) return true
  }
  return false
}
