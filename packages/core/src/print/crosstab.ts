import { Failure } from '../errors.ts'

export interface Crosstab {
  readonly columns: string[]
  readonly rows: (string | null)[][]
  /** Which column of the query became the first one, and which the others: these have their types. */
  readonly from: { readonly vertical: number; readonly data: number }
}

type Row = readonly (string | null)[]

/** A distinct value of a header column, and where it goes. */
interface Header {
  readonly name: string | null
  readonly sortValue: string | null
  rank: number
}

/** psql's `CROSSTABVIEW_MAX_COLUMNS`. */
const mostColumns = 1600

/**
 * Turns a result on its side as `\crosstabview [colV [colH [colD [sortcolH]]]]` of psql does (crosstabview.c of
 * PostgreSQL 18). A column is a number from 1 or a name. What is null stays null, what is missing is empty; `nullText` is
 * shown for null where it becomes the name of a column. Throws `script_failed` in psql's words.
 */
export function crosstab(
  columns: readonly string[],
  rows: readonly Row[],
  words: readonly string[],
  nullText = '',
): Crosstab {
  if (columns.length < 3) throw refuse('query must return at least three columns')
  const vertical = words[0] === undefined ? 0 : findColumn(words[0], columns)
  const horizontal = words[1] === undefined ? 1 : findColumn(words[1], columns)
  if (horizontal === vertical) throw refuse('vertical and horizontal headers must be different columns')
  // Without its name it is the one that is left of three.
  if (words[2] === undefined && columns.length > 3)
    throw refuse('data column must be specified when query returns more than three columns')
  const data = words[2] === undefined ? 3 - vertical - horizontal : findColumn(words[2], columns)
  const sorting = words[3] === undefined ? undefined : findColumn(words[3], columns)

  const across = new Map<string | null, Header>()
  const down = new Map<string | null, Header>()
  for (const row of rows) {
    addHeader(across, row[horizontal]!, sorting === undefined ? null : row[sorting]!)
    if (across.size > mostColumns) throw refuse(`maximum number of columns (${mostColumns}) exceeded`)
    addHeader(down, row[vertical]!, null)
  }
  if (sorting !== undefined) rankBySortValue([...across.values()])

  const names = new Array<string>(across.size)
  for (const { name, rank } of across.values()) names[rank] = name ?? nullText
  const cells = Array.from(down.keys(), (name) => [name, ...new Array<undefined>(across.size)])
  for (const row of rows) {
    const cellsOfRow = cells[down.get(row[vertical]!)!.rank]!
    const column = across.get(row[horizontal]!)!.rank + 1
    if (cellsOfRow[column] !== undefined) throw duplicate(row[vertical]!, row[horizontal]!, nullText)
    cellsOfRow[column] = row[data]!
  }
  return {
    columns: [columns[vertical]!, ...names],
    rows: cells.map((row) => row.map((cell) => (cell === undefined ? '' : cell))),
    from: { vertical, data },
  }
}

function refuse(message: string): Failure {
  return new Failure('script_failed', String.raw`\crosstabview: ${message}`)
}

function duplicate(row: string | null, column: string | null, nullText: string): Failure {
  const shown = (name: string | null) => name ?? (nullText === '' ? '(null)' : nullText)
  return refuse(`query result contains multiple data values for row "${shown(row)}", column "${shown(column)}"`)
}

/** The first sort value that comes with a name is kept. */
function addHeader(headers: Map<string | null, Header>, name: string | null, sortValue: string | null): void {
  if (!headers.has(name)) headers.set(name, { name, sortValue, rank: headers.size })
}

/** What is no whole number counts as 0. psql sorts what is equal by name. */
function rankBySortValue(headers: Header[]): void {
  const sorted = headers
    .map((header) => ({ header, key: /^-?\d+$/.test(header.sortValue ?? '') ? Number(header.sortValue) | 0 : 0 }))
    .sort((one, other) => one.key - other.key || compareNames(one.header.name, other.header.name))
  sorted.forEach(({ header }, rank) => (header.rank = rank))
}

/** Null comes last. Byte by byte as `strcmp`, which UTF-16 is not. */
function compareNames(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  const [left, right] = [Array.from(one), Array.from(other)]
  const at = left.findIndex((character, index) => character !== right[index])
  if (at === -1) return left.length - right.length
  return left[at]!.codePointAt(0)! - (right[at]?.codePointAt(0) ?? -1)
}

/** `indexOfColumn` of crosstabview.c. */
function findColumn(word: string, columns: readonly string[]): number {
  if (/^\d+$/.test(word)) {
    const number = Number(word)
    if (number >= 1 && number <= columns.length) return number - 1
    throw refuse(`column number ${number} is out of range 1..${columns.length}`)
  }
  const name = readName(word)
  const index = columns.indexOf(name)
  if (index === -1) throw refuse(`column name not found: "${name}"`)
  if (columns.includes(name, index + 1)) throw refuse(`ambiguous column name: "${name}"`)
  return index
}

/** Takes the double quotes off and lowers what is outside of them (`dequote_downcase_identifier` of psqlscanslash.l). */
function readName(word: string): string {
  return word.replaceAll(/"((?:[^"]|"")*)"?|[^"]+/g, (plain, quoted: string | undefined) =>
    quoted === undefined ? plain.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : quoted.replaceAll('""', '"'),
  )
}
