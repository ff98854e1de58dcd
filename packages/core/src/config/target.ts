import { join, resolve } from 'node:path'
import { Failure } from '../errors.ts'
import type { Address } from '../postgres/address.ts'
import type { Environment } from './environment.ts'
import type { ConnectionValues } from './libpq.ts'
import type { Sourced } from './origin.ts'
import type { Project, TargetSettings } from './project.ts'
import { resolveRds, type RdsPlace, type RdsWish } from './rds-target.ts'
import { resolveAddress, serverVariables } from './server-address.ts'
import { nearestName } from './suggest.ts'
import { parseConnectionUrl } from './url.ts'
import { layerVariables, type VariableLayer } from './variables.ts'

/** A value of the configuration, and where it comes from; a password is `***`. */
export interface ConfigValue {
  name: string
  value: string
  /** For example `--url`, `environment PROD_CONNECTION_URL`, `.env PGUSER`, `~/.pgpass line 3`, `default`. */
  origin: string
}

export interface CommonTarget {
  name: string
  /** The database that commands work on. */
  database: string
  /** Whether the configuration says that nothing may be lost there. */
  protected: boolean
  protectedBecause?: string
  /** Absolute path; the file need not exist. */
  schemaFile: string
  /** Absolute path; the file need not exist. */
  seedFile: string
  /** Absolute path; the folder need not exist. */
  migrationsFolder: string
  /** All of the above and below, for people to read. */
  values: ConfigValue[]
  warnings: string[]
}

/** A database on the server that pgrig runs for the project. */
interface EmbeddedTarget extends CommonTarget {
  kind: 'embedded'
  projectFolder: string
  /** The port that pgrig.json asks for. */
  port?: number
}

/** A database on a server that runs by itself. */
export interface ServerTarget extends CommonTarget {
  kind: 'server'
  address: Address
  /** Whether the host is certainly this machine. */
  thisMachine: boolean
  /** The application name that the configuration asks for. */
  applicationName?: string
}

export type Target = EmbeddedTarget | ServerTarget

export interface TargetRequest {
  /** Asks Amazon RDS where an instance is. Without it, a target that has only a name there is unset. */
  findRds?: (wish: RdsWish) => Promise<RdsPlace>
  /** `local` unless said. */
  name?: string
  /** Takes the place of the target's own URL. */
  url?: string
}

/**
 * Finds out where a target is and all that is needed to connect to it. Connects to nothing.
 *
 * @throws `target_unknown`, `target_unset`, `url_invalid`, `config_invalid`, `file_missing`, `file_unusable`.
 */
export async function resolveTarget(
  project: Project,
  environment: Environment,
  request: TargetRequest = {},
): Promise<Target> {
  const name = request.name ?? 'local'
  const layers = layerVariables(environment, project.folder)
  const targets = project.settings.targets ?? {}
  const settings = Object.hasOwn(targets, name) ? targets[name] : undefined
  checkName(name, listNames(project, layers))
  const server = findServer(name, layers, settings, request.url)
  const common = describeTarget(name, project, settings)
  if (server === undefined && settings?.rds !== undefined && request.findRds) {
    return resolveRds({ ...settings, rds: settings.rds }, request.findRds, {
      name,
      project,
      environment,
      layers,
      common,
    })
  }
  if (server === undefined) {
    if (name === 'local') return makeEmbedded(project, settings, common)
    throw describeUnset(name, layers, project)
  }
  const { url, urlOrigin } = server
  const resolved = await resolveAddress({ target: name, settings, project, environment, layers, url, urlOrigin })
  return {
    ...common,
    ...resolved,
    kind: 'server',
    database: resolved.address.database,
    values: [...resolved.values, ...common.values],
    warnings: [...server.warnings, ...resolved.warnings],
  }
}

/** The variables that can hold the URL of a target. */
function urlVariables(name: string): string[] {
  const prefix = name === 'local' ? '' : `${name.toUpperCase().replaceAll('-', '_')}_`
  return [`${prefix}DATABASE_URL`, `${prefix}CONNECTION_URL`]
}

/** Lists the names of all targets: the built-in ones, those in pgrig.json, and those that a variable makes. */
export function listTargets(project: Project, environment: Environment): string[] {
  return listNames(project, layerVariables(environment, project.folder))
}

function listNames(project: Project, layers: readonly VariableLayer[]): string[] {
  const prefixes = layers.flatMap(({ values }) =>
    Object.keys(values).map((variable) => /^([A-Z][A-Z0-9_]*)_(?:DATABASE|CONNECTION)_URL$/.exec(variable)?.[1]),
  )
  const variants = prefixes.flatMap((prefix) =>
    prefix === undefined ? [] : [prefix.toLowerCase().replaceAll('_', '-'), prefix.toLowerCase()],
  )
  return [...new Set(['local', 'prod', ...Object.keys(project.settings.targets ?? {}), ...variants])]
}

