import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import {
  inOneTransaction,
  loadScripts,
  loadScriptsAfter,
  type LoadedScript,
  type LoadOptions,
  type Script,
} from './load.ts'
import { type AppliedResult, thereAlready } from './migrations/apply.ts'
import { History } from './migrations/history.ts'
import { migrate } from './migrations/migrate.ts'
import { planOf } from './migrations/status.ts'
import type { NewDatabase, ProjectScripts } from './project-scripts.ts'
import { planSeeds, runSeeds } from './seeds/run.ts'

export interface Provisioned {
  loaded: LoadedScript[]
  applied: AppliedResult[]
}

export interface ProvisionOptions extends ProjectScripts {
  /** Leave out what is only for development. */
  production: boolean
}

interface Around {
  /** Called in the transaction of the schema, before it. When it returns false, nothing is loaded: another process was faster. */
  first?: () => Promise<boolean>
  /** Called in the transaction of a seed that comes behind migrations, before it. When it returns false, another process has seeded. */
  beforeSeed?: () => Promise<boolean>
  /** Called at the end, where possible in the last transaction. */
  last?: () => Promise<void>
}

/**
 * Makes a new database what the application needs: the schema, what is pending of the migrations behind it, the seed, the seeds. The
 * schema says which migrations it contains, as dumps of dbmate and Rails do, by its rows for `schema_migrations`; one that says
 * nothing contains none. Where nothing is pending, the schema and the seed are one transaction.
 */
export async function provisionDatabase(
  cluster: Cluster,
  connection: Connection,
  files: NewDatabase,
  options: ProvisionOptions,
  around: Around = {},
): Promise<Provisioned> {
  const { first = always, last = async () => {} } = around
  const { scripts, migrations, seeds } = files
  const result: Provisioned = { loaded: [], applied: [] }
  const alone = options.scripts?.transaction === 'none'
  if (migrations.length === 0 && !alone) {
    const within = async () => {
      if (!(await first())) return false
      if (seeds.length === 0) await last()
      return true
    }
    result.loaded = await loadScriptsAfter(connection, scripts, within, options.scripts)
  } else await loadAndMigrate(cluster, connection, files, options, around, result)
  if (seeds.length > 0) result.loaded.push(...(await runDueSeeds(connection, files, options)))
  if (seeds.length > 0 || migrations.length > 0 || alone) await last()
  return result
}

const always = async () => true

async function loadAndMigrate(
  cluster: Cluster,
  connection: Connection,
  { schema, seed, migrations }: NewDatabase,
  options: ProvisionOptions,
  { first = always, beforeSeed = always }: Around,
  result: Provisioned,
): Promise<void> {
  const alone = options.scripts?.transaction === 'none'
  const load = async (script: Script | undefined, scripts: LoadOptions | undefined) => {
    if (!script) return
    result.loaded.push(...(await loadScripts(connection, [script], scripts)))
    // A dump leaves an empty search_path behind.
    await connection.run('reset all')
  }
  const loadSchema = async (scripts: LoadOptions | undefined) => {
    const ours = await first()
    if (ours) await load(schema, scripts)
    const history = await History.of(connection)
    const recorded = await history.exists()
    const isPending = (await planOf(history, migrations)).pending.length > 0
    if (ours && !isPending) await load(seed, scripts)
    return { recorded, isPending, seedLater: ours && isPending }
  }
  const { recorded, isPending, seedLater } = alone
    ? await loadSchema(options.scripts)
    : await inOneTransaction(connection, files(schema, seed), () =>
        loadSchema({ ...options.scripts, transaction: 'inside' }),
      )
  if (!isPending || !options.migrations) return
  try {
    result.applied = (await migrate(cluster, options.migrations)).applied
  } catch (error) {
    throw schema && !recorded ? saysNothing(error, schema.file) : error
  }
  if (!seedLater || !seed) return
  if (alone) await load(seed, options.scripts)
  else result.loaded.push(...(await loadScriptsAfter(connection, [seed], beforeSeed, options.scripts)))
}

function files(...scripts: (Script | undefined)[]): Script[] {
  return scripts.flatMap((script) => script ?? [])
}

/** Runs the seeds that are due. */
export async function runDueSeeds(
  connection: Connection,
  { seeds }: Pick<NewDatabase, 'seeds'>,
  { migrations, production, scripts }: ProvisionOptions,
): Promise<LoadedScript[]> {
  await connection.run('reset all')
  const { due } = await planSeeds(connection, seeds, { production })
  const { user = 'somebody', program = 'pgrig' } = migrations ?? {}
  return runSeeds(connection, due, { user, program, scripts: { ...scripts, transaction: 'whole' } })
}

function saysNothing(error: unknown, file: string): unknown {
  if (!(error instanceof Failure) || !thereAlready.includes(error.sql?.sqlstate ?? '')) return error
  return error.with({
    hint: `${file} does not say which migrations it contains, so all of them were run after it. End it with: create table schema_migrations (version varchar(255) primary key); insert into schema_migrations (version) values ('…'), …; or take the file away: the migrations alone will do.`,
  })
}
