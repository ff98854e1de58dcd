import { Failure } from '../errors.ts'
import { isSpace, type VariableReference, variableReference } from './lexer.ts'
import { type ArgumentStyle, commandSyntax, type MetaCommand } from './metacommand.ts'
import { quoteIdentifier, quoteLiteral, type Variables } from './variables.ts'

/** An argument of a meta-command, with its variables put in. */
export interface Argument {
  /** Single quotes are taken off, double quotes stay. Without the output of `shell`. */
  readonly text: string
  /** The last quote in it: `:` for a variable. */
  readonly quote: "'" | '"' | '`' | ':' | undefined
  /** Its backquotes: shell commands whose output psql would put into `text`. Nothing runs them here. */
  readonly shell: readonly ShellCommand[]
}

interface ShellCommand {
  readonly command: string
  /** Where in `text` the output belongs. */
  readonly at: number
}

/** `'…'` in an argument knows the escapes of C. */
const escapes: Record<string, string> = { n: '\n', t: '\t', b: '\b', r: '\r', f: '\f' }

/**
 * Reads the arguments of a meta-command as psql does: variables unless in quotes, `'…'` with escapes, `"…"`, backquotes.
 * `dropsSemicolons` drops those at the end of an argument. Throws `script_unsupported` for a quote that is not closed.
 */
export function parseArguments(
  text: string,
  style: ArgumentStyle,
  variables: Variables,
  dropsSemicolons = false,
): Argument[] {
  const parser = new ArgumentParser(Buffer.from(text), variables, dropsSemicolons)
  return parser.parse(style)
}

/** Reads the arguments of a meta-command by the rules of its name. Throws `script_unsupported` as `parseArguments` does. */
export function readArguments(command: MetaCommand, variables: Variables): Argument[] {
  const syntax = commandSyntax(command.name)
  try {
    return parseArguments(command.arguments, syntax?.style ?? 'line', variables, syntax?.dropsSemicolons)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, `\\${command.name}: ${error.message}`, {
      location: { file: command.file, line: command.start.line, column: command.start.column },
    })
  }
}

class ArgumentParser {
  readonly #bytes: Buffer
  readonly #variables: Variables
  readonly #dropsSemicolons: boolean
  #pos = 0
  // Escapes such as \303 make bytes, so text is put together as bytes, too.
  #parts: Buffer[] = []
  #quote: Argument['quote']
  #shell: { command: string; after: number }[] = []
  /** How many characters at the end were not in quotes. */
  #unquoted = 0

  constructor(bytes: Buffer, variables: Variables, dropsSemicolons: boolean) {
    this.#bytes = bytes
    this.#variables = variables
    this.#dropsSemicolons = dropsSemicolons
  }

