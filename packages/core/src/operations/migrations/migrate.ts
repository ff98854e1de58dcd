import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import { withConnection } from '../connections.ts'
import { applyMigration, type ApplyOptions, type AppliedResult } from './apply.ts'
import { checkMigrations } from './check.ts'
import { compareVersions, type Direction, type Migration, readMigrations } from './files.ts'
import { History } from './history.ts'
import { backendPid, refusePooler, takeLock } from './lock.ts'
import { inTransaction, withRetries } from './retries.ts'
import { type MigrationPlan, planOf, type MigrationState } from './status.ts'

export interface MigrationsOptions extends ApplyOptions {
  /** The folder of the migrations. */
  folder: string
  nameFile?: (path: string) => string
  /** How long another run is waited for. Default: 300. */
  waitSeconds?: number
  /** There is a pooler in session mode. */
  allowPooler?: boolean
  /** Called before the lock is taken, with what is to be run, in order. What it throws ends it all, and nothing is run. */
  permit?: (migrations: readonly Migration[], connection: Connection) => Promise<void>
  /** Called before each. */
  begin?: (migration: Migration) => void
  /** Called once at the end, with the lock still held, when something was run: to write the schema down. */
  dumpAfter?: (cluster: Cluster) => Promise<void>
  /** Only find out what would be run: no lock is taken, and nobody is asked. */
  dryRun?: boolean
}

export interface MigrateOptions extends MigrationsOptions {
  /** Go no further than this version. */
  to?: string
  /** Refuse a migration that is older than one that was applied. Without it, it is applied, and said. */
  strict?: boolean
}

export interface Migrated {
  /** What was to be run, in order. */
  planned: Migration[]
  /** What was run; in a dry run, and where another process was faster, less than planned. */
  applied: AppliedResult[]
  /** Versions that are applied though a later one was. */
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
  return withConnection(cluster, async (connection) => {
    const look = async () => {
      const plan = await planOf(await History.of(connection), migrations)
      return { ...plan, wanted: chooseWanted(plan, options) }
    }
    const { wanted, states, isLate } = await look()
    const result: Migrated = {
      planned: wanted,
      applied: [],
      late: wanted.filter(({ version }) => isLate(version)).map(({ version }) => version),
      odd: states.filter(({ state }) => state === 'changed' || state === 'missing'),
    }
    // An application that starts asks this each time: nothing is locked for it.
    if (wanted.length === 0) return result
    result.applied = await run(cluster, connection, 'up', {
      ...options,
      wanted,
      chooseAgain: async () => (await look()).wanted,
    })
    return result
  })
}

export interface RollbackOptions extends MigrationsOptions {
  /** How many are taken back. Default: 1. */
  steps?: number
}

export interface RolledBack {
  /** What was to be taken back, the newest first. */
  planned: Migration[]
  rolledBack: AppliedResult[]
}

/** Takes back the migrations that were applied last, by their versions. Throws as `migrate` does. */
export async function rollback(cluster: Cluster, options: RollbackOptions): Promise<RolledBack> {
  const migrations = await readMigrations(options.folder, options.nameFile)
  return withConnection(cluster, async (connection) => {
    const look = async () => {
      const { states, unfinished } = await planOf(await History.of(connection), migrations)
      if (unfinished?.direction === 'up') throw halfApplied(unfinished.version)
      return chooseRollback(states, migrations, options.steps ?? 1)
    }
    const wanted = await look()
    if (wanted.length === 0) return { planned: wanted, rolledBack: [] }
    // Of two that take back the last one, the second must not take back the one before it.
    const chooseAgain = async () => {
      const now = await look()
      if (now.every(({ version }, index) => version === wanted[index]?.version)) return now
      throw new Failure('migration_locked', 'Another run of the migrations has changed what would be taken back.', {
        state: 'Nothing was rolled back.',
        hint: 'Look at pgrig migration status, and say it again if it is still meant.',
      })
    }
    return { planned: wanted, rolledBack: await run(cluster, connection, 'down', { ...options, wanted, chooseAgain }) }
  })
}

