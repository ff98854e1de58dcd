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

/**
 * After something was put aside: lists what is kept on the server, and drops of that database what is over the limits. A copy
 * that is `uncounted` neither goes nor makes another one go.
 */
export async function pruneAfterwards(
  connection: Connection,
  database: string,
  { limits = defaultLimits, production = false }: PruneOptions,
  uncounted?: string,
): Promise<{ copies: Copy[]; pruned: string[] }> {
  const { copies, leftovers } = await listPutAside(connection, { sizes: true })
  const old = copies.filter(({ copy }) => copy !== uncounted)
  const expired = pickExpired(old, database, limits, { now: new Date(), production })
  const pruned = []
  for (const { copy } of expired) if (await dropAside(connection, copy)) pruned.push(copy)
  for (const { name } of leftovers.filter((leftover) => isLeftoverOf(leftover, database)))
    await dropAside(connection, name)
  return { copies, pruned }
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
