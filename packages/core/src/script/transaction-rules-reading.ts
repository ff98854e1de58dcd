import type { Statement } from './statement.ts'
import { readName, type Token, Tokens, tokensOfParts } from './tokens.ts'

const queries = ['SELECT', 'VALUES', 'TABLE', 'WITH']
/** SHARE is that of FOR SHARE, INTO that of SELECT INTO; FOR UPDATE is caught with UPDATE. */
const writingWords = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'INTO', 'SHARE'])

/**
 * Functions that write, or that reach beyond the transaction: even a read-only transaction lets most of them. They are found by
 * name, so that a function of the user's own that calls one is not.
 */
const writingFunctions = new RegExp(
  `^(?:${[
    'nextval|setval|lo_(?!get)\\w+|lowrite',
    'pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile\\w*|pg_promote|pg_switch_(?:wal|xlog)',
    'pg_(?:create|drop|copy)_\\w+|pg_backup_\\w+|pg_(?:start|stop)_backup|pg_log(?:ical)?_\\w+|pg_sync_replication_slots',
    'pg_replication_\\w+|pg_wal_replay_(?:pause|resume)|pg_notify|pg_(?:try_)?advisory_\\w+|pg_export_snapshot',
    'pg_stat_(?:reset|statements_reset|clear|force)\\w*|pg_(?:clear|restore)_(?:relation|attribute)_stats',
    'pg_import_system_collations|pg_extension_config_dump|pg_nextoid|pg_stop_making_pinned_objects',
    'pg_file_\\w+|pg_truncate_visibility_map|heap_force_\\w+|brin_\\w+|gin_clean_pending_list',
    'dblink\\w*|postgres_fdw_disconnect\\w*|query_export_to_s3|table_import_from_s3|http\\w*',
  ].join('|')})$`,
)

/**
 * Whether a statement only reads, as far as its text tells: in doubt it does not. What it calls may still write, so it is to be
 * run in a read-only transaction; that transaction it cannot make writable again.
 *
 * A script whose statements all only read may end our transaction with a COMMIT of its own. Set `default_transaction_read_only`
 * for the session when it is started, which holds then, too.
 */
export function onlyReads(statement: Pick<Statement, 'bytes' | 'runs'>): boolean {
  return tokensOfParts(statement).every(partOnlyReads)
}

function partOnlyReads(tokens: Tokens): boolean {
  if (tokens.atEnd) return true
  while (tokens.takeSymbol('('));
  const first = tokens.next?.kind === 'word' ? tokens.next.text : ''
  tokens.take()
  switch (first) {
    case 'SELECT':
    case 'VALUES':
    case 'TABLE':
    case 'WITH':
    case 'DECLARE':
    // Prepared by a statement that has been looked at, too.
    case 'EXECUTE':
      return restOnlyReads(tokens)
    case 'EXPLAIN':
      return explainOnlyReads(tokens)
    case 'PREPARE':
      return prepareOnlyReads(tokens)
    case 'COPY':
      return copyOnlyReads(tokens)
    case 'RESET':
      return !tokens.takeWord('ALL') && staysReadOnly(tokens)
    case 'SET':
    case 'BEGIN':
    case 'START':
      return staysReadOnly(tokens)
    case 'COMMIT':
    case 'ROLLBACK':
      return !tokens.takeWord('PREPARED')
    case 'SHOW':
    case 'END':
    case 'ABORT':
    case 'SAVEPOINT':
    case 'RELEASE':
    case 'FETCH':
    case 'MOVE':
    case 'CLOSE':
    case 'DEALLOCATE':
      return true
    default:
      return false
  }
}

/** Looks for a word or a function that writes. */
function restOnlyReads(tokens: Tokens): boolean {
  for (let token = tokens.take(); token !== undefined; token = tokens.take()) {
    if (token.kind === 'word' && writingWords.has(token.text)) return false
    if (!isClear(tokens.bytes, token)) return false
    if (token.kind !== 'word' && token.kind !== 'quoted') continue
    if (tokens.next?.text !== '(' || tokens.next.kind !== 'symbol') continue
    const name = readName(tokens.bytes, token)
    if (writingFunctions.test(name) || (name === 'set_config' && !setsHarmlessly(tokens))) return false
  }
  return true
}

/**
 * Whether there is only one way to read a token. With standard_conforming_strings off, `'\'` is not yet over; and what U&"…"
 * names is written in escapes.
 */
function isClear(bytes: Buffer, { kind, from, to }: Token): boolean {
  if (kind === 'quoted') return bytes[from] === 0x22
  if (kind !== 'string' || bytes[from] !== 0x27) return true
  return !bytes.subarray(from, to).includes("\\'")
}

/** Whether set_config names the setting, and it is not one that makes a transaction writable. Takes up to the name. */
function setsHarmlessly(tokens: Tokens): boolean {
  tokens.take()
  const setting = tokens.take()
  if (setting?.kind !== 'string' || tokens.bytes[setting.from] !== 0x27) return false
  if (tokens.next?.text !== ',') return false
  return isClear(tokens.bytes, setting) && !namesReadOnly(tokens.bytes, setting)
}

function namesReadOnly(bytes: Buffer, { from, to }: Token): boolean {
  return bytes.toString('latin1', from, to).toLowerCase().includes('read_only')
}

/** Whether SET, RESET or BEGIN leaves a transaction read-only that is so. */
function staysReadOnly(tokens: Tokens): boolean {
  for (let token = tokens.take(); token !== undefined; token = tokens.take()) {
    if (token.text === 'WRITE') return false
    if (!isClear(tokens.bytes, token) || namesReadOnly(tokens.bytes, token)) return false
  }
  return true
}

/** EXPLAIN runs what it explains only with ANALYZE. */
function explainOnlyReads(tokens: Tokens): boolean {
  const options = tokens.takeParentheses()
  if (options !== undefined && tokens.atEnd) return true
  let runs = options?.some(({ text }) => text === 'ANALYZE' || text === 'ANALYSE') ?? false
  while (tokens.next?.kind === 'word' && ['ANALYZE', 'ANALYSE', 'VERBOSE'].includes(tokens.next.text)) {
    if (tokens.take()!.text !== 'VERBOSE') runs = true
  }
  if (!runs) return true
  while (tokens.takeSymbol('('));
  return tokens.takeWord(...queries, 'EXECUTE') && restOnlyReads(tokens)
}

function prepareOnlyReads(tokens: Tokens): boolean {
  tokens.take()
  tokens.takeParentheses()
  if (!tokens.takeWord('AS')) return false
  while (tokens.takeSymbol('('));
  return tokens.takeWord(...queries) && restOnlyReads(tokens)
}

/** COPY … TO STDOUT reads; to a file or a program it does not. */
function copyOnlyReads(tokens: Tokens): boolean {
  const query = tokens.takeParentheses()
  // The name of a table and its columns cannot hold these words without quotes.
  if (query === undefined) {
    while (!tokens.atEnd && tokens.next?.text !== 'TO' && tokens.next?.text !== 'FROM') tokens.take()
  }
  if (!tokens.takeWord('TO') || !tokens.takeWord('STDOUT', 'STDIN')) return false
  if (query === undefined) return true
  const [first] = query
  const last = query.at(-1)
  return first !== undefined && last !== undefined && partOnlyReads(new Tokens(tokens.bytes, first.from, last.to))
}
