import { Failure, type Location } from '../errors.ts'
import { AroundStatement } from './around-statement.ts'
import { OwnAnswer, type Sent, type StatementAnswer } from './answers.ts'
import type { TransactionMode } from './script-failure.ts'
import type { Answer, ScriptSession, SessionError } from './session.ts'
import type { Statement } from './statement.ts'
import { transactionControl } from './transaction-rules.ts'
import type { VariableStore } from './variable-store.ts'

export interface SenderOptions {
  readonly mode: TransactionMode
  /** Wait for each answer, since the script asks for what it says. */
  readonly stepwise: boolean
  /** Ask for the columns of results. */
  readonly describe: boolean
  /** Have each statement answered at once, since somebody measures them. */
  readonly flushes: boolean
  readonly variables: VariableStore
  /** Makes a failure of an error, and throws it unless the script goes on after errors. */
  raise(error: SessionError): Promise<void>
  stopsOnError(): boolean
}

const noBytes = Buffer.alloc(0)
const ownBytes: Record<'begin' | 'commit' | 'rollback' | 'reset', Buffer> = {
  begin: Buffer.from('begin'),
  commit: Buffer.from('commit'),
  rollback: Buffer.from('rollback'),
  reset: Buffer.from('reset all'),
}

/** What a command has sent other than the text of a statement alone: values for it, or a statement that has a name. */
export type Extended =
  | { readonly what: 'values'; readonly values: readonly string[] }
  | { readonly what: 'named'; readonly name: string; readonly values: readonly string[] }
  | { readonly what: 'parse'; readonly name: string }
  | { readonly what: 'close'; readonly name: string }

/**
 * Sends the statements of a script: in a transaction without waiting, outside of one each for itself. What it returns is
 * undefined where there is nothing to wait for.
 */
export class Sender {
  session: ScriptSession
  readonly #options: SenderOptions
  readonly #around: AroundStatement
  /** The COPY whose data comes now, how many blocks of it there are, and how many are over. */
  #copying: { readonly sent: Sent; readonly blocks: number; ended: number } | undefined

  constructor(session: ScriptSession, options: SenderOptions) {
    this.session = session
    this.#options = options
    this.#around = new AroundStatement(options.variables)
  }

  /** Sends BEGIN, COMMIT and the like. */
  sendOwn(what: keyof typeof ownBytes): void {
    this.sendText(ownBytes[what], new OwnAnswer(what))
  }

  /** Sends a statement after whose error nothing is run. In a transaction of its own: the script's may begin with SET TRANSACTION. */
  sendTest(test: Uint8Array): void {
    for (const text of [ownBytes.begin, test, ownBytes.commit]) this.sendText(text, new OwnAnswer('test'))
  }

  /** Waits for all answers. Throws when one of them is an error. */
  async settle(): Promise<void> {
    await this.session.idle()
    await this.#raise()
    if (!this.#around.isOpen || this.#copying) return
    await this.#around.close(this.session)
    await this.#raise()
  }

  /** Waits until more can be sent, if need be. Throws when the server has reported an error. */
  pause(): void | Promise<void> {
    const { session } = this
    if (session.error || session.ended) return this.#raise()
    return session.room()?.then(() => this.#raise())
  }

  /** Waits as the transaction asks for: outside of one for the answer, in one until there is room. */
  next(): void | Promise<void> {
    return this.#options.mode === 'none' || this.#options.stepwise ? this.settle() : this.pause()
  }

  /** Throws what the server has said; or tells it, if the script goes on. */
  raise(error: SessionError): Promise<void> {
    return this.#options.raise(error)
  }

  async #raise(): Promise<void> {
    const { error, ended } = this.session
    if (error !== undefined) await this.raise(error)
    else if (ended) await this.session.idle()
  }

  /** Sends a statement of the script. */
  send(statement: Statement, answer: StatementAnswer, describe = this.#options.describe): void | Promise<void> {
    const { mode, stepwise, flushes } = this.#options
    const { parts } = statement
    if (statement.copyFromStdin) {
      this.expectData(answer.sent, parts.filter((part) => part.copyFromStdin).length)
    }
    if (mode === 'none') return this.#sendAlone(statement, answer)
    for (const { words } of parts) refuseControl(words, answer.sent.place)
    if (parts.length > 1) return this.#sendGroup(statement, answer)
    this.session.send(statement.bytes, answer, { describe })
    if (stepwise && !this.#copying) return this.settle()
    if (flushes || answer.sent.timed) this.session.flush()
    return this.pause()
  }

  async #sendGroup(statement: Statement, answer: StatementAnswer): Promise<void> {
    await this.settle()
    this.session.sendSimple(statement.bytes, answer)
    this.#releaseBehind(answer)
    if (!this.#copying) await this.settle()
  }

  async #sendAlone({ bytes, words }: Statement, answer: StatementAnswer): Promise<void> {
    const taking = this.#around.needed ? await this.#around.open(this.session, words, answer) : answer
    this.session.sendSimple(bytes, taking)
    this.#releaseBehind(answer)
    if (!this.#copying) await this.settle()
  }

  /** Has what waits for the end of a group told of it. */
  #releaseBehind(answer: StatementAnswer): void {
    if (answer.released === undefined) return
    const { session } = this
    session.after(() => {
      if (session.error === undefined) answer.released?.()
    })
  }

  /** Sends what goes before a statement that is run for itself. Returns what takes its answer. */
  async #open(words: readonly string[], answer: StatementAnswer): Promise<StatementAnswer> {
    const opens = this.#options.mode === 'none' && this.#around.needed
    return opens ? this.#around.open(this.session, words, answer) : answer
  }

