import { aboutObject, grantsComeLast, statementsOf } from '../dump.ts'
import type { Schema, SchemaObject } from '../model.ts'
import { orderObjects, type Piece } from '../order.ts'
import { quoteName } from '../quote.ts'
import { withoutKind } from '../render.ts'
import { isState } from './alterable.ts'
import { alterAbout, alterObject, moveAway, withoutColumns } from './alter-object.ts'
import { TableWriter, type TableStatement } from './alter-table.ts'
import { compareSchemas, withoutNotes, type Change, type CompareOptions } from './compare.ts'
import { ancestorsOf, byId, isCheck, nameOf, tableDetail } from './objects.ts'
import { Families } from './families.ts'
import { Removal } from './removal.ts'
import { makePlan, type Plan } from './plan.ts'

export interface DiffOptions extends CompareOptions {
  /** The role that runs the statements: what it makes is its own. What is made anew and was not its own is given back. */
  role?: string
}

export interface DiffStatement {
  readonly sql: string
  /** The `id` of what it is about. */
  readonly object: string
  /** What is lost by it: `drops the table public.old`. */
  readonly destructive?: string
}

/** What the session needs that runs the statements: names in them are complete, and functions may come before what they use. */
export const head = `SET check_function_bodies = false;
SELECT pg_catalog.set_config('search_path', '', false);
`

/**
 * Writes the statements that bring a database with the one schema to the other. They can run in one transaction. What is dropped and made
 * again for the sake of something else, as a view of a column that gets another type, is not marked as destructive.
 */
export function writeStatements(from: Schema, to: Schema, options: DiffOptions = {}): DiffStatement[] {
  const changes = compareSchemas(from, to, options)
  if (changes.length === 0) return []
  const [before, after] = [withoutNotes(from), withoutNotes(to)]
  const plan = makePlan(byId(before), byId(after), changes)
  return new Writer(plan, changes, { from: from.serverVersion, to: to.serverVersion }, options).write()
}

class Writer {
  readonly #statements: DiffStatement[] = []
  readonly #plan: Plan
  readonly #changes: ReadonlyMap<string, Change>
  readonly #old: readonly Piece[]
  readonly #families: Families
  readonly #removal: Removal
  readonly #tables: TableWriter
  readonly #options: DiffOptions
  /** Of the server that the statements are for. */
  readonly #serverVersion: number
  /** Attached when their indexes are there. */
  readonly #waiting = new Map<string, string[]>()
  /** What comes when all is made. */
  readonly #afterwards: { id: string; statements: string[] }[] = []

  constructor(plan: Plan, changes: readonly Change[], versions: { from: number; to: number }, options: DiffOptions) {
    const named = Math.min(versions.from, versions.to) >= 180000
    this.#serverVersion = versions.from
    this.#plan = plan
    this.#changes = new Map(changes.map((change) => [change.id, change]))
    this.#old = orderObjects([...plan.from.values()]).pieces
    this.#families = new Families(plan)
    this.#removal = new Removal(plan, this.#families, this.#old)
    this.#tables = new TableWriter(plan, this.#families, named)
    this.#options = options
  }

