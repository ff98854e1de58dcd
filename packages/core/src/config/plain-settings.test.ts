import { expect, test } from 'vitest'
import { isPlainlyRight } from './plain-settings.ts'
import { settingsSchema } from './settings-schema.ts'

const texts: unknown[] = [
  'cruddur',
  'db/schema.sql',
  '',
  ' ',
  'x'.repeat(63),
  'x'.repeat(64),
  'ä',
  'a\0b',
  1,
  null,
  true,
  [],
  {},
]
const urls: unknown[] = [
  'postgresql://me@db/x',
  'postgresql://me:pw@db/x',
  'nonsense',
  '',
  'host=db dbname=x',
  'host=db password=x',
  1,
  null,
]
const pick = (list: readonly unknown[], seed: () => number) => list[Math.floor(seed() * list.length)]

/** A sequence of numbers from 0 to 1 that is the same at every run. */
function sequence(start: number): () => number {
  let state = start
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function randomSettings(seed: () => number): unknown {
  const some = (keys: string[], value: (key: string) => unknown) =>
    Object.fromEntries(keys.filter(() => seed() < 0.3).map((key) => [key, value(key)]))
  const target = () =>
    seed() < 0.1
      ? pick(texts, seed)
      : some(['url', 'database', 'protected', 'schema', 'seed', 'sslmode', 'sslrootcert', 'password'], (key) =>
          key === 'url' ? pick(urls, seed) : key === 'protected' ? seed() < 0.8 : pick(texts, seed),
        )
  const role = () =>
    some(['as', 'as', 'schemas', 'expires', 'connectionLimit', 'memberOf', 'iam', 'password'], (key) => {
      if (key === 'as') return pick(['readonly', 'app', 'migrator', 'admin', 'owner', 1], seed)
      if (key === 'schemas' || key === 'memberOf') return pick([['public'], ['a', 'b'], [], [''], [1], 'public'], seed)
      if (key === 'expires') return pick(['90d', '1w', '36h', '0d', '9', '1d ', 90, '1234567d'], seed)
      if (key === 'connectionLimit') return pick([20, -1, -2, 1.5, 20_000, '20', null], seed)
      return pick([true, false, 'yes', null], seed)
    })
  return some(['$schema', 'database', 'schema', 'seed', 'server', 'targets', 'roles', 'extra'], (key) => {
    if (key === 'server') return some(['port', 'data'], () => pick([5432, 0, 65_536, 1.5, '5432', null], seed))
    if (key === 'targets') return some(['prod', 'a-b', '1a', ''], target)
    if (key === 'roles') return some(['app', 'An app', 'ä', ''], role)
    return pick(texts, seed)
  })
}

test('what it takes for right, the validator takes too', () => {
  const seed = sequence(1)
  let right = 0
  for (let round = 0; round < 20_000; round++) {
    const settings = randomSettings(seed)
    if (!isPlainlyRight(settings)) continue
    right++
    expect(settingsSchema.safeParse(settings), JSON.stringify(settings)).toMatchObject({
      success: true,
      data: settings,
    })
  }
  expect(right).toBeGreaterThan(500)
})

test('a usual pgrig.json is plainly right', () => {
  const settings = {
    database: 'cruddur',
    schema: 'db/schema.sql',
    targets: { prod: { url: 'postgresql://app@db/cruddur', protected: true } },
    roles: { cruddur_app: { as: 'app', schemas: ['public'], expires: '90d', connectionLimit: 20 } },
  }
  expect(isPlainlyRight(settings)).toBe(true)
})

test.each([null, [], 'x', { databse: 'x' }, { targets: { prod: { url: 'postgresql://a:b@c/d' } } }])(
  '%j is not',
  (settings) => {
    expect(isPlainlyRight(settings)).toBe(false)
  },
)
