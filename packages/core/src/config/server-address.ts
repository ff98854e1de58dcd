import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure } from '../errors.ts'
import type { Address } from '../postgres/address.ts'
import type { Environment } from './environment.ts'
import { findFault, keywordVariables, usedKeywords, type ConnectionValues, type Keyword } from './libpq.ts'
import { findPassword } from './password-file.ts'
import type { Sourced } from './origin.ts'
import type { Project, TargetSettings } from './project.ts'
import { readService } from './service-file.ts'
import { isThisMachine } from './this-machine.ts'
import { decideTls } from './tls.ts'
import { mergeLayers, type VariableLayer } from './variables.ts'

/** The libpq variables that say which server it is; the others say how to connect to it. */
export const serverVariables = ['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGSERVICE'] as const

/** What is known of a server before the rest is filled in. */
interface ServerSources {
  /** The name of the target. */
  target: string
  /** What pgrig.json says of it. */
  settings: TargetSettings | undefined
  project: Project
  environment: Environment
  layers: readonly VariableLayer[]
  /** What the URL says; nothing when only the libpq variables name the server. */
  url: ConnectionValues
  urlOrigin: string
}

/** An address with all that decided it. */
interface ResolvedAddress {
  address: Address
  thisMachine: boolean
  applicationName?: string
  values: (Sourced & { name: string })[]
  warnings: string[]
}

type Said = Map<Keyword, Sourced>

/** Fills in what the URL leaves open, as libpq does, and reads the password and the certificates. */
export async function resolveAddress(sources: ServerSources): Promise<ResolvedAddress> {
  const { project } = sources
  const environment = mergeLayers(sources.environment, sources.layers)
  const { said, warnings } = gatherValues(sources, environment)
  const { host, port } = placeServer(said)
  const user = said.get('user') ?? { value: nameUser(environment), origin: 'name of the operating system' }
  const database = said.get('dbname') ?? { value: project.database, origin: project.databaseOrigin }
  const { password, warning } = takePassword(said, { host, port, user, database }, environment)
  const timeout = said.get('connect_timeout') ?? { value: '10', origin: 'default' }
  const options = said.get('options')
  const applicationName = said.get('application_name')
  const thisMachine = isThisMachine(host.value, environment)
  const encryption = await decideTls(said, host.value, thisMachine, environment)

  const shown: Record<string, Sourced | undefined> = {
    host,
    port,
    user,
    password: password && { value: '***', origin: password.origin },
    database,
    ...encryption.values,
    connect_timeout: timeout,
    options,
    application_name: applicationName,
  }
  return {
    address: {
      host: host.value,
      port: Number(port.value),
      user: user.value,
      ...(password === undefined ? {} : { password: password.value }),
      database: database.value,
      tls: encryption.tls,
      // libpq: zero and less wait for ever.
      connectTimeoutSeconds: Math.max(0, Number(timeout.value)),
      ...(options === undefined ? {} : { options: options.value }),
    },
    thisMachine,
    ...(applicationName === undefined ? {} : { applicationName: applicationName.value }),
    values: Object.entries(shown).flatMap(([name, value]) => (value === undefined ? [] : [{ name, ...value }])),
    warnings: [...warnings, ...listUnused(said), ...(warning === undefined ? [] : [warning]), ...encryption.warnings],
  }
}

/** Puts the sources on top of each other as libpq does: the URL, the service, the variables; and then pgrig.json. */
function gatherValues(
  { target, settings, project, layers, url, urlOrigin }: ServerSources,
  environment: Environment,
): { said: Said; warnings: string[] } {
  const said: Said = new Map()
  fill(said, withOrigin(url, urlOrigin))
  const variables = readKeywordVariables(layers, target)
  const service = said.get('service') ?? variables.get('service')
  if (service !== undefined) {
    const { values, origin } = readService(service.value, said.get('servicefile')?.value, environment)
    fill(said, withOrigin(values, origin))
  }
  const warnings = warnOfAddress(said, variables)
  fill(said, variables)
  const { sslmode, sslrootcert, database } = settings ?? {}
  const place = `pgrig.json targets.${target}`
  fill(said, [
    ...(sslmode === undefined ? [] : [['sslmode', { value: sslmode, origin: `${place}.sslmode` }] as const]),
    ...(sslrootcert === undefined
      ? []
      : [['sslrootcert', { value: toProjectPath(sslrootcert, project), origin: `${place}.sslrootcert` }] as const]),
    ...(database === undefined ? [] : [['dbname', { value: database, origin: `${place}.database` }] as const]),
  ])
  return { said, warnings }
}

