import type { Connection } from '../postgres/connection.ts'
import type { ClientEnd, ClientProcess } from '../postgres/client-processes.ts'

/** One session of the server: a row of `pg_stat_activity`. Of sessions of other roles we may not be allowed to see all. */
export interface Session {
  pid: number
  /** As PostgreSQL calls it: `client backend`, `autovacuum worker` … Null: we may not see it. */
  kind: string | null
  user: string | null
  database: string | null
  /** IP address; null: over a Unix socket. */
  client: string | null
  /** TCP port of the client; -1: a Unix socket. Null: we may not see it, or there is no client. */
  clientPort: number | null
  application: string
  /** As PostgreSQL says it: active, idle, idle in transaction … Null: we may not see it. */
  state: string | null
  /** When the session began, in UTC to the microsecond: with the pid, what tells it from a later one. */
  startedAt: string | null
  /** Age of the open transaction; null: none is open. */
  transactionSeconds: number | null
  /** Seconds since the state changed. */
  stateSeconds: number | null
  /** What it waits for, as `Lock: relation`. */
  waiting: string | null
  /** How long it has waited for a lock. Null: it waits for none, or the server is older than PostgreSQL 14. */
  waitSeconds: number | null
  /** The pids that hold what it waits for, or queue for it before it; 0 is a prepared transaction. */
  blockedBy: number[]
  /** The running statement, or the last one of an idle session. Null: we may not see it. */
  query: string | null
  /** It is one of pgrig, and so never ended by pgrig. */
  own: boolean
  /** Its role is a superuser: only a superuser may end it. */
  superuser: boolean
  /** It belongs to a role whose sessions ours may not look into: state, times and query are not known. */
  hidden: boolean
  /** The program at its other end, where that runs on this machine and the system tells; absent: nobody looked. */
  process?: ClientProcess | null
}

/** The states that sessions can be chosen by. `waiting`: for a lock. */
export const sessionStates = ['active', 'idle', 'idle-in-transaction', 'waiting'] as const

/** Which sessions are meant. What is left out does not matter. */
export interface SessionFilter {
  user?: string | undefined
  database?: string | undefined
  application?: string | undefined
  state?: (typeof sessionStates)[number] | undefined
  /** Idle, or idle in a transaction, for at least so long. */
  idleSeconds?: number | undefined
  /** Running its statement for at least so long. */
  runningSeconds?: number | undefined
}

export interface ListSessionsOptions extends SessionFilter {
  /** Include idle sessions. A filter that asks for idle ones does too. */
  all?: boolean
}

/** Lists the client sessions of the server but this one, those that wait or run longest first. */
export async function listSessions(connection: Connection, options: ListSessionsOptions = {}): Promise<Session[]> {
  const idle = wantsIdle(options)
  return (await listBackends(connection)).filter(
    (session) => isClient(session) && (idle || session.state !== 'idle') && matches(session, options),
  )
}

function wantsIdle({ all = false, idleSeconds, state }: ListSessionsOptions): boolean {
  return all || idleSeconds !== undefined || state !== undefined
}

/** Whether it is the session of a client. Of a hidden one that cannot be known; what has a user is taken for one. */
export function isClient({ kind, user }: Session): boolean {
  return kind === 'client backend' || (kind === null && user !== null)
}

/** Whether a session is one of those that are meant. What is not known of it does not match. */
export function matches(session: Session, filter: SessionFilter): boolean {
  const { state, stateSeconds } = session
  const lasts = (seconds: number) => stateSeconds !== null && stateSeconds >= seconds
  return (
    (filter.user === undefined || session.user === filter.user) &&
    (filter.database === undefined || session.database === filter.database) &&
    (filter.application === undefined || session.application === filter.application) &&
    (filter.state === undefined || isIn(session, filter.state)) &&
    (filter.idleSeconds === undefined || (state?.startsWith('idle') === true && lasts(filter.idleSeconds))) &&
    (filter.runningSeconds === undefined || (isRunning(session) && lasts(filter.runningSeconds)))
  )
}

function isIn({ state, blockedBy }: Session, wanted: NonNullable<SessionFilter['state']>): boolean {
  if (wanted === 'waiting') return blockedBy.length > 0
  if (wanted === 'idle-in-transaction') return state?.startsWith('idle in transaction') === true
  return state === wanted
}

/** Whether a statement runs in it: what can be cancelled. */
export function isRunning({ state }: Session): boolean {
  return state === 'active' || state === 'fastpath function call'
}

/**
 * Lists all that works in a database or for a client but this session, in the same order: clients, autovacuum, replication.
 * pg_blocking_pids stops the lock manager for a moment, so it is asked about those that wait and no others.
 */
