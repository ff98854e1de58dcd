import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import type { LoadOptions } from '../load.ts'
import { runScripts } from '../run-script.ts'
import { describeBlocker, watchBlockers } from './blockers.ts'
import { type Migration, type MigrationBlock, sourceOf } from './files.ts'
import type { History } from './history.ts'
import { applySteps } from './steps.ts'

/** How migrations are run. */
export interface ApplyOptions {
  /** The user and the machine: `ann@laptop`. */
  user: string
  /** `pgrig 0.1.0`. */
  program: string
  /** A statement that waits longer for a lock is given up, with its migration, and tried again later. Default: 3. */
  lockTimeoutSeconds?: number
  /** How long it is tried again. Default: 60. */
  retrySeconds?: number
  scripts?: LoadOptions
  progress?: (line: string) => void
  signal?: AbortSignal
}

export interface AppliedResult {
  version: string
  name: string
  file: string
  statements: number
  seconds: number
  /** It waited for locks of others, and was tried more than once. */
  tries: number
}

export type Direction = 'up' | 'down'

/**
 * Runs one block of a migration and puts it on record. A block with a transaction is on record in the same one. Throws what the script
 * throws; then nothing of a block with a transaction is kept.
 */
export async function applyMigration(
  cluster: Cluster,
  connection: Connection,
  history: History,
  migration: Migration,
  direction: Direction,
  options: ApplyOptions,
): Promise<AppliedResult> {
  const block = blockOf(migration, direction)
  const started = performance.now()
  const record = async () => {
    const seconds = (performance.now() - started) / 1000
    if (direction === 'down') return history.remove(migration.version)
    const { version, checksum } = migration
    const appliedBy = `${options.user} as ${connection.address.user}`
    await history.add({ version, checksum, seconds, appliedBy, appliedWith: options.program })
  }
  const work: Work = { cluster, connection, history, migration, options }
  const ran = block.transaction
    ? await withRetries(work, () => applyWhole(work, block, record))
    : await applySteps(work, block, direction, record)
  // What one migration has set is not for the next.
  await connection.run('reset all')
  const { version, name, file } = migration
  return { version, name, file, ...ran, seconds: (performance.now() - started) / 1000 }
}

/** What is being applied, where, and how. */
export interface Work {
  readonly cluster: Cluster
  readonly connection: Connection
  readonly history: History
  readonly migration: Migration
  readonly options: ApplyOptions
}

function blockOf(migration: Migration, direction: Direction): MigrationBlock {
  const block = migration[direction]
  if (block) return block
  throw new Failure('migration_invalid', `${migration.file} has no "-- migrate:down", so it cannot be rolled back.`, {
    state: 'It stays applied.',
  })
}

async function applyWhole(
  { connection, migration, options }: Work,
  block: MigrationBlock,
  record: () => Promise<void>,
): Promise<{ statements: number }> {
  await connection.run('begin')
  try {
    await connection.run(lockTimeout('set local', options))
    const source = sourceOf(migration, block.text)
    const { statements } = await runScripts([source], connection, { ...options.scripts, transaction: 'inside' })
    await record()
    await connection.run('commit')
    return { statements }
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** The statement that keeps a migration that waits from stopping the traffic behind it. */
export function lockTimeout(set: 'set' | 'set local', { lockTimeoutSeconds = 3 }: ApplyOptions): string {
  return `${set} lock_timeout = ${Math.round(lockTimeoutSeconds * 1000)}`
}

/** Tries again what was given up for a lock, since nothing of it was kept. Others get their turn in between. */
export async function withRetries<Ran>(
  { cluster, connection, migration, options }: Work,
  work: () => Promise<Ran>,
): Promise<Ran & { tries: number }> {
  const { retrySeconds = 60, progress, signal } = options
  const started = performance.now()
  for (let tries = 1; ; tries++) {
    const watch = watchBlockers(cluster, await backendPid(connection), (blockers) =>
      progress?.(`${migration.file} waits for ${blockers.map(describeBlocker).join('; ')}`),
    )
    try {
      return { ...(await work()), tries }
    } catch (error) {
      if (!(error instanceof Failure) || !['55P03', '40P01'].includes(error.sql?.sqlstate ?? '')) throw error
      const left = retrySeconds - (performance.now() - started) / 1000
      if (left <= 0) throw gaveUp(error, tries, watch.blockers.map(describeBlocker))
      const pause = Math.min(5, 0.25 * 2 ** tries) * (0.5 + Math.random())
      progress?.(`${migration.file} was given up for a lock; trying again in ${pause.toFixed(1)} s`)
      await sleep(pause * 1000, undefined, signal ? { signal } : undefined)
    } finally {
      await watch.stop()
    }
  }
}

async function backendPid(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ pid: number }>`select pg_backend_pid() as pid`
  return row?.pid ?? 0
}

function gaveUp(error: Failure, tries: number, blockers: readonly string[]): Failure {
  const who = blockers.length === 0 ? 'It was not seen who held it.' : `It was held by ${blockers.join('; ')}.`
  const times = tries === 1 ? 'once' : `${tries} times`
  return new Failure('sql_error', `${error.message} (tried ${times}). ${who}`, {
    cause: error,
    ...(error.sql && { sql: error.sql }),
    ...(error.location && { location: error.location }),
    state: error.state ?? 'Nothing of it was kept: the transaction was rolled back.',
    hint: 'See who waits for whom with pgrig locks, end what holds it, and run it again; --lock-timeout and --retry wait longer.',
  })
}
