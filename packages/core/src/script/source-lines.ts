import { Failure } from '../errors.ts'
import type { ScriptFiles, ScriptSource } from './files.ts'

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
      return await findLine(this.#sources.get(file)?.open() ?? (await this.#files.read(file)), line)
    } catch {
      return undefined
    }
  }

  /** The failure with the line that it is about, where it has a place but not its text. */
  async show(error: unknown): Promise<unknown> {
    if (!(error instanceof Failure) || error.location === undefined || error.location.text !== undefined) return error
    const text = await this.read(error.location.file, error.location.line)
    return text === undefined ? error : error.with({ location: { ...error.location, text } })
  }
}

/** Finds a line, counted from 1, without collecting the others. */
async function findLine(source: AsyncIterable<Uint8Array>, line: number): Promise<string | undefined> {
  let current = 1
  const parts: Buffer[] = []
  for await (const piece of source) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    let from = 0
    while (current < line) {
      const next = bytes.indexOf(0x0a, from)
      if (next < 0) break
      from = next + 1
      current++
    }
    if (current < line) continue
    const end = bytes.indexOf(0x0a, from)
    parts.push(bytes.subarray(from, end < 0 ? undefined : end))
    if (end >= 0) return Buffer.concat(parts).toString('utf8').replace(/\r$/, '')
  }
  return current === line ? Buffer.concat(parts).toString('utf8') : undefined
}