  parse(style: ArgumentStyle): Argument[] {
    const bytes = this.#bytes
    const found: Argument[] = []
    let mayPipe = style === 'pipe'
    let inOptions = false
    for (;;) {
      while (isSpace(bytes[this.#pos])) this.#pos++
      if (this.#pos >= bytes.length || (style !== 'line' && bytes[this.#pos] === 0x5c)) return found
      if (style === 'line' || (mayPipe && bytes[this.#pos] === 0x7c)) {
        const rest = bytes.toString('utf8', this.#pos)
        const text = this.#dropsSemicolons ? rest.replace(/[;\s]+$/, '') : rest
        if (text !== '') found.push({ text, quote: undefined, shell: [] })
        return found
      }
      if (mayPipe && bytes[this.#pos] === 0x28) inOptions = true
      const argument = this.#argument()
      mayPipe = inOptions && argument.text.endsWith(')')
      if (mayPipe) inOptions = false
      if (argument.text !== '' || argument.quote !== undefined) found.push(argument)
    }
  }

  #argument(): Argument {
    const bytes = this.#bytes
    this.#parts = []
    this.#shell = []
    this.#quote = undefined
    this.#unquoted = 0
    for (let start = this.#pos; ;) {
      const byte = bytes[this.#pos]
      if (byte === undefined || byte === 0x5c || isSpace(byte)) {
        this.#plain(start)
        return this.#finish()
      }
      const reference = byte === 0x3a ? variableReference(bytes, this.#pos, bytes.length) : undefined
      if (reference === undefined && byte !== 0x27 && byte !== 0x22 && byte !== 0x60) {
        this.#pos++
        this.#unquoted++
        continue
      }
      this.#plain(start)
      if (reference !== undefined) this.#variable(reference)
      else if (byte === 0x27) this.#singleQuoted()
      else if (byte === 0x22) this.#doubleQuoted()
      else this.#backquoted()
      start = this.#pos
    }
  }

  #plain(start: number): void {
    if (start < this.#pos) this.#parts.push(this.#bytes.subarray(start, this.#pos))
  }

  #finish(): Argument {
    let text = Buffer.concat(this.#parts)
    if (this.#dropsSemicolons) while (this.#unquoted-- > 0 && text.at(-1) === 0x3b) text = text.subarray(0, -1)
    return {
      text: text.toString('utf8'),
      quote: this.#quote,
      shell: this.#shell.map(({ command, after }) => ({ command, at: text.toString('utf8', 0, after).length })),
    }
  }

  #variable({ kind, name, after }: VariableReference): void {
    this.#pos = after
    const value = this.#variables.get(name)
    if (kind === 'test') {
      this.#parts.push(Buffer.from(value === undefined ? 'FALSE' : 'TRUE'))
      return
    }
    this.#quote = ':'
    this.#unquoted = 0
    if (value !== undefined) this.#parts.push(Buffer.from(quoteAs(kind, value)))
    else this.#parts.push(Buffer.from(kind === 'plain' ? `:${name}` : kind === 'literal' ? `:'${name}'` : `:"${name}"`))
  }

  #singleQuoted(): void {
    const bytes = this.#bytes
    this.#quote = "'"
    this.#unquoted = 0
    for (let start = ++this.#pos; ;) {
      const byte = bytes[this.#pos]
      if (byte === undefined) throw new Failure('script_unsupported', 'unterminated quoted string')
      if (byte !== 0x27 && (byte !== 0x5c || this.#pos + 1 === bytes.length)) {
        this.#pos++
        continue
      }
      this.#plain(start)
      if (byte === 0x5c) this.#escape()
      else if (bytes[this.#pos + 1] === 0x27) {
        this.#parts.push(Buffer.from("'"))
        this.#pos += 2
      } else {
        this.#pos++
        return
      }
      start = this.#pos
    }
  }

  /** Reads an escape of one character, `\ooo` or `\xhh`. */
  #escape(): void {
    const next = this.#bytes.toString('latin1', this.#pos + 1, this.#pos + 4)
    const number = /^(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2})/.exec(next)?.[0]
    if (number === undefined) {
      const [character = ''] = next
      this.#parts.push(Buffer.from(escapes[character] ?? character, 'latin1'))
      this.#pos += 2
    } else {
      const code = number.startsWith('x') ? Number.parseInt(number.slice(1), 16) : Number.parseInt(number, 8)
      this.#parts.push(Buffer.from([code]))
      this.#pos += 1 + number.length
    }
  }

  #doubleQuoted(): void {
    const end = this.#bytes.indexOf(0x22, this.#pos + 1)
    if (end < 0) throw new Failure('script_unsupported', 'unterminated quoted string')
    this.#quote = '"'
    this.#unquoted = 0
    this.#parts.push(this.#bytes.subarray(this.#pos, end + 1))
    this.#pos = end + 1
  }

  #backquoted(): void {
    const bytes = this.#bytes
    const end = bytes.indexOf(0x60, this.#pos + 1)
    if (end < 0) throw new Failure('script_unsupported', 'unterminated quoted string')
    this.#quote = '`'
    this.#unquoted = 0
    let command = ''
    for (let pos = this.#pos + 1; pos < end;) {
      const reference = bytes[pos] === 0x3a ? variableReference(bytes, pos, end) : undefined
      const value = reference === undefined ? undefined : this.#variables.get(reference.name)
      const known =
        reference !== undefined && value !== undefined && (reference.kind === 'plain' || reference.kind === 'literal')
      const colon = bytes.indexOf(0x3a, pos + 1)
      const next = known ? reference.after : colon < 0 || colon > end ? end : colon
      if (!known) command += bytes.toString('utf8', pos, next)
      else command += reference.kind === 'plain' ? value : `'${value.replaceAll("'", `'"'"'`)}'`
      pos = next
    }
    this.#shell.push({ command, after: this.#parts.reduce((sum, part) => sum + part.length, 0) })
    this.#pos = end + 1
  }
}

function quoteAs(kind: 'plain' | 'literal' | 'identifier', value: string): string {
  return kind === 'plain' ? value : kind === 'literal' ? quoteLiteral(value) : quoteIdentifier(value)
}

/** Takes the double quotes off an argument that names something in SQL, and lowers what is outside them unless told not to. */
export function unquoteIdentifier(text: string, lowers = true): string {
  let result = ''
  let inQuotes = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!
    if (character !== '"')
      result += lowers && !inQuotes ? character.replace(/[A-Z]/, (letter) => letter.toLowerCase()) : character
    else if (inQuotes && text[index + 1] === '"') {
      result += '"'
      index++
    } else inQuotes = !inQuotes
  }
  return result
}
