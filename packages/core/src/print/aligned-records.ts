import type { AlignedTable } from './aligned.ts'
import { type LineStyle, lineStyleOf, type Rule } from './line-style.ts'
import { footersOf, ownFooters, titleOf } from './table.ts'
import { type Cell, isMultiline, type Line, linesOf, measurePart, spaces } from './width.ts'

/** How an expanded table is laid out. */
interface Layout {
  readonly whole: AlignedTable
  readonly style: LineStyle
  readonly border: number
  readonly headerWidth: number
  dataWidth: number
  /** Whether a newline is in a header, which then has a column for its mark. */
  readonly brokenHeaders: boolean
  /** Whether a newline or a wrap is in the data. */
  brokenData: boolean
}

/** Prints a table in records (`print_aligned_vertical` of print.c). */
export function printRecords(whole: AlignedTable): void {
  const { table, columns, cells, rows, before, starts, stops } = whole
  const { add, settings } = table
  if (cells.length === 0 && starts && stops) {
    for (const footer of footersOf(table, rows)) add(`${footer}\n`)
    return add('\n')
  }
  const title = starts ? titleOf(table) : undefined
  if (title !== undefined) add(`${title}\n`)
  const layout = layOutRecords(whole)
  const { style, border } = layout
  const oldMark = border < 2 && layout.brokenHeaders && !style.marksRight ? 1 : 0
  const lineWidth = layout.headerWidth + oldMark
  const headers = columns.map((column) => linesOf(column.header))
  cells.forEach((cell, index) => {
    if (index % columns.length === 0) {
      const rule = index === 0 ? style.top : style.middle
      if (!settings.tuplesOnly) add(drawRecordLine(layout, rule, lineWidth, before + index / columns.length + 1))
      else if (index !== 0 || !starts || border === 2) add(drawRecordLine(layout, rule, lineWidth))
    }
    add(formatField(layout, headers[index % columns.length]!, cell))
  })
  if (!stops) return
  if (border === 2) add(drawRecordLine(layout, style.bottom, layout.headerWidth))
  const footers = ownFooters(table)
  if (footers.length > 0 && border < 2) add('\n')
  for (const footer of footers) add(`${footer}\n`)
  add('\n')
}

function layOutRecords(whole: AlignedTable): Layout {
  const { table, columns, cells, border } = whole
  const layout = {
    whole,
    style: lineStyleOf(table.settings),
    border,
    headerWidth: columns.reduce((widest, column) => Math.max(widest, column.headerWidth), 0),
    dataWidth: widestCell(whole),
    brokenHeaders: columns.some((column) => isMultiline(column.header)),
    brokenData: cells.some(isMultiline),
  }
  fitData(layout, table.settings.format === 'wrapped' ? whole.pageWidth : 0)
  return layout
}

function widestCell({ cells }: AlignedTable): number {
  return cells.reduce((widest, cell) => Math.max(widest, typeof cell === 'string' ? cell.length : cell.width), 0)
}

/**
 * Widens the data to the lines above the records, and narrows it to what the page leaves, and never below three columns.
 * Before version 18 psql did that in the format `wrapped` alone.
 */
function fitData(layout: Layout, pageWidth: number): void {
  const { whole, border, style, headerWidth, dataWidth } = layout
  let frame = 7
  if (border === 0) frame = layout.brokenHeaders ? 2 : 1
  else if (border === 1) frame = layout.brokenHeaders && !style.marksRight ? 4 : 3
  const marksData = border < 2 && style.marksRight
  if (layout.brokenData && marksData) frame++
  let lineWidth = 0
  if (!whole.table.settings.tuplesOnly)
    lineWidth = (whole.rows === 0 ? 0 : String(whole.rows).length) + [9, 12, 15][border]!
  for (;;) {
    const wanted = Math.max(headerWidth + frame + dataWidth, lineWidth)
    const least = Math.max(headerWidth + frame + 3, lineWidth)
    const fits = pageWidth === 0 || pageWidth >= wanted
    layout.dataWidth = (fits ? wanted : Math.max(pageWidth, least)) - headerWidth - frame
    if (layout.dataWidth >= dataWidth || layout.brokenData || !marksData) return
    layout.brokenData = true
    frame++
  }
}

