import { isEmptyDatabase } from '../catalog/objects.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { createDatabase, createFrom, databaseExists } from './create.ts'
import { dropFrom, type Dropped } from './drop.ts'
import {
  joined,
  loadScripts,
  loadScriptsAfter,
  readScript,
  type LoadedScript,
  type LoadOptions,
  type Script,
} from './load.ts'
import { connectMaintenance, thenLeave, withConnection, withMaintenance } from './connections.ts'
import { refuseProblems } from './run-script.ts'

/** The scripts that make a database what the application needs. */
interface ProjectScripts {
  schemaFile: string
  seedFile: string
  /** How a file is named in errors and results. Default: its path. */
  nameFile?: (path: string) => string
  /** How the scripts are run. */
  scripts?: LoadOptions
}

export interface SetupResult {
  dropped: Dropped
  loaded: LoadedScript[]
}

export interface SetupOptions extends ProjectScripts {
  /** Called when the scripts begin to run, with their size. */
  loading?: (bytes: number) => void
  /** End the sessions of others. */
  force?: boolean
  progress?: (line: string) => void
}

/** From nothing to ready: drops the target's database, creates it, loads the schema and the seed. */
export async function setupDatabase(cluster: Cluster, options: SetupOptions): Promise<SetupResult> {
  const { force = false, progress } = options
  // Read before anything is dropped, and while we connect: a missing or broken file must not cost the database.
  const reading = readScripts(options, [options.schemaFile, options.seedFile])
  reading.catch(() => {})
  return thenLeave(connectMaintenance(cluster), async (connection) => {
    const scripts = await reading
    if (options.scripts?.transaction !== 'none') refuseProblems(joined(scripts))
    // Held until this connection closes: of two that set up at once, one waits for the other.
    await connection.query`select pg_advisory_lock(hashtextextended(${`pgrig setup ${cluster.database}`}, 0))`
    progress?.(`Dropping ${cluster.database}`)
    const dropped = await dropFrom(connection, cluster.database, { force })
    progress?.(`Creating ${cluster.database}`)
    await createFrom(connection, cluster.database, {})
    options.loading?.(scripts.reduce((sum, { inspection }) => sum + inspection.bytes, 0))
    try {
      return {
        dropped,
        loaded: await thenLeave(cluster.connect(), (own) => loadScripts(own, scripts, options.scripts)),
      }
    } catch (error) {
      throw afterTheDrop(error, cluster.database, dropped, options.scripts?.transaction === 'none')
    }
  })
}

/** What was rolled back is only half of the truth: the old database is gone. */
function afterTheDrop(error: unknown, database: string, { dropped }: Dropped, alone: boolean): unknown {
  if (!(error instanceof Failure)) return error
  const made = dropped ? 'was dropped and created anew' : 'was created'
  const rest = alone ? (error.state ?? '') : 'It is empty: no script was kept.'
  return error.with({ state: `${database} ${made}. ${rest}`.trimEnd() })
}

export interface PrepareOptions extends ProjectScripts {
  /** Seed tables that are there but all empty. Not for production: there they may be empty on purpose. */
  seedEmptyTables: boolean
  /** Mark a database that is created here as production. */
  protect?: boolean
  /** Called before scripts run, in the order in which they will. What it throws ends it all, and nothing is loaded. */
  permit?: (scripts: readonly Script[], connection: Connection) => Promise<void>
  /** Only find out what is missing. */
  dryRun?: boolean
  progress?: (line: string) => void
}

export interface PrepareResult {
  /** The database was not there. */
  created: boolean
  /** The scripts that were missing. */
  scripts: string[]
  /** What they did; empty in a dry run. */
  loaded: LoadedScript[]
}

/**
 * Creates, loads and seeds only what is missing; loses nothing. What an application calls when it starts, also several at
 * once. The schema goes into a database without anything in it, the seed along with it or into tables that are all empty.
 */
export async function prepareDatabase(cluster: Cluster, options: PrepareOptions): Promise<PrepareResult> {
  const { schemaFile, seedFile, progress } = options
  const both = [schemaFile, seedFile]
  const name = (file: string) => options.nameFile?.(file) ?? file
  if (
    options.dryRun &&
    !(await withMaintenance(cluster, (connection) => databaseExists(connection, cluster.database)))
  ) {
    return { created: true, scripts: both.map(name), loaded: [] }
  }
  const created = await createDatabase(cluster, { ...(options.protect && { protect: true }) })
  if (created) progress?.(`Created ${cluster.database}`)
  return withConnection(cluster, async (connection) => {
    const { objects, rows } = await look(connection)
    const files = objects ? (rows || !options.seedEmptyTables ? [] : [seedFile]) : both
    const names = files.map(name)
    if (options.dryRun || files.length === 0) return { created, scripts: names, loaded: [] }
    const scripts = await readScripts(options, files)
    await options.permit?.(scripts, connection)
    progress?.('Loading what is missing')
    const stillMissing = async () => {
      await connection.query`select pg_advisory_xact_lock(${prepareLock})`
      // Another process may have done it while we waited for the lock.
      const now = await look(connection)
      return now.objects === objects && now.rows === rows
    }
    const loaded = await loadScriptsAfter(connection, scripts, stillMissing, options.scripts)
    return { created, scripts: names, loaded }
  })
}

async function readScripts({ nameFile, scripts }: ProjectScripts, files: string[]): Promise<Script[]> {
  const options = { ...scripts, ...(nameFile && { nameFile }) }
  const read = []
  // In order, so that of two that are missing always the same one is told.
  for (const file of files) read.push(await readScript(file, nameFile?.(file), options))
  return read
}

/** Key of the advisory lock: `pgrig` in ASCII. */
const prepareLock = 0x7067726967n

async function look(connection: Connection): Promise<{ objects: boolean; rows: boolean }> {
  if (await isEmptyDatabase(connection)) return { objects: false, rows: false }
  const tables = await connection.query<{ name: string }>`
    select format('%I.%I', nspname, relname) as name
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname <> 'information_schema'
       and not exists (select from pg_depend where objid = c.oid and deptype = 'e')`
  // Without a table there is nothing to seed.
  if (tables.length === 0) return { objects: true, rows: true }
  const tests = tables.map(({ name }) => `exists (select from ${name})`)
  const [answer] = await connection.run<{ rows: boolean }>(`select ${tests.join(' or ')} as rows`)
  return { objects: true, rows: answer?.rows ?? false }
}
