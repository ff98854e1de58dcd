import { findCycles } from './cycles.ts'
import { followers, ranks } from './kinds.ts'
import type { SchemaObject } from './model.ts'

/** A piece of a dump: an object with what is written inside of it, or a part of what makes it. */
export interface Piece {
  readonly id: string
  readonly object: SchemaObject
  /** `standIn`: only what stands in its place at first. `replacement`: what then takes that place. `owner`: OWNED BY of a sequence. */
  readonly part: 'whole' | 'standIn' | 'replacement' | 'owner' | 'rows'
  readonly inlined: SchemaObject[]
  readonly needs: Set<string>
}

export interface Ordered {
  readonly pieces: readonly Piece[]
  /** Objects that need each other in a way that no statement allows: they may not load. */
  readonly unresolved: readonly (readonly string[])[]
}

/**
 * Puts objects in an order in which they load: by kind and name, the parts of a table behind it, and before each what it needs. The
 * same objects always come in the same order. `withRows` are the tables whose rows come along.
 */
export function orderObjects(objects: readonly SchemaObject[], withRows: ReadonlySet<string> = new Set()): Ordered {
  const graph = new Graph(objects, withRows)
  const unresolved = graph.breakCycles()
  return { pieces: graph.sort(), unresolved }
}

class Graph {
  readonly #objects: Map<string, SchemaObject>
  readonly #pieces = new Map<string, Piece>()
  /** The piece that an object is written in. */
  readonly #pieceOf = new Map<string, string>()
  readonly #keys = new Map<string, string>()
  /** What a piece needs instead of another one: its stand-in. */
  readonly #instead = new Map<string, Map<string, string>>()

  constructor(objects: readonly SchemaObject[], withRows: ReadonlySet<string>) {
    this.#objects = new Map(objects.map((object) => [object.id, object]))
    const inlinedIn = new Map<string, SchemaObject[]>()
    for (const object of objects) {
      const { id, of, inline } = object
      if (inline === undefined || of === undefined || !this.#objects.has(of)) continue
      this.#pieceOf.set(id, of)
      inlinedIn.set(of, [...(inlinedIn.get(of) ?? []), object])
    }
    for (const object of objects) {
      if (this.#pieceOf.has(object.id)) continue
      this.#pieceOf.set(object.id, object.id)
      this.#add({ id: object.id, object, part: 'whole', inlined: inlinedIn.get(object.id) ?? [], needs: new Set() })
      const { detail } = object
      if (detail?.kind !== 'sequence' || detail.ownedBy === null || object.of === undefined) continue
      this.#add({
        id: `owner of ${object.id}`,
        object,
        part: 'owner',
        inlined: [],
        needs: new Set([object.id, object.of]),
      })
    }
    for (const table of withRows) this.#addRows(table)
    for (const piece of this.#pieces.values()) if (piece.part === 'whole') this.#resolve(piece)
  }

  #add(piece: Piece): void {
    this.#pieces.set(piece.id, piece)
  }

