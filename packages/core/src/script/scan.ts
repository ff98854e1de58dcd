import { Failure } from '../errors.ts'
import { type BranchName, Conditionals, type Saved } from './conditional.ts'
import * as lexer from './lexer.ts'
import { argumentsEnd, commandNameEnd, commandSyntax, lineEnd, type MetaCommand } from './metacommand.ts'
import { copiesFromStdin } from './copy.ts'
import type { Position, Run } from './position.ts'
import { type Lines, Source } from './source.ts'
import { Statement, StatementState } from './statement.ts'
import { StandardStrings } from './strings.ts'
import { quoteIdentifier, quoteLiteral, type Variables } from './variables.ts'

export { locate } from './position.ts'
export type { Statement } from './statement.ts'

/** A piece of the data of COPY … FROM STDIN, whole or cut anywhere, never collected. */
export interface CopyData {
  readonly kind: 'copy-data'
  /** A view on what was pushed. */
  readonly chunk: Buffer
  /** The line of the script that its first byte stands on. */
  readonly firstLine: number
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
  /** Whether the script runs in a transaction of ours, so that `SET LOCAL` has an effect outside its own BEGIN. */
  readonly inTransaction?: boolean
}

// What the lexer is in the middle of.
const sql = 0
const string = 1
const escapeString = 2
const bitString = 3
const stringEnd = 4
const quotedIdentifier = 5
const comment = 6
const dollarQuoted = 7

interface Frame {
  readonly bytes: Buffer
  pos: number
  end: number
  /** The variable whose value this is. */
  readonly variable: string
}

/** Commands that send a statement without running it. */
const asksOnly = new Set(['gdesc', 'parse'])

const noVariables: Variables = new Map<string, string>()

/**
 * Splits a script as psql 18 does, in one pass. `push` gives it bytes (which must not change afterwards), `next` takes one item:
 * undefined means that more bytes are needed, or after `end` that there is nothing left. It reads nothing ahead of the item that
 * it returns, so between two items the consumer may change variables, go into a branch, or ask for COPY data.
 */
export class Scanner {
  readonly file: string
  readonly #variables: Variables
  readonly #source: Source
  readonly #strings: StandardStrings
  readonly #conditionals = new Conditionals()

  #lines: Lines | undefined
  /** The values of variables that are being read, outermost first. */
  #frames: Frame[] = []
  /** Where in the lines the outermost variable stands. */
  #reference = 0

  #mode = sql
  #stringMode = sql
  #commentDepth = 0
  #dollarTag: Buffer = Buffer.alloc(0)
  #escapes: boolean
  /** The offset behind which a change of `#escapes` counts: psql looks at the setting once a line. */
  #escapesFrom = 0
  #nextEscapes: boolean

  #state = new StatementState()
  #runs: Run[] = []
  #sentLength = 0
  /** Where the run starts that is being read, or -1. */
  #runStart = -1
  #empty = true
  #start: Position = { line: 1, column: 1, offset: 0 }
  #end: Position = this.#start
  #active = true
  /** How many blocks of COPY data come next. */
  #copies = 0
  /** How many the last statement had, which a bare `\g` sends again. */
  #lastCopies = 0
  #zeroSeen = false

  constructor(options: ScanOptions = {}) {
    this.file = options.file ?? '<script>'
    this.#variables = options.variables ?? noVariables
    this.#source = new Source(this.file)
    this.#strings = new StandardStrings(options.standardConformingStrings ?? true, options.inTransaction ?? false)
    this.#escapes = !this.#strings.value
    this.#nextEscapes = this.#escapes
  }

  push(chunk: Uint8Array): void {
    this.#source.push(chunk)
  }

  /** Says that no more bytes will come. */
  end(): void {
    this.#source.ended = true
  }

  /** Whether what comes next is run: false in a branch of `\if` that is not taken. */
  get active(): boolean {
    return this.#active
  }

  /** How many `\if` blocks are open. psql takes it for an error when a script ends with any. */
  get openBlocks(): number {
    return this.#conditionals.depth
  }

  /** Says that lines of COPY data come next. For `\copy … from stdin` and COPY statements the scanner knows it itself. */
  expectCopyData(): void {
    this.#expectCopies(1)
  }

  #expectCopies(count: number): void {
    this.#copies += count
    if (this.#copies > 0) this.#startCopy()
  }

