import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { describe, expect, test } from 'vitest'
import { addActivity } from '../db/test-client.ts'
import { contractWorld, me } from './contract-world-testing.ts'
import { components } from './schemas.ts'
import { signedInAs } from './testing.ts'

const { client, app, document, contract, operations, send } = await contractWorld()
const guarded = operations.filter(({ responses }) => '401' in responses)
const withBody = operations.filter(({ body }) => body !== undefined)

describe('the document', () => {
  test('is OpenAPI 3.1 and names every route of the API once', () => {
    expect(document.openapi).toBe('3.1.0')
    const ids = operations.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).not.toContain(undefined)
    const routes = operations.map(({ method, path }) => `${method} ${path}`).sort()
    expect(routes).toMatchInlineSnapshot(`
      [
        "DELETE /api/activities/{uuid}",
        "DELETE /api/activities/{uuid}/like",
        "DELETE /api/activities/{uuid}/repost",
        "DELETE /api/me",
        "DELETE /api/users/@{handle}/block",
        "DELETE /api/users/@{handle}/follow",
        "GET /api/activities/@{handle}",
        "GET /api/activities/@{handle}/replies",
        "GET /api/activities/@{handle}/reposts",
        "GET /api/activities/@{handle}/status/{uuid}",
        "GET /api/activities/following",
        "GET /api/activities/home",
        "GET /api/activities/notifications",
        "GET /api/activities/search",
        "GET /api/activities/{uuid}",
        "GET /api/activities/{uuid}/replies",
        "GET /api/admin/reports",
        "GET /api/health",
        "GET /api/me/export",
        "GET /api/session",
        "GET /api/users/@{handle}/short",
        "GET /health/live",
        "GET /health/ready",
        "POST /api/activities",
        "POST /api/activities/notifications/read",
        "POST /api/activities/{uuid}/reply",
        "POST /api/activities/{uuid}/report",
        "POST /api/admin/reports/{uuid}/decision",
        "POST /api/profile/update",
        "PUT /api/activities/{uuid}/like",
        "PUT /api/activities/{uuid}/repost",
        "PUT /api/users/@{handle}/block",
        "PUT /api/users/@{handle}/follow",
      ]
    `)
  })

  test('declares each part of an address', () => {
    for (const { id, path, parameters } of operations) {
      const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name)
      const used = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(declared.sort(), id).toEqual(used.sort())
    }
  })

  test('has only examples that are right', () => {
    let count = 0
    for (const { $id, examples = [] } of components as { $id: string; examples?: unknown[] }[]) {
      const validate = contract.compile({ $ref: `#/components/schemas/${$id}` })
      for (const example of examples) {
        count++
        expect(validate(example) ? [] : validate.errors, $id).toEqual([])
      }
    }
    for (const { id, body, example } of withBody) {
      const validate = contract.compile(body ?? {})
      count++
      expect(validate(example) ? [] : validate.errors, id).toEqual([])
    }
    expect(count).toBeGreaterThan(12)
  })
})

describe('right', () => {
  test.each(operations)('$method $path', async (operation) => {
    const response = await send(operation)
    expect(response.statusCode).toBeLessThan(300)
  })

  test.each(guarded.filter((each) => each.open))('$method $path, also for who is signed in', async (operation) => {
    expect((await send(operation, { headers: me })).statusCode).toBe(200)
  })

  test.each(guarded.filter(({ method }) => method === 'GET'))(
    '$method $path is told not to have changed',
    async (operation) => {
      const { headers } = await send(operation)
      const again = await send(operation, { headers: { 'if-none-match': String(headers['etag']) } })
      expect(again.statusCode).toBe(304)
    },
  )
})

describe('twice', () => {
  test.each(operations.filter(({ method }) => method !== 'POST'))('$method $path', async (operation) => {
    const first = await send(operation)
    const second = await send(operation)
    if (operation.method === 'GET' || operation.method === 'PUT' || first.statusCode === 200) {
      expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body])
    } else expect([404, 409]).toContain(second.statusCode)
  })

  test.each(operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'idempotency-key')))(
    '$method $path with the same key says one thing',
    async (operation) => {
      const headers = { 'idempotency-key': randomUUID() }
      const first = await send(operation, { headers })
      const second = await send(operation, { headers })
      expect([first.statusCode, second.statusCode]).toEqual([201, 200])
      expect(second.json()).toEqual(first.json())
      expect(second.headers['location']).toBe(first.headers['location'])
      const other = await send(operation, { headers, body: { ...operation.example, message: 'Something else' } })
      expect([other.statusCode, other.json().errors]).toEqual([422, ['idempotency_key_reused']])
      const wrong = await send(operation, { headers: { 'idempotency-key': 'no uuid' } })
      expect([wrong.statusCode, wrong.json().errors]).toEqual([422, ['idempotency_key_invalid']])
      const theirs = await send(operation, { headers: { ...headers, ...signedInAs('sub-bayko') } })
      expect(theirs.statusCode).toBe(201)
    },
  )

  test.each(operations.filter(({ method }) => method === 'POST'))(
    '$method $path without a key is no fault',
    async (operation) => {
      await send(operation)
      expect((await send(operation)).statusCode).toBeLessThan(500)
    },
  )
})

test('the pages of a list go on where the one before ends', async () => {
  const { rows } = await client.query<{ uuid: string }>(`select uuid from users where handle = 'bayko'`)
  for (let count = 0; count < 5; count++) await addActivity(client, rows[0]?.uuid ?? '', { message: `Number ${count}` })
  const seen: string[] = []
  let url: string | undefined = '/api/activities/home?limit=2'
  while (url !== undefined) {
    const { body, headers }: LightMyRequestResponse = await app.inject(url)
    seen.push(...(JSON.parse(body) as { uuid: string }[]).map(({ uuid }) => uuid))
    url = /^<([^>]+)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1]
  }
  expect(seen).toHaveLength(7)
  expect(new Set(seen).size).toBe(7)
})
