import { Failure, type Location } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import {
  CollectedAnswer,
  CopyOutAnswer,
  OwnAnswer,
  type Printing,
  type ResultSet,
  type Sent,
  ShownAnswer,
  StatementAnswer,
} from './answers.ts'
import { makeDecoder } from './client-encoding.ts'
import type { CopyCommand } from './copy.ts'
import type { ScriptEvents, ScriptTotals } from './events.ts'
import { RoutineBodies } from './failure-place.ts'
import type { ScriptOutput, ScriptSource } from './files.ts'
import type { Host, Stream } from './host.ts'
import { Interpreter, placeOf, readCondition } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { LargeObjectBlocks } from './large-object-blocks.ts'
import { type OutputPorts, Outputs } from './outputs.ts'
import { Recorder } from './recorder.ts'
import type { Recordings } from './recordings.ts'
import type { CopyData } from './items.ts'
import { splitScript } from './scan.ts'
import { scriptFailure, stateAfter, type TransactionMode } from './script-failure.ts'
import { refuseControl, Sender } from './sender.ts'
import type { ScriptSession, SessionError } from './session.ts'
import { countLineEnds } from './source.ts'
import { SourceLines } from './source-lines.ts'
import type { Statement } from './statement.ts'
import type { VariableStore } from './variable-store.ts'
import { textOf, verboseError } from './verbose-error.ts'

/** Asks the server for rows. */
export type AskServer = (sql: string) => Promise<ResultSet>

/** What a running script works with. */
export interface ExecutionPorts extends OutputPorts {
  readonly session: ScriptSession
  /** Opens another session, for `\connect`. */
  connect(words: readonly string[]): Promise<ScriptSession>
  /** Runs one of psql's commands that only look: `\d`, `\l`, `\sf`, `\conninfo`. Returns what it has not found. */
  describe(
    line: string,
    ask: AskServer,
    write: (text: string) => void,
    settings: PrintSettings | undefined,
  ): Promise<string | undefined>
}

export interface ExecutionOptions {
  readonly mode: TransactionMode
  /** What was asked for: a single statement needs no transaction to be all or nothing. */
  readonly wanted: TransactionMode
  readonly variables: VariableStore
  /** What becomes of result sets. */
  readonly results: 'print' | 'collect' | 'drop'
  /** What prints them, and how; undefined where nothing is printed. */
  readonly print: { readonly printing: Printing; readonly settings: PrintSettings } | undefined
  /** Print `INSERT 0 1` and the like. */
  readonly tags: boolean
  /** Wait for each answer, since the script asks for what it says. */
  readonly stepwise: boolean
  /** Forget what one file has set before the next: a dump leaves an empty search_path. */
  readonly resetBetween: boolean
  /** A statement that sets again what is ours. */
  readonly afterReset: Uint8Array | undefined
  /** What of the scripts need not be read again. */
  readonly recordings: readonly Recordings[]
  readonly signal?: AbortSignal | undefined
}

