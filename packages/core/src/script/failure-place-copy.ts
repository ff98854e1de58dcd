import type { Location } from '../errors.ts'
import type { Statement } from './statement.ts'
import { readName, Tokens } from './tokens.ts'

/** Where the data of a COPY … FROM STDIN is. */
export interface CopyPlace {
  /** The script, or the file that `\copy` reads. */
  readonly file: string
  /** The line on which its data starts. */
  readonly firstLine: number
  /** The line of the data at which it failed, which `failedCopyLine` tells, where it is at hand. */
  readonly dataLine?: string | undefined
  /** What was sent, where it is not a statement of the script. */
  readonly sql?: string | undefined
}

interface CopyContext {
  /** Counted from 1 in the data. */
  readonly line: number
  readonly column: string | undefined
  readonly value: string | undefined
}

interface CopyFormat {
  readonly csv: boolean
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly columns: readonly string[] | undefined
}

interface Field {
  /** In UTF-16 units. */
  readonly start: number
  readonly value: string
}

/**
 * Which line of its data a COPY … FROM STDIN failed at, counted from 1, by the CONTEXT of the server's error. It counts the
 * line ends of the data, except those behind a backslash in text format, and those in the quotes of the first record of CSV (which
 * it counts when a carriage return is before them). Of a record over several lines it is the last.
 */
export function failedCopyLine(where: string | undefined, sql: Buffer | undefined): number | undefined {
  return readCopyContext(where, sql)?.line
}

/** The place in the data of a COPY at which it failed, or undefined when the server does not say. */
export function placeInCopy(
  statement: Statement | undefined,
  fields: { readonly where?: string | undefined; readonly column?: string | undefined },
  copy: CopyPlace,
): Location | undefined {
  const { file, firstLine } = copy
  const sql = copy.sql === undefined ? statement?.bytes : Buffer.from(copy.sql)
  const context = readCopyContext(fields.where, sql)
  if (context === undefined) return undefined
  const line = firstLine + context.line - 1
  const whole = context.column === undefined ? context.value : undefined
  const text =
    copy.dataLine ?? lineBehind(statement, file, line) ?? (whole?.endsWith('...') === true ? undefined : whole)
  if (text === undefined) return { file, line, column: 1 }
  const value = whole === undefined ? context.value : undefined
  const start = sql === undefined ? 0 : findField(text, readFormat(sql), context.column ?? fields.column, value)
  return { file, line, column: Array.from(text.slice(0, start)).length + 1, text }
}

/** Reads `COPY t, line 2, column c: "value"`, `COPY t, line 2: "the whole line"`, or `COPY t, line 2`. */
function readCopyContext(where: string | undefined, sql: Buffer | undefined): CopyContext | undefined {
  if (where === undefined) return undefined
  const table = sql && readTable(sql)
  const name = table === undefined ? '.+?' : table.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  // The words are translated by lc_messages. The value comes last, and may hold line ends.
  const context = new RegExp(
    String.raw`(?:^|\n)COPY ${name}, [^\d\n]*(\d+)(?:, \S+ (.+?))?(?:: (?:"([^]*)"|[^"\n]*))?$`,
  )
  const found = context.exec(where)
  if (found === null) return undefined
  return { line: Number(found[1]), column: found[2], value: found[3] }
}

/** The name of the table without its schema, which is how the server's messages give it. */
function readTable(sql: Buffer): string | undefined {
  const tokens = copyTokens(sql)
  let name = tokens?.take()
  while (tokens?.takeSymbol('.') === true) name = tokens.take()
  return name === undefined ? undefined : readName(sql, name)
}

/** What is behind COPY. */
function copyTokens(sql: Buffer): Tokens | undefined {
  const tokens = new Tokens(sql)
  if (!tokens.takeWord('COPY')) return undefined
  tokens.takeWord('BINARY')
  return tokens
}

