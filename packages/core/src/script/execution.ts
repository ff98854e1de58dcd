import { Failure, type Location } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import {
  CollectedAnswer,
  CopyOutAnswer,
  OwnAnswer,
  type Printing,
  type ResultSet,
  type ScriptTally,
  type Sent,
  ShownAnswer,
  StatementAnswer,
} from './answers.ts'
import type { CopyCommand } from './copy.ts'
import { RoutineBodies } from './failure-place.ts'
import type { ScriptFiles, ScriptOutput, ScriptShell, ScriptSource } from './files.ts'
import { shellRefused } from './inspect.ts'
import { type Host, Interpreter, placeOf, readCondition, type Stream } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { type CopyData, splitScript } from './scan.ts'
import { SourceLines } from './source-lines.ts'
import { scriptFailure, type TransactionMode } from './script-failure.ts'
import type { Answer, ScriptSession, ServerFields } from './session.ts'
import type { Statement } from './statement.ts'
import { transactionControl } from './transaction-rules.ts'
import type { VariableStore } from './variable-store.ts'

/** What scripts have done so far. Counted while they run. */
export interface ScriptTotals {
  /** One for each script, in order, as far as they have begun. */
  readonly scripts: ScriptTally[]
  statements: number
  rows: number
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
  readonly sqlstate: string
  readonly location?: Location
}

/** Whoever watches a script run. */
export interface ScriptEvents {
  statement?(event: StatementEvent): void
  notice?(notice: ScriptNotice): void
  /** A statement failed, and the script goes on since its ON_ERROR_STOP is off. */
  error?(failure: Failure): void
  /** Called often, always with the same object. */
  progress?(totals: ScriptTotals): void
  /** A result set, where results are collected. */
  result?(result: ResultSet): void
}

/** What a running script works with. */
export interface ExecutionPorts {
  readonly session: ScriptSession
  readonly files: ScriptFiles
  /** Undefined: the script may run no programs. */
  readonly shell: ScriptShell | undefined
  /** Opens another session, for `\connect`. */
  connect(words: readonly string[]): Promise<ScriptSession>
  /** Where results and `\echo` go. */
  readonly output: ScriptOutput
  /** Where `\warn` goes. */
  readonly errorOutput: ScriptOutput
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
  readonly signal?: AbortSignal | undefined
}

const ownBytes = {
  begin: Buffer.from('begin'),
  commit: Buffer.from('commit'),
  rollback: Buffer.from('rollback'),
  reset: Buffer.from('reset all'),
}

const changesRows = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY) /

/** Runs scripts on a session. For one run only. */
export class Execution implements Host {
  readonly totals: ScriptTotals = { scripts: [], statements: 0, rows: 0, bytes: 0 }
  /** COMMIT is under way: when the connection is lost now, nobody knows whether it was done. */
  committing = false
  readonly #ports: ExecutionPorts
  readonly #options: ExecutionOptions
  readonly #events: ScriptEvents
  readonly #interpreter: Interpreter
  readonly #bodies = new RoutineBodies()
  readonly #lines: SourceLines
  #session: ScriptSession
  #settings: PrintSettings | undefined
  #results: ScriptOutput
  #timing = false
  #tally: ScriptTally = { file: '', statements: 0, rows: 0, objects: 0, seconds: 0 }
  #tallySince = 0
  /** The bytes of the files that are over. */
  #bytesBefore = 0
  #lastDone = 0
  #last: Statement | undefined
  #bound: readonly string[] | undefined
  /** The COPY whose data the script brings, and how many blocks of it are to come. */
  #copying: { sent: Sent; blocks: number } | undefined

