import { createRequire } from 'node:module'
import type stringWidth from 'string-width'

/** How a text becomes cells, columns and paragraphs of a terminal. Widths are in terminal columns. */
export type Cell = string | number | bigint | boolean | null | undefined

export interface TableOptions {
  /** Longer tables are cut to it, numbers excepted; undefined: never cut. */
  columns: number | undefined
  heading(text: string): string
}

/** The lines of a table. Numbers stand right, everything else left; two spaces between columns. */
export function layTable<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => Cell>>,
  options: TableOptions,
): string[] {
  const names = Object.keys(columns)
  const cells = rows.map((row) => Object.values(columns).map((read) => read(row)))
  const texts = cells.map((row) => row.map(cellText))
  const right = names.map((_, at) => cells.length > 0 && cells.every((row) => isNumber(row[at]) || row[at] == null))
  const wanted = names.map((name, at) => Math.max(widthOf(name), ...texts.map((row) => widthOf(row[at] ?? ''))))
  // Half of a number is another number.
  const least = wanted.map((width, at) => (right[at] ? width : Math.min(width, 4)))
  const widths = options.columns === undefined ? wanted : fit(wanted, least, options.columns - 2 * (names.length - 1))

  const layRow = (row: readonly string[]) =>
    row
      .map((text, at) => {
        const width = widths[at] ?? 0
        const cut = cutTo(text, width)
        return right[at] ? padLeft(cut, width) : padRight(cut, width)
      })
      .join('  ')
      .trimEnd()

  return [options.heading(layRow(names)), ...texts.map(layRow)]
}

function isNumber(cell: Cell): boolean {
  return typeof cell === 'number' || typeof cell === 'bigint'
}

/** One line for a cell. What could move the cursor or recolour the screen is replaced: cells hold other people's text. */
export function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return withoutControls(String(cell).replace(/\s+/g, ' ')).trim()
}

/** Takes width from the widest columns until the sum fits, or all have their least. */
function fit(wanted: readonly number[], least: readonly number[], available: number): number[] {
  const widths = wanted.map((width, at) => Math.max(Math.min(width, available), least[at] ?? 0))
  let excess = widths.reduce((sum, width) => sum + width, 0) - available
  while (excess > 0) {
    const spare = widths.map((width, at) => (width > (least[at] ?? 0) ? width : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    widths[spare.lastIndexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

/** Cuts a text to a width, with … in the last column where something was left out. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  if (isPlain(text)) return `${text.slice(0, Math.max(0, width - 1))}…`
  let cut = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = widthOf(segment)
    if (used + wide > width - 1) break
    cut += segment
    used += wide
  }
  return `${cut}…`
}

export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

export function widthOf(text: string): number {
  if (isPlain(text)) return text.length
  measure ??= (require('string-width') as { default: typeof stringWidth }).default
  return measure(text)
}

// Loading it takes as long as starting Node does, so it waits for the first text that needs it: hence `require`.
const require = createRequire(import.meta.url)
let measure: ((text: string) => number) | undefined

/** Whether every character takes one column: the letters of most languages, and the signs that our own messages use. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7E\u00A1-\u00AC\u00AE-\u02FF\u0370-\u0482\u048A-\u052F\u2010-\u2027\u2190-\u21FF\u2500-\u259F\u2800-\u28FF]*$/.test(
    text,
  )
}

/** Breaks a text at spaces into lines of at most `width`; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** Two columns, the second wrapped: the flags of a help page, a list of names and values. */
export function layPairs(pairs: readonly (readonly [string, string])[], width: number, indent = '  '): string[] {
  const widest = Math.max(0, ...pairs.map(([left]) => widthOf(left)))
  const room = Math.max(20, width - indent.length - widest - 2)
  return pairs.flatMap(([left, right]) => {
    const [first = '', ...others] = wrap(right, room)
    return [
      `${indent}${padRight(left, widest)}  ${first}`.trimEnd(),
      ...others.map((line) => `${indent}${' '.repeat(widest)}  ${line}`),
    ]
  })
}

/** Replaces every control character but tab and line end. */
export function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
}

/** The same, but our own colours stay. */
export function withoutControlsButColors(text: string): string {
  return text
    .split(/(\u001B\[\d+m)/)
    .map((part, at) => (at % 2 === 1 ? part : withoutControls(part)))
    .join('')
}

/**
 * The source line of an error and a caret under its column (in code points, from 1). Tabs stay tabs in both, so that the
 * caret stands right whatever the terminal takes a tab to be. A line longer than `columns` is shown around the column.
 */
export function layCaret(text: string, column: number, columns: number): [string, string] {
  const points = Array.from(withoutControls(text))
  let at = Math.min(Math.max(column - 1, 0), points.length)
  let shown = points
  if (widthOf(text) > columns - 1) {
    const room = Math.max(20, columns - 4)
    const start = Math.max(0, Math.min(at - Math.floor(room / 2), points.length - room))
    const part = points.slice(start, start + room)
    shown = [...(start > 0 ? ['…'] : []), ...part, ...(start + room < points.length ? ['…'] : [])]
    at -= start - (start > 0 ? 1 : 0)
  }
  // Up to the column as one text: an accent that combines with the letter before it takes no column of its own.
  const before = shown.slice(0, at).join('')
  const pad = before
    .split('\t')
    .map((part) => ' '.repeat(widthOf(part)))
    .join('\t')
  return [shown.join('').trimEnd(), `${pad}^`]
}

/** `250 ms`, `4.2 s`, `1m 15s`, `2h 5m`, `3d 4h`. */
export function durationText(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const pair = (large: number, largeName: string, small: number, smallName: string) =>
    small === 0 ? `${large}${largeName}` : `${large}${largeName} ${small}${smallName}`
  if (whole < 3600) return pair(Math.floor(whole / 60), 'm', whole % 60, 's')
  if (whole < 86_400) return pair(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'm')
  return pair(Math.floor(whole / 86_400), 'd', Math.floor((whole % 86_400) / 3600), 'h')
}

/** As PostgreSQL's pg_size_pretty: steps of 1024, named kB, MB, GB, TB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 1023.5 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : Number(size.toFixed(1))} ${units[unit] ?? 'B'}`
}

/** A whole number with commas: `12,000`. Intl would do it, and costs 25 ms at its first use. */
export function numberText(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',')
}
