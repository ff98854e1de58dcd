import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DatabaseUnavailable } from './database.ts'
import { network } from './rate-limit.ts'
import type { Page, Store } from './store/store.ts'
import { buildTestApp, partialStore, signedInAs, testSettings } from './testing.ts'

const page: Page = { body: '[]', next: null, expiresInMs: null }
const like = { method: 'PUT', url: '/api/activities/0193a7e2-8a4c-7b1e-9c55-3f2d8b7a6c10/like' } as const
const ownOrigin = 'https://cruddur.example'

/** A store that counts as the table does, in one window of a minute. */
function countingStore(parts: Partial<Store> = {}) {
  const used = new Map<string, number>()
  const asked: string[] = []
  const store = partialStore({
    readHome: () => Promise.resolve(page),
    setLike: () => Promise.resolve({ status: 'done', body: '{}' }),
    takeLease: async (key, _seconds, count) => {
      asked.push(key)
      used.set(key, (used.get(key) ?? 0) + count)
      return { used: used.get(key) ?? 0, resetMs: 59_500 }
    },
    ...parts,
  })
  return { store, asked, used }
}

describe('who sends it', () => {
  const { store } = countingStore()
  const app = buildTestApp({ store })

  test('nobody is told to sign in where it matters', async () => {
    const response = await app.inject(like)
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe('Bearer')
    expect(response.json()).toMatchObject({ errors: ['not_signed_in'] })
  })

  test.each(['/api/activities/home', '/api/session', '/api/me/export'])(
    'a wrong token is told so at %s',
    async (url) => {
      const response = await app.inject({ url, headers: signedInAs('!forged') })
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
      expect(response.json()).toMatchObject({ errors: ['token_invalid'] })
    },
  )

  test('sessions that cannot be read are no sign-out', async () => {
    const authenticator = { identify: () => Promise.reject(new DatabaseUnavailable('away')) }
    expect((await buildTestApp({ store, authenticator }).inject('/api/session')).statusCode).toBe(503)
  })

  test('admins’ routes are not there for others', async () => {
    const url = '/api/admin/reports'
    expect((await app.inject(url)).statusCode).toBe(404)
    expect((await app.inject({ url, headers: signedInAs('bayko') })).statusCode).toBe(404)
    const admin = countingStore({ listReports: () => Promise.resolve(page) })
    const response = await buildTestApp({ store: admin.store }).inject({ url, headers: signedInAs('admin') })
    expect(response.statusCode).toBe(200)
  })
})

describe('a write with a cookie', () => {
  const cookie = 'session=bayko'
  const { store } = countingStore()
  const app = buildTestApp({ store, settings: testSettings({ PUBLIC_URL: ownOrigin }) })

  test.each([
    [{ cookie, origin: ownOrigin }, 200],
    [{ cookie, 'sec-fetch-site': 'same-origin' }, 200],
    [{ cookie }, 403],
    [{ cookie, origin: 'null' }, 403],
    [{ cookie, origin: 'https://evil.example' }, 403],
    [{ cookie, origin: 'http://cruddur.example' }, 403],
    [{ cookie, origin: 'https://cruddur.example.evil.example' }, 403],
    [{ cookie, origin: 'https://sub.cruddur.example' }, 403],
    [{ cookie, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }, 403],
    [{ cookie, 'sec-fetch-site': 'same-site' }, 403],
    [{ cookie, 'sec-fetch-site': 'cross-site' }, 403],
    [{ ...signedInAs('bayko') }, 200],
    [{ ...signedInAs('bayko'), origin: 'https://evil.example' }, 200],
    [{}, 401],
    [{ origin: 'https://evil.example' }, 403],
  ])('%j: %i', async (headers, status) => {
    const response = await app.inject({ ...like, headers })
    expect(response.statusCode).toBe(status)
    if (status === 403) expect(response.json()).toMatchObject({ errors: ['origin_mismatch'] })
  })

  test('may come from the host it goes to where no other address is set', async () => {
    const app = buildTestApp({ store })
    const from = async (origin: string, host = 'localhost:4567') =>
      (await app.inject({ ...like, headers: { cookie, origin, host } })).statusCode
    expect(await from('http://localhost:4567')).toBe(200)
    expect(await from('http://localhost:4568')).toBe(403)
    expect(await from('http://127.0.0.1:4567')).toBe(403)
  })

  test('by a form of another page changes nothing', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/activities',
      headers: { cookie, origin: 'https://evil.example', 'content-type': 'text/plain' },
      payload: '{"message":"I was hijacked","ttl":"1-hour"}',
    })
    expect(response.statusCode).toBe(403)
  })
})

