import { WireError } from './error.ts'
import { reply } from './replies.ts'

/** Told of each message. The body is a view, valid during the call. */
type Deliver = (type: number, body: Buffer) => void

const headLength = 5
// As libpq: only these can be long. Where another one seems to be, what arrives is no conversation of PostgreSQL's.
const longTypes: ReadonlySet<number> = new Set([
  reply.rowDescription,
  reply.dataRow,
  reply.copyData,
  reply.negotiateProtocolVersion,
  reply.error,
  reply.notice,
  reply.notification,
])
const longestOther = 30_000

/**
 * Makes a function that takes what arrives, in whatever pieces, and cuts it into messages. It throws a `WireError` at
 * the first that cannot be one, and is of no use afterwards.
 */
export function cutFrames(deliver: Deliver): (chunk: Buffer) => void {
  // The pieces of a message that is not complete. They are joined once, when they are enough.
  let pieces: Buffer[] = []
  let held = 0
  let needed = headLength
  return (chunk) => {
    let buffer = chunk
    if (held > 0) {
      pieces.push(chunk)
      held += chunk.length
      if (held < needed) return
      buffer = Buffer.concat(pieces, held)
      pieces = []
      held = 0
    }
    let start = 0
    needed = headLength
    while (buffer.length - start >= headLength) {
      const type = buffer[start] ?? 0
      needed = 1 + readLength(buffer, start)
      if (buffer.length - start < needed) break
      deliver(type, buffer.subarray(start + headLength, start + needed))
      start += needed
      needed = headLength
    }
    if (start < buffer.length) {
      pieces.push(start === 0 ? buffer : buffer.subarray(start))
      held = buffer.length - start
    }
  }
}

function readLength(buffer: Buffer, start: number): number {
  const length = buffer.readInt32BE(start + 1)
  if (length < 4 || (length > longestOther && !longTypes.has(buffer[start] ?? 0))) {
    throw new WireError('protocol', 'A message of the server has an impossible length.')
  }
  return length
}
