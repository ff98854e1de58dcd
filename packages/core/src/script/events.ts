import type { Failure, Location } from '../errors.ts'
import type { ResultSet, ScriptTally } from './answers.ts'

/** What scripts have done so far. Counted while they run. */
export interface ScriptTotals {
  /** One for each script, in order, as far as they have begun. */
  readonly scripts: ScriptTally[]
  statements: number
  rows: number
  /** Lines of the COPY under way that were sent: rows, as a rule. */
  copying: number
  /** How far the files are done, counted over all of them. */
  bytes: number
}

/** A statement that is done. */
export interface StatementEvent {
  readonly file: string
  readonly line: number
  readonly column: number
  /** As the server sums it up: `INSERT 0 1`. */
  readonly command: string
  /** Rows that it changed or returned. */
  readonly rows: number
  /** Since it was sent, or since the one before it was done, whichever is later. */
  readonly seconds: number
  /** Its text as it was sent, unless it is COPY data. */
  text(): string
}

/** A NOTICE, WARNING or the like, and the statement that it came from. */
export interface ScriptNotice {
  readonly severity: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** What the server was in the middle of: where `SHOW_CONTEXT` is always. */
  readonly where?: string
  readonly sqlstate: string
  readonly location?: Location
}

/** A BEGIN or COMMIT that was not sent: a dump has it around large objects, and all is one transaction. */
interface PassedOver extends Location {
  readonly command: string
}

/** Whoever watches a script run. */
export interface ScriptEvents {
  statement?(event: StatementEvent): void
  notice?(notice: ScriptNotice): void
  passedOver?(statement: PassedOver): void
  /** A statement failed, and the script goes on since its ON_ERROR_STOP is off. */
  error?(failure: Failure): void
  /** Called often, always with the same object. */
  progress?(totals: ScriptTotals): void
  /** A result set, where results are collected. */
  result?(result: ResultSet): void
}
