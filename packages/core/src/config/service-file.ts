import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import type { Environment } from './environment.ts'
import { checkPair } from './keyword-pairs.ts'
import type { ConnectionValues } from './libpq.ts'
import { abbreviateHome } from './origin.ts'
import { nearestName } from './suggest.ts'

interface Service {
  values: ConnectionValues
  /** For example `service cruddur (~/.pg_service.conf)`. */
  origin: string
}

/**
 * Reads a service from the user's service file, or from the system's (PostgreSQL manual, 32.17).
 *
 * @param file the `servicefile` parameter, when it was given.
 * @throws `config_invalid` when there is no such service, or when its file cannot be read.
 */
export function readService(name: string, file: string | undefined, environment: Environment): Service {
  const { PGSERVICEFILE, PGSYSCONFDIR } = environment.variables
  const named = file || PGSERVICEFILE
  // /etc/postgresql-common is what Debian's libpq has built in.
  const system = join(PGSYSCONFDIR || '/etc/postgresql-common', 'pg_service.conf')
  const files = [named ? resolve(environment.folder, named) : join(environment.home, '.pg_service.conf'), system]
  const others = new Set<string>()
  for (const [index, path] of files.entries()) {
    const shown = abbreviateHome(path, environment)
    const text = readServiceFile(path, shown, Boolean(named) && index === 0)
    const values = text === undefined ? undefined : findService(text, name, shown, others)
    if (values !== undefined) return { values, origin: `service ${name} (${shown})` }
  }
  const nearest = nearestName(name, others)
  throw new Failure(
    'config_invalid',
    `There is no service ${name} in ${files.map((path) => abbreviateHome(path, environment)).join(' or ')}.`,
    {
      hint: nearest === undefined ? 'Set PGSERVICEFILE, or name another service.' : `Did you mean ${nearest}?`,
    },
  )
}

function readServiceFile(path: string, shown: string, named: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = systemErrorCode(cause)
    if (!named && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    throw new Failure('config_invalid', `The service file ${shown} cannot be read (${code ?? 'unknown error'}).`, {
      cause,
    })
  }
}

function findService(text: string, name: string, shown: string, others: Set<string>): ConnectionValues | undefined {
  let values: ConnectionValues | undefined
  for (const [index, rawLine] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = rawLine.trim()
    if (line === '' || line.startsWith('#')) continue
    const section = /^\[(.*)\]$/.exec(line)?.[1]
    if (section !== undefined) {
      if (values !== undefined) return values
      others.add(section)
      if (section === name) values = {}
    } else if (values !== undefined) {
      storeLine(values, line, { file: shown, line: index + 1, column: 1 })
    }
  }
  return values
}

function storeLine(
  values: ConnectionValues,
  line: string,
  location: { file: string; line: number; column: number },
): void {
  const place = `${location.file}, line ${location.line},`
  const equals = line.indexOf('=')
  if (equals === -1) throw new Failure('config_invalid', `${place} is not keyword=value.`, { location })
  const keyword = line.slice(0, equals).trim()
  const value = line.slice(equals + 1).trim()
  const pair = checkPair(keyword, value)
  if ('fault' in pair) {
    throw new Failure('config_invalid', `${place} ${pair.fault}.`, {
      location,
      ...(pair.hint === undefined ? {} : { hint: pair.hint }),
    })
  }
  if (pair.keyword === 'service' || pair.keyword === 'servicefile') {
    throw new Failure('config_invalid', `${place} names another service, which libpq does not allow.`, { location })
  }
  // The first one counts, as in libpq.
  if (value !== '') values[pair.keyword] ??= value
}
