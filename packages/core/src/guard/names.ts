import type { Deed, NamedObject } from './deed.ts'
import type { Name } from './tree.ts'

/** A relation that is on the server. */
export interface Relation {
  readonly oid: number
  readonly schema: string
  readonly name: string
  /** As in pg_class. */
  readonly kind: string
  readonly unlogged: boolean
}

/** What names lead to when a script begins. */
export interface ServerNames {
  readonly user: string
  /** The schemas of the search_path that are there. */
  readonly path: readonly string[]
  readonly relations: readonly Relation[]
}

/** How the script will be run. */
export interface RunConditions {
  /** A statement that fails ends it, so that what it should have made is there when it goes on. */
  readonly stopsOnError: boolean
  /** It runs in one transaction. */
  readonly inTransaction: boolean
}

const keyOf = (schema: string, name: string) => JSON.stringify([schema, name])

/**
 * Finds what the names in a script lead to, at each place of it: after the search_path was set, and when what has that name now
 * was made, renamed or dropped by the script itself. In doubt a name leads to what is on the server.
 */
export class Names {
  readonly #server: ServerNames
  readonly #relations = new Map<string, Relation>()
  readonly #named = new Map<string, Relation[]>()
  readonly #run: RunConditions
  readonly #made = new Set<string>()
  readonly #temporary = new Set<string>()
  readonly #gone = new Set<number>()
  readonly #renamed = new Map<string, Relation[]>()
  readonly #schemas = new Map<string, string>()
  readonly #columns = new Set<string>()
  readonly #others = new Set<string>()
  #path: readonly string[] | null
  /** What it is again when the transaction ends. */
  #sessionPath: readonly string[] | null
  #pathWasSet = false

  constructor(server: ServerNames, run: RunConditions) {
    this.#server = server
    this.#run = run
    this.#path = server.path
    this.#sessionPath = server.path
    for (const relation of server.relations) {
      this.#relations.set(keyOf(relation.schema, relation.name), relation)
      const named = this.#named.get(relation.name)
      if (named) named.push(relation)
      else this.#named.set(relation.name, [relation])
    }
  }

  /** What a schema of this name may be called on the server. */
  schemas(name: string): readonly string[] {
    const before = this.#schemas.get(name)
    return before === undefined ? [name] : [before, name]
  }

  /** Whether the script has given this name to something that is no relation. */
  isRenamed(name: string): boolean {
    return this.#others.has(name)
  }

  /** The relations that a name may lead to: none where the script has made it, or nothing is there. */
  find({ schema, name }: Name): readonly Relation[] {
    if (schema === 'pg_temp') return []
    if (schema !== undefined) return this.#findIn(schema, name) ?? []
    if (this.#temporary.has(name)) return []
    if (this.#path === null) {
      const all = [...(this.#named.get(name) ?? []), ...this.#renamedTo(name)]
      return all.filter(({ oid }) => !this.#gone.has(oid))
    }
    const path = this.#path.includes('pg_catalog') ? this.#path : ['pg_catalog', ...this.#path]
    for (const each of path) {
      const found = this.#findIn(each, name)
      if (found !== undefined) return found
    }
    return []
  }

  /** Undefined: nothing of this name is there; an empty list: the script has made it. */
  #findIn(schema: string, name: string): readonly Relation[] | undefined {
    const there = this.schemas(schema).flatMap((each) => this.#relations.get(keyOf(each, name)) ?? [])
    const renamed = this.#renamed.get(keyOf(schema, name)) ?? []
    const found = [...there, ...renamed].filter(({ oid }) => !this.#gone.has(oid))
    if (found.length > 0) return found
    return this.#made.has(keyOf(schema, name)) ? [] : undefined
  }

  #renamedTo(name: string): Relation[] {
    return [...this.#renamed].flatMap(([key, relations]) =>
      (JSON.parse(key) as string[])[1] === name ? relations : [],
    )
  }

  /** Whether a column may have got its name from the script, so that it is not known by it on the server. */
  isRenamedColumn(relation: Relation, column: string): boolean {
    return this.#columns.has(`${relation.oid}.${column}`)
  }

  /** Notes that the script has dropped something. */
  drop(object: NamedObject, relations: readonly Relation[], uncertain: boolean): void {
    // What hid something hides it no more.
    const { schema, name } = object
    if (schema === undefined || schema === 'pg_temp') this.#temporary.delete(name)
    this.#unmake({ ...(schema !== undefined && { schema }), name })
    if (uncertain || !this.#run.stopsOnError) return
    for (const { oid } of relations) this.#gone.add(oid)
    if (object.kind !== 'schema') return
    for (const relation of this.#server.relations) {
      if (this.schemas(object.name).includes(relation.schema)) this.#gone.add(relation.oid)
    }
  }

  /** Follows what a script does to names. */
  follow(deed: Deed, uncertain: boolean): void {
    switch (deed.kind) {
      case 'creates':
        // What may not have been made hides nothing.
        if (uncertain || !this.#run.stopsOnError) return
        if (deed.temporary) this.#temporary.add(deed.relation.name)
        else this.#made.add(keyOf(deed.relation.schema ?? this.#path?.[0] ?? '', deed.relation.name))
        return
      case 'renames':
        return this.#rename(deed.what, deed.from, deed.to)
      case 'renames schema':
        this.#schemas.set(deed.to, this.schemas(deed.from)[0] ?? deed.from)
        return
      case 'sets search_path':
        return this.#setPath(deed.path, deed.local, uncertain)
      case 'ends transaction':
        // The COMMIT that a dump has around its large objects is not sent.
        if (!deed.rolledBack && this.#run.inTransaction) return
        this.#path = this.#sessionPath
        if (!deed.rolledBack) return
        // What it was before the transaction has been forgotten.
        if (this.#pathWasSet) this.#path = this.#sessionPath = null
        this.#made.clear()
        this.#temporary.clear()
        this.#gone.clear()
        return
      default:
        return
    }
  }

  #rename(what: 'relation' | 'column' | 'other', from: Name, to: Partial<Name>): void {
    if (what === 'other') {
      this.#others.add(to.name ?? from.name)
      return
    }
    for (const relation of this.find(from)) {
      if (what === 'column') {
        this.#columns.add(`${relation.oid}.${to.name}`)
        continue
      }
      const key = keyOf(to.schema ?? from.schema ?? relation.schema, to.name ?? from.name)
      this.#renamed.set(key, [...(this.#renamed.get(key) ?? []), relation])
    }
    if (what !== 'relation') return
    this.#temporary.delete(from.name)
    this.#unmake(from)
  }

  /** Forgets that the script has made something of this name. */
  #unmake({ schema, name }: Name): void {
    for (const key of this.#made) {
      const [itsSchema, itsName] = JSON.parse(key) as string[]
      if (itsName === name && (schema === undefined || itsSchema === schema)) this.#made.delete(key)
    }
  }

  #setPath(path: readonly string[] | undefined | null, local: boolean, uncertain: boolean): void {
    const set =
      path === undefined ? this.#server.path : path?.map((each) => (each === '$user' ? this.#server.user : each))
    this.#pathWasSet = true
    // SET LOCAL does nothing outside of a transaction.
    const unsure = uncertain || (local && !this.#run.inTransaction)
    this.#path = unsure ? null : (set ?? null)
    if (!local) this.#sessionPath = this.#path
  }
}
