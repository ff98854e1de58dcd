/** Where the first word is: behind blanks and comments. Counts bytes. */
export function skipBlanks(text: string, from: number): number {
  const bytes = Buffer.from(text)
  let at = from
  for (;;) {
    while (at < bytes.length && (bytes[at]! <= 0x20 || bytes[at] === 0x3b)) at++
    if (bytes[at] === 0x2d && bytes[at + 1] === 0x2d) {
      const end = bytes.indexOf(0x0a, at)
      at = end < 0 ? bytes.length : end
    } else if (bytes[at] === 0x2f && bytes[at + 1] === 0x2a) at = commentEnd(bytes, at)
    else return at < bytes.length ? at : from
  }
}

function commentEnd(bytes: Buffer, from: number): number {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const pair = bytes.toString('latin1', at, at + 2)
    if (pair === '/*') depth++
    else if (pair === '*/') depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  return bytes.length
}
