import { describe as describeObjects, describeDataToString } from 'psql-describe'
import type { Connection } from '../postgres/connection.ts'
import type { AskServer } from '../script/execution.ts'

/** Runs `\d`, `\l`, `\sf` and their kin as psql does, and writes what psql would print. */
export async function describe(
  line: string,
  { address, serverVersion, channel }: Connection,
  ask: AskServer,
  write: (text: string) => void,
): Promise<void> {
  const query = async (sql: string) => {
    const { columns, rows } = await ask(sql)
    return {
      fields: columns.map(({ name, typeOid }) => ({ name, dataTypeID: typeOid })),
      rows: rows.map((row) => row.map((value) => value?.toString('utf8') ?? null)),
      rowCount: rows.length,
    }
  }
  let failed: { error: unknown } | undefined
  const guarded = (sql: string) =>
    query(sql).catch((error: unknown) => {
      failed ??= { error }
      throw error
    })
  const [major = 0, minor = 0] = serverVersion.split(/[. ]/).map((part) => Number.parseInt(part, 10) || 0)
  const { promise } = describeObjects(
    line,
    address.database,
    guarded,
    // It also tells of an error of the server here, which is not where ours go.
    (item) => failed === undefined && write(`${describeDataToString(item).trimEnd()}\n\n`),
    false,
    major * 10_000 + minor,
    channel.parameters.get('standard_conforming_strings') !== 'off',
  )
  await promise.catch((error: unknown) => {
    throw failed?.error ?? error
  })
  if (failed) throw failed.error
}
