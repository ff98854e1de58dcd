import { Failure } from '../../errors.ts'
import { splitScript } from '../../script/scan.ts'
import type { Inspection, TransactionProblem } from '../../script/inspect.ts'
import type { Statement } from '../../script/statement.ts'
import { transactionControl } from '../../script/transaction-rules.ts'
import type { LoadOptions } from '../load.ts'
import { inspect } from '../run-script.ts'
import { type Direction, type Migration, type MigrationBlock, sourceOf } from './files.ts'

/** A migration that was looked through, and the one of its blocks that is to be run. */
export interface CheckedMigration {
  readonly migration: Migration
  readonly block: MigrationBlock
  /** Of a block with a transaction. */
  readonly inspection: Inspection | undefined
  /** Those of a block without a transaction. */
  readonly statements: readonly Statement[]
}

/**
 * Looks through migrations from end to end before the first of them is run: what cannot be in a transaction, or not outside of one,
 * commands of psql that are refused, files that are missing. Throws `migration_invalid` and what a script throws.
 */
export async function checkMigrations(
  migrations: readonly Migration[],
  direction: Direction,
  options: LoadOptions = {},
): Promise<CheckedMigration[]> {
  const checked: CheckedMigration[] = []
  for (const migration of migrations) {
    const block = blockOf(migration, direction)
    if (block.transaction) {
      const source = sourceOf(migration, block.text)
      const inspection = await inspect([source], { ...options, transaction: 'inside' })
      const [problem] = inspection.transactionProblems
      if (problem) throw notInTransaction(problem, direction)
      checked.push({ migration, block, inspection, statements: [] })
    } else checked.push({ migration, block, inspection: undefined, statements: statementsOf(block, migration.file) })
  }
  return checked
}

function blockOf(migration: Migration, direction: Direction): MigrationBlock {
  const block = migration[direction]
  if (block) return block
  throw new Failure('migration_invalid', `${migration.file} has no "-- migrate:down", so it cannot be rolled back.`, {
    state: 'It stays applied.',
  })
}

function notInTransaction({ kind, what, location }: TransactionProblem, direction: Direction): Failure {
  const [message, hint] = {
    control: [
      `A migration runs in one transaction, on record in the same one, and this one has ${what} in it.`,
      'Take its begin and commit out: it is all or nothing anyway.',
    ],
    connect: [
      `${what} leaves the database whose migrations are on record.`,
      'Take it out: each database has migrations of its own.',
    ],
    forbidden: [
      `PostgreSQL cannot run ${what} inside of a transaction, and a migration is in one.`,
      `Put it into a migration of its own, below "-- migrate:${direction} transaction:false".`,
    ],
  }[kind] as [string, string]
  return new Failure('migration_invalid', message, { location, state: 'Nothing was run.', hint })
}

function statementsOf(block: MigrationBlock, file: string): Statement[] {
  return splitScript(block.text, { file }).flatMap((item) => {
    const statement = item.kind === 'statement' ? item : undefined
    const control = statement?.parts.map((part) => transactionControl(part.words)).find((found) => found !== undefined)
    if (statement && !statement.command && !statement.copyFromStdin && control === undefined)
      return statement.empty ? [] : [statement]
    const what = control?.what ?? (statement ? 'COPY from stdin' : 'a command of psql')
    const { line, column } = 'start' in item ? item.start : { line: 1, column: 1 }
    throw new Failure(
      'migration_invalid',
      `A migration without a transaction runs a statement at a time, so that it can go on when it is interrupted, and ${what} does not fit in there.`,
      {
        location: { file, line, column },
        state: 'Nothing was run.',
        hint: 'Put that into a migration of its own, with a transaction.',
      },
    )
  })
}
