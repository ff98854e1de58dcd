import type { Location } from '../errors.ts'
import type { Printer } from '../print/result.ts'
import type { PrintSettings } from '../print/settings.ts'
import type { CopyCommand } from './copy.ts'
import type { Answer, Column } from './session.ts'
import type { Statement } from './statement.ts'

/** What one of the scripts has done so far. Counted while it runs. */
export interface ScriptTally {
  /** As it was given. */
  readonly file: string
  /** Statements that are done. */
  statements: number
  /** Rows inserted, updated, deleted or copied. */
  rows: number
  /** Tables, functions, types … that were made. */
  objects: number
  /** From its begin, or from when the script before it was done, to the end of its last statement. */
  seconds: number
}

/** What is sent to the server, and where it comes from. */
export interface Sent {
  readonly place: Location
  /** Undefined for what is made of a command, such as `\copy`. */
  readonly statement: Statement | undefined
  /** How far the script has come when it is done, in bytes over all files. */
  readonly offset: number
  /** When it was sent: milliseconds, as `performance.now()` counts. */
  readonly sentAt: number
  /** How many of the statements that `\;` joins are done. */
  done: number
  /** Where the data of its COPYs comes from, as far as that has begun: one for each that `\;` joins. */
  data: (CopySource | undefined)[] | undefined
  /** What is counted of the script that was given, includes and all. */
  readonly tally: ScriptTally
  /** `\timing` was on. */
  readonly timed: boolean
  /** What is sent for `\copy`. */
  readonly sql: string | undefined
  /** Text that `\gexec` made. */
  readonly generated: string | undefined
}

/** Where the data of a COPY stands. */
export interface CopySource {
  /** The script, or the file that `\copy` reads. */
  readonly file: string
  /** The line of it on which the data starts. */
  readonly firstLine: number
  /** How it is read, as `\copy` says; `script` for what stands behind the statement. */
  readonly stream: CopyCommand['stream']
}

/** What a statement's answer is told to. */
export interface AnswerListener {
  completed(sent: Sent, tag: string): void
}

/** Waits for a statement to be done, and drops its result. */
export class StatementAnswer implements Answer {
  readonly sent: Sent
  readonly #listener: AnswerListener

  constructor(sent: Sent, listener: AnswerListener) {
    this.sent = sent
    this.#listener = listener
  }

  complete(tag: string): void {
    this.#listener.completed(this.sent, tag)
  }

  /** Where it is there: told when all of a group is answered, and nothing with an error. */
  released?(): void
}

/** Hands everything on. */
export class PassingAnswer extends StatementAnswer {
  readonly #answer: Answer

  constructor(sent: Sent, answer: Answer) {
    super(sent, { completed() {} })
    this.#answer = answer
  }

  columns(columns: readonly Column[]): void {
    this.#answer.columns?.(columns)
  }

  row(values: readonly (Buffer | null)[]): void {
    this.#answer.row?.(values)
  }

  copyOut(chunk: Buffer): void {
    this.#answer.copyOut?.(chunk)
  }

  override complete(tag: string): void {
    this.#answer.complete(tag)
  }
}

/** Something that we send ourselves around a script: BEGIN, COMMIT, or the test whether it may be run without asking. */
export class OwnAnswer implements Answer {
  readonly what: 'begin' | 'commit' | 'reset' | 'rollback' | 'savepoint' | 'test'

  constructor(what: OwnAnswer['what']) {
    this.what = what
  }

  complete(): void {}
}

/** A result set, kept. */
export interface ResultSet {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly (Buffer | null)[])[]
}

/** Makes UTF-8 of values, where they come in another encoding. */
export type Decode = (values: readonly (Buffer | null)[]) => readonly (Buffer | null)[]

interface Collector {
  readonly decode: Decode
  /** Told each result set at its end. */
  done?(result: ResultSet): void
  /** Takes what COPY … TO STDOUT writes. */
  copyOut?(chunk: Buffer): void
}

/** Keeps the rows, for `\gset` and `\gexec`, or for whoever wants results as data. */
export class CollectedAnswer extends StatementAnswer {
  readonly #collector: Collector
  #columns: readonly Column[] | undefined
  #rows: (readonly (Buffer | null)[])[] = []
  /** Of the statements that `\;` joins, not each has a result of its own. */
  #told = false

