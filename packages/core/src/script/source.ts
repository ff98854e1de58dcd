import { Failure } from '../errors.ts'
import type { Position } from './position.ts'

const newline = 0x0a
const carriageReturn = 0x0d
const backslash = 0x5c
const dot = 0x2e
const endOfData = Buffer.from('\\.')

/** Whole lines of a script, and how far they are read. */
export class Lines {
  readonly bytes: Buffer
  readonly offset: number
  pos = 0
  end: number
  /** Cut off from what follows, because COPY data stands between. */
  detached = false
  #counted = 0
  #line: number
  #column = 1

  constructor(bytes: Buffer, offset: number, line: number) {
    this.bytes = bytes
    this.end = bytes.length
    this.offset = offset
    this.#line = line
  }

  /** The place of a byte. Only ever asked further on, so that a script is counted once. */
  at(index: number): Position {
    const { bytes } = this
    let line = this.#line
    let column = this.#column
    let counted = this.#counted
    for (; counted < index; counted++) {
      const byte = bytes[counted]!
      if (byte === newline) {
        line++
        column = 1
      } else if ((byte & 0xc0) !== 0x80) column++
    }
    this.#line = line
    this.#column = column
    this.#counted = counted
    return { line, column, offset: this.offset + counted }
  }
}

interface Chunk {
  bytes: Buffer
  /** Where its last line ends, if it is known: -1 when it holds no line end. */
  lastLineEnd: number | undefined
}

/** A piece of COPY data, or its end. */
export type CopyPiece =
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly line: number; readonly lineEnds: number }
  | { readonly kind: 'end'; readonly terminated: boolean }

/** The bytes of a script as they arrive, given out as whole lines or as COPY data. Never looks at a byte twice. */
export class Source {
  readonly #file: string
  #chunks: Chunk[] = []
  /** How many chunks at the front are known to hold no line end. */
  #searched = 0
  #opened = false
  #atLineStart = true
  ended = false
  /** Whether the lines of COPY data are counted. Where nobody asks for places behind them, that is most of the work. */
  countsData = true
  /** Bytes given out so far. */
  offset = 0
  /** The line that comes next. */
  line = 1

  constructor(file: string) {
    this.#file = file
  }

  /** Nothing is left of what was pushed. */
  get empty(): boolean {
    return this.#chunks.length === 0
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#chunks.push({ bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), lastLineEnd: undefined })
  }

  /** As many whole lines as there are, or undefined when more input is needed (or none is left). */
  takeLines(): Lines | undefined {
    if (!this.#opened && !this.#open()) return undefined
    const chunks = this.#chunks
    while (this.#searched < chunks.length) {
      const chunk = chunks[this.#searched]!
      chunk.lastLineEnd ??= chunk.bytes.lastIndexOf(newline)
      if (chunk.lastLineEnd >= 0) {
        const end = this.#searched === 0 ? chunk.lastLineEnd : chunk.bytes.indexOf(newline)
        return this.#take(this.#searched, end + 1)
      }
      this.#searched++
    }
    return this.ended && chunks.length > 0 ? this.#take(chunks.length, 0) : undefined
  }

  /** Takes the first `count` chunks and `length` bytes of the one after. */
  #take(count: number, length: number): Lines {
    const taken = this.#chunks.splice(0, count).map((chunk) => chunk.bytes)
    const next = this.#chunks[0]
    if (next !== undefined && length > 0) {
      taken.push(next.bytes.subarray(0, length))
      this.#drop(length)
    }
    this.#searched = 0
    const lines = new Lines(taken.length === 1 ? taken[0]! : Buffer.concat(taken), this.offset, this.line)
    this.offset += lines.end
    return lines
  }

  /** Drops bytes from the front. */
  #drop(length: number): void {
    const chunk = this.#chunks[0]!
    if (length === chunk.bytes.length) this.#chunks.shift()
    else {
      chunk.bytes = chunk.bytes.subarray(length)
      if (chunk.lastLineEnd !== undefined) chunk.lastLineEnd = Math.max(chunk.lastLineEnd - length, -1)
    }
  }

  /** Puts whole lines back to the front. */
  giveBack(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.offset -= bytes.length
    this.#chunks.unshift({ bytes, lastLineEnd: undefined })
    this.#searched = 0
  }

