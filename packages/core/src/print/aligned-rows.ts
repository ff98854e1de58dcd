import type { AlignedColumn, AlignedTable } from './aligned.ts'
import { type LineStyle, lineStyleOf, type Rule } from './line-style.ts'
import { footersOf, titleOf } from './table.ts'
import { type Cell, isMultiline, layOut, type Line, linesOf, measurePart, spaces, widthOf } from './width.ts'

/** Prints a table in rows; `width` is that of a whole row (`print_aligned_text` of print.c). */
export function printRows(whole: AlignedTable, width: number): void {
  const { table, columns, rows, border, before, starts, stops } = whole
  const { add, settings } = table
  const style = lineStyleOf(settings)
  const title = starts ? titleOf(table) : undefined
  if (title !== undefined) add(`${spaces(Math.trunc((width - widthOf(layOut(title))) / 2))}${title}\n`)
  if (starts && !settings.tuplesOnly) {
    if (border === 2) add(drawLine(columns, style.top, border))
    printHeaders(whole, style)
    add(drawLine(columns, style.middle, border))
  }
  printCells(whole, style)
  if (!stops) return
  if (border === 2) add(drawLine(columns, style.bottom, border))
  for (const footer of footersOf(table, before + rows)) add(`${footer}\n`)
  add('\n')
}

function drawLine(columns: readonly AlignedColumn[], rule: Rule, border: number): string {
  const { horizontal } = rule
  const parts = columns.map((column) => horizontal.repeat(column.width))
  if (border === 0) return `${parts.join(' ')}\n`
  const inner = `${horizontal}${parts.join(`${horizontal}${rule.middle}${horizontal}`)}${horizontal}`
  return border === 1 ? `${inner}\n` : `${rule.left}${inner}${rule.right}\n`
}

function printHeaders({ table: { add }, columns, border }: AlignedTable, style: LineStyle): void {
  const headers = columns.map((column) => linesOf(column.header))
  const height = headers.reduce((most, lines) => Math.max(most, lines.length), 0)
  const last = columns.length - 1
  for (let lineIndex = 0; lineIndex < height; lineIndex++) {
    let text = border === 2 ? style.data.left : ''
    columns.forEach((column, index) => {
      const line = headers[index]![lineIndex]
      if (border !== 0 || (!style.marksRight && index > 0)) text += lineIndex > 0 ? style.headerLeft : ' '
      const room = column.width - (line?.width ?? 0)
      text += line ? `${spaces(room >> 1)}${line.text}${spaces((room + 1) >> 1)}` : spaces(room)
      const goesOn = lineIndex + 1 < headers[index]!.length
      if (border !== 0 || style.marksRight) text += goesOn ? style.headerRight : ' '
      if (border !== 0 && index < last) text += style.data.middle
    })
    add(`${text}${border === 2 ? style.data.right : ''}\n`)
  }
}

function printCells({ table: { add }, columns, cells, border }: AlignedTable, style: LineStyle): void {
  const { length } = columns
  const last = length - 1
  const start = border === 2 ? style.data.left : ''
  const end = border === 2 ? `${style.data.right}\n` : '\n'
  const before = border === 0 ? '' : ' '
  const between = border === 0 ? ' ' : ` ${style.data.middle}`
  const after = border === 2 ? ' ' : ''
  const padsLast = border === 2
  for (let first = 0; first < cells.length; first += length) {
    let text = start
    for (let index = 0; index <= last; index++) {
      const cell = cells[first + index]!
      const column = columns[index]!
      const width = widthOf(cell)
      if (isMultiline(cell) || width > column.width) {
        text = formatRow(cells.slice(first, first + length), columns, border, style)
        break
      }
      const shown = typeof cell === 'string' ? cell : cell.lines[0]!.text
      const room = spaces(column.width - width)
      if (column.rightAligned) text += before + room + shown
      else text += index < last || padsLast ? before + shown + room : before + shown
      text += index < last ? between : after + end
    }
    add(text)
  }
}

/** How far a cell of a row is printed. */
interface Progress {
  readonly lines: readonly Line[]
  line: number
  offset: number
  mark: 'wrap' | 'newline' | undefined
}

/** A row of which a cell takes more than one line. */
function formatRow(
  cells: readonly Cell[],
  columns: readonly AlignedColumn[],
  border: number,
  style: LineStyle,
): string {
  const progress: Progress[] = cells.map((cell) => ({ lines: linesOf(cell), line: 0, offset: 0, mark: undefined }))
  const last = columns.length - 1
  let text = ''
  do {
    if (border === 2) text += style.data.left
    columns.forEach((column, index) => {
      const cell = progress[index]!
      text += formatPart(cell, column, border, index === last && border !== 2, style)
      if (border !== 0 && index < last) text += dividerBefore(progress[index + 1]!, style)
    })
    text += border === 2 ? `${style.data.right}\n` : '\n'
  } while (progress.some((cell) => cell.line < cell.lines.length))
  return text
}

/** The next line of a cell, between its marks. */
function formatPart(
  cell: Progress,
  column: AlignedColumn,
  border: number,
  endsLine: boolean,
  style: LineStyle,
): string {
  let text = ''
  if (border !== 0) text = cell.mark === undefined ? ' ' : cell.mark === 'wrap' ? style.wrapLeft : style.newlineLeft
  const line = cell.lines[cell.line]
  if (line === undefined) return endsLine ? text : `${text}${spaces(column.width)} `
  const part = measurePart(line.text, cell.offset, column.width)
  const shown = line.text.slice(cell.offset, part.end)
  const room = spaces(column.width - part.width)
  advance(cell, part.end)
  text += column.rightAligned ? room + shown : shown
  if (!column.rightAligned && (!endsLine || cell.mark !== undefined)) text += room
  if (cell.mark !== undefined) return text + (cell.mark === 'wrap' ? style.wrapRight : style.newlineRight)
  return endsLine ? text : `${text} `
}

function advance(cell: Progress, end: number): void {
  cell.offset = end
  cell.mark = 'wrap'
  if (end < cell.lines[cell.line]!.text.length) return
  cell.line++
  cell.offset = 0
  cell.mark = cell.line < cell.lines.length ? 'newline' : undefined
}

function dividerBefore(cell: Progress, style: LineStyle): string {
  if (cell.mark === 'wrap') return style.dividerWrap
  if (cell.mark === 'newline') return style.dividerNewline
  return cell.line < cell.lines.length ? style.data.middle : style.dividerBlank
}
