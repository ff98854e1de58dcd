import type { Location } from '../errors.ts'

/** A place in a script. Lines and columns count from 1, columns in code points; `offset` counts bytes from 0. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** A stretch of what is sent to the server, and where in the script it comes from. */
export interface Run {
  /** How many bytes of the statement are sent before this run. */
  readonly at: number
  readonly length: number
  /** The whole lines of the script that it was read with. */
  readonly lines: Buffer
  /** Where it starts in `lines`. */
  readonly from: number
  /** The line number at `from`. */
  readonly line: number
  /** What is sent, when that is the value of a variable: each place in it is the place of the variable. */
  readonly value: Buffer | undefined
}

/** What is sent of a run. */
export function runBytes({ value, lines, from, length }: Run): Buffer {
  return value ?? lines.subarray(from, from + length)
}

const newline = 0x0a

/** Counts the code points of UTF-8 text: its bytes without the continuation bytes. */
function codePoints(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let index = from; index < to; index++) if ((bytes[index]! & 0xc0) !== 0x80) count++
  return count
}

/** Finds the byte at which the code point with this index, counted from 0, starts. */
function byteOf(bytes: Uint8Array, codePoint: number): number {
  let index = 0
  for (let seen = -1; index < bytes.length; index++) {
    if ((bytes[index]! & 0xc0) !== 0x80 && ++seen === codePoint) break
  }
  return index
}

/**
 * Where in the script a position is that the server reports for a statement: the `position` field of its error, in code
 * points from 1. A position in the value of a variable is the place of the variable.
 */
export function locate(
  statement: { readonly bytes: Buffer; readonly runs: readonly Run[]; readonly file: string },
  position: number,
): Location & { text: string } {
  const sent = byteOf(statement.bytes, Math.max(position, 1) - 1)
  let run = statement.runs[0]
  if (run === undefined) return { file: statement.file, line: 1, column: 1, text: '' }
  for (const candidate of statement.runs) {
    if (candidate.at > sent) break
    run = candidate
  }
  const { lines } = run
  const place = run.value === undefined ? run.from + Math.min(sent - run.at, run.length) : run.from
  let line = run.line
  for (let index = run.from; index < place; index++) if (lines[index] === newline) line++
  const start = place === 0 ? 0 : lines.lastIndexOf(newline, place - 1) + 1
  const next = lines.indexOf(newline, place)
  let end = next < 0 ? lines.length : next
  if (end > start && lines[end - 1] === 0x0d) end--
  return {
    file: statement.file,
    line,
    column: codePoints(lines, start, Math.min(place, lines.length)) + 1,
    text: lines.toString('utf8', start, end),
  }
}
