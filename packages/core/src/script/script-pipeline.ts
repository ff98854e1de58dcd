import { Failure } from '../errors.ts'
import { StatementAnswer, type Sent } from './answers.ts'
import type { Answering } from './answering.ts'
import { placeOf } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { QueuedAnswer } from './queued-answer.ts'
import type { TransactionMode } from './script-failure.ts'
import type { Extended } from './sender.ts'
import type { Answer, ServerFields } from './session.ts'
import type { Statement } from './statement.ts'

/** One of the things that `PQgetResult` of libpq says in a pipeline; undefined: that was all of one statement. */
type Result =
  | { readonly kind: 'done'; readonly answer: QueuedAnswer }
  | { readonly kind: 'aborted'; readonly answer: QueuedAnswer }
  | { readonly kind: 'failed'; readonly answer: StatementAnswer; readonly fields: ServerFields }
  | { readonly kind: 'sync' }
  | undefined

/** A Sync, whose commit may fail. */
class SyncAnswer extends StatementAnswer {
  error: ServerFields | undefined

  failed(fields: ServerFields): void {
    this.error = fields
  }
}

const rollback = Buffer.from('rollback')
const silent: Answer = { complete() {}, failed() {} }

/**
 * `\startpipeline` and what follows, up to `\endpipeline`: statements go to the server without a Sync, and the script sees
 * their answers when it asks for them. What is counted, and when, is what psql counts (ExecQueryAndProcessResults in common.c of
 * PostgreSQL 18). In a transaction of ours it is the same: a Sync between BEGIN and COMMIT commits nothing.
 */
export class ScriptPipeline {
  readonly #answering: Answering
  readonly #mode: TransactionMode
  /** The command that has started it. */
  #started: MetaCommand | undefined
  /** What was sent and not yet looked at. */
  #queue: (QueuedAnswer | SyncAnswer)[] = []
  #results: Result[] = []
  /** The server runs nothing more before the next Sync. */
  #aborting = false
  #syncs = 0
  #commands = 0
  #available = 0
  #requested = 0

  constructor(answering: Answering, mode: TransactionMode) {
    this.#answering = answering
    this.#mode = mode
  }

  get on(): boolean {
    return this.#started !== undefined
  }

  /** Throws `script_failed` for a command that needs an answer at once. */
  refuse(command: MetaCommand): void {
    if (this.on) throw new Failure('script_failed', `\\${command.name} is not allowed in a pipeline.`)
  }

  /** Throws `script_failed` when it was not ended. */
  checkEnd(): void {
    if (this.#started === undefined) return
    const location = placeOf(this.#started)
    throw new Failure('script_failed', 'There is no \\endpipeline for this \\startpipeline.', { location })
  }

  /** Sends a statement, or what else belongs in its place. `make` makes what takes the answer when the script asks for it. */
  queue(request: Extended, statement: Statement | undefined, sent: Sent, make: () => Answer): void | Promise<void> {
    if (statement?.copyFromStdin && request.what !== 'named') throw noCopy(sent)
    if (!this.#answering.options.variables.commits) {
      const message = 'AUTOCOMMIT off would have to begin a transaction, and cannot in a pipeline.'
      throw new Failure('script_unsupported', message, { location: sent.place })
    }
    const answer = new QueuedAnswer(sent, make, () => this.#abortBehind(answer))
    this.#queue.push(answer)
    this.#commands++
    if (this.#aborting) answer.state = 'aborted'
    else this.#answering.sender.post(request, statement, answer)
    this.#tellCounts()
    return this.#answering.sender.pause()
  }

  #abortBehind(failed: QueuedAnswer): void {
    const behind = this.#queue.slice(this.#queue.indexOf(failed) + 1)
    const sync = behind.findIndex((each) => each instanceof SyncAnswer)
    for (const each of sync < 0 ? behind : behind.slice(0, sync)) {
      if (each instanceof QueuedAnswer) each.state = 'aborted'
    }
    if (sync < 0) this.#aborting = true
  }

  /** Follows one of `pipelineCommands`. */
  async follow(command: MetaCommand, [word]: readonly string[]): Promise<void> {
    try {
      await this.#follow(command, word)
    } finally {
      this.#tellCounts()
    }
  }

  async #follow(command: MetaCommand, word: string | undefined): Promise<void> {
    const { session } = this.#answering.sender
    switch (command.name) {
      case 'startpipeline':
        return this.#start(command)
      case 'endpipeline':
        this.#sync(command)
        return this.#end()
      case 'syncpipeline':
        return this.#sync(command)
      case 'getresults':
        return this.#getResults(word)
      case 'flushrequest':
        session.flush()
        this.#makeAvailable()
        return
      default:
        session.flush()
    }
  }

  async #start(command: MetaCommand): Promise<void> {
    if (this.on) return
    await this.#answering.sender.settle()
    this.#started = command
    this.#answering.answersLater = true
  }

  #sync(command: MetaCommand): void {
    if (!this.on) throw new Failure('script_failed', `\\${command.name} is only allowed in a pipeline.`)
    const answer = new SyncAnswer(this.#answering.sent(placeOf(command), undefined), { completed() {} })
    this.#answering.sender.session.sync(answer)
    this.#queue.push(answer)
    this.#aborting = false
    this.#syncs++
    this.#makeAvailable()
  }

  #makeAvailable(): void {
    if (!this.on) return
    this.#available += this.#commands
    this.#commands = 0
  }

