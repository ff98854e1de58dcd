import type { Connection } from '../postgres/connection.ts'
import { listBackends, listPreparedTransactions, type PreparedTransaction, type Session } from './sessions.ts'

/** What somebody waits for. */
interface LockWait {
  /** As pg_locks calls it: relation, transactionid, tuple, advisory … */
  kind: string
  /** The lock that is wanted, for example `AccessExclusiveLock`. */
  mode: string
  /** What it is a lock of, by name where that can be known from our database: `public.users`. */
  object: string
  /** Null: the server is older than PostgreSQL 14, or the wait has only just begun. */
  seconds: number | null
}

/** Who holds a lock or waits for one, with those that wait for it. */
export interface LockNode {
  /** 0: a prepared transaction. */
  pid: number
  /** Null: a prepared transaction, or a session that has just ended. */
  session: Session | null
  prepared: PreparedTransaction | null
  /** Null: it waits for no lock, which makes it the true holder. */
  waitsFor: LockWait | null
  /** The pids of all that it waits for. */
  blockedBy: number[]
  /**
   * What the one above it in the tree has of what it waits for: the modes that it holds, or the mode that it queues for in front
   * of it. Null: at a root.
   */
  blocker: { holds: string[]; queuesFor: string | null } | null
  /** Those that wait for it. Each stands once in the whole tree. */
  blocks: LockNode[]
  /** The pids of those that wait for it too, and stand elsewhere. */
  alsoBlocks: number[]
  /** It waits in a circle, which PostgreSQL ends by itself after `deadlock_timeout`. */
  circular: boolean
}

/** Reads who waits for whom. The roots are those that wait for nobody, longest transaction first; empty: nobody waits. */
export async function readLocks(connection: Connection): Promise<LockNode[]> {
  const waits = await listWaits(connection)
  if (waits.length === 0) return []
  const [sessions, prepared, holdings] = [
    await listBackends(connection),
    await listPreparedTransactions(connection),
    await listHoldings(connection),
  ]
  return buildTree(waits, holdings, sessions, prepared)
}

/** One that waits. */
export interface Waiter extends LockWait {
  pid: number
  /** The pids of those that hold it or queue before it; 0 for each prepared transaction. */
  blockedBy: number[]
  /** What is waited for, as a key that is the same for all who want or hold it. */
  tag: string
}

/** A lock that is held, of those that somebody waits for. */
export interface Holding {
  tag: string
  /** Null: a prepared transaction. */
  pid: number | null
  transaction: string | null
  mode: string
}

const tag = `concat_ws(' ', locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid)`

/** A worker of a parallel query waits for its leader, and pg_blocking_pids names leaders only. */
const leader = `coalesce((select (to_jsonb(a) ->> 'leader_pid')::int from pg_stat_activity a where a.pid = l.pid), l.pid)`

/** The OID of the database that we are in: names of others cannot be looked up. */
const present = `(select oid from pg_database where datname = current_database())`

/** The name of a relation, or its number where that is of another database. */
const relationName = (lock: string) => `
  coalesce(
    case when ${lock}.database in (0, ${present})
         then (select format('%I.%I', nspname, relname)
                 from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = ${lock}.relation) end,
    'relation ' || ${lock}.relation)`

const waitsQuery = `
  with l as materialized (select * from pg_locks)
  select distinct on (1) ${leader} as pid, locktype as kind, mode, ${tag} as tag, blockers as "blockedBy",
         extract(epoch from clock_timestamp() - (to_jsonb(l) ->> 'waitstart')::timestamptz)::float8 as seconds,
         coalesce(
           case
             when locktype = 'relation' then ${relationName('l')}
             when locktype = 'extend' then 'the size of ' || ${relationName('l')}
             when locktype = 'page' then format('page %s of %s', page, ${relationName('l')})
             when locktype = 'tuple' then format('row (%s,%s) of %s', page, tuple, ${relationName('l')})
             when locktype = 'transactionid' then concat(wanted_row, 'transaction ', transactionid)
             when locktype = 'virtualxid' then 'virtual transaction ' || virtualxid
             when locktype = 'advisory' and objsubid = 1 then 'advisory key ' || ((classid::bigint << 32) | objid::bigint)
             when locktype = 'advisory' then format('advisory keys %s, %s', classid, objid)
             when locktype = 'object' and database in (0, ${present})
               then (select concat(type, ' ', identity) from pg_identify_object(classid, objid, 0) where type is not null)
           end,
           concat_ws(' ', locktype, coalesce(classid, relation), objid))
         || case when database not in (0, ${present})
                 then ' in the database ' || coalesce((select datname from pg_database where oid = database), database::text)
                 else '' end as object
    from l
   cross join lateral (select array(select distinct unnest(pg_blocking_pids(l.pid)) order by 1) as blockers) b
    left join lateral (
      -- Who waits for the end of a transaction to change a row holds the row's place in the queue.
      select format('row (%s,%s) of %s, ', t.page, t.tuple, ${relationName('t')}) as wanted_row
        from l t
       where l.locktype = 'transactionid' and t.pid = l.pid and t.locktype = 'tuple' and t.granted
       limit 1
    ) r on true
   where not granted
     -- One that was granted, or left, since pg_locks was read.
     and cardinality(blockers) > 0
   order by 1, seconds desc nulls last`

function listWaits(connection: Connection): Promise<Waiter[]> {
  return connection.run<Waiter>(waitsQuery)
}