interface Run extends MigrationsOptions {
  /** What was permitted. */
  readonly wanted: readonly Migration[]
  /** What is left of it once we have the lock: another process may have been faster. */
  readonly chooseAgain: () => Promise<readonly Migration[]>
}

async function run(
  cluster: Cluster,
  connection: Connection,
  direction: Direction,
  { wanted, chooseAgain, ...options }: Run,
): Promise<AppliedResult[]> {
  const { progress, signal, waitSeconds = 300 } = options
  const checked = await checkMigrations(wanted, direction, options.scripts)
  if (options.dryRun) return []
  if (!options.allowPooler) await refusePooler(connection)
  await options.permit?.(wanted, connection)
  await takeLock(connection, { waitSeconds, ...(progress && { progress }), ...(signal && { signal }) })
  const left = new Set((await chooseAgain()).map(({ version }) => version))
  const history = await History.of(connection)
  const tried = { cluster, connection, pid: await backendPid(connection), options }
  const results: AppliedResult[] = []
  if (left.size > 0) {
    await withRetries({ ...tried, file: 'schema_migrations' }, async () => {
      await inTransaction(connection, options, () => history.prepare())
      return {}
    })
  }
  for (const each of checked.filter(({ migration }) => left.has(migration.version))) {
    options.begin?.(each.migration)
    try {
      results.push(await applyMigration({ ...tried, ...each, file: each.migration.file, direction, history }))
    } catch (error) {
      throw withBefore(error, results, direction)
    }
  }
  if (results.length > 0) {
    await options.dumpAfter?.(cluster).catch((error: unknown) => {
      throw withBefore(error, results, direction)
    })
  }
  return results
}

/** What is pending and wanted. Throws where something else must be put in order first. */
function chooseWanted({ unfinished, pending, isLate }: MigrationPlan, { to, strict }: MigrateOptions): Migration[] {
  if (unfinished?.direction === 'down') throw halfRolledBack(unfinished.version)
  const wanted = pending.filter(({ version }) => to === undefined || compareVersions(version, to) <= 0)
  if (unfinished && !pending.some(({ version }) => version === unfinished.version)) throw fileIsGone(unfinished.version)
  if (unfinished && wanted.length > 0 && !wanted.some(({ version }) => version === unfinished.version))
    throw halfApplied(unfinished.version)
  const late = wanted.filter(({ version }) => isLate(version))
  if (strict && late.length > 0) throw tooLate(late)
  return wanted
}

/** The migrations that a rollback takes back, the newest first. Throws `migration_invalid` for one without a file or a way back. */
function chooseRollback(
  states: readonly MigrationState[],
  migrations: readonly Migration[],
  steps: number,
): Migration[] {
  const applied = states.filter(({ state }) => state !== 'pending' && state !== 'late').toReversed()
  // What was begun is finished first.
  applied.sort((a, b) => Number(b.state === 'unfinished') - Number(a.state === 'unfinished'))
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
    state: 'Nothing was run.',
    hint: 'Finish it first: pgrig migrate.',
  })
}

function fileIsGone(version: string): Failure {
  return new Failure('migration_invalid', `The migration ${version} was interrupted, and its file is missing.`, {
    state: 'Nothing was run.',
    hint: `Bring the file back, so that it can go on; or, when you have put the database in order by hand: pgrig migration resolve ${version}.`,
  })
}

function tooLate(late: readonly Migration[]): Failure {
  const files = late.map(({ file }) => file).join(', ')
  return new Failure('migration_late', `A later migration than ${files} was applied already.`, {
    state: 'Nothing was run.',
    hint: 'Give it a number behind that one, or run without --strict.',
  })
}

function withBefore(error: unknown, before: readonly AppliedResult[], direction: Direction): unknown {
  if (!(error instanceof Failure) || before.length === 0) return error
  const count = before.length === 1 ? 'The migration before it stays' : `The ${before.length} migrations before it stay`
  const what = direction === 'up' ? 'applied' : 'taken back'
  return error.with({ state: `${error.state ?? ''} ${count} ${what}.`.trimStart() })
}
