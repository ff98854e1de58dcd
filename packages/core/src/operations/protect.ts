import { isMarked, noteOnDatabase, parseComment } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withMaintenance } from './connections.ts'

/**
 * Marks the target's database as production, or takes the mark away. The mark is in the database, so that it counts for everybody and
 * under every address. Returns whether that changed anything. Throws `database_missing`, and `sql_error` for who does not own it.
 */
export function protectDatabase(cluster: Cluster, marked: boolean): Promise<boolean> {
  return withMaintenance(cluster, (connection) => markDatabase(connection, cluster.database, marked))
}

/** The same over a connection to any database of the server. */
export async function markDatabase(connection: Connection, database: string, marked: boolean): Promise<boolean> {
  const [found] = await connection.query<{ comment: string | null }>`
    select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${database}`
  if (!found) throw new Failure('database_missing', `There is no database ${database}.`)
  if (isMarked(parseComment(found.comment).notes) === marked) return false
  await connection.run(noteOnDatabase(database, found.comment, { protected: marked ? true : undefined }))
  return true
}