  /**
   * Follows `\if`, `\elif`, `\else` or `\endif`. `condition` is only called where psql evaluates the expression. Throws
   * `script_unsupported` when there is no `\if` for it.
   */
  branch(name: BranchName, condition: () => boolean = () => false): void {
    const saved = this.#conditionals.branch(name, condition, () => this.#save())
    if (typeof saved === 'string') throw new Failure('script_unsupported', saved)
    this.#active = this.#conditionals.active
    if (saved === undefined) return
    this.#state = saved.state.copy()
    this.#runs.length = saved.runs
    const last = this.#runs.at(-1)
    this.#sentLength = last === undefined ? 0 : last.at + last.length
    this.#empty = saved.empty
  }

  /** Drops the rest of the line, as psql does when a meta-command fails and the script goes on. */
  discardLine(): void {
    this.#frames = []
    const lines = this.#lines
    if (lines !== undefined) lines.pos = lineEnd(lines.bytes, lines.pos, lines.end, true)
  }

  #save(): Saved {
    return { state: this.#state.copy(), runs: this.#runs.length, empty: this.#empty }
  }

  next(): ScriptItem | undefined {
    if (this.#copies > 0) return this.#nextCopy()
    for (;;) {
      const frame = this.#frames.at(-1) ?? this.#lines ?? this.#takeLines()
      if (frame === undefined) return this.#source.ended ? this.#last() : undefined
      const item = this.#lex(frame)
      if (item !== undefined) return item
      if (frame === this.#frames.at(-1)) this.#frames.pop()
      else if (this.#frames.length === 0) this.#leaveLines()
    }
  }

  /** What stands at the end without a semicolon. */
  #last(): Statement | undefined {
    return this.#active && this.#runs.length > 0 ? this.#finish('end', undefined) : undefined
  }

  #takeLines(): Lines | undefined {
    const lines = this.#source.takeLines()
    this.#lines = lines
    if (lines !== undefined) {
      this.#strings.look(lines.bytes)
      this.#zeroSeen ||= lines.bytes.includes(0)
    }
    return lines
  }

  #leaveLines(): void {
    const lines = this.#lines
    if (lines !== undefined && !lines.detached) this.#source.line = lines.at(lines.end).line
    this.#lines = undefined
  }

