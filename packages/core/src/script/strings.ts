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
const setting = 'standard_conforming_strings'
const setStatement =
  /^set\s+(?:(session|local)\s+)?standard_conforming_strings\s*(?:=|\s+to\s)\s*(?:e?'([^']*)'|([\w]+))/i
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
  #named = false

  constructor(value: boolean, inTransaction: boolean) {
    this.#default = value
    this.#session = value
    this.#beforeTransaction = value
    this.#inTransaction = inTransaction
  }

  /** Looks whether a piece of the script names the setting at all. */
  look(bytes: Buffer): void {
    this.#named ||= bytes.includes(setting)
  }

  get value(): boolean {
    return this.#local ?? this.#session
  }

  /** Notes what a statement does to the setting, provided that it succeeds. */
  note(statement: Statement): void {
    if (!statement.parts.some(({ words }) => this.#mayMatter(words))) return
    // The statements that `\;` joins are told apart roughly: none of these holds a semicolon in a string.
    const texts = statement.parts.length === 1 ? [statement.text] : statement.text.split(';')
    statement.parts.forEach((part, index) => this.#notePart(part.words, texts[index] ?? ''))
  }

  #notePart([first, second, third]: readonly string[], text: string): void {
    const bare = text.replaceAll(/\/\*.*?\*\/|--[^\n\r]*/gs, ' ').trimStart()
    if (first === undefined || !bare.toUpperCase().startsWith(first)) return
    if (first === 'SET' || first === 'SELECT') {
      const set = setStatement.exec(bare)
      if (set !== null) return this.#set(set[2] ?? set[3] ?? '', set[1]?.toLowerCase() === 'local')
      const called = setFunction.exec(bare)
      if (called !== null) this.#set(called[1] ?? '', /^(t|y|on|1)/i.test(called[2] ?? ''))
    } else if (first === 'RESET' || first === 'DISCARD') {
      if (second === 'ALL' || second === setting.toUpperCase()) this.#set('default', false)
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

  /** Spares the reading of nearly every SELECT and SET. */
  #mayMatter(words: readonly string[]): boolean {
    const [first] = words
    if (first === 'SELECT') return this.#named
    return first !== undefined && firstWords.has(first) && (first !== 'SET' || words.includes(setting.toUpperCase()))
  }
}
