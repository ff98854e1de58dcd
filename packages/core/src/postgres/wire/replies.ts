import { WireError } from './error.ts'

/**
 * The types of the server's messages: their first byte.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export const reply = {
  authentication: 0x52,
  backendKeyData: 0x4b,
  bindComplete: 0x32,
  closeComplete: 0x33,
  commandComplete: 0x43,
  copyData: 0x64,
  copyDone: 0x63,
  copyInResponse: 0x47,
  copyOutResponse: 0x48,
  dataRow: 0x44,
  emptyQuery: 0x49,
  error: 0x45,
  negotiateProtocolVersion: 0x76,
  noData: 0x6e,
  notice: 0x4e,
  notification: 0x41,
  parameterStatus: 0x53,
  parseComplete: 0x31,
  readyForQuery: 0x5a,
  rowDescription: 0x54,
} as const

/**
 * The fields of an error or a notice, as text.
 * https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export interface ServerFields {
  /** Never translated where the server is 9.6 or newer: ERROR, FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO or LOG. */
  severity: string
  /** SQLSTATE. */
  code: string
  message: string
  detail?: string
  hint?: string
  /** Characters (code points) of the query text, from 1. */
  position?: string
  internalPosition?: string
  internalQuery?: string
  where?: string
  schema?: string
  table?: string
  column?: string
  dataType?: string
  constraint?: string
  /** Where in the source of PostgreSQL it was raised. */
  sourceFile?: string
  sourceLine?: string
  sourceRoutine?: string
}

/** An ErrorResponse of the server. */
export class ServerError extends Error implements ServerFields {
  declare readonly severity: string
  declare readonly code: string
  declare readonly detail?: string
  declare readonly hint?: string
  declare readonly position?: string
  declare readonly internalPosition?: string
  declare readonly internalQuery?: string
  declare readonly where?: string
  declare readonly schema?: string
  declare readonly table?: string
  declare readonly column?: string
  declare readonly dataType?: string
  declare readonly constraint?: string
  declare readonly sourceFile?: string
  declare readonly sourceLine?: string
  declare readonly sourceRoutine?: string

  constructor({ message, ...fields }: ServerFields) {
    super(message)
    this.name = 'ServerError'
    Object.assign(this, fields)
  }
}

const fieldNames = new Map<string, keyof ServerFields>([
  ['S', 'severity'],
  ['V', 'severity'],
  ['C', 'code'],
  ['M', 'message'],
  ['D', 'detail'],
  ['H', 'hint'],
  ['P', 'position'],
  ['p', 'internalPosition'],
  ['q', 'internalQuery'],
  ['W', 'where'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
  ['F', 'sourceFile'],
  ['L', 'sourceLine'],
  ['R', 'sourceRoutine'],
])

/** Reads the body of an ErrorResponse or NoticeResponse. The severity that is not translated comes after the other. */
export function readFields(body: Buffer): ServerFields {
  const fields: ServerFields = { severity: '', code: '', message: '' }
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const name = fieldNames.get(String.fromCharCode(body[at] ?? 0))
    const [value, next] = readText(body, at + 1)
    if (name !== undefined) fields[name] = value
    at = next
  }
  return fields
}

/** A column of a result. */
export interface ColumnDescription {
  name: string
  /** 0: it is no column of a table. */
  tableOid: number
  columnNumber: number
  typeOid: number
  /** Bytes; negative: it varies. */
  typeSize: number
  typeModifier: number
}

/** Reads the body of a RowDescription. */
export function readRowDescription(body: Buffer): ColumnDescription[] {
  const columns: ColumnDescription[] = []
  let at = 2
  for (let count = readCount(body); count > 0; count--) {
    const [name, next] = readText(body, at)
    if (next + 18 > body.length) throw cutShort()
    columns.push({
      name,
      tableOid: body.readUInt32BE(next),
      columnNumber: body.readInt16BE(next + 4),
      typeOid: body.readUInt32BE(next + 6),
      typeSize: body.readInt16BE(next + 10),
      typeModifier: body.readInt32BE(next + 12),
    })
    at = next + 18
  }
  return columns
}

/** Reads the body of a DataRow. The values are views of it. */
export function readDataRow(body: Buffer): (Buffer | null)[] {
  const count = readCount(body)
  const values: (Buffer | null)[] = []
  let at = 2
  for (let index = 0; index < count; index++) {
    if (at + 4 > body.length) throw cutShort()
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) {
      values.push(null)
    } else {
      if (at + length > body.length) throw cutShort()
      values.push(body.subarray(at, at + length))
      at += length
    }
  }
  return values
}

/** Reads the body of a CommandComplete: `INSERT 0 1`. */
export function readTag(body: Buffer): string {
  return readText(body, 0)[0]
}

/** Reads a text up to its zero byte, and where the next thing begins. */
export function readText(body: Buffer, start: number): [text: string, next: number] {
  const end = body.indexOf(0, start)
  if (end < 0) throw cutShort()
  return [body.toString('utf8', start, end), end + 1]
}

function readCount(body: Buffer): number {
  if (body.length < 2) throw cutShort()
  return body.readUInt16BE(0)
}

function cutShort(): WireError {
  return new WireError('protocol', 'A message of the server ends too early.')
}
