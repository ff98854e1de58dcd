import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

test('nothing set is something that can be run', () => {
  expect(readSettings({ PUBLIC_URL: '', TRUST_PROXY: '', METRICS_TOKEN: '', MAX_IN_FLIGHT: '' })).toEqual(
    readSettings({}),
  )
  expect(readSettings({})).toMatchObject({
    publicUrl: undefined,
    trustProxy: false,
    metricsToken: undefined,
    maxInFlight: 128,
  })
})

test('what is set is taken', () => {
  const settings = readSettings({
    PUBLIC_URL: 'https://cruddur.example/',
    RATE_LIMIT_POSTS: '5',
    TRUST_PROXY: '10.0.0.0/8, ::1',
  })
  expect(settings.publicUrl?.origin).toBe('https://cruddur.example')
  expect(settings.limits.post).toBe(5)
  expect(settings.trustProxy).toBe('10.0.0.0/8, ::1')
})

test.each([
  ['PUBLIC_URL', 'cruddur.example'],
  ['PUBLIC_URL', 'https://cruddur.example/path'],
  ['PUBLIC_URL', 'javascript:alert(1)'],
  ['TRUST_PROXY', 'yes'],
  ['RATE_LIMIT_READS', '-1'],
  ['RATE_LIMIT_READS', 'many'],
  ['MAX_IN_FLIGHT', '0'],
  ['STOP_SECONDS', '1.5'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(name)
})
