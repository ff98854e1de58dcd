import type { Pool } from '../database.ts'
import { Announcer } from './announcer.ts'
import { checkCursor } from './cursor.ts'
import { statement } from './statement.ts'
import type { Created, NewActivity, Page, Store } from './store.ts'

export interface StoreOptions {
  pool: Pool
}

type Row = Record<string, unknown>

const home = statement('home')
const replies = statement('replies')
const thread = statement('thread')
const createActivity = statement('create-activity')
const createReply = statement('create-reply')

/** All that the API asks of the database, over one pool. */
export function createStore({
  pool,
}: StoreOptions): Pick<Store, 'readHome' | 'readThread' | 'readReplies' | 'createActivity' | 'createReply' | 'close'> {
  const announcer = new Announcer(pool)

  async function create(write: (options: { repeatable: boolean }) => Promise<Row[]>, key: unknown): Promise<Created> {
    // With a key the statement may be sent twice. A request with the same key that was a moment ahead has written by then.
    for (let tries = 3; ; tries--) {
      const [row] = await write({ repeatable: key !== undefined })
      if (row === undefined) return { status: 'no_user' }
      if (row['status'] !== 'raced' || tries === 0) return made(row)
    }
  }

  function made(row: Row): Created {
    const status = row['status']
    if (status === 'no_parent') return { status }
    if (status !== 'created' && status !== 'replayed') return { status: 'key_reused' }
    return { status, uuid: String(row['uuid']), body: String(row['body']) }
  }

  return {
    async readHome(viewer, { limit, cursor }) {
      const [row] = await home(pool, [viewer ?? null, limit, checkCursor(cursor)])
      return toPage(row)
    },
    async readThread(viewer, uuid, handle, { limit }) {
      const [row] = await thread(pool, [viewer ?? null, limit, uuid, handle ?? null])
      return row && toPage(row)
    },
    async readReplies(viewer, uuid, { limit, cursor }) {
      const [row] = await replies(pool, [viewer ?? null, limit, checkCursor(cursor), uuid])
      return row && toPage(row)
    },
    createActivity(sub, { message, ttlSeconds, idempotencyKey }: NewActivity) {
      return create(
        (options) => createActivity(pool, [sub, message, ttlSeconds, idempotencyKey ?? null], options),
        idempotencyKey,
      )
    },
    createReply(sub, parentUuid, { message, ttlSeconds, idempotencyKey }: NewActivity) {
      return create(
        (options) => createReply(pool, [sub, message, ttlSeconds, idempotencyKey ?? null, parentUuid], options),
        idempotencyKey,
      )
    },
    close: () => announcer.flush(),
  }
}

function toPage(row: Row | undefined): Page {
  const { body, next, expires_in_ms: expiresInMs } = row ?? {}
  return {
    body: String(body),
    next: typeof next === 'string' ? next : null,
    expiresInMs: typeof expiresInMs === 'number' ? expiresInMs : null,
  }
}
