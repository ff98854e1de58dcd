import { Failure } from '../errors.ts'
import type { CopySource } from './answers.ts'
import type { ScriptFiles, ScriptSource } from './files.ts'
import { Source } from './source.ts'

/** Finds the lines again that failures are about. A script is not kept, but it can be read once more. */
export class SourceLines {
  readonly #files: ScriptFiles
  readonly #sources = new Map<string, ScriptSource>()

  constructor(files: ScriptFiles) {
    this.#files = files
  }

  note(source: ScriptSource): void {
    this.#sources.set(source.name, source)
  }

  /** A line of a script, or of a file of data. Undefined where it cannot be read any more. */
  async read(file: string, line: number): Promise<string | undefined> {
    try {
      const text = await readLine(linesFrom(await this.#open(file), line))
      // Editors neither show nor count a byte order mark.
      return line === 1 ? text?.replace(/^\uFEFF/, '') : text
    } catch {
      return undefined
    }
  }

  /** The data of COPY once more, from its start. Throws where it cannot be read again. */
  async *copyData({ file, firstLine, stream }: CopySource): AsyncGenerator<Buffer> {
    if (stream === 'standard' || stream === 'program') throw new Error(`${file} is gone.`)
    const bytes = linesFrom(await this.#open(file), firstLine)
    yield* stream === 'file' ? bytes : copyBlock(bytes)
  }

  async #open(file: string): Promise<AsyncIterable<Uint8Array>> {
    return this.#sources.get(file)?.open() ?? (await this.#files.readAgain(file))
  }

  /** The failure with the line that it is about, where it has a place but not its text. */
  async show(error: unknown): Promise<unknown> {
    if (!(error instanceof Failure) || error.location === undefined || error.location.text !== undefined) return error
    const text = await this.read(error.location.file, error.location.line)
    return text === undefined ? error : error.with({ location: { ...error.location, text } })
  }
}

/** The bytes from a line on, counted from 1. */
async function* linesFrom(bytes: AsyncIterable<Uint8Array>, line: number): AsyncGenerator<Buffer> {
  let current = 1
  for await (const { buffer, byteOffset, byteLength } of bytes) {
    const piece = Buffer.from(buffer, byteOffset, byteLength)
    let from = 0
    while (current < line) {
      const next = piece.indexOf(0x0a, from)
      if (next < 0) break
      from = next + 1
      current++
    }
    if (current === line) yield piece.subarray(from)
  }
}

/** The first line of what comes, without collecting what is behind it. Undefined where nothing comes. */
async function readLine(bytes: AsyncIterable<Buffer>): Promise<string | undefined> {
  const parts: Buffer[] = []
  for await (const piece of bytes) {
    const end = piece.indexOf(0x0a)
    parts.push(piece.subarray(0, end < 0 ? undefined : end))
    if (end >= 0) break
  }
  if (parts.length === 0) return undefined
  return Buffer.concat(parts).toString('utf8').replace(/\r$/, '')
}

/** The COPY data of a script, up to the line that ends it. */
async function* copyBlock(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = new Source('')
  source.startCopy()
  const pieces = function* () {
    for (let piece = source.readCopy(); piece !== undefined; piece = source.readCopy()) {
      yield piece
      if (piece.kind === 'end') return
    }
  }
  for await (const piece of bytes) {
    source.push(piece)
    for (const read of pieces()) {
      if (read.kind === 'end') return
      yield read.bytes
    }
  }
  source.ended = true
  for (const read of pieces()) if (read.kind === 'data') yield read.bytes
}
