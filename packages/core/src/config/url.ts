import { Failure } from '../errors.ts'
import { readPairs, storeValue, type Reading, type Span } from './keyword-pairs.ts'
import { secretKeywords, severalHosts, type ConnectionValues, type Fault } from './libpq.ts'

const passwordHint =
  'Percent-encode the password (@ is %40, / is %2F, : is %3A, % is %25, # is %23, ? is %3F, a space %20), or leave it out and give it in PGPASSWORD or ~/.pgpass.'

// The readings below try every @ of the text, so its length must have an end.
const longest = 16_384

/**
 * Reads a `postgres://` or `postgresql://` URL, or `keyword=value` pairs, as libpq does (PostgreSQL manual, 32.1.1).
 *
 * More than libpq: where that reading fails because the password holds raw special characters, the @ whose rest reads as
 * `host[:port][/database][?parameters]` ends the user and password, which are then taken as they are written. Only when
 * there is exactly one such @; a URL that libpq understands is never read this way.
 *
 * @param subject begins the sentence of a failure, for example `environment DATABASE_URL`.
 * @throws `url_invalid`, which never shows the password.
 */
export function parseConnectionUrl(text: string, subject = 'The connection URL'): ConnectionValues {
  const reading = readConnection(text.trim())
  if ('fault' in reading) {
    throw new Failure(
      'url_invalid',
      `${subject} ${reading.fault}.`,
      reading.hint === undefined ? {} : { hint: reading.hint },
    )
  }
  return Object.fromEntries(Object.entries(reading.values).filter(([, value]) => value !== ''))
}

