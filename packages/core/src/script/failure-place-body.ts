import type { Location } from '../errors.ts'
import { stringContinuation } from './lexer.ts'
import { locate } from './position.ts'
import type { Statement } from './statement.ts'
import { type Token, type Tokens, tokensOfParts } from './tokens.ts'

/** Where in the script a byte of a statement comes from. */
export function locateByte(statement: Statement, offset: number): Location & { text: string } {
  const { bytes } = statement
  let position = 1
  for (let index = 0; index < offset; index++) if ((bytes[index]! & 0xc0) !== 0x80) position++
  return locate(statement, position)
}

/** The body of a DO block or of a routine, as the server gets it: without quotes and escapes. */
export interface Body {
  /** A character for each byte. */
  readonly code: string
  /** Where in the statement each byte of it is written. */
  readonly place: (index: number) => number
}

/** Reads the body of the DO block or of the routine that a statement holds. */
function readBody(statement: Statement): Body | undefined {
  for (const tokens of tokensOfParts(statement)) {
    const token = tokens.takeWord('DO') ? blockOf(tokens) : tokens.takeWord('CREATE') ? bodyOf(tokens) : undefined
    if (token?.kind === 'string') return decode(statement.bytes, token)
  }
  return undefined
}

/** The string of a DO block, which LANGUAGE may stand before or behind. */
function blockOf(tokens: Tokens): Token | undefined {
  while (!tokens.atEnd) {
    if (tokens.takeWord('LANGUAGE')) tokens.take()
    else if (tokens.next?.kind === 'string') return tokens.next
    else tokens.take()
  }
  return undefined
}

/** The token with which the body of a routine starts: a string behind AS, or the BEGIN of BEGIN ATOMIC, or RETURN. */
export function bodyOf(tokens: Tokens): Token | undefined {
  while (!tokens.atEnd) {
    const { next } = tokens
    const atTop = next?.depth === 0
    if (atTop && tokens.takeWord('AS')) {
      if (tokens.next?.kind === 'string') return tokens.next
    } else if (atTop && tokens.takeWord('BEGIN')) {
      if (tokens.next?.text === 'ATOMIC') return next
    } else if (atTop && tokens.takeWord('RETURN')) return next
    else tokens.take()
  }
  return undefined
}

/** Takes the quotes off a string and resolves its escapes. */
export function decode(bytes: Buffer, { from, to }: Token): Body {
  if (bytes[from] === 0x24) {
    const length = bytes.indexOf(0x24, from + 1) + 1 - from
    return { code: bytes.toString('latin1', from + length, to - length), place: (index) => from + length + index }
  }
  const places: number[] = []
  let code = ''
  const escapes = (bytes[from]! | 0x20) === 0x65
  for (let pos = bytes.indexOf(0x27, from) + 1; pos < to;) {
    let read = 1
    let character = String.fromCharCode(bytes[pos]!)
    if (character === "'") {
      const after = stringContinuation(bytes, pos + 1, to, false)
      if (bytes[pos + 1] === 0x27) read = 2
      else if (after === pos + 1) break
      else {
        pos = after
        continue
      }
    } else if (character === '\\' && escapes) {
      const escape = readEscape(bytes.toString('latin1', pos, pos + 10))
      character = escape.character
      read = escape.length
    }
    for (let index = 0; index < character.length; index++) places.push(pos)
    code += character
    pos += read
  }
  return { code, place: (index) => places[index] ?? places.at(-1) ?? from }
}

const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function readEscape(text: string): { character: string; length: number } {
  const [escape = text, number] =
    /^\\(?:([0-7]{1,3}|x[\da-fA-F]{1,2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})|[^])/.exec(text) ?? []
  const { length } = escape
  if (number === undefined) return { character: escapes[escape.slice(1)] ?? escape.slice(1), length }
  const kind = number[0]!.toLowerCase()
  if (kind !== 'u') {
    const code = kind === 'x' ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 8)
    return { character: String.fromCharCode(code & 0xff), length }
  }
  const point = Math.min(Number.parseInt(number.slice(1), 16), 0x10ffff)
  return { character: Buffer.from(String.fromCodePoint(point)).toString('latin1'), length }
}

/** Where a line of a body starts, counted from 1 as PL/pgSQL counts: line 1 is that of the opening quote. */
function lineStart(code: string, line: number): number | undefined {
  let start = 0
  for (let at = 1; at < line; at++) {
    start = code.indexOf('\n', start) + 1
    if (start === 0) return undefined
  }
  return start
}

/**
 * Where the failure of a DO block is, or that of a routine that does not compile: the server's CONTEXT says a line, and for a
 * query in it the place in the query.
 */
export function placeInBody(
  statement: Statement,
  fields: {
    readonly where?: string | undefined
    readonly internalQuery?: string | undefined
    readonly internalPosition?: string | undefined
  },
): (Location & { text: string }) | undefined {
  const { where, internalQuery, internalPosition } = fields
  const frames = where?.split('\n') ?? []
  const frame = frames.findLastIndex((line) => /\binline_code_block\b|^compilation of /.test(line))
  if (frame < 0 && internalQuery === undefined) return undefined
  const body = readBody(statement)
  if (body === undefined) return undefined
  const query = internalQuery === undefined ? undefined : Buffer.from(internalQuery).toString('latin1')
  const offset = byteOffset(internalQuery ?? '', Number(internalPosition ?? 1))
  // What does not compile is given back whole, unless the server finds it in the statement and so knows the position.
  if (query !== undefined && query === body.code) return locateByte(statement, body.place(offset))
  if (frame < 0) return undefined
  const line = Number(/(?:inline_code_block|function ".*")\D*(\d+)/.exec(frames[frame]!)?.[1] ?? 1)
  const start = lineStart(body.code, line)
  if (start === undefined) return undefined
  // The query is the innermost frame's.
  const found = query === undefined || frame > 0 ? undefined : findQuery(body.code, start, query, offset)
  return locateByte(statement, body.place(found ?? firstVisible(body.code, start)))
}

function byteOffset(text: string, position: number): number {
  return Buffer.byteLength([...text].slice(0, position - 1).join(''))
}

/** The first character of a line that is not blank; the start of the line where all are. */
function firstVisible(code: string, start: number): number {
  const blank = /^[ \t\r\f\v]*/.exec(code.slice(start))![0].length
  return code[start + blank] === '\n' ? start : start + blank
}

const longestPattern = 20_000

/** Finds the place in a query that PL/pgSQL took from its body. It puts SELECT for PERFORM, and blanks for INTO and its targets. */
function findQuery(code: string, start: number, query: string, offset: number): number | undefined {
  const select = /^SELECT\s/.test(query) ? 7 : 0
  for (const skipped of new Set([0, select])) {
    const text = query.slice(skipped)
    if (text === '' || text.length > longestPattern) continue
    const literal = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
    const pattern = literal.replaceAll(/ {2,}/g, (blanks) => `[^]{${blanks.length}}`)
    const before = /^\w/.test(text) ? String.raw`(?<![\w$])` : ''
    const after = /\w$/.test(text) ? String.raw`(?![\w$])` : ''
    const search = new RegExp(`${before}${pattern}${after}`, 'g')
    search.lastIndex = start
    const found = search.exec(code)
    if (found !== null) return found.index + Math.max(offset - skipped, 0)
  }
  return undefined
}
