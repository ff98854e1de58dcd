import { Failure } from '../errors.ts'
import type { Address } from '../postgres/address.ts'
import { readPairs } from './keyword-pairs.ts'
import type { ConnectionValues } from './libpq.ts'

/**
 * Where `\connect` leads from an address: DATABASE USER HOST PORT, `-` for what stays, or a connection string as first word.
 * What is not said stays; the password only where host, port and user do. Throws `script_failed`.
 */
export function readConnectWords(words: readonly string[], from: Address): Address {
  const [first = '', ...others] = words
  const said = /^-reuse-previous=(.*)$/i.exec(first) ? others : words
  const [database = '-'] = said
  const isString = database.includes('=') || /^postgres(?:ql)?:\/\//.test(database)
  if (isString && said.length > 1) {
    throw new Failure('script_failed', '\\connect takes nothing after a connection string.')
  }
  const values = isString ? readString(database) : readPositions(said)
  const port = values.port === undefined ? from.port : Number(values.port)
  const next = {
    ...from,
    database: values.dbname ?? from.database,
    user: values.user ?? from.user,
    host: values.host ?? from.host,
    port,
  }
  const same = next.user === from.user && next.host === from.host && next.port === from.port
  const { password: _, findPassword: __, ...rest } = next
  const password = values.password ?? (same ? from.password : undefined)
  if (password !== undefined) return { ...rest, password }
  return same && from.findPassword ? { ...rest, findPassword: from.findPassword } : rest
}

function readPositions(words: readonly string[]): ConnectionValues {
  const values: ConnectionValues = {}
  const names = ['dbname', 'user', 'host', 'port'] as const
  for (const [index, word] of words.entries()) {
    const name = names[index]
    if (name === undefined)
      throw new Failure('script_failed', '\\connect takes at most a database, user, host and port.')
    if (word !== '-' && word !== '') values[name] = word
  }
  return values
}

function readString(text: string): ConnectionValues {
  if (/^postgres(?:ql)?:/.test(text)) return readUrl(text)
  const reading = readPairs(text)
  if ('fault' in reading) throw new Failure('script_failed', `The connection string of \\connect ${reading.fault}.`)
  return reading.values
}

function readUrl(text: string): ConnectionValues {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new Failure('script_failed', 'The connection string of \\connect is not a URL that can be read.')
  }
  const decoded = (part: string) => (part === '' ? undefined : decodeURIComponent(part))
  return {
    ...withValue('dbname', decoded(url.pathname.slice(1))),
    ...withValue('user', decoded(url.username)),
    ...withValue('password', decoded(url.password)),
    ...withValue('host', decoded(url.hostname)),
    ...withValue('port', decoded(url.port)),
  }
}

function withValue(name: keyof ConnectionValues, value: string | undefined): ConnectionValues {
  return value === undefined ? {} : { [name]: value }
}
