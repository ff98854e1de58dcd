import { expect, test } from 'vitest'
import { nearestName } from './suggest.ts'

test.each([
  ['prdo', ['local', 'prod'], 'prod'],
  ['databse', ['data', 'database'], 'database'],
  ['PROD', ['local', 'prod'], 'prod'],
  ['sslmod', ['sslmode', 'sslcert'], 'sslmode'],
  ['x', ['local', 'prod'], undefined],
  ['staging', ['local', 'prod'], undefined],
  ['', ['a'], undefined],
])('the nearest name to %j of %j is %j', (word, names, nearest) => {
  expect(nearestName(word, names)).toBe(nearest)
})
