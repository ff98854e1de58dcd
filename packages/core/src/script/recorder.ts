import type { Failure, Location } from '../errors.ts'
import { type AnswerListener, type ScriptTally, type Sent, StatementAnswer } from './answers.ts'
import type { ScriptEvents, ScriptTotals } from './events.ts'
import type { ScriptSource } from './files.ts'
import { wantedFields } from './script-failure.ts'
import type { Answer, ServerFields } from './session.ts'
import type { Statement } from './statement.ts'
import type { VariableStore } from './variable-store.ts'

/** To the microsecond: more is noise. */
export function secondsOf(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1e6
}

const returnsRows = /^(?:SELECT|SHOW|FETCH|EXPLAIN)\b/
const changesRows = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY) /

/** Counts what scripts do, and tells it to whoever watches. */
export class Recorder implements AnswerListener {
  readonly totals: ScriptTotals = { scripts: [], statements: 0, rows: 0, copying: 0, bytes: 0 }
  readonly events: ScriptEvents
  readonly #variables: VariableStore
  /** Set the variables that tell of the last statement: only right where each is waited for. */
  readonly #setsResults: boolean
  /** What `\timing` prints. */
  readonly #printTime: (milliseconds: number) => void
  #tally: ScriptTally = { file: '', statements: 0, rows: 0, objects: 0, seconds: 0 }
  /** When the script that is read began, and since when the one that runs has the server to itself. */
  #begun = 0
  #since = 0
  /** The bytes of the files that are over. */
  #bytesBefore = 0
  #lastDone = 0

  constructor(
    events: ScriptEvents,
    variables: VariableStore,
    options: { setsResults: boolean; printTime: (milliseconds: number) => void },
  ) {
    this.events = events
    this.#variables = variables
    this.#setsResults = options.setsResults
    this.#printTime = options.printTime
  }

  /** One of the scripts that were given begins. */
  begin({ name }: ScriptSource): void {
    this.#tally = { file: name, statements: 0, rows: 0, objects: 0, seconds: 0 }
    this.#begun = performance.now()
    this.totals.scripts.push(this.#tally)
  }

  /** A file is over, one that was given or one that is included. */
  end({ sizeBytes = 0 }: ScriptSource): void {
    this.#bytesBefore += sizeBytes
  }

  /** Notes that something is about to be sent. */
  send(
    place: Location,
    statement: Statement | undefined,
    { timed, sql, generated }: { timed: boolean; sql?: string; generated?: string },
  ): Sent {
    return {
      place,
      statement,
      offset: this.#bytesBefore + (statement?.end.offset ?? 0),
      sentAt: performance.now(),
      done: 0,
      data: undefined,
      tally: this.#tally,
      timed,
      sql,
      generated,
    }
  }

  /** Data of a COPY was sent. */
  sentData(bytes: number, lines: number): void {
    this.totals.bytes += bytes
    this.totals.copying += lines
    this.events.progress?.(this.totals)
  }

  completed(sent: Sent, tag: string): void {
    const { totals } = this
    const { tally } = sent
    const now = performance.now()
    const rows = Number(/ (\d+)$/.exec(tag)?.[1] ?? 0)
    sent.done++
    totals.statements++
    // It was read while the one before it was still running.
    if (tally.statements++ === 0) this.#since = Math.max(this.#begun, this.#lastDone)
    if (changesRows.test(tag) && !copiesOut(sent)) {
      totals.rows += rows
      tally.rows += rows
      if (tag.startsWith('COPY ')) totals.copying = 0
    } else if (tag.startsWith('CREATE ')) tally.objects++
    tally.seconds = secondsOf(now - this.#since)
    if (sent.offset > totals.bytes) totals.bytes = sent.offset
    const seconds = secondsOf(now - Math.max(sent.sentAt, this.#lastDone))
    this.#lastDone = now
    this.events.progress?.(totals)
    this.events.statement?.({
      ...sent.place,
      command: tag,
      rows,
      seconds,
      text: () => sent.generated ?? sent.statement?.text ?? sent.sql ?? '',
    })
    if (sent.timed) this.#printTime(seconds * 1000)
    if (!this.#setsResults) return
    this.setResult(undefined, rows)
    // psql sets it wherever it prints a tag, and tables have no OIDs any more.
    if (!returnsRows.test(tag)) this.#variables.set('LASTOID', '0')
  }

  /** There was nothing in a statement. */
  nothing(): void {
    if (this.#setsResults) this.setResult(undefined)
  }

  /** Sets the variables that tell of the last statement. */
  setResult(failure: Failure | undefined, rows = 0): void {
    const variables = this.#variables
    // What no server has said has neither.
    const sqlstate = failure?.sql?.sqlstate ?? ''
    variables.set('ERROR', String(failure !== undefined))
    variables.set('SQLSTATE', failure === undefined ? '00000' : sqlstate)
    variables.set('ROW_COUNT', String(rows))
    if (failure === undefined) return
    variables.set('LAST_ERROR_MESSAGE', failure.sql === undefined ? '' : failure.message)
    variables.set('LAST_ERROR_SQLSTATE', sqlstate)
  }

  notice(fields: ServerFields, answer: Answer | undefined): void {
    const { severity, message, detail, hint, code, where } = wantedFields(fields, this.#variables)
    const sent = answer instanceof StatementAnswer ? answer.sent : undefined
    // "… already exists, skipping": nothing was made.
    if (sent && severity === 'NOTICE' && ['42P07', '42710', '42P06'].includes(code)) sent.tally.objects--
    this.events.notice?.({
      severity,
      message,
      sqlstate: code,
      ...(detail !== undefined && { detail }),
      ...(hint !== undefined && { hint }),
      ...(where !== undefined && { where }),
      ...(sent && { location: sent.place }),
    })
  }
}

/** COPY … TO has the tag of COPY … FROM. */
function copiesOut({ statement, sql }: Sent): boolean {
  if (statement === undefined) return sql !== undefined && / to stdout /.test(sql)
  return statement.words[0] === 'COPY' && statement.words.find((word) => word === 'TO' || word === 'FROM') === 'TO'
}