  /** Rows come before all that would look at each, or be slowed down by it. */
  #addRows(table: string): void {
    const object = this.#objects.get(table)
    if (!object) return
    const id = `rows of ${table}`
    this.#add({ id, object, part: 'rows', inlined: [], needs: new Set([table]) })
    for (const piece of this.#pieces.values()) {
      const { kind, of } = piece.object
      if (of === table && (kind === 'trigger' || kind === 'rule' || kind === 'foreign key' || kind === 'policy'))
        piece.needs.add(id)
    }
  }

  #resolve(piece: Piece): void {
    for (const object of [piece.object, ...piece.inlined]) {
      for (const need of object.needs) {
        const found = this.#pieceOf.get(need)
        if (found === undefined || found === piece.id) continue
        piece.needs.add(this.#instead.get(piece.id)?.get(found) ?? found)
      }
    }
  }

  /** Takes objects that need each other apart. Returns those for which there is no way. */
  breakCycles(): string[][] {
    const unresolved: string[][] = []
    for (;;) {
      const cycles = findCycles(this.#pieces)
      if (cycles.length === 0) return unresolved
      for (const cycle of cycles) {
        const ids = new Set(cycle.toSorted((one, other) => compare(this.#keyOf(one), this.#keyOf(other))))
        if (this.#standInForTypes(ids) || this.#takeOut(ids) || this.#standInForView(ids)) continue
        unresolved.push([...ids])
        const [first] = ids
        if (first !== undefined) for (const need of ids) this.#pieces.get(first)?.needs.delete(need)
      }
    }
  }

  /** The functions of a type need it, and it needs them: they get a shell type first. */
  #standInForTypes(ids: ReadonlySet<string>): boolean {
    let changed = false
    for (const id of ids) {
      const piece = this.#pieces.get(id)
      if (piece?.part !== 'whole' || piece.object.standIn === undefined || piece.object.kind === 'view') continue
      this.#standIn(piece, [...ids], ({ object }) => object.kind === 'function')
      changed = true
    }
    return changed
  }

  #standInForView(ids: ReadonlySet<string>): boolean {
    for (const id of ids) {
      const piece = this.#pieces.get(id)
      if (piece?.part !== 'whole' || piece.object.kind !== 'view' || piece.object.standIn === undefined) continue
      this.#standIn(piece, [...ids], () => true)
      return true
    }
    return false
  }

  #standIn(piece: Piece, others: readonly string[], suits: (other: Piece) => boolean): void {
    const { object } = piece
    const id = `stand-in for ${object.id}`
    // Of what it needs itself, only what is not in the cycle: the types of its columns.
    const needs = [...piece.needs].filter((need) => !others.includes(need))
    this.#add({ id, object, part: 'standIn', inlined: [], needs: new Set(needs) })
    this.#pieces.set(piece.id, { ...piece, part: 'replacement', needs: new Set([...piece.needs, id]) })
    for (const other of others) {
      const needing = this.#pieces.get(other)
      if (!needing || other === piece.id || !suits(needing) || !needing.needs.delete(piece.id)) continue
      needing.needs.add(id)
      const instead = this.#instead.get(other) ?? new Map<string, string>()
      this.#instead.set(other, instead.set(piece.id, id))
    }
  }

  /** Writes a default or a check behind its table where it needs what needs the table. */
  #takeOut(ids: ReadonlySet<string>): boolean {
    let changed = false
    for (const id of ids) {
      const piece = this.#pieces.get(id)
      if (!piece) continue
      const out = piece.inlined.filter(({ needs }) =>
        needs.some((need) => {
          const found = this.#pieceOf.get(need)
          return found !== undefined && found !== id && ids.has(found)
        }),
      )
      if (out.length === 0) continue
      changed = true
      const inlined = piece.inlined.filter((object) => !out.includes(object))
      const smaller: Piece = { ...piece, inlined, needs: new Set() }
      this.#pieces.set(id, smaller)
      for (const object of out) {
        this.#pieceOf.set(object.id, object.id)
        this.#add({ id: object.id, object, part: 'whole', inlined: [], needs: new Set() })
      }
      for (const object of out) {
        const own = this.#pieces.get(object.id)
        if (own) this.#resolve(own)
      }
      this.#resolve(smaller)
      // What needed the table for the sake of what was taken out, needs that.
      for (const other of this.#pieces.values()) if (other.part === 'whole' && other.needs.has(id)) this.#resolve(other)
    }
    return changed
  }

  sort(): Piece[] {
    const sorted: Piece[] = []
    const state = new Map<string, 'visiting' | 'done'>()
    const waiting: Piece[] = []
    const following = this.#followers()
    const visit = (piece: Piece): void => {
      if (state.has(piece.id)) return
      state.set(piece.id, 'visiting')
      for (const need of this.#inOrder(piece.needs)) visit(need)
      state.set(piece.id, 'done')
      sorted.push(piece)
      // What belongs to a partition waits for the other partitions, and for what belongs to their parent.
      const partition = piece.part === 'whole' && this.#leaderOf(piece) !== undefined
      for (const follower of following.get(piece.id) ?? []) {
        const waits = partition && follower.object.kind !== 'table'
        if (waits || this.#reaches(follower, state)) waiting.push(follower)
        else visit(follower)
      }
    }
    for (const piece of this.#inOrder(this.#pieces.keys())) {
      visit(piece)
      for (let next = waiting.shift(); next; next = waiting.shift()) visit(next)
    }
    return sorted
  }

  #inOrder(ids: Iterable<string>): Piece[] {
    return [...ids]
      .flatMap((id) => this.#pieces.get(id) ?? [])
      .sort((one, other) => compare(this.#keyOf(one.id), this.#keyOf(other.id)))
  }

  /** Whether it needs something that is being visited. */
  #reaches(piece: Piece, state: ReadonlyMap<string, 'visiting' | 'done'>): boolean {
    const seen = new Set<string>()
    const stack = [...piece.needs]
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (state.get(id) === 'visiting') return true
      if (state.get(id) === 'done' || seen.has(id)) continue
      seen.add(id)
      stack.push(...(this.#pieces.get(id)?.needs ?? []))
    }
    return false
  }

  #followers(): Map<string, Piece[]> {
    const found = new Map<string, Piece[]>()
    for (const piece of this.#inOrder(this.#pieces.keys())) {
      const leader = this.#leaderOf(piece)
      if (leader !== undefined) found.set(leader, [...(found.get(leader) ?? []), piece])
    }
    return found
  }

  #leaderOf({ part, object: { kind, of, detail, id } }: Piece): string | undefined {
    if (part === 'rows') return id
    if (!followers.has(kind)) return undefined
    const leader = detail?.kind === 'table' ? detail.partitionOf?.parent : of
    return leader !== undefined && this.#pieces.has(leader) ? leader : undefined
  }

  /** A text that sorts pieces: that of what it follows in front. */
  #keyOf(id: string): string {
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const piece = this.#pieces.get(id)
    if (!piece) return id
    const { object, part } = piece
    const leader = this.#leaderOf(piece)
    const own = [part === 'rows' ? 71 : ranks[object.kind], object.schema ?? '', object.name, object.id, part].join(
      '\u0001',
    )
    const key = leader === undefined || leader === id ? own : `${this.#keyOf(leader)}\u0002${own}`
    this.#keys.set(id, key)
    return key
  }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
