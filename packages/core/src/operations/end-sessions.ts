import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import { isClient, isRunning, listBackends, matches, type Session, type SessionFilter } from './sessions.ts'

/** `cancel` stops the running statement, and the session goes on; `end` closes the session, which rolls its transaction back. */
export type SessionVerb = 'cancel' | 'end'

/**
 * What became of one that was to be cancelled or ended: `sent`: it was asked to, and whether it did cannot be seen; `gone`: it had
 * left; `missing`: there was no such session; `idle`: it runs no statement that could be cancelled; `denied`: we may not;
 * `remains`: it is still there; `own`: it is one of pgrig.
 */
type SessionOutcome = 'done' | 'sent' | 'gone' | 'missing' | 'idle' | 'denied' | 'remains' | 'own'

export interface EndedSession {
  pid: number
  outcome: SessionOutcome
  /** As it was before; null: there was none. */
  session: Session | null
  /** What our role would need, where it was denied. */
  needs: 'superuser' | 'pg_signal_backend' | null
}

/** Which sessions a command was told to cancel or end: by pid, or else by what they are. */
export interface SessionChoice extends SessionFilter {
  pids?: readonly number[]
}

export interface ChosenSessions {
  /** Those that would be cancelled or ended. */
  sessions: Session[]
  /** Those among what was named that would not, and why. */
  others: EndedSession[]
  /** Sessions that a filter could not judge, since our role may not look into them. */
  hidden: number
}

/** Finds the sessions that are meant, without doing anything. A pid may be of autovacuum too; a filter means clients alone. */
export async function chooseSessions(
  connection: Connection,
  verb: SessionVerb,
  { pids, ...filter }: SessionChoice,
): Promise<ChosenSessions> {
  const backends = await listBackends(connection)
  if (pids === undefined || pids.length === 0) {
    const theirs = backends.filter((session) => isClient(session) && !session.own)
    const sessions = theirs.filter((session) => matches(session, filter) && (verb === 'end' || mayRun(session)))
    const judged = filter.idleSeconds !== undefined || filter.runningSeconds !== undefined || filter.state !== undefined
    return { sessions, others: [], hidden: judged ? theirs.filter(({ hidden }) => hidden).length : 0 }
  }
  const [own] = await connection.query<{ pid: number }>`select pg_backend_pid() as pid`
  const found = [...new Set(pids)].map((pid) => {
    const session = backends.find((backend) => backend.pid === pid) ?? null
    const isOwn = pid === own?.pid || session?.own === true
    const outcome: SessionOutcome = isOwn ? 'own' : session === null ? 'missing' : mayRun(session) ? 'done' : 'idle'
    return { pid, outcome: verb === 'end' && outcome === 'idle' ? 'done' : outcome, session }
  })
  return {
    sessions: found.flatMap(({ session, outcome }) => (session !== null && outcome === 'done' ? [session] : [])),
    others: found.filter(({ outcome }) => outcome !== 'done').map((other) => ({ ...other, needs: null })),
    hidden: 0,
  }
}

function mayRun(session: Session): boolean {
  return session.hidden || isRunning(session)
}

/** The function of PostgreSQL that does it, as a statement. */
export function endStatement(verb: SessionVerb, pid: number): string {
  return `select ${verb === 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend'}(${pid})`
}

export interface EndSessionsOptions {
  /** How long to wait until they are gone. Default: 5 s. */
  seconds?: number
  signal?: AbortSignal | undefined
}

/**
 * Cancels or ends sessions as they were listed, all at once, and waits until that shows. One whose pid meanwhile belongs to
 * another session is `gone`, and the other one is left alone. Those of pgrig are never ended.
 */
export async function endSessions(
  connection: Connection,
  verb: SessionVerb,
  sessions: readonly Session[],
  { seconds = 5, signal }: EndSessionsOptions = {},
): Promise<EndedSession[]> {
  const ended: EndedSession[] = []
  for (const session of sessions) {
    signal?.throwIfAborted()
    ended.push(await request(connection, verb, session))
  }
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(pollMilliseconds, undefined, { signal })) {
    const open = ended.filter(({ outcome }) => outcome === 'remains')
    if (open.length === 0) return ended
    const backends = await listBackends(connection)
    for (const one of open) {
      const now = backends.find((backend) => one.session !== null && isSame(backend, one.session))
      if (now === undefined || (verb === 'cancel' && !isRunning(now))) one.outcome = 'done'
    }
    if (Date.now() >= deadline) return ended
  }
}

const pollMilliseconds = 50

/** Whether it is the very session, and not a later one with its pid. */
function isSame(one: Session, other: Session): boolean {
  return one.pid === other.pid && one.startedAt === other.startedAt && one.user === other.user
}

/** Asks the server to do it. `remains`: it was asked, and is not yet seen to be done. */
async function request(connection: Connection, verb: SessionVerb, session: Session): Promise<EndedSession> {
  const result = (outcome: SessionOutcome, needs: EndedSession['needs'] = null) => ({
    pid: session.pid,
    outcome,
    session,
    needs,
  })
  if (session.own) return result('own')
  try {
    const sent = await send(connection, verb, session)
    if (sent === undefined) return result('gone')
    if (sent === 'idle') return result('idle')
    return result(verb === 'cancel' && session.hidden ? 'sent' : 'remains')
  } catch (error) {
    if (!(error instanceof Failure) || error.sql?.sqlstate !== '42501') throw error
    // What has no role, as autovacuum, counts as a superuser’s.
    return result('denied', session.superuser || session.user === null ? 'superuser' : 'pg_signal_backend')
  }
}

/** Finds the session and signals it in one statement: between two, its pid could pass on to another one. */
async function send(
  connection: Connection,
  verb: SessionVerb,
  { pid, startedAt, user, database }: Session,
): Promise<'sent' | 'idle' | undefined> {
  const [row] = await connection.query<{ sent: boolean | null }>`
    select case when ${verb} = 'end' then pg_terminate_backend(pid)
                when state in ('active', 'fastpath function call') or state is null then pg_cancel_backend(pid) end as sent
      from pg_stat_activity
     where pid = ${pid}
       and pid <> pg_backend_pid()
       and coalesce(application_name, '') not like 'pgrig %'
       and backend_start is not distinct from ${startedAt}::timestamptz
       and usename is not distinct from ${user}
       and datname is not distinct from ${database}`
  if (row === undefined || row.sent === false) return undefined
  return row.sent === null ? 'idle' : 'sent'
}

/** Whether every session that was named is no longer what it was, or does no longer what it did. */
export function allEnded(ended: readonly EndedSession[]): boolean {
  return ended.every(({ outcome }) => outcome === 'done' || outcome === 'sent' || outcome === 'gone')
}
