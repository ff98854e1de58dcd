import { Failure } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import { OwnAnswer, type Printing, StatementAnswer } from './answers.ts'
import { Answering, type AnsweringOptions } from './answering.ts'
import type { CopyCommand } from './copy.ts'
import { Copying } from './copying.ts'
import { describe, type DescribePorts } from './describing.ts'
import type { ScriptEvents, ScriptTotals } from './events.ts'
import { RoutineBodies } from './failure-place.ts'
import type { ScriptSource } from './files.ts'
import type { Host, Stream } from './host.ts'
import { Interpreter, placeOf, readCondition } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { type OutputPorts, Outputs } from './outputs.ts'
import { LargeObjects } from './large-objects.ts'
import { Recorder } from './recorder.ts'
import { ScriptPipeline } from './script-pipeline.ts'
import type { Recordings } from './recordings.ts'
import type { CopyData } from './items.ts'
import { scriptFailure, stateAfter, type TransactionMode } from './script-failure.ts'
import { Sender } from './sender.ts'
import type { ScriptSession, SessionError } from './session.ts'
import { SourceLines } from './source-lines.ts'
import type { Statement } from './statement.ts'
import { Statements } from './statements.ts'
import { textOf, verboseError } from './verbose-error.ts'

/** What a running script works with. */
export interface ExecutionPorts extends OutputPorts, DescribePorts {
  readonly session: ScriptSession
  /** Opens another session, for `\connect`. */
  connect(words: readonly string[]): Promise<ScriptSession>
}

export interface ExecutionOptions extends AnsweringOptions {
  readonly mode: TransactionMode
  /** What was asked for: a single statement needs no transaction to be all or nothing. */
  readonly wanted: TransactionMode
  /** What prints them, and how; undefined where nothing is printed. */
  readonly print: { readonly printing: Printing; readonly settings: PrintSettings } | undefined
  /** Wait for each answer, since the script asks for what it says. */
  readonly stepwise: boolean
  /** Forget what one file has set before the next: a dump leaves an empty search_path. */
  readonly resetBetween: boolean
  /** A statement that sets again what is ours. */
  readonly afterReset: Uint8Array | undefined
  /** Goes ahead of a whole transaction. Where it fails, nothing is run, and `TestFailed` thrown. */
  readonly test: Uint8Array | undefined
  /** What of the scripts need not be read again. */
  readonly recordings: readonly Recordings[]
}

