import { describe, expect, test } from 'vitest'
import { hueOf, sayAgo, sayCount, sayInitials, sayLeft } from './words.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

test.each([
  [-5 * second, 'just now'],
  [59 * second, 'just now'],
  [minute, '1 min ago'],
  [hour - 1, '59 min ago'],
  [hour, '1 h ago'],
  [day - 1, '23 h ago'],
  [day, 'yesterday'],
  [2 * day, '2 days ago'],
])('%i ms ago is said "%s"', (milliseconds, words) => {
  expect(sayAgo(milliseconds)).toBe(words)
})

test.each([
  [1, '0:01 left'],
  [second, '0:01 left'],
  [second + 1, '0:02 left'],
  [59 * second, '0:59 left'],
  [minute, '1:00 left'],
  [hour - second, '59:59 left'],
  [hour, '1 h 00 min left'],
  [hour + second, '1 h 01 min left'],
  [day - 1, '1 day left'],
  [day, '1 day left'],
  [day + hour, '1 d 1 h left'],
  [3 * day, '3 days left'],
  [10 * day - second, '10 days left'],
  [30 * day, '30 days left'],
])('%i ms to live are said "%s"', (milliseconds, words) => {
  expect(sayLeft(milliseconds)).toBe(words)
})

describe('a name', () => {
  test.each([
    ['Andrew Brown', 'AB'],
    ['  andrew   van  brown ', 'AB'],
    ['Plato', 'P'],
    ['💜 heart', '💜H'],
    ['', '?'],
  ])('%j is shown as %s', (name, initials) => {
    expect(sayInitials(name)).toBe(initials)
  })

  test('has one hue, in capitals too', () => {
    expect(hueOf('AndrewBrown')).toBe(hueOf('andrewbrown'))
    expect(hueOf('andrewbrown')).toBeLessThan(360)
    expect(hueOf('andrewbrown')).not.toBe(hueOf('bayko'))
  })
})

test('a large count is short', () => {
  expect([0, 999, 1_234, 5_600_000].map(sayCount)).toEqual(['0', '999', '1.2K', '5.6M'])
})
