/**
 * Words of SQL as psql's lexer reads them (src/fe_utils/psqlscan.l of PostgreSQL 18): byte by byte, every byte above 127 a
 * letter.
 */

export const space = 1
export const letter = 2
export const digit = 3
export const quote = 4
export const doubleQuote = 5
export const dollar = 6
export const dash = 7
export const slash = 8
export const colon = 9
export const backslash = 10
export const open = 11
export const close = 12
export const semicolon = 13
export const point = 14

/** What each byte can start, outside quotes and comments. */
export const byteClass = new Uint8Array(256)
/** 1 for a byte that can continue an identifier or a variable's name; 2 for `$`, which only the former may hold. */
const identifierByte = new Uint8Array(256)

for (let byte = 0; byte < 256; byte++) {
  const character = String.fromCharCode(byte)
  if (byte >= 0x80 || /[A-Za-z_]/.test(character)) byteClass[byte] = letter
  if (byte >= 0x80 || /[A-Za-z0-9_]/.test(character)) identifierByte[byte] = 1
}
identifierByte[0x24] = 2

function classify(characters: string, kind: number): void {
  for (const character of characters) byteClass[character.charCodeAt(0)] = kind
}

classify(' \t\n\r\f\v', space)
classify('0123456789', digit)
classify("'", quote)
classify('"', doubleQuote)
classify('$', dollar)
classify('-', dash)
classify('/', slash)
classify(':', colon)
classify('\\', backslash)
classify('(', open)
classify(')', close)
classify(';', semicolon)
classify('.', point)

export function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && byteClass[byte] === space
}

/** Where an identifier that goes on at `pos` ends. */
export function identifierEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end && identifierByte[bytes[pos]!] !== 0) pos++
  return pos
}

/** Where a variable's name that starts at `pos` ends; `pos` itself when there is none. */
function variableEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end && identifierByte[bytes[pos]!] === 1) pos++
  return pos
}

/**
 * Where a number ends that starts at `pos` with a digit. Letters right after it are part of it: `1a$b$` starts no dollar quote,
 * `1.E'…'` no escape string.
 */
export function numberEnd(bytes: Buffer, pos: number, end: number): number {
  pos = digitsEnd(bytes, pos, end)
  if (pos < end && bytes[pos] === 0x2e && bytes[pos + 1] !== 0x2e) return fractionEnd(bytes, pos + 1, end)
  return exponentEnd(bytes, pos, end)
}

/** Where a number ends whose digits behind the point start at `pos`. */
function fractionEnd(bytes: Buffer, pos: number, end: number): number {
  return exponentEnd(bytes, digitsEnd(bytes, pos, end), end)
}

/** Where a point ends, or two, or the number that starts with one. */
export function pointEnd(bytes: Buffer, pos: number, end: number): number {
  if (pos + 1 >= end) return pos + 1
  if (bytes[pos + 1] === 0x2e) return pos + 2
  return byteClass[bytes[pos + 1]!] === digit ? fractionEnd(bytes, pos + 1, end) : pos + 1
}

/** Where a parameter ends whose digits start at `pos`; as with numbers, letters right after it are part of it. */
export function parameterEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end && byteClass[bytes[pos]!] === digit) pos++
  return pos < end && byteClass[bytes[pos]!] === letter ? identifierEnd(bytes, pos, end) : pos
}

function exponentEnd(bytes: Buffer, pos: number, end: number): number {
  // With a sign, it is an exponent even when no digits follow: `1e--` holds no comment.
  if (pos + 1 < end && (bytes[pos]! | 0x20) === 0x65 && (bytes[pos + 1] === 0x2b || bytes[pos + 1] === 0x2d)) {
    const digits = digitsEnd(bytes, pos + 2, end)
    if (digits === pos + 2) return digits
    pos = digits
  }
  if (pos >= end) return pos
  // After 1_0 a dollar goes on, too: psql prefers the longer 1 and _0$.
  const goesOn = byteClass[bytes[pos]!] === letter || (bytes[pos] === 0x24 && endsInUnderscored(bytes, pos))
  return goesOn ? identifierEnd(bytes, pos, end) : pos
}

