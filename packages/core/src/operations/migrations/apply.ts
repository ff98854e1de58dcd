import { Failure } from '../../errors.ts'
import { forgetSession } from '../forget-session.ts'
import type { LoadOptions } from '../load.ts'
import { runScripts } from '../run-script.ts'
import type { CheckedMigration } from './check.ts'
import { type Direction, sourceOf } from './files.ts'
import type { History } from './history.ts'
import { inTransaction, type RetryOptions, type Tried, withRetries } from './retries.ts'
import { applySteps } from './steps.ts'

/** How migrations are run. */
export interface ApplyOptions extends RetryOptions {
  /** The user and the machine: `ann@laptop`. */
  user: string
  /** `pgrig 0.1.0`. */
  program: string
  scripts?: LoadOptions
}

export interface AppliedResult {
  version: string
  name: string
  file: string
  statements: number
  seconds: number
  /** More than one: it had waited for locks of others. */
  tries: number
  /** What was found of an earlier run that was interrupted, as sentences. */
  notes: string[]
}

/** What is being applied, where, and how. */
export interface Work extends Tried, CheckedMigration {
  readonly direction: Direction
  readonly history: History
  readonly options: ApplyOptions
}

/**
 * Runs one block of a migration and puts it on record. A block with a transaction is on record in the same one. Throws what the script
 * throws; then nothing of a block with a transaction is kept.
 */
export async function applyMigration(work: Work): Promise<AppliedResult> {
  const { connection, history, migration, direction, block, options } = work
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const { version, name, file, checksum } = migration
  const record = async () => {
    // The migration may have taken on a role that may not write here.
    await connection.run('set session authorization default')
    if (direction === 'down') return history.remove(version)
    const appliedBy = `${options.user} as ${connection.address.user}`
    await history.add({ version, checksum, seconds: elapsed(), appliedBy, appliedWith: options.program })
  }
  const ran = block.transaction
    ? await withRetries(work, () => applyWhole(work, record))
    : await applySteps(work, record)
  await connection.run(forgetSession)
  return { version, name, file, notes: [], ...ran, seconds: elapsed() }
}

async function applyWhole(work: Work, record: () => Promise<void>): Promise<{ statements: number }> {
  const { connection, migration, block, inspection, options } = work
  let ran = false
  try {
    return await inTransaction(connection, options, async () => {
      const source = sourceOf(migration, block.text)
      const { statements } = await runScripts([source], connection, {
        ...options.scripts,
        transaction: 'inside',
        ...(inspection && { inspection }),
      })
      await record()
      ran = true
      return { statements }
    })
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    if (!ran) throw error.with(fittingHint(error, work))
    throw new Failure('sql_error', `${error.message} (at the end of ${migration.file}, when it was committed)`, {
      cause: error,
      ...(error.sql && { sql: error.sql }),
      state: 'Nothing of it was kept: the transaction was rolled back.',
    })
  }
}

/** SQLSTATEs of what is there already. */
export const thereAlready = ['42P07', '42710', '42701', '42P06', '42723']

function fittingHint({ hint, sql }: Failure, { direction, migration }: Work): { hint?: string } {
  const state = sql?.sqlstate ?? ''
  if (hint === undefined && direction === 'up' && thereAlready.includes(state))
    return {
      hint: `If the database has all of ${migration.file} already: pgrig migration resolve ${migration.version} puts it on record.`,
    }
  // What is said of other scripts names a flag that migrations do not have.
  if (hint?.includes('--no-transaction') !== true) return {}
  if (state === '55P04')
    return {
      hint: 'A new value of an enum can be used when the transaction that added it is over: put the two into separate migrations.',
    }
  return {
    hint: `Put it into a migration of its own, below "-- migrate:${direction} transaction:false": each statement then runs for itself.`,
  }
}
