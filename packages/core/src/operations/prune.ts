import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { dropAside } from './aside.ts'
import { withMaintenance } from './connections.ts'
import { cutTo, defaultLimits, listPutAside, pickExpired, type Copy, type CopyLimits } from './copies.ts'
import { lockDatabase } from './database-state.ts'

export interface PruneOptions {
  /** How long copies are kept. Default: 7 days, and the newest 3. */
  limits?: CopyLimits
  /** It counts as production: there a copy stays until it is too old, however many there are. */
  production?: boolean
}

/** What there is to take away after something was put aside, and what there is to keep. */
export interface Found {
  copies: Copy[]
  /** Copies of the database that are over the limits. */
  expired: string[]
}

/**
 * Lists what is kept on the server, and drops what an interrupted setup or undo of the database has left. What fails here can
 * wait: the work is done, or goes on.
 */
export async function lookAround(connection: Connection, database: string, options: PruneOptions): Promise<Found> {
  try {
    return await look(connection, database, options)
  } catch (error) {
    if (error instanceof Failure) return { copies: [], expired: [] }
    throw error
  }
}

async function look(
  connection: Connection,
  database: string,
  { limits = defaultLimits, production = false }: PruneOptions,
): Promise<Found> {
  const { copies, leftovers } = await listPutAside(connection, { sizes: true })
  for (const each of leftovers) if (isLeftoverOf(each, database)) await dropAside(connection, each.name)
  const expired = pickExpired(copies, database, limits, { now: new Date(), production })
  return { copies, expired: expired.map(({ copy }) => copy) }
}

/**
 * Drops copies as the last thing that is done over a connection. The last of them, as a rule the only one, is left to the
 * server, which goes on when the connection closes: a drop waits for a checkpoint, and nobody waits for this drop.
 */
export async function letGo(connection: Connection, copies: readonly string[]): Promise<void> {
  const last = copies.at(-1)
  if (last === undefined) return
  try {
    for (const copy of copies.slice(0, -1)) await dropAside(connection, copy)
    // Whoever comes next need not wait for it either.
    await connection.run('select pg_advisory_unlock_all()')
  } catch (error) {
    if (error instanceof Failure) return
    throw error
  }
  void dropAside(connection, last).catch(() => {})
  // Until it is sent.
  await new Promise((resolve) => void setImmediate(resolve))
}

function isLeftoverOf({ name, database }: { name: string; database: string | undefined }, whose: string): boolean {
  if (database !== undefined) return database === whose
  const [ending = ''] = /__setup_\d+(_\d+)?$/.exec(name) ?? []
  return name === `${cutTo(whose, 63 - ending.length)}${ending}`
}

export interface PruneWish {
  /** Also those within the limits. */
  all?: boolean
  /** Instead of the limits: older than this. */
  olderThanSeconds?: number
  limits?: CopyLimits
}

/** Picks what `pruneCopies` would drop. */
export function pickPrunable(copies: readonly Copy[], database: string, wish: PruneWish, now: Date): Copy[] {
  const { all = false, olderThanSeconds, limits = defaultLimits } = wish
  const own = copies.filter((copy) => copy.database === database)
  if (all) return own
  if (olderThanSeconds === undefined) return pickExpired(own, database, limits, { now })
  return own.filter(({ droppedAt }) => Date.parse(droppedAt) < now.getTime() - olderThanSeconds * 1000)
}

/** Drops copies of the target's database for good. Returns which of them are gone. */
export function pruneCopies(cluster: Cluster, names: readonly string[]): Promise<string[]> {
  return withMaintenance(cluster, async (connection) => {
    await lockDatabase(connection, cluster.database)
    const { copies, leftovers } = await listPutAside(connection)
    const own = copies.filter(({ copy, database }) => database === cluster.database && names.includes(copy))
    const gone = []
    for (const { copy } of own) if (await dropAside(connection, copy)) gone.push(copy)
    for (const each of leftovers) if (isLeftoverOf(each, cluster.database)) await dropAside(connection, each.name)
    return gone
  })
}
