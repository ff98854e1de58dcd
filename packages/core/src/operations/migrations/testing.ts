import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../../../tests/support/database.ts'
import type { MigrateOptions } from './migrate.ts'
import { readMigrationStatus } from './status.ts'

/** A database and a folder of migrations for it. */
interface Ground {
  database: TestDatabase
  options: MigrateOptions
  write(name: string, text: string): Promise<void>
  ask(sql: string): Promise<unknown[]>
  states(): Promise<[string, string][]>
}

/** Makes a database, and a folder with these files. */
export async function ground(files: Record<string, string> = {}): Promise<Ground> {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-migrate-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const write = (name: string, text: string) => writeFile(join(folder, name), text)
  for (const [name, text] of Object.entries(files)) await write(name, text)
  const withConnection = async <T>(work: (connection: Awaited<ReturnType<TestDatabase['connect']>>) => Promise<T>) => {
    const connection = await database.connect()
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  }
  return {
    database,
    write,
    options: { folder, nameFile: (path) => path.slice(folder.length + 1), user: 'ann@laptop', program: 'pgrig test' },
    ask: (sql) => withConnection(async (connection) => (await connection.run(sql)).map((row) => Object.values(row)[0])),
    states: () =>
      withConnection(async (connection) =>
        (await readMigrationStatus(connection, folder)).migrations.map(({ version, state }) => [version, state]),
      ),
  }
}
