import { expect, test } from 'vitest'
import { narrowOffset } from './offset.ts'

const second = Date.UTC(2026, 10, 24, 12)

test('a clock that may be right is taken to be right', () => {
  expect(narrowOffset(undefined, second, 1_000, second + 300, second + 400)).toMatchObject({ ahead: 0 })
})

test('a clock that is an hour behind is found out, to half a second', () => {
  const { ahead } = narrowOffset(undefined, second, 1_000, second - 3_600_000, second - 3_599_900)
  expect(Math.abs(ahead - 3_600_000)).toBeLessThanOrEqual(550)
})

test('more answers say it better', () => {
  let offset = narrowOffset(undefined, second, 1_000, second - 10_000, second - 9_990)
  expect(offset.most - offset.least).toBe(1_010)
  // 900 ms later the server's second is still the same.
  offset = narrowOffset(offset, second, 1_000, second - 9_100, second - 9_090)
  expect(offset).toMatchObject({ least: 9_990, most: 10_100 })
})

test('when a clock is set, the newest answer is right', () => {
  const before = narrowOffset(undefined, second, 1_000, second + 10, second + 20)
  const { ahead } = narrowOffset(before, second, 1_000, second + 7_200_010, second + 7_200_020)
  expect(Math.abs(ahead + 7_200_000)).toBeLessThanOrEqual(550)
})

test('a time to the millisecond says it more exactly', () => {
  expect(narrowOffset(undefined, second, 0, second - 5_040, second - 5_000)).toMatchObject({ ahead: 5_020 })
})
