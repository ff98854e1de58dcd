import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import { applyMigration, type ApplyOptions, type AppliedResult } from './apply.ts'
import { compareVersions, type Migration, readMigrations } from './files.ts'
import { History } from './history.ts'
import { refusePooler, takeLock } from './lock.ts'
import { planOf, type MigrationState } from './status.ts'

export interface MigrateOptions extends ApplyOptions {
  /** The folder of the migrations. */
  folder: string
  nameFile?: (path: string) => string
  /** Go no further than this version. */
  to?: string
  /** Refuse a migration that is older than one that was applied. Without it, it is applied, and said. */
  strict?: boolean
  /** How long another run is waited for. Default: 300. */
  waitSeconds?: number
  /** There is a pooler in session mode. */
  allowPooler?: boolean
  /** Called before each, also for what is only planned. */
  begin?: (migration: Migration) => void
}

export interface Migrated {
  applied: AppliedResult[]
  /** Versions that were applied though a later one had been. */
  late: string[]
  /** What is not as it should be, and was left as it is: changed and missing files. */
  odd: MigrationState[]
}

/**
 * Applies what is pending, in the order of the versions, one at a time over all processes. What was applied before a failure stays.
 * Throws `migration_invalid`, `migration_locked`, `migration_pooler`, `migration_late`, and what a script throws.
 */
export async function migrate(cluster: Cluster, options: MigrateOptions): Promise<Migrated> {
  const migrations = await readMigrations(options.folder, options.nameFile)
  checkVersion(options.to, migrations)
  return withLock(cluster, options, async (connection) => {
    const history = await History.of(connection)
    const plan = await planOf(history, migrations)
    if (plan.unfinished?.direction === 'down') throw halfRolledBack(plan.unfinished.version)
    const wanted = plan.pending.filter(
      ({ version }) => options.to === undefined || compareVersions(version, options.to) <= 0,
    )
    const late = wanted.filter(({ version }) => plan.isLate(version)).map(({ version }) => version)
    if (options.strict && late.length > 0) throw tooLate(wanted.filter(({ version }) => late.includes(version)))
    const result: Migrated = {
      applied: [],
      late,
      odd: plan.states.filter(({ state }) => state === 'changed' || state === 'missing'),
    }
    if (wanted.length > 0) await history.prepare()
    for (const migration of wanted) {
      options.begin?.(migration)
      try {
        result.applied.push(await applyMigration(cluster, connection, history, migration, 'up', options))
      } catch (error) {
        throw withBefore(error, result.applied)
      }
    }
    return result
  })
}

export interface RollbackOptions extends Omit<MigrateOptions, 'to' | 'strict'> {
  /** How many are taken back. Default: 1. */
  steps?: number
}

/** Takes back the migrations that were applied last, by their versions. Throws as `migrate` does. */
export async function rollback(cluster: Cluster, options: RollbackOptions): Promise<{ rolledBack: AppliedResult[] }> {
  const migrations = await readMigrations(options.folder, options.nameFile)
  return withLock(cluster, options, async (connection) => {
    const history = await History.of(connection)
    const { states, unfinished } = await planOf(history, migrations)
    if (unfinished?.direction === 'up') throw halfApplied(unfinished.version)
    const chosen = chooseRollback(states, migrations, options.steps ?? 1)
    const rolledBack: AppliedResult[] = []
    for (const migration of chosen) {
      options.begin?.(migration)
      try {
        rolledBack.push(await applyMigration(cluster, connection, history, migration, 'down', options))
      } catch (error) {
        throw withBefore(error, rolledBack)
      }
    }
    return { rolledBack }
  })
}

/** The migrations that a rollback takes back, the newest first. Throws `migration_invalid` for one without a file or a way back. */
export function chooseRollback(
  states: readonly MigrationState[],
  migrations: readonly Migration[],
  steps: number,
): Migration[] {
  const applied = states.filter(({ state }) => state !== 'pending' && state !== 'late').toReversed()
  return applied.slice(0, steps).map(({ version }) => {
    const migration = migrations.find((each) => each.version === version)
    if (migration?.down) return migration
    const why = migration ? `${migration.file} has no "-- migrate:down"` : 'its file is missing'
    throw new Failure('migration_invalid', `The migration ${version} cannot be rolled back: ${why}.`, {
      state: 'Nothing was rolled back.',
      hint: 'Write the way back into the file, or a new migration that undoes it.',
    })
  })
}

async function withLock<Result>(
  cluster: Cluster,
  { waitSeconds = 300, allowPooler, progress, signal }: Omit<MigrateOptions, 'to'>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await cluster.connect()
  try {
    if (!allowPooler) await refusePooler(connection)
    await takeLock(connection, { waitSeconds, ...(progress && { progress }), ...(signal && { signal }) })
    return await work(connection)
  } finally {
    await connection.close()
  }
}

function checkVersion(version: string | undefined, migrations: readonly Migration[]): void {
  if (version === undefined || migrations.some((migration) => migration.version === version)) return
  throw new Failure('migration_invalid', `There is no migration ${version}.`, {
    state: 'Nothing was run.',
    hint: `The last one is ${migrations.at(-1)?.version ?? 'none'}.`,
  })
}

function halfRolledBack(version: string): Failure {
  return new Failure('migration_invalid', `The rollback of ${version} was interrupted.`, {
    state: 'Nothing was run.',
    hint: 'Finish it: pgrig rollback. Then migrate.',
  })
}

function halfApplied(version: string): Failure {
  return new Failure('migration_invalid', `The migration ${version} was interrupted, and is half applied.`, {
    state: 'Nothing was rolled back.',
    hint: 'Finish it: pgrig migrate. Then roll it back.',
  })
}

function tooLate(late: readonly Migration[]): Failure {
  const files = late.map(({ file }) => file).join(', ')
  return new Failure('migration_late', `A later migration than ${files} was applied already.`, {
    state: 'Nothing was run.',
    hint: 'Give it a number behind that one, or run without --strict.',
  })
}

function withBefore(error: unknown, before: readonly AppliedResult[]): unknown {
  if (!(error instanceof Failure) || before.length === 0) return error
  const count = before.length === 1 ? 'The migration before it stays' : `The ${before.length} migrations before it stay`
  return error.with({ state: `${error.state ?? ''} ${count} applied.`.trimStart() })
}
