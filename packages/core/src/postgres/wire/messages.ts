import { WireError } from './error.ts'

/**
 * The types of the server's messages: their first byte.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export const reply = {
  authentication: 0x52,
  backendKeyData: 0x4b,
  bindComplete: 0x32,
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

/** A string ends with a zero byte; bytes go as they are. */
type Part = string | Uint8Array

function frame(type: string, ...parts: Part[]): Buffer {
  let length = 4
  for (const part of parts) length += typeof part === 'string' ? Buffer.byteLength(part) + 1 : part.length
  const buffer = Buffer.allocUnsafe(type.length + length)
  buffer.write(type, 'latin1')
  let at = buffer.writeInt32BE(length, type.length)
  for (const part of parts) {
    if (typeof part === 'string') {
      // It would end the text, and begin whatever stands behind it.
      if (part.includes('\0')) throw new WireError('protocol', 'A text with a zero byte cannot be sent.')
      at += buffer.write(part, at)
      buffer[at++] = 0
    } else {
      buffer.set(part, at)
      at += part.length
    }
  }
  return buffer
}

function int16(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(2)
  buffer.writeUInt16BE(value)
  return buffer
}

function int32(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4)
  buffer.writeInt32BE(value)
  return buffer
}

/** StartupMessage, with the parameters that have a value. */
export function startup(parameters: Readonly<Record<string, string | undefined>>): Buffer {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return frame('', int32(0x30000), ...given.flat(), Buffer.of(0))
}

export function sslRequest(): Buffer {
  return frame('', int32(80877103))
}

export function cancelRequest(processId: number, secretKey: Uint8Array): Buffer {
  return frame('', int32(80877102), int32(processId), secretKey)
}

/** PasswordMessage: a password, or the hash of it that the server asked for. */
export function password(text: string): Buffer {
  return frame('p', text)
}

export function saslInitial(mechanism: string, response: string): Buffer {
  const bytes = Buffer.from(response)
  return frame('p', mechanism, int32(bytes.length), bytes)
}

export function saslResponse(response: string): Buffer {
  return frame('p', Buffer.from(response))
}

export function query(text: string): Buffer {
  return frame('Q', text)
}

/** Parse into the unnamed statement, or a named one; the server finds out the types of the parameters. */
export function parse(text: string, statement = ''): Buffer {
  return frame('P', statement, text, int16(0))
}

/** Bind: parameters and results are text. */
export function bind(values: readonly (string | null)[], { portal = '', statement = '' } = {}): Buffer {
  const parts: Part[] = [portal, statement, int16(0), int16(values.length)]
  for (const value of values) {
    if (value === null) {
      parts.push(int32(-1))
    } else {
      const bytes = Buffer.from(value)
      parts.push(int32(bytes.length), bytes)
    }
  }
  return frame('B', ...parts, int16(0))
}

export function describePortal(portal = ''): Buffer {
  return frame('D', Buffer.from('P'), portal)
}

/** Execute: all rows. */
export function execute(portal = ''): Buffer {
  return frame('E', portal, int32(0))
}

export function sync(): Buffer {
  return frame('S')
}

export function flush(): Buffer {
  return frame('H')
}

export function copyData(bytes: Uint8Array): Buffer {
  return frame('d', bytes)
}

export function copyDone(): Buffer {
  return frame('c')
}

export function copyFail(reason: string): Buffer {
  return frame('f', reason)
}

export function terminate(): Buffer {
  return frame('X')
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
