import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import type { Statement } from '../../script/statement.ts'
import { forbiddenInTransaction } from '../../script/transaction-rules.ts'
import { runScripts } from '../run-script.ts'
import type { Work } from './apply.ts'
import { sourceOf } from './files.ts'
import { inTransaction, lockTimeout, lockTimeoutMilliseconds, withRetries } from './retries.ts'

/**
 * Runs a block without a transaction, a statement at a time, and notes after each how far it came: what can be in a transaction is in one
 * with its note. So when it is interrupted it goes on where it was; only of a statement like CREATE INDEX CONCURRENTLY nobody knows, and
 * that one is looked at.
 */
export async function applySteps(
  work: Work,
  record: () => Promise<void>,
): Promise<{ statements: number; tries: number }> {
  const { connection, history, migration, direction, statements, options } = work
  const { version, checksum } = migration
  const before = await history.readUnfinished()
  const resumed = before?.version === version && before.direction === direction ? before : undefined
  if (resumed && resumed.checksum !== checksum) throw changedInBetween(migration.file, resumed.done)
  await history.beginUnfinished({ version, direction, checksum, by: options.user })
  await connection.run(lockTimeout('set', options))
  const done = resumed?.done ?? 0
  let tries = 1
  for (const [index, statement] of statements.entries()) {
    if (index < done) {
      if (setsSession(statement)) await runStatement(work, statement, 'none')
      continue
    }
    const uncertain = resumed?.begun === true && index === done
    tries = Math.max(tries, (await runStep(work, { statement, index, uncertain })).tries)
  }
  await inTransaction(connection, options, async () => {
    await record()
    await history.endUnfinished()
  })
  return { statements: statements.length - done, tries }
}

interface Step {
  readonly statement: Statement
  readonly index: number
  /** It was begun before, by a run that did not live to say whether it was done. */
  readonly uncertain: boolean
}

/** What was set in the session that is gone counts for the statements that are left. */
function setsSession({ words, text }: Statement): boolean {
  const [first, second] = words
  if (first === 'RESET' || (first === 'SET' && second !== 'LOCAL' && second !== 'TRANSACTION')) return true
  return first === 'SELECT' && /\bset_config\s*\(/i.test(text)
}

async function runStep(work: Work, step: Step): Promise<{ tries: number }> {
  const { statement } = step
  try {
    if (statement.parts.some((part) => forbiddenInTransaction(part, statement) !== undefined))
      return await runAlone(work, step)
    try {
      return await runWithNote(work, step)
    } catch (error) {
      // A procedure that commits. Nothing of it was kept.
      if (!(error instanceof Failure && error.sql?.sqlstate === '2D000')) throw error
      return await runAlone(work, step)
    }
  } catch (error) {
    throw error instanceof Failure ? error.with({ state: stateAfter(step, work.statements.length) }) : error
  }
}

function runWithNote(work: Work, { statement, index }: Step): Promise<{ tries: number }> {
  const { connection, history, migration } = work
  return withRetries(work, async () => {
    await connection.run('begin')
    try {
      await runStatement(work, statement, 'inside')
      await history.noteProgress(migration.version, index + 1, false)
      await connection.run('commit')
      return {}
    } catch (error) {
      await connection.run('rollback').catch(() => {})
      throw error
    }
  })
}

async function runAlone(work: Work, { statement, index, uncertain }: Step): Promise<{ tries: number }> {
  const { connection, history, migration, options } = work
  const { version, file } = migration
  const wasInvalid = uncertain && (await dropInvalidIndex(connection, statement))
  await history.noteProgress(version, index, true)
  return withRetries(work, async () => {
    try {
      await withoutLockTimeout(work, statement, () => runStatement(work, statement, 'none'))
    } catch (error) {
      // It leaves an index that is of no use, and the next try would find its name taken.
      const left = await dropInvalidIndex(connection, statement).catch(() => false)
      if (left || !uncertain || wasInvalid || !saysDone(error, statement.words)) {
        // The server has said that it is not done: the next run need not wonder.
        if (error instanceof Failure && error.code === 'sql_error')
          await history.noteProgress(version, index, false).catch(() => {})
        throw error
      }
      options.progress?.(`${file}:${statement.start.line} had been done when it was interrupted`)
    }
    await history.noteProgress(version, index + 1, false)
    return {}
  })
}

/** What is done concurrently waits without stopping anybody, also behind transactions that last. */
async function withoutLockTimeout(work: Work, { words }: Statement, run: () => Promise<void>): Promise<void> {
  const { connection, options } = work
  const ours = lockTimeoutMilliseconds(options)
  const waits = words.includes('CONCURRENTLY') && ['CREATE', 'DROP', 'REINDEX'].includes(words[0] ?? '')
  const [now] = await connection.query<{ ours: boolean }>`
    select setting::bigint = ${ours} as ours from pg_settings where name = 'lock_timeout'`
  // The migration may have set one of its own.
  if (!waits || !now?.ours) return run()
  await connection.run('set lock_timeout = 0')
  try {
    await run()
  } finally {
    await connection.run(`set lock_timeout = ${ours}`).catch(() => {})
  }
}

async function runStatement(work: Work, statement: Statement, transaction: 'inside' | 'none'): Promise<void> {
  const { connection, migration, options } = work
  const { line, column } = statement.start
  // Where it stands in the file, so that the places in errors are right.
  const text = '\n'.repeat(line - 1) + ' '.repeat(column - 1) + statement.text
  await runScripts([sourceOf(migration, text)], connection, { ...options.scripts, transaction })
}

/** Whether an error says that what is to be made is there, or what is to be removed is not. */
function saysDone(error: unknown, [verb = '']: readonly string[]): boolean {
  const states: Record<string, readonly string[]> = {
    CREATE: ['42P07', '42710', '42P04', '42P06'],
    DROP: ['42704', '42P01', '3D000'],
    ALTER: ['42P07', '42710', '42P16'],
  }
  return error instanceof Failure && (states[verb] ?? []).includes(error.sql?.sqlstate ?? '')
}

/** Removes what an interrupted CREATE INDEX CONCURRENTLY left. https://www.postgresql.org/docs/current/sql-createindex.html */
async function dropInvalidIndex(connection: Connection, { words, text }: Statement): Promise<boolean> {
  if (!(words[0] === 'CREATE' && words.includes('CONCURRENTLY'))) return false
  const name = /\bconcurrently\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|[^\s"(]+)\s+on\b/i.exec(text)?.[1]
  if (name === undefined) return false
  const [found] = await connection.query<{ name: string }>`
    select format('%I.%I', nspname, relname) as name
      from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
     where not indisvalid and c.oid = to_regclass(${name})`
  if (!found) return false
  await connection.run(`drop index concurrently ${found.name}`)
  return true
}

function stateAfter({ index }: Step, total: number): string {
  const done = index === 0 ? 'None' : index === 1 ? 'The first' : `The first ${index}`
  return `${done} of its ${total} statements ${index <= 1 ? 'is' : 'are'} done and stay${index <= 1 ? 's' : ''}. The next pgrig migrate goes on from here.`
}

function changedInBetween(file: string, done: number): Failure {
  return new Failure(
    'migration_invalid',
    `${file} was interrupted after ${done} of its statements, and was changed since.`,
    {
      state: 'Nothing was run.',
      hint: 'Put it back as it was, so that it can go on; or, when you have put the database in order by hand: pgrig migration resolve.',
    },
  )
}
