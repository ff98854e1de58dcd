import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import { queryFailure } from '../postgres/failure.ts'
import type { Pipeline } from '../postgres/pipeline.ts'
import { OwnAnswer, StatementAnswer } from '../script/answers.ts'
import { type Execution, TestFailed } from '../script/execution.ts'
import { placeOfStatement } from '../script/failure-place.ts'
import { stateAfter, type TransactionMode } from '../script/script-failure.ts'

/** A server that does not say within this time that it has stopped is not waited for. */
const hangUpMilliseconds = 2500

/** A run that is being stopped. */
export interface Stopping {
  /** The request to cancel is with the server. */
  readonly asked: Promise<void>
  /** Does not hang up any more. */
  end(): void
}

/** Has the server cancel what it runs; if it does not, hangs up. */
export function cancel({ channel }: Connection): Stopping {
  const timer = setTimeout(() => void channel.close(), hangUpMilliseconds)
  return { asked: channel.cancel(), end: () => clearTimeout(timer) }
}

/** A run that has failed, or was stopped. */
export interface FailedRun {
  readonly connection: Connection
  readonly pipeline: Pipeline
  readonly mode: TransactionMode
  readonly wanted: TransactionMode
  readonly execution: Execution
}

/** Rolls back what was stopped. The request to cancel may have met the rollback instead of a statement. */
export async function rollBack({ pipeline, mode }: FailedRun, { asked }: Stopping): Promise<void> {
  if (pipeline.ended) return
  await asked
  for (let tries = 0; mode === 'whole' && !pipeline.ended && pipeline.transactionStatus !== 'I' && tries < 2; tries++) {
    pipeline.clearError()
    pipeline.sendSimple(Buffer.from('rollback'), { complete() {} })
    await pipeline.idle().catch(() => {})
  }
}

/** Why it was stopped, and what is left. */
export function stoppedWhile(reason: unknown, failed: FailedRun): unknown {
  if (!(reason instanceof Failure) || reason.state !== undefined) return reason
  if (failed.pipeline.ended) return reason.with({ state: stateAfterLoss(failed) })
  const { statements } = failed.execution.totals
  // A single statement has committed itself when it is done.
  return reason.with({ state: stateAfter(statements > 0 ? failed.mode : failed.wanted, statements) })
}

/** What a run throws: where the connection was lost, with what is left. */
export function lostWhile(error: unknown, failed: FailedRun): unknown {
  if (error instanceof TestFailed || (error instanceof Failure && error.code !== 'connection_lost')) return error
  const failure = error instanceof Failure ? error : queryFailure(error, failed.connection.address)
  // Answers may have been under way to us; but what the server says last comes behind them.
  const { answer, told } = failed.pipeline.lostAt ?? {}
  const { statement, place } = told && answer instanceof StatementAnswer ? answer.sent : {}
  const location = statement
    ? placeOfStatement(statement, answer instanceof StatementAnswer ? answer.sent.done : 0)
    : place
  return failure.with({ state: stateAfterLoss(failed), ...(location && { location }) })
}

function stateAfterLoss({ pipeline, mode, wanted, execution }: FailedRun): string {
  if (wanted === 'none') return 'What ran before it stays; what was not committed is rolled back.'
  const { answer, told } = pipeline.lostAt ?? { answer: undefined, told: false }
  const before = told && !(answer instanceof OwnAnswer && answer.what === 'commit')
  // A single statement commits itself.
  if (before || !(execution.committing || mode === 'none')) return 'Nothing of it was kept: the server rolls it back.'
  return 'It broke while the transaction was being committed, so it may be there or not. Look before you run it again.'
}
