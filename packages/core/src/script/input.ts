import { LineEcho } from './line-echo.ts'
import type { Position } from './position.ts'
import { type CopyPiece, type Lines, Source } from './source.ts'

/** Bytes that are being read: whole lines of the script, or the value of a variable. */
export interface Frame {
  readonly bytes: Buffer
  pos: number
  readonly end: number
}

interface Value extends Frame {
  readonly variable: string
}

const newline = 0x0a
const standardStrings = 'standard_conforming_strings'

/** What the scanner reads: the script, and in its place the values of variables where they are used. */
export class Input {
  readonly #source: Source
  #lines: Lines | undefined
  /** The values that are being read, outermost first. */
  #values: Value[] = []
  /** Where in the lines the outermost variable stands. */
  #reference = 0
  #lookedUntil = 0
  /** Whether a zero byte has been seen. */
  zeroSeen = false
  /** Whether the script has named `standard_conforming_strings` in small letters. */
  standardStringsSeen = false
  /** What collects the lines that are read, for `\set ECHO all`. */
  echo: LineEcho | undefined

  constructor(file: string, countsData: boolean) {
    this.#source = new Source(file)
    this.#source.countsData = countsData
  }

  push(chunk: Uint8Array): void {
    this.#source.push(chunk)
  }

  end(): void {
    this.#source.ended = true
  }

  get ended(): boolean {
    return this.#source.ended
  }

  /** Nothing is left of what was pushed, beside the lines that are being read. */
  get empty(): boolean {
    return this.#source.empty
  }

  /** What is read next, or undefined when more bytes are needed or none are left. */
  top(): Frame | undefined {
    return this.#values.at(-1) ?? this.#lines ?? this.#takeLines()
  }

  /** How many values are being read, one within the other. */
  get depth(): number {
    return this.#values.length
  }

  /** Whether this variable's value is being read. */
  isReading(variable: string): boolean {
    return this.#values.some((value) => value.variable === variable)
  }

  /** Puts the value of a variable before what is left. `place` is where the variable stands. */
  enter(variable: string, text: string, place: number): void {
    if (this.#values.length === 0) this.#reference = place
    const bytes = Buffer.from(text)
    this.#values.push({ bytes, pos: 0, end: bytes.length, variable })
  }

  /** Leaves a frame that is read to its end. */
  leave(): void {
    if (this.#values.pop() !== undefined) return
    const lines = this.#lines
    if (lines !== undefined) this.echo?.add(lines, lines.end)
    if (lines !== undefined && !lines.detached) this.#source.line = lines.at(lines.end).line
    this.#lines = undefined
  }

  #takeLines(): Lines | undefined {
    const lines = this.#source.takeLines()
    this.#lines = lines
    if (lines === undefined) return undefined
    // Lines that were given back for COPY data are not looked at again.
    const fresh = lines.bytes.subarray(Math.max(0, this.#lookedUntil - lines.offset - standardStrings.length))
    this.#lookedUntil = Math.max(this.#lookedUntil, lines.offset + lines.end)
    this.zeroSeen ||= fresh.includes(0)
    this.standardStringsSeen ||= fresh.includes(standardStrings)
    return lines
  }

  /** The lines that are being read. There are some whenever there is a frame. */
  get lines(): Lines {
    if (this.#lines === undefined) throw new Error('unreachable: nothing is being read')
    return this.#lines
  }

  /** The place in the lines that a place in the top frame stands for. */
  place(pos: number): number {
    return this.#values.length === 0 ? pos : this.#reference
  }

  position(pos: number): Position {
    return this.lines.at(this.place(pos))
  }

  /** The offset in the script that a place in the top frame stands for. */
  offset(pos: number): number {
    return this.lines.offset + this.place(pos)
  }

  /** The offset at which the line ends that is being read. */
  lineEndOffset(): number {
    const { bytes, pos, offset } = this.lines
    const end = bytes.indexOf(newline, pos)
    return offset + (end < 0 ? bytes.length : end)
  }

  /** What is left of the values and of the line. */
  restOfLine(): Buffer {
    const rests = this.#values.map((value) => value.bytes.subarray(value.pos, value.end)).reverse()
    const { bytes, pos, end } = this.lines
    return Buffer.concat([...rests, bytes.subarray(pos, lineEnd(bytes, pos, end))])
  }

  /** Moves on by so many bytes of `restOfLine`. */
  consume(count: number): void {
    for (let left = count; ; this.#values.pop()) {
      const value = this.#values.at(-1)
      if (value === undefined) {
        this.lines.pos += left
        return
      }
      const step = Math.min(left, value.end - value.pos)
      value.pos += step
      left -= step
      if (value.pos < value.end) return
    }
  }

  discardLine(): void {
    this.#values = []
    const lines = this.#lines
    if (lines !== undefined) lines.pos = lineEnd(lines.bytes, lines.pos, lines.end)
  }

  /** Collects lines from the next one on, or stops that. */
  setEcho(on: boolean): void {
    const lines = this.#lines
    this.echo = on
      ? new LineEcho(lines === undefined ? this.#source.offset : lines.offset + nextLine(lines))
      : undefined
  }

  /** The lines that were collected, up to the one that is being read. */
  takeEcho(): string {
    const lines = this.#lines
    if (lines !== undefined) this.echo?.add(lines, nextLine(lines))
    return this.echo?.take() ?? ''
  }

  /** COPY data starts on the line after this one; what is left of this line is read when the data is over. */
  startCopy(): void {
    const lines = this.#lines
    if (lines !== undefined && !lines.detached) {
      const found = lines.bytes.indexOf(newline, lines.pos)
      const end = found < 0 ? lines.end : found + 1
      const { line } = lines.at(lines.pos)
      this.#source.giveBack(lines.bytes.subarray(end, lines.end))
      this.#source.line = found < 0 ? line : line + 1
      lines.end = end
      lines.detached = true
    }
    this.#source.startCopy()
  }

  readCopy(): CopyPiece | undefined {
    return this.#source.readCopy()
  }
}

function lineEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end && bytes[pos] !== newline) pos++
  return pos
}

/** Where the line after the one that is being read starts. */
function nextLine({ bytes, pos, end }: Lines): number {
  return Math.min(lineEnd(bytes, pos, end) + 1, end)
}
