import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { addActivity, addPerson, testClient } from '../db/test-client.ts'
import { openPool } from './database.ts'
import { createStore } from './store/create-store.ts'
import { buildTestApp } from './testing.ts'

const { client, clientConfig } = await testClient('schema.sql')
const author = await addPerson(client, 'andrewbrown')
const pool = openPool(clientConfig, () => undefined)
const store = createStore({ pool })
const app = buildTestApp({ pool, store })
afterAll(async () => {
  await store.close()
  await pool.end()
})

interface Inlined {
  at: number
  answers: Record<string, { status: number; next: string | null; data: unknown }>
}

function inlinedOf(html: string): Inlined {
  const [, text = ''] = /<script type="application\/json" id="inlined">([^<]*)<\/script>/.exec(html) ?? []
  return JSON.parse(text) as Inlined
}

const filesOf = (html: string) => [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, url]) => url ?? '')

describe('the page', () => {
  test('comes with the feed in it, is never cached, and says the time', async () => {
    const uuid = await addActivity(client, author, { message: 'Told at once' })
    const response = await app.inject('/')
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    const { at, answers } = inlinedOf(response.body)
    expect(Math.abs(at - Date.now())).toBeLessThan(60_000)
    expect(answers['/api/activities/home']).toMatchObject({ status: 200 })
    expect(answers['/api/activities/home']?.data).toContainEqual(expect.objectContaining({ uuid }))
  })

  test('holds what people wrote as data, which ends no element', async () => {
    const message = '</script><script>alert(1)</script><!-- & \u2028 "'
    await addActivity(client, author, { message })
    const { body } = await app.inject({ url: '/', headers: { cookie: 'session=sub-andrewbrown' } })
    expect(body).not.toContain('<script>alert')
    expect(body.match(/<\/script>/g)).toHaveLength(2)
    expect(inlinedOf(body).answers['/api/activities/home']?.data).toContainEqual(expect.objectContaining({ message }))
  })

  test('has no script and no style in itself', async () => {
    const { body } = await app.inject('/')
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=/)
    for (const [tag] of body.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/ src="\/assets\/|application\/json/)
  })

  test('its files are there, small, and are kept for ever, since a change gives them another name', async () => {
    const { body } = await app.inject('/')
    const assets = filesOf(body).filter((url) => url.startsWith('/assets/'))
    expect(assets.length).toBeGreaterThanOrEqual(2)
    for (const url of assets) {
      const plain = await app.inject(url)
      expect(plain.statusCode, url).toBe(200)
      expect(plain.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
      })
      for (const [encoding, unpack] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const packed = await app.inject({ url, headers: { 'accept-encoding': encoding } })
        expect(packed.headers['content-encoding']).toBe(encoding)
        expect(unpack(packed.rawPayload).equals(plain.rawPayload)).toBe(true)
      }
    }
    expect((await app.inject('/favicon.svg')).headers['content-type']).toBe('image/svg+xml')
  })

  test('the script of the first view is under 30 kB', async () => {
    const { body } = await app.inject('/')
    let bytes = 0
    for (const url of filesOf(body).filter((url) => url.endsWith('.js')))
      bytes += (await app.inject({ url, headers: { 'accept-encoding': 'br, gzip' } })).rawPayload.length
    expect(bytes).toBeGreaterThan(5_000)
    expect(bytes).toBeLessThan(30_000)
  })

  test.each([
    ['br', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', undefined],
  ])('who takes %s is sent %s', async (accepted, encoding) => {
    const response = await app.inject({ url: '/', headers: { 'accept-encoding': accepted } })
    expect(response.headers['content-encoding']).toBe(encoding)
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? '']
    expect((unpack?.(response.rawPayload) ?? response.rawPayload).toString()).toContain('id="app"')
  })

  test.each(['/following', '/notifications', '/search?term=x', '/settings', '/moderation', '/welcome'])(
    '%s is a view of it',
    async (url) => {
      const response = await app.inject(url)
      expect(response.statusCode).toBeLessThan(500)
      expect(response.body).toContain('id="app"')
      expect(response.headers['cache-control']).toBe('no-store')
    },
  )

  test.each([
    '/nowhere',
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/../index.html',
    '/missing.html',
    '/index.html',
    '/assets/',
    '/@',
    '/@a%2fb',
    '/@bayko/status/1',
    '/@bayko/nowhere',
    `/@${'a'.repeat(33)}`,
  ])('%s is not there, and a page says so', async (url) => {
    const response = await app.inject(url)
    expect(response.statusCode).toBe(404)
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(response.body).toContain('There is nothing here')
    for (const file of filesOf(response.body).filter((file) => file !== '/'))
      expect((await app.inject(file)).statusCode, file).toBe(200)
  })
})
