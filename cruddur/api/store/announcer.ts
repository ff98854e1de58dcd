import type { Pool } from '../database.ts'
import { statement } from './statement.ts'

/** The counts of an activity after a write. */
export interface Counts {
  uuid: string
  likes_count: number
  reposts_count: number
  replies_count: number
}

/** What is told on the channel `cruddur` to all processes, which tell it to open pages. */
export type Announcement =
  | { type: 'created'; uuid: string; handle: string; reply_to_activity_uuid: string | null }
  | { type: 'deleted'; uuid: string }
  | ({ type: 'counts' } & Counts)
  | { type: 'signed_out'; sub: string }

const tell = statement('announce')

// Short enough to be called live, long enough to make one statement of a rush.
const pauseMs = 100

/**
 * Tells what was written, some at a time. A pg_notify in the writing statement itself would make all commits wait for each other
 * (it holds a lock while the log is flushed): inserts from 8 connections were half as fast with it.
 */
export class Announcer {
  readonly #pool: Pool
  readonly #waiting = new Map<string, Announcement>()
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Tells it soon. Of several counts of one activity the last is told. */
  announce(announcement: Announcement): void {
    const about = announcement.type === 'signed_out' ? announcement.sub : announcement.uuid
    this.#waiting.set(`${announcement.type} ${about}`, announcement)
    this.#timer ??= setTimeout(() => void this.flush(), pauseMs).unref()
  }

  /** Tells what waits now. Whoever does not hear it sees it with the next page that they load: a failure is nobody's. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const payloads = [...this.#waiting.values()].map((each) => JSON.stringify(each))
    this.#waiting.clear()
    if (payloads.length > 0) {
      this.#sending = this.#sending.then(() => tell(this.#pool, [payloads])).then(ignore, ignore)
    }
    return this.#sending
  }
}

function ignore(): void {}
