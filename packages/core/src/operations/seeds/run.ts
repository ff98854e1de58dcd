import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../script/variables.ts'
import { forgetSession } from '../forget-session.ts'
import { inspectScript, type LoadedScript, loadScriptsAfter, type LoadOptions } from '../load.ts'
import { findHistorySchema } from '../migrations/history.ts'
import type { Seed } from './files.ts'

/** What is to be done with the seeds of a project. */
export interface SeedPlan {
  /** In the order of their names. */
  due: Seed[]
  /** `done`; `changed`: it runs once, did, and its file was changed since; `dev`: it is not for production. */
  left: { seed: Seed; why: 'done' | 'changed' | 'dev' }[]
}

/** Compares the seeds with what was run, which stands in the table `schema_seeds`. */
export async function planSeeds(
  connection: Connection,
  seeds: readonly Seed[],
  { production }: { production: boolean },
): Promise<SeedPlan> {
  const plan: SeedPlan = { due: [], left: [] }
  if (seeds.length === 0) return plan
  const ran = await readRan(connection, await findHistorySchema(connection))
  for (const seed of seeds) {
    const why = whyNot(seed, ran.get(seed.name), production)
    if (why === undefined) plan.due.push(seed)
    else plan.left.push({ seed, why })
  }
  return plan
}

function whyNot(seed: Seed, checksum: string | undefined, production: boolean): 'done' | 'changed' | 'dev' | undefined {
  if (seed.dev && production) return 'dev'
  if (checksum === undefined) return undefined
  if (checksum === seed.checksum) return 'done'
  return seed.runs === 'once' ? 'changed' : undefined
}

async function readRan(connection: Connection, schema: string): Promise<Map<string, string>> {
  const [table] = await connection.query`
    select from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = ${schema} and relname = 'schema_seeds'`
  if (!table) return new Map()
  const rows = await connection.run<{ name: string; checksum: string }>(
    `select name, checksum from ${quoteIdentifier(schema)}.schema_seeds`,
  )
  return new Map(rows.map(({ name, checksum }) => [name, checksum]))
}

export interface SeedOptions {
  /** The user and the machine: `ann@laptop`. */
  user: string
  /** `pgrig 0.1.0`. */
  program: string
  /** Run it whether it is due or not. */
  force?: boolean
  scripts?: LoadOptions
}

/**
 * Runs seeds, each in a transaction with its record. Of several processes one runs a seed; for the others it is then done.
 * Throws what a script throws; the seeds before it stay.
 */
export async function runSeeds(
  connection: Connection,
  seeds: readonly Seed[],
  options: SeedOptions,
): Promise<LoadedScript[]> {
  const loaded: LoadedScript[] = []
  if (seeds.length === 0) return loaded
  const { force = false, user, program } = options
  // The script before may have left an empty search_path behind.
  await connection.run('reset all')
  const schema = await findHistorySchema(connection)
  const appliedBy = `${user} as ${connection.address.user}`
  for (const seed of seeds) {
    const script = await inspectScript(seed.source, { ...options.scripts, transaction: 'inside' })
    const first = async () => {
      await connection.query`select pg_advisory_xact_lock(${seedLock})`
      const ran = (await readRan(connection, schema)).get(seed.name)
      if (!force && whyNot(seed, ran, false) !== undefined) return false
      await record(connection, schema, { ...seed, appliedBy, program })
      return true
    }
    try {
      loaded.push(...(await loadScriptsAfter(connection, [script], first, options.scripts)))
    } catch (error) {
      throw withBefore(error, loaded.length)
    }
    await connection.run(forgetSession)
  }
  return loaded
}

/** Key of the advisory lock: `pgrigsee` in ASCII. */
const seedLock = 0x7067726967736565n

async function record(
  connection: Connection,
  schema: string,
  { name, checksum, appliedBy, program }: Seed & { appliedBy: string; program: string },
): Promise<void> {
  const table = `${quoteIdentifier(schema)}.schema_seeds`
  await connection.run(`
    create table if not exists ${table} (
      name text primary key, checksum text not null, applied_at timestamptz not null, applied_by text, applied_with text
    )`)
  await connection.run(
    `insert into ${table} (name, checksum, applied_at, applied_by, applied_with)
     values ($1, $2, clock_timestamp(), $3, $4)
     on conflict (name) do update set checksum = excluded.checksum, applied_at = excluded.applied_at,
       applied_by = excluded.applied_by, applied_with = excluded.applied_with`,
    [name, checksum, appliedBy, program],
  )
}

function withBefore(error: unknown, count: number): unknown {
  if (!(error instanceof Failure) || count === 0) return error
  const before = count === 1 ? 'The seed before it stays.' : `The ${count} seeds before it stay.`
  return error.with({ state: `${error.state ?? ''} ${before}`.trimStart() })
}