describe('how often', () => {
  test('one address may read so often, and is told what is left and when to come back', async () => {
    const { store } = countingStore()
    const app = buildTestApp({ store, settings: testSettings({ RATE_LIMIT_READS: '20' }) })
    const read = () => app.inject('/api/activities/home')
    const first = await read()
    expect(first.headers['ratelimit-policy']).toBe('"read";q=20;w=300')
    expect(first.headers['ratelimit']).toBe('"read";r=19;t=60')
    for (let count = 1; count < 20; count++) expect((await read()).statusCode).toBe(200)
    const refused = await read()
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('60')
    expect(refused.headers['ratelimit']).toBe('"read";r=0;t=60')
    expect(refused.json()).toMatchObject({ status: 429, errors: ['too_many_requests'] })
  })

  test('processes share a limit, and few requests cost a query', async () => {
    const { store, asked, used } = countingStore()
    const settings = testSettings({ RATE_LIMIT_READS_SIGNED_IN: '100' })
    const processes = [buildTestApp({ store, settings }), buildTestApp({ store, settings })]
    let good = 0
    for (let count = 0; count < 200; count++) {
      const app = processes[count % 2]
      const response = await app?.inject({ url: '/api/activities/home', headers: signedInAs('bayko') })
      if (response?.statusCode === 200) good++
    }
    expect(good).toBe(100)
    expect(new Set(asked)).toEqual(new Set(['readSignedIn:@bayko']))
    expect(asked.length).toBeLessThan(15)
    expect(used.get('readSignedIn:@bayko')).toBeLessThan(130)
  })

  test('many at once ask the database once', async () => {
    const { store, asked } = countingStore()
    const app = buildTestApp({ store, settings: testSettings({ RATE_LIMIT_READS: '100' }) })
    await Promise.all(Array.from({ length: 10 }, () => app.inject('/api/activities/home')))
    expect(asked).toHaveLength(1)
  })

  test('people are counted apart from their address, and reads apart from writes', async () => {
    const { store, asked } = countingStore()
    const settings = testSettings({ RATE_LIMIT_READS: '9', RATE_LIMIT_READS_SIGNED_IN: '9', RATE_LIMIT_WRITES: '9' })
    const app = buildTestApp({ store, settings, secret: 'key' })
    await app.inject('/api/activities/home')
    await app.inject({ url: '/api/activities/home', headers: signedInAs('bayko') })
    await app.inject({ ...like, headers: signedInAs('bayko') })
    const hashed = createHmac('sha256', 'key').update('127.0.0.1').digest('base64url').slice(0, 22)
    expect(asked).toEqual([`read:${hashed}`, 'readSignedIn:@bayko', 'write:@bayko'])
  })

  test('wrong tokens count for the address', async () => {
    const { store } = countingStore()
    const app = buildTestApp({ store, settings: testSettings({ RATE_LIMIT_SIGN_INS: '3' }) })
    const statuses: number[] = []
    for (const sub of ['!1', '!2', '!3', '!4']) {
      statuses.push((await app.inject({ url: '/api/session', headers: signedInAs(sub) })).statusCode)
    }
    expect(statuses).toEqual([401, 401, 401, 429])
  })

  test('an address is what the proxy says only where the proxy is trusted', async () => {
    const ask = async (variables: Record<string, string>, forwarded: string[]) => {
      const { store, asked } = countingStore()
      const app = buildTestApp({ store, settings: testSettings({ RATE_LIMIT_READS: '100', ...variables }) })
      for (const each of forwarded) {
        await app.inject({ url: '/api/activities/home', headers: { 'x-forwarded-for': each } })
      }
      return new Set(asked).size
    }
    expect(await ask({}, ['1.1.1.1', '2.2.2.2'])).toBe(1)
    expect(await ask({ TRUST_PROXY: '1' }, ['1.1.1.1', '2.2.2.2'])).toBe(2)
    // What somebody writes in front of what the proxy adds does not make them another.
    expect(await ask({ TRUST_PROXY: '1' }, ['7.7.7.7, 1.1.1.1', '8.8.8.8, 1.1.1.1'])).toBe(1)
    expect(await ask({ TRUST_PROXY: '127.0.0.1' }, ['7.7.7.7, 1.1.1.1', '8.8.8.8, 1.1.1.1'])).toBe(1)
  })

  test('while the database is away a process counts for itself', async () => {
    const { store } = countingStore({ takeLease: () => Promise.reject(new DatabaseUnavailable('away')) })
    const app = buildTestApp({ store, settings: testSettings({ RATE_LIMIT_READS: '10' }) })
    for (let count = 0; count < 10; count++) expect((await app.inject('/api/activities/home')).statusCode).toBe(200)
    expect((await app.inject('/api/activities/home')).statusCode).toBe(429)
  })
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the network of %s is %s', (address, expected) => {
  expect(network(address)).toBe(expected)
})
