import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'

/** Key of the advisory lock: `pgrigmig` in ASCII. Advisory locks are of one database. */
const key = 0x70677269676d6967n

/** Who holds the lock of the migrations. */
export interface LockHolder {
  pid: number
  role: string | null
  application: string
  /** IP address; null: over a Unix socket. */
  client: string | null
  /** When its session began, ISO 8601. */
  since: string
  seconds: number
  state: string | null
  query: string | null
}

/** Finds the session that holds the lock of the migrations of the connection's database. */
export async function findLockHolder(connection: Connection): Promise<LockHolder | undefined> {
  const [holder] = await connection.query<LockHolder>`
    select pid, usename as role, coalesce(application_name, '') as application, host(client_addr) as client,
           to_json(backend_start) #>> '{}' as since,
           extract(epoch from clock_timestamp() - backend_start)::float8 as seconds, state, query
      from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and objsubid = 1
       and database = (select oid from pg_database where datname = current_database())
       and (classid::bigint << 32) | objid::bigint = ${key}`
  return holder
}

export function describeHolder({ pid, role, application, client, seconds }: LockHolder): string {
  const age = seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
  const who = `${role ?? 'unknown'} ${client === null ? 'on the server itself' : `from ${client}`}`
  return `${application || 'a session'} (pid ${pid}, ${who}, since ${age})`
}

export interface LockOptions {
  /** Give up after this long. */
  waitSeconds: number
  progress?: (line: string) => void
  signal?: AbortSignal
}

/**
 * Takes the lock, which the connection holds until it closes. Asks again and again instead of waiting in the server: a statement that
 * waits has a snapshot, and for that CREATE INDEX CONCURRENTLY of the holder would wait in turn, for ever.
 * Throws `migration_locked` when another one has it all the time.
 */
export async function takeLock(connection: Connection, { waitSeconds, progress, signal }: LockOptions): Promise<void> {
  const started = performance.now()
  for (;;) {
    const [answer] = await connection.query<{ taken: boolean }>`select pg_try_advisory_lock(${key}) as taken`
    if (answer?.taken) return
    const holder = await findLockHolder(connection)
    const who = holder ? describeHolder(holder) : 'a session that has just ended'
    if ((performance.now() - started) / 1000 >= waitSeconds) {
      throw new Failure(
        'migration_locked',
        `The migrations are locked by ${who}, and were for the ${waitSeconds} s of our waiting.`,
        {
          state: 'Nothing was run.',
          hint: 'If it hangs: pgrig migration lock break. To wait longer: --wait.',
        },
      )
    }
    progress?.(`Waiting for the migrations of ${who}`)
    await sleep(100 + Math.random() * 200, undefined, signal ? { signal } : undefined)
  }
}

/**
 * Refuses a pooler: it may give each transaction another session, and the lock would be taken in one and missing in the next. A pooler
 * shows by the process number that it told at the login, which is not that of the server's process; RDS Proxy also by its name.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-connecting.html
 */
export async function refusePooler(connection: Connection): Promise<void> {
  const pid = await backendPid(connection)
  const told = connection.channel.processId
  const { host } = connection.address
  const named = /\.proxy-[^.]+\.[^.]+\.rds\.amazonaws\.com(?:\.cn)?$/i.test(host)
  if (told === pid && !named) return
  const why = named
    ? `${host} is an RDS Proxy.`
    : `There is a connection pooler (PgBouncer, RDS Proxy …) between pgrig and the server: at the login it was process ${told}, and now it is ${pid}.`
  throw new Failure('migration_pooler', why, {
    state: 'Nothing was run.',
    hint: 'Migrations hold a lock in their session, and a pooler in transaction mode takes the session away in between. Give the address of the server itself; or, if the pooler is in session mode, --allow-pooler.',
  })
}

/** The number of the server's process behind a connection. */
export async function backendPid(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ pid: number }>`select pg_backend_pid() as pid`
  return row?.pid ?? 0
}

/** Ends the session that holds the lock. Returns it, or undefined where nobody has it. Throws `sql_error` where it may not be ended. */
export async function breakLock(connection: Connection): Promise<LockHolder | undefined> {
  const holder = await findLockHolder(connection)
  if (holder === undefined) return undefined
  await connection.query`select pg_terminate_backend(${holder.pid})`
  for (let tries = 0; tries < 50; tries++) {
    if ((await findLockHolder(connection))?.pid !== holder.pid) return holder
    await sleep(100)
  }
  throw new Failure('database_busy', `${describeHolder(holder)} was told to end, and is still there.`, {
    hint: 'It may be rolling back something large. Look again: pgrig migration lock status.',
  })
}
