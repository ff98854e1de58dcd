import { readDatabaseNotes } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withMaintenance } from './connections.ts'
import { listCopies, readDropped, readSetup, type SetupNote } from './copies.ts'
import { findDatabase, isLocked, type DatabaseState } from './database-state.ts'

/** What is to be said of a database that an interrupted drop, setup or undo has left, if one has. */
export function interruptedFailure({ name, invalid, dropping, setup }: DatabaseState): Failure | undefined {
  if (invalid)
    return new Failure('database_invalid', `A drop of ${name} was interrupted, and half of it is still there.`)
  if (setup) return halfMade(name, setup)
  if (!dropping) return undefined
  const { command } = dropping
  const other = command === 'undo' ? '' : `, pgrig ${command} ${command === 'drop' ? 'finishes it' : 'starts again'}`
  return new Failure(
    'database_unfinished',
    `${command === 'undo' ? 'An undo' : `A ${command}`} of ${name} was interrupted: nothing was lost, and nobody is let in.`,
    { hint: `pgrig undo lets connections in again${other}.` },
  )
}

function halfMade(name: string, { copy }: SetupNote): Failure {
  const [state, hint] =
    copy === undefined
      ? [`Before it there was no ${name}.`, 'pgrig setup starts again, pgrig drop takes away what is there.']
      : [`What was there is kept as ${copy}.`, 'pgrig undo brings back what was there, pgrig setup starts again.']
  return new Failure('database_unfinished', `A setup of ${name} was interrupted: it is half made.`, { state, hint })
}

/** Says more of why the target's database could not be connected to, where the server shows it. */
export async function explainClosed(cluster: Cluster, failure: Failure): Promise<Failure> {
  const closed = failure.sql?.sqlstate === '55000'
  if (!closed && failure.code !== 'database_missing') return failure
  try {
    return await withMaintenance(cluster, (connection) => explain(connection, cluster.database, failure))
  } catch {
    // What is known already is more to the point than why the rest could not be found out.
    return failure
  }
}

async function explain(connection: Connection, name: string, failure: Failure): Promise<Failure> {
  const state = await findDatabase(connection, name)
  if (!state) {
    const copy = (await listCopies(connection)).find(({ database }) => database === name)
    if (!copy) return failure
    const when = copy.droppedAt.slice(0, 16).replace('T', ' ')
    return failure.with({
      state: `It was dropped at ${when} UTC by ${copy.droppedBy}, and is kept.`,
      hint: 'pgrig undo brings it back, pgrig create makes it anew, with the same target.',
    })
  }
  const copied = readDropped(state.notes)
  if (copied) {
    return failure.with({ state: `It is a copy of ${copied.name}, kept for undo.`, hint: 'pgrig undo brings it back.' })
  }
  if (state.dropping && (await isLocked(connection, name))) {
    return new Failure('database_unfinished', `${name} lets nobody in: ${state.dropping.by} is about to drop it.`, {
      cause: failure,
      state: `It is done from ${state.dropping.host} by pgrig ${state.dropping.command}.`,
    })
  }
  return interruptedFailure(state) ?? failure
}

/** What is to be said of a database that lets us in, and that an interrupted setup has made. */
export async function findUnfinishedSetup(connection: Connection, name: string): Promise<Failure | undefined> {
  const setup = readSetup(await readDatabaseNotes(connection, name))
  return setup && !(await isLocked(connection, name)) ? halfMade(name, setup) : undefined
}
