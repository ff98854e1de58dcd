import type { Cluster } from '../../postgres/connection.ts'

/** A session that holds what a migration waits for. */
export interface Blocker {
  pid: number
  role: string | null
  application: string
  state: string | null
  transactionSeconds: number | null
  query: string | null
}

export interface BlockerWatch {
  /** The last that was seen. */
  readonly blockers: readonly Blocker[]
  stop(): Promise<void>
}

const firstLookMilliseconds = 400
const lookMilliseconds = 300

/** Looks, over a connection of its own, for what a session waits for. Nothing is opened where it does not last. */
export function watchBlockers(
  cluster: Cluster,
  pid: number,
  found: (blockers: readonly Blocker[]) => void,
): BlockerWatch {
  let blockers: readonly Blocker[] = []
  let timer: NodeJS.Timeout | undefined
  let looking = Promise.resolve()
  let stopped = false
  let connection: Awaited<ReturnType<Cluster['connect']>> | undefined
  const look = async () => {
    connection ??= await cluster.connect()
    const now = await connection.query<Blocker>`
      select pid, usename as role, coalesce(application_name, '') as application, state,
             extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds", query
        from pg_stat_activity where pid = any (pg_blocking_pids(${pid})) order by xact_start nulls last`
    if (now.length === 0) return
    blockers = now
    found(now)
  }
  const again = (milliseconds: number) => {
    timer = setTimeout(() => {
      // What cannot be seen is not told; the migration does not depend on it.
      looking = look().catch(() => {})
      void looking.finally(() => {
        if (!stopped) again(lookMilliseconds)
      })
    }, milliseconds)
  }
  again(firstLookMilliseconds)
  return {
    get blockers() {
      return blockers
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
      await connection?.close()
    },
  }
}

export function describeBlocker({ pid, role, application, state, transactionSeconds }: Blocker): string {
  const age = transactionSeconds === null ? undefined : `transaction open for ${Math.round(transactionSeconds)} s`
  return [`pid ${pid}`, role ?? 'unknown', application, state, age].filter(Boolean).join(' · ')
}
