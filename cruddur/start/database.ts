import { hostname } from 'node:os'
import { relative } from 'node:path'
import {
  Failure,
  listSessions,
  prepareDatabase,
  readMigrationStatus,
  withConnection,
  withMaintenance,
  type OpenTarget,
} from '@pgrig/core'
import { folder } from '../api/folder.ts'

export interface PrepareOptions {
  productionSigns: readonly string[]
  userName: string | undefined
  say(line: string): void
}

/** Makes the database ready on a laptop. In production it is only looked at: there `pgrig prepare` has done it, as another role. */
export async function prepare(open: OpenTarget, { productionSigns, userName, say }: PrepareOptions): Promise<void> {
  const { schemaFile, seedFile, migrationsFolder } = open.target
  const nameFile = (path: string) => relative(folder, path)
  if (productionSigns.length > 0) {
    const { migrations } = await withConnection(open, (connection) =>
      readMigrationStatus(connection, migrationsFolder, nameFile),
    )
    const pending = migrations.filter(({ state }) => state !== 'applied' && state !== 'missing')
    if (pending.length === 0) return
    const list = pending.map(({ version, name, state }) => `${version} ${name ?? ''} (${state})`).join(', ')
    throw new Failure('migration_pending', `The database is not as this version of Cruddur needs it: ${list}.`)
  }
  await prepareDatabase(open, {
    schemaFile,
    seedFile,
    nameFile,
    migrations: { folder: migrationsFolder, user: `${userName ?? 'somebody'}@${hostname()}`, program: 'cruddur' },
    seedEmptyTables: true,
    progress: say,
  })
}

/** Another Cruddur, or somebody at a prompt, may use the server that we started. */
export async function stopUnlessShared(target: OpenTarget, say: (line: string) => void): Promise<void> {
  if (!target.startedServer) return
  const others = await withMaintenance(target, (connection) => listSessions(connection, { all: true })).catch(() => [])
  if (others.length > 0) return say('The database server goes on: others are connected to it.')
  await target.stopServer()
}
