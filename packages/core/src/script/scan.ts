import { Failure } from '../errors.ts'
import { StatementBuilder } from './builder.ts'
import { Conditionals } from './conditional.ts'
import { copiesFromStdin } from './copy.ts'
import { type Frame, Input } from './input.ts'
import * as lexer from './lexer.ts'
import { argumentsEnd, runsNothing, commandNameEnd, commandSyntax, type MetaCommand } from './metacommand.ts'
import { Quoting } from './quoting.ts'
import type { Statement } from './statement.ts'
import { StandardStrings } from './standard-strings.ts'
import { quoteIdentifier, quoteLiteral, type Variables } from './variables.ts'

export { locate } from './position.ts'

/** A piece of the data of COPY … FROM STDIN, cut anywhere, never collected. */
export interface CopyData {
  readonly kind: 'copy-data'
  /** A view on what was pushed. */
  readonly chunk: Buffer
  /** The line of the script that its first byte stands on. */
  readonly firstLine: number
  /** How many lines end in it: rows, as a rule. */
  readonly lineEnds: number
}

export interface CopyEnd {
  readonly kind: 'copy-end'
  /** False when the script ended before a `\.` line. */
  readonly terminated: boolean
}

export type ScriptItem = Statement | MetaCommand | CopyData | CopyEnd

export interface ScanOptions {
  /** The name of the script in locations and failures. */
  readonly file?: string
  /** Looked up whenever `:name` is met, so what the consumer changes between two items counts for the next. */
  readonly variables?: Variables
  /** `standard_conforming_strings` when the script starts. True unless said. */
  readonly standardConformingStrings?: boolean
  /** False: lines in COPY data are not counted, so that places behind them are wrong. */
  readonly countsData?: boolean
  /** Whether the script runs in a transaction of ours, so that `SET LOCAL` has an effect outside its own BEGIN. */
  readonly inTransaction?: boolean
}

const noVariables: Variables = new Map<string, string>()

/**
 * Splits a script as psql 18 does, in one pass. `push` gives it bytes (which must not change afterwards), `next` takes one item:
 * undefined means that more bytes are needed, or after `end` that there is nothing left. It reads nothing ahead of the item that
 * it returns, so between two items the consumer may change variables, go into a branch, or ask for COPY data.
 *
 * Throws `file_unusable` for what is no script: a dump in another format, UTF-16, a zero byte in a statement.
 */
export class Scanner {
  readonly file: string
  readonly #variables: Variables
  readonly #input: Input
  readonly #builder: StatementBuilder
  readonly #quoting = new Quoting()
  readonly #strings: StandardStrings
  readonly #conditionals = new Conditionals()
  /** How many blocks of COPY data come next. */
  #copies = 0
  /** How many the last statement had, which a bare `\g` sends again. */
  #lastCopies = 0

  constructor(options: ScanOptions = {}) {
    this.file = options.file ?? '<script>'
    this.#variables = options.variables ?? noVariables
    this.#input = new Input(this.file, options.countsData ?? true)
    this.#builder = new StatementBuilder(this.file, this.#input)
    this.#strings = new StandardStrings(options.standardConformingStrings ?? true, options.inTransaction ?? false)
  }

  push(chunk: Uint8Array): void {
    this.#input.push(chunk)
  }

  /** Says that no more bytes will come. */
  end(): void {
    this.#input.end()
  }

  /** Whether what comes next is run: false in a branch of `\if` that is not taken. */
  get active(): boolean {
    return this.#conditionals.active
  }

  /** `standard_conforming_strings` as the script has left it so far, provided that its statements succeed. */
  get standardConformingStrings(): boolean {
    return this.#strings.value
  }

  set standardConformingStrings(value: boolean) {
    this.#strings.adopt(value)
  }

  /** How many `\if` blocks are open. psql takes it for an error when a script ends with any. */
  get openBlocks(): number {
    return this.#conditionals.depth
  }

