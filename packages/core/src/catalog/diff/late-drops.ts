import type { SchemaObject } from '../model.ts'
import { quoteName } from '../quote.ts'
import { isBase, isType } from './alterable.ts'
import { nameOf, tableDetail, type Objects } from './objects.ts'
import type { Plan } from './plan.ts'

/** What has rows, and is a type itself. */
export function isRow(object: SchemaObject): boolean {
  return tableDetail(object) !== undefined || object.kind === 'view' || object.kind === 'materialized view'
}

/** A type whose functions keep their names, a range among them; one that has rows of a table in it, and what needs such a type: columns go by text. */
export function goesAtOnce(from: Objects, plan: Pick<Plan, 'removed' | 'freed'>, object: SchemaObject): boolean {
  if (!isType(object)) return false
  if (isBase(object) || object.kind === 'range') return true
  return object.needs.some((need) => {
    const other = from.get(need)
    if (!other) return false
    return (isRow(other) && (plan.removed.has(need) || plan.freed.has(need))) || goesAtOnce(from, plan, other)
  })
}

/**
 * Finds what columns hold on to until they are altered, and all that needs. The name that it gets, where another one takes its own.
 */
export function findLateDrops(
  from: Objects,
  to: Objects,
  plan: Pick<Plan, 'removed' | 'freed' | 'columns'>,
): Map<string, string | null> {
  const late = new Map<string, string | null>()
  const taken = new Set(
    [...to.values()].filter(({ detail, standIn, kind }) => detail || standIn || kind === 'collation').map(nameOf),
  )
  const add = (object: SchemaObject | undefined) => {
    if (!object || !plan.removed.has(object.id) || late.has(object.id)) return
    const movable = isType(object) || object.kind === 'collation'
    if (isRow(object) || goesAtOnce(from, plan, object) || (!movable && to.has(object.id))) return
    late.set(object.id, movable && taken.has(nameOf(object)) ? `pgrig_old_${object.name}`.slice(0, 63) : null)
    for (const need of object.needs) add(from.get(need))
    if (object.schema !== null) add(from.get(`schema ${quoteName(object.schema)}`))
  }
  for (const id of plan.columns.keys()) for (const need of from.get(id)?.needs ?? []) add(from.get(need))
  for (const object of from.values()) if (object.kind === 'schema' || object.kind === 'extension') add(object)
  return late
}
