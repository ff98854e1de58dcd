import { printRecords } from './aligned-records.ts'
import { printRows } from './aligned-rows.ts'
import type { Format, Table } from './table.ts'
import { type Cell, layOut, widthOf } from './width.ts'

/** A column of an aligned table, and how wide it is. */
export interface AlignedColumn {
  readonly header: Cell
  readonly headerWidth: number
  readonly rightAligned: boolean
  /** Of its header and all of its cells. */
  widest: number
  /** Of all cells together. */
  sum: number
  /** What it gets: `widest`, or less when long lines wrap. */
  width: number
}

/** A whole table, or a chunk of one, as the aligned formats need it. */
export interface AlignedTable {
  readonly table: Table
  readonly columns: readonly AlignedColumn[]
  /** Row after row. */
  readonly cells: readonly Cell[]
  readonly rows: number
  /** How many rows were printed before these, where it is printed in chunks. */
  readonly before: number
  /** Whether these are the first ones. */
  readonly starts: boolean
  /** Whether nothing comes behind these. */
  readonly stops: boolean
  /** 0, 1 or 2: aligned formats take all above for 2. */
  readonly border: number
  /** The columns of the screen or page, 0 when it has no end. */
  readonly pageWidth: number
}

/** The formats `aligned` and `wrapped`, in rows or, expanded, in records (`print_aligned_text` of print.c). */
export const aligned: Format = (table) => {
  const columns = table.headers.map((header, index) => startColumn(layOut(header), table.rightAligned[index]!))
  const { chunkRows, columns: pageColumns, screenColumns } = table.settings
  let cells: Cell[] = []
  let inChunk = 0
  let before = 0
  let starts = true
  const printChunk = (rows: number, stops: boolean): void => {
    for (const column of columns) column.width = column.widest
    print({
      table,
      columns,
      cells,
      rows,
      before,
      starts,
      stops,
      border: Math.min(table.settings.border, 2),
      pageWidth: pageColumns > 0 ? pageColumns : screenColumns,
    })
    if (stops) return
    before += rows
    starts = false
    inChunk = 0
    cells = []
    for (const column of columns) {
      column.widest = column.headerWidth
      column.sum = 0
    }
  }
  return {
    row(texts) {
      for (let index = 0; index < columns.length; index++) {
        const cell = layOut(texts[index]!)
        const width = widthOf(cell)
        const column = columns[index]!
        if (width > column.widest) column.widest = width
        column.sum += width
        cells.push(cell)
      }
      if (chunkRows > 0 && ++inChunk === chunkRows) printChunk(inChunk, false)
    },
    end(rows) {
      // psql ends what it prints in chunks with an empty one.
      if (inChunk > 0) printChunk(inChunk, false)
      printChunk(rows - before, true)
    },
  }
}

function startColumn(header: Cell, rightAligned: boolean): AlignedColumn {
  const width = widthOf(header)
  return { header, headerWidth: width, rightAligned, widest: width, sum: 0, width }
}

function print(whole: AlignedTable): void {
  const { table, columns, pageWidth } = whole
  const { format, expanded } = table.settings
  if (expanded === 'on') return printRecords(whole)
  const frame = frameWidth(whole)
  const headerWidth = columns.reduce((sum, column) => sum + column.headerWidth, frame)
  if (format === 'wrapped' && pageWidth >= headerWidth) shrinkColumns(whole, frame)
  const width = columns.reduce((sum, column) => sum + column.width, frame)
  const tooWide = pageWidth > 0 && pageWidth < Math.max(headerWidth, width)
  if (expanded === 'auto' && columns.length > 1 && tooWide) return printRecords(whole)
  printRows(whole, width)
}

/** What a row takes beside its cells. */
function frameWidth({ border, columns: { length } }: AlignedTable): number {
  if (border === 0) return length
  if (border === 1) return Math.max(length * 3 - 1, 0)
  return length * 3 + 1
}

/** Takes from the columns whose widest cell stands out most, a column of the screen at a time, until all fits. */
function shrinkColumns({ columns, cells, pageWidth }: AlignedTable, frame: number): void {
  if (pageWidth === 0) return
  const rows = cells.length / columns.length
  const averages = columns.map((column) => (cells.length === 0 ? 0 : Math.trunc(column.sum / rows)))
  let width = columns.reduce((sum, column) => sum + column.width, frame)
  for (; width > pageWidth; width--) {
    let worst: AlignedColumn | undefined
    let worstRatio = 0
    columns.forEach((column, index) => {
      if (averages[index] === 0 || column.width <= column.headerWidth) return
      // Wide columns pay one percent of their width.
      const ratio = column.width / averages[index]! + column.widest * 0.01
      if (ratio <= worstRatio) return
      worstRatio = ratio
      worst = column
    })
    if (worst === undefined) return
    worst.width--
  }
}
