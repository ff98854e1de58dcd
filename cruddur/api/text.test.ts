import { expect, test } from 'vitest'
import { cleanText, cleanTexts } from './text.ts'

const one = { multiline: false }
const many = { multiline: true }

test.each([
  ['  trimmed \u00a0\ufeff', 'trimmed'],
  ['e\u0301', '\u00e9'],
  ['a\u0000b\u0007c\u007fd\u0085e', 'abcde'],
  ['\u202egnihsif.com\u202c \u2066x\u2069', 'gnihsif.com x'],
  ['שלום\u200f!', 'שלום\u200f!'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['\ud83d alone', '\ufffd alone'],
])('%j becomes %j', (text, clean) => {
  expect(cleanText(text, one)).toBe(clean)
  expect(cleanText(text, many)).toBe(clean)
})

test.each(['', ' \t\n', '\u200b\u2060', '\u3164', '\u2800', '\u202e', '\u0000'])(
  '%j has nothing to be seen',
  (text) => {
    expect(cleanText(text, many)).toBe('')
  },
)

test('lines stay lines in a message, and become spaces in a name', () => {
  expect(cleanText('a\r\nb\rc\u2028d\te', many)).toBe('a\nb\nc\nd e')
  expect(cleanText('a\r\nb\t c', one)).toBe('a b c')
})

test('what is no text stays as it is', () => {
  const body = { message: ' a\nb ', display_name: ' a\nb ', ttl: 5, bio: null, note: [' x '] }
  cleanTexts(body)
  expect(body).toEqual({ message: 'a\nb', display_name: 'a b', ttl: 5, bio: null, note: [' x '] })
  for (const nothing of [null, undefined, 'text', 5]) expect(() => cleanTexts(nothing)).not.toThrow()
})
