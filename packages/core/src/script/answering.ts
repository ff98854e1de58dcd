import type { Location } from '../errors.ts'
import { CollectedAnswer, type ResultSet, type Sent, ShownAnswer, StatementAnswer } from './answers.ts'
import { makeDecoder } from './client-encoding.ts'
import type { ScriptOutput } from './files.ts'
import type { Stream } from './host.ts'
import type { Outputs } from './outputs.ts'
import type { Recorder } from './recorder.ts'
import type { Sender } from './sender.ts'
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

  /** What takes the answer to a statement of the script. */
  answerTo(sent: Sent, settings = this.outputs.settings, output = this.outputs.results): StatementAnswer {
    const { results, tags, variables } = this.options
    const { printing } = this.outputs
    const recorder = this.recorder
    const write = (text: string | Uint8Array) => this.write(output, text)
    if (results === 'collect') {
      const done = (result: ResultSet) => recorder.events.result?.(result)
      return new CollectedAnswer(sent, recorder, { decode: this.decode, done, copyOut: write })
    }
    if (printing === undefined || settings === undefined) return new StatementAnswer(sent, recorder)
    const quiet = !tags || variables.isOn('QUIET')
    const { results: usual } = this.outputs
    const tell = output === usual ? undefined : (tag: string) => this.tell(tag, usual)
    return new ShownAnswer(sent, recorder, printing, this.decode, { ...settings, quiet }, write, tell)
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
