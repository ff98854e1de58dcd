import type { SchemaObject, TableDetail } from '../model.ts'
import { quoteName } from '../quote.ts'
import { withoutKind } from '../render.ts'
import { ancestorsOf, isCheck, nameOf, parentsOf, same, tableDetail, wholeTable, type Objects } from './objects.ts'
import type { Plan } from './plan.ts'

/** A table that stays. */
export interface Kept {
  readonly object: SchemaObject
  readonly before: TableDetail
  readonly after: TableDetail
  readonly name: string
}

/** The tables that stay, with the parents that they leave, keep and get: by INHERITS, and as partitions. */
export class Families {
  readonly #plan: Plan
  /** Of the old tables, by their parents. */
  readonly #children = new Map<string, string[]>()

  constructor(plan: Plan) {
    this.#plan = plan
    for (const object of plan.from.values())
      for (const parent of parentsOf(object))
        this.#children.set(parent, [...(this.#children.get(parent) ?? []), object.id])
  }

  isKept(id: string): boolean {
    return this.#plan.columns.has(id)
  }

  kept(id: string): Kept | undefined {
    const object = this.#plan.to.get(id)
    const [before, after] = [wholeTable(this.#plan.from, id), wholeTable(this.#plan.to, id)]
    return object && before && after && this.isKept(id) ? { object, before, after, name: nameOf(object) } : undefined
  }

  /** Parents that it has before and after. */
  keptParents(id: string): string[] {
    if (this.isDetached(id) || this.#plan.apart.has(id)) return []
    const now = parentsOf(this.#plan.to.get(id))
    return parentsOf(this.#plan.from.get(id)).filter((parent) => now.includes(parent) && this.isKept(parent))
  }

  /** Parents that it has all the while. */
  lastingParents(id: string): string[] {
    const kept = this.kept(id)
    if (!kept) return []
    const { come } = this.#changedParents(kept)
    return this.keptParents(id).filter((parent) => !come.includes(parent))
  }

  /** Whether it is taken out of its partitioned table, for good or for the time being. */
  isDetached(id: string): boolean {
    const kept = this.kept(id)
    if (!kept || kept.before.partitionOf === null) return false
    return !same(kept.before.partitionOf, kept.after.partitionOf) || !this.isKept(kept.before.partitionOf.parent)
  }

  isAttached(id: string): boolean {
    const kept = this.kept(id)
    if (!kept || kept.after.partitionOf === null) return false
    return kept.before.partitionOf === null || this.isDetached(id)
  }

  /** Takes a table away from parents that it does not have any more, or that are made anew. */
  leave(id: string): string[] {
    const kept = this.kept(id)
    if (!kept) return []
    const { before, name } = kept
    if (this.isDetached(id) && before.partitionOf !== null)
      return [
        `ALTER TABLE ${withoutKind(before.partitionOf.parent)} DETACH PARTITION ${name}`,
        ...this.#constraintsLeft(id).map((key) => `ALTER TABLE ${name} DROP CONSTRAINT IF EXISTS ${quoteName(key)}`),
      ]
    const { gone } = this.#changedParents(kept)
    return [
      ...gone.map((parent) => `ALTER TABLE ${name} NO INHERIT ${withoutKind(parent)}`),
      ...this.#checksLeft(id, gone).map((check) => `ALTER TABLE ${name} DROP CONSTRAINT IF EXISTS ${quoteName(check)}`),
    ]
  }

  /** A foreign key or check of its parents becomes its own, and would hold on to what that has to let go. */
  #constraintsLeft(id: string): string[] {
    const above = ancestorsOf(this.#plan.from, id)
    return [...this.#plan.removed].flatMap((removed) => {
      const part = this.#plan.from.get(removed)
      if (!part || !above.includes(part.of ?? '')) return []
      const left = part.kind === 'foreign key' || (isCheck(part) && part.create[0]?.endsWith(' NOT VALID'))
      return left ? [part.name] : []
    })
  }

  /** Checks that it had from parents alone become its own. */
  #checksLeft(id: string, gone: readonly string[]): string[] {
    if (gone.length === 0) return []
    const checksOf = (tables: readonly string[]) =>
      [...this.#plan.from.values()]
        .filter((part) => isCheck(part) && tables.includes(part.of ?? ''))
        .map(({ name }) => name)
    const above = (parents: readonly string[]) =>
      parents.flatMap((parent) => [parent, ...ancestorsOf(this.#plan.from, parent)])
    const still = new Set(checksOf([id, ...above(this.keptParents(id))]))
    return [...new Set(checksOf(above(gone)))].filter((check) => !still.has(check))
  }

  #changedParents({ object, before, after }: Kept): { gone: readonly string[]; come: readonly string[] } {
    if (this.#plan.apart.has(object.id)) return { gone: before.inherits, come: after.inherits }
    const lasting = before.inherits.filter((parent) => this.isKept(parent))
    if (same(lasting, after.inherits))
      return { gone: before.inherits.filter((parent) => !this.isKept(parent)), come: [] }
    // They are in an order.
    const common = after.inherits.filter((parent) => lasting.includes(parent))
    const kept =
      same(
        common,
        lasting.filter((parent) => common.includes(parent)),
      ) && same(after.inherits.slice(0, common.length), common)
        ? common
        : []
    return object.kind === 'table'
      ? {
          gone: before.inherits.filter((parent) => !kept.includes(parent)),
          come: after.inherits.filter((parent) => !kept.includes(parent)),
        }
      : { gone: [], come: [] }
  }

  /** Tables that have it as a parent before and after. */
  children(id: string): string[] {
    const children = this.#children.get(id) ?? []
    return children.filter((child) => this.isKept(child) && this.keptParents(child).includes(id))
  }

  /** Makes it a child of what it becomes one of. What a parent checks it has to check before: `said` gets those that are its own too. */
  join(kept: Kept, said: Set<string>): string[] {
    const { object, name } = kept
    const added = new Set<string>()
    return this.#changedParents(kept).come.flatMap((parent) => {
      const above = [parent, ...ancestorsOf(this.#plan.to, parent)]
      const checks = [...this.#plan.to.values()].filter(
        (part) =>
          isCheck(part) && above.includes(part.of ?? '') && !/ NO INHERIT( NOT VALID)?$/.test(part.create[0] ?? ''),
      )
      const missing = checks.filter(
        (check) => !hasPart(this.#plan.from, this.#plan.removed, object.id, check.name) && !added.has(check.name),
      )
      for (const check of missing) added.add(check.name)
      // Its own may be valid where its parent's is not.
      const additions = missing.map((check) => {
        const own = [...this.#plan.to.values()].find(
          (part) => part.of === object.id && part.name === check.name && isCheck(part),
        )
        if (own) said.add(own.id)
        const [first = ''] = (own ?? check).create
        return `ALTER TABLE ${name} ${first.slice(first.indexOf('ADD CONSTRAINT '))}`
      })
      return [...additions, `ALTER TABLE ${name} INHERIT ${withoutKind(parent)}`]
    })
  }

  /** Makes it a partition again, or anew. Comes behind its indexes, so that they become those of the partition. */
  attach(id: string): string[] {
    const detail = tableDetail(this.#plan.to.get(id))
    const object = this.#plan.to.get(id)
    if (!object || !detail || detail.partitionOf === null) return []
    const { parent, bound } = detail.partitionOf
    return [`ALTER TABLE ONLY ${withoutKind(parent)} ATTACH PARTITION ${nameOf(object)} ${bound}`]
  }
}

function hasPart(objects: Objects, removed: ReadonlySet<string>, of: string, name: string): boolean {
  return [...objects.values()].some(
    (part) => part.kind === 'constraint' && part.of === of && part.name === name && !removed.has(part.id),
  )
}
