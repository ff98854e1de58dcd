import { describe, expect, test } from 'vitest'
import { findMissing, putBelow, putOnTop, readNextLink } from './merge.ts'

const same = (item: string) => item
const pages = (items: string, next?: string) => ({ items: [...items], next })

describe('a fresh first page', () => {
  test.each([
    ['nothing new', pages('cba', '/2'), pages('cb', '/x'), pages('cba', '/2')],
    ['two new ones', pages('cba', '/2'), pages('edc', '/x'), pages('edcba', '/2')],
    ['a gap', pages('cba', '/2'), pages('zyx', '/x'), pages('zyx', '/x')],
    ['all of it, and what is shown has gone', pages('cba'), pages('zy'), pages('zycba')],
    ['the first of all', pages(''), pages('a'), pages('a')],
  ])('%s', (_name, shown, fresh, merged) => {
    expect(putOnTop(shown, fresh, same)).toEqual(merged)
  })
})

test('a further page goes below, each only once', () => {
  expect(putBelow(pages('cb', '/2'), pages('ba', '/3'), same)).toEqual(pages('cba', '/3'))
})

describe('what is missing from a fresh page', () => {
  test.each([
    ['in the middle', 'edcba', pages('ec', '/x'), 'd'],
    ['nothing below its end', 'edcba', pages('fed', '/x'), ''],
    ['all, when it is the last page', 'cba', pages(''), 'cba'],
    ['nothing, when they do not meet', 'cba', pages('zyx', '/x'), ''],
  ])('%s', (_name, shown, fresh, missing) => {
    expect(findMissing([...shown], fresh, same).join('')).toBe(missing)
  })
})

test.each([
  [null, undefined],
  ['', undefined],
  ['</api/a?cursor=x>; rel="next"', '/api/a?cursor=x'],
  ['</api/a>; rel=prev, </api/b,c>; title="t"; rel="next"', '/api/b,c'],
  ['</api/a>; rel="nextish"', undefined],
])('the next page of %j is %j', (header, next) => {
  expect(readNextLink(header)).toBe(next)
})