  async #getResults(word: string | undefined): Promise<void> {
    const count = readCount([word])
    const all = this.#available + this.#syncs
    if (all === 0) throw new Failure('script_failed', 'There are no results to get.')
    this.#requested = count === 0 ? all : Math.min(count, all)
    await this.#process(false)
  }

  async #end(): Promise<void> {
    this.#requested = this.#available + this.#syncs
    await this.#process(true)
    await this.#answering.sender.settle()
    this.#reset()
  }

  /** Takes as many results as were asked for, and prints them. */
  async #process(ending: boolean): Promise<void> {
    let result = await this.#next()
    while (result !== undefined) {
      if (result.kind === 'failed' || result.kind === 'aborted') {
        await this.#raise(result)
        result = ending || this.#requested > 0 ? await this.#discard() : await this.#next()
        continue
      }
      if (result.kind === 'sync') {
        if (this.#syncs > 0) this.#syncs--
        // psql has left the pipeline here.
        if (ending && this.#syncs === 0) this.#requested = 0
      } else if (this.#available > 0) this.#available--
      if (this.#requested > 0) this.#requested--
      if (result.kind === 'done') {
        // The end of its results.
        await this.#next()
        result.answer.replay()
      } else this.#answering.recorder.setResult(undefined)
      result = this.#requested > 0 ? await this.#next() : undefined
    }
    this.#requested = 0
  }

  async #raise(result: Extract<Result, { kind: 'failed' | 'aborted' }>): Promise<void> {
    const { answer } = result
    if (result.kind === 'failed') return this.#answering.sender.raise({ fields: result.fields, answer })
    this.#answering.recorder.events.error?.(
      new Failure('script_failed', 'This was not run: an error before it has aborted the pipeline.', {
        location: answer.sent.place,
      }),
    )
  }

  /** Passes over what an error has aborted, up to a Sync (discardAbortedPipelineResults). */
  async #discard(): Promise<Result> {
    for (;;) {
      const result = await this.#next()
      // Only a Sync can still fail here.
      if (result?.kind === 'failed') await this.#next()
      if (result?.kind === 'sync' || result?.kind === 'failed') return result
      if (result === undefined) {
        if (this.#available > 0) this.#available--
        if (this.#requested > 0) this.#requested--
        if (this.#queue.length === 0 && this.#results.length === 0) return undefined
      }
      if (this.#requested === 0 || (this.#available === 0 && this.#syncs === 0)) return result
    }
  }

  /** Takes the next result, and waits for it if need be. */
  async #next(): Promise<Result> {
    if (this.#results.length > 0) return this.#results.shift()
    const answer = this.#queue[0]
    if (answer === undefined) return undefined
    await this.#answering.sender.settle()
    this.#queue.shift()
    if (answer instanceof QueuedAnswer) {
      const { error, state } = answer
      if (answer.copies) throw noCopy(answer.sent)
      this.#results.push(undefined)
      return error ? { kind: 'failed', answer, fields: error } : { kind: state === 'aborted' ? state : 'done', answer }
    }
    if (answer.error === undefined) return { kind: 'sync' }
    this.#results.push(undefined, { kind: 'sync' })
    return { kind: 'failed', answer, fields: answer.error }
  }

  /** Leaves it with what was not yet brought to a Sync rolled back, as it is when psql ends there. A Sync must follow. */
  drop(): void {
    if (!this.on) return
    const { session } = this.#answering.sender
    if (this.#mode === 'none') {
      // The server warns that no BEGIN was sent.
      session.onNotice = undefined
      session.send(rollback, silent)
    }
    this.#reset()
  }

  #reset(): void {
    this.#started = undefined
    this.#answering.answersLater = false
    this.#queue = []
    this.#results = []
    this.#aborting = false
    this.#syncs = this.#commands = this.#available = this.#requested = 0
    this.#tellCounts()
  }

  #tellCounts(): void {
    const { variables } = this.#answering.options
    variables.set('PIPELINE_SYNC_COUNT', String(this.#syncs))
    variables.set('PIPELINE_COMMAND_COUNT', String(this.#commands))
    variables.set('PIPELINE_RESULT_COUNT', String(this.#available))
  }
}

/** How many results `\getresults` asks for; 0: all. Throws `script_failed`. */
export function readCount([word = '0']: readonly (string | undefined)[]): number {
  const count = Number.parseInt(word, 10) || 0
  if (count < 0) throw new Failure('script_failed', `\\getresults wants a number of results, and ${count} is none.`)
  return count
}

function noCopy({ place }: Sent): Failure {
  return new Failure('script_unsupported', 'COPY from or to the script cannot be in a pipeline.', { location: place })
}
