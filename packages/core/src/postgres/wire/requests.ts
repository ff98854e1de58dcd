import { WireError } from './error.ts'

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
