import { expect, test } from 'vitest'
import { countLineEnds } from './source.ts'

test('line ends are counted wherever they stand, and whatever stands beside them', () => {
  // Those that differ from a line feed in one bit, and what a carry could be taken for.
  const others = [0x00, 0x08, 0x0b, 0x0e, 0x1a, 0x2a, 0x4a, 0x8a, 0x09, 0x7f, 0x80, 0xff]
  const bytes = new Uint8Array(5000)
  for (let at = 0, next = 1; at < bytes.length; at++) {
    next = (next * 48_271) % 0x7fffffff
    bytes[at] = next % 3 === 0 ? 0x0a : (others[next % others.length] ?? 0)
  }
  for (let from = 0; from < 8; from++) {
    for (const length of [0, 1, 3, 4, 15, 16, 17, 40, 1007, 1008, 1009, 4000]) {
      const part = bytes.subarray(from, from + length)
      expect(countLineEnds(part)).toBe(part.filter((byte) => byte === 0x0a).length)
    }
  }
  expect(countLineEnds(new Uint8Array(4096).fill(0x0a))).toBe(4096)
})
