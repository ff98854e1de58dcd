import { checkCursor } from './cursor.ts'
import type { Routing } from './routing.ts'
import { statement, type Row } from './statement.ts'
import type { Page, Store } from './store.ts'

const home = statement('home')
const following = statement('following')
const search = statement('search')
const notifications = statement('notifications')
const profile = statement('profile')
const userReplies = statement('user-replies')
const userReposts = statement('user-reposts')
const thread = statement('thread')
const replies = statement('replies')
const short = statement('short')

type Reads = Pick<
  Store,
  | 'readHome'
  | 'readFollowing'
  | 'readSearch'
  | 'readNotifications'
  | 'readProfile'
  | 'readUserReplies'
  | 'readUserReposts'
  | 'readThread'
  | 'readReplies'
  | 'readShort'
>

/** What people read. It may come from a replica. */
export function createReads(routing: Routing): Reads {
  return {
    async readHome(viewer, { limit, cursor }) {
      return toPage(await routing.read(viewer, home, [viewer ?? null, limit, checkCursor(cursor)]))
    },
    async readFollowing(viewer, { limit, cursor }) {
      return toPage(await routing.read(viewer, following, [viewer ?? null, limit, checkCursor(cursor)]))
    },
    async readSearch(viewer, term, { limit, cursor }) {
      return toPage(await routing.read(viewer, search, [viewer ?? null, limit, checkCursor(cursor), term]))
    },
    async readNotifications(viewer, { limit, cursor }) {
      return toPage(await routing.read(viewer, notifications, [viewer ?? null, limit, checkCursor(cursor)]))
    },
    async readProfile(viewer, handle, { limit, cursor }) {
      return findPage(await routing.read(viewer, profile, [viewer ?? null, limit, checkCursor(cursor), handle]))
    },
    async readUserReplies(viewer, handle, { limit, cursor }) {
      return findPage(await routing.read(viewer, userReplies, [viewer ?? null, limit, checkCursor(cursor), handle]))
    },
    async readUserReposts(viewer, handle, { limit, cursor }) {
      return findPage(await routing.read(viewer, userReposts, [viewer ?? null, limit, checkCursor(cursor), handle]))
    },
    async readThread(viewer, uuid, handle, { limit }) {
      return findPage(await routing.read(viewer, thread, [viewer ?? null, limit, uuid, handle ?? null]))
    },
    async readReplies(viewer, uuid, { limit, cursor }) {
      return findPage(await routing.read(viewer, replies, [viewer ?? null, limit, checkCursor(cursor), uuid]))
    },
    async readShort(handle) {
      const [row] = await routing.read(undefined, short, [handle])
      return row && String(row['body'])
    },
  }
}

/** The page in an answer that has one row. */
export function toPage(rows: Row[]): Page {
  const page = findPage(rows)
  if (page === undefined) throw new Error('A page is one row')
  return page
}

function findPage([row]: Row[]): Page | undefined {
  if (row === undefined) return undefined
  const { body, next, expires_in_ms: expiresInMs } = row
  return {
    body: String(body),
    next: typeof next === 'string' ? next : null,
    expiresInMs: typeof expiresInMs === 'number' ? expiresInMs : null,
  }
}
