import { Failure } from '../errors.ts'
import type { MetaCommand } from './metacommand.ts'

/** What `\copy` says. The statement to send is `COPY ${what} FROM STDIN ${options}`, or TO STDOUT. */
export interface CopyCommand {
  /** A table with its columns, or a query in parentheses. */
  readonly what: string
  readonly direction: 'from' | 'to'
  /** `script`: the lines that follow, or the script's output; `standard`: the program's own standard input or output. */
  readonly stream: 'script' | 'standard' | 'file' | 'program'
  /** The file's name, or the shell's command. */
  readonly path: string | undefined
  readonly options: string
}

/** Cuts text into tokens as psql's strtokx does. */
class Tokens {
  readonly #text: string
  #pos = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The next token: a delimiter, a quoted stretch with its quotes, or a word. */
  take(delimiters: string, quotes: string): string | undefined {
    const text = this.#text
    while (this.#pos < text.length && ' \t\n\r'.includes(text[this.#pos]!)) this.#pos++
    const start = this.#pos
    if (start >= text.length) return undefined
    const stops = ` \t\n\r${delimiters}${quotes}`
    let opener = text[start]!
    if (delimiters.includes(opener)) this.#pos++
    else {
      // Only a query's tokens may be strings: there E'…' knows backslashes.
      const escapes = quotes.includes("'") && quotes.includes('"') && /^e'/i.test(text.slice(start, start + 2))
      if (escapes) opener = text[++this.#pos]!
      if (quotes.includes(opener)) this.#skipQuoted(opener, escapes)
      else while (this.#pos < text.length && !stops.includes(text[this.#pos]!)) this.#pos++
    }
    return text.slice(start, this.#pos)
  }

  #skipQuoted(quote: string, escapes: boolean): void {
    const text = this.#text
    for (this.#pos++; this.#pos < text.length; this.#pos++) {
      if (escapes && text[this.#pos] === '\\') this.#pos++
      else if (text[this.#pos] === quote) {
        if (text[this.#pos + 1] !== quote) {
          this.#pos++
          return
        }
        this.#pos++
      }
    }
  }

  get rest(): string {
    return this.#text.slice(this.#pos).trim()
  }
}

/** Reads the arguments of `\copy` as psql does, or returns the token at which it does not understand them. */
function readCopy(text: string): CopyCommand | { readonly wrong: string | undefined } {
  const tokens = new Tokens(text)
  const name = (): string | undefined => tokens.take('.,()', '"')
  let what = ''
  let token = name()
  if (token?.toLowerCase() === 'binary') {
    what = token
    token = name()
  }
  if (token === '(') {
    for (let depth = 1; depth > 0;) {
      what += ` ${token}`
      token = tokens.take('()', `"'`)
      if (token === undefined) return { wrong: undefined }
      if (token === '(') depth++
      else if (token === ')') depth--
    }
  }
  what += ` ${token}`
  token = name()
  if (token === '.') {
    what += `.${name() ?? ''}`
    token = name()
  }
  if (token === '(') {
    while (token !== undefined && token !== ')') {
      what += ` ${token}`
      token = tokens.take('()', '"')
    }
    what += ' )'
    token = name()
  }
  const direction = token?.toLowerCase()
  if (direction !== 'from' && direction !== 'to') return { wrong: token }
  const place = tokens.take(';', "'")
  if (place === undefined) return { wrong: undefined }
  const common = { what: what.trim(), direction } as const
  switch (place.toLowerCase()) {
    case 'program': {
      const command = tokens.take(';', "'")
      if (command === undefined || !/^'.*'$/s.test(command)) return { wrong: command }
      return { ...common, stream: 'program', path: unquote(command), options: tokens.rest }
    }
    case 'stdin':
    case 'stdout':
      return { ...common, stream: 'script', path: undefined, options: tokens.rest }
    case 'pstdin':
    case 'pstdout':
      return { ...common, stream: 'standard', path: undefined, options: tokens.rest }
    default:
      return { ...common, stream: 'file', path: unquote(place), options: tokens.rest }
  }
}

function unquote(token: string): string {
  return token.startsWith("'")
    ? token.slice(1, token.endsWith("'") && token.length > 1 ? -1 : undefined).replaceAll("''", "'")
    : token
}

/** Reads the arguments of `\copy`. Throws `script_unsupported` where psql reports a parse error. */
export function parseCopy(command: MetaCommand): CopyCommand {
  const read = readCopy(command.arguments)
  if ('direction' in read) return read
  throw new Failure(
    'script_unsupported',
    `\\copy: parse error at ${read.wrong === undefined ? 'end of line' : `"${read.wrong}"`}`,
    {
      location: { file: command.file, line: command.start.line, column: command.start.column },
    },
  )
}

/** Whether the lines after a command are its COPY data. */
export function copiesFromStdin(command: MetaCommand): boolean {
  if (command.name.toLowerCase() !== 'copy') return false
  const read = readCopy(command.arguments)
  return 'direction' in read && read.stream === 'script' && read.direction === 'from'
}
