import { Failure, type Location } from '../errors.ts'
import type { Deed, Destruction } from '../guard/deed.ts'
import { findDependents, findReferring, type Root } from '../guard/dependents.ts'
import { Names } from '../guard/names.ts'
import { loadParser } from '../guard/parser.ts'
import { Routines } from '../guard/routines.ts'
import { findColumn, findDatabase, findRoots, findTypedTables, readNames } from '../guard/server-facts.ts'
import { readSizes, sizeKey } from '../guard/table-sizes.ts'
import { nameText } from '../guard/tree.ts'
import type { Connection } from '../postgres/connection.ts'
import type { ScriptSource } from '../script/files.ts'
import { initialVariables, type RunScriptOptions, serverVariables } from './run-script.ts'
import { readSteps, type Step } from './script-deeds.ts'
import { diskFiles } from './script-files.ts'

/** Something that a script would lose. */
export interface Loss {
  location: Location
  /** `drops the table`, `drops the schema s, and with it the table` … */
  action: string
  /** What it acts on, as SQL names it; undefined: the action says it all. */
  object?: string
  /** Null: unknown. */
  rows: number | null
  /** `rows` is an estimate. */
  estimated: boolean
  /** Null: unknown, or it is not all of it. */
  sizeBytes: number | null
}

/** What may lose something or not. */
export interface UnknownLoss {
  location: Location
  /** Follows the place: `runs a block in plpython3u`. */
  why: string
}

/** What scripts would lose, by place. */
export interface Losses {
  losses: Loss[]
  unknown: UnknownLoss[]
  /** Why the server could not be looked at: names are then those that are written, be they there or not. */
  notLooked?: string
}

/** How long the server looks at most for each answer. */
const lookSeconds = 3

/**
 * Finds what scripts would lose if they ran now: reads them with PostgreSQL's own parser, and asks the server what is behind the
 * names. It only looks, in a read-only transaction that takes no lock stronger than ACCESS SHARE and waits for none. What the
 * script has made itself is no loss, and neither is what is not there. Without a connection nothing is known but the names.
 *
 * Triggers, rules and operators that a statement sets off are not looked into.
 */
export async function findLosses(
  sources: readonly ScriptSource[],
  connection: Connection | undefined,
  options: RunScriptOptions = {},
): Promise<Losses> {
  const parser = await loadParser()
  const files = diskFiles({ folder: '.', ...options }, { signal: options.signal })
  const { steps, stopsOnError } = await readSteps(sources, files, parser, {
    variables: [...(connection ? serverVariables(connection) : []), ...initialVariables(options)],
    inTransaction: options.transaction !== 'none',
    standardConformingStrings: connection?.channel.parameters.get('standard_conforming_strings') !== 'off',
  })
  const routines = connection && new Routines(connection, parser)
  if (!connection || !routines) return byName(steps, 'there is no connection')
  try {
    await connection.run('begin read only')
    await connection.run(
      `set local statement_timeout = '${lookSeconds}s'; set local lock_timeout = '500ms'; set local row_security = off`,
    )
    await routines.load(steps.flatMap(({ deed }) => (deed.kind === 'calls' ? [deed.routine.name] : [])))
    const expanded = withBodies(steps, routines)
    const mentioned = expanded.flatMap(({ deed }) => namesOf(deed))
    const names = new Names(await readNames(connection, mentioned), stopsOnError)
    const search = new Search(connection, names)
    for (const step of expanded) await search.take(step)
    return await search.result()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    return byName(steps, error.message)
  } finally {
    await connection.run('rollback').catch(() => {})
  }
}

/** The steps with those of the routines that they call, and without what is known to be harmless. */
function withBodies(steps: readonly Step[], routines: Routines | undefined): Step[] {
  const own = new Map<string, readonly Step[]>()
  const prepared = new Set<string>()
  const expand = (step: Step, callers: readonly string[]): Step[] => {
    const { deed, location, uncertain } = step
    switch (deed.kind) {
      case 'creates routine':
        own.set(deed.routine.name, [...(uncertain ? (own.get(deed.routine.name) ?? []) : []), ...step.body])
        return []
      case 'calls': {
        const { name } = deed.routine
        const body = own.get(name)
        // One that calls itself is being looked at.
        if (callers.includes(name)) return []
        if (body !== undefined) return body.flatMap((inner) => expand(inner, [...callers, name]))
        return (routines?.resolve(deed.routine) ?? []).map((inner) => ({ deed: inner, location, uncertain, body: [] }))
      }
      case 'prepares':
        if (!uncertain) prepared.add(deed.name)
        return []
      case 'executes': {
        if (prepared.has(deed.name)) return []
        const why = `executes ${deed.name}, which this script does not prepare`
        return [{ ...step, deed: { kind: 'unknown', why, offset: deed.offset } }]
      }
      default:
        return [step]
    }
  }
  return steps.flatMap((step) => expand(step, []))
}

function namesOf(deed: Deed): string[] {
  switch (deed.kind) {
    case 'destroys':
    case 'drops with dependents':
      return deed.object ? [deed.object.name] : []
    case 'renames':
      return [deed.from.name]
    case 'creates':
      return [deed.relation.name]
    default:
      return []
  }
}

/** What is lost, as far as the text of the scripts tells. */
function byName(steps: readonly Step[], notLooked: string): Losses {
  const losses: Loss[] = []
  const unknown: UnknownLoss[] = []
  for (const { deed, location } of withBodies(steps, undefined)) {
    if (deed.kind === 'destroys') losses.push(lossOf(deed, location, deed.object && nameText(deed.object)))
    else if (deed.kind === 'unknown') unknown.push({ location, why: deed.why })
    else if (deed.kind === 'drops with dependents') unknown.push({ location, why: deed.what })
  }
  return { losses, unknown, notLooked }
}

function lossOf({ action }: { action: string }, location: Location, object: string | undefined): Loss {
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

class Search {
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
        if (roots === undefined) this.#unknown.push({ location, why: deed.what })
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
        if (found) this.#add({ ...lossOf(deed, location, nameText(object)), sizeBytes: found.sizeBytes })
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
            this.#add(lossOf({ action: `${deed.action} ${nameText(object)}, and with it of` }, location, undefined), { oid, only: false }, true)
          return
        }
    }
    const roots = (await findRoots(this.#connection, object, this.#names)) ?? []
    this.#expand(roots, deed.cascade || object.kind === 'role', `${deed.action} ${nameText(object)}`, location)
    this.#names.drop(object, [], uncertain)
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
    const sizes = await readSizes(this.#connection, found.flatMap(({ table }) => table ?? []))
    for (const { loss, table, part } of found) {
      const size = table && sizes.get(sizeKey(table))
      if (size === undefined) continue
      const { name, rows, estimated, sizeBytes } = size
      Object.assign(loss, { object: name, rows, estimated, sizeBytes: part ? null : sizeBytes })
    }
    return { losses: found.map(({ loss }) => loss), unknown: this.#unknown }
  }
}
