import type { StatementBuilder } from './builder.ts'
import type { Conditionals } from './conditional.ts'
import type { Frame, Input } from './input.ts'
import * as lexer from './lexer.ts'
import { Quoting } from './quoting.ts'
import type { StandardStrings } from './standard-strings.ts'
import { quoteIdentifier, quoteLiteral, type Variables } from './variables.ts'

/** Where a statement ends, or a meta-command begins: a semicolon, a backslash, or with SINGLELINE the end of the line. */
type Stop = ';' | 'command' | 'line'

/** Reads tokens into the statement under way, as psql_scan does. */
export class TokenReader {
  /** `\set SINGLELINE`: a line ends a statement, too. */
  singleLine = false
  readonly #input: Input
  readonly #builder: StatementBuilder
  readonly #conditionals: Conditionals
  readonly #strings: StandardStrings
  readonly #variables: Variables
  readonly #quoting = new Quoting()

  constructor(
    input: Input,
    builder: StatementBuilder,
    conditionals: Conditionals,
    strings: StandardStrings,
    variables: Variables,
  ) {
    this.#input = input
    this.#builder = builder
    this.#conditionals = conditionals
    this.#strings = strings
    this.#variables = variables
  }

  /** Whether a line that ends here ends a statement under SINGLELINE. */
  get #endsWithLine(): boolean {
    const { collects, pending, inRun, state } = this.#builder
    return collects && (pending || inRun) && state.atOuterLevel && !this.#quoting.inside
  }

  /** Reads a frame up to a stop, to a variable whose value comes first, or to its end. */
  read(frame: Frame): Stop | undefined {
    const { bytes, end } = frame
    const builder = this.#builder
    const quoting = this.#quoting
    const lineByLine = this.#input.depth === 0
    let { pos } = frame
    while (pos < end) {
      if (bytes[pos] === 0x0a && lineByLine) {
        if (this.singleLine && this.#endsWithLine) {
          quoting.endString()
          builder.closeRun(bytes, pos)
          frame.pos = pos
          return 'line'
        }
        // psql leaves out empty lines.
        if ((pos === 0 || bytes[pos - 1] === 0x0a) && !quoting.inside) {
          builder.closeRun(bytes, pos++)
          continue
        }
      }
      if (quoting.open) {
        if (!builder.inRun) builder.openRun(pos)
        const from = pos
        const { inside } = quoting
        pos = quoting.read(bytes, pos, end, lineByLine)
        if (inside && lineByLine) this.#input.echo?.noteQuoted(this.#input.offset(from), this.#input.offset(pos))
        continue
      }
      if (!builder.inRun) {
        if (!builder.pending) {
          pos = lexer.leadingEnd(bytes, pos, end)
          if (pos === end) break
        }
        builder.openRun(pos)
      }
      const kind = lexer.byteClass[bytes[pos]!]
      if (kind === lexer.space) {
        pos++
        continue
      }
      const next = pos + 1 < end ? bytes[pos + 1] : undefined
      if (kind === lexer.dash && next === 0x2d) {
        pos = lexer.lineCommentEnd(bytes, pos, end)
        continue
      }
      if (kind === lexer.slash && next === 0x2a) {
        quoting.openComment()
        pos += 2
        continue
      }
      if (kind === lexer.semicolon) {
        pos++
        if (!builder.state.atOuterLevel) continue
        builder.endPart()
        if (!builder.collects) continue
        builder.closeRun(bytes, pos)
        frame.pos = pos
        return ';'
      }
      if (kind === lexer.backslash) {
        if (next !== 0x3b && next !== 0x3a) {
          builder.closeRunBeforeCommand(bytes, pos)
          frame.pos = pos
          return 'command'
        }
        builder.closeRun(bytes, pos)
        // The run that starts here sends the character without its backslash.
        builder.openRun(pos + 1)
        if (next === 0x3b && builder.state.atOuterLevel) builder.endPart()
        pos += 2
        continue
      }
      builder.empty = false
      switch (kind) {
        case lexer.letter:
          pos = this.#readWord(bytes, pos, end)
          break
        case lexer.digit:
          pos = lexer.numberEnd(bytes, pos, end)
          break
        case lexer.point:
          pos = lexer.pointEnd(bytes, pos, end)
          break
        case lexer.quote:
          quoting.openString(this.#strings.backslashEscapes(this.#input.offset(pos)))
          pos++
          break
        case lexer.doubleQuote:
          quoting.openIdentifier()
          pos++
          break
        case lexer.dollar:
          pos = quoting.openDollar(bytes, pos, end)
          break
        case lexer.open:
          builder.state.parenthesisDepth++
          pos++
          break
        case lexer.close:
          if (builder.state.parenthesisDepth > 0) builder.state.parenthesisDepth--
          pos++
          break
        case lexer.colon: {
          const { depth } = this.#input
          pos = this.#readColon(frame, pos)
          if (this.#input.depth > depth) return undefined
          break
        }
        default:
          pos++
      }
    }
    builder.closeRun(bytes, end)
    frame.pos = end
    return undefined
  }

  /** Reads an identifier, or the prefix of a string with its quote. */
  #readWord(bytes: Buffer, pos: number, end: number): number {
    const after = lexer.identifierEnd(bytes, pos + 1, end)
    const opened = after === pos + 1 ? this.#quoting.openPrefixed(bytes, pos, end) : undefined
    if (opened !== undefined) return opened
    this.#builder.state.track(bytes, pos, after)
    return after
  }

  /** Reads a colon: a cast, an assignment, a variable, or only a colon. The value of `:name` comes next in the input. */
  #readColon(frame: Frame, pos: number): number {
    const { bytes, end } = frame
    const builder = this.#builder
    const next = pos + 1 < end ? bytes[pos + 1] : undefined
    if (next === 0x3a || next === 0x3d) return pos + 2
    const reference = lexer.variableReference(bytes, pos, end)
    if (reference === undefined) return pos + 1
    const { name, kind, after } = reference
    const value = this.#conditionals.active ? this.#variables.get(name) : undefined
    if (kind === 'test') builder.substitute(bytes, pos, after, value === undefined ? 'FALSE' : 'TRUE')
    else if (value === undefined) return after
    else if (kind === 'literal') builder.substitute(bytes, pos, after, quoteLiteral(value))
    else if (kind === 'identifier') builder.substitute(bytes, pos, after, quoteIdentifier(value))
    else if (!this.#input.isReading(name)) {
      builder.closeRun(bytes, pos)
      frame.pos = after
      this.#input.enter(name, value, pos)
    }
    return after
  }
}
