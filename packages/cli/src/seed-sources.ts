import { resolve } from 'node:path'
import {
  type ChangedTable,
  type Connection,
  exitCodes,
  Failure,
  inspectScript,
  inspectServer,
  type LoadOptions,
  type OpenTarget,
  planSeeds,
  proveIdempotent,
  readSeeds,
  type Script,
  type Seed,
  seedsFolderOf,
} from '@pgrig/core'
import type { Tools } from './command.ts'
import { openScript } from './script-input.ts'

interface SeedSources {
  /** A script that is run whenever it is said. */
  script: Script | undefined
  seeds: Seed[]
  close(): Promise<void>
}

/** What seed is to run: the file, or db/seed.sql and db/seeds, of which the first may be missing where there are others. */
export async function seedSources(
  file: string | undefined,
  seedFile: string,
  options: LoadOptions,
  tools: Tools,
): Promise<SeedSources> {
  const all = await readSeeds(seedsFolderOf(seedFile), tools.nameFile)
  const alone = (seeds: Seed[]): SeedSources => ({ script: undefined, seeds, close: async () => {} })
  const named = file === undefined ? undefined : all.find(({ path }) => path === resolve(tools.folder, file))
  if (named) return alone([named])
  const source = await openScript(file ?? seedFile, tools).catch((error: unknown) => {
    const missing = error instanceof Failure && error.code === 'file_missing'
    if (!missing || file !== undefined || all.length === 0) throw error
  })
  if (!source) return alone(all)
  const close = async () => source.close?.()
  try {
    return { script: await inspectScript(source, options), seeds: file === undefined ? all : [], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Those of the seeds that a dry run tells of: what is due, or all where the database is not there to be asked. */
export async function planDueSeeds(seeds: readonly Seed[], tools: Tools): Promise<readonly Seed[]> {
  const { kind } = await tools.plannedTarget()
  if (seeds.length === 0) return seeds
  if (kind === 'embedded' && (await inspectServer((await tools.project()).folder)).dataMajor === undefined) return seeds
  const target = await tools.target()
  try {
    const connection = await target.connect()
    try {
      const production = (await tools.productionSigns(target, { connection })).length > 0
      return (await planSeeds(connection, seeds, { production })).due
    } finally {
      connection.leave()
    }
  } catch (error) {
    if (error instanceof Failure && error.exitCode === exitCodes.connection) return seeds
    throw error
  }
}

/** Throws `refused` for a seed that is not for production. */
export function refuseDev(seeds: readonly Seed[]): void {
  const dev = seeds.find((seed) => seed.dev)
  if (!dev) return
  throw new Failure('refused', `${dev.file} is a seed for development, and this looks like production.`, {
    location: { file: dev.file, line: 1, column: 1 },
    state: 'Nothing was run.',
    hint: 'Its first line says so. What production needs belongs into a seed without "dev".',
  })
}

/** Runs all that may run more than once twice, compares, and rolls back. Throws `refused` for production. */
export async function proveSeeds(
  target: OpenTarget,
  connection: Connection,
  plain: readonly Script[],
  seeds: readonly Seed[],
  options: LoadOptions,
  tools: Tools,
): Promise<{ files: string[]; tables: number; changed: ChangedTable[] }> {
  if ((await tools.productionSigns(target, { connection })).length > 0) {
    throw new Failure('refused', `${target.database} looks like production, and nothing is tried out there.`, {
      state: 'Nothing was run.',
      hint: 'The proof holds locks until it is done, and uses up numbers of sequences. Give it a copy: --target or --url.',
    })
  }
  const scripts = [...plain]
  for (const { runs, source } of seeds) if (runs === 'on-change') scripts.push(await inspectScript(source, options))
  return { files: scripts.map(({ file }) => file), ...(await proveIdempotent(connection, scripts, options)) }
}
