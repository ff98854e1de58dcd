import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import { withMaintenance } from './connections.ts'
import { listSessions, type Session } from './sessions.ts'

export interface DropOptions {
  /** End the sessions of others. Without it their presence is a `database_busy` failure that names them. */
  force?: boolean
}

export interface Dropped {
  /** False: there was no such database. */
  dropped: boolean
  /** Sessions that were ended. */
  ended: Session[]
}

/** Drops the target's database. */
export function dropDatabase(cluster: Cluster, options: DropOptions = {}): Promise<Dropped> {
  return withMaintenance(cluster, (connection) => dropFrom(connection, cluster.database, options))
}

/** Drops a database over a connection to another one. */
export async function dropFrom(
  connection: Connection,
  database: string,
  { force = false }: DropOptions,
): Promise<Dropped> {
  // The count is cheap; pg_stat_activity, which has the names, is not.
  const [found] = await connection.query<{ sessions: number }>`
    select pg_stat_get_db_numbackends(oid) as sessions from pg_database where datname = ${database}`
  if (!found) return { dropped: false, ended: [] }
  let others = found.sessions > 0 ? await sessionsIn(connection, database) : []
  if (others.length > 0 && !force) {
    // A program that has just ended may still be seen.
    await sleep(leavingMilliseconds)
    others = await sessionsIn(connection, database)
  }
  if (others.length > 0 && !force) throw busy(database, others)
  await dropNow(connection, database, force)
  return { dropped: true, ended: others }
}

const leavingMilliseconds = 200

/** The statement that `dropDatabase` runs. */
export function dropStatement(database: string, force: boolean): string {
  return `drop database ${quoteIdentifier(database)}${force ? ' with (force)' : ''}`
}

async function dropNow(connection: Connection, database: string, force: boolean): Promise<void> {
  try {
    await connection.run(dropStatement(database, force))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.sql?.sqlstate === '3D000') return
    // A session that came between our look and the statement.
    if (error.sql?.sqlstate === '55006') throw busy(database, await sessionsIn(connection, database), error)
    throw error
  }
}

async function sessionsIn(connection: Connection, database: string): Promise<Session[]> {
  return (await listSessions(connection, { all: true })).filter((session) => session.database === database)
}

function busy(database: string, sessions: Session[], cause?: Failure): Failure {
  const count = sessions.length === 1 ? 'a session is' : `${sessions.length} sessions are`
  const who = sessions.map((session) => `  ${describeSession(session)}`).join('\n')
  return new Failure(
    'database_busy',
    `${database} cannot be dropped: ${count} connected to it.\n${who || `  ${cause?.sql?.detail ?? ''}`}`,
    {
      ...(cause && { cause }),
      state: 'Nothing was dropped, nobody was disconnected.',
      hint: 'End them with --force, or close them yourself (pgrig sessions --all lists them).',
    },
  )
}

/** One session in one line. */
function describeSession({ pid, user, client, application, state }: Session): string {
  return [`pid ${pid}`, `${user ?? 'unknown'} from ${client ?? 'this machine'}`, application, state]
    .filter(Boolean)
    .join(' · ')
}