  /** Reads a frame up to an item, to a variable whose value comes first, or to its end. */
  #lex(frame: Frame | Lines): ScriptItem | undefined {
    const { bytes, end } = frame
    const depth = this.#frames.length
    let { pos } = frame
    while (pos < end) {
      if (this.#mode !== sql) {
        if (this.#runStart < 0) this.#runStart = pos
        pos = this.#readQuoted(bytes, pos, end)
        continue
      }
      if (this.#runStart < 0) {
        if (this.#runs.length === 0) {
          pos = lexer.leadingEnd(bytes, pos, end)
          if (pos === end) break
        }
        this.#runStart = pos
      }
      const byte = bytes[pos]!
      switch (lexer.byteClass[byte]) {
        case lexer.space:
          pos++
          break
        case lexer.letter:
          this.#empty = false
          pos = this.#readWord(bytes, pos, end)
          break
        case lexer.digit:
          this.#empty = false
          pos = lexer.numberEnd(bytes, pos, end)
          break
        case lexer.point:
          this.#empty = false
          pos = lexer.pointEnd(bytes, pos, end)
          break
        case lexer.quote:
          this.#empty = false
          pos++
          this.#openString(this.#backslashEscapes(pos) ? escapeString : string)
          break
        case lexer.doubleQuote:
          this.#empty = false
          pos++
          this.#mode = quotedIdentifier
          break
        case lexer.dollar:
          this.#empty = false
          pos = this.#readDollar(bytes, pos, end)
          break
        case lexer.dash:
          if (pos + 1 < end && bytes[pos + 1] === 0x2d) pos = lexer.lineCommentEnd(bytes, pos, end)
          else {
            this.#empty = false
            pos++
          }
          break
        case lexer.slash:
          if (pos + 1 < end && bytes[pos + 1] === 0x2a) {
            pos += 2
            this.#mode = comment
            this.#commentDepth = 0
          } else {
            this.#empty = false
            pos++
          }
          break
        case lexer.open:
          this.#empty = false
          pos++
          this.#state.parenthesisDepth++
          break
        case lexer.close:
          this.#empty = false
          pos++
          if (this.#state.parenthesisDepth > 0) this.#state.parenthesisDepth--
          break
        case lexer.semicolon:
          pos++
          if (!this.#state.atOuterLevel) break
          if (!this.#active) {
            this.#state.forget()
            break
          }
          this.#state.endPart()
          this.#closeRun(bytes, pos)
          frame.pos = pos
          return this.#finish(';', undefined)
        case lexer.colon:
          this.#empty = false
          pos = this.#readColon(frame, pos)
          if (this.#frames.length > depth) return undefined
          break
        case lexer.backslash:
          this.#closeRun(bytes, pos)
          if (pos + 1 < end && (bytes[pos + 1] === 0x3b || bytes[pos + 1] === 0x3a)) {
            // The run that starts here sends the character without its backslash.
            this.#runStart = pos + 1
            if (bytes[pos + 1] === 0x3b && this.#state.atOuterLevel) {
              if (this.#active) this.#state.endPart()
              else this.#state.forget()
            }
            pos += 2
            break
          }
          frame.pos = pos
          return this.#readCommand()
        default:
          this.#empty = false
          pos++
      }
    }
    this.#closeRun(bytes, end)
    frame.pos = end
    return undefined
  }

  #openString(mode: number): void {
    this.#mode = mode
    this.#stringMode = mode
  }

  /** Reads an identifier, or the prefix of a string with its quote. */
  #readWord(bytes: Buffer, pos: number, end: number): number {
    const after = lexer.identifierEnd(bytes, pos + 1, end)
    if (after === pos + 1 && after < end) {
      const next = bytes[after]
      const prefix = bytes[pos]! | 0x20
      if (next === 0x27) {
        if (prefix === 0x65) {
          this.#openString(escapeString)
          return after + 1
        }
        if (prefix === 0x62 || prefix === 0x78) {
          this.#openString(bitString)
          return after + 1
        }
        // N'…' is read as the word N and a string, but not counted as a word.
        if (prefix === 0x6e) return after
      } else if (next === 0x26 && prefix === 0x75) {
        const opener = after + 1 < end ? bytes[after + 1] : undefined
        if (opener === 0x27) this.#openString(string)
        else if (opener === 0x22) this.#mode = quotedIdentifier
        else return after
        return after + 2
      }
    }
    this.#state.track(bytes, pos, after)
    return after
  }

  #readDollar(bytes: Buffer, pos: number, end: number): number {
    if (pos + 1 < end && lexer.byteClass[bytes[pos + 1]!] === lexer.digit)
      return lexer.parameterEnd(bytes, pos + 1, end)
    const after = lexer.dollarDelimiterEnd(bytes, pos, end)
    if (after === pos) return pos + 1
    this.#mode = dollarQuoted
    this.#dollarTag = bytes.subarray(pos, after)
    return after
  }

  /** Reads on in a string, a quoted identifier, a dollar quote or a comment. */
  #readQuoted(bytes: Buffer, pos: number, end: number): number {
    switch (this.#mode) {
      case stringEnd: {
        const lineByLine = this.#frames.length === 0
        if (lineByLine && bytes[pos] === 0x0a) return pos + 1
        const after = lexer.stringContinuation(bytes, pos, end, lineByLine)
        this.#mode = after === pos ? sql : this.#stringMode
        return after
      }
      case dollarQuoted: {
        const found = bytes.indexOf(this.#dollarTag, pos)
        if (found < 0 || found + this.#dollarTag.length > end) return end
        this.#mode = sql
        return found + this.#dollarTag.length
      }
      case comment:
        for (; pos < end; pos++) {
          const byte = bytes[pos]
          if (byte === 0x2a && pos + 1 < end && bytes[pos + 1] === 0x2f) {
            pos++
            if (this.#commentDepth-- === 0) {
              this.#mode = sql
              return pos + 1
            }
          } else if (byte === 0x2f && pos + 1 < end && bytes[pos + 1] === 0x2a) {
            pos++
            this.#commentDepth++
          }
        }
        return end
      case quotedIdentifier:
        while (pos < end && bytes[pos] !== 0x22) pos++
        if (pos === end) return end
        // A doubled quote opens it again at once.
        this.#mode = sql
        return pos + 1
      case escapeString:
        for (; pos < end && bytes[pos] !== 0x27; pos++) if (bytes[pos] === 0x5c) pos++
        return this.#closeString(bytes, Math.min(pos, end), end)
      default:
        while (pos < end && bytes[pos] !== 0x27) pos++
        return this.#closeString(bytes, pos, end)
    }
  }

  /** `pos` is at a quote or at the end. */
  #closeString(bytes: Buffer, pos: number, end: number): number {
    if (pos === end) return end
    if (this.#mode !== bitString && pos + 1 < end && bytes[pos + 1] === 0x27) return pos + 2
    this.#mode = stringEnd
    return pos + 1
  }

  /** Reads a colon: a cast, an assignment, a variable, or only a colon. Puts the value of `:name` on the frames. */
  #readColon(frame: Frame | Lines, pos: number): number {
    const { bytes, end } = frame
    const next = pos + 1 < end ? bytes[pos + 1]! : 0
    if (next === 0x3a || next === 0x3d) return pos + 2
    const reference = lexer.variableReference(bytes, pos, end)
    if (reference === undefined) return pos + 1
    const { name, kind, after } = reference
    const value = this.#active ? this.#variables.get(name) : undefined
    if (kind === 'test') {
      this.#substitute(frame, pos, after, Buffer.from(value === undefined ? 'FALSE' : 'TRUE'))
    } else if (value === undefined || (kind === 'plain' && this.#frames.some(({ variable }) => variable === name))) {
      return after
    } else if (kind === 'plain') {
      this.#closeRun(bytes, pos)
      if (this.#frames.length === 0) this.#reference = pos
      frame.pos = after
      const text = Buffer.from(value)
      this.#frames.push({ bytes: text, pos: 0, end: text.length, variable: name })
    } else {
      this.#substitute(
        frame,
        pos,
        after,
        Buffer.from(kind === 'literal' ? quoteLiteral(value) : quoteIdentifier(value)),
      )
    }
    return after
  }

  #substitute(frame: Frame | Lines, pos: number, after: number, value: Buffer): void {
    this.#closeRun(frame.bytes, pos)
    this.#addRun(this.#place(pos), value.length, value)
    this.#runStart = after
  }

  /** The place in the lines that a place in the top frame stands for. */
  #place(pos: number): number {
    return this.#frames.length === 0 ? pos : this.#reference
  }

