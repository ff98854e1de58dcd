import { resolve } from 'node:path'
import {
  Failure,
  inspectScript,
  type LoadOptions,
  type OpenTarget,
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

export function notOnProduction({ database }: OpenTarget): Failure {
  return new Failure('refused', `${database} looks like production, and nothing is tried out there.`, {
    state: 'Nothing was run.',
    hint: 'The proof holds locks until it is done, and uses up numbers of sequences. Give it a copy: --target or --url.',
  })
}
