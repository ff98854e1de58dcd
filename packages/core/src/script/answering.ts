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

/** Makes what takes the server's answers, and writes what they say where it belongs. */
export class Answering {
  readonly sender: Sender
  readonly outputs: Outputs
  readonly recorder: Recorder
  readonly options: AnsweringOptions
  /** In a pipeline of the script's, answers wait until it asks for them, and what it prints itself does not wait for them. */
  answersLater = false
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
  answerTo(
    sent: Sent,
    { settings = this.outputs.settings, output = this.outputs.results, whole = false }: Showing = {},
  ): StatementAnswer {
    const { variables } = this.options
    const write = (text: string | Uint8Array) => this.write(output, text)
    const now = (show: () => void) => show()
    const several = sent.generated !== undefined || (sent.statement?.parts.length ?? 1) > 1
    const all = variables.isOn('SHOW_ALL_RESULTS')
    const chunkRows = whole || !all ? 0 : variables.fetchCount
    const shown = settings && { ...settings, chunkRows }
    if (all || !several) return this.#shows(sent, shown, output, now)
    const held: (() => void)[] = []
    const hold = (show: () => void) => held.push(show)
    return new LastResultAnswer(sent, this.#shows(sent, shown, output, hold), held, write)
  }

  /** What shows a result that was kept. Nothing where only the last one is shown. */
  showingKept(sent: Sent): Answer {
    if (!this.options.variables.isOn('SHOW_ALL_RESULTS')) return { complete() {} }
    const { settings, results } = this.outputs
    return this.#shows({ ...sent, statement: undefined }, settings, results, (show) => show(), { completed() {} })
  }

  #shows(
    sent: Sent,
    settings: PrintSettings | undefined,
    output: ScriptOutput,
    when: (show: () => void) => void,
    listener: AnswerListener = this.recorder,
  ): StatementAnswer {
    const { results, tags, variables } = this.options
    const { printing } = this.outputs
    const write = (text: string | Uint8Array) => when(() => this.write(output, text))
    if (results === 'collect') {
      const done = (result: ResultSet) => when(() => this.recorder.events.result?.(result))
      return new CollectedAnswer(sent, listener, { decode: this.decode, done, copyOut: write })
    }
    if (printing === undefined || settings === undefined) return new StatementAnswer(sent, listener)
    const quiet = !tags || variables.isOn('QUIET')
    const { results: usual } = this.outputs
    const tell = output === usual ? undefined : (tag: string) => when(() => this.tell(tag, usual))
    return new ShownAnswer(sent, listener, printing, this.decode, { ...settings, quiet }, write, tell)
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
    const quiet = !tags || variables.isOn('QUIET')
    this.write(output, printing.formatTag({ ...settings, quiet }, text))
  }
}
