import { stat } from 'node:fs/promises'
import { readScript, type LoadOptions, type Script } from './load.ts'
import { checkMigrations } from './migrations/check.ts'
import { type Migration, readMigrations } from './migrations/files.ts'
import type { MigrationsOptions } from './migrations/migrate.ts'
import { readSeeds, type Seed, seedsFolderOf } from './seeds/files.ts'

/** The scripts that make a database what the application needs. */
export interface ProjectScripts {
  /** May be missing where there are migrations. */
  schemaFile: string
  /** May be missing where there are migrations, or seeds in the folder `seeds` beside it. */
  seedFile: string
  /** The migrations, and how they are run. Without it there are none. */
  migrations?: MigrationsOptions
  /** How a file is named in errors and results. Default: its path. */
  nameFile?: (path: string) => string
  /** How the scripts are run. */
  scripts?: LoadOptions
}

/** What there is of it. */
export interface ProjectFiles {
  schemaFile: string | undefined
  seedFile: string | undefined
  migrations: Migration[]
  seeds: Seed[]
}

/** Looks which files a project has. One that must be there is named though it is not: whoever reads it says that it is missing. */
export async function findProjectFiles(project: ProjectScripts): Promise<ProjectFiles> {
  const { schemaFile, seedFile, nameFile } = project
  const migrations = project.migrations ? await readMigrations(project.migrations.folder, nameFile) : []
  const seeds = await readSeeds(seedsFolderOf(seedFile), nameFile)
  const hasSchema = migrations.length === 0 || (await isThere(schemaFile))
  const hasSeed = (migrations.length === 0 && seeds.length === 0) || (await isThere(seedFile))
  return {
    schemaFile: hasSchema ? schemaFile : undefined,
    seedFile: hasSeed ? seedFile : undefined,
    migrations,
    seeds,
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

/** What is run into a new database, looked through. */
export interface NewDatabase {
  schema: Script | undefined
  seed: Script | undefined
  /** Both, as far as they are there. */
  scripts: Script[]
  migrations: Migration[]
  seeds: Seed[]
}

/** Reads all that a new database gets, and says what is wrong with it. */
export async function readNewDatabase(project: ProjectScripts): Promise<NewDatabase> {
  const files = await findProjectFiles(project)
  // In order, so that of two that are missing always the same one is told.
  const schema = files.schemaFile === undefined ? undefined : await readProjectScript(project, files.schemaFile)
  const { migrations, seeds } = files
  await checkMigrations(migrations, 'up', project.migrations?.scripts)
  const seed = files.seedFile === undefined ? undefined : await readProjectScript(project, files.seedFile)
  return { schema, seed, scripts: [schema, seed].filter((each) => each !== undefined), migrations, seeds }
}

export function readProjectScript({ nameFile, scripts }: ProjectScripts, file: string): Promise<Script> {
  return readScript(file, nameFile?.(file), { ...scripts, ...(nameFile && { nameFile }) })
}
