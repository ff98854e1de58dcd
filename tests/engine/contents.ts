import { readFile } from 'node:fs/promises'
import type { Cluster } from '../../packages/core/src/index.ts'
import type { TestDatabase } from '../support/database.ts'
import { programs } from '../support/postgres-programs.ts'
import { finish } from './engine.ts'

const contents = await readFile(new URL('contents.sql', import.meta.url), 'utf8')
const rows = await readFile(new URL('rows.sql', import.meta.url), 'utf8')

/** Everything that a database holds, as lines of text that are the same for the same contents. */
export async function readContents(cluster: Cluster, database = cluster.database): Promise<string[]> {
  const connection = await cluster.connect(database)
  try {
    const lines = await connection.run<{ line: string }>(contents)
    const [made] = await connection.run<{ statement: string | null }>(rows)
    const counted = made?.statement ? await connection.run<{ line: string }>(made.statement) : []
    return [...lines, ...counted].map(({ line }) => line)
  } finally {
    await connection.close()
  }
}

/** What pg_dump says of a database, without what differs each time. Undefined where pg_dump is too old for the server. */
export async function dump({ url }: TestDatabase, serverMajor: number): Promise<string | undefined> {
  if (programs.pgDump.major < serverMajor) return undefined
  const { code, stdout, stderr } = await finish(programs.pgDump.path, [url], '/')
  if (code !== 0) throw new Error(stderr)
  return stdout.replace(/^\\(un)?restrict .*$/gm, '\\$1restrict')
}

/** The lines that only one of two databases has. */
export function difference(ours: readonly string[], theirs: readonly string[]) {
  const [have, want] = [new Set(ours), new Set(theirs)]
  return {
    missing: theirs.filter((line) => !have.has(line)),
    unexpected: ours.filter((line) => !want.has(line)),
  }
}
