import { decode } from './failure-place-body.ts'
import { readName, type Token, type Tokens } from './tokens.ts'

/** How the fields of COPY data are written. Each character is a byte. */
export interface CopyFormat {
  readonly csv: boolean
  readonly delimiter: number
  readonly quote: number
  readonly escape: number
}

/** What COPY … FROM STDIN says of its data. */
export interface CopyStatement {
  /** The table without its schema, which is how the server's messages name it. */
  readonly table: string
  /** Undefined where the statement does not list them. */
  readonly columns: readonly string[] | undefined
  /** Undefined for binary data. */
  readonly format: CopyFormat | undefined
}

/** Reads COPY … FROM STDIN with its options, in the new and in the old grammar. Undefined for another statement. */
export function readCopyStatement(tokens: Tokens): CopyStatement | undefined {
  if (!tokens.takeWord('COPY')) return undefined
  const { bytes } = tokens
  let kind = tokens.takeWord('BINARY') ? 'binary' : 'text'
  let table = tokens.take()
  while (tokens.takeSymbol('.')) table = tokens.take()
  if (table === undefined) return undefined
  const names = tokens.takeParentheses()?.filter((token) => token.kind === 'word' || token.kind === 'quoted')
  const characters = new Map<string, number>()
  for (let token = tokens.take(); token !== undefined && token.text !== 'WHERE'; token = tokens.take()) {
    const { text, depth } = token
    if (depth > 1) continue
    if (depth === 0 && (text === 'CSV' || text === 'BINARY')) kind = text.toLowerCase()
    else if (text === 'FORMAT' && tokens.next !== undefined) kind = readValue(bytes, tokens.next).toLowerCase()
    else if (text === 'DELIMITER' || text === 'DELIMITERS' || text === 'QUOTE' || text === 'ESCAPE') {
      tokens.takeWord('AS')
      if (tokens.next !== undefined) characters.set(text.slice(0, 6), readValue(bytes, tokens.next).charCodeAt(0))
    }
  }
  const csv = kind === 'csv'
  const quote = characters.get('QUOTE') ?? 0x22
  const delimiter = characters.get('DELIMI') ?? (csv ? 0x2c : 0x09)
  return {
    table: readName(bytes, table),
    columns: names?.map((name) => readName(bytes, name)),
    format: kind === 'binary' ? undefined : { csv, delimiter, quote, escape: characters.get('ESCAPE') ?? quote },
  }
}

function readValue(bytes: Buffer, token: Token): string {
  return token.kind === 'string' ? decode(bytes, token).code : readName(bytes, token)
}

/** A field of a record. */
export interface Field {
  /** The byte of the record at which it starts, quote and all. */
  readonly start: number
  readonly value: Buffer
}

/** Cuts a record into its fields, as CopyReadAttributesText and CopyReadAttributesCSV of the server do. */
export function readFields(record: Buffer, format: CopyFormat): Field[] {
  return format.csv ? readCsv(record, format) : readText(record, format.delimiter)
}

const backslash = 0x5c

function readText(record: Buffer, delimiter: number): Field[] {
  const fields: Field[] = []
  // A value is never longer than it is written.
  const values = Buffer.alloc(record.length)
  let length = 0
  let from = 0
  let start = 0
  for (let pos = 0; pos < record.length;) {
    const byte = record[pos]!
    if (byte === delimiter) {
      fields.push({ start, value: values.subarray(from, length) })
      start = ++pos
      from = length
    } else if (byte === backslash && pos + 1 < record.length) {
      const escape = /^\\(?:[0-7]{1,3}|x[\da-f]{1,2}|[^])/i.exec(record.toString('latin1', pos, pos + 4))?.[0] ?? '\\'
      values[length++] = decodeEscape(escape)
      pos += escape.length
    } else {
      values[length++] = byte
      pos++
    }
  }
  fields.push({ start, value: values.subarray(from, length) })
  return fields
}

const textEscapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The byte for an escape. */
function decodeEscape(escape: string): number {
  const code = escape.slice(1)
  if (/^[0-7]/.test(code)) return Number.parseInt(code, 8) & 0xff
  if (/^x./.test(code)) return Number.parseInt(code.slice(1), 16)
  return (textEscapes[code] ?? code).charCodeAt(0)
}

function readCsv(record: Buffer, { delimiter, quote, escape }: CopyFormat): Field[] {
  const fields: Field[] = []
  const values = Buffer.alloc(record.length)
  let length = 0
  let from = 0
  let start = 0
  let quoted = false
  for (let pos = 0; pos < record.length; pos++) {
    const byte = record[pos]!
    const next = record[pos + 1]
    if (quoted && byte === escape && (next === quote || next === escape)) values[length++] = record[++pos]!
    else if (byte === quote) quoted = !quoted
    else if (byte === delimiter && !quoted) {
      fields.push({ start, value: values.subarray(from, length) })
      start = pos + 1
      from = length
    } else values[length++] = byte
  }
  fields.push({ start, value: values.subarray(from, length) })
  return fields
}
