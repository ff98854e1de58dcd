import type { Connection } from '../postgres/connection.ts'

/** One session of the server: a row of `pg_stat_activity`. */
export interface Session {
  pid: number
  user: string | null
  database: string | null
  /** IP address; null: over a Unix socket. */
  client: string | null
  application: string
  /** As PostgreSQL says it: active, idle, idle in transaction … Null: we may not see it. */
  state: string | null
  /** Age of the open transaction; null: none is open. */
  transactionSeconds: number | null
  /** Seconds since the state changed. */
  stateSeconds: number | null
  /** What it waits for, as `Lock: relation`. */
  waiting: string | null
  /** The pids that hold what it waits for. */
  blockedBy: number[]
  /** The running statement, or the last one of an idle session. */
  query: string | null
}

export interface ListSessionsOptions {
  /** Include idle sessions. */
  all?: boolean
}

/** Lists the client sessions of the server but this one, those that wait or run longest first. */
export function listSessions(connection: Connection, { all = false }: ListSessionsOptions = {}): Promise<Session[]> {
  return connection.query<Session>`
    select pid, usename as "user", datname as database, host(client_addr) as client, application_name as application, state,
           extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds",
           extract(epoch from clock_timestamp() - state_change)::float8 as "stateSeconds",
           case when state <> 'idle' and wait_event_type <> 'Client' then wait_event_type || ': ' || wait_event end as waiting,
           pg_blocking_pids(pid) as "blockedBy",
           query
      from pg_stat_activity
     where backend_type = 'client backend'
       and pid <> pg_backend_pid()
       and (${all} or state is distinct from 'idle')
     order by cardinality(pg_blocking_pids(pid)) > 0 desc, xact_start nulls last, pid`
}
