import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { fromCopy, dropAside, moveDatabases, refuseWithoutCreatedb, toCopy, toLeftover, type Move } from './aside.ts'
import { withMaintenance } from './connections.ts'
import { listCopies, nameAside, readDropped, type Copy } from './copies.ts'
import { findDatabase, lockDatabase, refuseSpecial, type DatabaseState } from './database-state.ts'
import { dropForGood } from './drop.ts'
import { reopen, whileEmpty } from './emptying.ts'
import { refuseOccupied, type Occupant } from './occupants.ts'

/** What undo would do now. */
export type UndoPlan =
  /** A drop was interrupted before anything was dropped: connections are let in again. */
  | { does: 'reopen' }
  | {
      does: 'restore'
      copy: Copy
      /** What becomes of the database that has the name now; undefined: there is none. */
      present: 'kept' | 'discarded' | undefined
    }

export interface UndoOptions {
  /** The copy to bring back. Default: the newest, or what an interrupted setup has kept. */
  from?: string
  /** End the sessions in the database that has the name now. */
  force?: boolean
}

export interface Undone {
  /** Connections are let in again; nothing was renamed. */
  reopened: boolean
  /** The copy that has its old name again. */
  restored: Copy | null
  /** What was there under that name, and can be brought back by another undo. */
  kept: Copy | null
  ended: Occupant[]
}

/** Finds out what undo would do, and changes nothing. Throws `not_found` when there is nothing to bring back. */
export function planUndo(cluster: Cluster, { from }: Pick<UndoOptions, 'from'> = {}): Promise<UndoPlan> {
  return withMaintenance(cluster, async (connection) =>
    plan(connection, cluster.database, from).then(({ todo }) => todo),
  )
}

/**
 * Brings a dropped database back under its old name. One that has the name by now is put aside in the same transaction, so
 * that another undo brings that one back. Throws `not_found`, `database_busy`, `refused`.
 */
export function undoDrop(cluster: Cluster, { from, force = false }: UndoOptions = {}): Promise<Undone> {
  const { database } = cluster
  return withMaintenance(cluster, async (connection) => {
    await lockDatabase(connection, database)
    const { todo, present } = await plan(connection, database, from)
    if (todo.does === 'reopen') {
      if (present) await reopen(connection, present)
      return { reopened: true, restored: null, kept: null, ended: [] }
    }
    const copy = await findDatabase(connection, todo.copy.copy)
    if (!copy) throw noCopy(todo.copy.copy)
    const user = connection.address.user
    refuseWithoutCreatedb(copy, user, 'undo')
    const back = fromCopy(copy, database, readDropped(copy.notes)?.open ?? true)
    // Half a database can neither be kept nor be renamed.
    if (present?.invalid) await dropForGood(connection, database)
    if (!present || present.invalid) {
      await moveDatabases(connection, [back])
      return { reopened: false, restored: todo.copy, kept: null, ended: [] }
    }
    refuseSpecial(present)
    await refuseOccupied(connection, present, { force, deed: 'undo' })
    const discards = todo.present === 'discarded'
    const name = await nameAside(connection, database, discards ? 'setup' : 'dropped', present.now)
    const aside: Move = discards ? toLeftover(present, name) : toCopy(present, name, 'undo', user)
    const ended = await whileEmpty(cluster, connection, present, { force, deed: 'undo' }, () =>
      moveDatabases(connection, [aside, back]),
    )
    if (discards) await dropAside(connection, name)
    const copies = await listCopies(connection, { sizes: true })
    return { reopened: false, restored: todo.copy, kept: copies.find((each) => each.copy === name) ?? null, ended }
  })
}

async function plan(
  connection: Connection,
  database: string,
  from: string | undefined,
): Promise<{ todo: UndoPlan; present: DatabaseState | undefined }> {
  const present = await findDatabase(connection, database)
  if (present?.dropping && !present.setup && from === undefined) return { todo: { does: 'reopen' }, present }
  const copies = (await listCopies(connection, { sizes: true })).filter((copy) => copy.database === database)
  const wanted = from ?? present?.setup?.copy
  const copy =
    wanted === undefined ? (present?.setup ? undefined : copies[0]) : copies.find((each) => each.copy === wanted)
  if (!copy) throw wanted === undefined ? nothingToUndo(database, present) : noCopy(wanted)
  const does = !present ? undefined : present.setup || present.invalid ? 'discarded' : 'kept'
  return { todo: { does: 'restore', copy, present: does }, present }
}

function nothingToUndo(database: string, present: DatabaseState | undefined): Failure {
  if (present?.setup) {
    return new Failure('not_found', `A setup of ${database} was interrupted, and before it there was no ${database}.`, {
      state: 'Nothing was changed.',
      hint: 'pgrig setup starts again, pgrig drop takes away what it has made.',
    })
  }
  return new Failure('not_found', `There is no copy of ${database} to bring back.`, {
    state: 'Nothing was changed.',
    hint: 'pgrig undo list shows the copies on the server.',
  })
}

function noCopy(name: string): Failure {
  return new Failure('not_found', `There is no copy ${name} of the target’s database.`, {
    state: 'Nothing was changed.',
    hint: 'pgrig undo list shows the copies on the server.',
  })
}