  /** Whether a backslash escapes in a string that opens here. */
  #backslashEscapes(pos: number): boolean {
    if (this.#escapes !== this.#nextEscapes) this.#settleEscapes(this.#place(pos))
    return this.#escapes
  }

  #settleEscapes(place: number): void {
    if (this.#lines !== undefined && this.#lines.offset + place > this.#escapesFrom) this.#escapes = this.#nextEscapes
  }

  #noteStrings(statement: Statement): void {
    this.#strings.note(statement)
    if (this.#nextEscapes === !this.#strings.value) return
    const lines = this.#lines
    if (lines !== undefined) {
      this.#settleEscapes(lines.pos)
      const line = lines.bytes.indexOf(0x0a, lines.pos)
      this.#escapesFrom = lines.offset + (line < 0 ? lines.bytes.length : line)
    }
    this.#nextEscapes = !this.#strings.value
  }

  #closeRun(bytes: Buffer, pos: number): void {
    const from = this.#runStart
    this.#runStart = -1
    if (from < 0 || from === pos) return
    if (this.#frames.length > 0) this.#addRun(this.#reference, pos - from, bytes.subarray(from, pos))
    else {
      this.#addRun(from, pos - from, undefined)
      this.#end = this.#lines!.at(pos)
    }
  }

  #addRun(from: number, length: number, value: Buffer | undefined): void {
    const lines = this.#lines
    if (!this.#active || lines === undefined) return
    const start = lines.at(from)
    if (this.#runs.length === 0) this.#start = start
    this.#end = start
    this.#runs.push({ at: this.#sentLength, length, lines: lines.bytes, from, line: start.line, value })
    this.#sentLength += length
  }

  #finish(terminator: Statement['terminator'], command: MetaCommand | undefined): Statement {
    const state = this.#state
    if (state.words.length > 0 || state.parts.length === 0) state.endPart()
    const statement = new Statement({
      file: this.file,
      runs: this.#runs,
      start: this.#start,
      end: this.#end,
      parts: state.parts,
      terminator,
      command,
      empty: this.#empty,
    })
    this.#reset()
    if (this.#zeroSeen && statement.bytes.includes(0)) {
      throw new Failure(
        'file_unusable',
        `A statement of ${this.file} holds a zero byte, which PostgreSQL cannot read.`,
        {
          location: { file: this.file, line: statement.start.line, column: statement.start.column },
        },
      )
    }
    this.#noteStrings(statement)
    this.#lastCopies = statement.parts.filter((part) => part.copyFromStdin).length
    if (command === undefined || !asksOnly.has(command.name)) this.#expectCopies(this.#lastCopies)
    return statement
  }