  write(): DiffStatement[] {
    const { from, to, late } = this.#plan
    const old = this.#old
    const pieces = orderObjects([...to.values()]).pieces
    for (const object of from.values())
      if (object.kind === 'sequence' && this.#removal.losesOwner(object))
        this.#add(object.id, [`ALTER ${object.reference} OWNED BY NONE`])
    for (const id of this.#plan.columns.keys()) this.#add(id, this.#families.leave(id))
    for (const piece of old.toReversed()) this.#remove(piece)
    const last = this.#lastIndexes(pieces)
    for (const piece of pieces) {
      this.#make(piece)
      for (const table of last.get(piece.id) ?? []) this.#add(table, this.#attached(table))
    }
    for (const { id, statements } of this.#afterwards) this.#add(id, statements)
    for (const object of from.values()) this.#leaveTriggerToParent(object)
    for (const object of to.values()) this.#addReplicaIdentity(object)
    for (const object of to.values())
      if (this.#isMade(object) && this.#options.grants !== false && grantsComeLast(object))
        this.#add(object.id, object.grants)
    for (const piece of old.toReversed()) {
      const renamed = late.get(piece.object.id)
      if (renamed !== undefined && (piece.part === 'whole' || piece.part === 'replacement'))
        this.#drop(piece.object, renamed)
    }
    return this.#statements
  }

  #add(object: string, statements: readonly (string | TableStatement)[]): void {
    for (const statement of statements)
      this.#statements.push({ ...(typeof statement === 'string' ? { sql: statement } : statement), object })
  }

  #isMade({ id }: SchemaObject): boolean {
    return !this.#plan.from.has(id) || this.#plan.removed.has(id)
  }

  #remove({ object, part, inlined }: Piece): void {
    if (part !== 'whole' && part !== 'replacement') return
    for (const inner of inlined.toReversed()) if (!this.#plan.removed.has(object.id)) this.#removeObject(inner)
    if (this.#families.isKept(object.id)) this.#add(object.id, this.#tables.early(object.id))
    else this.#removeObject(object)
  }

  #removeObject(object: SchemaObject): void {
    const { id } = object
    if (!this.#plan.removed.has(id)) return
    const renamed = this.#plan.late.get(id)
    if (renamed === undefined) {
      if (!this.#removal.goesAlong(object)) this.#drop(object)
    } else if (renamed !== null) this.#add(id, moveAway(object, renamed, this.#serverVersion))
  }

  #drop(object: SchemaObject, renamed: string | null = null): void {
    const { id, kind } = object
    if (object.drop === '') return
    const name = nameOf(object)
    const drop = renamed === null ? object.drop : object.drop.replace(name, nameOf({ ...object, name: renamed }))
    const anew = this.#plan.to.has(id) ? ', to make it anew' : ''
    const lost = kind === 'table' || kind === 'schema' || kind === 'extension' || (kind === 'sequence' && anew === '')
    this.#add(id, [{ sql: drop, ...(lost && { destructive: `drops the ${kind} ${name}${anew}` }) }])
    // What children have of their own from a check of the parent.
    if (kind === 'constraint' && object.of !== undefined) {
      for (const child of this.#plan.removed) {
        const other = this.#plan.from.get(child)
        if (other?.kind !== 'constraint' || other.name !== object.name || other.of === undefined) continue
        if (
          this.#families.keptParents(other.of).includes(object.of) &&
          tableDetail(this.#plan.from.get(other.of))?.partitionOf === null
        )
          this.#add(child, [other.drop.replace(' DROP CONSTRAINT ', ' DROP CONSTRAINT IF EXISTS ')])
      }
    }
  }

  #make(piece: Piece): void {
    const { object, part, inlined } = piece
    if (part === 'rows') return
    if (part === 'owner') {
      if (this.#isOwnerSaid(object)) this.#add(object.id, statementsOf(piece, {}))
      return
    }
    if (this.#isMade(object)) {
      if (this.#comesFromParent(object)) this.#sayAfterwards(object)
      else this.#add(object.id, this.#withoutAttaching(object, this.#creation(piece)))
      // What its query calls may be made behind it.
      if (object.kind === 'materialized view' && part === 'whole')
        this.#afterwards.push({ id: object.id, statements: [`REFRESH ${object.reference}`] })
      return
    }
    if (part === 'standIn') return
    const altered = this.#tables.alter(object.id, inlined)
    this.#add(object.id, altered.statements)
    this.#alter(object)
    for (const inner of inlined) {
      if (!this.#isMade(inner)) this.#alter(inner)
      else if (this.#comesFromParent(inner)) this.#sayAfterwards(inner)
      else {
        const [, ...rest] = inner.create
        const about = aboutObject(inner, this.#options)
        this.#add(inner.id, [...(altered.said.has(inner.id) ? rest : inner.create), ...about])
      }
    }
  }

  /** Says what is said about something that another statement makes. */
  #sayAfterwards(object: SchemaObject): void {
    this.#afterwards.push({ id: object.id, statements: aboutObject(object, this.#options) })
  }

  /** A check of a parent is also made for its children. */
  #comesFromParent({ kind, of = '', name }: SchemaObject): boolean {
    if (kind !== 'constraint') return false
    const parents = this.#families.keptParents(of)
    if (parents.length === 0) return false
    return [...this.#plan.to.values()].some(
      (other) =>
        other.kind === 'constraint' && other.name === name && parents.includes(other.of ?? '') && isCheck(other),
    )
  }

  #alter(object: SchemaObject): void {
    const before = this.#plan.from.get(object.id)
    if (!before) return
    const columns = this.#plan.columns.get(object.id)
    if (!columns && !this.#changes.has(object.id)) return
    if (!columns) this.#add(object.id, this.#withoutAttaching(object, alterObject(before, object)))
    this.#add(object.id, alterAbout(columns ? withoutColumns(before, columns) : before, object, this.#options))
  }

  #creation(piece: Piece): string[] {
    const { owners = false, grants = true, role } = this.#options
    const before = this.#plan.from.get(piece.object.id)
    // What is not compared stays as it was.
    const restored =
      before !== undefined && !owners && before.owner !== null && before.owner !== role && role !== undefined
    const object = {
      ...this.#tables.withNotNullNames(piece.object),
      ...(restored && { owner: before.owner }),
      ...(before && !grants && { grants: before.grants }),
    }
    const statements = statementsOf(
      { ...piece, object },
      { owners: owners || restored, grants: grants || before !== undefined },
    )
    if (object.kind === 'schema' && object.name === 'public' && before === undefined)
      statements.unshift('CREATE SCHEMA public')
    return statements
  }

  /** A partition of a table that has indexes already brings its own with it. */
  #withoutAttaching(object: SchemaObject, statements: readonly string[]): string[] {
    const table = object.kind === 'table' ? object : this.#plan.to.get(object.of ?? '')
    if (!table || !(this.#waits(table) || this.#families.isAttached(table.id))) return [...statements]
    const attaching = statements.filter((statement) => /^ALTER (TABLE ONLY|INDEX) .* ATTACH PARTITION /.test(statement))
    this.#waiting.set(table.id, [...(this.#waiting.get(table.id) ?? []), ...attaching])
    return statements.filter((statement) => !attaching.includes(statement))
  }

  #waits(table: SchemaObject): boolean {
    const parent = tableDetail(table)?.partitionOf?.parent
    return parent !== undefined && this.#isMade(table) && this.#families.isKept(parent)
  }

  #attached(table: string): string[] {
    const again = this.#families.isAttached(table) ? this.#families.attach(table) : []
    return [...this.#checksToCome(table), ...again, ...(this.#waiting.get(table) ?? [])]
  }

  /** Checks of a parent that no row was held to are not those of the partition itself, which has to have them before. */
  #checksToCome(table: string): string[] {
    const object = this.#plan.to.get(table)
    if (!object) return []
    const above = ancestorsOf(this.#plan.to, table)
    return [...this.#plan.to.values()].flatMap((check) => {
      const [first = ''] = check.create
      if (!isCheck(check) || !first.endsWith(' NOT VALID') || !above.includes(check.of ?? '')) return []
      if (!this.#isMade(object) && !this.#isMade(check)) return []
      return [`ALTER TABLE ${nameOf(object)} ${first.slice(first.indexOf('ADD CONSTRAINT '))}`]
    })
  }

  /** Where the last index of each table that has to be attached is made. */
  #lastIndexes(pieces: readonly Piece[]): Map<string, string[]> {
    const last = new Map<string, string>()
    for (const { id, object } of pieces) {
      const table = object.kind === 'index' || object.kind === 'constraint' ? (object.of ?? '') : object.id
      // An index of a partition that has partitions is valid when theirs are there, and taken for the parent's only then.
      for (const one of [table, ...ancestorsOf(this.#plan.to, table)]) {
        const found = this.#plan.to.get(one)
        if (found && (this.#waits(found) || this.#families.isAttached(found.id))) last.set(found.id, id)
      }
    }
    const found = new Map<string, string[]>()
    for (const [table, piece] of last) found.set(piece, [...(found.get(piece) ?? []), table])
    return found
  }

  #isOwnerSaid(object: SchemaObject): boolean {
    const before = this.#plan.from.get(object.id)
    if (!before || this.#isMade(object) || before.create.length === 0) return true
    const [one, other] = [before.detail, object.detail]
    if (one?.kind !== 'sequence' || other?.kind !== 'sequence') return false
    return one.ownedBy !== other.ownedBy || this.#removal.losesOwner(before)
  }

  /** A trigger of a partition that was enabled in another way than its parent's is as that one again. */
  #leaveTriggerToParent(object: SchemaObject): void {
    const { id, name, of = '' } = object
    if (!isState(object) || this.#plan.to.has(id) || this.#families.isDetached(of)) return
    const above = ancestorsOf(this.#plan.to, of).flatMap((parent) =>
      [...this.#plan.to.values()].filter(
        (other) => other.kind === 'trigger' && other.of === parent && other.name === name,
      ),
    )[0]
    if (!above || this.#isMade(above) || !this.#families.isKept(of)) return
    const state = / (DISABLE|ENABLE ALWAYS|ENABLE REPLICA) TRIGGER /.exec(above.create.at(-1) ?? '')?.[1] ?? 'ENABLE'
    this.#add(id, [`ALTER TABLE ${withoutKind(of)} ${state} TRIGGER ${quoteName(name)}`])
  }

  #addReplicaIdentity(object: SchemaObject): void {
    const [before, after] = [tableDetail(this.#plan.from.get(object.id)), tableDetail(object)]
    if (!before || !after || !this.#families.isKept(object.id) || before.replicaIdentity === after.replicaIdentity)
      return
    this.#add(object.id, [`ALTER TABLE ONLY ${nameOf(object)} REPLICA IDENTITY ${after.replicaIdentity}`])
  }
}
