import type { CopyFormat } from './failure-place-copy-format.ts'

/** A record of COPY data: what the server makes a row of. */
export interface CopyRecord {
  /** Its bytes without its line end, as far as they are kept. */
  readonly bytes: Buffer
  /** Whether that is all of it. */
  readonly whole: boolean
  /** The line of its file on which it starts. */
  readonly line: number
  /** What ends the lines within it. */
  readonly lineEnd: number
  /** Whether the data end within its quotes. */
  readonly quoted: boolean
  /** The byte where another line end stands than those before, which the server takes for an error. */
  readonly wrongLineEnd: number | undefined
}

const newline = 0x0a
const carriageReturn = 0x0d
const backslash = 0x5c

/** As much of a record is kept. */
const keptBytes = 65_536

/**
 * Finds the record that the server was at when it counted `count` lines, by counting as CopyReadLineText does
 * (src/backend/commands/copyfromparse.c). `firstLine` is the line of the file on which the data starts.
 */
export async function findRecord(
  data: AsyncIterable<Uint8Array>,
  format: CopyFormat,
  count: number,
  firstLine: number,
): Promise<CopyRecord | undefined> {
  const reader = new RecordReader(format, count, firstLine)
  for await (const { buffer, byteOffset, byteLength } of data) {
    const record = reader.read(Buffer.from(buffer, byteOffset, byteLength))
    if (record !== undefined) return record
  }
  return reader.end()
}

class RecordReader {
  readonly #csv: boolean
  readonly #quote: number
  readonly #escape: number
  readonly #wanted: number
  /** The bytes that change anything. */
  readonly #special = new Uint8Array(256)
  /** What the server counts: each record, and some of the line ends in quotes. */
  #count = 1
  #line: number
  /** What ends a record, as the first record has shown. */
  #ending: 'LF' | 'CR' | 'CRLF' | undefined
  /** Whether the byte before says what the next one is, so that none may be passed over. */
  #pending = false
  #quoted = false
  #escaped = false
  #returned = false
  #wrong: number | undefined
  // The record at hand.
  #startLine: number
  #parts: Buffer[] = []
  #kept = 0
  #length = 0

  constructor({ csv, quote, escape }: CopyFormat, wanted: number, firstLine: number) {
    this.#csv = csv
    this.#quote = quote
    // A quote that is doubled closes the quotes and opens them again: nothing has to be known of it here.
    this.#escape = escape === quote ? -1 : escape
    this.#wanted = wanted
    this.#line = firstLine
    this.#startLine = firstLine
    for (const byte of csv ? [quote, escape] : [backslash]) this.#special[byte] = 1
    this.#special[newline] = 1
    this.#special[carriageReturn] = 1
  }

  /** Reads a piece of the data up to the end of the record that is looked for. */
  read(bytes: Buffer): CopyRecord | undefined {
    const special = this.#special
    let from = 0
    for (let pos = 0; pos < bytes.length; pos++) {
      if (!this.#pending) while (pos < bytes.length && special[bytes[pos]!] === 0) pos++
      const byte = bytes[pos]
      if (byte === undefined) break
      const end = this.#endsBefore(byte) ? pos : this.#endsWith(byte, pos - from) ? pos + 1 : -1
      if (end < 0) continue
      this.#keep(bytes.subarray(from, end))
      const record = this.#finish()
      if (record !== undefined) return record
      from = end
      // The byte belongs to the next record.
      if (end === pos) pos--
    }
    this.#keep(bytes.subarray(from))
    return undefined
  }

  /** What the end of the data completes. */
  end(): CopyRecord | undefined {
    if (this.#returned && this.#ending !== 'CRLF') {
      this.#ending = 'CR'
      this.#line++
      const record = this.#finish()
      if (record !== undefined) return record
    }
    // When nothing follows, the server has counted one line more than there are.
    return this.#count < this.#wanted ? undefined : this.#finish()
  }

  /** Whether a carriage return before this byte has ended the record alone. */
  #endsBefore(byte: number): boolean {
    if (!this.#returned || byte === newline || this.#ending === 'CRLF') return false
    this.#ending = 'CR'
    this.#line++
    return true
  }

  /** Whether a byte ends the record. `ahead` bytes of it before this one are not kept yet. */
  #endsWith(byte: number, ahead: number): boolean {
    const pending = this.#pending
    const returned = this.#returned
    this.#pending = false
    this.#returned = false
    const isLine = byte === (this.#ending === 'CR' ? carriageReturn : newline)
    if (isLine) this.#line++
    // Behind the error the rest of the line is read, to be shown.
    if (this.#wrong !== undefined) {
      this.#pending = true
      return isLine
    }
    if (this.#csv) this.#readQuote(byte)
    else if (pending && !returned) return false
    else if (byte === backslash) this.#pending = true
    if (this.#quoted) return false
    const offset = this.#length + ahead
    if (returned && byte === newline) {
      this.#ending = 'CRLF'
      return true
    }
    if (returned) return this.#failsAt(offset - 1, isLine)
    if (byte === carriageReturn) {
      if (this.#ending === 'LF') return this.#failsAt(offset, isLine)
      if (this.#ending === 'CR') return true
      this.#pending = true
      this.#returned = true
      return false
    }
    if (byte !== newline) return false
    if (this.#ending === 'CR' || this.#ending === 'CRLF') return this.#failsAt(offset, isLine)
    this.#ending = 'LF'
    return true
  }

  /** Follows the quotes of CSV, and counts the line ends in them as the server does. */
  #readQuote(byte: number): void {
    if (this.#quoted && byte === this.#escape) this.#escaped = !this.#escaped
    if (byte === this.#quote && !this.#escaped) this.#quoted = !this.#quoted
    if (byte !== this.#escape) this.#escaped = false
    this.#pending = this.#escaped
    if (this.#quoted && byte === (this.#ending === 'LF' ? newline : carriageReturn)) this.#count++
  }

  #failsAt(offset: number, isLine: boolean): boolean {
    this.#wrong = offset
    this.#pending = true
    return isLine
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    if (this.#kept >= keptBytes || bytes.length === 0) return
    this.#parts.push(bytes.subarray(0, keptBytes - this.#kept))
    this.#kept += bytes.length
  }

  #finish(): CopyRecord | undefined {
    if (this.#count >= this.#wanted) return this.#record()
    this.#count++
    this.#startLine = this.#line
    this.#pending = false
    this.#quoted = false
    this.#escaped = false
    this.#returned = false
    this.#wrong = undefined
    this.#parts = []
    this.#kept = 0
    this.#length = 0
    return undefined
  }

  #record(): CopyRecord {
    const bytes = Buffer.concat(this.#parts)
    let end = bytes.length
    if (bytes[end - 1] === newline && !this.#quoted) end--
    if (bytes[end - 1] === carriageReturn && this.#ending !== 'LF' && !this.#quoted) end--
    return {
      bytes: bytes.subarray(0, end),
      whole: this.#length <= keptBytes,
      line: this.#startLine,
      lineEnd: this.#ending === 'CR' ? carriageReturn : newline,
      quoted: this.#quoted,
      wrongLineEnd: this.#wrong,
    }
  }
}
