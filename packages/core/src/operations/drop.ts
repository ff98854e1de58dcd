import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import { moveDatabases, moveStatements, refuseWithoutCreatedb, toCopy } from './aside.ts'
import { withMaintenance } from './connections.ts'
import { asideName, nameAside, type Copy } from './copies.ts'
import { findDatabase, lockDatabase, refuseSpecial, type DatabaseState } from './database-state.ts'
import { whileEmpty } from './emptying.ts'
import { refuseOccupied, type Occupant } from './occupants.ts'
import { pruneAfterwards, type PruneOptions } from './prune.ts'

export interface DropOptions extends PruneOptions {
  /** End the sessions of others. Without it their presence is a `database_busy` failure that names them. */
  force?: boolean
  /** Keep a copy that undo brings back. Default: true. */
  keep?: boolean
}

export interface Dropped {
  /** False: there was no such database. */
  dropped: boolean
  /** Sessions that were ended. */
  ended: Occupant[]
  /** What is kept; null: nothing is, by wish or because there was nothing worth it. */
  kept: Copy | null
  /** Logical replication slots of the database. In a copy they go on holding WAL back; without one they are lost. */
  slots: string[]
  /** Older copies that were over the limits, and are gone. */
  pruned: string[]
}

/** Drops the target's database. It is kept under another name, for undo, unless `keep` is false. */
export function dropDatabase(cluster: Cluster, options: DropOptions = {}): Promise<Dropped> {
  const { force = false, keep = true } = options
  return withMaintenance(cluster, async (connection) => {
    await lockDatabase(connection, cluster.database)
    const state = await findDatabase(connection, cluster.database)
    if (!state) return { dropped: false, ended: [], kept: null, slots: [], pruned: [] }
    refuseSpecial(state)
    // Half a database cannot be kept, and what an interrupted setup has made is not worth it.
    const keeps = keep && !state.invalid && !state.setup
    if (keeps) refuseWithoutCreatedb(state, connection.address.user, 'drop')
    await refuseOccupied(connection, state, { force, deed: 'drop' })
    const slots = await listSlots(connection, state)
    const copy = keeps ? await nameAside(connection, state.name, 'dropped', state.now) : undefined
    const ended = await whileEmpty(cluster, connection, state, { force: force && !state.invalid, deed: 'drop' }, () =>
      copy === undefined
        ? dropNow(connection, state.name)
        : moveDatabases(connection, [toCopy(state, copy, 'drop', connection.address.user)]),
    )
    const { copies, pruned } = await pruneAfterwards(connection, state.name, options)
    return { dropped: true, ended, kept: copies.find((each) => each.copy === copy) ?? null, slots, pruned }
  })
}

/** The statements by which `dropDatabase` does it; without `keep` it drops for good. */
export function dropStatements(database: string, { keep }: { keep: boolean }): string[] {
  if (!keep) return [`drop database ${quoteIdentifier(database)}`]
  const state = { name: database, open: true, comment: null, now: new Date() }
  // Not the last one, which writes down what the database was.
  return moveStatements([toCopy(state, asideName(database, 'dropped', state.now), 'drop', '')]).slice(0, -1)
}

async function dropNow(connection: Connection, database: string): Promise<void> {
  try {
    await connection.run(`drop database ${quoteIdentifier(database)}`)
  } catch (error) {
    if (!(error instanceof Failure) || error.sql?.sqlstate !== '3D000') throw error
  }
}

async function listSlots(connection: Connection, { name }: DatabaseState): Promise<string[]> {
  const slots = await connection.query<{ name: string }>`
    select slot_name::text as name from pg_replication_slots where database = ${name} order by slot_name`
  return slots.map((slot) => slot.name)
}
