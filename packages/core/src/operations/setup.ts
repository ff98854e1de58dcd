import { isMarked, noteOnDatabase, type Notes } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { dropAside, fromCopy, moveDatabases, toCopy, toLeftover, type Move } from './aside.ts'
import { connectMaintenance, thenLeave, withFreshMaintenance } from './connections.ts'
import { keptCopy, nameAside, readDropped, type SetupNote } from './copies.ts'
import { createStatement } from './create.ts'
import { findDatabase, lockDatabase, refuseSpecial, type DatabaseState } from './database-state.ts'
import { dropForGood, type Dropped } from './drop.ts'
import { whileEmpty } from './emptying.ts'
import { joined } from './load.ts'
import { refuseOccupied, type Occupant } from './occupants.ts'
import { type NewDatabase, readNewDatabase, type ProjectScripts } from './project-scripts.ts'
import { provisionDatabase, type Provisioned } from './provision.ts'
import { letGo, lookAround, type PruneOptions } from './prune.ts'
import { refuseProblems } from './run-script.ts'

export interface SetupResult extends Provisioned {
  dropped: Dropped
}

export interface SetupOptions extends ProjectScripts, PruneOptions {
  /** Called when the scripts begin to run, with their size. */
  loading?: (bytes: number) => void
  /** End the sessions of others. */
  force?: boolean
  /** Keep what was there, for undo, and bring it back when something fails. Default: true. */
  keep?: boolean
  /** Mark the new database as production. One that was marked stays so. */
  protect?: boolean
  progress?: (line: string) => void
}

/** What there is between the new database having taken the name, and its scripts having run. */
interface Begun {
  /** What had the name before. */
  before: DatabaseState | undefined
  /** Its copy; of a setup that was interrupted before, what that one has kept. */
  copy: string | undefined
  /** Of the new database, when all is done. */
  notes: Notes
  ended: Occupant[]
}

/**
 * From nothing to ready: puts the target's database aside, makes it anew, loads the schema, applies what is
 * pending of the migrations, and seeds. The new one is made
 * under another name, and takes the place of the old one in one transaction. When something fails after that, or is stopped,
 * the old one gets its place back. It is kept for undo.
 */
export async function setupDatabase(cluster: Cluster, options: SetupOptions): Promise<SetupResult> {
  const { database } = cluster
  const alone = options.scripts?.transaction === 'none'
  // Read before anything is dropped, and while we connect: a missing or broken file must not cost the database.
  const reading = readNewDatabase(options)
  reading.catch(() => {})
  return thenLeave(connectMaintenance(cluster), async (connection) => {
    const files = await reading
    if (!alone) refuseProblems(joined(files.scripts))
    // Held until this connection closes: of two that set up at once, one waits for the other.
    await lockDatabase(connection, database)
    const begun = await begin(cluster, connection, options)
    options.loading?.(files.scripts.reduce((sum, { inspection }) => sum + inspection.bytes, 0))
    // The connection that holds the lock has nothing else to do while the scripts run.
    const looking = lookAround(connection, database, options)
    try {
      const provisioned = await provision(cluster, files, begun.notes, options)
      const { before, copy, ended } = begun
      const { copies, expired } = await looking
      await letGo(connection, expired)
      const by = connection.address.user
      const kept = keptCopy(copies, copy, { database, at: before?.now ?? new Date(), by, command: 'setup' })
      return { dropped: { dropped: before !== undefined, ended, kept, slots: [], expired }, ...provisioned }
    } catch (error) {
      await looking
      const inParts = alone || files.migrations.length > 0 || files.seeds.length > 0
      throw await putBack(error, cluster, begun, { keep: options.keep ?? true, inParts })
    }
  })
}

