import { expect, test } from 'vitest'
import { displayWidth, layOut, measurePart } from './width.ts'

test('a character takes none, one or two columns', () => {
  const widths = {
    abc: 3,
    é: 1,
    'e\u0301': 1,
    漢字: 4,
    '😀': 2,
    한: 2,
    ﾊ: 1,
    '\u{20000}': 2,
    '\u{e0061}': 0,
    '\u200b': 0,
    '\u{1d11e}': 1,
  }
  for (const [text, width] of Object.entries(widths))
    expect({ text, width: displayWidth(text) }).toEqual({ text, width })
  expect(displayWidth('a\t\u0001b')).toBe(2)
})

test('text is laid out with tabs as spaces and control characters escaped', () => {
  expect(layOut('plain')).toBe('plain')
  expect(layOut('漢\tx\r\n\u0001\u007f\u0085')).toEqual({
    lines: [
      { text: String.raw`漢      x\r`, width: 11 },
      { text: String.raw`\x01\x7F\u0085`, width: 14 },
    ],
    width: 14,
  })
})

test('a part of a line ends before what is too wide, but is never empty', () => {
  expect(measurePart('abc', 1, 5)).toEqual({ end: 3, width: 2 })
  expect(measurePart('a漢b', 0, 2)).toEqual({ end: 1, width: 1 })
  expect(measurePart('漢b', 0, 1)).toEqual({ end: 1, width: 2 })
  expect(measurePart('e\u0301\u0301x', 0, 1)).toEqual({ end: 3, width: 1 })
})
