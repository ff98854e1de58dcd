import { Failure } from '../errors.ts'
import { CollectedAnswer, type ResultSet, type Sent, type StatementAnswer } from './answers.ts'
import type { Answering } from './answering.ts'
import type { RoutineBodies } from './failure-place.ts'
import { placeOf } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { splitScript } from './scan.ts'
import type { TransactionMode } from './script-failure.ts'
import type { Statement } from './statement.ts'

/** Sends the statements of a script, and does with their results what the command that sends them says. */
export class Statements {
  readonly #answering: Answering
  readonly #mode: TransactionMode
  readonly #bodies: RoutineBodies
  /** What `\g` without a statement sends again. */
  #last: Statement | undefined
  #bound: readonly string[] | undefined

  constructor(answering: Answering, mode: TransactionMode, bodies: RoutineBodies) {
    this.#answering = answering
    this.#mode = mode
    this.#bodies = bodies
  }

  /** A statement that a semicolon ends. */
  statement(statement: Statement): void | Promise<void> {
    this.#last = statement
    if (statement.empty) return
    this.#echo(statement)
    return this.#send(statement, this.#answering.answerTo(this.#answering.sent(placeOf(statement), statement)))
  }

  /** `\set ECHO queries`. */
  #echo(statement: Statement): void {
    const echo = this.#answering.options.variables.get('ECHO')
    if (this.#answering.outputs.printing && (echo === 'queries' || echo === 'all'))
      this.#answering.print('output', `${statement.text}\n`)
  }

  #send(statement: Statement, answer: StatementAnswer, options: { describe?: boolean } = {}): void | Promise<void> {
    if (statement.words[0] === 'CREATE') this.#bodies.note(statement)
    const parameters = this.#bound
    this.#bound = undefined
    return this.#answering.sender.send(statement, answer, { parameters, ...options })
  }

  /** `\g` and its kin. */
  async sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): Promise<void> {
    const send = statement ?? this.#last
    if (send === undefined || send.empty) return
    this.#last = send
    this.#echo(send)
    const sent = this.#answering.sent(placeOf(statement ?? command), send)
    if (command.name === 'gset') return this.#setFrom(send, sent, words[0] ?? '')
    if (command.name === 'gexec') return this.#runGenerated(send, sent)
    const { settings, target } = this.#answering.outputs.readTarget(command, words)
    if (target === undefined) {
      await this.#send(send, this.#answering.answerTo(sent, settings))
      return
    }
    const output = await this.#answering.outputs.open(command, target)
    try {
      await this.#send(send, this.#answering.answerTo(sent, settings, output))
      await this.#answering.sender.settle()
    } finally {
      await output.close()
    }
  }

  async #collect(statement: Statement, sent: Sent): Promise<ResultSet | undefined> {
    const answer = new CollectedAnswer(sent, this.#answering.recorder, { decode: this.#answering.decode })
    await this.#send(statement, answer, { describe: true })
    await this.#answering.sender.settle()
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
        ...(this.#mode !== 'none' && { state: 'Nothing of it was kept: the transaction was rolled back.' }),
      })
    }
    result.columns.forEach(({ name }, index) => {
      this.#answering.options.variables.set(`${prefix}${name}`, result.rows[0]?.[index]?.toString('utf8'))
    })
  }

  async #runGenerated(statement: Statement, sent: Sent): Promise<void> {
    const result = await this.#collect(statement, sent)
    for (const cell of result?.rows.flat() ?? []) {
      if (cell === null) continue
      const generated = cell.toString('utf8')
      const statements = splitScript(generated).filter((item) => item.kind === 'statement')
      const answer = this.#answering.answerTo(this.#answering.sent(sent.place, undefined, { generated }))
      await this.#answering.sender.sendGenerated(cell, statements, answer)
    }
  }

  /** `\bind`: values for the next statement. */
  bind(values: readonly string[]): void {
    this.#bound = values
  }
}
