import type { Connection } from '../../postgres/connection.ts'
import type { Statement } from '../../script/statement.ts'
import { readName, tokensOfParts } from '../../script/tokens.ts'

/** How a statement stands that was begun, and whose end was not seen. */
export interface Settled {
  /** It had come to its end; else it is to be run again. */
  readonly done: boolean
  /** What was found and put in order, as sentences without a full stop. */
  readonly notes: readonly string[]
}

/**
 * Notes, before a statement is begun that makes indexes concurrently, which ones there are: what comes later is its own. An array of OIDs
 * as text; null for all other statements.
 */
export async function noteIndexes(connection: Connection, statement: Statement): Promise<string | null> {
  const made = readCreateIndex(statement)
  if (made) {
    const [row] = await connection.query<{ oids: string }>`
      select coalesce(array_agg(indexrelid), '{}')::text as oids from pg_index where indrelid = to_regclass(${made.table})`
    return row?.oids ?? null
  }
  if (!reindexesConcurrently(statement)) return null
  const [row] = await connection.run<{ oids: string }>(
    `select coalesce(array_agg(indexrelid), '{}')::text as oids from pg_index where not indisvalid`,
  )
  return row?.oids ?? null
}

/**
 * Looks what an interrupted statement has left behind, and removes what is of no use: CREATE INDEX CONCURRENTLY leaves an invalid index,
 * REINDEX CONCURRENTLY one or two. `before` is what `noteIndexes` has found.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function settle(connection: Connection, statement: Statement, before: string | null): Promise<Settled> {
  const made = readCreateIndex(statement)
  if (made) return settleCreateIndex(connection, made, before)
  if (!reindexesConcurrently(statement) || before === null) return { done: false, notes: [] }
  return { done: false, notes: await dropIndexes(connection, await listHalfRebuilt(connection, before)) }
}

interface CreateIndex {
  readonly unique: boolean
  /** Undefined: PostgreSQL makes one up. */
  readonly name: string | undefined
  /** As it is written. */
  readonly table: string
  /** The whole statement. */
  readonly text: string
}

function readCreateIndex(statement: Statement): CreateIndex | undefined {
  const [tokens] = tokensOfParts(statement)
  if (!tokens?.takeWord('CREATE')) return undefined
  const { bytes } = tokens
  const unique = tokens.takeWord('UNIQUE')
  if (!tokens.takeWord('INDEX') || !tokens.takeWord('CONCURRENTLY')) return undefined
  if (tokens.takeWord('IF')) for (const word of ['NOT', 'EXISTS']) tokens.takeWord(word)
  const named = tokens.takeWord('ON') ? undefined : tokens.take()
  if (named && !tokens.takeWord('ON')) return undefined
  tokens.takeWord('ONLY')
  const first = tokens.take()
  if (!first) return undefined
  const last = tokens.takeSymbol('.') ? (tokens.take() ?? first) : first
  const table = bytes.toString('utf8', first.from, last.to)
  return { unique, name: named && readName(bytes, named), table, text: statement.text }
}

function reindexesConcurrently({ words, text }: Statement): boolean {
  return words[0] === 'REINDEX' && /\bconcurrently\b/i.test(text)
}

interface FoundIndex {
  name: string
  /** With its schema, quoted. */
  called: string
  unique: boolean
  valid: boolean
  columns: string[]
}

async function settleCreateIndex(connection: Connection, made: CreateIndex, before: string | null): Promise<Settled> {
  const found = await connection.query<FoundIndex>`
    select c.relname as name, format('%I.%I', n.nspname, c.relname) as called, indisunique as unique, indisvalid as valid,
           array(select attname::text from pg_attribute where attrelid = indrelid and attnum = any (indkey::int2[])) as columns
      from pg_index i join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = c.relnamespace
     where indrelid = to_regclass(${made.table}) and indexrelid <> all (${before ?? '{}'}::oid[]) 
       and not exists (select from pg_stat_progress_create_index where index_relid = indexrelid)`
  // Where nothing was noted, only a name tells what is its own.
  const own = found.filter((index) => isMadeBy(index, made) && (before !== null || made.name !== undefined))
  const notes = await dropIndexes(
    connection,
    own.filter(({ valid }) => !valid),
  )
  const [whole] = own.filter(({ valid }) => valid)
  return whole
    ? { done: true, notes: [...notes, `the index ${whole.called} had been made when it was interrupted`] }
    : { done: false, notes }
}

/** Whether an index that is new on the table can be the one of the statement: another session may make one too. */
function isMadeBy(index: FoundIndex, { unique, name, text }: CreateIndex): boolean {
  if (name !== undefined) return index.name === name
  const words = text.toLowerCase()
  return index.unique === unique && index.columns.every((column) => words.includes(column.toLowerCase()))
}

/** What REINDEX CONCURRENTLY leaves: the new index, not done, or the old one, not dropped. Those of TOAST tables go with these. */
function listHalfRebuilt(connection: Connection, before: string): Promise<{ called: string }[]> {
  return connection.query<{ called: string }>`
    select format('%I.%I', n.nspname, c.relname) as called
      from pg_index i join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = c.relnamespace
     where not indisvalid and indexrelid <> all (${before}::oid[]) and c.relname ~ '_cc(new|old)[0-9]*$' and n.nspname !~ '^pg_'
       and not exists (select from pg_stat_progress_create_index where index_relid = indexrelid)`
}

async function dropIndexes(connection: Connection, indexes: readonly { called: string }[]): Promise<string[]> {
  const notes: string[] = []
  for (const { called } of indexes) {
    await connection.run(`drop index concurrently ${called}`)
    notes.push(`the index ${called} had been left behind invalid, and was dropped`)
  }
  return notes
}