  /** Looks at the first bytes once: skips a byte order mark, refuses what is not a script. */
  #open(): boolean {
    const parts: Buffer[] = []
    let length = 0
    for (const { bytes } of this.#chunks) {
      parts.push(bytes)
      length += bytes.length
      if (length >= 8) break
    }
    if (length < 8 && !this.ended) return false
    this.#opened = true
    const head = Buffer.concat(parts).subarray(0, 8)
    const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf
    const start = head.toString('latin1', marked ? 3 : 0)
    if (start.startsWith('PGDMP') || start.startsWith('toc.dat')) {
      throw new Failure('file_unusable', `${this.#file} is a dump in pg_dump's custom or tar format, not a script.`, {
        hint: `Restore it with pg_restore, or make a script of it: pg_restore --file=dump.sql ${this.#file}`,
      })
    }
    if (head[0] === 0x1f && head[1] === 0x8b) {
      throw new Failure('file_unusable', `${this.#file} is compressed with gzip.`, {
        hint: `Decompress it first: gunzip ${this.#file}`,
      })
    }
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
      throw new Failure('file_unusable', `${this.#file} is encoded in UTF-16.`, { hint: 'Save it as UTF-8.' })
    }
    if (marked) {
      // The mark may be spread over several chunks.
      for (let left = 3; left > 0;) {
        const dropped = Math.min(left, this.#chunks[0]!.bytes.length)
        this.#drop(dropped)
        left -= dropped
      }
      this.offset = 3
    }
    return true
  }

  startCopy(): void {
    this.#atLineStart = true
    this.#searched = 0
  }

  /** The next piece of COPY data, or undefined when more input is needed. */
  readCopy(): CopyPiece | undefined {
    for (;;) {
      const chunk = this.#chunks[0]
      if (chunk === undefined) return this.ended ? { kind: 'end', terminated: false } : undefined
      const { bytes } = chunk
      if (this.#atLineStart) {
        const length = this.#terminator(bytes, 0, this.ended && this.#chunks.length === 1)
        if (length === undefined) {
          if (this.#chunks.length === 1) return undefined
          const joined = Buffer.concat([bytes, this.#chunks[1]!.bytes])
          this.#chunks.splice(0, 2, { bytes: joined, lastLineEnd: undefined })
          continue
        }
        if (length > 0) {
          this.#drop(length)
          this.offset += length
          this.line++
          return { kind: 'end', terminated: true }
        }
      }
      return this.#copyData(bytes)
    }
  }

  #copyData(bytes: Buffer): CopyPiece {
    let length = bytes.length
    for (let from = 0; ;) {
      // Line ends are many, and backslashes few: this is how most of a dump is read.
      const found = bytes.indexOf(endOfData, from)
      if (found < 0) {
        // A lone backslash may be the start of the terminator.
        if (length > 1 && bytes[length - 1] === backslash && bytes[length - 2] === newline) length--
        break
      }
      if (bytes[found - 1] === newline && this.#terminator(bytes, found, false) !== 0) {
        length = found
        break
      }
      from = found + 1
    }
    const data = bytes.subarray(0, length)
    const { line } = this
    const lineEnds = this.countsData ? countLineEnds(data) : 0
    this.line += lineEnds
    this.offset += length
    this.#drop(length)
    this.#atLineStart = data[length - 1] === newline
    return { kind: 'data', bytes: data, line, lineEnds }
  }

  /** The length of a `\.` line that starts here, 0 when it is none, undefined when more bytes are needed to know. */
  #terminator(bytes: Buffer, from: number, last: boolean): number | undefined {
    const left = bytes.length - from
    if (left > 0 && bytes[from] !== backslash) return 0
    if (left > 1 && bytes[from + 1] !== dot) return 0
    if (left > 2 && bytes[from + 2] === newline) return 3
    if (left > 2 && bytes[from + 2] !== carriageReturn) return 0
    if (left > 3) return bytes[from + 3] === newline ? 4 : 0
    if (!last) return undefined
    // psql would send a last `\.` without a line end as data; the server's text format takes it for the end.
    return left >= 2 ? left : 0
  }
}

/** Counts line feeds sixteen bytes at a time: most of what is read of a dump is data, and only their number is asked of it. */
export function countLineEnds(bytes: Uint8Array): number {
  const skipped = (4 - (bytes.byteOffset & 3)) & 3
  const wordCount = (Math.max(0, bytes.length - skipped) >>> 4) << 2
  if (wordCount === 0) return countSlowly(bytes, 0, bytes.length)
  let count = countSlowly(bytes, 0, skipped)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, wordCount)
  for (let at = 0; at < wordCount;) {
    // Four counts in one number, each of which reaches 252 at most.
    let counts = 0
    for (const end = Math.min(at + 252, wordCount); at < end; at += 4) {
      const ends = lineEndsIn(words[at]!) + lineEndsIn(words[at + 1]!)
      counts = (counts + ends + lineEndsIn(words[at + 2]!) + lineEndsIn(words[at + 3]!)) | 0
    }
    count += (counts & 0xff) + ((counts >>> 8) & 0xff) + ((counts >>> 16) & 0xff) + (counts >>> 24)
  }
  return count + countSlowly(bytes, skipped + wordCount * 4, bytes.length)
}

/** A one in each byte where a line feed stands. */
function lineEndsIn(word: number): number {
  // A byte of `differs` is zero there; its high bit in `others` is then not set, and only then.
  const differs = word ^ 0x0a0a0a0a
  const others = ((differs & 0x7f7f7f7f) + 0x7f7f7f7f) | differs
  return (~others >>> 7) & 0x01010101
}

function countSlowly(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let index = from; index < to; index++) if (bytes[index] === newline) count++
  return count
}
