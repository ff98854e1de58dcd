// Scripts say the same few words over and over; to decode each time would take longer than to scan.
const cacheSize = 4096
const cache = new Array<string | undefined>(cacheSize)

/** Reads an identifier in capitals. */
export function readWord(bytes: Buffer, from: number, to: number): string {
  let hash = to - from
  for (let index = from; index < to; index++) {
    const byte = bytes[index]!
    if (byte >= 0x80) return bytes.toString('utf8', from, to).toUpperCase()
    hash = (Math.imul(hash, 31) + upper(byte)) | 0
  }
  const slot = hash & (cacheSize - 1)
  const cached = cache[slot]
  if (cached !== undefined && matchesWord(bytes, from, to, cached)) return cached
  const word = bytes.toString('latin1', from, to).toUpperCase()
  cache[slot] = word
  return word
}

/** Whether an identifier is this word, which is in capitals and ASCII. */
export function matchesWord(bytes: Buffer, from: number, to: number, word: string): boolean {
  if (to - from !== word.length) return false
  for (let index = 0; index < word.length; index++)
    if (upper(bytes[from + index]!) !== word.charCodeAt(index)) return false
  return true
}

function upper(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
}
