import * as lexer from './lexer.ts'
import { Quoting } from './quoting.ts'
import { type Statement, StatementState } from './statement.ts'
import { readWord } from './word.ts'

/** A token of a statement as the server reads it. Comments are none. */
export interface Token {
  /** A `word` is a keyword or a name without quotes, `quoted` a name in double quotes. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  /** A word in capitals, or the character of a symbol; empty for the others. */
  readonly text: string
  /** Where it is in the bytes. */
  readonly from: number
  /** Behind its last byte. */
  readonly to: number
  /** How many parentheses are open before it, and still are behind it. */
  readonly depth: number
}

/** Cuts a stretch of SQL into tokens, with the rules of `standard_conforming_strings`. */
function* readTokens(bytes: Buffer, from: number, to: number): Generator<Token, undefined> {
  const quoting = new Quoting()
  let depth = 0
  const token = (kind: Token['kind'], start: number, end: number, text = ''): Token => {
    return { kind, text, from: start, to: end, depth }
  }
  for (let pos = from; pos < to;) {
    const start = pos
    const kind = lexer.byteClass[bytes[pos]!]
    const next = pos + 1 < to ? bytes[pos + 1] : undefined
    if (kind === lexer.space) pos++
    else if (kind === lexer.dash && next === 0x2d) pos = lexer.lineCommentEnd(bytes, pos, to)
    else if (kind === lexer.slash && next === 0x2a) {
      quoting.openComment()
      pos = closeQuoting(quoting, bytes, pos + 2, to)
    } else if (kind === lexer.quote) {
      quoting.openString(false)
      pos = closeQuoting(quoting, bytes, pos + 1, to)
      yield token('string', start, pos)
    } else if (kind === lexer.doubleQuote) {
      pos = closeIdentifier(quoting, bytes, pos + 1, to)
      yield token('quoted', start, pos)
    } else if (kind === lexer.dollar) {
      const after = quoting.openDollar(bytes, pos, to)
      const isString = quoting.open
      pos = closeQuoting(quoting, bytes, after, to)
      yield isString ? token('string', start, pos) : token('symbol', start, pos, '$')
    } else if (kind === lexer.letter) {
      const after = lexer.identifierEnd(bytes, pos + 1, to)
      const opened = after === pos + 1 ? quoting.openPrefixed(bytes, pos, to) : undefined
      if (opened === undefined || !quoting.open) {
        pos = after
        yield token('word', start, pos, readWord(bytes, start, pos))
      } else if (bytes[opened - 1] === 0x22) {
        pos = closeIdentifier(quoting, bytes, opened, to)
        yield token('quoted', start, pos)
      } else {
        pos = closeQuoting(quoting, bytes, opened, to)
        yield token('string', start, pos)
      }
    } else if (kind === lexer.digit) {
      pos = lexer.numberEnd(bytes, pos, to)
      yield token('number', start, pos)
    } else if (kind === lexer.point) {
      pos = lexer.pointEnd(bytes, pos, to)
      const isNumber = pos > start + 1 && bytes[start + 1] !== 0x2e
      yield isNumber ? token('number', start, pos) : token('symbol', start, pos, '.')
    } else {
      pos++
      if (kind === lexer.close && depth > 0) depth--
      yield token('symbol', start, pos, String.fromCharCode(bytes[start]!))
      if (kind === lexer.open) depth++
    }
  }
}

/** Reads what is open to its end. */
function closeQuoting(quoting: Quoting, bytes: Buffer, pos: number, to: number): number {
  while (quoting.open && pos < to) pos = quoting.read(bytes, pos, to, false)
  return pos
}

/** Reads a name to its closing quote; a doubled quote opens it again. */
function closeIdentifier(quoting: Quoting, bytes: Buffer, pos: number, to: number): number {
  for (;;) {
    quoting.openIdentifier()
    pos = closeQuoting(quoting, bytes, pos, to)
    if (pos >= to || bytes[pos] !== 0x22) return pos
    pos++
  }
}

/** The tokens of a stretch of SQL, to be taken one after the other. Cheap as long as few are taken. */
export class Tokens {
  readonly bytes: Buffer
  readonly #rest: Generator<Token, undefined>
  /** The token that comes next. */
  next: Token | undefined

  constructor(bytes: Buffer, from = 0, to = bytes.length) {
    this.bytes = bytes
    this.#rest = readTokens(bytes, from, to)
    this.next = this.#rest.next().value
  }

  take(): Token | undefined {
    const { next } = this
    this.next = this.#rest.next().value
    return next
  }

  /** Takes the next token if it is one of these words. */
  takeWord(...words: readonly string[]): boolean {
    const found = this.next?.kind === 'word' && words.includes(this.next.text)
    if (found) this.take()
    return found
  }

  /** Takes the next token if it is this character. */
  takeSymbol(character: string): boolean {
    const found = this.next?.kind === 'symbol' && this.next.text === character
    if (found) this.take()
    return found
  }

  /** Takes what stands in parentheses, if an opening one comes next, and returns it without them. */
  takeParentheses(): Token[] | undefined {
    const depth = this.next?.depth
    if (!this.takeSymbol('(')) return undefined
    const inside: Token[] = []
    while (this.next !== undefined && this.next.depth !== depth) inside.push(this.take()!)
    this.take()
    return inside
  }

  /** Whether nothing comes but a semicolon. */
  get atEnd(): boolean {
    return this.next === undefined || (this.next.kind === 'symbol' && this.next.text === ';' && this.next.depth === 0)
  }
}

/** The tokens of each statement that `\;` joins, in the order of its parts; of the only one where none are joined. */
export function tokensOfParts({ bytes, runs }: Pick<Statement, 'bytes' | 'runs'>): Tokens[] {
  // A backslash that is left out divides what is sent into runs.
  if (runs.length <= 1) return [new Tokens(bytes)]
  const found: Tokens[] = []
  const state = new StatementState()
  let from = 0
  for (const { kind, text, depth, from: start, to } of readTokens(bytes, 0, bytes.length)) {
    state.parenthesisDepth = depth
    if (kind === 'word') state.track(bytes, start, to)
    if (kind !== 'symbol' || text !== ';' || !state.atOuterLevel) continue
    found.push(new Tokens(bytes, from, to))
    state.forget()
    from = to
  }
  if (from < bytes.length) found.push(new Tokens(bytes, from))
  return found
}

/** Reads a name as the server stores it: in small letters unless it is quoted. */
export function readName(bytes: Buffer, { kind, from, to }: Token): string {
  const text = bytes.toString('utf8', from, to)
  if (kind !== 'quoted') return text.toLowerCase()
  return text.slice(text.indexOf('"') + 1, -1).replaceAll('""', '"')
}