function endsInUnderscored(bytes: Buffer, pos: number): boolean {
  do pos--
  while (pos > 0 && byteClass[bytes[pos]!] === digit)
  return bytes[pos] === 0x5f
}

/** Where digits end, with single underscores between them. */
function digitsEnd(bytes: Buffer, pos: number, end: number): number {
  for (; pos < end; pos++) {
    if (byteClass[bytes[pos]!] === digit) continue
    if (bytes[pos] !== 0x5f || pos + 1 >= end || byteClass[bytes[pos + 1]!] !== digit) break
  }
  return pos
}

/** Where a `--` comment ends: at a line end, which it does not include. */
export function lineCommentEnd(bytes: Buffer, pos: number, end: number): number {
  for (; pos < end; pos++) {
    const byte = bytes[pos]!
    if (byte === 0x0a || byte === 0x0d) break
  }
  return pos
}

/** Where the delimiter of a dollar quote that starts at `pos` ends, or `pos` when there is none. */
export function dollarDelimiterEnd(bytes: Buffer, pos: number, end: number): number {
  let index = pos + 1
  if (index < end && byteClass[bytes[index]!] === letter) index = variableEnd(bytes, index, end)
  return index < end && bytes[index] === 0x24 ? index + 1 : pos
}

/**
 * After the end of a string: where it goes on after a line end (`'a'\r'b'` is one string), or `pos` when it is over. With
 * `lineByLine` a line feed ends the search: psql gives its lexer one line at a time, and so never sees a continuation there.
 */
export function stringContinuation(bytes: Buffer, pos: number, end: number, lineByLine: boolean): number {
  let lineEnds = 0
  for (let index = pos; index < end;) {
    const byte = bytes[index]!
    if (byte === 0x27) return lineEnds > 0 ? index + 1 : pos
    if (byte === 0x2d && index + 1 < end && bytes[index + 1] === 0x2d) {
      index = lineCommentEnd(bytes, index, end)
      continue
    }
    if (byteClass[byte] !== space || (byte === 0x0a && lineByLine)) return pos
    if (byte === 0x0a || byte === 0x0d) lineEnds++
    index++
  }
  return pos
}

/** Skips what psql does not send before a statement: white space and `--` comments. */
export function leadingEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end) {
    const byte = bytes[pos]!
    if (byteClass[byte] === space) pos++
    else if (byte === 0x2d && pos + 1 < end && bytes[pos + 1] === 0x2d) pos = lineCommentEnd(bytes, pos, end)
    else break
  }
  return pos
}

/** A use of a variable: `:name`, `:'name'`, `:"name"` or `:{?name}`. */
export interface VariableReference {
  readonly kind: 'plain' | 'literal' | 'identifier' | 'test'
  readonly name: string
  /** Behind its last byte. */
  readonly after: number
}

/** Reads the use of a variable that starts with the colon at `pos`, if it is one. */
export function variableReference(bytes: Buffer, pos: number, end: number): VariableReference | undefined {
  const opener = pos + 1 < end ? bytes[pos + 1]! : 0
  if (identifierByte[opener] === 1) {
    const after = variableEnd(bytes, pos + 1, end)
    return { kind: 'plain', name: bytes.toString('utf8', pos + 1, after), after }
  }
  if (opener === 0x27 || opener === 0x22) {
    const close = variableEnd(bytes, pos + 2, end)
    if (close === pos + 2 || close >= end || bytes[close] !== opener) return undefined
    const kind = opener === 0x27 ? 'literal' : 'identifier'
    return { kind, name: bytes.toString('utf8', pos + 2, close), after: close + 1 }
  }
  if (opener === 0x7b && pos + 2 < end && bytes[pos + 2] === 0x3f) {
    const close = variableEnd(bytes, pos + 3, end)
    if (close === pos + 3 || close >= end || bytes[close] !== 0x7d) return undefined
    return { kind: 'test', name: bytes.toString('utf8', pos + 3, close), after: close + 1 }
  }
  return undefined
}
