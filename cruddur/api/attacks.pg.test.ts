import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addActivity, addPerson, testClient } from '../db/test-client.ts'
import { operationsOf, readDocument, requestOf } from './contract-testing.ts'
import { openPool } from './database.ts'
import type { Schema } from './schemas.ts'
import { createStore } from './store/create-store.ts'
import { buildTestApp, signedInAs } from './testing.ts'

const { client, clientConfig } = await testClient('schema.sql')
const pool = openPool(clientConfig, () => undefined)
afterAll(() => pool.end())
const app = buildTestApp({ pool, store: createStore({ pool }) })
const operations = operationsOf(await readDocument(app)).filter(({ id }) => id !== 'readEvents')
const me = signedInAs('sub-andrewbrown')
let uuid = ''

beforeAll(async () => {
  await addPerson(client, 'andrewbrown')
  uuid = await addActivity(client, await addPerson(client, 'bayko'))
})

const say = (body: object) => app.inject({ method: 'POST', url: '/api/activities', headers: me, payload: body })

describe('script', () => {
  const scripts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    `</script><svg/onload=alert(1)>`,
    'javascript:alert(1)',
    '{{constructor.constructor("alert(1)")()}}',
    '\u2028\u2029<!--<script>',
  ]

  test.each(scripts)('%j in a message stays text, in what no browser takes for a page', async (message) => {
    const created = await say({ message, ttl: '1-hour' })
    expect(created.statusCode).toBe(201)
    const shown = await app.inject(String(created.headers['location']))
    for (const { headers } of [created, shown]) {
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toContain("default-src 'none'")
    }
    expect(shown.json().activity.message).toBe(message.replaceAll(/[\u2028\u2029]/g, '\n').trim())
  })

  test.each(scripts)('%j in a name and a biography stays text', async (display_name) => {
    const payload = { display_name, bio: display_name }
    const changed = await app.inject({ method: 'POST', url: '/api/profile/update', headers: me, payload })
    expect(changed.statusCode).toBe(200)
    expect(changed.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(changed.json()).toMatchObject({ display_name: display_name.replaceAll(/\s+/g, ' ').trim() })
  })

  test.each(scripts)('%j is no handle', async (handle) => {
    expect((await app.inject(`/api/activities/@${encodeURIComponent(handle)}`)).statusCode).toBe(404)
    await expect(addPerson(client, handle)).rejects.toThrow('users_handle_alphabet')
  })
})

describe('SQL', () => {
  const injections = [
    `'; drop table activities; --`,
    `' or '1'='1`,
    `1; select pg_sleep(60)`,
    `') union select cognito_user_id from users --`,
    `\\'; delete from users; --`,
    `$1`,
    `%' escape '`,
    `\u0000`,
  ]

  /** All that a fault of ours could change. */
  async function read(): Promise<unknown> {
    const { rows } = await client.query(
      `select (select count(*) from users) as users, (select count(*) from activities where message = 'Hello') as said`,
    )
    return rows[0]
  }

  test.each(operations.filter(({ id }) => id !== 'deleteAccount'))(
    'does nothing in $method $path',
    async (operation) => {
      const before = await read()
      const { parameters, body } = operation
      const { properties = {} } = (body ?? {}) as { properties?: Record<string, Schema> }
      for (const injection of injections) {
        const path = { uuid, handle: 'bayko' }
        const query = operation.id === 'search' ? { term: 'x' } : {}
        const requests = [
          ...parameters.map(({ name, in: place }) =>
            requestOf(operation, {
              path: place === 'path' ? { ...path, [name]: encodeURIComponent(injection) } : path,
              query: place === 'query' ? { ...query, [name]: injection } : query,
              headers: place === 'header' ? { ...me, [name]: encodeURIComponent(injection) } : me,
            }),
          ),
          ...Object.keys(properties).map((name) =>
            requestOf(operation, { path, headers: me, body: { ...operation.example, [name]: injection } }),
          ),
        ]
        for (const request of requests) {
          const response = await app.inject(request)
          expect(response.statusCode, `${String(request.url)}: ${response.body}`).toBeLessThan(500)
          expect(response.body).not.toContain('sub-')
        }
      }
      expect(await read()).toEqual(before)
    },
  )
})

describe('what is not asked for', () => {
  test.each([
    { user_uuid: '0193a7e2-8a4c-7b1e-9c55-3f2d8b7a6c10' },
    { handle: 'bayko' },
    { likes_count: 1_000_000 },
    { expires_at: '2999-01-01T00:00:00Z' },
    { reply_to_activity_uuid: null },
    { sub: 'sub-bayko' },
  ])('%j is not taken from who says something', async (more) => {
    const response = await say({ message: 'Assigned', ttl: '1-hour', ...more })
    expect(response.statusCode).toBe(422)
    expect(response.json()).toMatchObject({ errors: ['unknown_property'] })
  })

  test('nothing of it was written', async () => {
    const { rows } = await client.query(`select 1 from activities where message = 'Assigned'`)
    expect(rows).toEqual([])
  })

  test('a method in a header is none', async () => {
    const headers = { ...me, 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
    await app.inject({ method: 'POST', url: `/api/activities/${uuid}?_method=DELETE`, headers })
    expect((await app.inject(`/api/activities/${uuid}`)).statusCode).toBe(200)
  })
})

describe('look-alike letters', () => {
  test.each([
    'bаyko', // a Cyrillic а
    'ｂayko', // full width
    'bay\u212ao', // the sign of the kelvin, which is k in small letters
    'bayk\u200bo', // and a space of no width
    'bayko\u0301',
    'BAYK\u1d0f',
  ])('%s is nobody', async (handle) => {
    expect((await app.inject(`/api/users/@${encodeURIComponent(handle)}/short`)).statusCode).toBe(404)
    await expect(addPerson(client, handle)).rejects.toThrow('users_handle_alphabet')
  })

  test('capitals are no other person', async () => {
    expect((await app.inject('/api/users/@BAYKO/short')).json()).toMatchObject({ handle: 'bayko' })
    await expect(addPerson(client, 'BayKo')).rejects.toThrow('users_handle_key')
  })
})

test.each([
  '/api/activities/../admin/reports',
  '/api/activities/%2e%2e/admin/reports',
  '/api/./admin/reports',
  '/api//admin/reports',
  '//api/admin/reports',
  '/api/admin%2freports',
  '/api/admin/reports/',
  '/API/admin/reports',
  '/api/admin/reports;x=1',
  '/api/admin/reports%00',
  '/api/admin/reports%23',
  '/api/admin\\reports',
  '/oidc/../api/admin/reports',
  'http://localhost/api/admin/reports',
])('%s leads to nothing that is closed', async (url) => {
  for (const headers of [{}, me]) {
    const response = await app.inject({ url, headers: { ...headers, 'x-original-url': '/api/admin/reports' } })
    expect([400, 404]).toContain(response.statusCode)
  }
})

test('a body that nests as deeply as it can is refused like any other', async () => {
  const headers = { ...me, 'content-type': 'application/json' }
  const payload = `${'['.repeat(8_000)}${']'.repeat(8_000)}`
  expect((await app.inject({ method: 'POST', url: '/api/activities', headers, payload })).statusCode).toBe(422)
})

test('@ may be written as %40', async () => {
  expect((await app.inject('/api/users/%40bayko/short')).statusCode).toBe(200)
})