  /** Says that COPY data comes next. After COPY … FROM STDIN and `\copy … from stdin` the scanner knows it itself. */
  expectCopyData(count = 1): void {
    this.#copies += count
    if (this.#copies > 0) this.#input.startCopy()
  }

  /**
   * Follows `\if`, `\elif`, `\else` or `\endif`. `condition` is only called where psql evaluates the expression. Throws
   * `script_unsupported` when there is no `\if` for it.
   */
  branch(command: MetaCommand, condition: () => boolean = () => false): void {
    const builder = this.#builder
    const saved = this.#conditionals.branch(command, condition, () => builder.save())
    builder.collects = this.#conditionals.active
    if (saved !== undefined) builder.restore(saved)
  }

  /** Drops the rest of the line, as psql does when a meta-command fails and the script goes on. */
  discardLine(): void {
    this.#input.discardLine()
  }

  /** Takes the unfinished statement, which psql sends at the end of a script and at `\quit`. Undefined when there is none. */
  takePending(): Statement | undefined {
    return this.active && this.#builder.pending ? this.#finish('end', undefined) : undefined
  }

  /** The next item, or undefined. */
  next(): ScriptItem | undefined {
    if (this.#copies > 0) return this.#nextCopy()
    const input = this.#input
    for (;;) {
      const frame = input.top()
      if (frame === undefined) return input.ended ? this.takePending() : undefined
      const item = this.#read(frame)
      if (item !== undefined) return item
      if (frame === input.top()) input.leave()
    }
  }

  /** Reads a frame up to an item, to a variable whose value comes first, or to its end. */
  #read(frame: Frame): ScriptItem | undefined {
    const { bytes, end } = frame
    const builder = this.#builder
    const quoting = this.#quoting
    const lineByLine = this.#input.depth === 0
    let { pos } = frame
    while (pos < end) {
      if (quoting.open) {
        if (!builder.inRun) builder.openRun(pos)
        pos = quoting.read(bytes, pos, end, lineByLine)
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
        return this.#finish(';', undefined)
      }
      if (kind === lexer.backslash) {
        builder.closeRun(bytes, pos)
        if (next !== 0x3b && next !== 0x3a) {
          frame.pos = pos
          return this.#readCommand()
        }
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
    const value = this.active ? this.#variables.get(name) : undefined
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

  /** Reads a meta-command whose backslash the top frame is at. */
  #readCommand(): ScriptItem {
    const input = this.#input
    const lineByLine = input.depth === 0
    const { lines } = input
    const start = input.position(lines.pos)
    // The arguments may go on behind the value of a variable in which the command starts.
    const bytes = lineByLine ? lines.bytes : input.restOfLine()
    const end = lineByLine ? lines.end : bytes.length
    const from = lineByLine ? lines.pos : 0
    const nameEnd = commandNameEnd(bytes, from + 1, end)
    const name = bytes.toString('utf8', from + 1, nameEnd)
    const syntax = commandSyntax(name)
    const argumentEnd = argumentsEnd(bytes, nameEnd, end, syntax?.style ?? 'line', lineByLine)
    const command: MetaCommand = {
      kind: 'meta',
      file: this.file,
      name,
      arguments: bytes.toString('utf8', nameEnd, argumentEnd).replace(/\r$/, ''),
      start,
      end: lineByLine ? lines.at(argumentEnd) : start,
      active: this.active,
      pending: this.#builder.pending,
    }
    const separated = argumentEnd + 1 < end && bytes[argumentEnd] === 0x5c && bytes[argumentEnd + 1] === 0x5c
    input.consume((separated ? argumentEnd + 2 : argumentEnd) - from)
    return command.active ? this.#followCommand(command, syntax?.sends ?? false) : command
  }

  /** Does what a command does to the query buffer and to what comes next in the script. */
  #followCommand(command: MetaCommand, sends: boolean): ScriptItem {
    const builder = this.#builder
    if (sends) {
      if (command.pending) return this.#finish('meta', command)
      builder.reset()
      if (!runsNothing(command)) this.expectCopyData(this.#lastCopies)
    } else if (command.name === 'r' || command.name === 'reset') builder.reset()
    else if (copiesFromStdin(command)) this.expectCopyData()
    return command
  }

  #finish(terminator: Statement['terminator'], command: MetaCommand | undefined): Statement {
    const statement = this.#builder.finish(terminator, command)
    const { line, column } = statement.start
    if (this.#input.zeroSeen && statement.bytes.includes(0)) {
      throw new Failure(
        'file_unusable',
        `A statement of ${this.file} holds a zero byte, which PostgreSQL cannot read.`,
        {
          location: { file: this.file, line, column },
        },
      )
    }
    this.#strings.note(statement, this.#input)
    this.#lastCopies = statement.copyFromStdin ? statement.parts.filter((part) => part.copyFromStdin).length : 0
    if (command === undefined || !runsNothing(command)) this.expectCopyData(this.#lastCopies)
    return statement
  }

  #nextCopy(): CopyData | CopyEnd | undefined {
    const piece = this.#input.readCopy()
    if (piece === undefined) return undefined
    if (piece.kind === 'data')
      return { kind: 'copy-data', chunk: piece.bytes, firstLine: piece.line, lineEnds: piece.lineEnds }
    this.#copies--
    this.#input.startCopy()
    return { kind: 'copy-end', terminated: piece.terminated }
  }
}

/**
 * Scans a script as it arrives. Nothing is read before it is asked for: change variables, or call the scanner's `branch` and
 * `expectCopyData`, between two items.
 */
export async function* scan(
  source: AsyncIterable<Uint8Array>,
  scanner: Scanner = new Scanner(),
): AsyncGenerator<ScriptItem> {
  for await (const chunk of source) {
    scanner.push(chunk)
    yield* items(scanner)
  }
  scanner.end()
  yield* items(scanner)
}

function* items(scanner: Scanner): Generator<ScriptItem> {
  for (let item = scanner.next(); item !== undefined; item = scanner.next()) yield item
}

/** Splits a whole script. Meta-commands come as items, but none is followed: `\if` takes every branch, `\set` sets nothing. */
export function splitScript(text: string, options: ScanOptions = {}): ScriptItem[] {
  const scanner = new Scanner(options)
  scanner.push(Buffer.from(text))
  scanner.end()
  return [...items(scanner)]
}
