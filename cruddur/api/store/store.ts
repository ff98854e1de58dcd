/** Who reads: the `sub` of the identity; undefined for somebody who is not signed in. */
export type Viewer = string | undefined

/** A cursor was not made by us, or is not whole. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor'
}

/** A page of a list, or an answer that holds one: the JSON text, made in SQL. */
export interface Page {
  body: string
  /** The cursor of the next page; null where there is none. */
  next: string | null
  /** Milliseconds, by the database's clock, until the first thing in the body expires; null where nothing does, or nobody asks. */
  expiresInMs: number | null
}

export interface PageQuery {
  limit: number
  cursor?: string
}

export interface NewActivity {
  message: string
  ttlSeconds: number
  /** A uuid; a second activity of the same person with it is the first one. */
  idempotencyKey?: string
}

/** What became of a write of a new activity. */
export type Created =
  | { status: 'created' | 'replayed'; body: string; uuid: string }
  | { status: 'key_reused' | 'no_user' | 'no_parent' }

/** What became of a write that answers with the state after it. */
export type Changed = { status: 'done'; body: string } | { status: 'missing' | 'no_user' }

export type ReportReason = 'spam' | 'abuse' | 'illegal' | 'other'

/** All that the API asks of the database. Every function throws `DatabaseUnavailable`, and those with a page `InvalidCursor`. */
export interface Store {
  readHome(viewer: Viewer, page: PageQuery): Promise<Page>
  readFollowing(viewer: Viewer, page: PageQuery): Promise<Page>
  readSearch(viewer: Viewer, term: string, page: PageQuery): Promise<Page>
  readNotifications(viewer: Viewer, page: PageQuery): Promise<Page>
  readProfile(viewer: Viewer, handle: string, page: PageQuery): Promise<Page | undefined>
  readUserReplies(viewer: Viewer, handle: string, page: PageQuery): Promise<Page | undefined>
  readUserReposts(viewer: Viewer, handle: string, page: PageQuery): Promise<Page | undefined>
  readThread(viewer: Viewer, uuid: string, handle: string | undefined, page: PageQuery): Promise<Page | undefined>
  readReplies(viewer: Viewer, uuid: string, page: PageQuery): Promise<Page | undefined>
  readShort(handle: string): Promise<string | undefined>
  readSession(sub: string): Promise<string | undefined>
  createActivity(sub: string, activity: NewActivity): Promise<Created>
  createReply(sub: string, parentUuid: string, activity: NewActivity): Promise<Created>
  deleteActivity(sub: string, uuid: string): Promise<'done' | 'missing' | 'no_user'>
  setLike(sub: string, uuid: string, on: boolean): Promise<Changed>
  setRepost(sub: string, uuid: string, on: boolean): Promise<Changed>
  setFollow(sub: string, handle: string, on: boolean): Promise<Changed>
  setBlock(sub: string, handle: string, on: boolean): Promise<Changed>
  report(sub: string, uuid: string, reason: ReportReason, note: string): Promise<'done' | 'missing' | 'no_user'>
  markNotificationsRead(sub: string): Promise<'done' | 'no_user'>
  updateProfile(sub: string, profile: { displayName: string; bio: string }): Promise<string | undefined>
  exportAccount(sub: string): Promise<string | undefined>
  deleteAccount(sub: string, handle: string): Promise<'done' | 'wrong_handle' | 'no_user'>
  listReports(page: PageQuery): Promise<Page>
  decideReport(uuid: string, decision: 'keep' | 'remove', adminSub: string): Promise<'done' | 'missing'>
  /** Adds `count` to what `key` has used in the present window of `seconds`; answers the sum, and when the window ends. */
  takeLease(key: string, seconds: number, count: number): Promise<{ used: number; resetMs: number }>
  /** Sends what is still to be told, and asks no replica any more. The pools stay open. */
  close(): Promise<void>
}