  /** Sends something by the extended protocol. */
  async sendExtended(request: Extended, statement: Statement | undefined, answer: StatementAnswer): Promise<void> {
    const { session } = this
    if (this.#options.mode !== 'none') {
      this.post(request, statement, answer)
      if (answer.sent.timed) session.flush()
      await this.next()
      return
    }
    this.post(request, statement, await this.#open(statement?.words ?? [], answer))
    session.sync()
    await this.settle()
  }

  /** The same, without a Sync and without waiting. */
  post(request: Extended, statement: Statement | undefined, answer: StatementAnswer): void {
    const { session } = this
    if (this.#options.mode !== 'none' && (request.what === 'values' || request.what === 'parse')) {
      for (const { words } of statement?.parts ?? []) refuseControl(words, answer.sent.place)
    }
    const text = statement?.bytes ?? noBytes
    switch (request.what) {
      case 'values':
        return session.send(text, answer, { describe: true, parameters: request.values })
      case 'named':
        return session.execute(request.name, request.values, answer)
      case 'parse':
        return session.prepare(request.name, text, answer)
      case 'close':
        return session.closePrepared(request.name, answer)
    }
  }

  /** Sends a text that is no statement of the script, but made of a command of it. */
  sendText(
    text: Uint8Array,
    answer: Answer,
    options: { describe?: boolean; parameters?: readonly string[] } = {},
  ): void {
    const alone = this.#options.mode === 'none'
    if (alone && options.parameters === undefined) return this.session.sendSimple(text, answer)
    this.session.send(text, answer, options)
    if (alone) this.session.sync()
  }

  /** Sends the COPY that `\copy` makes. */
  async sendCopy(text: Uint8Array, answer: StatementAnswer): Promise<void> {
    this.sendText(text, await this.#open(['COPY'], answer))
  }

  /** Asks what columns a statement would return. */
  async sendDescribe({ bytes, words }: Statement, answer: StatementAnswer): Promise<void> {
    this.session.describe(bytes, await this.#open(words, answer))
    if (this.#options.mode === 'none') this.session.sync()
  }

  /** Sends a text that `\gexec` has made: of one statement, as a rule. */
  async sendGenerated(text: Uint8Array, statements: readonly Statement[], answer: StatementAnswer): Promise<void> {
    const { mode, describe } = this.#options
    if (mode !== 'none') for (const { words } of statements) refuseControl(words, answer.sent.place)
    if (mode !== 'none' && statements.length === 1) {
      this.session.send(text, answer, { describe })
      this.#releaseBehind(answer)
      await this.pause()
      return
    }
    await this.settle()
    this.session.sendSimple(text, await this.#open(statements[0]?.words ?? [], answer))
    this.#releaseBehind(answer)
    await this.settle()
  }

  /** Says that data for what was sent comes next. */
  expectData(sent: Sent, blocks = 1): void {
    this.#copying = { sent, blocks, ended: 0 }
  }

  /** What the data that comes now belongs to, and how many blocks are before it. */
  get copying(): { readonly sent: Sent; readonly ended: number } | undefined {
    return this.#copying
  }

  data(chunk: Uint8Array): void | Promise<void> {
    // What comes after an error is read to its end, and not sent.
    if (this.session.error && !this.#options.stopsOnError()) return
    this.session.copyData(chunk)
    return this.pause()
  }

  endData(): void | Promise<void> {
    const copying = this.#copying
    if (copying === undefined) return
    if (!this.session.error) this.session.copyEnd()
    if (++copying.ended < copying.blocks) return
    this.#copying = undefined
    return (copying.sent.statement?.parts.length ?? 1) > 1 ? this.settle() : this.next()
  }

  /** Leaves the session so that others can use it. Never throws. */
  async abandon(): Promise<void> {
    const { session } = this
    const { mode } = this.#options
    try {
      if (this.#copying) session.copyEnd('the script has failed')
      session.clearError()
      session.sync()
      if (mode === 'whole') this.sendOwn('rollback')
      session.sync()
      await session.idle()
      // A transaction that the script began itself, and did not end.
      if (mode === 'none' && session.transactionStatus !== 'I') {
        this.sendOwn('rollback')
        await session.idle()
      }
    } catch {
      // The connection is gone, and with it whatever was not committed.
    }
  }
}

/**
 * Throws `script_unsupported` for what begins or ends a transaction. Only what a variable or `\gexec` has brought in, or stands
 * behind a condition, can be found so late.
 */
export function refuseControl(words: readonly string[], location: Location): void {
  const control = transactionControl(words)
  if (control === undefined) return
  throw new Failure('script_unsupported', `${control.what} ends or begins a transaction, and the script runs in one.`, {
    location,
    state: 'Nothing of it was kept: the transaction was rolled back.',
    hint: 'Run it with --no-transaction.',
  })
}
