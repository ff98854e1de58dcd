import { describe as describeObjects, describeDataToString } from 'psql-describe'
import type { Connection } from '../postgres/connection.ts'
import type { AskServer } from '../script/describing.ts'

/** Runs `\d`, `\l`, `\sf` and their kin as psql does, and writes what psql would print. Returns what it has not found. */
export async function describe(
  line: string,
  { address, serverVersion, channel }: Connection,
  ask: AskServer,
  write: (text: string) => void,
): Promise<string | undefined> {
  const query = async (sql: string) => {
    const { columns, rows } = await ask(sql)
    return {
      fields: columns.map(({ name, typeOid }) => ({ name, dataTypeID: typeOid })),
      rows: rows.map((row) => row.map((value) => value?.toString('utf8') ?? null)),
      rowCount: rows.length,
    }
  }
  let failed: { error: unknown } | undefined
  let missing: string | undefined
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
    (item) => {
      // It also tells of an error of the server here, which is not where ours go.
      if (failed) return
      const text = describeDataToString(item)
      if (typeof item !== 'string') write(`${withoutPadding(text.trimEnd())}\n\n`)
      else if (text.startsWith('Did not find any ')) missing = text.trimEnd()
      else write(text.endsWith('\n') ? text : `${text}\n`)
    },
    false,
    major * 10_000 + minor,
    channel.parameters.get('standard_conforming_strings') !== 'off',
  )
  await promise.catch((error: unknown) => {
    throw failed?.error ?? error
  })
  if (failed) throw failed.error
  return missing
}

/** psql pads neither the title nor the last column, whose empty cells keep the space behind their line. */
function withoutPadding(table: string): string {
  const lines = table.split('\n')
  const rule = lines.findIndex((line) => /^-[-+]*$/.test(line))
  const trim = (line: string) => line.trimEnd().replace(/\|$/, '| ')
  // Rows begin with a space; what stands below the table does not.
  return lines.map((line, at) => (at < rule - 1 || (at > rule && line.startsWith(' ')) ? trim(line) : line)).join('\n')
}
