import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { folder } from './folder.ts'

/** The one method of pg's pool that the API needs, so that a test can stand in for it. */
export interface Pool {
  query(query: pg.QueryConfig): Promise<{ rows: Record<string, unknown>[] }>
}

/** The database did not answer: it is down, restarting, full or too slow. Asking again later may help. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** Where a page of a feed begins: after this activity. Both are as the page before had them, to the microsecond. */
export interface Cursor {
  createdAt: string
  uuid: string
}

const homeText = readFileSync(join(folder, 'db', 'queries', 'home.sql'), 'utf8')

const poolSize = 4

/** Opens a pool of a few connections. `report` hears of idle connections that were ended from outside. */
export function openPool(config: pg.ClientConfig, report: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    application_name: 'cruddur',
    ...config,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 5_000,
    // The server's own time-out cannot speak when the network is gone.
    query_timeout: 10_000,
    keepAlive: true,
  })
  // Without a listener Node ends the process when a server restarts.
  pool.on('error', report)
  return pool
}

/** Asks the database for nothing. Throws `DatabaseUnavailable` when it does not answer. */
export async function ping(pool: Pool): Promise<void> {
  await read(pool, { name: 'ping', text: 'select 1' })
}

/** Reads a page of the home feed, as the text of a JSON array. Throws `DatabaseUnavailable`. */
export async function readHome(pool: Pool, limit: number, after?: Cursor): Promise<string> {
  const values = [limit, after?.createdAt ?? null, after?.uuid ?? null]
  const [row] = await read(pool, { name: 'home', text: homeText, values })
  return String(row?.['body'])
}

async function read(pool: Pool, query: pg.QueryConfig): Promise<Record<string, unknown>[]> {
  // The pool may hand out connections that the server has just ended, at worst all that it has before it makes a new one;
  // a read can simply be asked again.
  for (let tries = poolSize; ; tries--) {
    try {
      return (await pool.query(query)).rows
    } catch (error) {
      if (tries === 0 || !connectionLost(error)) throw unavailable(error)
    }
  }
}

function connectionLost(error: unknown): boolean {
  // 57P01 to 57P03: the server is going down, went down, or is coming up (appendix A of the PostgreSQL manual).
  if (error instanceof pg.DatabaseError) return /^(08|57P)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  // The driver gives no code to its own error.
  if (error.message.startsWith('Connection terminated')) return true
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

function unavailable(error: unknown): unknown {
  // Connection, authorization, missing database, resources, and the operator's hand. Any other SQLSTATE is a bug of ours.
  const passing =
    error instanceof pg.DatabaseError ? /^(08|28|3D|53|57)/.test(error.code ?? '') : error instanceof Error
  return passing ? new DatabaseUnavailable('The database does not answer', { cause: error }) : error
}
