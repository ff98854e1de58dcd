import { Failure } from '../../errors.ts'
import type { Statement } from '../../script/statement.ts'
import { forbiddenInTransaction } from '../../script/transaction-rules.ts'
import { runScripts } from '../run-script.ts'
import type { Work } from './apply.ts'
import { sourceOf } from './files.ts'
import type { UnfinishedMigration } from './history.ts'
import { noteIndexes, settle } from './interrupted-step.ts'
import { inTransaction, lockTimeout, lockTimeoutMilliseconds, withRetries } from './retries.ts'

/**
 * Runs a block without a transaction, a statement at a time, and notes after each how far it came: what can be in a transaction is in one
 * with its note. So when it is interrupted it goes on where it was; only of a statement like CREATE INDEX CONCURRENTLY nobody knows, and
 * that one is looked at.
 */
export async function applySteps(
  work: Work,
  record: () => Promise<void>,
): Promise<{ statements: number; tries: number; notes: string[] }> {
  const { connection, history, migration, direction, statements, options } = work
  const { version, checksum } = migration
  const before = await history.readUnfinished()
  const resumed = before?.version === version && before.direction === direction ? before : undefined
  if (resumed && resumed.checksum !== checksum) throw changedInBetween(migration.file, resumed.done)
  await history.beginUnfinished({ version, direction, checksum, by: options.user })
  await connection.run(lockTimeout('set', options))
  const done = resumed?.done ?? 0
  let tries = 1
  const notes: string[] = []
  for (const [index, statement] of statements.entries()) {
    if (index < done) {
      if (setsSession(statement)) await runStatement(work, statement, 'none')
      continue
    }
    const begun = resumed?.begun === true && index === done ? resumed : undefined
    const ran = await runStep(work, { statement, index, begun })
    tries = Math.max(tries, ran.tries)
    notes.push(...(ran.notes ?? []).map((note) => `${migration.file}:${statement.start.line}: ${note}.`))
  }
  await inTransaction(connection, options, async () => {
    await record()
    await history.endUnfinished()
  })
  return { statements: statements.length - done, tries, notes }
}

interface Step {
  readonly statement: Statement
  readonly index: number
  /** It was begun before, by a run that did not live to say whether it was done. */
  readonly begun: UnfinishedMigration | undefined
}

interface Ran {
  tries: number
  notes?: readonly string[]
}

/** What was set in the session that is gone counts for the statements that are left. */
function setsSession({ words, text }: Statement): boolean {
  const [first, second] = words
  if (first === 'RESET' || (first === 'SET' && second !== 'LOCAL' && second !== 'TRANSACTION')) return true
  return first === 'SELECT' && /\bset_config\s*\(/i.test(text)
}

async function runStep(work: Work, step: Step): Promise<Ran> {
  const { statement } = step
  try {
    if (statement.parts.some((part) => forbiddenInTransaction(part, statement) !== undefined))
      return await runAlone(work, step)
    try {
      return await runWithNote(work, step)
    } catch (error) {
      // Nothing of it was kept. A procedure that commits, or what only the server knows to be impossible in a transaction.
      const state = error instanceof Failure ? error.sql?.sqlstate : undefined
      if (state !== '2D000' && state !== '25001') throw error
      if (state === '2D000' && step.begun) throw mayBeDone(work, step.statement, step.begun)
      return await runAlone(work, step)
    }
  } catch (error) {
    // What is refused before it is run has said so.
    if (!(error instanceof Failure) || error.code === 'migration_invalid') throw error
    throw error.with({ state: stateAfter(step, work.statements.length) })
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

async function runAlone(work: Work, { statement, index, begun }: Step): Promise<Ran> {
  const { connection, history, migration } = work
  const { version } = migration
  const { done, notes } = begun ? await settle(connection, statement, begun.before) : { done: false, notes: [] }
  if (done) {
    await history.noteProgress(version, index + 1, false)
    return { tries: 1, notes }
  }
  const before = await noteIndexes(connection, statement)
  await history.noteProgress(version, index, true, before)
  return withRetries(work, async () => {
    let more: readonly string[] = notes
    try {
      await withoutLockTimeout(work, statement, () => runAgainOrFinish(work, statement, begun !== undefined))
    } catch (error) {
      // It leaves an index that is of no use, and the next try would find its name taken.
      await settle(connection, statement, before).catch(() => {})
      if (!begun || before !== null || !saysDone(error, statement.words)) {
        // The server has said that it is not done: the next run need not wonder.
        if (error instanceof Failure && error.code === 'sql_error')
          await history.noteProgress(version, index, false).catch(() => {})
        throw error
      }
      more = [...notes, 'it had been done when it was interrupted']
    }
    await history.noteProgress(version, index + 1, false)
    return { notes: more }
  })
}

/** A partition whose detaching was interrupted is half detached: to say it again is refused, and FINALIZE is what is left to do. */
async function runAgainOrFinish(work: Work, statement: Statement, begun: boolean): Promise<void> {
  const { start, text, words } = statement
  try {
    await runStatement(work, statement, 'none')
  } catch (error) {
    const half = begun && words.includes('DETACH') && error instanceof Failure && error.sql?.sqlstate === '55000'
    if (!half) throw error
    await runStatement(work, { start, text: text.replace(/\bconcurrently\b/i, 'finalize') }, 'none')
  }
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

async function runStatement(
  work: Work,
  statement: Pick<Statement, 'start' | 'text'>,
  transaction: 'inside' | 'none',
): Promise<void> {
  const { connection, migration, options } = work
  const { line, column } = statement.start
  // Where it stands in the file, so that the places in errors are right.
  const text = '\n'.repeat(line - 1) + ' '.repeat(column - 1) + statement.text
  await runScripts([sourceOf(migration, text)], connection, { ...options.scripts, transaction })
}

/** Whether an error says that what is to be made is there, or what is to be removed is not. */
function saysDone(error: unknown, [verb = '']: readonly string[]): boolean {
  const states: Record<string, readonly string[]> = {
    CREATE: ['42710', '42P04'],
    DROP: ['42704', '42P01', '3D000'],
    ALTER: ['42P07', '42710', '42P16', '42P01'],
  }
  return error instanceof Failure && (states[verb] ?? []).includes(error.sql?.sqlstate ?? '')
}

function stateAfter({ index }: Step, total: number): string {
  const done = index === 0 ? 'None' : index === 1 ? 'The first' : `The first ${index}`
  return `${done} of its ${total} statements ${index <= 1 ? 'is' : 'are'} done and stay${index <= 1 ? 's' : ''}. The next pgrig migrate goes on from here.`
}

/** A procedure that commits by itself may have done all, a part or nothing: only who has written it knows whether it may run again. */
function mayBeDone(
  { migration, statements }: Work,
  { start, text }: Statement,
  { version, done, by, since }: UnfinishedMigration,
) {
  const first = text.trim().split('\n')[0]?.replace(/;$/, '') ?? ''
  return new Failure(
    'migration_invalid',
    `${first} commits by itself, and was begun by ${by} at ${since}; its end was not seen. It may be done, or a part of it.`,
    {
      location: { file: migration.file, line: start.line, column: start.column },
      state: `Nothing was run. Before it ${done} of the ${statements.length} statements of the file ${done === 1 ? 'is' : 'are'} done.`,
      hint: `Look at what it has done, and say: pgrig migration resolve ${version} --statement again, or --statement done. Then go on with pgrig migrate.`,
    },
  )
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
