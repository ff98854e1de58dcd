import { InvalidCursor } from './store.ts'

/** The largest time that a cursor of ours can hold, in microseconds: the end of the year 9999. */
const end = 253_402_300_800_000_000n

/** The cursor if it can be one of ours: the time in microseconds and the uuid, 24 bytes in base64url. Throws `InvalidCursor`. */
export function checkCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  if (!/^[\w-]{32}$/.test(cursor)) throw new InvalidCursor('A cursor has 32 letters')
  const microseconds = Buffer.from(cursor, 'base64url').readBigInt64BE()
  if (microseconds < 0n || microseconds >= end) throw new InvalidCursor('A cursor has a time in it')
  return cursor
}