/** The line above a record, or at the end of all. With a border of 3 psql draws it neither as 1 nor as 2. */
function drawRecordLine(layout: Layout, rule: Rule, headerWidth: number, record?: number): string {
  const { border, expandedHeaderWidth } = layout.whole.table.settings
  const stroke = border > 0 ? rule.horizontal : ' '
  const label = record === undefined ? '' : border === 0 ? `* Record ${record}` : `[ RECORD ${record} ]`
  let text = (border === 2 ? rule.left + stroke : border === 1 ? stroke : '') + label
  let used = label.length + (border === 2 ? 0 : 1)
  text += stroke.repeat(Math.max(headerWidth - used, 0))
  used = Math.max(used, headerWidth) - headerWidth
  const toColumn = expandedHeaderWidth === 'column'
  const joint = border > 0 ? [stroke, toColumn ? rule.right : rule.middle, toColumn ? '' : stroke] : [stroke]
  text += joint.slice(used).join('')
  used = Math.max(used - joint.length, 0)
  if (toColumn) return `${text}\n`
  const dataWidth = Math.max(limitLine(layout, headerWidth), used)
  text += stroke.repeat(dataWidth - used)
  return border === 2 ? `${text}${stroke}${rule.right}\n` : `${text}\n`
}

/** How far a record's line goes over the data, by `\pset xheader_width`. */
function limitLine({ dataWidth, whole }: Layout, headerWidth: number): number {
  const { border, expandedHeaderWidth } = whole.table.settings
  const limit = expandedHeaderWidth === 'page' ? whole.pageWidth : expandedHeaderWidth
  if (typeof limit !== 'number' || limit <= 0 || border > 2) return dataWidth
  return Math.min(dataWidth, Math.max(0, limit - headerWidth - [0, 3, 7][border]!))
}

/** A column of a record: its header and its data beside each other, line by line. */
function formatField(layout: Layout, headers: readonly Line[], cell: Cell): string {
  const { style, border, dataWidth } = layout
  const edge = border === 2 ? `${style.data.right}\n` : '\n'
  const lines = linesOf(cell)
  let text = ''
  let line = 0
  let offset = 0
  let left = lines[0]!.width
  let dataDone = false
  for (let headerLine = 0; headerLine < headers.length || !dataDone; headerLine++) {
    if (border === 2) text += style.data.left
    text += formatHeader(layout, headers, headerLine)
    if (border > 0) text += offset > 0 ? style.dividerWrap : line === 0 ? style.data.middle : style.dividerNewline
    if (dataDone) {
      text += border < 2 ? '\n' : `${spaces(dataWidth)}  ${edge}`
      continue
    }
    const shown = lines[line]!.text
    const part = measurePart(shown, offset, dataWidth)
    text += (offset === 0 ? ' ' : style.wrapLeft) + shown.slice(offset, part.end)
    left -= part.width
    offset = part.end
    const goesOn = left !== 0 || line + 1 < lines.length
    const room = spaces(dataWidth - part.width)
    if (!goesOn) text += border > 1 ? `${room} ` : ''
    else if (border > 1 || (layout.brokenData && style.marksRight))
      text += room + (left === 0 ? style.newlineRight : style.wrapRight)
    if (goesOn && left === 0) {
      line++
      offset = 0
      left = lines[line]!.width
    }
    dataDone = !goesOn
    text += edge
  }
  return text
}

function formatHeader({ style, border, headerWidth, brokenHeaders }: Layout, headers: readonly Line[], index: number) {
  const marksLeft = brokenHeaders && !style.marksRight
  const marksRight = border > 0 || (brokenHeaders && style.marksRight)
  const header = headers[index]
  if (header === undefined) {
    const marks = border === 0 && marksRight ? 1 : 0
    return spaces(Math.max(headerWidth + border + (border < 2 && marksLeft ? 1 : 0) + marks, 1))
  }
  let text = border === 2 || marksLeft ? (index > 0 ? style.headerLeft : ' ') : ''
  text += header.text + spaces(headerWidth - header.width)
  if (marksRight) text += index + 1 < headers.length ? style.headerRight : ' '
  return text
}
