import { byteClass, digit, dollarDelimiterEnd, parameterEnd, stringContinuation } from './lexer.ts'

// What the lexer is in the middle of.
const nothing = 0
const string = 1
const escapeString = 2
const bitString = 3
const stringEnd = 4
const quotedIdentifier = 5
const comment = 6
const dollarQuote = 7

/** Strings, quoted identifiers, dollar quotes and comments, which go on over lines and values until they are closed. */
export class Quoting {
  #inside = nothing
  #string = string
  #commentDepth = 0
  #dollarTag: Buffer = Buffer.alloc(0)

  /** Whether one is open. A string counts as open until it is clear that it does not continue. */
  get open(): boolean {
    return this.#inside !== nothing
  }

  /** Whether a blank line here would be a part of it. */
  get inside(): boolean {
    return this.#inside !== nothing && this.#inside !== stringEnd
  }

  /** Says that a string that has ended does not continue. */
  endString(): void {
    if (this.#inside === stringEnd) this.#inside = nothing
  }

  openString(backslashEscapes: boolean): void {
    this.#openString(backslashEscapes ? escapeString : string)
  }

  openIdentifier(): void {
    this.#inside = quotedIdentifier
  }

  openComment(): void {
    this.#inside = comment
    this.#commentDepth = 0
  }

  #openString(kind: number): void {
    this.#inside = kind
    this.#string = kind
  }

  /** Opens what a dollar starts. Returns where it goes on behind the delimiter, the parameter, or only the dollar. */
  openDollar(bytes: Buffer, pos: number, end: number): number {
    if (pos + 1 < end && byteClass[bytes[pos + 1]!] === digit) return parameterEnd(bytes, pos + 1, end)
    const after = dollarDelimiterEnd(bytes, pos, end)
    if (after === pos) return pos + 1
    this.#inside = dollarQuote
    this.#dollarTag = bytes.subarray(pos, after)
    return after
  }

  /**
   * Opens what a letter prefixes: E'…', B'…', X'…', U&'…', U&"…". Returns where it goes on; undefined when the letter is only
   * the first of an identifier.
   */
  openPrefixed(bytes: Buffer, pos: number, end: number): number | undefined {
    const prefix = bytes[pos]! | 0x20
    const next = bytes[pos + 1]
    if (next === 0x27 && pos + 1 < end) {
      if (prefix === 0x65) this.#openString(escapeString)
      else if (prefix === 0x62 || prefix === 0x78) this.#openString(bitString)
      // N'…' is the word N, which is not counted as one, and a string.
      else return prefix === 0x6e ? pos + 1 : undefined
      return pos + 2
    }
    if (next === 0x26 && pos + 1 < end && prefix === 0x75) {
      const opener = pos + 2 < end ? bytes[pos + 2] : undefined
      if (opener === 0x27) this.#openString(string)
      else if (opener === 0x22) this.#inside = quotedIdentifier
      else return pos + 1
      return pos + 3
    }
    return undefined
  }

  /** Reads on until what is open is closed, or to the end. `lineByLine` is told by `stringContinuation`. */
  read(bytes: Buffer, pos: number, end: number, lineByLine: boolean): number {
    switch (this.#inside) {
      case stringEnd: {
        if (lineByLine && bytes[pos] === 0x0a) return pos + 1
        const after = stringContinuation(bytes, pos, end, lineByLine)
        this.#inside = after === pos ? nothing : this.#string
        return after
      }
      case dollarQuote: {
        const found = (end === bytes.length ? bytes : bytes.subarray(0, end)).indexOf(this.#dollarTag, pos)
        if (found < 0) return end
        this.#inside = nothing
        return found + this.#dollarTag.length
      }
      case comment:
        return this.#readComment(bytes, pos, end)
      case quotedIdentifier:
        while (pos < end && bytes[pos] !== 0x22) pos++
        if (pos === end) return end
        // A doubled quote opens it again at once.
        this.#inside = nothing
        return pos + 1
      case escapeString:
        for (; pos < end && bytes[pos] !== 0x27; pos++) if (bytes[pos] === 0x5c) pos++
        return this.#closeString(bytes, Math.min(pos, end), end)
      default:
        while (pos < end && bytes[pos] !== 0x27) pos++
        return this.#closeString(bytes, pos, end)
    }
  }

  #readComment(bytes: Buffer, pos: number, end: number): number {
    for (; pos < end; pos++) {
      const byte = bytes[pos]
      if (byte !== 0x2a && byte !== 0x2f) continue
      const next = pos + 1 < end ? bytes[pos + 1] : undefined
      if (byte === 0x2a && next === 0x2f) {
        pos++
        if (this.#commentDepth-- === 0) {
          this.#inside = nothing
          return pos + 1
        }
      } else if (byte === 0x2f && next === 0x2a) {
        pos++
        this.#commentDepth++
      }
    }
    return end
  }

  /** `pos` is at a quote or at the end. */
  #closeString(bytes: Buffer, pos: number, end: number): number {
    if (pos === end) return end
    if (this.#inside !== bitString && pos + 1 < end && bytes[pos + 1] === 0x27) return pos + 2
    this.#inside = stringEnd
    return pos + 1
  }
}