  constructor(sent: Sent, listener: AnswerListener, collector: Collector) {
    super(sent, listener)
    this.#collector = collector
  }

  get result(): ResultSet | undefined {
    return this.#columns && { columns: this.#columns, rows: this.#rows }
  }

  columns(columns: readonly Column[]): void {
    this.#columns = columns
    this.#rows = []
    this.#told = false
  }

  row(values: readonly (Buffer | null)[]): void {
    this.#rows.push(this.#collector.decode(values))
  }

  copyOut(chunk: Buffer): void {
    this.#collector.copyOut?.(chunk)
  }

  override complete(tag: string): void {
    if (this.result && !this.#told) this.#collector.done?.(this.result)
    this.#told = true
    super.complete(tag)
  }
}

/** Takes what COPY … TO STDOUT writes. */
export class CopyOutAnswer extends StatementAnswer {
  readonly #write: (bytes: Uint8Array) => void

  constructor(sent: Sent, listener: AnswerListener, write: (bytes: Uint8Array) => void) {
    super(sent, listener)
    this.#write = write
  }

  copyOut(chunk: Buffer): void {
    this.#write(chunk)
  }
}

/** What prints: loaded only where something is printed. */
export interface Printing {
  createPrinter(settings: PrintSettings, write: (text: string) => void): Printer
  formatTag(settings: PrintSettings, tag: string): string
  tagFollowsRows(tag: string): boolean
  changeSetting(
    settings: PrintSettings,
    name: string,
    value: string | undefined,
  ): { settings: PrintSettings; message?: string }
  listSettings(settings: PrintSettings): string
  /** What `\crosstabview` makes of a result. Throws `script_failed`. */
  crosstab(
    columns: readonly string[],
    rows: readonly (readonly (string | null)[])[],
    words: readonly string[],
    nullText: string,
  ): Promise<{
    readonly columns: readonly string[]
    readonly rows: readonly (readonly (string | null)[])[]
    /** Whose types the first column and the others have. */
    readonly from: { readonly vertical: number; readonly data: number }
  }>
}

/** Whether the statement that is answered now is COPY … TO STDOUT. */
function copiesToClient({ statement, done }: Sent): boolean {
  const words = statement?.parts[done]?.words ?? []
  const target = words[words.indexOf('TO') + 1]
  return words[0] === 'COPY' && (target === 'STDOUT' || target === 'STDIN')
}

/** Prints what comes, as psql does. With `tell`, results go to a file of their own, and tags do not. */
export class ShownAnswer extends StatementAnswer {
  readonly #printing: Printing
  readonly #decode: Decode
  readonly #settings: PrintSettings
  readonly #write: (text: string | Uint8Array) => void
  readonly #tell: ((tag: string) => void) | undefined
  #printer: Printer | undefined
  #rows = 0
  #copiedOut = false

  constructor(
    sent: Sent,
    listener: AnswerListener,
    printing: Printing,
    decode: Decode,
    settings: PrintSettings,
    write: (text: string | Uint8Array) => void,
    tell: ((tag: string) => void) | undefined,
  ) {
    super(sent, listener)
    this.#tell = tell
    this.#printing = printing
    this.#decode = decode
    this.#settings = settings
    this.#write = write
  }

  columns(columns: readonly Column[]): void {
    this.#printer = this.#printing.createPrinter(this.#settings, this.#write)
    this.#rows = 0
    this.#printer.begin(columns)
  }

  row(values: readonly (Buffer | null)[]): void {
    this.#rows++
    this.#printer?.row(this.#decode(values))
  }

  copyOut(chunk: Buffer): void {
    this.#copiedOut = true
    this.#write(chunk)
  }

  override complete(tag: string): void {
    const tell = this.#tell
    if (tell) {
      this.#printer?.end({ tag: '', rows: this.#rows })
      if (!this.#printer || this.#printing.tagFollowsRows(tag)) tell(tag)
    } else if (this.#printer) this.#printer.end({ tag, rows: this.#rows })
    // Among the data of COPY … TO STDOUT it would be taken for some.
    else if (tag !== '' && !this.#settings.quiet && !this.#copiedOut && !copiesToClient(this.sent))
      this.#write(this.#printing.formatTag(this.#settings, tag))
    this.#printer = undefined
    this.#copiedOut = false
    super.complete(tag)
  }
}