  constructor(ports: ExecutionPorts, options: ExecutionOptions, events: ScriptEvents) {
    this.#ports = ports
    this.#lines = new SourceLines(ports.files)
    this.#options = options
    this.#events = events
    this.#session = ports.session
    this.#session.onNotice = (fields, answer) => this.#notice(fields, answer)
    this.#settings = options.print?.settings
    this.#results = ports.output
    this.#interpreter = new Interpreter(this, options.variables, ports.files, {
      inTransaction: options.mode !== 'none',
      standardConformingStrings: ports.session.parameters.get('standard_conforming_strings') !== 'off',
    })
  }

  /** Runs scripts, one after the other. What throws has been rolled back, unless there is no transaction to roll back. */
  async run(sources: readonly ScriptSource[]): Promise<void> {
    const { mode, resetBetween } = this.#options
    try {
      if (mode === 'whole') this.#sendOwn('begin')
      for (const [index, source] of sources.entries()) {
        if (index > 0 && resetBetween) this.#sendOwn('reset')
        this.#tally = { file: source.name, statements: 0, rows: 0, objects: 0, seconds: 0 }
        this.#tallySince = performance.now()
        this.totals.scripts.push(this.#tally)
        await this.#interpreter.read(source)
      }
      if (mode === 'whole') {
        this.#sendOwn('commit')
        this.committing = true
      }
      if (mode !== 'none') this.#session.sync()
      await this.#settle()
      await this.redirect(undefined, undefined)
    } catch (error) {
      await this.#abandon()
      throw await this.#lines.show(error)
    }
  }

  #sendOwn(what: OwnAnswer['what']): void {
    if (this.#options.mode === 'none') this.#session.sendSimple(ownBytes[what], new OwnAnswer(what))
    else this.#session.send(ownBytes[what], new OwnAnswer(what))
  }

  /** Leaves the session so that others can use it. */
  async #abandon(): Promise<void> {
    const session = this.#session
    try {
      if (this.#copying) session.copyEnd('the script has failed')
      session.clearError()
      session.sync()
      if (this.#options.mode === 'whole') session.send(ownBytes.rollback, new OwnAnswer('rollback'))
      session.sync()
      await session.idle()
      // A transaction that the script began itself, and did not end.
      if (this.#options.mode === 'none' && session.transactionStatus !== 'I') {
        session.sendSimple(ownBytes.rollback, new OwnAnswer('rollback'))
        await session.idle()
      }
    } catch {
      // The connection is gone, and with it whatever was not committed.
    }
    if (this.#results !== this.#ports.output) await this.#results.close().catch(() => {})
  }

  get #stopsOnError(): boolean {
    return this.#options.wanted !== 'none' || this.#options.variables.isOn('ON_ERROR_STOP')
  }

  /** Waits for all answers. Throws when one of them is an error. */
  async #settle(): Promise<void> {
    await this.#session.idle()
    await this.#raise()
  }

  /** Throws what the server has said, if that is an error; or tells it, if the script goes on. */
  async #raise(): Promise<void> {
    const { error, ended } = this.#session
    if (error === undefined) {
      if (ended) await this.#session.idle()
      return
    }
    const failure = await this.#failureOf(error)
    if (this.#stopsOnError) throw failure
    this.#session.clearError()
    this.#events.error?.(failure)
    this.#noteResult(failure)
  }

  #failureOf(error: NonNullable<ScriptSession['error']>): Promise<Failure> {
    return scriptFailure(error, {
      mode: this.#options.wanted,
      completed: this.totals.statements,
      bodies: this.#bodies,
      readLine: (file, line) => this.#lines.read(file, line),
    })
  }

  #sent(place: Location, statement: Statement | undefined, made: { sql?: string; generated?: string } = {}): Sent {
    return {
      place,
      statement,
      offset: this.#bytesBefore + (statement?.end.offset ?? 0),
      sentAt: performance.now(),
      done: 0,
      data: undefined,
      tally: this.#tally,
      timed: this.#timing && this.#options.results === 'print',
      sql: made.sql,
      generated: made.generated,
    }
  }

  #answerTo(sent: Sent, settings = this.#settings, output = this.#results): StatementAnswer {
    const { results, print, tags } = this.#options
    if (results === 'collect') return new CollectedAnswer(sent, this, (result) => this.#events.result?.(result))
    if (print === undefined || settings === undefined) return new StatementAnswer(sent, this)
    const quiet = !tags || this.#options.variables.isOn('QUIET')
    return new ShownAnswer(sent, this, print.printing, { ...settings, quiet }, (text) => this.#write(output, text))
  }

  #write(output: ScriptOutput, text: string | Uint8Array): void {
    output.write(text)
    const full = output.full()
    if (full) this.#session.hold(full)
  }

  statement(statement: Statement): void | Promise<void> {
    this.#last = statement
    if (statement.empty) return
    return this.#send(statement, this.#answerTo(this.#sent(placeOf(statement), statement)))
  }

  #send(statement: Statement, answer: StatementAnswer): void | Promise<void> {
    const { mode, stepwise, results } = this.#options
    const [part] = statement.parts
    if (part?.words[0] === 'CREATE') this.#bodies.note(statement)
    if (statement.copyFromStdin) {
      const blocks = statement.parts.filter((each) => each.copyFromStdin).length
      this.#copying = { sent: answer.sent, blocks }
    }
    const parameters = this.#bound
    this.#bound = undefined
    if (mode === 'none') return this.#sendAlone(statement, answer, parameters)
    for (const { words } of statement.parts) this.#refuseControl(words, answer.sent.place)
    if (statement.parts.length > 1) return this.#sendGroup(statement, answer)
    this.#session.send(statement.bytes, answer, {
      describe: results !== 'drop' || answer instanceof CollectedAnswer,
      ...(parameters && { parameters }),
    })
    if (stepwise && !this.#copying) return this.#step()
    if (this.#events.statement || answer.sent.timed) this.#session.flush()
    return this.#pause()
  }

  /** Only what a variable has brought in can be found so late. */
  #refuseControl(words: readonly string[], location: Location): void {
    const control = transactionControl(words)
    if (control === undefined) return
    throw new Failure(
      'script_unsupported',
      `${control.what} ends or begins a transaction, and the script runs in one.`,
      {
        location,
        state: 'Nothing of it was kept: the transaction was rolled back.',
        hint: 'Run it with --no-transaction.',
      },
    )
  }

  /** Waits until more can be sent, if need be. */
  #pause(): void | Promise<void> {
    const session = this.#session
    if (session.error || session.ended) return this.#raise()
    return session.room()?.then(() => this.#raise())
  }

  async #step(): Promise<void> {
    await this.#settle()
  }

  async #sendGroup(statement: Statement, answer: StatementAnswer): Promise<void> {
    await this.#settle()
    this.#session.sendSimple(statement.bytes, answer)
    if (!this.#copying) await this.#settle()
  }

  async #sendAlone(
    statement: Statement,
    answer: StatementAnswer,
    parameters: readonly string[] | undefined,
  ): Promise<void> {
    const session = this.#session
    const { variables } = this.#options
    const [first] = statement.parts
    if (!variables.isOn('AUTOCOMMIT') && session.transactionStatus === 'I' && !transactionControl(first?.words ?? [])) {
      this.#sendOwn('begin')
      await session.idle()
    }
    if (parameters === undefined) session.sendSimple(statement.bytes, answer)
    else {
      session.send(statement.bytes, answer, { describe: true, parameters })
      session.sync()
    }
    if (!this.#copying) await this.#settle()
  }

  copyData({ chunk, firstLine }: CopyData): void | Promise<void> {
    const copying = this.#copying
    if (copying === undefined) return
    copying.sent.data ??= { file: copying.sent.place.file, firstLine }
    return this.#sendData(chunk)
  }

  #sendData(chunk: Uint8Array): void | Promise<void> {
    // What comes after an error is read to its end, and not sent.
    if (this.#session.error && !this.#stopsOnError) return
    this.#session.copyData(chunk)
    this.totals.bytes += chunk.length
    this.#events.progress?.(this.totals)
    return this.#pause()
  }

  copyEnd(): void | Promise<void> {
    const copying = this.#copying
    if (copying === undefined) return
    if (!this.#session.error) this.#session.copyEnd()
    if (--copying.blocks > 0) return
    this.#copying = undefined
    const alone =
      this.#options.mode === 'none' || this.#options.stepwise || (copying.sent.statement?.parts.length ?? 1) > 1
    return alone ? this.#settle() : this.#pause()
  }

  async sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): Promise<void> {
    const send = statement ?? this.#last
    if (send === undefined || send.empty) return
    this.#last = send
    const sent = this.#sent(placeOf(statement ?? command), send)
    if (command.name === 'gset') return this.#setFrom(send, sent, words[0] ?? '')
    if (command.name === 'gexec') return this.#runGenerated(send, sent)
    const { settings, target } = this.#readTarget(command, words)
    if (target === undefined) {
      await this.#send(send, this.#answerTo(sent, settings))
      return
    }
    const output = await this.#openOutput(command, target)
    try {
      await this.#send(send, this.#answerTo(sent, settings, output))
      await this.#settle()
    } finally {
      await output.close()
    }
  }

  /** The arguments of `\g`: settings in parentheses, then a file or a program. */
  #readTarget(
    command: MetaCommand,
    words: readonly string[],
  ): { settings: PrintSettings | undefined; target: string | undefined } {
    const text = words.join(' ')
    const options = /^\(([^)]*)\)\s*/.exec(text)
    const changes = (options?.[1] ?? '').split(/\s+/).filter((option) => option !== '')
    if (command.name === 'gx') changes.unshift('expanded=on')
    let settings = this.#settings
    for (const change of changes) {
      const [name = '', value] = change.split(/=(.*)/s)
      settings = this.#changed(settings, name, value)?.settings
    }
    const target = text.slice(options?.[0].length ?? 0)
    return { settings, target: target === '' ? undefined : target }
  }

  /** What a setting makes of others; where nothing is printed it makes nothing. */
  #changed(settings: PrintSettings | undefined, name: string, value: string | undefined) {
    const { print } = this.#options
    return print && settings && print.printing.changeSetting(settings, name, value)
  }

  async #collect(statement: Statement, sent: Sent): Promise<ResultSet | undefined> {
    const answer = new CollectedAnswer(sent, this)
    const before = this.totals.statements
    await this.#send(statement, answer)
    await this.#settle()
    return this.totals.statements > before ? answer.result : undefined
  }

  async #setFrom(statement: Statement, sent: Sent, prefix: string): Promise<void> {
    const result = await this.#collect(statement, sent)
    if (result === undefined && !this.#stopsOnError) return
    const count = result?.rows.length ?? 0
    if (result === undefined || count !== 1) {
      const what = count === 0 ? 'no row' : 'more than one row'
      throw new Failure('script_failed', `\\gset wants exactly one row, and the statement returned ${what}.`, {
        location: sent.place,
        state: this.#options.mode === 'none' ? '' : 'Nothing of it was kept: the transaction was rolled back.',
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
      const text = cell.toString('utf8')
      const made = splitScript(text).filter((item) => item.kind === 'statement')
      const answer = this.#answerTo(this.#sent(sent.place, undefined, { generated: text }))
      if (this.#options.mode === 'none' || made.length !== 1) {
        for (const { words } of this.#options.mode === 'none' ? [] : made) this.#refuseControl(words, sent.place)
        await this.#settle()
        this.#session.sendSimple(cell, answer)
        await this.#settle()
      } else {
        this.#refuseControl(made[0]?.words ?? [], sent.place)
        this.#session.send(cell, answer, { describe: this.#options.results !== 'drop' })
        await this.#pause()
      }
    }
  }

  async copy(command: MetaCommand, copy: CopyCommand): Promise<void> {
    const place = placeOf(command)
    const sql = `copy ${copy.what} ${copy.direction === 'from' ? 'from stdin' : 'to stdout'} ${copy.options}`
    const text = Buffer.from(sql)
    const sent = this.#sent(place, undefined, { sql })
    if (copy.direction === 'to') return this.#copyTo(command, copy, text, sent)
    const answer = this.#answerTo(sent)
    if (copy.stream === 'script') {
      this.#copying = { sent, blocks: 1 }
      this.#sendText(text, answer)
      return
    }
    const data = await this.#openData(command, copy)
    this.#copying = { sent, blocks: 1 }
    sent.data = { file: copy.path ?? 'stdin', firstLine: 1 }
    this.#sendText(text, answer)
    for await (const chunk of data) await this.#sendData(chunk)
    await this.copyEnd()
  }

  async #openData(command: MetaCommand, copy: CopyCommand): Promise<AsyncIterable<Uint8Array>> {
    if (copy.stream === 'standard') return this.#ports.files.standardInput()
    if (copy.stream === 'program') return this.#shell(command, '\\copy … program').read(copy.path ?? '')
    return this.#ports.files.read(copy.path ?? '')
  }

  async #copyTo(command: MetaCommand, copy: CopyCommand, text: Buffer, sent: Sent): Promise<void> {
    const opened =
      copy.stream === 'file'
        ? await this.#ports.files.write(copy.path ?? '')
        : copy.stream === 'program'
          ? await this.#shell(command, '\\copy … program').write(copy.path ?? '')
          : undefined
    const output = opened ?? (copy.stream === 'standard' ? this.#ports.output : this.#results)
    const answer = new CopyOutAnswer(sent, this, (piece) => this.#write(output, piece))
    try {
      this.#sendText(text, answer)
      await this.#settle()
    } finally {
      await opened?.close()
    }
  }

  #sendText(text: Buffer, answer: StatementAnswer): void {
    if (this.#options.mode === 'none') this.#session.sendSimple(text, answer)
    else this.#session.send(text, answer)
  }

  print(stream: Stream, text: string): void {
    const output =
      stream === 'results' ? this.#results : stream === 'error' ? this.#ports.errorOutput : this.#ports.output
    this.#session.after(() => this.#write(output, text))
  }

  set(_command: MetaCommand, name: string | undefined, value: string | undefined): void {
    const { print, variables } = this.#options
    const settings = this.#settings
    if (print === undefined || settings === undefined) return
    if (name === undefined) return this.print('output', print.printing.listSettings(settings))
    const { format } = settings
    const changed =
      name === 'align'
        ? this.#changed(settings, 'format', format === 'aligned' ? 'unaligned' : 'aligned')
        : name === 'html'
          ? this.#changed(settings, 'format', format === 'html' ? 'aligned' : 'html')
          : this.#changed(settings, name, value)
    this.#settings = changed?.settings
    if (changed?.message !== undefined && !variables.isOn('QUIET')) this.print('output', `${changed.message}\n`)
  }

  async redirect(command: MetaCommand | undefined, target: string | undefined): Promise<void> {
    if (command === undefined && this.#results === this.#ports.output) return
    await this.#settle()
    const before = this.#results
    this.#results = this.#ports.output
    if (before !== this.#ports.output) await before.close()
    if (command && target !== undefined) this.#results = await this.#openOutput(command, target)
  }

  #openOutput(command: MetaCommand, target: string): Promise<ScriptOutput> {
    if (target.startsWith('|')) return this.#shell(command, `\\${command.name} |…`).write(target.slice(1))
    return this.#ports.files.write(target)
  }

  async connect(command: MetaCommand, words: readonly string[]): Promise<void> {
    if (this.#options.mode !== 'none') {
      throw new Failure('script_unsupported', `\\${command.name} leaves the transaction in which the script runs.`, {
        location: placeOf(command),
        hint: 'Run it with --no-transaction.',
      })
    }
    await this.#settle()
    this.#session = await this.#ports.connect(words)
    this.#session.onNotice = (fields, answer) => this.#notice(fields, answer)
  }

  encoding(command: MetaCommand, name: string | undefined): void | Promise<void> {
    if (name === undefined) {
      this.print('output', `${this.#session.parameters.get('client_encoding') ?? ''}\n`)
      return
    }
    const text = Buffer.from(`set client_encoding to '${name.replaceAll("'", "''")}'`)
    this.#sendText(text, new StatementAnswer(this.#sent(placeOf(command), undefined), this))
    return this.#options.mode === 'none' ? this.#settle() : this.#pause()
  }

  timing(on: boolean | undefined): void {
    this.#timing = on ?? !this.#timing
    if (this.#options.results === 'print') this.print('output', `Timing is ${this.#timing ? 'on' : 'off'}.\n`)
  }

  bind(values: readonly string[]): void {
    this.#bound = values
  }

  async shell(command: MetaCommand, line: string, capture: boolean): Promise<string> {
    const shell = this.#shell(command, capture ? 'What stands in backquotes' : '\\!')
    await this.#settle()
    const { output } = await shell.run(line)
    if (!capture) this.print('output', output)
    return output
  }

  #shell(command: MetaCommand, what: string): ScriptShell {
    const { shell } = this.#ports
    if (shell === undefined) throw shellRefused(command, what)
    return shell
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
    this.#events.error?.(failure)
    return true
  }

  enter(source: ScriptSource): void {
    this.#lines.note(source)
  }

  leave(source: ScriptSource): void {
    this.#bytesBefore += source.sizeBytes ?? 0
  }

  arrived(): void {
    this.#options.signal?.throwIfAborted()
  }

  /** Called by answers. */
  completed(sent: Sent, tag: string): void {
    const { totals } = this
    const now = performance.now()
    const rows = Number(/ (\d+)$/.exec(tag)?.[1] ?? 0)
    const { tally } = sent
    sent.done++
    totals.statements++
    tally.statements++
    if (changesRows.test(tag)) {
      totals.rows += rows
      tally.rows += rows
    } else if (tag.startsWith('CREATE ')) tally.objects++
    tally.seconds = (now - this.#tallySince) / 1000
    if (sent.offset > totals.bytes) totals.bytes = sent.offset
    const seconds = (now - Math.max(sent.sentAt, this.#lastDone)) / 1000
    this.#lastDone = now
    this.#events.progress?.(totals)
    this.#events.statement?.({
      ...sent.place,
      command: tag,
      rows,
      seconds,
      text: () => sent.generated ?? sent.statement?.text ?? '',
    })
    if (sent.timed) {
      this.#write(this.#ports.output, `Time: ${(seconds * 1000).toFixed(3)} ms\n`)
    }
    if (this.#options.stepwise || this.#options.mode === 'none') this.#noteResult(undefined, rows)
  }

  /** Sets the variables that tell of the last statement. */
  #noteResult(failure: Failure | undefined, rows = 0): void {
    const { variables } = this.#options
    const sqlstate = failure?.sql?.sqlstate
    variables.set('ERROR', String(failure !== undefined))
    variables.set('SQLSTATE', sqlstate ?? '00000')
    variables.set('ROW_COUNT', String(rows))
    if (failure === undefined) return
    variables.set('LAST_ERROR_MESSAGE', failure.message)
    variables.set('LAST_ERROR_SQLSTATE', sqlstate ?? '')
  }

  #notice(fields: ServerFields, answer: Answer | undefined): void {
    const { severity, message, detail, hint, code } = fields
    // "… already exists, skipping": nothing was made.
    const skipped = severity === 'NOTICE' && ['42P07', '42710', '42P06'].includes(code)
    if (skipped && answer instanceof StatementAnswer) answer.sent.tally.objects--
    this.#events.notice?.({
      severity,
      message,
      sqlstate: code,
      ...(detail !== undefined && { detail }),
      ...(hint !== undefined && { hint }),
      ...(answer instanceof StatementAnswer && { location: answer.sent.place }),
    })
  }
}
