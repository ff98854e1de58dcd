import { ask, type AskOptions, type Pool } from '../database.ts'
import type { SignedOut } from '../identity.ts'

export interface SessionRow {
  sealed: Buffer
  /** Its end is further than this many seconds away from what a use now would make it. */
  secondsUnused: number
}

/** The table `sessions`: a row is found by the hash of the secret in the cookie, which is nowhere in the database. */
export interface SessionTable {
  add(idHash: Buffer, sub: string, sealed: Buffer): Promise<void>
  find(idHash: Buffer): Promise<SessionRow | undefined>
  /** Moves the end of an unused session on. */
  touch(idHash: Buffer): Promise<void>
  /** Takes the refresh of a session upon this process for a while; false where another has it, or had it since it was read. */
  claim(idHash: Buffer, sealed: Buffer): Promise<boolean>
  release(idHash: Buffer): Promise<void>
  /** False where the session has ended in the meantime. */
  save(idHash: Buffer, sealed: Buffer): Promise<boolean>
  /** Ends a session and says so to all processes. */
  remove(idHash: Buffer): Promise<void>
  /** Ends all sessions of somebody and says so to all processes. */
  removeAll(sub: string): Promise<void>
}

const idleDays = 7
const longestDays = 30
const claimSeconds = 15

/** For how long a browser keeps the cookie at most. */
export const longestSessionSeconds = longestDays * 86_400

/** The table in the primary: a session that was just made has to be found. All throw `DatabaseUnavailable`. */
export function createSessionTable(pool: Pool): SessionTable {
  const run = (name: string, text: string, values: unknown[], options?: AskOptions) =>
    ask(pool, { name: `session-${name}`, text, values }, options)

  /** A line for the channel that all processes listen to. */
  const notice = (ended: SignedOut) => JSON.stringify({ type: 'signed_out', ...ended })

  return {
    async add(idHash, sub, sealed) {
      const text = `insert into public.sessions (id_hash, cognito_user_id, sealed, expires_at)
        values ($1, $2, $3, now() + interval '${idleDays} days')`
      await run('add', text, [idHash, sub, sealed], { repeatable: false })
    },

    async find(idHash) {
      const text = `select sealed, extract(epoch from
            least(now() + interval '${idleDays} days', created_at + interval '${longestDays} days') - expires_at
          )::float8 as seconds_unused
        from public.sessions where id_hash = $1 and expires_at > now()`
      const [row] = await run('find', text, [idHash])
      return row && { sealed: row['sealed'] as Buffer, secondsUnused: Number(row['seconds_unused']) }
    },

    async touch(idHash) {
      const text = `update public.sessions
        set expires_at = least(now() + interval '${idleDays} days', created_at + interval '${longestDays} days')
        where id_hash = $1 and expires_at > now()`
      await run('touch', text, [idHash])
    },

    async claim(idHash, sealed) {
      const text = `update public.sessions set refreshing_until = now() + interval '${claimSeconds} seconds'
        where id_hash = $1 and sealed = $2 and expires_at > now()
          and (refreshing_until is null or refreshing_until <= now())
        returning true as done`
      return (await run('claim', text, [idHash, sealed], { repeatable: false })).length > 0
    },

    async release(idHash) {
      await run('release', 'update public.sessions set refreshing_until = null where id_hash = $1', [idHash])
    },

    async save(idHash, sealed) {
      const text = `update public.sessions set sealed = $2, refreshing_until = null
        where id_hash = $1 and expires_at > now() returning true as done`
      return (await run('save', text, [idHash, sealed])).length > 0
    },

    async remove(idHash) {
      const text = `with gone as (delete from public.sessions where id_hash = $1 returning id_hash)
        select pg_notify('cruddur', $2) from gone`
      await run('remove', text, [idHash, notice({ session: idHash.toString('base64url') })])
    },

    async removeAll(sub) {
      const text = `with gone as (delete from public.sessions where cognito_user_id = $1)
        select pg_notify('cruddur', $2)`
      await run('remove-all', text, [sub, notice({ sub })])
    },
  }
}
