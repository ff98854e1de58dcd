import { describe, expect, test } from 'vitest'
import { readWatch, repeat, watchTitle } from './watching.ts'

describe('the words of \\watch', () => {
  test.each([
    [[], { milliseconds: 2000, count: Infinity, minRows: 0 }],
    [['0.5'], { milliseconds: 500, count: Infinity, minRows: 0 }],
    [['c=3', 'i=1e1', 'm=2'], { milliseconds: 10_000, count: 3, minRows: 2 }],
    [['min_rows=1', 'interval=', 'count=+7'], { milliseconds: 0, count: 7, minRows: 1 }],
  ])('%j', (words, expected) => {
    expect(readWatch(words)).toEqual(expected)
  })

  test.each(['c=0', 'c=1.5', 'm=-1', 'i=x', '-2', 'x=1', 'c=2147483648', '1 i=1', 'c=1 count=1'])(
    'are wrong: %s',
    (words) => {
      expect(() => readWatch(words.split(' '))).toThrow(/^\\watch /)
    },
  )

  test('leave the interval to WATCH_INTERVAL', () => {
    expect(readWatch(['c=1'], '0.25').milliseconds).toBe(250)
    expect(() => readWatch([], 'soon')).toThrow('\\watch wants a number of seconds, and "soon" is none.')
  })
})

test('the title has the time as the C library writes it', () => {
  const options = { milliseconds: 1500, count: 1, minRows: 0 }
  expect(watchTitle(undefined, options, new Date(2026, 9, 2, 15, 4, 5))).toBe('Fri Oct  2 15:04:05 2026 (every 1.5s)\n')
  expect(watchTitle('users', options, new Date(2026, 9, 12, 1, 4, 5))).toBe(
    'users\tMon Oct 12 01:04:05 2026 (every 1.5s)\n',
  )
})

describe('repeating', () => {
  const often = { milliseconds: 0, count: Infinity, minRows: 0 }

  test('ends by its count, and when the run says so', async () => {
    let runs = 0
    await repeat({ ...often, count: 3 }, async () => ++runs > 0, undefined)
    expect(runs).toBe(3)
    await repeat(often, async () => ++runs < 10, undefined)
    expect(runs).toBe(10)
  })

  test('ends with what the run throws', async () => {
    await expect(repeat(often, () => Promise.reject(new Error('broken')), undefined)).rejects.toThrow('broken')
  })

  test('ends with the reason of a signal, however long it would have waited', async () => {
    const stop = new AbortController()
    const watched = repeat({ ...often, milliseconds: 3_600_000_000 }, async () => true, stop.signal)
    stop.abort(new Error('Interrupted.'))
    await expect(watched).rejects.toThrow('Interrupted.')
  })
})
