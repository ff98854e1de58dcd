import type { SchemaObject, TableDetail } from '../model.ts'
import { quoteName } from '../quote.ts'
import { isAlterable, isState, isType, refersTo, typeOfColumn, typesByName, usesNewLabel } from './alterable.ts'
import { findDefaultPrivilegesInTheWay } from './default-privileges.ts'
import { findLateDrops, goesAtOnce, isRow } from './late-drops.ts'
import { hasWholeRows, isRewritten, isWithin, orderAllowsOf } from './row-types.ts'
import { type Change } from './compare.ts'
import {
  ancestorsOf,
  hasOwnNames,
  mentions,
  nameOf,
  parentsOf,
  tableDetail,
  type Objects,
  same,
  wholeTable,
} from './objects.ts'
import { columnsOf } from './table-differences.ts'

/** What is done to the columns of a table that stays. */
export interface ColumnPlan {
  /** Dropped, and not there any more. */
  readonly dropped: Set<string>
  /** Dropped and added again: generated columns. */
  readonly remade: Set<string>
  readonly retyped: Set<string>
}

/** What has to go before the rest can be done, and what has to come again for that reason. */
export interface Plan {
  readonly from: Objects
  readonly to: Objects
  /** What is dropped, of the old schema; made again if the new one has it. */
  readonly removed: ReadonlySet<string>
  /** Of the tables that stay. */
  readonly columns: ReadonlyMap<string, ColumnPlan>
  /** Children that are taken from their parents for the time being, and given back. */
  readonly apart: ReadonlySet<string>
  /** Tables that stay and whose rows are written anew: no column may have their row type meanwhile. */
  readonly freed: ReadonlySet<string>
  /** Tables that are no longer OF a type, or not while that type is changed. */
  readonly loosened: ReadonlySet<string>
  /** Types and collations that columns have until they get another one: dropped at the end, under this name. */
  readonly late: ReadonlyMap<string, string | null>
}

/** Works out what is dropped: what is gone or cannot be altered, and all that stands in the way of that. */
export function makePlan(from: Objects, to: Objects, changes: readonly Change[]): Plan {
  const planning = new Planning(from, to, changes)
  planning.settle()
  return {
    from,
    to,
    removed: planning.removed,
    columns: planning.columns,
    apart: planning.apart,
    freed: planning.freed,
    loosened: planning.loosened(),
    late: findLateDrops(from, to, planning),
  }
}

class Planning {
  readonly removed = new Set<string>()
  readonly columns = new Map<string, ColumnPlan>()
  readonly apart = new Set<string>()
  readonly freed = new Set<string>()
  readonly #types: Map<string, SchemaObject>
  readonly #collations: Map<string, SchemaObject>
  /** Row types that a column or another type has. */
  readonly #usedRows: ReadonlySet<string>
  readonly #from: Objects
  readonly #to: Objects
  readonly #changes: readonly Change[]

