import { markedAsProduction } from '../catalog/notes.ts'
import type { Connection } from '../postgres/connection.ts'
import { isPrivateAddress } from './private-address.ts'

/** What the guard knows of a target before it asks the server. */
export interface Suspect {
  name: string
  database: string
  /** The server is one that pgrig started itself: nothing there is production. */
  embedded: boolean
  /** `"protected": true`, said or by default. */
  protected: boolean
  host: string
  thisMachine: boolean
}

/**
 * Lists the signs that a target is production; empty: it is not. Each alone is enough.
 * Over a connection, to any database of the server, more is seen: what address the host has, what roles the server has, and the
 * mark that `create` and `config protect` leave on the database. A tunnel makes a remote server look like this machine.
 */
export async function findProductionSigns(suspect: Suspect, connection?: Connection): Promise<string[]> {
  if (suspect.embedded) return []
  const signs = []
  if (suspect.protected) signs.push(`the target ${suspect.name} is protected`)
  const place = signOfPlace(suspect, connection?.channel.peerAddress)
  if (place !== undefined) signs.push(place)
  if (connection) signs.push(...(await askServer(connection, suspect.database)))
  return signs
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html */
const rdsEndpoint = /\.rds(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?\.?$/i

function signOfPlace({ host, thisMachine }: Suspect, peerAddress: string | undefined): string | undefined {
  if (rdsEndpoint.test(host)) return `${host} is an endpoint of Amazon RDS`
  if (thisMachine || isPrivateAddress(peerAddress ?? host)) return undefined
  return `${host} is neither this machine nor in a private network`
}

async function askServer(connection: Connection, database: string): Promise<string[]> {
  const [answer] = await connection.query<{ rds: boolean; marked: boolean | null }>`
    select exists (select from pg_roles where rolname in ('rds_superuser', 'rdsadmin')) as rds,
           (select shobj_description(oid, 'pg_database') ~ ${markedAsProduction}
              from pg_database where datname = ${database}) as marked`
  return [
    ...(answer?.rds ? ['the server has the roles of Amazon RDS'] : []),
    ...(answer?.marked ? [`${database} is marked as production`] : []),
  ]
}
