import type { Input } from './input.ts'
import type { Statement } from './statement.ts'
import { readBoolean } from './variables.ts'

const firstWords = new Set([
  'SET',
  'RESET',
  'DISCARD',
  'BEGIN',
  'START',
  'COMMIT',
  'END',
  'ROLLBACK',
  'ABORT',
  'PREPARE',
])
const setting = 'STANDARD_CONFORMING_STRINGS'
const setStatement =
  /^set\s+(?:(session|local)\s+)?standard_conforming_strings\s*(?:=|\s+to\s)\s*(?:e?'([^']*)'|([\w]+))/i
/** No statement that matters is longer. */
const longest = 1000
const setFunction = /set_config\s*\(\s*'standard_conforming_strings'\s*,\s*'([^']*)'\s*,\s*(\w+)/i

/**
 * Whether a backslash is an ordinary character in `'…'`. The server says so only when it has run the statement, which is too
 * late for a pipeline; so the statements that change it are read.
 */
export class StandardStrings {
  readonly #default: boolean
  #session: boolean
  #local: boolean | undefined
  #inTransaction: boolean
  #beforeTransaction: boolean
  /** What the lexer goes by: psql looks at the setting once a line. */
  #current: boolean
  /** The offset behind which a change of it counts. */
  #changesBehind = 0

  constructor(value: boolean, inTransaction: boolean) {
    this.#default = value
    this.#session = value
    this.#beforeTransaction = value
    this.#current = value
    this.#inTransaction = inTransaction
  }

  /** Whether a backslash escapes in a string that opens at this offset. */
  backslashEscapes(offset: number): boolean {
    if (this.#current !== this.value) this.#settle(offset)
    return !this.#current
  }

  #settle(offset: number): void {
    if (offset > this.#changesBehind) this.#current = this.value
  }

  /** What the statements so far have made of it. */
  get value(): boolean {
    return this.#local ?? this.#session
  }

  /** Takes the setting over that an included script has left. */
  adopt(value: boolean): void {
    if (value === this.value) return
    this.#session = value
    this.#local = undefined
    this.#current = value
  }

  /** Notes what a statement does to the setting, provided that it succeeds. */
  note(statement: Statement, input: Input): void {
    if (!statement.parts.some(({ words }) => mayMatter(words, input))) return
    const before = this.value
    this.#settle(statement.end.offset)
    // The statements that `\;` joins are told apart roughly: none of these holds a semicolon in a string.
    const texts = statement.parts.length === 1 ? [statement.text] : statement.text.split(';')
    statement.parts.forEach((part, index) => this.#notePart(part.words, texts[index] ?? ''))
    if (this.value !== before) this.#changesBehind = statement.terminator === 'end' ? 0 : input.lineEndOffset()
  }

  #notePart([first, second, third]: readonly string[], text: string): void {
    const bare = withoutComments(text.slice(0, longest))
      .trimStart()
      .slice(0, longest)
      .replaceAll(/\/\*.*?\*\/|--[^\n\r]*/gs, ' ')
      .trimStart()
    if (first === undefined || !bare.toUpperCase().startsWith(first)) return
    if (first === 'SET' || first === 'SELECT') {
      const set = setStatement.exec(bare)
      if (set !== null) return this.#set(set[2] ?? set[3] ?? '', set[1]?.toLowerCase() === 'local')
      const called = setFunction.exec(bare)
      if (called !== null) this.#set(called[1] ?? '', /^(t|y|on|1)/i.test(called[2] ?? ''))
    } else if (first === 'RESET' || first === 'DISCARD') {
      if (second === 'ALL' || second === setting) this.#set('default', false)
    } else if (first === 'BEGIN' || first === 'START') {
      if (!this.#inTransaction) this.#beforeTransaction = this.#session
      this.#inTransaction = true
    } else if (first === 'COMMIT' || first === 'END' || (first === 'PREPARE' && second === 'TRANSACTION')) {
      if (second !== 'PREPARED') this.#endTransaction()
    } else if (first === 'ROLLBACK' || first === 'ABORT') {
      if (second === 'PREPARED' || second === 'TO' || third === 'TO') return
      if (this.#inTransaction) this.#session = this.#beforeTransaction
      this.#endTransaction()
    }
  }

  #set(text: string, local: boolean): void {
    const value = text.toLowerCase() === 'default' ? this.#default : readBoolean(text.trim())
    if (value === undefined) return
    if (!local) {
      this.#session = value
      this.#local = undefined
    } else if (this.#inTransaction) this.#local = value
  }

  #endTransaction(): void {
    this.#local = undefined
    this.#inTransaction = false
  }
}

/** Spares the reading of nearly every SELECT and SET. */
function mayMatter(words: readonly string[], input: Input): boolean {
  const first = words[0]
  if (first === 'SELECT') return input.standardStringsSeen
  return first !== undefined && firstWords.has(first) && (first !== 'SET' || words.includes(setting))
}

const outsideComment = /--[^\n\r]*|\/\*|[^-/]+|./gsy
const insideComment = /\/\*|\*\/|[^/*]+|./gsy

/** Puts a space for each comment. Roughly: it takes one in a string for one, too. */
function withoutComments(text: string): string {
  let bare = ''
  let depth = 0
  for (let pos = 0; pos < text.length;) {
    const pattern = depth === 0 ? outsideComment : insideComment
    pattern.lastIndex = pos
    const piece = pattern.exec(text)?.[0] ?? ''
    pos += piece.length
    if (piece === '/*') depth++
    else if (depth > 0) depth -= piece === '*/' ? 1 : 0
    else bare += piece.startsWith('--') ? ' ' : piece
    if (depth > 0) bare += ' '
  }
  return bare
}
