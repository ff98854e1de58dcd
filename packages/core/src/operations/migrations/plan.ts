import type { Cluster } from '../../postgres/connection.ts'
import { withConnection } from '../connections.ts'
import { compareVersions, type Migration, readMigrations } from './files.ts'
import { History } from './history.ts'
import { chooseRollback } from './migrate.ts'
import { planOf } from './status.ts'

interface PlanOptions {
  folder: string
  nameFile?: (path: string) => string
}

/** The migrations that `migrate` would apply, in order. Changes nothing. Throws `migration_invalid`. */
export async function planMigrations(
  cluster: Cluster,
  { folder, nameFile, to }: PlanOptions & { to?: string },
): Promise<Migration[]> {
  const migrations = await readMigrations(folder, nameFile)
  return withConnection(cluster, async (connection) => {
    const { pending } = await planOf(await History.of(connection), migrations)
    return pending.filter(({ version }) => to === undefined || compareVersions(version, to) <= 0)
  })
}

/** The migrations that `rollback` would take back, the newest first. */
export async function planRollback(
  cluster: Cluster,
  { folder, nameFile, steps }: PlanOptions & { steps: number },
): Promise<Migration[]> {
  const migrations = await readMigrations(folder, nameFile)
  return withConnection(cluster, async (connection) => {
    const { states } = await planOf(await History.of(connection), migrations)
    return chooseRollback(states, migrations, steps)
  })
}