export function listBackends(connection: Connection): Promise<Session[]> {
  return connection.query<Session>`
    with waits as materialized (
      select pid, min((to_jsonb(l) ->> 'waitstart')::timestamptz) as since from pg_locks l where not granted group by pid
    )
    select a.pid, backend_type as kind, usename as "user", datname as database, host(client_addr) as client,
           client_port as "clientPort", coalesce(application_name, '') as application, state,
           to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "startedAt",
           extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds",
           extract(epoch from clock_timestamp() - state_change)::float8 as "stateSeconds",
           case when state <> 'idle' and wait_event_type <> 'Client' then wait_event_type || ': ' || wait_event end as waiting,
           extract(epoch from clock_timestamp() - since)::float8 as "waitSeconds",
           case when w.pid is null then '{}'
                else array(select distinct unnest(pg_blocking_pids(a.pid)) order by 1) end as "blockedBy",
           case when backend_type is not null then query end as query,
           coalesce(application_name, '') like 'pgrig %' as own,
           coalesce((select rolsuper from pg_roles r where r.oid = usesysid), false) as superuser,
           backend_type is null as hidden
      from pg_stat_activity a left join waits w on w.pid = a.pid
     where (datid is not null or usesysid is not null)
       and a.pid <> pg_backend_pid()
     order by w.pid is null, xact_start nulls last, a.pid`
}

/** A transaction that was prepared for a two-phase commit: it holds its locks, and its database, without any session. */
export interface PreparedTransaction {
  /** The name that `commit prepared` and `rollback prepared` take. */
  gid: string
  transaction: string
  owner: string
  database: string
  seconds: number
}

export function listPreparedTransactions(connection: Connection): Promise<PreparedTransaction[]> {
  return connection.query<PreparedTransaction>`
    select gid, transaction::text, owner, database, extract(epoch from clock_timestamp() - prepared)::float8 as seconds
      from pg_prepared_xacts
     order by prepared, gid`
}

/** A replication slot that somebody reads from. One that is logical keeps its database from being dropped. */
interface ReplicationSlot {
  name: string
  /** `physical` or `logical`. */
  kind: string
  /** Null: a physical one, which is of no database. */
  database: string | null
  pid: number
}

function listActiveSlots(connection: Connection): Promise<ReplicationSlot[]> {
  return connection.query<ReplicationSlot>`
    select slot_name as name, slot_type as kind, database, active_pid as pid
      from pg_replication_slots
     where active_pid is not null
     order by slot_name`
}

/** Who and what is at work on a server. */
export interface Activity {
  sessions: Session[]
  /** They hold a database too, without a session. */
  preparedTransactions: PreparedTransaction[]
  replicationSlots: ReplicationSlot[]
  /** Our role, if there are sessions that it may not look into, and how many. */
  hidden: { role: string; sessions: number } | null
  /** How many sessions were left out because they are idle. */
  idleLeftOut: number
}

/** Finds the programs behind sessions, by the pids of the sessions. */
export type ProcessFinder = (sessions: readonly ClientEnd[], serverPort: number) => Promise<Map<number, ClientProcess>>

/** Reads who is connected and what else is at work. A filter for the database or the user counts for all of it. */
export async function readActivity(
  connection: Connection,
  { findProcesses, ...options }: ListSessionsOptions & { findProcesses?: ProcessFinder } = {},
): Promise<Activity> {
  const { database, user } = options
  const everybody = await listSessions(connection, { ...options, all: true })
  const sessions = wantsIdle(options) ? everybody : everybody.filter(({ state }) => state !== 'idle')
  const concerns = (item: { database: string | null }) => database === undefined || item.database === database
  const activity = {
    preparedTransactions: (await listPreparedTransactions(connection)).filter(
      (prepared) => concerns(prepared) && (user === undefined || prepared.owner === user),
    ),
    replicationSlots: (await listActiveSlots(connection)).filter(concerns),
    hidden: await describeHidden(connection),
    idleLeftOut: everybody.length - sessions.length,
  }
  return { sessions: findProcesses ? await nameProcesses(connection, sessions, findProcesses) : sessions, ...activity }
}

/** The sessions with the programs behind them. */
export async function nameProcesses<Client extends ClientEnd>(
  connection: Connection,
  sessions: readonly Client[],
  findProcesses: ProcessFinder,
): Promise<(Client & { process: ClientProcess | null })[]> {
  const [row] = await connection.query<{ port: number }>`select current_setting('port')::int as port`
  const processes = await findProcesses(sessions, row?.port ?? connection.address.port)
  return sessions.map((session) => ({ ...session, process: processes.get(session.pid) ?? null }))
}

/** Hidden sessions are counted without filters: one that nothing is known of may be among those that were meant. */
async function describeHidden(connection: Connection): Promise<Activity['hidden']> {
  const [row] = await connection.query<{ role: string; sessions: number }>`
    select current_user as role, count(*)::int as sessions
      from pg_stat_activity
     where backend_type is null and usesysid is not null`
  return row && row.sessions > 0 ? row : null
}
