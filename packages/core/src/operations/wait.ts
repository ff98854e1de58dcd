import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, type FailureCode } from '../errors.ts'
import type { Cluster } from '../postgres/connection.ts'

export interface WaitOptions {
  /** Give up after this long. Default: 60. */
  seconds?: number
  /** Time between two tries. Default: 1. */
  pollSeconds?: number
  progress?: (line: string) => void
  signal?: AbortSignal
}

export interface Waited {
  seconds: number
  /** False: the server answers, but the target's database is not there yet. */
  databaseExists: boolean
}

// A server that starts or a network that comes up; everything else will not get better by waiting.
const passing: readonly FailureCode[] = [
  'connection_refused',
  'connection_host',
  'connection_timeout',
  'connection_starting',
  'connection_full',
  'connection_lost',
]

/** Waits until the target's server answers, whether or not the database exists yet. */
export async function waitForServer(cluster: Cluster, options: WaitOptions = {}): Promise<Waited> {
  const { seconds = 60, pollSeconds = 1, progress, signal } = options
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  // A try may take as long as is left, since its own time-out can be longer, and the first as long as a poll: `--timeout 0`
  // asks once. A timer takes no more than 2^31 - 1 ms.
  const deadline = AbortSignal.timeout(Math.min(Math.ceil(Math.max(seconds, pollSeconds) * 1000), 2 ** 31 - 1))
  const stop = signal ? AbortSignal.any([deadline, signal]) : deadline
  const givenUp = (why: string, cause: unknown) =>
    new Failure('connection_timeout', `The server did not answer within ${seconds} s. ${why}`.trim(), { cause })
  let heard = ''
  for (;;) {
    try {
      const connection = await cluster.connect(undefined, { signal: stop })
      await connection.close()
      return { seconds: elapsed(), databaseExists: true }
    } catch (error) {
      if (deadline.aborted && !signal?.aborted) throw givenUp(heard, error)
      if (!(error instanceof Failure)) throw error
      if (error.code === 'database_missing') return { seconds: elapsed(), databaseExists: false }
      if (!passing.includes(error.code)) throw error
      heard = error.message
      if (elapsed() + pollSeconds > seconds) throw givenUp(heard, error)
      progress?.(`Waiting for the server: ${error.message}`)
    }
    signal?.throwIfAborted()
    await sleep(pollSeconds * 1000, undefined, signal ? { signal } : undefined)
  }
}