/** The statement that went ahead of the scripts has failed. */
export class TestFailed extends Error {}

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
  readonly #answering: Answering
  readonly #pipeline: ScriptPipeline
  readonly #statements: Statements
  readonly #copying: Copying
  readonly #largeObjects: LargeObjects
  #lastError: SessionError | undefined

  constructor(ports: ExecutionPorts, options: ExecutionOptions, events: ScriptEvents) {
    const { mode, stepwise, results, variables } = options
    this.#ports = ports
    this.#options = options
    this.#lines = new SourceLines(ports.files)
    this.#outputs = new Outputs(ports, options.print)
    this.#recorder = new Recorder(events, variables, {
      setsResults: stepwise || mode === 'none',
      printTime: (milliseconds) => this.#answering.write(ports.output, `Time: ${milliseconds.toFixed(3)} ms\n`),
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
    this.#answering = new Answering(this.#sender, this.#outputs, this.#recorder, options)
    this.#pipeline = new ScriptPipeline(this.#answering, mode)
    this.#statements = new Statements(this.#answering, mode, this.#bodies, this.#pipeline, {
      passesOver: (failure) => this.passesOver(failure),
    })
    this.#copying = new Copying(this.#answering, ports)
    this.#largeObjects = new LargeObjects(this.#answering, ports, mode)
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
    const { mode, resetBetween, afterReset, test } = this.#options
    const sender = this.#sender
    try {
      if (mode === 'whole') {
        if (test) sender.sendTest(test)
        sender.sendOwn('begin')
      }
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
      this.#pipeline.checkEnd()
      // A file that cannot be written to its end is an error like any other, also to the transaction.
      if (this.#outputs.redirected) await sender.settle().then(() => this.#outputs.restore())
      if (mode === 'whole') {
        sender.sendOwn('commit')
        this.committing = true
      }
      if (mode !== 'none') sender.session.sync()
      await sender.settle()
    } catch (error) {
      this.#pipeline.drop()
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
    if (error.answer instanceof OwnAnswer && error.answer.what === 'test') throw new TestFailed(error.fields.message)
    this.#lastError = error
    const failure = await scriptFailure(error, {
      mode: this.#options.wanted,
      alone: this.#options.mode === 'none',
      completed: this.totals.statements,
      bodies: this.#bodies,
      lines: this.#lines,
      variables: this.#options.variables,
    })
    if (this.#stopsOnError) throw failure
    this.#sender.session.clearError()
    this.#recorder.events.error?.(failure)
    if (this.#options.variables.echo === 'errors') this.#echoFailed(error)
    this.#recorder.setResult(failure)
  }

  statement(statement: Statement): void | Promise<void> {
    return this.#statements.statement(statement)
  }

  sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): Promise<void> {
    const send = () => this.#statements.sendWith(command, statement, words)
    return command.name === 'watch' ? this.#orDiscardLine(send) : send()
  }

  echo(text: string): void {
    if (this.#outputs.printing && text !== '') this.print('output', text)
  }

  copyData(data: CopyData): void | Promise<void> {
    return this.#copying.data(data)
  }

  copyEnd(): void | Promise<void> {
    return this.#copying.end()
  }

  async copy(command: MetaCommand, copy: CopyCommand): Promise<void> {
    this.#pipeline.refuse(command)
    return this.#copying.copy(command, copy)
  }

  async largeObject(command: MetaCommand, words: readonly string[]): Promise<void> {
    this.#pipeline.refuse(command)
    await this.#orDiscardLine(() => this.#largeObjects.follow(command, words))
  }

  async describe(command: MetaCommand, words: readonly string[]): Promise<void> {
    this.#pipeline.refuse(command)
    await this.#orDiscardLine(() => describe(command, words, this.#answering, this.#ports))
  }

  /** Runs a command that fails when the server has an error: psql then reads nothing more on its line. */
  async #orDiscardLine(run: () => Promise<void>): Promise<void> {
    const before = this.#lastError
    await run()
    if (this.#lastError !== before) this.#interpreter.discardLine()
  }

  print(stream: Stream, text: string): void {
    this.#answering.print(stream, text)
  }

  set(_command: MetaCommand, name: string | undefined, value: string | undefined): void {
    const message = this.#outputs.set(name, value)
    // A list that was asked for is printed all the same.
    const quiet = name !== undefined && this.#options.variables.quiet
    if (message !== undefined && !quiet) this.print('output', message)
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
    // Nothing was committed of a pipeline that is left.
    this.#pipeline.drop()
    this.#sender.session.sync()
    await this.#sender.settle()
    this.#sender.session = await this.#ports.connect(words)
    this.#watch(this.#sender.session)
  }

  encoding(command: MetaCommand, name: string | undefined): void | Promise<void> {
    const { session } = this.#sender
    if (name === undefined) return this.print('output', `${session.parameters.get('client_encoding') ?? ''}\n`)
    this.#pipeline.refuse(command)
    const sql = `set client_encoding to '${name.replaceAll("'", "''")}'`
    this.#sender.sendText(
      Buffer.from(sql),
      new StatementAnswer(this.#answering.sent(placeOf(command), undefined, { sql }), this.#recorder),
    )
    return this.#sender.next()
  }

  timing(on: boolean | undefined): void {
    const outputs = this.#outputs
    outputs.timing = on ?? !outputs.timing
    if (outputs.printing) this.print('output', `Timing is ${outputs.timing ? 'on' : 'off'}.\n`)
  }

  bind(values: readonly string[], name: string | undefined): void {
    this.#statements.bind(values, name)
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