/** Makes the new database, and gives it the name. */
async function begin(cluster: Cluster, connection: Connection, options: SetupOptions): Promise<Begun> {
  const { database } = cluster
  const { force = false, keep = true, protect = false, progress } = options
  const before = await findDatabase(connection, database)
  if (before) {
    refuseSpecial(before)
    await refuseOccupied(connection, before, { force, deed: 'setup' })
  }
  // Whoever made it production has not said that it is no longer.
  const notes = protect || (before && isMarked(before.notes)) ? { protected: true } : {}
  const begun: Begun = { before, notes, copy: undefined, ended: [] }
  // Half a database cannot even be renamed.
  const leaves = before && (!keep || before.invalid)
  if (leaves) {
    progress?.(`Dropping ${database}`)
    begun.ended = await whileEmpty(
      cluster,
      connection,
      before,
      { force: force && !before.invalid, deed: 'setup' },
      () => dropForGood(connection, database),
    )
  }
  progress?.(`Creating ${database}`)
  const fresh = await nameAside(connection, database, 'setup', before?.now ?? new Date())
  await connection.run(`${createStatement(fresh, {})} allow_connections false`).catch((error: unknown) => {
    const gone = `${database} was dropped, and could not be made anew.`
    throw leaves && error instanceof Failure ? error.with({ state: gone }) : error
  })
  try {
    if (before && !leaves) return await takePlace(cluster, connection, fresh, { ...begun, before }, force)
    await moveDatabases(connection, [arrival(connection, fresh, database, begun)])
    return begun
  } catch (error) {
    await withFreshMaintenance(cluster, (other) => dropAside(other, fresh)).catch(() => {})
    throw error
  }
}

async function takePlace(
  cluster: Cluster,
  connection: Connection,
  fresh: string,
  begun: Begun & { before: DatabaseState },
  force: boolean,
): Promise<Begun> {
  const { database } = cluster
  const { before } = begun
  // What an interrupted setup has made is not worth keeping; what was there before that one is.
  const aside = await nameAside(connection, database, before.setup ? 'setup' : 'dropped', before.now)
  const copy = before.setup ? before.setup.copy : aside
  const departure = before.setup ? toLeftover(before, aside) : toCopy(before, aside, 'setup', connection.address.user)
  const ended = await whileEmpty(cluster, connection, before, { force, deed: 'setup' }, () =>
    moveDatabases(connection, [departure, arrival(connection, fresh, database, { ...begun, copy })]),
  )
  return { ...begun, copy, ended }
}

function arrival(connection: Connection, fresh: string, database: string, { notes, copy }: Begun): Move {
  const at = new Date().toISOString()
  const setup: SetupNote = { at, by: connection.address.user, ...(copy !== undefined && { copy }) }
  return { from: fresh, to: database, open: true, comment: null, notes: { ...notes, setup } }
}

/** The note that the setup is not done goes in the last transaction. */
function provision(cluster: Cluster, files: NewDatabase, notes: Notes, options: SetupOptions): Promise<Provisioned> {
  const last = (own: Connection) => async () => void (await own.run(noteOnDatabase(cluster.database, null, notes)))
  const production = options.production ?? isMarked(notes)
  return thenLeave(cluster.connect(), (own) =>
    provisionDatabase(cluster, own, files, { ...options, production }, { last: last(own) }),
  )
}

/** After a failure: gives the old database its place back, and says so. */
async function putBack(
  error: unknown,
  cluster: Cluster,
  { before, copy, notes }: Begun,
  { keep, inParts }: { keep: boolean; inParts: boolean },
): Promise<unknown> {
  const { database } = cluster
  const say = (state: string) => (error instanceof Failure ? error.with({ state }) : error)
  const rest = inParts && error instanceof Failure ? (error.state ?? '') : 'It is empty: no script was kept.'
  try {
    return await withFreshMaintenance(cluster, async (connection) => {
      const present = await findDatabase(connection, database)
      // It was done after all, or somebody else has put something in its place.
      if (!present?.setup) return error
      if (!keep && before) {
        await connection.run(noteOnDatabase(database, null, notes))
        return say(`${database} was dropped and created anew. ${rest}`.trimEnd())
      }
      const old = copy === undefined ? undefined : await findDatabase(connection, copy)
      const leftover = await nameAside(connection, database, 'setup', present.now)
      const back = old ? [fromCopy(old, database, readDropped(old.notes)?.open ?? true)] : []
      await whileEmpty(cluster, connection, present, { force: true, deed: 'setup', oursToo: true }, () =>
        moveDatabases(connection, [toLeftover(present, leftover), ...back]),
      )
      await dropAside(connection, leftover)
      return say(old ? `${database} is as it was before.` : `There is no ${database}, as before.`)
    })
  } catch (trouble) {
    if (!(trouble instanceof Failure)) throw trouble
    const where = copy === undefined ? '' : ` What was there is kept as ${copy}: pgrig undo brings it back.`
    return say(`The setup of ${database} is half done.${where}`)
  }
}
