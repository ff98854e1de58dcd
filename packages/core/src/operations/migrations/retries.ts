import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import { describeBlocker, watchBlockers } from './blockers.ts'

export interface RetryOptions {
  /** A statement that waits longer for a lock is given up, with its migration, and tried again later. 0: never. Default: 3. */
  lockTimeoutSeconds?: number
  /** How long it is tried again. Default: 60. */
  retrySeconds?: number
  progress?: (line: string) => void
  signal?: AbortSignal
}

/** What is tried again, and where. */
export interface Tried {
  readonly cluster: Cluster
  readonly connection: Connection
  /** Of the connection's session. */
  readonly pid: number
  /** The file, for what is told. */
  readonly file: string
  readonly options: RetryOptions
}

/** The statement that keeps a migration that waits from stopping the traffic behind it. */
export function lockTimeout(set: 'set' | 'set local', options: RetryOptions): string {
  return `${set} lock_timeout = ${lockTimeoutMilliseconds(options)}`
}

export function lockTimeoutMilliseconds({ lockTimeoutSeconds = 3 }: RetryOptions): number {
  return Math.round(lockTimeoutSeconds * 1000)
}

/** Works in a transaction that does not wait long for locks. What throws has been rolled back. */
export async function inTransaction<Result>(
  connection: Connection,
  options: RetryOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run('begin')
  try {
    await connection.run(lockTimeout('set local', options))
    const result = await work()
    await connection.run('commit')
    return result
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** Tries again what was given up for a lock, since nothing of it was kept. Others get their turn in between. */
export async function withRetries<Ran>(
  { cluster, connection, pid, file, options }: Tried,
  work: () => Promise<Ran>,
): Promise<Ran & { tries: number }> {
  const { retrySeconds = 60, progress, signal } = options
  const started = performance.now()
  const watch = watchBlockers(cluster, pid, (blockers) =>
    progress?.(`${file} waits for ${blockers.map(describeBlocker).join('; ')}`),
  )
  try {
    for (let tries = 1; ; tries++) {
      try {
        return { ...(await work()), tries }
      } catch (error) {
        if (!(error instanceof Failure) || !['55P03', '40P01'].includes(error.sql?.sqlstate ?? '')) throw error
        // Of a connection that is gone nothing more is to be had.
        signal?.throwIfAborted()
        connection.signal?.throwIfAborted()
        const left = retrySeconds - (performance.now() - started) / 1000
        if (left <= 0) throw gaveUp(error, tries, watch.blockers.map(describeBlocker))
        const pause = Math.min(5, 0.25 * 2 ** tries) * (0.5 + Math.random())
        progress?.(`${file} was given up for a lock; trying again in ${pause.toFixed(1)} s`)
        await sleep(pause * 1000, undefined, signal ? { signal } : undefined)
      }
    }
  } finally {
    await watch.stop()
  }
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