/** Reads either form, and where its secrets stand; says what is wrong instead of throwing. */
export function readConnection(text: string): Reading | Fault {
  if (text === '') return { fault: 'is empty' }
  if (text.length > longest) return { fault: `is longer than ${longest} characters` }
  const scheme = /^postgres(?:ql)?:\/\//.exec(text)?.[0]
  if (scheme !== undefined) return readUrl(text, scheme.length)
  if (text.includes('=') && !/^[a-z][a-z0-9+.:-]*:\/\//i.test(text)) return readPairs(text)
  return {
    fault: 'begins with neither postgresql:// nor postgres://, and is not keyword=value pairs either',
    hint: 'It looks like postgresql://user@host:5432/database, or like host=… user=… dbname=….',
  }
}

interface Rest extends Reading {
  /** The path holds a raw @, so it may be that the password has not ended yet. */
  databaseHoldsAt: boolean
}

function readUrl(text: string, start: number): Reading | Fault {
  const slash = text.indexOf('/', start)
  const at = text.indexOf('@', start)
  const strictAt = at !== -1 && (slash === -1 || at < slash) ? at : undefined
  const strictRest = readRest(text, strictAt === undefined ? start : strictAt + 1)
  const userInfo = strictAt === undefined ? { values: {}, secrets: [] } : readUserInfo(text, start, strictAt)

  const firstColon = text.indexOf(':', start)
  const lastAt = text.lastIndexOf('@')
  const passwordPossible = firstColon !== -1 && firstColon < lastAt
  const strictFits = !('fault' in strictRest) && !(strictRest.databaseHoldsAt && passwordPossible)
  if (strictFits && !('fault' in userInfo)) return join(userInfo, strictRest)
  if (strictFits && 'fault' in userInfo && !userInfo.rawText) return userInfo
  if (lastAt < start) return strictRest

  let possible = strictAt === undefined && !('fault' in strictRest) ? 1 : 0
  let lenient: { at: number; rest: Reading } | undefined
  let rest = strictRest
  for (let end = text.indexOf('@', start); end !== -1; end = text.indexOf('@', end + 1)) {
    rest = readRest(text, end + 1)
    if ('fault' in rest || !couldBeUserInfo(text.slice(start, end))) continue
    possible++
    if (!rest.databaseHoldsAt && rest.values.host) lenient = { at: end, rest }
  }
  // With something like ?name= in it, the password may have ended before, and the parameters have a fault.
  if (possible > 1 || (lenient !== undefined && /\?[\w%]+=/.test(text.slice(start, lenient.at)))) {
    return { fault: 'can be read in more than one way: more than one @ could end the password', hint: passwordHint }
  }
  if (lenient !== undefined) return join(takeUserInfo(text, start, lenient.at), lenient.rest)
  return 'fault' in rest ? rest : { fault: 'has an @ in the name of the database', hint: passwordHint }
}

/** Whether what stands before an @ can be a user and a password: a slash belongs to the password. */
function couldBeUserInfo(text: string): boolean {
  return !text.slice(0, endBefore(text, 0, [':'])).includes('/')
}

function join(userInfo: Reading, rest: Reading): Reading {
  // Later ones win, as in libpq: a user in the parameters is the user.
  return { values: { ...userInfo.values, ...rest.values }, secrets: [...userInfo.secrets, ...rest.secrets] }
}

function readUserInfo(text: string, from: number, to: number): Reading | (Fault & { rawText: boolean }) {
  const { user, password, secrets } = splitUserInfo(text, from, to)
  const values: ConnectionValues = {}
  for (const [keyword, raw] of [
    ['user', user],
    ['password', password],
  ] as const) {
    const value = decode(raw, keyword)
    if (typeof value !== 'string') return value
    values[keyword] = value
  }
  return { values, secrets }
}

function takeUserInfo(text: string, from: number, to: number): Reading {
  const { user, password, secrets } = splitUserInfo(text, from, to)
  return { values: { user, password }, secrets }
}

function splitUserInfo(text: string, from: number, to: number): { user: string; password: string; secrets: Span[] } {
  const colon = text.indexOf(':', from)
  if (colon === -1 || colon >= to) return { user: text.slice(from, to), password: '', secrets: [] }
  return { user: text.slice(from, colon), password: text.slice(colon + 1, to), secrets: [{ from: colon + 1, to }] }
}

/** Reads `[host][:port][/database][?parameters]` up to the end of the text. */
function readRest(text: string, start: number): Rest | Fault {
  const authorityEnd = endBefore(text, start, ['/', '?'])
  const queryStart = endBefore(text, authorityEnd, ['?'])
  const authority = readAuthority(text.slice(start, authorityEnd))
  if ('fault' in authority) return authority

  const path = text.slice(authorityEnd + 1, queryStart)
  const database = decode(path, 'database')
  if (typeof database !== 'string') return database

  const query = readParameters(text, queryStart + 1)
  if ('fault' in query) return query
  return {
    values: { ...authority.values, dbname: database, ...query.values },
    secrets: query.secrets,
    databaseHoldsAt: path.includes('@'),
  }
}

function readAuthority(authority: string): { values: ConnectionValues } | Fault {
  if (authority.includes('@')) return { fault: 'has an @ in the name of the host', hint: passwordHint }
  const bracket = authority.startsWith('[') ? authority.indexOf(']') : -1
  if (authority.startsWith('[') && bracket < 2) {
    return { fault: bracket === 1 ? 'has an empty IPv6 address' : 'has an IPv6 address without the closing ]' }
  }
  const hostEnd = bracket === -1 ? endBefore(authority, 0, [':']) : bracket + 1
  const after = authority.slice(hostEnd)
  if (after.startsWith(',')) return severalHosts
  if (after !== '' && !after.startsWith(':')) {
    return { fault: 'has something after the ] of its IPv6 address that is neither a port nor a database' }
  }
  const values: ConnectionValues = {}
  const parts = [
    ['host', bracket === -1 ? authority.slice(0, hostEnd) : authority.slice(1, bracket)],
    ['port', after.slice(1)],
  ] as const
  for (const [keyword, raw] of parts) {
    const value = decode(raw, keyword)
    if (typeof value !== 'string') return value
    const fault = storeValue(values, keyword, value, undefined)
    if (fault !== undefined) return fault
  }
  return { values }
}

function readParameters(text: string, start: number): Reading | Fault {
  const reading: Reading = { values: {}, secrets: [] }
  // Where an @ follows, what looks like a name may be a part of a password.
  const nameable = !text.includes('@', start)
  for (let from = start; from < text.length;) {
    const to = endBefore(text, from, ['&'])
    const [rawName = '', rawValue, ...more] = text.slice(from, to).split('=')
    if (rawValue === undefined) return { fault: 'has a parameter without a value: an = is missing after the ?' }
    if (more.length > 0) return { fault: 'has a parameter with a second =', hint: 'Inside a value, write %3D for =.' }
    const name = decode(rawName, 'parameters')
    const value = decode(rawValue, 'parameters')
    if (typeof name !== 'string') return name
    if (typeof value !== 'string') return value
    if (secretKeywords.has(name)) reading.secrets.push({ from: from + rawName.length + 1, to })
    const fault = storeParameter(reading.values, name, value, nameable)
    if (fault !== undefined) return fault
    from = to + 1
  }
  return reading
}

function storeParameter(values: ConnectionValues, name: string, value: string, nameable: boolean): Fault | undefined {
  // As libpq, for URLs that were made for JDBC.
  if (name === 'ssl' && value === 'true') {
    values.sslmode = 'require'
    return undefined
  }
  if (name === 'ssl') return { fault: 'has an ssl parameter that is not ssl=true', hint: 'Write sslmode=… instead.' }
  // As dbmate, whose URLs have it; libpq takes a space in a value only behind a backslash.
  if (name === 'search_path') {
    const setting = `-c search_path=${value.replace(/[\\\s]/g, '\\$&')}`
    return storeValue(values, 'options', values.options ? `${values.options} ${setting}` : setting, undefined)
  }
  return storeValue(values, name, value, nameable ? 'parameter' : undefined)
}

function endBefore(text: string, from: number, stops: readonly string[]): number {
  return Math.min(text.length, ...stops.map((stop) => text.indexOf(stop, from)).filter((index) => index !== -1))
}

/** Resolves percent-encoding. `rawText` says whether the text may be meant as it stands. */
function decode(text: string, part: string): string | (Fault & { rawText: boolean }) {
  // libpq refuses raw spaces since version 17 and kept them before; in a password there is no doubt what they mean.
  if (part !== 'user' && part !== 'password' && /\s/.test(text)) {
    return { fault: `has a space in its ${part}`, hint: 'Write %20 for it.', rawText: false }
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    return {
      fault: `has a % in its ${part} that two hexadecimal digits do not follow`,
      hint: passwordHint,
      rawText: true,
    }
  }
  try {
    const value = decodeURIComponent(text)
    return value.includes('\0') ? { fault: `has a zero byte (%00) in its ${part}`, rawText: false } : value
  } catch {
    return { fault: `has percent-encoded bytes in its ${part} that are not UTF-8`, hint: passwordHint, rawText: false }
  }
}
