import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { noteOnDatabase } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import { withFreshMaintenance } from './connections.ts'
import type { Deed, DroppingNote } from './copies.ts'
import { findDatabase, type DatabaseState } from './database-state.ts'
import { listOccupants, occupiedFailure, type Occupant } from './occupants.ts'

interface EmptyingOptions {
  deed: Deed
  /** End the sessions in it, and keep new ones out meanwhile. */
  force: boolean
  /** End sessions of pgrig itself too: those in a database that our own setup has made. */
  oursToo?: boolean
}

/**
 * Does work on a database that nobody may be connected to. With force, connections are first disallowed, which keeps out
 * whoever reconnects, superusers too, and then those that are there are ended. When anything fails or is stopped, connections
 * are let in again. Throws `database_busy`.
 */
export async function whileEmpty(
  cluster: Cluster,
  connection: Connection,
  state: DatabaseState,
  options: EmptyingOptions,
  work: () => Promise<void>,
): Promise<Occupant[]> {
  const { deed, force } = options
  if (!force) {
    await work().catch(async (error: unknown) => {
      throw isInUse(error) ? await occupiedFailure(connection, state, options, error) : error
    })
    return []
  }
  let ended: Occupant[] = []
  try {
    await connection.run(closeStatements(state, { deed, by: connection.address.user }))
    ended = await endSessions(connection, state, options)
    await work()
    return ended
  } catch (error) {
    const { reopened, state: now } = await reopenAfterwards(cluster, state)
    if (isInUse(error)) throw await occupiedFailure(connection, state, { ...options, ended: ended.length }, error)
    const saysIt = error instanceof Failure && error.code === 'database_busy' && reopened
    throw error instanceof Failure && !saysIt ? error.with({ state: now }) : error
  }
}

function isInUse(error: unknown): error is Failure {
  return error instanceof Failure && error.sql?.sqlstate === '55006'
}

/** Both or none, since what is sent as one is one transaction. */
function closeStatements(state: DatabaseState, { deed, by }: { deed: Deed; by: string }): string {
  const { name, comment, now, open } = state
  const dropping: DroppingNote = { at: now.toISOString(), by, host: hostname(), command: deed, open }
  return `alter database ${quoteIdentifier(name)} allow_connections false; ${noteOnDatabase(name, comment, { dropping })}`
}

/** Lets connections into a database again that was closed to be put aside. */
export async function reopen(connection: Connection, { name, comment, open }: DatabaseState): Promise<void> {
  await connection.run(
    `alter database ${quoteIdentifier(name)} allow_connections ${open}; ${noteOnDatabase(name, comment, { dropping: undefined })}`,
  )
}

/** Over a connection of its own, since the one that failed may be lost or stopped. Returns what state things are in. */
async function reopenAfterwards(
  cluster: Cluster,
  { name, oid }: DatabaseState,
): Promise<{ reopened: boolean; state: string }> {
  const not = (state: string) => ({ reopened: false, state })
  try {
    return await withFreshMaintenance(cluster, async (connection) => {
      const now = await findDatabase(connection, name)
      if (now?.oid !== oid)
        return not(`${name} is not there under that name any more; pgrig undo list shows what is kept.`)
      if (now.invalid) return not(`Half of ${name} is dropped, and the rest has to be: pgrig drop.`)
      if (!now.dropping) return { reopened: true, state: 'Nothing was changed.' }
      await reopen(connection, now)
      return { reopened: true, state: `Nothing was lost: ${name} lets connections in again.` }
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return not(`${name} may let nobody in, and nothing is lost: pgrig undo lets connections in again.`)
  }
}

const endingSeconds = 10
const pollMilliseconds = 50

/** Ends the sessions in a database until there is none; new ones cannot come. */
async function endSessions(
  connection: Connection,
  state: DatabaseState,
  options: EmptyingOptions,
): Promise<Occupant[]> {
  const ended = new Map<number, Occupant>()
  const deadline = performance.now() + endingSeconds * 1000
  for (;;) {
    const sessions = await listOccupants(connection, state)
    if (sessions.length === 0) return [...ended.values()]
    const targets = sessions.filter(
      ({ pid, endable, ours }) => endable && (!ours || options.oursToo) && !ended.has(pid),
    )
    for (const session of targets) if (await endSession(connection, session)) ended.set(session.pid, session)
    if (performance.now() > deadline) throw await occupiedFailure(connection, state, { ...options, ended: ended.size })
    await sleep(pollMilliseconds)
    connection.signal?.throwIfAborted()
  }
}

/** Returns false where we may not. */
async function endSession(connection: Connection, { pid }: Occupant): Promise<boolean> {
  try {
    await connection.query`select pg_terminate_backend(${pid}::int)`
    return true
  } catch (error) {
    if (error instanceof Failure && error.sql?.sqlstate === '42501') return false
    throw error
  }
}
