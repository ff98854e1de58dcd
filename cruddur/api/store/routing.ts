import type { Pool } from '../database.ts'
import { statement, type Statement } from './statement.ts'
import type { Viewer } from './store.ts'

export interface RoutingOptions {
  pool: Pool
  /** A replica for reads. It is asked while it follows; what it does not answer the primary does. */
  readPool?: Pool | undefined
}

const walPosition = statement('wal-position')
const replayedPosition = statement('replayed-position')

const pollMs = 200

// Of a replica that is lost for long not every sample is kept.
const maxSamples = 300

// Nobody minds a feed that is so old; more, and the primary answers.
const maxLagMs = 5_000

interface Sample {
  takenAt: number
  /** Bytes of write-ahead log, as a position in it. */
  position: bigint
}

/**
 * Sends each read to the primary or to the replica. Whoever has written something through this process reads from the primary until
 * the replica has it: the position of the primary's log, looked at after the write, is compared with what the replica has replayed.
 */
export class Routing {
  readonly #pool: Pool
  readonly #readPool: Pool | undefined
  readonly #timer: NodeJS.Timeout | undefined
  /** When each person last wrote, by `performance.now()`. */
  readonly #writes = new Map<string, number>()
  /** Positions of the primary that the replica has not reached yet, oldest first. */
  #ahead: Sample[] = []
  /** All that the primary had by then is on the replica; undefined where the replica is not to be asked. */
  #reachedAt: number | undefined
  #primaryAnswers = true
  #polling: Promise<void> = Promise.resolve()

  constructor({ pool, readPool }: RoutingOptions) {
    this.#pool = pool
    this.#readPool = readPool
    if (readPool === undefined) return
    const poll = (): void => {
      this.#polling = this.#polling.then(() => this.#poll(pool, readPool))
    }
    poll()
    this.#timer = setInterval(poll, pollMs).unref()
  }

  /** Remembers that this person wrote just now. */
  wrote(sub: string): void {
    if (this.#readPool !== undefined) this.#writes.set(sub, performance.now())
  }

  async read(viewer: Viewer, statement: Statement, values: unknown[]): Promise<Record<string, unknown>[]> {
    if (this.#readPool !== undefined && this.#follows(viewer)) {
      try {
        return await statement(this.#readPool, values, { repeatable: false })
      } catch {
        // It may be gone, cancel for the sake of its replay, or not know a new table yet. The primary has the last word.
        this.#reachedAt = undefined
      }
    }
    return statement(this.#pool, values)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#polling
  }

  #follows(viewer: Viewer): boolean {
    if (this.#reachedAt === undefined) return false
    // While there is no primary an old feed is better than none.
    if (this.#primaryAnswers && performance.now() - this.#reachedAt > maxLagMs) return false
    const wroteAt = viewer === undefined ? undefined : this.#writes.get(viewer)
    return wroteAt === undefined || wroteAt < this.#reachedAt
  }

  async #poll(pool: Pool, readPool: Pool): Promise<void> {
    const takenAt = performance.now()
    try {
      const position = await readPosition(pool, walPosition)
      if (position !== undefined) this.#ahead.push({ takenAt, position })
      this.#primaryAnswers = true
    } catch {
      this.#primaryAnswers = false
    }
    try {
      this.#reach(await readPosition(readPool, replayedPosition))
    } catch {
      this.#reachedAt = undefined
    }
    for (const [sub, wroteAt] of this.#writes) if (wroteAt < (this.#reachedAt ?? 0)) this.#writes.delete(sub)
  }

  #reach(replayed: bigint | undefined): void {
    const reached = this.#ahead.findLastIndex(({ position }) => replayed !== undefined && position <= replayed)
    const sample = this.#ahead[reached]
    this.#ahead = this.#ahead.slice(reached + 1).slice(-maxSamples)
    if (sample !== undefined) this.#reachedAt = sample.takenAt
  }
}

async function readPosition(pool: Pool, position: Statement): Promise<bigint | undefined> {
  const [row] = await position(pool, [], { repeatable: false })
  // Not every engine that speaks our protocol knows such positions.
  return typeof row?.['position'] === 'string' ? BigInt(row['position']) : undefined
}
