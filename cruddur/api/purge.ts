import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from './database.ts'
import { statement } from './store/statement.ts'

const purges = {
  activities: statement('purge-activities'),
  sessions: statement('purge-sessions'),
  rate_limits: statement('purge-rate-limits'),
  reports: statement('purge-reports'),
  notifications: statement('purge-notifications'),
}

/** What is purged. */
type Purged = keyof typeof purges

// Small enough for one statement to take less than a second, also with what hangs on the rows.
const batchSize = 5_000

// A round each 20 to 40 seconds: what has expired is deleted within a minute, and processes do not all come at once.
const leastPauseMs = 20_000
const jitterMs = 20_000

export interface PurgeOptions {
  pool: Pool
  /** Ends it after the batch that runs. */
  signal: AbortSignal
  /** Hears of each batch, for the metrics. */
  onPurged?: (kind: Purged, count: number, seconds: number) => void
}

/**
 * Deletes once all that is over, in batches; other processes may do the same. Nothing depends on it: what has expired is invisible.
 * Throws `DatabaseUnavailable`.
 */
export async function purge({ pool, signal, onPurged = () => {} }: PurgeOptions): Promise<void> {
  for (const kind of Object.keys(purges) as Purged[]) {
    let count = batchSize
    while (count === batchSize && !signal.aborted) {
      const startedAt = performance.now()
      const [row] = await purges[kind](pool, [batchSize])
      count = Number(row?.['purged'])
      if (count > 0) onPurged(kind, count, (performance.now() - startedAt) / 1_000)
    }
  }
}

/** Purges again and again until the signal. A round that fails is reported, and the next one makes it good. */
export async function keepPurging(options: PurgeOptions & { report: (error: unknown) => void }): Promise<void> {
  const { signal, report } = options
  while (!signal.aborted) {
    await purge(options).catch(report)
    await wait(leastPauseMs + Math.random() * jitterMs, undefined, { signal, ref: false }).catch(() => {})
  }
}
