import type { Statement, StatementPart } from './statement.ts'
import { readName, type Token, type Tokens, tokensOfParts } from './tokens.ts'

export { onlyReads } from './transaction-rules-reading.ts'

/** What a statement does to transactions. */
export interface TransactionControl {
  /** It begins one, ends one (also to prepare it), or ends one that was prepared. */
  readonly kind: 'begin' | 'end' | 'prepared'
  /** As users write it: `COMMIT`, `START TRANSACTION`. */
  readonly what: string
}

/**
 * What a statement does to transactions, by the words of its part. Undefined for all others, of which SAVEPOINT, RELEASE and
 * ROLLBACK TO are some. `COMMIT AND CHAIN` ends one, too, and begins the next.
 */
export function transactionControl(words: readonly string[]): TransactionControl | undefined {
  const [first, second, third] = words
  switch (first) {
    case 'BEGIN':
      return { kind: 'begin', what: first }
    case 'START':
      return second === 'TRANSACTION' ? { kind: 'begin', what: 'START TRANSACTION' } : undefined
    case 'COMMIT':
    case 'ROLLBACK':
      if (second === 'PREPARED') return { kind: 'prepared', what: `${first} PREPARED` }
      return second === 'TO' || third === 'TO' ? undefined : { kind: 'end', what: first }
    case 'END':
    case 'ABORT':
      return { kind: 'end', what: first }
    case 'PREPARE':
      // `PREPARE transaction AS …` makes a prepared statement of that name.
      if (second !== 'TRANSACTION' || third === 'AS') return undefined
      return { kind: 'end', what: 'PREPARE TRANSACTION' }
    default:
      return undefined
  }
}

/** A statement that cannot run in a transaction. */
export interface Forbidden {
  /** What it does, in the words of SQL: `CREATE INDEX CONCURRENTLY`. */
  readonly what: string
  /** Why PostgreSQL refuses it there, as the second half of a sentence. */
  readonly why: string
  /** False where it depends on what is in the database, so that only the server can tell. */
  readonly certain: boolean
}

const filesStay = 'it makes or removes files on the server, which no rollback undoes'
const commitsBetween = 'it commits between its steps'
const slotStays = 'the replication slot on the publisher does not take part in a rollback'
const wholeSession = 'it resets the whole session'
const alreadyPrepared = 'it ends another transaction than the one that is open'

/**
 * Whether PostgreSQL 14 to 18 refuse a part of a statement in a transaction block (SQLSTATE 25001). What depends on a table being
 * partitioned (REINDEX TABLE, CLUSTER) is not foreseen, nor a CALL that commits.
 * Source: the callers of PreventInTransactionBlock in the server's code.
 */
export function forbiddenInTransaction(
  part: StatementPart,
  statement: Pick<Statement, 'bytes' | 'parts' | 'runs'>,
): Forbidden | undefined {
  if (!mayBeForbidden(part.words)) return undefined
  const tokens = tokensOfParts(statement)[statement.parts.indexOf(part)]
  return tokens && forbiddenPart(tokens)
}

const objects = new Set(['DATABASE', 'TABLESPACE', 'SUBSCRIPTION', 'SYSTEM'])

/** Spares the reading of nearly every statement. */
function mayBeForbidden(words: readonly string[]): boolean {
  const [first, second = ''] = words
  switch (first) {
    case 'CREATE':
    case 'DROP':
    case 'ALTER':
      return objects.has(second) || words.includes('CONCURRENTLY')
    case 'VACUUM':
    case 'REINDEX':
    case 'CLUSTER':
      return true
    case 'DISCARD':
      return second === 'ALL'
    case 'COMMIT':
    case 'ROLLBACK':
      return second === 'PREPARED'
    default:
      return false
  }
}

function forbiddenPart(tokens: Tokens): Forbidden | undefined {
  const first = tokens.take()
  switch (first?.kind === 'word' ? first.text : '') {
    case 'CREATE':
      return forbiddenCreate(tokens)
    case 'DROP':
      return forbiddenDrop(tokens)
    case 'ALTER':
      return forbiddenAlter(tokens)
    case 'VACUUM':
      return forbidden('VACUUM', commitsBetween)
    case 'REINDEX':
      return forbiddenReindex(tokens)
    case 'CLUSTER':
      tokens.takeWord('VERBOSE')
      tokens.takeParentheses()
      return tokens.atEnd ? forbidden('CLUSTER without a table', commitsBetween) : undefined
    case 'DISCARD':
      return tokens.takeWord('ALL') ? forbidden('DISCARD ALL', wholeSession) : undefined
    case 'COMMIT':
    case 'ROLLBACK':
      return tokens.takeWord('PREPARED') ? forbidden(`${first?.text} PREPARED`, alreadyPrepared) : undefined
    default:
      return undefined
  }
}

function forbidden(what: string, why: string, certain = true): Forbidden {
  return { what, why, certain }
}