  #reset(): void {
    this.#state = new StatementState()
    this.#runs = []
    this.#sentLength = 0
    this.#empty = true
  }

  /** COPY data starts on the line after this one; what is left of this line is read when the data is over. */
  #startCopy(): void {
    const lines = this.#lines
    if (lines !== undefined && !lines.detached) {
      const found = lines.bytes.indexOf(0x0a, lines.pos)
      const end = found < 0 ? lines.end : found + 1
      const { line } = lines.at(lines.pos)
      this.#source.giveBack(lines.bytes.subarray(end, lines.end))
      this.#source.line = found < 0 ? line : line + 1
      lines.end = end
      lines.detached = true
    }
    this.#source.startCopy()
  }

  #nextCopy(): CopyData | CopyEnd | undefined {
    const piece = this.#source.readCopy()
    if (piece === undefined) return undefined
    if (piece.kind === 'data') return { kind: 'copy-data', chunk: piece.bytes, firstLine: piece.line }
    this.#copies--
    this.#source.startCopy()
    return { kind: 'copy-end', terminated: piece.terminated }
  }

  /** Reads a meta-command whose backslash the top frame is at. */
  #readCommand(): ScriptItem {
    const lines = this.#lines!
    const top = this.#frames.at(-1)
    const lineByLine = top === undefined
    const start = lines.at(top === undefined ? lines.pos : this.#reference)
    // The arguments may go on behind the value of a variable in which the command starts.
    const bytes = top === undefined ? lines.bytes : this.#restOfLine()
    const end = top === undefined ? lines.end : bytes.length
    const from = top === undefined ? lines.pos + 1 : 1
    const nameEnd = commandNameEnd(bytes, from, end)
    const name = bytes.toString('utf8', from, nameEnd)
    const syntax = commandSyntax(name)
    const argumentEnd = argumentsEnd(bytes, nameEnd, end, syntax?.style ?? 'line', lineByLine)
    const separated = argumentEnd + 1 < end && bytes[argumentEnd] === 0x5c && bytes[argumentEnd + 1] === 0x5c
    this.#consume(separated ? argumentEnd + 2 : argumentEnd)
    const pending = this.#runs.length > 0
    const command: MetaCommand = {
      kind: 'meta',
      file: this.file,
      name,
      arguments: bytes.toString('utf8', nameEnd, argumentEnd).replace(/\r$/, ''),
      start,
      end: lines.at(top === undefined ? argumentEnd : this.#reference),
      active: this.#active,
      pending,
    }
    if (!command.active) return command
    if (syntax?.sends) {
      if (pending) return this.#finish('meta', command)
      this.#state = new StatementState()
      if (!asksOnly.has(name)) this.#expectCopies(this.#lastCopies)
    } else if (name === 'r' || name === 'reset') this.#reset()
    else if (copiesFromStdin(command)) this.expectCopyData()
    return command
  }

  /** What is left of the frames and of the line. */
  #restOfLine(): Buffer {
    const lines = this.#lines!
    const rests = this.#frames.map((frame) => frame.bytes.subarray(frame.pos, frame.end)).reverse()
    return Buffer.concat([...rests, lines.bytes.subarray(lines.pos, lineEnd(lines.bytes, lines.pos, lines.end, true))])
  }

  /** Moves on to a place in the lines, or in `#restOfLine`. */
  #consume(pos: number): void {
    const lines = this.#lines!
    if (this.#frames.length === 0) {
      lines.pos = pos
      return
    }
    for (let left = pos; ;) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) {
        lines.pos += left
        return
      }
      const step = Math.min(left, frame.end - frame.pos)
      frame.pos += step
      left -= step
      if (frame.pos < frame.end) return
      this.#frames.pop()
    }
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

/** Splits a whole script. Meta-commands come as items, but none is followed: `\\if` takes every branch, `\\set` sets nothing. */
export function splitScript(text: string, options: ScanOptions = {}): ScriptItem[] {
  const scanner = new Scanner(options)
  scanner.push(Buffer.from(text))
  scanner.end()
  return [...items(scanner)]
}