const holdingsQuery = `
  with l as materialized (select * from pg_locks),
       wanted as (select distinct ${tag} as tag from l where not granted)
  select tag, l.pid, mode,
         -- A prepared transaction shows in pg_locks without a pid, and with its number only where it locks that.
         (select x.transaction::text
            from l own join pg_prepared_xacts x on x.transaction = own.transactionid
           where l.pid is null and own.pid is null and own.virtualtransaction = l.virtualtransaction
           limit 1) as transaction
    from (select l.*, ${tag} as tag from l where granted) l join wanted using (tag)`

/** Reads who holds what is waited for. */
function listHoldings(connection: Connection): Promise<Holding[]> {
  return connection.run<Holding>(holdingsQuery)
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES, by the number of the mode. */
const conflicts: Readonly<Record<string, string>> = {
  AccessShareLock: '8',
  RowShareLock: '78',
  RowExclusiveLock: '5678',
  ShareUpdateExclusiveLock: '45678',
  ShareLock: '34678',
  ShareRowExclusiveLock: '345678',
  ExclusiveLock: '2345678',
  AccessExclusiveLock: '12345678',
}

const modes = Object.keys(conflicts)

function conflict(wanted: string, held: string): boolean {
  return conflicts[wanted]?.includes(String(modes.indexOf(held) + 1)) ?? true
}

/**
 * Makes the tree of those that wait, each once: under the oldest of those that hold what it wants, or else under the one that has
 * queued for it longest.
 */
export function buildTree(
  waits: readonly Waiter[],
  holdings: readonly Holding[],
  sessions: readonly Session[],
  prepared: readonly PreparedTransaction[],
): LockNode[] {
  const waiters = new Map(waits.map((wait) => [String(wait.pid), wait]))
  const held = new Map<string, Holding[]>()
  for (const holding of holdings) held.set(holding.tag, [...(held.get(holding.tag) ?? []), holding])
  const modesHeld = (key: string, { tag, mode }: Waiter) =>
    (held.get(tag) ?? []).filter((one) => keyOf(one) === key && conflict(mode, one.mode)).map((one) => one.mode)

  const nodes = new Map<string, LockNode>()
  const nodeOf = (key: string): LockNode => {
    const found = nodes.get(key)
    if (found) return found
    const wait = waiters.get(key)
    const node: LockNode = {
      pid: key.startsWith(twoPhase) ? 0 : Number(key),
      session: sessions.find(({ pid }) => String(pid) === key) ?? null,
      prepared: prepared.find(({ transaction }) => `${twoPhase}${transaction}` === key) ?? null,
      waitsFor: wait ? { kind: wait.kind, mode: wait.mode, object: wait.object, seconds: wait.seconds } : null,
      blockedBy: wait?.blockedBy ?? [],
      blocker: null,
      blocks: [],
      alsoBlocks: [],
      circular: false,
    }
    nodes.set(key, node)
    return node
  }

  const parents = new Map<string, string>()
  for (const wait of waits) {
    const blockers = blockersOf(wait, held.get(wait.tag) ?? []).sort((one, other) => {
      const [first, second] = [one, other].map((key) => (modesHeld(key, wait).length > 0 ? 1 : 0))
      return (second ?? 0) - (first ?? 0) || ageOf(nodeOf(other)) - ageOf(nodeOf(one))
    })
    const [parent, ...others] = blockers
    if (parent === undefined) continue
    parents.set(String(wait.pid), parent)
    for (const key of others) if (modesHeld(key, wait).length > 0) nodeOf(key).alsoBlocks.push(wait.pid)
  }
  for (const key of circleBreaks(parents)) {
    parents.delete(key)
    nodeOf(key).circular = true
  }

  for (const [key, parent] of parents) {
    const wait = waiters.get(key)
    const above = waiters.get(parent)
    if (!wait) continue
    const holds = [...new Set(modesHeld(parent, wait))]
    const queuesFor = holds.length === 0 && above?.tag === wait.tag ? above.mode : null
    nodeOf(key).blocker = { holds, queuesFor }
    nodeOf(parent).blocks.push(nodeOf(key))
  }
  const roots = [...nodes].flatMap(([key, node]) => (parents.has(key) ? [] : [node]))
  for (const list of [roots, ...[...nodes.values()].map(({ blocks }) => blocks)])
    list.sort((one, other) => ageOf(other) - ageOf(one))
  return roots
}

/** What stands before the number of a prepared transaction, where a session is known by its pid. */
const twoPhase = 'prepared '

function keyOf({ pid, transaction }: Holding): string {
  return pid === null ? `${twoPhase}${transaction}` : String(pid)
}

/** The keys of those that it waits for. PostgreSQL says 0 for a prepared transaction; which one, its locks show. */
function blockersOf(wait: Waiter, held: readonly Holding[]): string[] {
  const prepared = wait.blockedBy.includes(0)
    ? held.filter(({ pid, mode }) => pid === null && conflict(wait.mode, mode))
    : []
  const pids = wait.blockedBy.filter((pid) => pid !== 0 && pid !== wait.pid).map(String)
  return [...new Set([...prepared.map(keyOf), ...pids])]
}

/** One of each circle that the ways upwards run into. */
function circleBreaks(parents: ReadonlyMap<string, string>): string[] {
  const breaks: string[] = []
  const seenFrom = new Map<string, string>()
  for (const start of parents.keys()) {
    let at: string | undefined = start
    while (at !== undefined && !seenFrom.has(at)) {
      seenFrom.set(at, start)
      at = parents.get(at)
    }
    if (at !== undefined && parents.has(at) && seenFrom.get(at) === start) breaks.push(at)
  }
  return breaks
}

/** How long it has waited, or else how long its transaction is. */
function ageOf({ session, prepared, waitsFor }: LockNode): number {
  return waitsFor?.seconds ?? prepared?.seconds ?? session?.transactionSeconds ?? 0
}
