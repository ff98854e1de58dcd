import { Failure, type Location } from '../errors.ts'
import { type Sent, StatementAnswer } from './answers.ts'
import type { Answering } from './answering.ts'
import type { RoutineBodies } from './failure-place.ts'
import { placeOf } from './interpreter.ts'
import { collect, describeColumns } from './kept-results.ts'
import { LargeObjectBlocks } from './large-object-blocks.ts'
import type { MetaCommand } from './metacommand.ts'
import { printTurned } from './print-turned.ts'
import { splitScript } from './scan.ts'
import type { TransactionMode } from './script-failure.ts'
import type { Outputs } from './outputs.ts'
import { pipelineCommands } from './pipeline-commands.ts'
import { readCount, type ScriptPipeline } from './script-pipeline.ts'
import { type Extended, refuseControl } from './sender.ts'
import type { Answer } from './session.ts'
import type { Statement } from './statement.ts'
import { specialVariables } from './special-variables.ts'
import { readWatch, refuseToWatch, repeat, WatchedAnswer, watchTitle } from './watching.ts'

/** What wants an answer at once. */
const notInPipeline = new Set(['g', 'gx', 'gset', 'gexec', 'watch'])

/** What runs the script that they are of. */
export interface StatementsHost {
  /** Whether the script goes on after a failure, which is then told. */
  passesOver(failure: Failure): boolean
}

/** Sends the statements of a script, and does with their results what the command that sends them says. */
export class Statements {
  readonly #answering: Answering
  readonly #mode: TransactionMode
  readonly #bodies: RoutineBodies
  readonly #pipeline: ScriptPipeline
  readonly #host: StatementsHost
  readonly #blocks = new LargeObjectBlocks()
  /** What `\g` without a statement sends again. */
  #last: Statement | undefined
  /** `\bind` or `\bind_named`, for the next statement. */
  #bound: Extended | undefined

  constructor(
    answering: Answering,
    mode: TransactionMode,
    bodies: RoutineBodies,
    pipeline: ScriptPipeline,
    host: StatementsHost,
  ) {
    this.#host = host
    this.#answering = answering
    this.#mode = mode
    this.#bodies = bodies
    this.#pipeline = pipeline
  }

  /** A statement that a semicolon ends. */
  statement(statement: Statement): void | Promise<void> {
    this.#last = statement
    // psql sends what `\bind_named` names, and more to a pipeline, even where there is no text.
    if (statement.empty && this.#bound === undefined && !this.#pipeline.on) return this.#answering.recorder.nothing()
    this.#echo(statement)
    if (this.#mode !== 'none' && this.#passesOver(statement)) return
    const sent = this.#sent(placeOf(statement), statement)
    if (this.#pipeline.on) return this.#queue(sent, statement)
    return this.#send(statement, this.#answering.answerTo(sent))
  }

  /** Whether a statement is the BEGIN or COMMIT that pg_dump writes around large objects. Throws for any other BEGIN. */
  #passesOver(statement: Statement): boolean {
    const { begin } = this.#blocks
    const block = this.#blocks.follow(statement)
    if (begin && block !== 'inside' && block !== 'commit') refuseControl(begin.words, placeOf(begin))
    if (block !== 'begin' && block !== 'commit') return false
    this.#answering.recorder.events.passedOver?.({ ...placeOf(statement), command: statement.words[0] ?? '' })
    return true
  }

  /** `\set ECHO queries`. */
  #echo(statement: Statement): void {
    if (this.#answering.options.variables.echo === 'queries') this.#print(`${statement.text}\n`)
  }

  #print(text: string): void {
    if (this.#answering.outputs.printing) this.#answering.print('output', text)
  }

  #sent(place: Location, statement: Statement): Sent {
    // An error of what has a name is at no place of another text.
    return this.#answering.sent(place, this.#bound?.what === 'named' ? undefined : statement)
  }

  #send(statement: Statement, answer: StatementAnswer, describe?: boolean): void | Promise<void> {
    if (statement.words[0] === 'CREATE') this.#bodies.note(statement)
    const bound = this.#bound
    const { sender } = this.#answering
    if (bound === undefined) return sender.send(statement, answer, describe)
    this.#bound = undefined
    // Its data comes before any Sync.
    if (statement.copyFromStdin && bound.what === 'values' && bound.values.length === 0)
      return sender.send(statement, answer, describe)
    return sender.sendExtended(bound, statement, answer)
  }

