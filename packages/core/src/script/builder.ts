import type { Input } from './input.ts'
import type { MetaCommand } from './metacommand.ts'
import { type Position, type Run, runBytes } from './position.ts'
import { Statement, StatementState } from './statement.ts'

const newline = 0x0a

/** An unfinished statement as it was when a branch started. */
export interface Saved {
  readonly state: StatementState
  readonly runs: number
  readonly empty: boolean
}

/** An unfinished statement, whole. */
export interface Pending {
  readonly state: StatementState
  readonly empty: boolean
  readonly runs: Run[]
  readonly length: number
  readonly start: Position
  readonly end: Position
}

/** Collects a statement: psql's query buffer. In a branch that is not taken, it follows the nesting and collects nothing. */
export class StatementBuilder {
  readonly #file: string
  readonly #input: Input
  state = new StatementState()
  collects = true
  /** Whether it has met nothing but comments and semicolons. */
  empty = true
  #runs: Run[] = []
  #length = 0
  /** Where in the top frame the run starts that is being read, or -1. */
  #runStart = -1
  #start: Position = { line: 1, column: 1, offset: 0 }
  #end: Position = this.#start

  constructor(file: string, input: Input) {
    this.#file = file
    this.#input = input
  }

  /** Whether there is an unfinished statement. */
  get pending(): boolean {
    return this.#runs.length > 0
  }

  get inRun(): boolean {
    return this.#runStart >= 0
  }

  openRun(pos: number): void {
    this.#runStart = pos
  }

  /** Ends the run at a place in the top frame. */
  closeRun(bytes: Buffer, pos: number): void {
    const from = this.#runStart
    this.#runStart = -1
    if (from < 0 || from === pos || !this.collects) return
    if (this.#input.depth > 0) this.#add(from, pos - from, bytes.subarray(from, pos))
    else {
      this.#add(from, pos - from, undefined)
      this.#end = this.#input.lines.at(pos)
    }
  }

  /** The same at a meta-command. A line end right before it is not sent: psql puts one in when another line follows. */
  closeRunBeforeCommand(bytes: Buffer, pos: number): void {
    const atLineStart = this.#input.depth === 0 && (pos === 0 || bytes[pos - 1] === newline)
    this.closeRun(bytes, pos)
    if (atLineStart && this.collects) this.dropLineEnd()
  }

  /** Drops a line end that is the last character. */
  dropLineEnd(): void {
    const last = this.#runs.at(-1)
    if (last === undefined || last.value !== undefined) return
    if (last.lines[last.from + last.length - 1] !== newline) return
    this.#runs.pop()
    if (last.length > 1) this.#runs.push({ ...last, length: last.length - 1 })
    this.#length--
  }

  /** What there is of the statement. */
  get text(): string {
    return Buffer.concat(this.#runs.map(runBytes)).toString('utf8')
  }

  /** Puts in a value in the place of what stands between two places in the top frame. */
  substitute(bytes: Buffer, from: number, to: number, value: string): void {
    this.closeRun(bytes, from)
    const replacement = Buffer.from(value)
    if (this.collects) this.#add(from, replacement.length, replacement)
    this.#runStart = to
  }

  #add(pos: number, length: number, value: Buffer | undefined): void {
    const { lines } = this.#input
    const from = this.#input.place(pos)
    const start = lines.at(from)
    if (this.#runs.length === 0) this.#start = start
    this.#end = start
    this.#runs.push({ at: this.#length, length, lines: lines.bytes, from, line: start.line, value })
    this.#length += length
  }

  /** Ends a part of the statement, at a semicolon. */
  endPart(): void {
    if (this.collects) this.state.endPart()
    else this.state.forget()
  }

  finish(terminator: Statement['terminator'], command: MetaCommand | undefined): Statement {
    const { state } = this
    if (state.words.length > 0 || state.parts.length === 0) state.endPart()
    const statement = new Statement({
      file: this.#file,
      runs: this.#runs,
      start: this.#start,
      end: this.#end,
      parts: state.parts,
      terminator,
      command,
      empty: this.empty,
    })
    this.reset()
    return statement
  }

  reset(): void {
    this.state = new StatementState()
    this.empty = true
    this.#runs = []
    this.#length = 0
  }

  save(): Saved {
    return { state: this.state.copy(), runs: this.#runs.length, empty: this.empty }
  }

  restore(saved: Saved): void {
    this.state = saved.state.copy()
    this.empty = saved.empty
    this.#runs.length = saved.runs
    const last = this.#runs.at(-1)
    this.#length = last === undefined ? 0 : last.at + last.length
  }

  /** All of it, to be put back when it was not sent. */
  pendingNow(): Pending {
    const { state, empty } = this
    return { state: state.copy(), empty, runs: this.#runs, length: this.#length, start: this.#start, end: this.#end }
  }

  putBack({ state, empty, runs, length, start, end }: Pending): void {
    this.state = state
    this.empty = empty
    this.#runs = runs
    this.#length = length
    this.#start = start
    this.#end = end
  }
}
