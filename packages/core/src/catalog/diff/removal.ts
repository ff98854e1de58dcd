import type { SchemaObject } from '../model.ts'
import type { Piece } from '../order.ts'
import { quoteName } from '../quote.ts'
import { isBase, isState } from './alterable.ts'
import type { Families } from './families.ts'
import { ancestorsOf, tableDetail } from './objects.ts'
import type { Plan } from './plan.ts'

/** Knows what goes with something else that is dropped, and what has to be dropped by itself. */
export class Removal {
  readonly #plan: Plan
  readonly #families: Families
  /** Of the old objects, in the order in which they would be made. */
  readonly #places = new Map<string, number>()

  constructor(plan: Plan, families: Families, old: readonly Piece[]) {
    this.#plan = plan
    this.#families = families
    for (const [at, { object, inlined, part }] of old.entries())
      if (part === 'whole' || part === 'replacement')
        for (const { id } of [object, ...inlined]) this.#places.set(id, at)
  }

  /** Whether a sequence would go with a column that owns it, and should stay or wait for what else needs it. */
  losesOwner(object: SchemaObject): boolean {
    if (object.create.length === 0 || !this.#goesWithColumn(object)) return false
    return !this.#plan.removed.has(object.id) || this.#isNeededElsewhere(object)
  }

  #goesWithColumn({ detail, of }: SchemaObject): boolean {
    if (detail?.kind !== 'sequence' || detail.ownedBy === null || of === undefined) return false
    return this.#plan.removed.has(of) || this.#dropsColumnOf(of, detail.ownedBy)
  }

  /** Whether the default of another table's column, or the like, needs a sequence: it would not go with its owner. */
  #isNeededElsewhere({ id, of }: SchemaObject): boolean {
    return [...this.#plan.from.values()].some((other) => other.of !== of && other.id !== of && other.needs.includes(id))
  }

  /** Whether a type that is dropped takes a function along that it is made of. */
  #takesAlong(need: string, { id }: SchemaObject): boolean {
    const type = this.#plan.from.get(need)
    return type !== undefined && isBase(type) && this.#plan.removed.has(need) && type.needs.includes(id)
  }

  #dropsColumnOf(table: string, ownedBy: string): boolean {
    const plan = this.#plan.columns.get(table)
    if (!plan) return false
    return [...plan.dropped, ...plan.remade].some((column) => ownedBy.endsWith(`.${quoteName(column)}`))
  }

  /** Whether dropping something else takes it away. */
  goesAlong(object: SchemaObject): boolean {
    const { from, removed } = this.#plan
    const { of, needs, kind, detail, create } = object
    if (isState(object) || object.drop === '') return true
    if (kind === 'function' && needs.some((need) => this.#takesAlong(need, object))) return true
    if (kind === 'sequence' && create.length === 0) return true
    if (of === undefined || kind === 'user mapping') return false
    if (detail?.kind === 'sequence') return this.#goesWithColumn(object) && !this.#isNeededElsewhere(object)
    if (removed.has(of) && !needs.some((need) => this.#goesBefore(need, object) || this.#isPartitioned(kind, need)))
      return true
    if (this.#families.keptParents(of).some((parent) => this.#removesCheck(parent, object))) return true
    const above = ancestorsOf(from, of)
    return (
      !this.#families.isDetached(of) &&
      (kind === 'index' || kind === 'constraint') &&
      needs.some((need) => removed.has(need) && above.includes(from.get(need)?.of ?? ''))
    )
  }

  /** Whether something that is needed by a part of a table is dropped before the table, so that the part has to go first. */
  #goesBefore(need: string, { kind, of = '' }: SchemaObject): boolean {
    const { from, removed } = this.#plan
    // The index of a partitioned table waits for its partitions when it is made, and does not need them.
    const waits = (kind === 'index' || kind === 'constraint') && ancestorsOf(from, need).includes(of)
    const own = need === of || from.get(need)?.of === of || waits
    return removed.has(need) && !own && (this.#places.get(need) ?? 0) > (this.#places.get(of) ?? 0)
  }

  /** A foreign key holds on to the partitions of what it refers to, and they go one by one. */
  #isPartitioned(kind: SchemaObject['kind'], need: string): boolean {
    const { from } = this.#plan
    const table = tableDetail(from.get(need)) ?? tableDetail(from.get(from.get(need)?.of ?? ''))
    return kind === 'foreign key' && table !== undefined && table.partitionBy !== null
  }

  #removesCheck(parent: string, { kind, name }: SchemaObject): boolean {
    return (
      kind === 'constraint' &&
      [...this.#plan.removed].some((id) => {
        const other = this.#plan.from.get(id)
        return other?.kind === 'constraint' && other.of === parent && other.name === name
      })
    )
  }
}
