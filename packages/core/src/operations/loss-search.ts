import type { Location } from '../errors.ts'
import type { Destruction } from '../guard/deed.ts'
import { findDependents, findReferring, type Root } from '../guard/dependents.ts'
import type { Names } from '../guard/names.ts'
import { findColumn, findDatabase, findRoots, findTypedTables } from '../guard/server-facts.ts'
import { readSizes, sizeKey } from '../guard/table-sizes.ts'
import { nameText } from '../guard/tree.ts'
import type { Connection } from '../postgres/connection.ts'
import type { Loss, Losses, UnknownLoss } from './losses.ts'
import type { Step } from './script-deeds.ts'

/** A loss as far as it is known without the server. */
export function lossOf({ action }: { action: string }, location: Location, object: string | undefined): Loss {
  return { location, action, ...(object !== undefined && { object }), rows: null, estimated: false, sizeBytes: null }
}

/** A loss whose table is not yet measured. */
interface Found {
  readonly loss: Loss
  readonly table?: { readonly oid: number; readonly only: boolean }
  /** Not all of the table: its size says nothing. */
  readonly part: boolean
}

/** A deed whose dependents are looked for at the end, all in one. */
interface Pending {
  readonly action: string
  readonly location: Location
  readonly place: number
  /** The relation itself, which is listed as what it is. */
  readonly own: number | undefined
}

/** Takes the steps of scripts in order, and finds what each of them loses. Only asks the server. */
export class LossSearch {
  readonly #connection: Connection
  readonly #names: Names
  readonly #found: { place: number; found: Found }[] = []
  readonly #unknown: UnknownLoss[] = []
  readonly #roots: Root[] = []
  readonly #referred: { id: number; oid: number; deleted: boolean }[] = []
  readonly #pending: Pending[] = []
  #place = 0

  constructor(connection: Connection, names: Names) {
    this.#connection = connection
    this.#names = names
  }

  async take({ deed, location, uncertain }: Step): Promise<void> {
    this.#place++
    switch (deed.kind) {
      case 'unknown':
        this.#unknown.push({ location, why: deed.why })
        return
      case 'drops with dependents': {
        const roots = await findRoots(this.#connection, deed.object, this.#names)
        const renamed = roots?.length === 0 && this.#names.isRenamed(deed.object.name)
        if (roots === undefined || renamed) this.#unknown.push({ location, why: deed.what })
        else this.#expand(roots, true, deed.what.replace(' and all that needs it', ''), location)
        return
      }
      case 'destroys':
        return this.#destroy(deed, location, uncertain)
      default:
        this.#names.follow(deed, uncertain)
    }
  }

  async #destroy(deed: Destruction, location: Location, uncertain: boolean): Promise<void> {
    const { object, how } = deed
    if (object === undefined) return this.#add(lossOf(deed, location, undefined))
    switch (object.kind) {
      case 'database': {
        const found = await findDatabase(this.#connection, object.name)
        if (!found) this.#doubt(deed, location)
        else this.#add({ ...lossOf(deed, location, nameText(object)), sizeBytes: found.sizeBytes })
        return
      }
      case 'other':
        return this.#add(lossOf(deed, location, nameText(object)))
      case 'table':
      case 'materialized view':
      case 'sequence':
      case 'view':
      case 'foreign table':
        return this.#lose(deed, location, uncertain)
      case 'type':
        if (how === 'drop column') {
          for (const oid of await findTypedTables(this.#connection, object))
            this.#add(
              lossOf({ action: `${deed.action} ${nameText(object)}, and with it of` }, location, undefined),
              { oid, only: false },
              true,
            )
          return
        }
    }
    const roots = (await findRoots(this.#connection, object, this.#names)) ?? []
    if (roots.length === 0) this.#doubt(deed, location)
    this.#expand(roots, deed.cascade || object.kind === 'role', `${deed.action} ${nameText(object)}`, location)
    this.#names.drop(object, [], uncertain)
  }

  /** What is not there by its name may be there by another one. */
  #doubt({ action, object }: Destruction, location: Location): void {
    if (object === undefined || !this.#names.isRenamed(object.name)) return
    this.#unknown.push({ location, why: `${action} ${nameText(object)}, a name that the script itself has given` })
  }

  /** What is lost of relations. */
  async #lose(deed: Destruction, location: Location, uncertain: boolean): Promise<void> {
    const { object, how, column, cascade, newType } = deed
    if (object === undefined) return
    const relations = this.#names.find(object)
    for (const relation of relations) {
      const { oid, kind } = relation
      const isTable = ['r', 'p', 'm'].includes(kind)
      if (how === 'unlog' && relation.unlogged) continue
      const found = column === undefined ? undefined : await findColumn(this.#connection, relation, column, newType)
      if (column !== undefined && found === undefined && !this.#names.isRenamedColumn(relation, column)) continue
      if (found?.preserved) continue
      const only = how === 'drop' ? kind !== 'p' : deed.only
      const name = nameText({ schema: relation.schema, name: relation.name })
      const holds = isTable || how !== 'drop' || kind === 'S'
      const part = column !== undefined || how === 'unlog'
      if (holds) this.#add(lossOf(deed, location, name), isTable ? { oid, only } : undefined, part)
      const action = `${deed.action} ${name}`
      if (how === 'drop' || how === 'drop column')
        this.#expand([{ catalog: 'pg_class', oid }], cascade, action, location, found?.number, oid)
      if (how === 'delete' || (how === 'truncate' && cascade)) {
        const id = this.#pend(action, location, oid)
        this.#referred.push({ id, oid, deleted: how === 'delete' })
      }
    }
    if (how === 'drop') this.#names.drop(object, relations, uncertain)
  }

  #add(loss: Loss, table?: Found['table'], part = false): void {
    this.#found.push({ place: this.#place, found: { loss, ...(table && { table }), part } })
  }

  #pend(action: string, location: Location, own: number | undefined): number {
    return this.#pending.push({ action, location, place: this.#place, own }) - 1
  }

  #expand(
    roots: readonly Pick<Root, 'catalog' | 'oid'>[],
    cascade: boolean,
    action: string,
    location: Location,
    column = 0,
    own?: number,
  ): void {
    if (roots.length === 0) return
    const id = this.#pend(action, location, own)
    for (const root of roots) this.#roots.push({ id, ...root, column, cascade })
  }

  /** Looks for what goes along, and measures all of it. */
  async result(): Promise<Losses> {
    const dependents = [
      ...(await findDependents(this.#connection, this.#roots)),
      ...(await findReferring(this.#connection, this.#referred)),
    ]
    for (const { id, oid, kind, column } of dependents) {
      const { action, location, place, own } = this.#pending[id]!
      if (oid === own) continue
      const what = kind === 'm' ? 'the materialized view' : action.startsWith('deletes') ? 'rows of' : 'the table'
      const along = column === null ? what : `the column ${column} of`
      const loss = lossOf({ action: `${action}, and with it ${along}` }, location, undefined)
      this.#found.push({ place, found: { loss, table: { oid, only: kind !== 'p' }, part: column !== null } })
    }
    const found = this.#found.sort((one, other) => one.place - other.place).map((each) => each.found)
    const sizes = await readSizes(
      this.#connection,
      found.flatMap(({ table }) => table ?? []),
    )
    for (const { loss, table, part } of found) {
      const size = table && sizes.get(sizeKey(table))
      if (size === undefined) continue
      const { name, rows, estimated, sizeBytes } = size
      Object.assign(loss, { object: name, rows, estimated, sizeBytes: part ? null : sizeBytes })
    }
    return { losses: found.map(({ loss }) => loss), unknown: this.#unknown }
  }
}
