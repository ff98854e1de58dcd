import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import { splitScript } from '../../script/scan.ts'
import type { Statement } from '../../script/statement.ts'
import { forbiddenInTransaction, transactionControl } from '../../script/transaction-rules.ts'
import { runScripts } from '../run-script.ts'
import { lockTimeout, type Direction, withRetries, type Work } from './apply.ts'
import { type MigrationBlock, only, sourceOf } from './files.ts'

/**
 * Runs a block without a transaction, a statement at a time, and notes after each how far it came: what can be in a transaction is in one
 * with its note. So when it is interrupted it goes on where it was; only of a statement like CREATE INDEX CONCURRENTLY nobody knows, and
 * that one is looked at.
 */
export async function applySteps(
  work: Work,
  block: MigrationBlock,
  direction: Direction,
  record: () => Promise<void>,
): Promise<{ statements: number; tries: number }> {
  const { connection, history, migration, options } = work
  const statements = statementsOf(block, migration.file)
  const { version, checksum } = migration
  const before = await history.readUnfinished()
  const resumed = before?.version === version && before.direction === direction ? before : undefined
  if (resumed && resumed.checksum !== checksum) throw changedInBetween(migration.file, resumed.done)
  await history.beginUnfinished({ version, direction, checksum, by: options.user })
  await connection.run(lockTimeout('set', options))
  const done = resumed?.done ?? 0
  let tries = 1
  for (const [index, statement] of statements.entries()) {
    if (index < done) continue
    const step: Step = {
      statement,
      index,
      total: statements.length,
      uncertain: resumed?.begun === true && index === done,
    }
    tries = Math.max(tries, (await runStep(work, block, step)).tries)
  }
  await connection.run('begin')
  try {
    await record()
    await history.endUnfinished()
    await connection.run('commit')
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
  return { statements: statements.length - done, tries }
}

interface Step {
  readonly statement: Statement
  readonly index: number
  readonly total: number
  /** It was begun before, by a run that did not live to say whether it was done. */
  readonly uncertain: boolean
}

function statementsOf(block: MigrationBlock, file: string): Statement[] {
  return splitScript(block.text, { file }).flatMap((item) => {
    const statement = item.kind === 'statement' ? item : undefined
    const control = statement?.parts.map((part) => transactionControl(part.words)).find((found) => found !== undefined)
    if (
      statement === undefined ||
      statement.command !== undefined ||
      statement.copyFromStdin ||
      control !== undefined
    ) {
      const what = control?.what ?? (statement ? 'COPY from stdin' : 'a command of psql')
      const { line, column } = 'start' in item ? item.start : { line: 1, column: 1 }
      throw new Failure(
        'migration_invalid',
        `A migration without a transaction is run a statement at a time, so that it can go on when it is interrupted, and ${what} does not fit in there.`,
        {
          location: { file, line, column },
          state: 'Nothing of it was run.',
          hint: 'Put that into a migration of its own, with a transaction.',
        },
      )
    }
    return statement.empty ? [] : [statement]
  })
}

async function runStep(work: Work, block: MigrationBlock, step: Step): Promise<{ tries: number }> {
  const { connection, history, migration, options } = work
  const { statement, index } = step
  const alone = statement.parts.some((part) => forbiddenInTransaction(part, statement) !== undefined)
  const run = async (transaction: 'inside' | 'none') => {
    const text = onlyStatement(block.text, statement)
    await runScripts([sourceOf(migration, text)], connection, { ...options.scripts, transaction })
  }
  try {
    if (!alone) {
      return await withRetries(work, async () => {
        await connection.run('begin')
        try {
          await run('inside')
          await history.noteProgress(migration.version, index + 1, false)
          await connection.run('commit')
          return {}
        } catch (error) {
          await connection.run('rollback').catch(() => {})
          throw error
        }
      })
    }
    const invalid = step.uncertain ? await dropInvalidIndex(connection, statement) : false
    await history.noteProgress(migration.version, index, true)
    return await withRetries(work, async () => {
      try {
        await run('none')
      } catch (error) {
        // It leaves an index that is of no use, and the next try would find its name taken.
        if (await dropInvalidIndex(connection, statement).catch(() => false)) throw error
        if (!(step.uncertain && !invalid && saysDone(error, statement.words))) throw error
        options.progress?.(`${migration.file}:${statement.start.line} had been done when it was interrupted`)
      }
      await history.noteProgress(migration.version, index + 1, false)
      return {}
    })
  } catch (error) {
    throw error instanceof Failure ? error.with({ state: stateAfter(step) }) : error
  }
}

function onlyStatement(text: string, { start, end }: Statement): string {
  const bytes = Buffer.from(text)
  const before = bytes.toString('utf8', 0, start.offset)
  const own = bytes.toString('utf8', start.offset, end.offset)
  return only(before + own, before.length, before.length + own.length)
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

function stateAfter({ index, total }: Step): string {
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
