import type { Connection } from '../postgres/connection.ts'
import { countedBytes, countedTables, countRows } from './guard.ts'

/** How much a table holds. */
export interface TableSize {
  readonly name: string
  /** Null: we may not see it. */
  readonly rows: number | null
  /** `rows` is an estimate. */
  readonly estimated: boolean
  /** Null where somebody holds a lock on it. */
  readonly sizeBytes: number | null
}

/**
 * Reads what tables hold, by their oid: with their partitions, and with the tables that inherit from them where those are meant.
 * Small ones are counted. To be called in a transaction with a `lock_timeout`.
 */
export async function readSizes(
  connection: Connection,
  tables: readonly { readonly oid: number; readonly only: boolean }[],
): Promise<Map<string, TableSize>> {
  const wanted = [...new Map(tables.map((table) => [sizeKey(table), table])).values()]
  const sizes = new Map<string, TableSize>()
  if (wanted.length === 0) return sizes
  const found =
    (await trying(connection, () => query(connection, wanted, true))) ?? (await query(connection, wanted, false))
  let counted = 0
  for (const { oid, only, name, part, ...size } of found) {
    const small = size.sizeBytes !== null && size.sizeBytes < countedBytes && ++counted <= countedTables
    const rows = small
      ? await trying(connection, async () => {
          const rows = await countRows(connection, part)
          // The transaction has failed, and goes on from the savepoint.
          if (rows === undefined) await connection.run('rollback to pgrig_look')
          return rows
        })
      : undefined
    sizes.set(sizeKey({ oid, only }), { name, ...size, ...(rows !== undefined && { rows, estimated: false }) })
  }
  return sizes
}

export function sizeKey({ oid, only }: { readonly oid: number; readonly only: boolean }): string {
  return `${oid} ${only}`
}

interface Found extends TableSize {
  readonly oid: number
  readonly only: boolean
  /** What is counted. */
  readonly part: string
}

function query(
  connection: Connection,
  wanted: readonly { oid: number; only: boolean }[],
  sized: boolean,
): Promise<Found[]> {
  return connection.query<Found>`
    with recursive tree as (
      select root as root, alone, root as oid
        from unnest(${wanted.map(({ oid }) => oid)}::oid[], ${wanted.map(({ only }) => only)}::bool[]) as wanted (root, alone)
      union
      select root, alone, inhrelid
        from tree join pg_inherits on inhparent = tree.oid join pg_class child on child.oid = inhrelid
       where relispartition or not alone
    )
    select root as oid, alone as only, format('%I.%I', nspname, top.relname) as name,
           case when alone and top.relkind = 'r' then 'only ' else '' end || format('%I.%I', nspname, top.relname) as part,
           -- A table that was never analyzed says -1.
           case when coalesce(min(part.reltuples) filter (where part.relkind <> 'p'), 0) >= 0
                then coalesce(sum(part.reltuples) filter (where part.relkind <> 'p'), 0) end::float8 as rows, true as estimated,
           case when ${sized}::bool then sum(pg_total_relation_size(part.oid)) end::float8 as "sizeBytes"
      from tree join pg_class top on top.oid = root join pg_namespace n on n.oid = top.relnamespace
      join pg_class part on part.oid = tree.oid
     group by root, alone, nspname, top.relname, top.relkind
     order by "sizeBytes" desc`
}

/** Does what may fail without failing the transaction: undefined then. */
async function trying<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result | undefined> {
  await connection.run('savepoint pgrig_look')
  try {
    const result = await work()
    await connection.run('release pgrig_look')
    return result
  } catch (error) {
    await connection.run('rollback to pgrig_look')
    if (error instanceof Error && 'code' in error && error.code === 'sql_error') return undefined
    throw error
  }
}
