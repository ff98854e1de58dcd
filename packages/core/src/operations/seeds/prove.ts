import type { Connection } from '../../postgres/connection.ts'
import { joined, loadScripts, type LoadOptions, type Script } from '../load.ts'
import { refuseProblems } from '../run-script.ts'

/** A table that a second run has changed. */
export interface ChangedTable {
  table: string
  rowsBefore: number
  rowsAfter: number
}

/**
 * Runs scripts twice in one transaction, compares what all tables hold after the first and after the second run, and rolls back. Only
 * the next numbers of sequences stay used up: no rollback gives those back.
 */
export async function proveIdempotent(
  connection: Connection,
  scripts: readonly Script[],
  options: LoadOptions = {},
): Promise<{ tables: number; changed: ChangedTable[] }> {
  refuseProblems(joined(scripts))
  const run = async () => {
    await loadScripts(connection, scripts, { ...options, transaction: 'inside' })
    await connection.run('reset all')
    return readContents(connection)
  }
  await connection.run('begin')
  try {
    const [first, second] = [await run(), await run()]
    const tables = [...new Set([...first.keys(), ...second.keys()])].sort()
    const changed = tables.flatMap((table) => {
      const [before, after] = [first.get(table), second.get(table)]
      if (before?.hash === after?.hash && before?.rows === after?.rows) return []
      return [{ table, rowsBefore: Number(before?.rows ?? 0), rowsAfter: Number(after?.rows ?? 0) }]
    })
    return { tables: tables.length, changed }
  } finally {
    await connection.run('rollback').catch(() => {})
  }
}

interface Contents {
  rows: string
  /** The same for the same rows in any order. */
  hash: string
}

async function readContents(connection: Connection): Promise<Map<string, Contents>> {
  const tables = await connection.query<{ name: string }>`
    select format('%I.%I', nspname, relname) as name
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
       and relname not in ('schema_migrations', 'schema_seeds') order by 1`
  const contents = new Map<string, Contents>()
  for (const { name } of tables) {
    const [found] = await connection.run<Contents>(
      `select count(*)::text as rows, coalesce(sum(hashtextextended(pgrig_row::text, 0)::numeric), 0)::text as hash from only ${name} pgrig_row`,
    )
    if (found) contents.set(name, found)
  }
  return contents
}
