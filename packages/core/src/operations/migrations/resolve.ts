import { Failure } from '../../errors.ts'
import type { Cluster } from '../../postgres/connection.ts'
import { readMigrations } from './files.ts'
import { History } from './history.ts'
import { refusePooler, takeLock } from './lock.ts'

export interface ResolveOptions {
  folder: string
  /**
   * What to put on record. `statementDone` and `statementPending`: of the statement at which it was interrupted, so that `migrate` goes
   * on behind it, or with it.
   */
  as: 'applied' | 'pending' | 'statementDone' | 'statementPending'
  user: string
  program: string
  /** There is a pooler in session mode. */
  allowPooler?: boolean
  /** Only look whether it can be done. */
  dryRun?: boolean
}

/**
 * Puts a migration on record as applied or as pending, without running anything: for whoever has put the database in order by hand.
 * Returns whether that changed anything. Throws `migration_invalid` for an unknown version, `migration_locked`, `migration_pooler`.
 */
export async function resolveMigration(
  cluster: Cluster,
  version: string,
  { folder, as, user, program, dryRun, allowPooler }: ResolveOptions,
): Promise<boolean> {
  const migration = (await readMigrations(folder)).find((each) => each.version === version)
  const connection = await cluster.connect()
  try {
    if (!allowPooler) await refusePooler(connection)
    await takeLock(connection, { waitSeconds: 5 })
    const history = await History.of(connection)
    const applied = (await history.read()).some((row) => row.version === version)
    const begun = await history.readUnfinished()
    const unfinished = begun?.version === version
    if (as === 'statementDone' || as === 'statementPending') {
      if (!unfinished || !begun.begun) throw notInStatement(version)
      if (!dryRun) await history.noteProgress(version, begun.done + (as === 'statementDone' ? 1 : 0), false)
      return true
    }
    if (!applied && !unfinished && migration === undefined) {
      throw new Failure('migration_invalid', `There is no migration ${version}, neither as a file nor on record.`)
    }
    if (applied === (as === 'applied') && !unfinished) return false
    if (dryRun) return true
    await history.prepare()
    await connection.run('begin')
    if (unfinished) await history.endUnfinished()
    if (as === 'pending') await history.remove(version)
    else if (!applied) {
      const appliedBy = `${user} as ${connection.address.user}`
      await history.add({
        version,
        checksum: migration?.checksum ?? null,
        seconds: null,
        appliedBy,
        appliedWith: program,
      })
    }
    await connection.run('commit')
    return true
  } finally {
    await connection.close()
  }
}

function notInStatement(version: string): Failure {
  return new Failure('migration_invalid', `${version} was not interrupted in a statement whose end was not seen.`, {
    hint: 'Look at pgrig migration status.',
  })
}
