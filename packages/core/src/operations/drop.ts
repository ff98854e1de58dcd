import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import { moveDatabases, moveStatements, refuseWithoutCreatedb, toCopy } from './aside.ts'
import { withMaintenance } from './connections.ts'
import { asideName, keptCopy, nameAside, type Copy } from './copies.ts'
import { findDatabase, lockDatabase, refuseSpecial, type DatabaseState } from './database-state.ts'
import { whileEmpty } from './emptying.ts'
import { refuseOccupied, type Occupant } from './occupants.ts'
import { letGo, lookAround, type PruneOptions } from './prune.ts'

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
  /** Older copies that are over the limits: the server is dropping them. */
  expired: string[]
}

/** Drops the target's database. It is kept under another name, for undo, unless `keep` is false. */
export function dropDatabase(cluster: Cluster, options: DropOptions = {}): Promise<Dropped> {
  const { force = false, keep = true } = options
  return withMaintenance(cluster, async (connection) => {
    await lockDatabase(connection, cluster.database)
    const state = await findDatabase(connection, cluster.database)
    if (!state) return { dropped: false, ended: [], kept: null, slots: [], expired: [] }
    refuseSpecial(state)
    // Half a database cannot be kept, and what an interrupted setup has made is not worth it.
    const keeps = keep && !state.invalid && !state.setup
    if (keeps) refuseWithoutCreatedb(state, connection.address.user, 'drop')
    await refuseOccupied(connection, state, { force, deed: 'drop' })
    const slots = await listSlots(connection, state)
    const copy = keeps ? await nameAside(connection, state.name, 'dropped', state.now) : undefined
    const ended = await whileEmpty(cluster, connection, state, { force: force && !state.invalid, deed: 'drop' }, () =>
      copy === undefined
        ? dropForGood(connection, state.name)
        : moveDatabases(connection, [toCopy(state, copy, 'drop', connection.address.user)]),
    )
    const drop = { database: state.name, at: state.now, by: connection.address.user, command: 'drop' as const }
    const { copies, expired } = await lookAround(connection, state.name, options)
    await letGo(connection, expired)
    return { dropped: true, ended, kept: keptCopy(copies, copy, drop), slots, expired }
  })
}

/** The statements by which `dropDatabase` does it; without `keep` it drops for good. */
export function dropStatements(database: string, { keep }: { keep: boolean }): string[] {
  if (!keep) return [`drop database ${quoteIdentifier(database)}`]
  const state = { name: database, open: true, comment: null, now: new Date() }
  // Not the last one, which writes down what the database was.
  return moveStatements([toCopy(state, asideName(database, 'dropped', state.now), 'drop', '')]).slice(0, -1)
}

/** Drops a database, if somebody else has not. */
export async function dropForGood(connection: Connection, database: string): Promise<void> {
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