/** Runs scripts on a session. For one run only. */
export class Execution implements Host {
  /** COMMIT is under way: when the connection is lost now, nobody knows whether it was done. */
  committing = false
  readonly #ports: ExecutionPorts
  readonly #options: ExecutionOptions
  readonly #interpreter: Interpreter
  readonly #sender: Sender
  readonly #outputs: Outputs
  readonly #recorder: Recorder
  readonly #lines: SourceLines
  readonly #bodies = new RoutineBodies()
  readonly #blocks = new LargeObjectBlocks()
  #decoder: { encoding: string | undefined; decode: ReturnType<typeof makeDecoder> } = {
    encoding: 'UTF8',
    decode: undefined,
  }
  #last: Statement | undefined
  #lastError: SessionError | undefined
  #bound: readonly string[] | undefined

  constructor(ports: ExecutionPorts, options: ExecutionOptions, events: ScriptEvents) {
    const { mode, stepwise, results, variables } = options
    this.#ports = ports
    this.#options = options
    this.#lines = new SourceLines(ports.files)
    this.#outputs = new Outputs(ports, options.print)
    this.#recorder = new Recorder(events, variables, {
      setsResults: stepwise || mode === 'none',
      printTime: (milliseconds) => this.#write(ports.output, `Time: ${milliseconds.toFixed(3)} ms\n`),
    })
    this.#sender = new Sender(ports.session, {
      mode,
      stepwise,
      variables,
      describe: results !== 'drop',
      flushes: events.statement !== undefined,
      raise: (error) => this.#raise(error),
      stopsOnError: () => this.#stopsOnError,
    })
    this.#watch(ports.session)
    const standard = ports.session.parameters.get('standard_conforming_strings') !== 'off'
    const { recordings } = options
    const recorded = (source: ScriptSource) => recordings.map((each) => each.get(source)).find((items) => items)
    this.#interpreter = new Interpreter(this, variables, ports.files, {
      inTransaction: mode !== 'none',
      standardConformingStrings: standard,
      // They were read as if backslashes were ordinary, which they are nearly everywhere.
      ...(standard && { recordings: { get: recorded } }),
    })
  }

  get totals(): ScriptTotals {
    return this.#recorder.totals
  }

  #watch(session: ScriptSession): void {
    session.onNotice = (fields, answer) => this.#recorder.notice(fields, answer)
  }

  /** Runs scripts, one after the other. What throws has been rolled back, unless there is no transaction to roll back. */
  async run(sources: readonly ScriptSource[]): Promise<void> {
    const { mode, resetBetween, afterReset } = this.#options
    const sender = this.#sender
    try {
      if (mode === 'whole') sender.sendOwn('begin')
      for (const [index, source] of sources.entries()) {
        if (index > 0 && resetBetween) {
          sender.sendOwn('reset')
          if (afterReset) sender.session.send(afterReset, new OwnAnswer('reset'))
        }
        this.#recorder.begin(source)
        await this.#interpreter.read(source)
        // Its time ends when it is done, and not with the next one.
        sender.session.flush()
      }
      // A file that cannot be written to its end is an error like any other, also to the transaction.
      if (this.#outputs.redirected) await sender.settle().then(() => this.#outputs.restore())
      if (mode === 'whole') {
        sender.sendOwn('commit')
        this.committing = true
      }
      if (mode !== 'none') sender.session.sync()
      await sender.settle()
    } catch (error) {
      await sender.abandon()
      await this.#outputs.restore().catch(() => {})
      throw rolledBack(await this.#lines.show(error), mode)
    }
  }

  get #stopsOnError(): boolean {
    return this.#options.wanted !== 'none' || this.#options.variables.isOn('ON_ERROR_STOP')
  }

  /** Throws what the server has said; or tells it, if the script goes on. */
  async #raise(error: SessionError): Promise<void> {
    this.#lastError = error
    const failure = await scriptFailure(error, {
      mode: this.#options.wanted,
      alone: this.#options.mode === 'none',
      completed: this.totals.statements,
      bodies: this.#bodies,
      lines: this.#lines,
    })
    if (this.#stopsOnError) throw failure
    this.#sender.session.clearError()
    this.#recorder.events.error?.(failure)
    if (this.#options.variables.echo === 'errors') this.#echoFailed(error)
    this.#recorder.setResult(failure)
  }

  #sent(place: Location, statement: Statement | undefined, made: { sql?: string; generated?: string } = {}): Sent {
    const timed = this.#outputs.timing && this.#options.results === 'print'
    return this.#recorder.send(place, statement, { timed, ...made })
  }

  #answerTo(sent: Sent, settings = this.#outputs.settings, output = this.#outputs.results): StatementAnswer {
    const { results, tags, variables } = this.#options
    const { printing } = this.#outputs
    const recorder = this.#recorder
    const write = (text: string | Uint8Array) => this.#write(output, text)
    if (results === 'collect') {
      const done = (result: ResultSet) => recorder.events.result?.(result)
      return new CollectedAnswer(sent, recorder, { decode: this.#decode, done, copyOut: write })
    }
    if (printing === undefined || settings === undefined) return new StatementAnswer(sent, recorder)
    const quiet = !tags || variables.isOn('QUIET')
    return new ShownAnswer(sent, recorder, printing, this.#decode, { ...settings, quiet }, write)
  }

  /** Makes UTF-8 of a row, when the script has set another encoding. */
  readonly #decode = (values: readonly (Buffer | null)[]): readonly (Buffer | null)[] => {
    const encoding = this.#sender.session.parameters.get('client_encoding')
    if (encoding !== this.#decoder.encoding) this.#decoder = { encoding, decode: makeDecoder(encoding) }
    const { decode } = this.#decoder
    return decode ? values.map((value) => value && decode(value)) : values
  }

  #write(output: ScriptOutput, text: string | Uint8Array): void {
    output.write(text)
    const full = output.full()
    if (full) this.#sender.session.hold(full)
  }

  statement(statement: Statement): void | Promise<void> {
    this.#last = statement
    if (statement.empty) return
    this.#echo(statement)
    if (this.#options.mode !== 'none' && this.#passesOver(statement)) return
    return this.#send(statement, this.#answerTo(this.#sent(placeOf(statement), statement)))
  }

  /** Whether a statement is the BEGIN or COMMIT that pg_dump writes around large objects. Throws for any other BEGIN. */
  #passesOver(statement: Statement): boolean {
    const { begin } = this.#blocks
    const block = this.#blocks.follow(statement)
    if (begin && block !== 'inside' && block !== 'commit') refuseControl(begin.words, placeOf(begin))
    if (block !== 'begin' && block !== 'commit') return false
    this.#recorder.events.passedOver?.({ ...placeOf(statement), command: statement.words[0] ?? '' })
    return true
  }

  /** `\set ECHO queries`. */
  #echo(statement: Statement): void {
    if (this.#options.variables.echo === 'queries') this.echo(`${statement.text}\n`)
  }

  echo(text: string): void {
    if (this.#outputs.printing && text !== '') this.print('output', text)
  }

  #send(statement: Statement, answer: StatementAnswer, options: { describe?: boolean } = {}): void | Promise<void> {
    if (statement.words[0] === 'CREATE') this.#bodies.note(statement)
    const parameters = this.#bound
    this.#bound = undefined
    return this.#sender.send(statement, answer, { parameters, ...options })
  }

  copyData({ chunk, firstLine, lineEnds }: CopyData): void | Promise<void> {
    const copying = this.#sender.copying
    if (copying === undefined) return
    const { sent, ended } = copying
    sent.data ??= []
    sent.data[ended] ??= { file: sent.place.file, firstLine, stream: 'script' }
    return this.#sendData(chunk, lineEnds)
  }

  #sendData(chunk: Uint8Array, lineEnds: number): void | Promise<void> {
    this.#recorder.sentData(chunk.length, lineEnds)
    return this.#sender.data(chunk)
  }

  copyEnd(): void | Promise<void> {
    return this.#sender.endData()
  }

  async sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): Promise<void> {
    const send = statement ?? this.#last
    if (send === undefined || send.empty) return
    this.#last = send
    this.#echo(send)
    const sent = this.#sent(placeOf(statement ?? command), send)
    if (command.name === 'gset') return this.#setFrom(send, sent, words[0] ?? '')
    if (command.name === 'gexec') return this.#runGenerated(send, sent)
    const { settings, target } = this.#outputs.readTarget(command, words)
    if (target === undefined) {
      await this.#send(send, this.#answerTo(sent, settings))
      return
    }
    const output = await this.#outputs.open(command, target)
    try {
      await this.#send(send, this.#answerTo(sent, settings, output))
      await this.#sender.settle()
    } finally {
      await output.close()
    }
  }

  async #collect(statement: Statement, sent: Sent): Promise<ResultSet | undefined> {
    const answer = new CollectedAnswer(sent, this.#recorder, { decode: this.#decode })
    await this.#send(statement, answer, { describe: true })
    await this.#sender.settle()
    return sent.done > 0 ? answer.result : undefined
  }

  async #setFrom(statement: Statement, sent: Sent, prefix: string): Promise<void> {
    const result = await this.#collect(statement, sent)
    if (sent.done === 0) return
    const count = result?.rows.length ?? 0
    if (result === undefined || count !== 1) {
      const what = count === 0 ? 'no row' : 'more than one row'
      throw new Failure('script_failed', `\\gset wants exactly one row, and the statement returned ${what}.`, {
        location: sent.place,
        ...(this.#options.mode !== 'none' && { state: 'Nothing of it was kept: the transaction was rolled back.' }),
      })
    }
    result.columns.forEach(({ name }, index) => {
      this.#options.variables.set(`${prefix}${name}`, result.rows[0]?.[index]?.toString('utf8'))
    })
  }

  async #runGenerated(statement: Statement, sent: Sent): Promise<void> {
    const result = await this.#collect(statement, sent)
    for (const cell of result?.rows.flat() ?? []) {
      if (cell === null) continue
      const generated = cell.toString('utf8')
      if (this.#options.variables.echoesLines) this.echo(`${generated}\n`)
      const statements = splitScript(generated).filter((item) => item.kind === 'statement')
      const answer = this.#answerTo(this.#sent(sent.place, undefined, { generated }))
      await this.#sender.sendGenerated(cell, statements, answer)
    }
  }

  async copy(command: MetaCommand, copy: CopyCommand): Promise<void> {
    const sql = `copy ${copy.what} ${copy.direction === 'from' ? 'from stdin' : 'to stdout'} ${copy.options}`
    const text = Buffer.from(sql)
    const sent = this.#sent(placeOf(command), undefined, { sql })
    if (copy.direction === 'to') return this.#copyTo(command, copy, text, sent)
    const data = copy.stream === 'script' ? undefined : await this.#openData(command, copy)
    this.#sender.sendText(text, this.#answerTo(sent))
    this.#sender.expectData(sent)
    // Otherwise it is in the script, which goes on with it.
    if (data === undefined) return
    sent.data = [{ file: copy.path ?? 'stdin', firstLine: 1, stream: copy.stream }]
    // The data may be long in coming.
    this.#sender.session.flush()
    for await (const chunk of data) await this.#sendData(chunk, countLineEnds(chunk))
    await this.copyEnd()
  }

  async #openData(command: MetaCommand, copy: CopyCommand): Promise<AsyncIterable<Uint8Array>> {
    const { files } = this.#ports
    if (copy.stream === 'standard') return files.standardInput()
    if (copy.stream === 'program') return this.#outputs.shell(command, '\\copy … program').read(copy.path ?? '')
    return files.read(copy.path ?? '')
  }

  async #copyTo(command: MetaCommand, copy: CopyCommand, text: Buffer, sent: Sent): Promise<void> {
    const { path = '', stream } = copy
    const opened =
      stream === 'file'
        ? await this.#ports.files.write(path)
        : stream === 'program'
          ? await this.#outputs.shell(command, '\\copy … program').write(path)
          : undefined
    const output = opened ?? (stream === 'standard' ? this.#ports.output : this.#outputs.results)
    try {
      this.#sender.sendText(text, new CopyOutAnswer(sent, this.#recorder, (piece) => this.#write(output, piece)))
      await this.#sender.settle()
    } finally {
      await opened?.close()
    }
  }

  /** `\d` and the like. */
  async describe(command: MetaCommand, line: string): Promise<void> {
    await this.#sender.settle()
    if (this.#options.results === 'drop') return
    const ask = async (sql: string): Promise<ResultSet> => {
      const sent = this.#sent(placeOf(command), undefined, { sql })
      // What it asks are no statements of the script.
      const answer = new CollectedAnswer(sent, { completed() {} }, { decode: this.#decode })
      this.#sender.sendText(Buffer.from(sql), answer, { describe: true })
      await this.#sender.settle()
      return answer.result ?? { columns: [], rows: [] }
    }
    const { results, settings } = this.#outputs
    const complaint = await this.#ports.describe(line, ask, (text) => this.#write(results, text), settings)
    if (complaint === undefined) return
    // For psql a table that is not there is an error, and a list without entries is none.
    if (/^\\d[S+x]*$/.test(`\\${command.name}`)) {
      throw new Failure('script_failed', complaint, { location: placeOf(command) })
    }
    if (!this.#options.variables.isOn('QUIET')) this.print('error', `${complaint}\n`)
  }

  print(stream: Stream, text: string): void {
    const output = this.#outputs.of(stream)
    this.#sender.session.after(() => this.#write(output, text))
  }

  set(_command: MetaCommand, name: string | undefined, value: string | undefined): void {
    const message = this.#outputs.set(name, value)
    if (message !== undefined && !this.#options.variables.isOn('QUIET')) this.print('output', message)
  }

  /** `\set ECHO errors`. */
  #echoFailed({ answer }: SessionError): void {
    const text = answer instanceof StatementAnswer ? textOf(answer.sent) : undefined
    if (text !== undefined) this.print('error', `STATEMENT:  ${text}\n`)
  }

  repeatError(): void {
    if (this.#lastError === undefined) return this.print('output', 'There is no previous error.\n')
    const { fields, answer } = this.#lastError
    this.print('error', verboseError(fields, answer instanceof StatementAnswer ? textOf(answer.sent) : undefined))
  }

  async save(command: MetaCommand, target: string, text: string): Promise<void> {
    await this.#sender.settle()
    const output = await this.#outputs.open(command, target)
    output.write(text)
    await output.close()
  }

  async changeFolder(path: string | undefined): Promise<void> {
    // Data that an answer may be about is found again by its name.
    await this.#sender.settle()
    await this.#ports.files.changeFolder(path)
  }

  async redirect(command: MetaCommand, target: string | undefined): Promise<void> {
    await this.#sender.settle()
    await this.#outputs.redirect(command, target)
  }

  async connect(command: MetaCommand, words: readonly string[]): Promise<void> {
    if (this.#options.mode !== 'none') {
      throw new Failure('script_unsupported', `\\${command.name} leaves the transaction in which the script runs.`, {
        location: placeOf(command),
        hint: 'Run it with --no-transaction.',
      })
    }
    await this.#sender.settle()
    this.#sender.session = await this.#ports.connect(words)
    this.#watch(this.#sender.session)
  }

  encoding(command: MetaCommand, name: string | undefined): void | Promise<void> {
    const { session } = this.#sender
    if (name === undefined) return this.print('output', `${session.parameters.get('client_encoding') ?? ''}\n`)
    const sql = `set client_encoding to '${name.replaceAll("'", "''")}'`
    this.#sender.sendText(
      Buffer.from(sql),
      new StatementAnswer(this.#sent(placeOf(command), undefined, { sql }), this.#recorder),
    )
    return this.#sender.next()
  }

  timing(on: boolean | undefined): void {
    const outputs = this.#outputs
    outputs.timing = on ?? !outputs.timing
    if (outputs.printing) this.print('output', `Timing is ${outputs.timing ? 'on' : 'off'}.\n`)
  }

  bind(values: readonly string[]): void {
    this.#bound = values
  }

  async shell(command: MetaCommand, line: string, capture: boolean): Promise<string> {
    const shell = this.#outputs.shell(command, capture ? 'What stands in backquotes' : '\\!')
    await this.#sender.settle()
    const { output } = await shell.run(line)
    if (!capture) this.print('output', output)
    return output
  }

  condition(command: MetaCommand, text: string): boolean {
    try {
      return readCondition(command, text)
    } catch (error) {
      if (!(error instanceof Failure) || !this.passesOver(error)) throw error
      return false
    }
  }

  passesOver(failure: Failure): boolean {
    // What is refused stays so, whatever the script makes of errors.
    if (this.#stopsOnError || !['script_failed', 'file_missing', 'sql_error'].includes(failure.code)) return false
    this.#recorder.events.error?.(failure)
    return true
  }

  enter(source: ScriptSource): void {
    this.#lines.note(source)
  }

  leave(source: ScriptSource): void {
    this.#recorder.end(source)
  }

  arrived(): void {
    this.#options.signal?.throwIfAborted()
  }
}

/** What is no error of the server ends the transaction all the same. */
function rolledBack(error: unknown, mode: TransactionMode): unknown {
  const says = error instanceof Failure && error.state === undefined && mode !== 'none'
  return says ? error.with({ state: stateAfter(mode, 0) }) : error
}
