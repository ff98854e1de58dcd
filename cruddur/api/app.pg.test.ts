import { afterAll, describe, expect, test } from 'vitest'
import { addActivity, addPerson, testClient } from '../db/test-client.ts'
import { openPool } from './database.ts'
import { createStore } from './store/create-store.ts'
import { buildTestApp } from './testing.ts'

const { client, clientConfig } = await testClient('schema.sql')
const author = await addPerson(client, 'andrewbrown')
const pool = openPool(clientConfig, () => undefined)
const lines: string[] = []
const store = createStore({ pool })
const log = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } }
// Hooks run last to first: the app is closed before its pool.
afterAll(() => pool.end())
const app = buildTestApp({ pool, store, log })

test('the home feed is an array, never cached', async () => {
  const uuid = await addActivity(client, author, { message: 'A secret of 280 characters' })
  const response = await app.inject('/api/activities/home')
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  expect(response.json()).toMatchObject([{ uuid, handle: 'andrewbrown', message: 'A secret of 280 characters' }])
})

test('the log has a line for the request, and nothing of what people wrote', async () => {
  const uuid = await addActivity(client, author, { message: 'Whispered' })
  const page = await app.inject({ url: '/api/activities/home?limit=40', remoteAddress: '203.0.113.7' })
  expect(page.body).toContain(uuid)
  await app.inject('/api/activities/search?term=Sought')
  const log = lines.join('')
  expect(log).toContain('"url":"/api/activities/home"')
  for (const secret of ['Whispered', 'Sought', '203.0.113.7']) expect(log).not.toContain(secret)
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('time')
})

describe('health', () => {
  test('is good while the database answers', async () => {
    const response = await app.inject('/api/health')
    expect(response.statusCode).toBe(200)
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.json()).toEqual({ status: 'ok', database: 'ok' })
  })

  test('is a problem while it does not, and says nothing of the inside', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
    const pool = { query: () => Promise.reject(refused) }
    const down = buildTestApp({ pool, store: createStore({ pool }) })
    expect((await down.inject('/health/live')).statusCode).toBe(200)
    for (const url of ['/api/health', '/health/ready', '/api/activities/home']) {
      const response = await down.inject(url)
      expect(response.statusCode).toBe(503)
      expect(response.headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'retry-after': '2',
      })
      expect(response.json()).toEqual({
        type: 'about:blank',
        title: 'Service Unavailable',
        status: 503,
        detail: 'The database cannot be reached.',
        errors: ['database_unavailable'],
        request_id: response.headers['x-request-id'],
      })
    }
  })
})

test('a database without the tables is our fault: 500, told to the log and not to the reader', async () => {
  const { clientConfig: emptyConfig } = await testClient()
  const emptyPool = openPool(emptyConfig, () => undefined)
  const log: string[] = []
  const store = createStore({ pool: emptyPool })
  const stream = { write: (line: string) => void log.push(line) }
  const broken = buildTestApp({ pool: emptyPool, store, log: { level: 'error', stream } })
  try {
    const response = await broken.inject('/api/activities/home')
    expect(response.statusCode).toBe(500)
    expect(response.body).not.toContain('activities')
    expect(log.join('')).toContain('does not exist')
  } finally {
    await broken.close()
    await emptyPool.end()
  }
})

test.each(['/api', '/api/', '/api/activities', '/api/nowhere?x=1'])(
  '%s is not there, and a problem says so',
  async (url) => {
    const response = await app.inject(url)
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toMatchObject({ status: 404, title: 'Not Found' })
  },
)

test.each([
  ['GET', '/', 200],
  ['GET', '/favicon.svg', 200],
  ['GET', '/api/activities/home', 200],
  ['GET', '/nowhere', 404],
  ['GET', '/api/nowhere', 404],
  ['POST', '/api/activities/home', 404],
  ['GET', '/%zz', 400],
] as const)('%s %s carries the security headers', async (method, url, status) => {
  const response = await app.inject({ method, url })
  expect(response.statusCode).toBe(status)
  expect(response.headers).toMatchObject({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  })
})