function forbiddenCreate(tokens: Tokens): Forbidden | undefined {
  if (tokens.takeWord('DATABASE')) return forbidden('CREATE DATABASE', filesStay)
  if (tokens.takeWord('TABLESPACE')) return forbidden('CREATE TABLESPACE', filesStay)
  if (tokens.takeWord('SUBSCRIPTION')) {
    const options = readOptions(tokens)
    const withoutSlot = options.get('connect') === false || options.get('create_slot') === false
    return withoutSlot ? undefined : forbidden('CREATE SUBSCRIPTION with a replication slot', slotStays)
  }
  const unique = tokens.takeWord('UNIQUE')
  if (!tokens.takeWord('INDEX') || !tokens.takeWord('CONCURRENTLY')) return undefined
  return forbidden(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY`, commitsBetween)
}

function forbiddenDrop(tokens: Tokens): Forbidden | undefined {
  if (tokens.takeWord('DATABASE')) return forbidden('DROP DATABASE', filesStay)
  if (tokens.takeWord('TABLESPACE')) return forbidden('DROP TABLESPACE', filesStay)
  // One without a slot, and with IF EXISTS none at all, may be dropped.
  if (tokens.takeWord('SUBSCRIPTION')) return forbidden('DROP SUBSCRIPTION', slotStays, false)
  if (!tokens.takeWord('INDEX') || !tokens.takeWord('CONCURRENTLY')) return undefined
  return forbidden('DROP INDEX CONCURRENTLY', commitsBetween)
}

function forbiddenAlter(tokens: Tokens): Forbidden | undefined {
  if (tokens.takeWord('SYSTEM')) return forbidden('ALTER SYSTEM', 'it writes a file, which no rollback undoes')
  if (tokens.takeWord('DATABASE')) {
    tokens.take()
    // `ALTER DATABASE d WITH TABLESPACE t` is an old way to write it.
    if (!tokens.takeWord('SET')) tokens.takeWord('WITH')
    return tokens.takeWord('TABLESPACE') ? forbidden('ALTER DATABASE … SET TABLESPACE', filesStay) : undefined
  }
  if (tokens.takeWord('SUBSCRIPTION')) {
    tokens.take()
    return forbiddenAlterSubscription(tokens)
  }
  if (!tokens.takeWord('TABLE')) return undefined
  let partition = false
  while (!tokens.atEnd) {
    if (tokens.takeWord('DETACH')) partition = tokens.takeWord('PARTITION')
    else if (tokens.takeWord('CONCURRENTLY')) {
      if (partition) return forbidden('ALTER TABLE … DETACH PARTITION … CONCURRENTLY', commitsBetween)
    } else tokens.take()
  }
  return undefined
}

function forbiddenAlterSubscription(tokens: Tokens): Forbidden | undefined {
  if (tokens.takeWord('REFRESH')) return forbidden('ALTER SUBSCRIPTION … REFRESH', slotStays)
  const verb = tokens.next?.text
  if (!tokens.takeWord('SET', 'ADD', 'DROP')) return undefined
  if (tokens.takeWord('PUBLICATION')) {
    if (readOptions(tokens).get('refresh') === false) return undefined
    return forbidden(`ALTER SUBSCRIPTION … ${verb} PUBLICATION with refresh`, slotStays)
  }
  const options = parseOptions(tokens.bytes, tokens.takeParentheses() ?? [])
  if (options.has('failover')) return forbidden('ALTER SUBSCRIPTION … SET (failover)', slotStays)
  if (options.get('two_phase') === false) return forbidden('ALTER SUBSCRIPTION … SET (two_phase)', slotStays)
  return undefined
}

function forbiddenReindex(tokens: Tokens): Forbidden | undefined {
  const options = parseOptions(tokens.bytes, tokens.takeParentheses() ?? [])
  const kind = tokens.take()?.text ?? ''
  if (tokens.takeWord('CONCURRENTLY') || options.get('concurrently') === true) {
    return forbidden(`REINDEX ${kind} CONCURRENTLY`, commitsBetween)
  }
  return ['DATABASE', 'SYSTEM', 'SCHEMA'].includes(kind) ? forbidden(`REINDEX ${kind}`, commitsBetween) : undefined
}

/** Reads the options in `… WITH (…)`. */
function readOptions(tokens: Tokens): Map<string, boolean | undefined> {
  while (!tokens.atEnd) {
    if (tokens.takeWord('WITH') && tokens.next?.text === '(') {
      return parseOptions(tokens.bytes, tokens.takeParentheses() ?? [])
    }
    if (!tokens.atEnd) tokens.take()
  }
  return new Map()
}

/** Reads `name [=] [value], …`. Values that are no booleans are undefined; the last of a name counts. */
function parseOptions(bytes: Buffer, tokens: readonly Token[]): Map<string, boolean | undefined> {
  const options = new Map<string, boolean | undefined>()
  for (let index = 0; index < tokens.length; index++) {
    const name = readName(bytes, tokens[index]!)
    let value = ''
    while (++index < tokens.length && tokens[index]!.text !== ',') {
      const { from, to } = tokens[index]!
      if (tokens[index]!.text !== '=') value += bytes.toString('utf8', from, to)
    }
    options.set(name, readOption(value))
  }
  return options
}

/** defGetBoolean of the server: an option without a value is on. */
function readOption(text: string): boolean | undefined {
  switch (text.replaceAll(/^'|'$/g, '').toLowerCase()) {
    case '':
    case '1':
    case 'true':
    case 'on':
      return true
    case '0':
    case 'false':
    case 'off':
      return false
    default:
      return undefined
  }
}