/** Reads the options that say how fields are written, in the new and in the old grammar. */
function readFormat(bytes: Buffer): CopyFormat {
  const tokens = copyTokens(bytes)
  let csv = false
  let columns: string[] | undefined
  const characters = new Map<string, string>()
  for (let token = tokens?.take(); tokens !== undefined && token !== undefined; token = tokens.take()) {
    const { text } = token
    if (text === 'CSV') csv = true
    else if (text === 'FROM') columns ??= []
    else if (text === '(' && columns === undefined) columns = []
    else if (text === 'DELIMITER' || text === 'DELIMITERS' || text === 'QUOTE' || text === 'ESCAPE') {
      tokens.takeWord('AS')
      const { next } = tokens
      if (next?.kind !== 'string') continue
      const value = bytes.toString('utf8', next.from, next.to)
      characters.set(text.slice(0, 6), /^e'\\t'$/i.test(value) ? '\t' : (/'(.)'$/s.exec(value)?.[1] ?? ''))
    } else if (text === 'FORMAT' && tokens.next !== undefined) {
      csv ||= readName(bytes, tokens.next).replaceAll("'", '').toLowerCase() === 'csv'
    } else if (token.depth > 0 && columns !== undefined && (token.kind === 'word' || token.kind === 'quoted')) {
      columns.push(readName(bytes, token))
    }
  }
  const quote = characters.get('QUOTE') ?? '"'
  return {
    csv,
    delimiter: characters.get('DELIMI') ?? (csv ? ',' : '\t'),
    quote,
    escape: characters.get('ESCAPE') ?? quote,
    columns: columns?.length ? columns : undefined,
  }
}

/** Where in a line of data the field is that holds a value or belongs to a column; 0 when that is not certain. */
function findField(line: string, format: CopyFormat, column: string | undefined, value: string | undefined): number {
  const fields = format.csv ? readCsv(line, format) : readText(line, format.delimiter)
  const index = column === undefined ? -1 : (format.columns?.indexOf(column) ?? -1)
  if (value === undefined) return fields.length === format.columns?.length ? (fields[index]?.start ?? 0) : 0
  const holds = (field: Field | undefined): field is Field =>
    field !== undefined &&
    (field.value === value || (value.endsWith('...') && field.value.startsWith(value.slice(0, -3))))
  const named = fields[index]
  if (holds(named)) return named.start
  const [first, second] = fields.filter(holds)
  return first !== undefined && second === undefined ? first.start : 0
}

const textEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function readText(line: string, delimiter: string): Field[] {
  const fields: Field[] = []
  let start = 0
  let value = ''
  for (let pos = 0; pos < line.length;) {
    if (line.startsWith(delimiter, pos) && delimiter !== '') {
      fields.push({ start, value })
      pos += delimiter.length
      start = pos
      value = ''
      continue
    }
    const escape =
      line[pos] === '\\' ? /^\\(?:[0-7]{1,3}|x[\da-f]{1,2}|.)/is.exec(line.slice(pos, pos + 4))?.[0] : undefined
    value += escape === undefined ? line[pos] : decodeEscape(escape)
    pos += escape?.length ?? 1
  }
  fields.push({ start, value })
  return fields
}

function decodeEscape(escape: string): string {
  const code = escape.slice(1)
  if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
  if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
  return textEscapes[code] ?? code
}

function readCsv(line: string, { delimiter, quote, escape }: CopyFormat): Field[] {
  const fields: Field[] = []
  let start = 0
  let value = ''
  let quoted = false
  for (let pos = 0; pos < line.length; pos++) {
    const character = line[pos]!
    const next = line[pos + 1]
    if (quoted && character === escape && (next === quote || next === escape)) value += line[++pos]
    else if (character === quote) quoted = !quoted
    else if (character === delimiter && !quoted) {
      fields.push({ start, value })
      start = pos + 1
      value = ''
    } else value += character
  }
  fields.push({ start, value })
  return fields
}

/** The text of a line behind a statement, if it arrived together with the statement's last line. */
function lineBehind(statement: Statement | undefined, file: string, line: number): string | undefined {
  const run = statement?.runs.at(-1)
  if (run === undefined || statement?.file !== file) return undefined
  const { lines } = run
  let start = run.from
  for (let at = run.line; at < line; at++) {
    start = lines.indexOf(0x0a, start) + 1
    if (start === 0) return undefined
  }
  const end = lines.indexOf(0x0a, start)
  return lines.toString('utf8', start, end < 0 ? lines.length : end).replace(/\r$/, '')
}
