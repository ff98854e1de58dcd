import { characterWidth } from './width-table.ts'

/** One line of a cell as it is shown: control characters are escaped, tabs are spaces. */
export interface Line {
  readonly text: string
  readonly width: number
}

/** A cell as it is shown. */
interface Block {
  readonly lines: readonly Line[]
  /** Of its widest line. */
  readonly width: number
}

/** What an aligned format shows in a cell: a string when it is one line, its width its length; else a block. */
export type Cell = string | Block

const notPlain = /[^\x20-\x7e]/

/** The columns that text takes on one line, control characters counting nothing (`pg_wcswidth` of mbprint.c). */
export function displayWidth(text: string): number {
  if (!notPlain.test(text)) return text.length
  let width = 0
  for (const character of text) width += Math.max(characterWidth(character.codePointAt(0)!), 0)
  return width
}

/** Lays text out as psql does in aligned output (`pg_wcsformat` of mbprint.c). */
export function layOut(text: string): Cell {
  if (!notPlain.test(text)) return text
  const lines = text.split('\n').map(layOutLine)
  return { lines, width: lines.reduce((widest, line) => Math.max(widest, line.width), 0) }
}

/** The columns of its widest line. */
export function widthOf(cell: Cell): number {
  return typeof cell === 'string' ? cell.length : cell.width
}

export function linesOf(cell: Cell): readonly Line[] {
  return typeof cell === 'string' ? [{ text: cell, width: cell.length }] : cell.lines
}

/** Whether a newline is in it. */
export function isMultiline(cell: Cell): boolean {
  return typeof cell !== 'string' && cell.lines.length > 1
}

function layOutLine(text: string): Line {
  if (!notPlain.test(text)) return { text, width: text.length }
  let shown = ''
  let width = 0
  for (const character of text) {
    const codePoint = character.codePointAt(0)!
    const columns = characterWidth(codePoint)
    if (columns >= 0) {
      shown += character
      width += columns
      continue
    }
    const escaped = escapeControl(codePoint, width)
    shown += escaped
    width += escaped.length
  }
  return { text: shown, width }
}

function escapeControl(codePoint: number, column: number): string {
  if (codePoint === 0x09) return ' '.repeat(8 - (column % 8))
  if (codePoint === 0x0d) return String.raw`\r`
  const hexadecimal = codePoint.toString(16).toUpperCase()
  return codePoint < 0x80 ? `\\x${hexadecimal.padStart(2, '0')}` : `\\u${hexadecimal.padStart(4, '0')}`
}

/**
 * How much of a line, from `start` on, fits into so many columns (`strlen_max_width` of print.c). The first character
 * always fits, even when it is wider.
 */
export function measurePart(text: string, start: number, columns: number): { end: number; width: number } {
  let end = start
  let width = 0
  while (end < text.length) {
    const codePoint = text.codePointAt(end)!
    const next = width + characterWidth(codePoint)
    if (next > columns && width !== 0) break
    width = next
    end += codePoint > 0xffff ? 2 : 1
  }
  return { end, width }
}

const spaceStrings = Array.from({ length: 128 }, (_, length) => ' '.repeat(length))

/** So many spaces, none for a negative number. */
export function spaces(count: number): string {
  return count < 128 ? (spaceStrings[count] ?? '') : ' '.repeat(count)
}
