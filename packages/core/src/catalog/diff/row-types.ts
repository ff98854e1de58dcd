import type { SchemaObject, TableDetail } from '../model.ts'
import { isType } from './alterable.ts'
import { nameOf, tableDetail, type Objects } from './objects.ts'
import type { ColumnPlan } from './plan.ts'
import { columnsOf } from './table-differences.ts'

interface States {
  readonly before: TableDetail
  readonly after: TableDetail
}

/**
 * Whether ALTER TABLE writes the rows of a table anew, which PostgreSQL refuses while a column somewhere has its row type
 * (find_composite_type_dependencies in commands/tablecmds.c).
 */
export function isRewritten({ before, after }: States, { retyped, remade }: ColumnPlan): boolean {
  const old = columnsOf(before)
  const filled = after.columns.some(
    (column) =>
      !old.has(column.name) &&
      (column.default !== null || column.generated !== null || column.identity !== null || column.type.includes('.')),
  )
  const moved = before.unlogged !== after.unlogged || before.accessMethod !== after.accessMethod
  return retyped.size > 0 || remade.size > 0 || filled || moved
}

/** Whether its columns, when they are altered, stand in the order in which the type has its attributes. */
export function orderAllowsOf({ before, after }: States, { dropped, remade }: ColumnPlan): boolean {
  const kept = before.columns.filter(({ name }) => !dropped.has(name) && !remade.has(name))
  return kept.every(({ name }, at) => after.columns[at]?.name === name)
}

/**
 * Whether values of a domain are held inside of others, in arrays, composites or ranges: PostgreSQL does not look into these, and refuses to
 * hold the domain to more (get_rels_with_domain in commands/typecmds.c).
 */
export function isWithin(objects: Objects, domain: string): boolean {
  const array = `${nameOf(objects.get(domain) ?? { schema: null, name: '' })}[]`
  return [...objects.values()].some((object) => {
    if (tableDetail(object)?.columns.some(({ type }) => type === array)) return true
    if (!isType(object) || !object.needs.includes(domain)) return false
    return object.kind !== 'domain' || isWithin(objects, object.id)
  })
}

/** Whether rows of tables are kept in it as such: PostgreSQL writes them `t.*` in a query. */
export function hasWholeRows({ kind, create }: SchemaObject): boolean {
  return kind === 'materialized view' && /\.\*/.test(create[0] ?? '')
}