function checkName(name: string, known: string[]): void {
  if (known.includes(name)) return
  const nearest = nearestName(name, known)
  const [first = ''] = urlVariables(name)
  const ways = isTargetName(name)
    ? `set ${first}, or add it to targets in pgrig.json`
    : 'a name is one word of letters, digits, - and _'
  throw new Failure('target_unknown', `There is no target ${JSON.stringify(name)}.`, {
    hint: `${nearest === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${nearest}?`} For a new one: ${ways}.`,
  })
}

function isTargetName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name)
}

interface FoundServer {
  url: ConnectionValues
  urlOrigin: string
  warnings: string[]
}

function findServer(
  name: string,
  layers: readonly VariableLayer[],
  settings: TargetSettings | undefined,
  url: string | undefined,
): FoundServer | undefined {
  if (url !== undefined) return readUrl(url, '--url', name)
  for (const [index, { name: layer, values }] of layers.entries()) {
    for (const variable of urlVariables(name)) {
      const text = values[variable]
      if (text !== undefined) return readUrl(text, `${layer} ${variable}`, name)
    }
    const naming = name === 'local' ? serverVariables.filter((variable) => values[variable] !== undefined) : []
    if (naming.length > 0) {
      const hidden = layers
        .slice(index + 1)
        .flatMap((weaker) => urlVariables(name).filter((variable) => weaker.values[variable] !== undefined))
      const warnings = hidden.map(
        (variable) =>
          `${variable} in .env is not used, because ${naming.join(' and ')} in the environment comes first.`,
      )
      return { url: {}, urlOrigin: '', warnings }
    }
  }
  return settings?.url === undefined ? undefined : readUrl(settings.url, `pgrig.json targets.${name}.url`, name)
}

function readUrl(text: string, origin: string, target: string): FoundServer {
  const url = parseUrl(text, origin)
  const { host, hostaddr, service, dbname } = url
  if (target !== 'local' && (host ?? hostaddr ?? service ?? dbname) === undefined) {
    throw new Failure(
      'url_invalid',
      `${origin} names neither a host nor a database, so it does not say where ${target} is.`,
    )
  }
  return { url, urlOrigin: origin, warnings: [] }
}

function parseUrl(text: string, origin: string): ConnectionValues {
  try {
    return parseConnectionUrl(text, origin)
  } catch (error) {
    if (!(error instanceof Failure) || !origin.startsWith('.env ')) throw error
    // In a .env file a # begins a comment, so the URL has lost its end.
    const hint = `${error.hint ?? ''} If it holds a #, put it into quotation marks in .env.`.trim()
    throw new Failure(error.code, error.message, { hint })
  }
}

/** The project's database on the embedded server, whatever the target `local` is. */
export function embeddedTarget(project: Project): Target {
  return makeEmbedded(project, undefined, describeTarget('local', project, undefined))
}

function makeEmbedded(
  project: Project,
  settings: TargetSettings | undefined,
  common: Omit<CommonTarget, 'database'>,
): EmbeddedTarget {
  const database =
    settings?.database === undefined
      ? { value: project.database, origin: project.databaseOrigin }
      : { value: settings.database, origin: 'pgrig.json targets.local.database' }
  const { port } = project.settings.server ?? {}
  return {
    ...common,
    kind: 'embedded',
    database: database.value,
    projectFolder: project.folder,
    ...(port === undefined ? {} : { port }),
    values: [
      { name: 'server', value: 'embedded', origin: 'default' },
      ...(port === undefined ? [] : [{ name: 'port', value: String(port), origin: 'pgrig.json server.port' }]),
      { name: 'database', ...database },
      ...common.values,
    ],
  }
}

function describeTarget(
  name: string,
  project: Project,
  settings: TargetSettings | undefined,
): Omit<CommonTarget, 'database'> {
  const schema = findFile('schema', name, project, settings)
  const seed = findFile('seed', name, project, settings)
  const migrations = findMigrations(project)
  const isProduction = name === 'prod' || name === 'production'
  const origin = settings?.protected === undefined ? 'default' : `pgrig.json targets.${name}.protected`
  const isProtected = settings?.protected ?? isProduction
  const because = settings?.protected === undefined ? `the target is called ${name}` : `${origin} is true`
  return {
    name,
    protected: isProtected,
    ...(isProtected ? { protectedBecause: because } : {}),
    schemaFile: schema.value,
    seedFile: seed.value,
    migrationsFolder: migrations.value,
    values: [
      { name: 'schema', ...schema },
      { name: 'seed', ...seed },
      { name: 'migrations', ...migrations },
      { name: 'protected', value: String(isProtected), origin },
    ],
    warnings: [],
  }
}

function findFile(
  kind: 'schema' | 'seed',
  name: string,
  { folder, settings: all }: Project,
  settings: TargetSettings | undefined,
): Sourced {
  const own = settings?.[kind]
  if (own !== undefined) return { value: resolve(folder, own), origin: `pgrig.json targets.${name}.${kind}` }
  const shared = all[kind]
  if (shared !== undefined) return { value: resolve(folder, shared), origin: `pgrig.json ${kind}` }
  return { value: join(folder, 'db', `${kind}.sql`), origin: 'default' }
}

function findMigrations({ folder, settings }: Project): Sourced {
  if (settings.migrations === undefined) return { value: join(folder, 'db', 'migrations'), origin: 'default' }
  return { value: resolve(folder, settings.migrations), origin: 'pgrig.json migrations' }
}

function describeUnset(name: string, layers: readonly VariableLayer[], project: Project): Failure {
  const variables = urlVariables(name)
  const empty = variables.filter((variable) => layers.some((layer) => layer.empty.includes(variable)))
  const why =
    empty.length > 0
      ? `${empty.join(' and ')} ${empty.length > 1 ? 'are' : 'is'} set, but empty`
      : `${variables.join(' and ')} are not set`
  const file = project.settingsFile === undefined ? 'there is no pgrig.json' : `pgrig.json has no targets.${name}.url`
  return new Failure('target_unset', `Nothing says where the target ${name} is: ${why}, and ${file}.`, {
    hint: `Set ${variables.join(' or ')} in the environment or in .env, or targets.${name}.url in pgrig.json (without the password).`,
  })
}
