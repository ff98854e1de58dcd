import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'

/** What a role has in one database. */
export interface Holding {
  /** Null: what belongs to the whole server, as databases do. */
  database: string | null
  /** Objects that it owns. */
  owned: number
  /** What it was granted, policies that name it, and what it grants by default. */
  privileges: number
  /** Some of the objects, as `table users`; none where we could not look. */
  examples: string[]
  /** Why the database could not be looked into. */
  unreachable?: string
}

// Default privileges and user mappings count as owned in pg_shdepend; nobody can own them instead, so they go with the role.
const reassignable = `deptype = 'o' and classid not in ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)`

/** Lists what a role has, database by database. `pg_shdepend` knows it for the whole server, and everybody may read it. */
export function listHoldings(connection: Connection, roleOid: number): Promise<Holding[]> {
  return connection.run<Holding>(
    `select datname as database, count(*) filter (where ${reassignable})::int as owned,
            count(*) filter (where not (${reassignable}))::int as privileges, '{}'::text[] as examples
       from pg_shdepend left join pg_database d on d.oid = dbid
      where refclassid = 'pg_authid'::regclass and refobjid = $1::oid
      group by 1 order by 1 nulls first`,
    [roleOid],
  )
}

/** How much of that a role owns in the database of the connection: once more, before it is dropped with the role. */
export async function countOwned(connection: Connection, roleOid: number): Promise<number> {
  const [row] = await connection.run<{ owned: number }>(
    `select count(*)::int as owned from pg_shdepend
      where refclassid = 'pg_authid'::regclass and refobjid = $1::oid and ${reassignable}
        and dbid in (0, (select oid from pg_database where datname = current_database()))`,
    [roleOid],
  )
  return row?.owned ?? 0
}

const shownExamples = 5

/** Looks into each database for the names of what the role owns there, and says of those that do not let us in why. */
export async function nameHoldings(
  cluster: Cluster,
  roleOid: number,
  holdings: readonly Holding[],
): Promise<Holding[]> {
  const named: Holding[] = []
  for (const holding of holdings) {
    try {
      const connection = await cluster.connect(holding.database ?? undefined)
      try {
        named.push({ ...holding, examples: await describeOwned(connection, roleOid, holding.database === null) })
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      named.push({ ...holding, unreachable: error.message })
    }
  }
  return named
}

async function describeOwned(connection: Connection, roleOid: number, shared: boolean): Promise<string[]> {
  const place = shared ? '0' : '(select oid from pg_database where datname = current_database())'
  const rows = await connection.run<{ name: string }>(
    `select pg_describe_object(classid, objid, objsubid) as name from pg_shdepend
      where refclassid = 'pg_authid'::regclass and refobjid = $1::oid and ${reassignable} and dbid = ${place}
      order by 1 limit ${shownExamples}`,
    [roleOid],
  )
  return rows.map(({ name }) => name)
}

/** One line: what a role has in a database. */
export function describeHolding({ database, owned, privileges, examples, unreachable }: Holding): string {
  const more = owned > examples.length && examples.length > 0 ? ', …' : ''
  const parts = [
    ...(owned > 0
      ? [
          `it owns ${counted(owned, 'object', 'objects')}${examples.length > 0 ? ` (${examples.join(', ')}${more})` : ''}`,
        ]
      : []),
    ...(privileges > 0 ? [`has ${counted(privileges, 'grant or default', 'grants and defaults')}`] : []),
    ...(unreachable === undefined ? [] : [`which cannot be looked into: ${unreachable}`]),
  ]
  return `${database === null ? 'on the server' : `in ${database}`}: ${parts.join(', ')}`
}

export function counted(count: number, one: string, many: string): string {
  return count === 1 ? `one ${one}` : `${count} ${many}`
}
