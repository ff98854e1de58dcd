import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../script/variables.ts'
import { withMaintenance } from './connections.ts'
import { findDatabase, lockDatabase } from './database-state.ts'
import { interruptedFailure } from './interrupted.ts'
import { markDatabase } from './protect.ts'

export interface CreateOptions {
  owner?: string
  /** For example `UTF8`. Default: the template's. */
  encoding?: string
  /** The database to copy. Default: `template1`. */
  template?: string
  /** Mark it as production, for every pgrig that meets it by whatever name. */
  protect?: boolean
}

/**
 * Creates the target's database. Returns false when it is there already. Throws `database_invalid` for half of one, and
 * `database_unfinished` for what an interrupted drop or setup has left.
 */
export function createDatabase(cluster: Cluster, options: CreateOptions = {}): Promise<boolean> {
  return withMaintenance(cluster, async (connection) => {
    if (await databaseExists(connection, cluster.database)) return false
    return createFrom(connection, cluster.database, options)
  })
}

/** Returns false when somebody else has created it meanwhile. */
async function createFrom(connection: Connection, database: string, options: CreateOptions): Promise<boolean> {
  try {
    await connection.run(createStatement(database, options))
    if (options.protect) await markDatabase(connection, database, true)
    return true
  } catch (error) {
    if (error instanceof Failure && ['42P04', '23505'].includes(error.sql?.sqlstate ?? '')) return false
    throw error
  }
}

/** The statement that `createDatabase` runs. */
export function createStatement(database: string, { owner, encoding, template }: CreateOptions): string {
  return [
    `create database ${quoteIdentifier(database)}`,
    owner === undefined ? '' : ` owner ${quoteIdentifier(owner)}`,
    template === undefined ? '' : ` template ${quoteIdentifier(template)}`,
    encoding === undefined ? '' : ` encoding ${quoteLiteral(encoding)}`,
  ].join('')
}

/** Throws `database_invalid` for half of one, and `database_unfinished` for what an interrupted command has left. */
export async function databaseExists(connection: Connection, name: string): Promise<boolean> {
  let state = await findDatabase(connection, name)
  if (state?.dropping || state?.setup) {
    // Whoever is at work on it holds the lock; who was interrupted does not.
    await lockDatabase(connection, name)
    state = await findDatabase(connection, name)
  }
  const failure = state && interruptedFailure(state)
  if (failure) throw failure
  return state !== undefined
}
