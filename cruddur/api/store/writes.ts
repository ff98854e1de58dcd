import pg from 'pg'
import type { AskOptions, Pool } from '../database.ts'
import type { Announcer, Counts } from './announcer.ts'
import type { Routing } from './routing.ts'
import { statement, type Row, type Statement } from './statement.ts'
import type { Changed, Created, NewActivity, Store } from './store.ts'

const createActivity = statement('create-activity')
const createReply = statement('create-reply')
const deleteActivity = statement('delete-activity')
const like = statement('like')
const unlike = statement('unlike')
const repost = statement('repost')
const unrepost = statement('unrepost')
const follow = statement('follow')
const unfollow = statement('unfollow')
const block = statement('block')
const unblock = statement('unblock')
const report = statement('report')
const markNotificationsRead = statement('mark-notifications-read')
const updateProfile = statement('update-profile')

type Writes = Pick<
  Store,
  | 'createActivity'
  | 'createReply'
  | 'deleteActivity'
  | 'setLike'
  | 'setRepost'
  | 'setFollow'
  | 'setBlock'
  | 'report'
  | 'markNotificationsRead'
  | 'updateProfile'
>

export interface WriteOptions {
  pool: Pool
  routing: Routing
  announcer: Announcer
}

/** What people write: one statement each, on the primary. */
export function createWrites({ pool, routing, announcer }: WriteOptions): Writes {
  async function write(sub: string, change: Statement, values: unknown[], options?: AskOptions): Promise<Row[]> {
    const rows = await change(pool, [sub, ...values], options)
    routing.wrote(sub)
    return rows
  }

  /** A write about something that may go at the same moment: then it was not there. */
  async function writeAbout(sub: string, change: Statement, values: unknown[]): Promise<Row | 'missing' | 'no_user'> {
    try {
      const [row] = await write(sub, change, values)
      if (row === undefined) return 'no_user'
      return row['uuid'] === null ? 'missing' : row
    } catch (error) {
      if (lostReference(error)) return 'missing'
      throw error
    }
  }

  async function change(sub: string, statement: Statement, values: unknown[]): Promise<Changed> {
    const row = await writeAbout(sub, statement, values)
    if (typeof row === 'string') return { status: row }
    announceCounts(row)
    return { status: 'done', body: String(row['body']) }
  }

  async function create(
    sub: string,
    statement: Statement,
    { message, ttlSeconds, idempotencyKey }: NewActivity,
    parentUuid?: string,
  ): Promise<Created> {
    const values = [
      message,
      ttlSeconds ?? null,
      idempotencyKey ?? null,
      ...(parentUuid === undefined ? [] : [parentUuid]),
    ]
    for (let tries = 3; ; tries--) {
      // Without a key a second one might be made.
      const [row] = await write(sub, statement, values, { repeatable: idempotencyKey !== undefined })
      if (row === undefined) return { status: 'no_user' }
      const { status, uuid, body, handle } = row
      // A request with the same key was a moment ahead: by now its activity can be seen.
      if (status === 'raced' && tries > 0) continue
      if (status === 'no_parent') return { status }
      if (status !== 'created' && status !== 'replayed') return { status: 'key_reused' }
      if (status === 'created') {
        announcer.announce({
          type: 'created',
          uuid: String(uuid),
          handle: String(handle),
          reply_to_activity_uuid: parentUuid ?? null,
        })
        announceCounts(row)
      }
      return { status, uuid: String(uuid), body: String(body) }
    }
  }

  function announceCounts({ counts }: Row): void {
    if (counts !== null && counts !== undefined) announcer.announce({ type: 'counts', ...(counts as Counts) })
  }

  async function found(rows: Promise<Row[]>): Promise<'done' | 'no_user'> {
    return (await rows).length > 0 ? 'done' : 'no_user'
  }

  return {
    createActivity: (sub, activity) => create(sub, createActivity, activity),
    async createReply(sub, parentUuid, activity) {
      try {
        return await create(sub, createReply, activity, parentUuid)
      } catch (error) {
        if (lostReference(error)) return { status: 'no_parent' }
        throw error
      }
    },
    async deleteActivity(sub, uuid) {
      const row = await writeAbout(sub, deleteActivity, [uuid])
      if (typeof row === 'string') return row
      announcer.announce({ type: 'deleted', uuid })
      announceCounts(row)
      return 'done'
    },
    setLike: (sub, uuid, on) => change(sub, on ? like : unlike, [uuid]),
    setRepost: (sub, uuid, on) => change(sub, on ? repost : unrepost, [uuid]),
    setFollow: (sub, handle, on) => change(sub, on ? follow : unfollow, [handle]),
    setBlock: (sub, handle, on) => change(sub, on ? block : unblock, [handle]),
    async report(sub, uuid, reason, note) {
      const row = await writeAbout(sub, report, [uuid, reason, note])
      return typeof row === 'string' ? row : 'done'
    },
    markNotificationsRead: (sub) => found(write(sub, markNotificationsRead, [])),
    async updateProfile(sub, { displayName, bio }) {
      const [row] = await write(sub, updateProfile, [displayName, bio])
      return row && String(row['body'])
    },
  }
}

/** Whether what a new row refers to went while it was written. */
function lostReference(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23503'
}
