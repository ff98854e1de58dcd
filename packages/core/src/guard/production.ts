import { markedAsProduction } from '../catalog/notes.ts'
import type { Connection } from '../postgres/connection.ts'
import { quoteLiteral } from '../script/variables.ts'
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
  const signs = signsFromOutside(suspect, connection)
  if (connection) signs.push(...(await askServer(connection, suspect.database)))
  return signs
}

/**
 * A statement that fails where the server would show a sign of production: sent ahead of others in one transaction, it keeps
 * them from being run, and costs no round trip. Undefined where that is known before the server is asked, either way.
 */
export function productionTest(suspect: Suspect, connection: Connection): string | undefined {
  if (suspect.embedded || signsFromOutside(suspect, connection).length > 0) return undefined
  const signs = `${hasRdsRoles} or coalesce(${isMarked(suspect.database)}, false)`
  // No boolean: the text stands in the server's log.
  return `select (case when ${signs} then 'production: pgrig has to ask first' else 'true' end)::boolean`
}

function signsFromOutside(suspect: Suspect, connection: Connection | undefined): string[] {
  const place = signOfPlace(suspect, connection?.channel.peerAddress)
  return [
    ...(suspect.protected ? [`the target ${suspect.name} is protected`] : []),
    ...(place === undefined ? [] : [place]),
  ]
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_CommonTasks.Connect.html */
const rdsEndpoint = /\.rds(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?\.?$/i

function signOfPlace({ host, thisMachine }: Suspect, peerAddress: string | undefined): string | undefined {
  if (rdsEndpoint.test(host)) return `${host} is an endpoint of Amazon RDS`
  if (thisMachine || isPrivateAddress(peerAddress ?? host)) return undefined
  return `${host} is neither this machine nor in a private network`
}

const hasRdsRoles = "exists (select from pg_roles where rolname in ('rds_superuser', 'rdsadmin'))"

function isMarked(database: string): string {
  const marked = `shobj_description(oid, 'pg_database') ~ ${quoteLiteral(markedAsProduction)}`
  return `(select ${marked} from pg_database where datname = ${quoteLiteral(database)})`
}

async function askServer(connection: Connection, database: string): Promise<string[]> {
  const [answer] = await connection.run<{ rds: boolean; marked: boolean | null }>(
    `select ${hasRdsRoles} as rds, ${isMarked(database)} as marked`,
  )
  return [
    ...(answer?.rds ? ['the server has the roles of Amazon RDS'] : []),
    ...(answer?.marked ? [`${database} is marked as production`] : []),
  ]
}