/** libpq would connect to an address in the environment even where the URL names the host, and say nothing. */
function warnOfAddress(said: Said, variables: Said): string[] {
  const [host, address] = [said.get('host'), variables.get('hostaddr')]
  if (host === undefined || address === undefined || said.has('hostaddr') || host.value === address.value) return []
  return [
    `hostaddr (${address.origin}) has no effect, because ${host.origin} names the host. psql would connect to ${address.value}.`,
  ]
}

function toProjectPath(rootCertificate: string, { folder }: Project): string {
  return rootCertificate === 'system' ? rootCertificate : resolve(folder, rootCertificate)
}

function withOrigin(values: ConnectionValues, origin: string): (readonly [Keyword, Sourced])[] {
  return (Object.entries(values) as [Keyword, string][]).map(([keyword, value]) => [keyword, { value, origin }])
}

function fill(said: Said, source: Iterable<readonly [Keyword, Sourced]>): void {
  // A host and a hostaddr are one answer: half of it from elsewhere would be another machine.
  const placed = said.has('host') || said.has('hostaddr')
  for (const [keyword, value] of source) {
    if (said.has(keyword) || (placed && (keyword === 'host' || keyword === 'hostaddr'))) continue
    said.set(keyword, value)
  }
}

function readKeywordVariables(layers: readonly VariableLayer[], target: string): Said {
  const found: Said = new Map()
  for (const [variable, keyword] of Object.entries(keywordVariables)) {
    // A shell's PGHOST is about the database at hand; it must never say where production is.
    if (target !== 'local' && (serverVariables as readonly string[]).includes(variable)) continue
    for (const { name, values } of layers) {
      const value = values[variable]
      if (value === undefined || found.has(keyword)) continue
      const origin = `${name} ${variable}`
      const fault = findFault(keyword, value)
      if (fault !== undefined)
        throw new Failure(
          'config_invalid',
          `${origin} ${fault.fault}.`,
          fault.hint === undefined ? {} : { hint: fault.hint },
        )
      found.set(keyword, { value, origin })
    }
  }
  return found
}

function placeServer(said: Said): { host: Sourced; port: Sourced } {
  const host = said.get('host')
  const hostAddress = said.get('hostaddr')
  const port = said.get('port') ?? { value: '5432', origin: 'default' }
  if (host !== undefined && hostAddress !== undefined && host.value !== hostAddress.value) {
    throw new Failure(
      'config_invalid',
      `There are a host (${host.origin}) and a hostaddr (${hostAddress.origin}), which pgrig cannot use together.`,
      {
        hint: 'Give one of both. For a tunnel, give the host, and an entry for it in /etc/hosts.',
      },
    )
  }
  return { host: host ?? hostAddress ?? findDefaultHost(port.value), port }
}

/** libpq has one of these built in; which one depends on who built it. */
function findDefaultHost(port: string): Sourced {
  const folder = ['/var/run/postgresql', '/tmp'].find((candidate) =>
    existsSync(join(candidate, `.s.PGSQL.${Number(port)}`)),
  )
  return { value: folder ?? 'localhost', origin: 'default' }
}

function nameUser({ userName }: Environment): string {
  if (userName !== undefined) return userName
  throw new Failure(
    'config_invalid',
    'Nothing says as which user to connect, and the operating system has no name for you.',
    {
      hint: 'Put the user into the URL, or set PGUSER.',
    },
  )
}

function takePassword(
  said: Said,
  { host, port, user, database }: Record<'host' | 'port' | 'user' | 'database', Sourced>,
  environment: Environment,
): { password?: Sourced; warning?: string } {
  const given = said.get('password')
  if (given !== undefined) return { password: given }
  const file = said.get('passfile')?.value
  return findPassword(
    {
      host: host.value,
      port: Number(port.value),
      database: database.value,
      user: user.value,
      ...(file === undefined ? {} : { file }),
    },
    environment,
  )
}

function listUnused(said: Said): string[] {
  const unused = [...said].filter(([keyword]) => !usedKeywords.has(keyword))
  return unused.map(([keyword, { origin }]) => `${keyword} (${origin}) has no effect: pgrig does not support it.`)
}
