import { CopyOutAnswer, type Sent } from './answers.ts'
import type { Answering } from './answering.ts'
import type { CopyCommand } from './copy.ts'
import { placeOf } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import type { OutputPorts } from './outputs.ts'
import type { CopyData } from './items.ts'
import { countLineEnds } from './source.ts'

/** COPY, and the data that goes with it. */
export class Copying {
  readonly #answering: Answering
  readonly #ports: OutputPorts

  constructor(answering: Answering, ports: OutputPorts) {
    this.#answering = answering
    this.#ports = ports
  }

  /** Data that stands in the script. */
  data({ chunk, firstLine, lineEnds }: CopyData): void | Promise<void> {
    const copying = this.#answering.sender.copying
    if (copying === undefined) return
    const { sent, ended } = copying
    sent.data ??= []
    sent.data[ended] ??= { file: sent.place.file, firstLine, stream: 'script' }
    return this.#sendData(chunk, lineEnds)
  }

  #sendData(chunk: Uint8Array, lineEnds: number): void | Promise<void> {
    this.#answering.recorder.sentData(chunk.length, lineEnds)
    return this.#answering.sender.data(chunk)
  }

  /** The end of that data. */
  end(): void | Promise<void> {
    return this.#answering.sender.endData()
  }

  /** `\copy`. */
  async copy(command: MetaCommand, copy: CopyCommand): Promise<void> {
    const sql = `copy ${copy.what} ${copy.direction === 'from' ? 'from stdin' : 'to stdout'} ${copy.options}`
    const text = Buffer.from(sql)
    const sent = this.#answering.sent(placeOf(command), undefined, { sql })
    if (copy.direction === 'to') return this.#copyTo(command, copy, text, sent)
    const data = copy.stream === 'script' ? undefined : await this.#openData(command, copy)
    await this.#answering.sender.sendCopy(text, this.#answering.answerTo(sent))
    this.#answering.sender.expectData(sent)
    // Otherwise it is in the script, which goes on with it.
    if (data === undefined) return
    sent.data = [{ file: copy.path ?? 'stdin', firstLine: 1, stream: copy.stream }]
    // The data may be long in coming.
    this.#answering.sender.session.flush()
    for await (const chunk of data) await this.#sendData(chunk, countLineEnds(chunk))
    await this.end()
  }

  async #openData(command: MetaCommand, copy: CopyCommand): Promise<AsyncIterable<Uint8Array>> {
    const { files } = this.#ports
    if (copy.stream === 'standard') return files.standardInput()
    if (copy.stream === 'program')
      return this.#answering.outputs.shell(command, '\\copy … program').read(copy.path ?? '')
    return files.read(copy.path ?? '')
  }

  async #copyTo(command: MetaCommand, copy: CopyCommand, text: Buffer, sent: Sent): Promise<void> {
    const { path = '', stream } = copy
    const { outputs, recorder, sender } = this.#answering
    const opened =
      stream === 'file'
        ? await this.#ports.files.write(path)
        : stream === 'program'
          ? await outputs.shell(command, '\\copy … program').write(path)
          : undefined
    const output = opened ?? (stream === 'standard' ? this.#ports.output : outputs.results)
    const completed = (_sent: Sent, tag: string) => {
      // Not among the data.
      if (output !== outputs.results) this.#answering.tell(tag)
      recorder.completed(sent, tag)
    }
    const write = (piece: Uint8Array) => this.#answering.write(output, piece)
    try {
      await sender.sendCopy(text, new CopyOutAnswer(sent, { completed }, write))
      await sender.settle()
    } finally {
      await opened?.close()
    }
  }
}
