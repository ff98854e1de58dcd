import type { Location } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import {
  type AnswerListener,
  CollectedAnswer,
  type ResultSet,
  type Sent,
  ShownAnswer,
  StatementAnswer,
} from './answers.ts'
import { makeDecoder } from './client-encoding.ts'
import type { ScriptOutput } from './files.ts'
import type { Stream } from './host.ts'
import { LastResultAnswer } from './last-result.ts'
import type { Outputs } from './outputs.ts'
import type { Recorder } from './recorder.ts'
import type { Sender } from './sender.ts'
import type { Answer } from './session.ts'
import type { Statement } from './statement.ts'
import type { VariableStore } from './variable-store.ts'

/** What becomes of answers. */
export interface AnsweringOptions {
  readonly variables: VariableStore
  /** What becomes of result sets. */
  readonly results: 'print' | 'collect' | 'drop'
  /** Print `INSERT 0 1` and the like. */
  readonly tags: boolean
  /** When it aborts, nothing is waited for any more. */
  readonly signal?: AbortSignal | undefined
}

/** Where an answer is shown, and how, unless as usual. */
interface Showing {
  readonly settings?: PrintSettings | undefined
  readonly output?: ScriptOutput
  readonly whole?: boolean
}

const usual: Showing = {}

/** Makes what takes the server's answers, and writes what they say where it belongs. */
export class Answering {
  readonly sender: Sender
  readonly outputs: Outputs
  readonly recorder: Recorder
  readonly options: AnsweringOptions
  /** In a pipeline of the script's, answers wait until it asks for them, and what it prints itself does not wait for them. */
  answersLater = false
  #lastShown: { readonly of: PrintSettings; readonly shown: PrintSettings } | undefined
  #decoder: { encoding: string | undefined; decode: ReturnType<typeof makeDecoder> } = {
    encoding: 'UTF8',
    decode: undefined,
  }

  constructor(sender: Sender, outputs: Outputs, recorder: Recorder, options: AnsweringOptions) {
    this.sender = sender
    this.outputs = outputs
    this.recorder = recorder
    this.options = options
  }

  /** Notes that something is about to be sent. */
  sent(place: Location, statement: Statement | undefined, made: { sql?: string; generated?: string } = {}): Sent {
    const timed = this.outputs.timing && this.options.results === 'print'
    return this.recorder.send(place, statement, { timed, ...made })
  }

  /** What takes the answer to a statement of the script. `whole`: however long it is, it is laid out as one. */
  answerTo(sent: Sent, { settings = this.outputs.settings, output, whole = false }: Showing = usual): StatementAnswer {
    const { variables } = this.options
    const all = variables.showsAllResults
    const chunkRows = whole || !all ? 0 : variables.fetchCount
    if (all || (sent.generated === undefined && (sent.statement?.parts.length ?? 1) === 1))
      return this.#shows(sent, settings, chunkRows, output, this.recorder)
    const held: (() => void)[] = []
    const answer = this.#shows(sent, settings, chunkRows, output, this.recorder, (show) => held.push(show))
    const to = output ?? this.outputs.results
    return new LastResultAnswer(sent, answer, held, (chunk) => this.write(to, chunk))
  }

  /** What shows a result that was kept. Nothing where only the last one is shown. */
  showingKept(sent: Sent): Answer {
    if (!this.options.variables.showsAllResults) return { complete() {} }
    const { settings } = this.outputs
    return this.#shows({ ...sent, statement: undefined }, settings, 0, undefined, { completed() {} })
  }

  /** `hold` takes what is to be shown, and when it is shown is its affair. */
  #shows(
    sent: Sent,
    settings: PrintSettings | undefined,
    chunkRows: number,
    target: ScriptOutput | undefined,
    listener: AnswerListener,
    hold?: (show: () => void) => void,
  ): StatementAnswer {
    const { printing, results: usualOutput } = this.outputs
    const output = target ?? usualOutput
    const write =
      hold === undefined
        ? (text: string | Uint8Array) => this.write(output, text)
        : (text: string | Uint8Array) => hold(() => this.write(output, text))
    const now = (show: () => void) => (hold === undefined ? show() : hold(show))
    if (this.options.results === 'collect') {
      const done = (result: ResultSet) => now(() => this.recorder.events.result?.(result))
      return new CollectedAnswer(sent, listener, { decode: this.decode, done, copyOut: write })
    }
    if (printing === undefined || settings === undefined) return new StatementAnswer(sent, listener)
    const tell = output === usualOutput ? undefined : (tag: string) => now(() => this.tell(tag, usualOutput))
    const shown = this.#settingsFor(settings, chunkRows)
    return new ShownAnswer(sent, listener, printing, this.decode, shown, write, tell)
  }

  /** They are the same for most statements. */
  #settingsFor(settings: PrintSettings, chunkRows: number): PrintSettings {
    const quiet = !this.options.tags || this.options.variables.quiet
    const last = this.#lastShown
    if (last?.of === settings && last.shown.quiet === quiet && last.shown.chunkRows === chunkRows) return last.shown
    const shown = { ...settings, quiet, chunkRows }
    this.#lastShown = { of: settings, shown }
    return shown
  }

  /** Makes UTF-8 of a row, when the script has set another encoding. */
  readonly decode = (values: readonly (Buffer | null)[]): readonly (Buffer | null)[] => {
    const encoding = this.sender.session.parameters.get('client_encoding')
    if (encoding !== this.#decoder.encoding) this.#decoder = { encoding, decode: makeDecoder(encoding) }
    const { decode } = this.#decoder
    return decode ? values.map((value) => value && decode(value)) : values
  }

  /** Writes, and reads no more answers while nobody takes what is written. */
  write(output: ScriptOutput, text: string | Uint8Array): void {
    output.write(text)
    const full = output.full()
    if (full) this.sender.session.hold(full)
  }

  /** Prints when all that was sent before is answered. */
  print(stream: Stream, text: string): void {
    const output = this.outputs.of(stream)
    if (this.answersLater) this.write(output, text)
    else this.sender.session.after(() => this.write(output, text))
  }

  /** Prints what sums up a command, as a tag does a statement. */
  tell(text: string, output = this.outputs.results): void {
    const { tags, variables } = this.options
    const { printing, settings } = this.outputs
    if (printing === undefined || settings === undefined) return
    const quiet = !tags || variables.quiet
    this.write(output, printing.formatTag({ ...settings, quiet }, text))
  }
}