  #queue(sent: Sent, statement: Statement | undefined): void | Promise<void> {
    const request = this.#bound ?? { what: 'values', values: [] }
    this.#bound = undefined
    if (statement?.words[0] === 'CREATE') this.#bodies.note(statement)
    const make = (): Answer =>
      request.what === 'parse' || request.what === 'close' ? this.#untagged(sent) : this.#answering.answerTo(sent)
    return this.#pipeline.queue(request, statement, sent, make)
  }

  /** `\bind`: values for the next statement, or for the one of that name. */
  bind(values: readonly string[], name: string | undefined): void {
    this.#bound = name === undefined ? { what: 'values', values } : { what: 'named', name, values }
  }

  /** `\g` and its kin, and what else sends something. */
  async sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): Promise<void> {
    const bound = this.#bound
    const { name } = command
    if (pipelineCommands.has(name)) {
      if (name === 'getresults') readCount(words)
      this.#bound = undefined
      this.#last = statement ?? this.#last
      return this.#whenSent(command, () => this.#pipeline.follow(command, words))
    }
    const piped = this.#pipeline.on
    if ((piped && notInPipeline.has(name)) || (name === 'sendpipeline' && (!piped || bound === undefined))) {
      this.#bound = undefined
      throw new Failure('script_failed', refusal(name, piped))
    }
    if (name === 'watch') return this.#watch(command, statement, words)
    if (name === 'parse' || name === 'close_prepared') return this.#prepare(command, name, words, statement)
    const target = name === 'g' || name === 'gx' ? this.#answering.outputs.readTarget(command, words) : undefined
    this.#last = statement ?? this.#last
    const send = this.#last
    if (send === undefined || (send.empty && bound?.what !== 'named' && name !== 'gdesc')) return
    this.#echo(send)
    const sent = this.#sent(placeOf(statement ?? command), send)
    if (piped && name !== 'gdesc') return this.#queue(sent, send)
    await this.#whenSent(command, async () => {
      if (piped) {
        this.#bound = undefined
        throw new Failure('script_failed', refusal(name, piped))
      }
      switch (name) {
        case 'gset':
          return this.#setFrom(send, sent, words[0] ?? '')
        case 'gexec':
          return this.#runGenerated(send, sent)
        case 'gdesc':
          this.#bound = undefined
          return describeColumns(send, sent, this.#answering)
        case 'crosstabview':
          return this.#turn(send, sent, words)
        default:
          return this.#sendTo(command, send, sent, target)
      }
    })
  }

  /** Does something in which the statement fails, and not the command: behind that, psql reads the rest of the line. */
  async #whenSent(command: MetaCommand, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const failure =
        error.location === undefined && error.sql === undefined ? error.with({ location: placeOf(command) }) : error
      if (!this.#host.passesOver(failure)) throw failure
      this.#answering.recorder.setResult(failure)
    }
  }

  /** `\parse` and `\close_prepared`. */
  async #prepare(
    command: MetaCommand,
    name: 'parse' | 'close_prepared',
    [word]: readonly string[],
    given: Statement | undefined,
  ): Promise<void> {
    this.#bound = undefined
    if (word === undefined) throw new Failure('script_failed', `\\${name} needs the name of a statement.`)
    this.#last = given ?? this.#last
    const statement = name === 'parse' ? this.#last : undefined
    const sent = this.#answering.sent(placeOf(statement ?? command), statement, { sql: `\\${name} ${word}` })
    if (statement?.copyFromStdin) {
      // The server would wait for its data, wherever it is run.
      throw new Failure('script_unsupported', 'COPY … FROM STDIN cannot be prepared.', { location: sent.place })
    }
    if (name === 'parse' && (statement === undefined || statement.empty)) return
    const request: Extended = { what: name === 'parse' ? 'parse' : 'close', name: word }
    this.#bound = request
    if (this.#pipeline.on) return this.#queue(sent, statement)
    this.#bound = undefined
    await this.#answering.sender.sendExtended(request, statement, this.#untagged(sent))
  }

  /** psql prints an empty tag where the server has none. */
  #untagged(sent: Sent): StatementAnswer {
    const { recorder } = this.#answering
    const completed = (_sent: Sent, tag: string) => {
      this.#answering.tell('')
      recorder.completed(sent, tag)
    }
    return new StatementAnswer(sent, { completed })
  }

  async #sendTo(
    command: MetaCommand,
    send: Statement,
    sent: Sent,
    { settings, target }: Partial<ReturnType<Outputs['readTarget']>> = {},
  ): Promise<void> {
    if (target === undefined) {
      await this.#send(send, this.#answering.answerTo(sent, { settings }))
      return
    }
    const output = await this.#answering.outputs.open(command, target)
    try {
      await this.#send(send, this.#answering.answerTo(sent, { settings, output }))
      await this.#answering.sender.settle()
    } finally {
      await output.close()
    }
  }

  async #setFrom(statement: Statement, sent: Sent, prefix: string): Promise<void> {
    const { result, finish } = await collect(statement, sent, this.#answering, (answer) =>
      this.#send(statement, answer, true),
    )
    finish()
    // psql takes what has no result for right.
    if (result === undefined) return
    const count = result.rows.length
    if (count !== 1) {
      const what = count === 0 ? 'no row' : 'more than one row'
      throw new Failure('script_failed', `\\gset wants exactly one row, and the statement returned ${what}.`, {
        location: sent.place,
        ...(this.#mode !== 'none' && { state: 'Nothing of it was kept: the transaction was rolled back.' }),
      })
    }
    result.columns.forEach(({ name }, index) => {
      const variable = `${prefix}${name}`
      // psql leaves them alone, too: data is not to decide how the script runs.
      if (specialVariables.has(variable)) return
      this.#answering.options.variables.set(variable, result.rows[0]?.[index]?.toString('utf8'))
    })
  }

  async #runGenerated(statement: Statement, sent: Sent): Promise<void> {
    const { result, finish } = await collect(statement, sent, this.#answering, (answer) =>
      this.#send(statement, answer, true),
    )
    for (const cell of result?.rows.flat() ?? []) {
      if (cell === null) continue
      const generated = cell.toString('utf8')
      if (this.#answering.options.variables.echoesLines) this.#print(`${generated}\n`)
      const statements = splitScript(generated).filter((item) => item.kind === 'statement')
      const answer = this.#answering.answerTo(this.#answering.sent(sent.place, undefined, { generated }))
      await this.#answering.sender.sendGenerated(cell, statements, answer)
    }
    this.#answering.sender.session.after(finish)
  }

  /** `\crosstabview`. Where nothing is printed there is nothing to turn. */
  async #turn(statement: Statement, sent: Sent, words: readonly string[]): Promise<void> {
    const { printing } = this.#answering.outputs
    if (printing === undefined) return this.#send(statement, this.#answering.answerTo(sent))
    const { result, finish } = await collect(statement, sent, this.#answering, (answer) =>
      this.#send(statement, answer, true),
    )
    if (result !== undefined) await printTurned(result, words, this.#answering)
    finish()
  }

  /** `\watch`. What it repeats is not what `\g` sends again. */
  async #watch(command: MetaCommand, given: Statement | undefined, words: readonly string[]): Promise<void> {
    const answering = this.#answering
    const { outputs, sender, options } = answering
    const bound = this.#bound
    const watched = readWatch(words, options.variables.get('WATCH_INTERVAL'))
    const statement = given ?? this.#last
    if (statement === undefined || statement.empty) {
      throw new Failure('script_failed', 'There is no statement that \\watch could repeat.')
    }
    refuseToWatch(statement)
    const { settings } = outputs
    const run = async () => {
      this.#bound = bound
      const sent = this.#sent(placeOf(given ?? command), statement)
      const title = watchTitle(settings?.title, watched, new Date())
      const answer = new WatchedAnswer(
        sent,
        answering.answerTo(sent, { settings: settings && { ...settings, title }, whole: true }),
      )
      await this.#send(statement, answer)
      await sender.settle()
      return sent.done > 0 && answer.rows >= watched.minRows
    }
    try {
      await repeat(watched, run, options.signal)
    } finally {
      this.#bound = undefined
      if (outputs.printing) answering.write(outputs.of('output'), '\n')
    }
  }
}

function refusal(name: string, piped: boolean): string {
  if (name !== 'sendpipeline') return `\\${name} is not allowed in a pipeline.`
  return piped ? '\\sendpipeline comes behind \\bind or \\bind_named.' : '\\sendpipeline is only allowed in a pipeline.'
}
