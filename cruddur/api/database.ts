import { Failure } from '@pgrig/core'
import pg from 'pg'

/** What the API needs of a pool, so that a test can stand in for it. */
export interface Pool {
  query(query: pg.QueryConfig): Promise<{ rows: Record<string, unknown>[] }>
  /** A connection of one's own, for a transaction of several statements. */
  connect?(): Promise<pg.PoolClient>
  /** Whether a statement that was prepared can be found again; behind a pooler in transaction mode it cannot. */
  prepares?: boolean
}

/** The database did not answer: it is down, restarting, full or too slow. Asking again later may help. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** How the connections are used. */
export interface PoolSettings {
  /** Connections of this process, 4 unless said: a small server has few, and two for each core are as fast as more. */
  size?: number
  /** A pooler (PgBouncer, RDS Proxy) that gives each transaction another session. */
  transactionPooler?: boolean
}

const presetSize = 4

// Requests that wait for a connection, for each connection. More would wait longer than people do.
const waitingPerConnection = 32

type Connected = Parameters<pg.Pool['connect']>[0]

/** A pool that says at once when too many wait already. */
class LimitedPool extends pg.Pool implements Pool {
  readonly prepares: boolean
  readonly #maxWaiting: number

  constructor(config: pg.PoolConfig & { max: number }, prepares: boolean) {
    super(config)
    this.prepares = prepares
    this.#maxWaiting = config.max * waitingPerConnection
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (this.waitingCount < this.#maxWaiting) return callback === undefined ? super.connect() : super.connect(callback)
    const error = new DatabaseUnavailable(`${this.waitingCount} requests wait for a connection already`)
    if (callback === undefined) return Promise.reject(error)
    callback(error, undefined, () => {})
  }
}

/**
 * Opens a pool of a few connections. `report` hears of idle connections that were ended from outside. No session is set up by
 * statements, so that a pooler may give every transaction another one.
 */
export function openPool(
  config: pg.ClientConfig,
  report: (error: Error) => void,
  { size = presetSize, transactionPooler = false }: PoolSettings = {},
): pg.Pool & Pool {
  const pool = new LimitedPool(
    {
      application_name: 'cruddur',
      ...config,
      max: size,
      connectionTimeoutMillis: 3_000,
      // PgBouncer refuses a connection that asks for more than it knows.
      ...(transactionPooler ? {} : { statement_timeout: 5_000 }),
      // The server's own time-out cannot speak when the network is gone.
      query_timeout: 10_000,
      keepAlive: true,
    },
    !transactionPooler,
  )
  // Without a listener Node ends the process when a server restarts.
  pool.on('error', report)
  return pool
}

/** Asks the database for nothing. Throws `DatabaseUnavailable` when it does not answer. */
export async function ping(pool: Pool): Promise<void> {
  await ask(pool, { name: 'ping', text: 'select 1' })
}

/** How the environment wants the connections to be used: DATABASE_POOL_SIZE and DATABASE_POOLER. Throws a Failure. */
export function readPoolSettings(variables: Readonly<Record<string, string | undefined>>): PoolSettings {
  const { DATABASE_POOL_SIZE: size = '', DATABASE_POOLER: pooler = '' } = variables
  if (size !== '' && !/^[1-9]\d{0,2}$/.test(size)) {
    throw new Failure('config_invalid', `DATABASE_POOL_SIZE is a number of connections from 1 to 999, not "${size}".`)
  }
  if (!['', 'none', 'session', 'transaction'].includes(pooler)) {
    const hint = 'Say "transaction" behind PgBouncer in that mode or RDS Proxy, and nothing where there is no pooler.'
    throw new Failure('config_invalid', `DATABASE_POOLER is none, session or transaction, not "${pooler}".`, { hint })
  }
  return { ...(size !== '' && { size: Number(size) }), transactionPooler: pooler === 'transaction' }
}

export interface AskOptions {
  /** Whether a statement may be sent again when the connection was lost and nobody knows if it was done. True unless said. */
  repeatable?: boolean
}

/**
 * Runs one statement. Sends it again when the server gave it up for another's sake (a deadlock), and a repeatable one when the
 * connection was lost. Throws `DatabaseUnavailable` when the database does not answer, and otherwise what it answered.
 */
export async function ask(
  pool: Pool,
  query: pg.QueryConfig,
  { repeatable = true }: AskOptions = {},
): Promise<Record<string, unknown>[]> {
  // The pool may hand out connections that the server has just ended, at worst all that it has before it makes a new one.
  for (let tries = presetSize; ; tries--) {
    try {
      const { name: _, ...unnamed } = query
      return (await pool.query(pool.prepares === false ? unnamed : query)).rows
    } catch (error) {
      const again = pool.connect !== undefined && (gaveWay(error) || (repeatable && connectionLost(error)))
      if (tries === 0 || !again) throw unavailable(error)
    }
  }
}

/**
 * Does `work` in a transaction, on a connection of its own, and again from the start when the server gave it up for another's sake.
 * Throws `DatabaseUnavailable` when the database does not answer.
 */
export async function transact<T>(pool: Pool, work: (transaction: Pool) => Promise<T>): Promise<T> {
  for (let tries = presetSize; ; tries--) {
    try {
      return await transactOnce(pool, work)
    } catch (error) {
      if (tries === 0 || !gaveWay(error)) throw unavailable(error)
    }
  }
}

async function transactOnce<T>(pool: Pool, work: (transaction: Pool) => Promise<T>): Promise<T> {
  if (pool.connect === undefined) throw new Error('A transaction needs a pool with connections')
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work({
      query: ({ name, ...query }) =>
        client.query(name !== undefined && pool.prepares !== false ? { name, ...query } : query),
    })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    client.release(broken)
  }
}

/** Whether the server undid a statement for another's sake: a deadlock, or a conflict of snapshots. */
function gaveWay(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001')
}

function connectionLost(error: unknown): boolean {
  // 57P01 to 57P03: the server is going down, went down, or is coming up (appendix A of the PostgreSQL manual).
  if (error instanceof pg.DatabaseError) return /^(08|57P)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  // The driver gives no code to its own error.
  if (error.message.startsWith('Connection terminated')) return true
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

/** The error as the API throws it. */
function unavailable(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) return error
  // Connection, authorization, missing database, conflicts, resources, the operator's hand. Any other SQLSTATE is a bug of ours.
  const passing =
    error instanceof pg.DatabaseError ? /^(08|28|3D|40|53|57)/.test(error.code ?? '') : error instanceof Error
  return passing ? new DatabaseUnavailable('The database does not answer', { cause: error }) : error
}
