import { expect, test } from 'vitest'
import { addPerson } from '../db/test-client.ts'
import { testStore } from '../db/test-store.ts'
import { buildTestApp, signedInAs, testSettings } from './testing.ts'

const { store, pool, client } = await testStore()
await addPerson(client, 'bayko')
const settings = testSettings({ RATE_LIMIT_READS: '40', RATE_LIMIT_READS_SIGNED_IN: '40' })
const secret = 'the same in all processes'
const processes = [1, 2, 3].map(() => buildTestApp({ store, pool, settings, secret }))

async function readOften(count: number, request: { remoteAddress?: string; headers?: Record<string, string> }) {
  const answers = Array.from({ length: count }, (_, number) =>
    Promise.resolve(processes[number % processes.length]?.inject({ url: '/api/activities/home', ...request })),
  )
  return (await Promise.all(answers)).filter((response) => response?.statusCode === 200).length
}

test.each([
  ['a person', { headers: signedInAs('sub-bayko') }],
  ['an address', { remoteAddress: '203.0.113.7' }],
  ['a network of IPv6', { remoteAddress: '2001:db8:1:2::7' }],
])('%s that asks three processes at once gets no more than one limit', async (_who, request) => {
  expect(await readOften(120, request)).toBe(40)
  expect(await readOften(3, request)).toBe(0)
})

test('the next address of the same network is no way around it, another network is another reader', async () => {
  expect(await readOften(1, { remoteAddress: '2001:db8:1:2:ffff::1' })).toBe(0)
  expect(await readOften(1, { remoteAddress: '2001:db8:1:3::1' })).toBe(1)
})

test('the table has no address in it', async () => {
  const { rows } = await client.query<{ keys: string }>(`select string_agg(key, ' ') as keys from rate_limits`)
  expect(rows[0]?.keys).toContain('@sub-bayko')
  expect(rows[0]?.keys).not.toMatch(/203|2001:/)
})