  constructor(from: Objects, to: Objects, changes: readonly Change[]) {
    this.#from = from
    this.#to = to
    this.#changes = changes
    this.#types = typesByName(from)
    this.#collations = new Map(
      [...from.values()].filter(({ kind }) => kind === 'collation').map((object) => [nameOf(object), object]),
    )
    this.#usedRows = this.#findUsedRows()
    for (const { id, before, after } of changes) {
      if (before && (!after || !isAlterable(before, after))) this.removed.add(id)
    }
    for (const object of from.values())
      if (object.kind === 'foreign key' && object.needs.some((need) => this.#changesPersistence(need)))
        this.removed.add(object.id)
    const narrowed = changes.flatMap(({ id, of = '', kind, after }) => {
      const [old, now] = [from.get(id)?.detail, after?.detail]
      if (kind === 'constraint' && after && from.get(of)?.kind === 'domain') return [of]
      return old?.kind === 'domain' && now?.kind === 'domain' && now.notNull && !old.notNull ? [id] : []
    })
    for (const id of narrowed) if (isWithin(from, id)) this.removed.add(id)
    for (const { id } of from.values()) this.#planColumns(id)
  }

  /** The state of a table that stays. */
  #kept(id: string): { before: TableDetail; after: TableDetail } | undefined {
    if (this.removed.has(id)) return undefined
    const [before, after] = [wholeTable(this.#from, id), wholeTable(this.#to, id)]
    return before && after ? { before, after } : undefined
  }

  /** A table that is logged refers only to such. */
  #changesPersistence(id: string): boolean {
    return (
      tableDetail(this.#from.get(id))?.unlogged !==
      (tableDetail(this.#to.get(id)) ?? tableDetail(this.#from.get(id)))?.unlogged
    )
  }

  #planColumns(id: string): void {
    const kept = this.#kept(id)
    if (!kept) return
    const plan: ColumnPlan = { dropped: new Set(), remade: new Set(), retyped: new Set() }
    const after = columnsOf(kept.after)
    for (const column of kept.before.columns) {
      const now = after.get(column.name)
      if (!now) plan.dropped.add(column.name)
      else if (!same(column.generated, now.generated) && !(column.generated?.stored && now.generated === null))
        plan.remade.add(column.name)
      else if (column.type !== now.type || column.collation !== now.collation) plan.retyped.add(column.name)
    }
    this.columns.set(id, plan)
  }

  #findUsedRows(): ReadonlySet<string> {
    const used = new Set<string>()
    for (const object of this.#from.values()) {
      const columns = tableDetail(object)?.columns ?? []
      for (const { type } of columns) used.add(typeOfColumn(type, this.#types)?.id ?? '')
      if (isType(object) || hasWholeRows(object)) for (const need of object.needs) used.add(need)
    }
    return used
  }

  /** Until nothing more is in the way. */
  settle(): void {
    for (let size = -1; size !== this.#size();) {
      size = this.#size()
      for (const object of this.#from.values()) {
        if (this.removed.has(object.id)) continue
        if (tableDetail(object) && this.#to.has(object.id)) this.#settleTable(object)
        else if (this.#isInTheWay(object)) this.removed.add(object.id)
      }
      for (const id of this.removed) this.#removeParentIndex(id)
      this.#replaceEnums()
      for (const [id, plan] of this.columns) {
        const kept = this.#usedRows.has(id) ? this.#kept(id) : undefined
        if (kept && isRewritten(kept, plan)) this.freed.add(id)
      }
      for (const id of findDefaultPrivilegesInTheWay(this.#from, this.#to, this.removed)) this.removed.add(id)
    }
    for (const id of this.columns.keys()) if (this.removed.has(id)) this.columns.delete(id)
  }

  /** The tables OF a type that is changed, and those that become or cease to be such. */
  loosened(): ReadonlySet<string> {
    const found = new Set<string>()
    for (const id of this.columns.keys()) {
      const kept = this.#kept(id)
      if (!kept || kept.before.ofType === null) continue
      const type = this.#types.get(kept.before.ofType)
      const touched = type !== undefined && (this.removed.has(type.id) || this.#isChanged(type.id))
      if (touched || kept.before.ofType !== kept.after.ofType) found.add(id)
    }
    return found
  }

  #size(): number {
    let size = this.removed.size + this.apart.size + this.freed.size
    for (const { remade, retyped } of this.columns.values()) size += remade.size * 2 + retyped.size
    return size
  }

  #isInTheWay(object: SchemaObject): boolean {
    const { of, needs, kind } = object
    if (kind === 'sequence') {
      // It goes with its column, where nobody else wants it.
      return false
    }
    if (of !== undefined && this.removed.has(of)) return true
    if (needs.some((need) => this.removed.has(need))) return true
    if ((isType(object) || hasWholeRows(object)) && needs.some((need) => this.freed.has(need))) return true
    return [...needs, ...(of === undefined ? [] : [of])].some((need) => {
      const plan = this.columns.get(need)
      return plan !== undefined && this.#touches(object, need, plan)
    })
  }

  /** Whether something uses a column that goes, or gets another type, in a way that PostgreSQL does not look after. */
  #touches(object: SchemaObject, table: string, { dropped, remade, retyped }: ColumnPlan): boolean {
    const { kind, create, name } = object
    const own = this.#from.get(table)
    if (!own || isState(object)) return false
    const uses = (column: string) =>
      kind === 'column default' && object.of === table
        ? name === column
        : mentions(create.join('\n'), quoteName(column)) || (!isPart(kind) && hasOwnNames(create.join('\n'), own))
    const gone = [...dropped, ...remade].some(uses)
    // Indexes, statistics and other constraints are built again by ALTER COLUMN TYPE itself.
    const rebuilt = kind === 'index' || kind === 'statistics' || kind === 'constraint'
    return gone || [...retyped].some((column) => uses(column) && !(rebuilt && !this.#goesByText(own, column)))
  }

  /** Whether a column is text for a while, since its type has to go before there is the new one. */
  #goesByText(table: SchemaObject, column: string): boolean {
    const type = tableDetail(table)?.columns.find(({ name }) => name === column)?.type
    const used = type === undefined ? undefined : typeOfColumn(type, this.#types)
    if (!used) return false
    return this.freed.has(used.id) || (this.removed.has(used.id) && (isRow(used) || goesAtOnce(this.#from, this, used)))
  }

  #settleTable(object: SchemaObject): void {
    const kept = this.#kept(object.id)
    const plan = this.columns.get(object.id)
    if (!kept || !plan) return
    const { dropped, remade, retyped } = plan
    // What is computed in a child is computed in the way of its parents.
    const needs = [object.id, ...ancestorsOf(this.#from, object.id)].flatMap((id) => this.#from.get(id)?.needs ?? [])
    const gone = needs.flatMap((need) => (this.removed.has(need) ? (this.#from.get(need) ?? []) : []))
    for (const column of kept.before.columns) {
      const { name, generated, type } = column
      if (dropped.has(name) || remade.has(name)) continue
      const used = typeOfColumn(type, this.#types)
      if (used && (this.removed.has(used.id) || this.freed.has(used.id))) retyped.add(name)
      const collation = this.#collations.get(column.collation ?? '')
      if (collation && this.removed.has(collation.id)) retyped.add(name)
      const parent = this.#keptParents(object.id).map((id) => this.columns.get(id))
      if (parent.some((above) => above?.retyped.has(name))) {
        retyped.add(name)
        // PostgreSQL 18 cannot change the type of both where the child has a NOT NULL of its own, under another name.
        if (column.notNullHere && kept.before.partitionOf === null) this.apart.add(object.id)
      }
      if (parent.some((above) => above?.remade.has(name))) remade.add(name)
      // What is left of its NOT NULL when the parent alone drops the column is broken in PostgreSQL 18.
      if (parent.some((above) => above?.dropped.has(name))) this.apart.add(object.id)
      if (generated === null) continue
      const { expression } = generated
      const touched = [...dropped, ...remade, ...retyped].some(
        (other) => other !== name && mentions(expression, quoteName(other)),
      )
      const needed = gone.some((need) => !tableDetail(need) && need.kind !== 'schema' && refersTo(expression, need))
      if (touched || needed || retyped.has(name)) {
        retyped.delete(name)
        remade.add(name)
      }
    }
    // Its rows are elsewhere, and nothing of it is converted.
    if (object.kind === 'foreign table' && dropped.size + remade.size + retyped.size > 0) this.removed.add(object.id)
    if (kept.after.ofType !== null && !orderAllowsOf(kept, plan)) this.removed.add(object.id)
    const { partitionBy } = kept.before
    if (partitionBy === null) return
    // A column of the partition key cannot be changed.
    const touched = [...dropped, ...remade, ...retyped].some((name) => mentions(partitionBy, quoteName(name)))
    if (touched) this.removed.add(object.id)
  }

  #keptParents(id: string): string[] {
    if (this.apart.has(id)) return []
    const now = parentsOf(this.#to.get(id))
    return parentsOf(this.#from.get(id)).filter((parent) => now.includes(parent) && this.#kept(parent) !== undefined)
  }

  /** The index of a partition is held by that of the partitioned table, and goes with it alone. */
  #removeParentIndex(id: string): void {
    const object = this.#from.get(id)
    if (object?.of === undefined || this.removed.has(object.of)) return
    if (object.kind !== 'index' && object.kind !== 'constraint') return
    const above = ancestorsOf(this.#from, object.of)
    for (const need of object.needs) {
      const parent = this.#from.get(need)
      if (parent && (parent.kind === 'index' || parent.kind === 'constraint') && above.includes(parent.of ?? ''))
        this.removed.add(need)
    }
  }

  /** An enum whose new labels are used at once is made anew. */
  #replaceEnums(): void {
    for (const { id, before, after, kind } of this.#changes) {
      if (kind !== 'enum' || !before || !after || this.removed.has(id)) continue
      const using = [...this.#to.values()].filter(
        (object) =>
          object.needs.includes(id) &&
          (!this.#from.has(object.id) || this.removed.has(object.id) || this.#isChanged(object.id)),
      )
      if (usesNewLabel(before, after, using)) this.removed.add(id)
    }
  }

  #isChanged(id: string): boolean {
    return this.#changes.some((change) => change.id === id)
  }
}

/** What calls the columns of a table by the names that they have. */
function isPart(kind: SchemaObject['kind']): boolean {
  return (
    kind === 'index' || kind === 'constraint' || kind === 'foreign key' || kind === 'trigger' || kind === 'statistics'
  )
}
