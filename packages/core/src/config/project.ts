import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Environment } from './environment.ts'
import { isEntry, readPlainFile } from './plain-file.ts'
import { readSettings, type Settings } from './settings.ts'

/** The folder that commands work for, and what its pgrig.json says. */
export interface Project {
  folder: string
  /** Its pgrig.json, when it has one. */
  settingsFile?: string
  settings: Settings
  /** The name of the database where a target names none. */
  database: string
  /** Where that name comes from. */
  databaseOrigin: string
}

/** What pgrig.json says of one target. */
export type TargetSettings = NonNullable<Settings['targets']>[string]

/**
 * Finds the project: the nearest folder upwards with a pgrig.json; else with a package.json, a .git or a db folder; else the
 * current one. Throws `config_invalid` when its pgrig.json cannot be used.
 */
export async function findProject(environment: Environment): Promise<Project> {
  const folders = listUpwards(environment.folder)
  // A link that leads nowhere counts too: without it this would be another project.
  const configured = folders.find((folder) => isEntry(join(folder, 'pgrig.json')))
  if (configured !== undefined) {
    const settingsFile = join(configured, 'pgrig.json')
    const settings = await readSettings(settingsFile)
    return { folder: configured, settingsFile, settings, ...nameDatabase(configured, settings) }
  }
  const marked = folders.find((folder) => ['package.json', '.git', 'db'].some((name) => existsSync(join(folder, name))))
  const folder = marked ?? environment.folder
  return { folder, settings: {}, ...nameDatabase(folder, {}) }
}

function listUpwards(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...listUpwards(parent)]
}

function nameDatabase(folder: string, settings: Settings): { database: string; databaseOrigin: string } {
  if (settings.database !== undefined) return { database: settings.database, databaseOrigin: 'pgrig.json database' }
  const packageName = toIdentifier(readPackageName(folder) ?? '')
  if (packageName !== '') return { database: packageName, databaseOrigin: 'package.json name' }
  return { database: toIdentifier(basename(folder)) || 'app', databaseOrigin: 'name of the folder' }
}

function readPackageName(folder: string): string | undefined {
  try {
    const json: unknown = JSON.parse(readPlainFile(join(folder, 'package.json')))
    if (typeof json !== 'object' || json === null || !('name' in json) || typeof json.name !== 'string')
      return undefined
    return json.name.replace(/^@[^/]*\//, '')
  } catch {
    // It is npm's file to complain about; the folder has a name too.
    return undefined
  }
}

/** Makes a name that PostgreSQL takes without quotation marks. */
function toIdentifier(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 63)
  // The databases of the server itself are nobody's project.
  if (['postgres', 'template0', 'template1'].includes(plain)) return `${plain}_app`
  return /^[0-9]/.test(plain) ? `_${plain}`.slice(0, 63) : plain
}
