import { cellText, cutTo, padLeft, padRight, widthOf } from './layout.ts'

/** A column of a list that has more to tell than a terminal is wide. */
export interface Column<Row> {
  name: string
  text(row: Row): string
  /** Numbers stand right. */
  right?: boolean
  /** What it can be cut to. Absent: it is never cut. */
  least?: number
  /** Where there is no room for all, the column with the lowest goes first. */
  importance: number
}

export interface LaidColumns {
  heading: string
  rows: string[]
}

/**
 * Lays rows out in a width. Columns in which nothing stands are left out; for the others, the least important ones are cut, then
 * left out. The last column takes the rest, a quarter at least. Without a width all stands there in full.
 */
export function layColumns<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | undefined,
): LaidColumns {
  const laid = columns
    .map((column) => {
      const texts = rows.map((row) => cellText(column.text(row)))
      const wanted = Math.max(widthOf(column.name), ...texts.map(widthOf))
      const least = column.least === undefined ? wanted : Math.min(wanted, Math.max(column.least, widthOf(column.name)))
      return { ...column, texts, wanted, least, width: wanted }
    })
    .filter(({ texts }) => texts.some((text) => text !== ''))
  if (width !== undefined) {
    const rest = laid.at(-1)
    if (rest) rest.least = Math.min(rest.wanted, Math.max(rest.least, Math.floor(width * lastShare)))
    const room = () => width - gap.length * (laid.length - 1) - laid.reduce((sum, { least }) => sum + least, 0)
    while (room() < 0 && laid.length > 1) {
      const lowest = Math.min(...laid.map(({ importance }) => importance))
      laid.splice(
        laid.findIndex(({ importance }) => importance === lowest),
        1,
      )
    }
    let left = Math.max(room(), 0)
    const last = laid.at(-1)
    for (const column of laid.toSorted((one, other) => other.importance - one.importance)) {
      if (column === last) continue
      const more = Math.min(left, column.wanted - column.least)
      column.width = column.least + more
      left -= more
    }
    if (last) last.width = Math.min(last.wanted, last.least + left, width)
  }
  const layRow = (textOf: (column: (typeof laid)[number]) => string) =>
    laid
      .map((column) => (column.right ? padLeft : padRight)(cutTo(textOf(column), column.width), column.width))
      .join(gap)
      .trimEnd()
  return { heading: layRow(({ name }) => name), rows: rows.map((_, at) => layRow(({ texts }) => texts[at] ?? '')) }
}

const gap = '  '

/** Of the width, for the last column at least. */
const lastShare = 0.25
