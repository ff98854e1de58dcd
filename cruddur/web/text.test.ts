import { describe, expect, test } from 'vitest'
import { countCharacters, sayCharactersLeft, splitMessage } from './text.ts'

test.each([
  ['', 0],
  ['  hello \n', 5],
  ['💜', 1],
  ['👩‍👩‍👧', 5],
  ['é', 1],
  ['e\u0301', 1],
  ['a\nb', 3],
])('%j counts as %i characters', (text, count) => {
  expect(countCharacters(text)).toBe(count)
})

test.each([
  [280, ''],
  [21, ''],
  [20, '20 characters left'],
  [11, '20 characters left'],
  [10, '10 characters left'],
  [3, '5 characters left'],
  [0, 'No characters left'],
  [-1, '1 character too many'],
  [-7, '7 characters too many'],
])('with %i left a screen reader hears "%s"', (left, words) => {
  expect(sayCharactersLeft(left)).toBe(words)
})

describe('a message', () => {
  const links = (message: string) => splitMessage(message).flatMap(({ href }) => href ?? [])

  test.each([
    ['nothing to follow', []],
    ['@bayko, look', ['/@bayko']],
    ['(@a_1) and @B', ['/@a_1', '/@B']],
    ['me@example.org', []],
    ['@ and @@x and @ärger', []],
    [`@${'a'.repeat(33)}`, []],
    ['see https://example.org/a?b=c#d.', ['https://example.org/a?b=c#d']],
    ['(http://example.org)', ['http://example.org/']],
    ['javascript:alert(1) data:text/html,x', []],
    ['https://bank.example@elsewhere.example/', []],
    ['https://', []],
    ['https://example.org/@bayko', ['https://example.org/@bayko']],
  ])('%j leads to %j', (message, hrefs) => {
    expect(links(message)).toEqual(hrefs)
  })

  test.each(['', 'plain', '@a @b', 'x https://example.org, y @z', '<img src=x onerror=alert(1)> @a'])(
    '%j loses nothing when it is split',
    (message) => {
      expect(
        splitMessage(message)
          .map(({ text }) => text)
          .join(''),
      ).toBe(message)
    },
  )
})
