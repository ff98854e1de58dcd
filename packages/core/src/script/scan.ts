import { Failure } from '../errors.ts'
import { type Pending, StatementBuilder } from './builder.ts'
import { Conditionals } from './conditional.ts'
import { copiesFromStdin } from './copy.ts'
import { Input } from './input.ts'
import type { CopyData, CopyEnd, ScriptItem } from './items.ts'
import {
  argumentsEnd,
  asksBuffer,
  commandNameEnd,
  commandSyntax,
  type MetaCommand,
  runsNothing,
} from './metacommand.ts'
import type { Statement } from './statement.ts'
import { StandardStrings } from './standard-strings.ts'
import { TokenReader } from './token-reader.ts'
import type { Variables } from './variables.ts'

export { locate } from './position.ts'

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
  readonly #input: Input
  readonly #builder: StatementBuilder
  readonly #strings: StandardStrings
  readonly #conditionals = new Conditionals()
  readonly #tokens: TokenReader
  /** How many blocks of COPY data come next. */
  #copies = 0
  /** How many the last statement had, which a bare `\g` sends again. */
  #lastCopies = 0
  #last: Statement | undefined
  /** What was under way before a command took it. */
  #taken: { readonly pending: Pending; readonly last: Statement | undefined; readonly lastCopies: number } | undefined

  constructor(options: ScanOptions = {}) {
    this.file = options.file ?? '<script>'
    this.#input = new Input(this.file, options.countsData ?? true)
    this.#builder = new StatementBuilder(this.file, this.#input)
    this.#strings = new StandardStrings(options.standardConformingStrings ?? true, options.inTransaction ?? false)
    const variables = options.variables ?? noVariables
    this.#tokens = new TokenReader(this.#input, this.#builder, this.#conditionals, this.#strings, variables)
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

  /** COPY data comes next, and of what was pushed nothing is left. */
  get awaitsData(): boolean {
    return this.#copies > 0 && this.#input.empty
  }

  /** How many `\if` blocks are open. psql takes it for an error when a script ends with any. */
  get openBlocks(): number {
    return this.#conditionals.depth
  }

  /** `\set SINGLELINE`: a line ends a statement, too. */
  set singleLine(value: boolean) {
    this.#tokens.singleLine = value
  }

  /** `\set ECHO all`: whether `takeLines` returns the lines that are read from now on. */
  get echoes(): boolean {
    return this.#input.echo !== undefined
  }

  set echoes(value: boolean) {
    if (value !== this.echoes) this.#input.setEcho(value)
  }

  /** The lines since the last call, up to the one on which the last item ends; without blank ones, as psql has it. */
  takeLines(): string {
    return this.#input.takeEcho()
  }

  /** Says that COPY data comes next. After COPY … FROM STDIN and `\copy … from stdin` the scanner knows it itself. */
  expectCopyData(count = 1): void {
    this.#copies += count
    if (this.#copies > 0) this.#input.startCopy()
  }

  /**
   * Follows `\if`, `\elif`, `\else` or `\endif`. `condition` is only called where psql evaluates the expression. Throws
   * `script_failed` when there is no `\if` for it.
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

  /** Puts back the statement that the last command has taken, as psql does when it refuses the command. */
  keepPending(): void {
    if (this.#taken === undefined) return
    const { pending, last, lastCopies } = this.#taken
    this.#builder.putBack(pending)
    this.#last = last
    this.#lastCopies = lastCopies
  }

  /** Takes the unfinished statement, which psql sends at the end of a script and at `\quit`. Undefined when there is none. */
  takePending(): Statement | undefined {
    if (!this.active || !this.#builder.pending) return undefined
    this.#builder.dropLineEnd()
    return this.#finish('end', undefined)
  }

  /** The next item, or undefined. */
  next(): ScriptItem | undefined {
    if (this.#copies > 0) return this.#nextCopy()
    const input = this.#input
    for (;;) {
      const frame = input.top()
      if (frame === undefined) return input.ended ? this.takePending() : undefined
      const stop = this.#tokens.read(frame)
      if (stop === 'command') return this.#readCommand()
      if (stop !== undefined) return this.#finish(stop, undefined)
      if (frame === input.top()) input.leave()
    }
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
      ...(asksBuffer(name) && { buffer: this.#builder.pending ? this.#builder.text : (this.#last?.text ?? '') }),
    }
    const separated = argumentEnd + 1 < end && bytes[argumentEnd] === 0x5c && bytes[argumentEnd + 1] === 0x5c
    input.consume((separated ? argumentEnd + 2 : argumentEnd) - from)
    return command.active ? this.#followCommand(command, syntax?.sends ?? false) : command
  }

  /** Does what a command does to the query buffer and to what comes next in the script. */
  #followCommand(command: MetaCommand, sends: boolean): ScriptItem {
    const builder = this.#builder
    if (sends) {
      this.#taken = command.pending
        ? { pending: builder.pendingNow(), last: this.#last, lastCopies: this.#lastCopies }
        : undefined
      if (command.pending) {
        const statement = this.#finish('meta', command)
        // What is repeated is not what can be sent again.
        if (command.name === 'watch' && this.#taken) ({ last: this.#last, lastCopies: this.#lastCopies } = this.#taken)
        return statement
      }
      builder.reset()
      if (!runsNothing(command)) this.expectCopyData(this.#lastCopies)
    } else if (command.name === 'r' || command.name === 'reset') builder.reset()
    else if (copiesFromStdin(command)) this.expectCopyData()
    return command
  }

  #finish(terminator: Statement['terminator'], command: MetaCommand | undefined): Statement {
    const statement = this.#builder.finish(terminator, command)
    this.#last = statement
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
