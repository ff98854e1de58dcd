import { isIP } from 'node:net'
import type { Tls } from '../postgres/address.ts'

/** The connection parameters of libpq (PostgreSQL 18 manual, 32.1.2 "Parameter Key Words"). */
export const keywords = [
  'service',
  'servicefile',
  'user',
  'password',
  'passfile',
  'require_auth',
  'channel_binding',
  'connect_timeout',
  'dbname',
  'host',
  'hostaddr',
  'port',
  'client_encoding',
  'options',
  'application_name',
  'fallback_application_name',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'replication',
  'gssencmode',
  'sslmode',
  'sslnegotiation',
  'sslcompression',
  'sslcert',
  'sslkey',
  'sslkeylogfile',
  'sslpassword',
  'sslcertmode',
  'sslrootcert',
  'sslcrl',
  'sslcrldir',
  'sslsni',
  'requirepeer',
  'min_protocol_version',
  'max_protocol_version',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
  'krbsrvname',
  'gsslib',
  'gssdelegation',
  'scram_client_key',
  'scram_server_key',
  'target_session_attrs',
  'load_balance_hosts',
  'oauth_issuer',
  'oauth_client_id',
  'oauth_client_secret',
  'oauth_scope',
] as const

export type Keyword = (typeof keywords)[number]

/** What one source says about a connection. Never an empty text: that counts as not said, as in libpq. */
export type ConnectionValues = Partial<Record<Keyword, string>>

/** What pgrig acts on. The rest is accepted, as psql does, and warned about. */
export const usedKeywords: ReadonlySet<Keyword> = new Set<Keyword>([
  'service',
  'servicefile',
  'user',
  'password',
  'passfile',
  'connect_timeout',
  'dbname',
  'host',
  'hostaddr',
  'port',
  'options',
  'application_name',
  'sslmode',
  'sslcert',
  'sslkey',
  'sslcertmode',
  'sslrootcert',
])

/** Values that nobody may see. */
export const secretKeywords: ReadonlySet<string> = new Set<Keyword>([
  'password',
  'sslpassword',
  'oauth_client_secret',
  'scram_client_key',
  'scram_server_key',
])

/** The variables that psql reads (PostgreSQL 18 manual, 32.15 "Environment Variables"), of the keywords that pgrig acts on. */
export const keywordVariables = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGSERVICE: 'service',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGPASSFILE: 'passfile',
  PGDATABASE: 'dbname',
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLCERTMODE: 'sslcertmode',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGOPTIONS: 'options',
  PGAPPNAME: 'application_name',
} as const satisfies Record<string, Keyword>

export const sslModes = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
] as const satisfies Tls['mode'][]

export function isKeyword(name: string): name is Keyword {
  return (keywords as readonly string[]).includes(name)
}

/** What is wrong with a text: the end of a sentence that begins with where it comes from. Never holds a value. */
export interface Fault {
  fault: string
  hint?: string
}

/** Finds what is wrong with the value of a keyword. */
export function findFault(keyword: Keyword, value: string): Fault | undefined {
  if (value.includes('\0')) return { fault: `has a zero byte in its ${keyword}` }
  switch (keyword) {
    case 'host':
      return findHostFault(value)
    case 'hostaddr':
      if (value.includes(',')) return severalHosts
      return isIP(value) === 0 ? { fault: 'has a hostaddr that is not an IP address' } : undefined
    case 'port':
      if (value.includes(',')) return severalHosts
      return isNumber(value, 1, 65535)
        ? undefined
        : {
            fault: 'has a port that is not a number from 1 to 65535',
            hint: 'If that is a part of the password, percent-encode the password (/ is %2F); an IPv6 address stands in [brackets].',
          }
    case 'connect_timeout':
      return isNumber(value, -1, 2147483)
        ? undefined
        : { fault: 'has a connect_timeout that is not a number of seconds' }
    case 'sslmode':
      return findChoiceFault(keyword, value, sslModes)
    case 'sslcertmode':
      return findChoiceFault(keyword, value, ['disable', 'allow', 'require'])
    default:
      return undefined
  }
}

export const severalHosts: Fault = {
  fault: 'names several hosts',
  hint: 'Choose one: pgrig works on one server, so that it is certain which.',
}

function findHostFault(host: string): Fault | undefined {
  if (host.startsWith('/')) return undefined
  if (host.startsWith('@'))
    return { fault: 'names an abstract socket, which pgrig cannot use', hint: 'Name a host or the folder of a socket.' }
  if (host.includes(',')) return severalHosts
  if (isIP(host) !== 0 || /^[\p{L}\p{N}\p{M}._-]+$/u.test(host)) return undefined
  return {
    fault: 'has a host that is neither a name, nor an IP address, nor the absolute path of a socket folder',
    hint: 'If the password holds @ / : % # or ?, percent-encode it, or give it in PGPASSWORD or ~/.pgpass.',
  }
}

function findChoiceFault(keyword: Keyword, value: string, choices: readonly string[]): Fault | undefined {
  return choices.includes(value)
    ? undefined
    : { fault: `has an ${keyword} that does not exist`, hint: `It is one of ${choices.join(', ')}.` }
}

function isNumber(value: string, least: number, most: number): boolean {
  return /^\s*[+-]?\d{1,9}\s*$/.test(value) && Number(value) >= least && Number(value) <= most
}
