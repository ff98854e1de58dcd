import { isEmptyDatabase } from '../catalog/objects.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withConnection, withMaintenance } from './connections.ts'
import { createDatabase, databaseExists } from './create.ts'
import { loadScriptsAfter, type Script } from './load.ts'
import { History } from './migrations/history.ts'
import { migrate } from './migrations/migrate.ts'
import { planOf } from './migrations/status.ts'
import {
  findProjectFiles,
  type ProjectFiles,
  type ProjectScripts,
  readNewDatabase,
  readProjectScript,
} from './project-scripts.ts'
import { provisionDatabase, type Provisioned, runDueSeeds } from './provision.ts'
import { planSeeds } from './seeds/run.ts'

export interface PrepareOptions extends ProjectScripts {
  /** Seed tables that are there but all empty. Not for production: there they may be empty on purpose. */
  seedEmptyTables: boolean
  /** Mark a database that is created here as production. */
  protect?: boolean
  /** Called before scripts run, in the order in which they will. What it throws ends it all, and nothing is loaded. */
  permit?: (scripts: readonly Pick<Script, 'source'>[], connection: Connection) => Promise<void>
  /** Only find out what is missing. */
  dryRun?: boolean
  progress?: (line: string) => void
}

export interface PrepareResult extends Provisioned {
  /** The database was not there. */
  created: boolean
  /** The scripts that were missing. */
  scripts: string[]
  /** The migrations that were pending. */
  pending: string[]
}

/**
 * Creates, loads and seeds only what is missing, and applies what is pending of the migrations; loses nothing. What an application
 * calls when it starts, also several at once. The schema goes into a database without anything in it, the seed along with it or
 * into tables that are all empty.
 */
export async function prepareDatabase(cluster: Cluster, options: PrepareOptions): Promise<PrepareResult> {
  const { progress } = options
  const found = await findProjectFiles(options)
  const files = { ...found, seeds: found.seeds.filter(({ dev }) => !dev || options.seedEmptyTables) }
  if (
    options.dryRun &&
    !(await withMaintenance(cluster, (connection) => databaseExists(connection, cluster.database)))
  ) {
    return { created: true, ...missingAll(files, options), loaded: [], applied: [] }
  }
  const created = await createDatabase(cluster, { ...(options.protect && { protect: true }) })
  if (created) progress?.(`Created ${cluster.database}`)
  return withConnection(cluster, async (connection) => {
    const { objects, rows } = await look(connection)
    const missing = objects ? await findMissing(connection, files, rows, options) : missingAll(files, options)
    const result = { created, ...missing, loaded: [], applied: [] }
    if (options.dryRun || (missing.scripts.length === 0 && missing.pending.length === 0)) return result
    const work = objects ? addMissing(cluster, connection, files, options) : load(cluster, connection, options)
    return { ...result, ...(await work) }
  })
}

/** What a new database gets. Of the migrations those are left out that its schema may contain. */
export function missingAll(files: ProjectFiles, { nameFile = (path) => path }: ProjectScripts): Missing {
  const { schemaFile, seedFile, seeds, migrations } = files
  const scripts = [schemaFile, seedFile].flatMap((file) => (file === undefined ? [] : nameFile(file)))
  return {
    scripts: [...scripts, ...seeds.map(({ file }) => file)],
    pending: schemaFile === undefined ? migrations.map(({ file }) => file) : [],
  }
}

interface Missing {
  scripts: string[]
  pending: string[]
}

async function findMissing(
  connection: Connection,
  { seedFile, seeds, migrations }: ProjectFiles,
  rows: boolean,
  { seedEmptyTables, nameFile = (path) => path }: PrepareOptions,
): Promise<Missing> {
  const { pending } = migrations.length === 0 ? { pending: [] } : await planOf(await History.of(connection), migrations)
  const { due } = await planSeeds(connection, seeds, { production: !seedEmptyTables })
  return {
    scripts: [
      ...(seedFile !== undefined && seedEmptyTables && !rows ? [nameFile(seedFile)] : []),
      ...due.map(({ file }) => file),
    ],
    pending: pending.map(({ file }) => file),
  }
}

async function load(cluster: Cluster, connection: Connection, options: PrepareOptions): Promise<Provisioned> {
  const files = await readNewDatabase(options)
  const seeds = files.seeds.filter(({ dev }) => !dev || options.seedEmptyTables)
  await options.permit?.([...files.scripts, ...seeds], connection)
  options.progress?.('Loading what is missing')
  const first = async () => {
    await takePrepareLock(connection)
    // Another process may have done it while we waited for the lock.
    return !(await look(connection)).objects
  }
  const settings = { ...options, production: !options.seedEmptyTables }
  return provisionDatabase(cluster, connection, files, settings, { first, beforeSeed: () => hasNoRows(connection) })
}

async function addMissing(
  cluster: Cluster,
  connection: Connection,
  files: ProjectFiles,
  options: PrepareOptions,
): Promise<Provisioned> {
  const { seedEmptyTables, progress, permit, migrations } = options
  const production = !seedEmptyTables
  const { due } = await planSeeds(connection, files.seeds, { production })
  if (due.length > 0) await permit?.(due, connection)
  progress?.('Loading what is missing')
  const result: Provisioned = { loaded: [], applied: [] }
  if (migrations && files.migrations.length > 0) result.applied = (await migrate(cluster, migrations)).applied
  // Tables that have only just come are empty, too.
  const { seedFile } = files
  if (seedFile !== undefined && seedEmptyTables && !(await look(connection)).rows) {
    const seed = await readProjectScript(options, seedFile)
    await permit?.([seed], connection)
    result.loaded = await loadScriptsAfter(connection, [seed], () => hasNoRows(connection), options.scripts)
  }
  result.loaded.push(...(await runDueSeeds(connection, files, { ...options, production })))
  return result
}

/** Key of the advisory lock: `pgrig` in ASCII. */
const prepareLock = 0x7067726967n

async function takePrepareLock(connection: Connection): Promise<void> {
  await connection.query`select pg_advisory_xact_lock(${prepareLock})`
}

async function hasNoRows(connection: Connection): Promise<boolean> {
  await takePrepareLock(connection)
  return !(await look(connection)).rows
}

async function look(connection: Connection): Promise<{ objects: boolean; rows: boolean }> {
  if (await isEmptyDatabase(connection)) return { objects: false, rows: false }
  // What is kept by those who run migrations and seeds is not the application's.
  const tables = await connection.query<{ name: string }>`
    select format('%I.%I', nspname, relname) as name
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname <> 'information_schema'
       and relname not in ('schema_migrations', 'schema_migrations_unfinished', 'schema_seeds', 'ar_internal_metadata')
       and not exists (select from pg_depend where objid = c.oid and deptype = 'e')`
  // Without a table there is nothing to seed.
  if (tables.length === 0) return { objects: true, rows: true }
  const tests = tables.map(({ name }) => `exists (select from ${name})`)
  const [answer] = await connection.run<{ rows: boolean }>(`select ${tests.join(' or ')} as rows`)
  return { objects: true, rows: answer?.rows ?? false }
}
