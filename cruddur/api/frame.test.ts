import { describe, expect, test } from 'vitest'
import { DatabaseUnavailable } from './database.ts'
import { type Page, InvalidCursor } from './store/store.ts'
import { buildTestApp, partialStore, signedInAs, testSettings } from './testing.ts'

const page: Page = { body: '[]', next: null, expiresInMs: null }
const refused = () => Promise.reject(new DatabaseUnavailable('The database does not answer'))

describe('a problem', () => {
  const app = buildTestApp({ store: partialStore({ readHome: () => Promise.resolve(page) }) })

  test('has the number of the request in its body and in a header', async () => {
    const response = await app.inject('/api/nowhere')
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is nothing at this address.',
      errors: ['not_found'],
      request_id: response.headers['x-request-id'],
    })
    expect(response.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })

  test('of our own says nothing of the inside', async () => {
    const broken = buildTestApp({ store: partialStore({ readHome: () => Promise.reject(new Error('secret')) }) })
    const response = await broken.inject('/api/activities/home')
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain('secret')
  })

  test('of a cursor that the store does not know is 422', async () => {
    const store = partialStore({ readHome: () => Promise.reject(new InvalidCursor('It is none')) })
    const response = await buildTestApp({ store }).inject('/api/activities/home?cursor=abc')
    expect(response.statusCode).toBe(422)
    expect(response.json()).toMatchObject({ errors: ['cursor_invalid'] })
  })

  test('of a database that is away is 503, with a time to come back at', async () => {
    const response = await buildTestApp({ store: partialStore({ readHome: refused }) }).inject('/api/activities/home')
    expect(response.statusCode).toBe(503)
    expect(response.headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' })
    expect(response.json()).toMatchObject({ errors: ['database_unavailable'] })
  })
})

describe('the number of a request', () => {
  const store = partialStore({ readHome: () => Promise.resolve(page) })
  const url = '/api/activities/home'

  test('is the proxy’s where a proxy is trusted, and ours elsewhere', async () => {
    const headers = { 'x-request-id': 'from-the-proxy' }
    const trusting = buildTestApp({ store, settings: testSettings({ TRUST_PROXY: '1' }) })
    expect((await trusting.inject({ url, headers })).headers['x-request-id']).toBe('from-the-proxy')
    expect((await buildTestApp({ store }).inject({ url, headers })).headers['x-request-id']).not.toBe('from-the-proxy')
  })

  test('is never what could break a log', async () => {
    const trusting = buildTestApp({ store, settings: testSettings({ TRUST_PROXY: '1' }) })
    const headers = { 'x-request-id': 'a "quote" and more than a word' }
    expect((await trusting.inject({ url, headers })).headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })
})

describe('an ETag', () => {
  let body = '[]'
  const store = partialStore({ readHome: () => Promise.resolve({ ...page, body }) })
  const app = buildTestApp({ store })
  const url = '/api/activities/home?limit=5'

  test('is weak, spares who holds the same, and changes with the body', async () => {
    const first = await app.inject(url)
    const etag = String(first.headers['etag'])
    expect(etag).toMatch(/^W\/"[\w-]{27}"$/)
    for (const held of [etag, etag.slice(2), `"else", ${etag}`, '*']) {
      const again = await app.inject({ url, headers: { 'if-none-match': held } })
      expect([again.statusCode, again.body]).toEqual([304, ''])
      expect(again.headers).toMatchObject({ 'cache-control': 'no-store', etag })
    }
    body = '[1]'
    const changed = await app.inject({ url, headers: { 'if-none-match': etag } })
    expect([changed.statusCode, changed.body]).toEqual([200, '[1]'])
  })
})

test('the next page has a link that keeps the other parameters', async () => {
  const store = partialStore({ readSearch: () => Promise.resolve({ ...page, next: 'abc_-1' }) })
  const response = await buildTestApp({ store }).inject('/api/activities/search?term=a%26b&limit=3&cursor=old')
  expect(response.headers['link']).toBe('</api/activities/search?term=a%26b&limit=3&cursor=abc_-1>; rel="next"')
})

describe('the memo of the home feed', () => {
  function counting(expiresInMs: number | null) {
    const asked: string[] = []
    const store = partialStore({
      readHome: (viewer, { limit, cursor }) => {
        asked.push([viewer, limit, cursor].join())
        return Promise.resolve({ ...page, expiresInMs })
      },
    })
    return { asked, app: buildTestApp({ store }) }
  }

  test('is one query for all who come at once without a name', async () => {
    const { app, asked } = counting(null)
    await Promise.all(Array.from({ length: 20 }, () => app.inject('/api/activities/home')))
    expect(asked).toEqual([',20,'])
  })

  test('is not for who is signed in, nor for other pages', async () => {
    const { app, asked } = counting(null)
    const url = '/api/activities/home'
    await app.inject({ url, headers: signedInAs('a') })
    await app.inject({ url, headers: signedInAs('a') })
    await app.inject(`${url}?limit=5`)
    await app.inject(`${url}?cursor=x`)
    expect(asked).toEqual(['a,20,', 'a,20,', ',5,', ',20,x'])
  })

  test('ends when the soonest activity does', async () => {
    const { app, asked } = counting(0)
    await app.inject('/api/activities/home')
    await app.inject('/api/activities/home')
    expect(asked).toHaveLength(2)
  })

  test('does not keep a failure', async () => {
    let fail = true
    const store = partialStore({ readHome: () => (fail ? refused() : Promise.resolve(page)) })
    const app = buildTestApp({ store })
    expect((await app.inject('/api/activities/home')).statusCode).toBe(503)
    fail = false
    expect((await app.inject('/api/activities/home')).statusCode).toBe(200)
  })
})

describe('too much work', () => {
  test('is refused at once with a time to come back, and what runs is finished', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const store = partialStore({ readHome: () => held.then(() => page) })
    const app = buildTestApp({ store, settings: testSettings({ MAX_IN_FLIGHT: '2' }) })
    const url = '/api/activities/home?limit=5'
    await app.ready()
    const running = [app.inject(url), app.inject(url)].map((each) => Promise.resolve(each))
    const refusal = await app.inject(url)
    expect(refusal.statusCode).toBe(503)
    expect(refusal.headers['retry-after']).toBe('1')
    expect(refusal.json()).toMatchObject({ errors: ['busy'] })
    expect((await app.inject('/health/live')).statusCode).toBe(200)
    release()
    for (const each of running) expect((await each).statusCode).toBe(200)
    expect((await app.inject(url)).statusCode).toBe(200)
  })
})

