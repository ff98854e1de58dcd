import { expect, test } from 'vitest'
import { locateJsonFault, locateJsonKey } from './json-position.ts'

const text = '{\n  "a": [1, {"b": true}],\n\t"ä🙈": {"c\\"d": "x", "e": null},\r\n  "a2": -1.5e3\n}\n'

test.each([
  [['a'], 2, 3],
  [['a', 1], 2, 12],
  [['a', 1, 'b'], 2, 13],
  [['ä🙈'], 3, 2],
  [['ä🙈', 'c"d'], 3, 9],
  [['ä🙈', 'e'], 3, 22],
  [['a2'], 4, 3],
])('the key at %j stands in line %i, column %i', (path, line, column) => {
  expect(locateJsonKey(text, path)).toEqual({ line, column })
})

test('a key that is not there stands nowhere', () => {
  expect(locateJsonKey(text, ['b'])).toBeUndefined()
})

test.each([
  ['', 1, 1],
  ['{', 1, 2],
  ['{\n  "a": 1,\n}', 3, 1],
  ["{'a': 1}", 1, 2],
  ['{"a" 1}', 1, 6],
  ['{"a": }', 1, 7],
  ['[1 2]', 1, 4],
  ['{"a": 01}', 1, 8],
  ['{} x', 1, 4],
  ['{"a": tru}', 1, 7],
  ['// comment\n{}', 1, 1],
])('%j stops being JSON at line %i, column %i', (broken, line, column) => {
  expect(() => JSON.parse(broken)).toThrow()
  expect(locateJsonFault(broken)).toEqual({ line, column })
})

test.each(['{}', '[]', ' {"a":[{},[],"",0,false]}\r\n', '"x"', 'null'])('%j has no fault', (valid) => {
  expect(locateJsonFault(valid)).toBeUndefined()
})

test('a text that is deeper than the stack does no harm', () => {
  expect(locateJsonFault('['.repeat(200_000))).toEqual({ line: 1, column: expect.any(Number) })
})
