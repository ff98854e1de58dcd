import { isEmptyDatabase } from '../catalog/objects.ts'
import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'

interface TableHoldings {
  name: string
  /** Counted in a small table, estimated by the planner in a large one; null: we may not see it. */
  rows: number | null
  /** `rows` is an estimate. */
  estimated: boolean
  sizeBytes: number
}

/** What a database holds: shown before it is lost. */
export interface Holdings {
  database: string
  sizeBytes: number
  /** Largest first. */
  tables: TableHoldings[]
  /** Nobody has made anything in it. */
  empty: boolean
  /** Client sessions connected to it, without ours. */
  sessions: number
}

/** Reads what the database of the connection holds. */
export async function inspectHoldings(connection: Connection): Promise<Holdings> {
  const [whole] = await connection.query<{ sizeBytes: number; sessions: number }>`
    select pg_database_size(current_database())::float8 as "sizeBytes",
           (select count(*)::int from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()) as sessions`
  // What migrations and seeds put down of themselves is nobody's data.
  const tables = await connection.query<TableHoldings>`
    select format('%I.%I', nspname, relname) as name, nullif(reltuples, -1)::float8 as rows, true as estimated,
           pg_total_relation_size(c.oid)::float8 as "sizeBytes"
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p', 'm') and nspname !~ '^pg_' and nspname <> 'information_schema'
       and relname not in ('schema_migrations', 'schema_migrations_unfinished', 'schema_seeds')
     order by "sizeBytes" desc, name`
  for (const [index, table] of tables.entries()) {
    if (index >= countedTables || table.sizeBytes >= countedBytes) continue
    const rows = await countRows(connection, table.name)
    if (rows !== undefined) Object.assign(table, { rows, estimated: false })
  }
  return {
    database: connection.address.database,
    sizeBytes: whole?.sizeBytes ?? 0,
    empty: await isEmptyDatabase(connection),
    sessions: whole?.sessions ?? 0,
    tables,
  }
}

/** What is counted in an instant. */
export const countedTables = 20
export const countedBytes = 64 * 1024 * 1024

/** Counts the rows of a table, whose name is given as SQL; undefined where that cannot be done. */
export async function countRows(connection: Connection, table: string): Promise<number | undefined> {
  try {
    const [row] = await connection.run<{ rows: number }>(`select count(*)::float8 as rows from ${table}`)
    return row?.rows
  } catch (error) {
    // No permission, or a materialized view without data: the estimate stays.
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    return undefined
  }
}