describe('the numbers', () => {
  const app = buildTestApp({ store: partialStore({ readHome: () => Promise.resolve(page) }) })

  test('are OpenMetrics, and know routes and no addresses', async () => {
    await app.inject('/api/activities/home')
    await app.inject('/api/activities/@nobody/status/x')
    const response = await app.inject('/metrics')
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(response.body).toContain(
      'http_request_duration_seconds_count{method="GET",route="/api/activities/home",status="200"} 1',
    )
    expect(response.body).toContain('cruddur_pool_waiting 0')
    expect(response.body).not.toContain('nobody')
    expect(response.body.endsWith('# EOF\n')).toBe(true)
  })

  test.each([
    ['127.0.0.1', {}, 200],
    ['::1', {}, 200],
    ['::ffff:10.1.2.3', {}, 200],
    ['fd00::1', {}, 200],
    ['8.8.8.8', {}, 404],
    ['2001:db8::1', {}, 404],
    ['10.1.2.3', { 'x-forwarded-for': '8.8.8.8' }, 404],
    ['10.1.2.3', { forwarded: 'for=8.8.8.8' }, 404],
  ])('from %s with %j: %i', async (remoteAddress, headers, status) => {
    expect((await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode).toBe(status)
  })

  test('are for who has the token, from wherever, where there is one', async () => {
    const guarded = buildTestApp({ store: partialStore({}), settings: testSettings({ METRICS_TOKEN: 'open sesame' }) })
    const ask = async (authorization?: string) =>
      (
        await guarded.inject({
          url: '/metrics',
          remoteAddress: '8.8.8.8',
          headers: authorization ? { authorization } : {},
        })
      ).statusCode
    expect(await ask('Bearer open sesame')).toBe(200)
    for (const wrong of [undefined, 'Bearer open', 'open sesame', 'Bearer open sesame '])
      expect(await ask(wrong)).toBe(404)
  })
})
