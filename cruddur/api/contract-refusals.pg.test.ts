import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { requestOf } from './contract-testing.ts'
import { contractWorld, me } from './contract-world-testing.ts'
import type { Schema } from './schemas.ts'
import { buildTestApp, signedInAs, testSettings } from './testing.ts'

const { client, pool, store, app, contract, operations, fill, send } = await contractWorld()
const guarded = operations.filter(({ responses }) => '401' in responses)
const closed = operations.filter((each) => each.closed)
const withBody = operations.filter(({ body }) => body !== undefined)
const listed = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'limit'))

describe('wrong', () => {
  const wrongInPath = {
    uuid: ['x', 'home2', '0193a7e2-8a4c-7b1e-9c55-3f2d8b7a6c1', `${randomUUID()}0`, '%00', "' or 1=1--"],
    // A Cyrillic а, a full-width a, and one letter too many.
    handle: ['аndrewbrown', 'ａndrewbrown', 'x'.repeat(33), 'a b', "a'--", '%00', 'a%2Fb'],
  }

  test.each(operations.filter(({ path }) => path.includes('{')))(
    '$method $path with an address of nothing',
    async (operation) => {
      for (const name of operation.parameters.filter((each) => each.in === 'path').map((each) => each.name)) {
        for (const value of wrongInPath[name as keyof typeof wrongInPath]) {
          const response = await send(operation, { path: { [name]: encodeURI(value) } })
          expect(response.statusCode, value).toBe(404)
        }
      }
    },
  )

  test.each(listed)('$method $path with a query that it does not know', async (operation) => {
    const wrong: [Record<string, string>, string][] = [
      [{ limit: '0' }, 'limit_invalid'],
      [{ limit: 'x' }, 'limit_invalid'],
      [{ limit: '1.5' }, 'limit_invalid'],
      [{ limit: '-1' }, 'limit_invalid'],
      [{ cursor: 'a.b' }, 'cursor_invalid'],
      [{ cursor: 'AAAA' }, 'cursor_invalid'],
      [{ cursor: '_'.repeat(32) }, 'cursor_invalid'],
      [{ offset: '1' }, 'unknown_property'],
    ]
    const known = operation.parameters.map(({ name }) => name)
    for (const [query, code] of wrong) {
      if ('cursor' in query && !known.includes('cursor')) continue
      const response = await send(operation, { query })
      expect([response.statusCode, response.json().errors], JSON.stringify(query)).toEqual([422, [code]])
    }
  })

  test.each(withBody)('$method $path with a body that is none', async (operation) => {
    for (const body of [[], 'text', null, 5, { ...operation.example, user_uuid: randomUUID() }]) {
      const filling = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      expect((await send(operation, filling)).statusCode, JSON.stringify(body)).toBe(422)
    }
    const json = { headers: { 'content-type': 'application/json' } }
    for (const body of ['', '{', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}']) {
      expect((await send(operation, { ...json, body })).statusCode, body).toBe(400)
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const filling = { body: JSON.stringify(operation.example), headers: { 'content-type': type } }
      expect((await send(operation, filling)).statusCode, type).toBe(415)
    }
  })

  test.each(withBody)('$method $path with wrong and missing parts', async (operation) => {
    const { properties, required = [] } = operation.body as { properties: Record<string, Schema>; required?: string[] }
    for (const name of Object.keys(properties)) {
      for (const value of [5, null, ['x'], { a: 1 }]) {
        const response = await send(operation, { body: { ...operation.example, [name]: value } })
        expect([response.statusCode, response.json().errors.length], `${name}: ${JSON.stringify(value)}`).toEqual([
          422, 1,
        ])
      }
    }
    for (const name of required) {
      const response = await send(operation, { body: { ...operation.example, [name]: undefined } })
      expect([response.statusCode, response.json().errors]).toEqual([422, [`${name}_blank`]])
    }
    const all = await send(operation, { body: {} })
    expect(all.json().errors).toHaveLength(required.length)
  })
})

describe('unauthorised', () => {
  test.each(closed)('$method $path', async (operation) => {
    const filling = fill(operation)
    const response = await app.inject({ ...requestOf(operation, filling), headers: {} })
    contract.check(operation, response)
    expect(response.statusCode).toBe(operation.path.startsWith('/api/admin/') ? 404 : 401)
  })

  test.each(guarded)('$method $path with a token that does not hold', async (operation) => {
    const response = await send(operation, { headers: signedInAs('!forged') })
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toContain('invalid_token')
  })

  test.each(operations.filter(({ method, responses }) => method !== 'GET' && '403' in responses))(
    '$method $path with the cookie, from another page',
    async (operation) => {
      const headers = { cookie: 'session=sub-andrewbrown', origin: 'https://evil.example' }
      const response = await app.inject({ ...requestOf(operation, fill(operation)), headers })
      contract.check(operation, response)
      expect(response.statusCode).toBe(403)
    },
  )
})

describe('foreign', () => {
  test.each(operations.filter(({ path }) => path.startsWith('/api/admin/')))(
    '$method $path for who is no admin',
    async (operation) => {
      expect((await send(operation, { headers: me })).statusCode).toBe(404)
    },
  )

  test('somebody else’s activity is not mine to delete, and stays', async () => {
    const operation = operations.find(({ id }) => id === 'deleteActivity')!
    const path = fill({ ...operation, id: 'others' }).path ?? {}
    expect((await send(operation, { path })).statusCode).toBe(404)
    expect((await app.inject(`/api/activities/${path['uuid']}`)).statusCode).toBe(200)
  })

  test.each(operations.filter(({ path }) => path.includes('{uuid}')))(
    '$method $path of what is not there',
    async (operation) => {
      for (const [uuid, gone] of [
        ['0193a7e2-8a4c-7b1e-9c55-3f2d8b7a6c10', true],
        [randomUUID(), false],
      ] as const) {
        const { statusCode } = await send(operation, { path: { uuid } })
        expect(statusCode, uuid).toBe(gone && operation.method === 'GET' ? 410 : 404)
      }
    },
  )

  test.each(operations.filter(({ path }) => path.includes('{handle}')))(
    '$method $path of who is not there',
    async (operation) => {
      expect([404, 410]).toContain((await send(operation, { path: { handle: 'nobody_at_all' } })).statusCode)
    },
  )

  test.each(closed.filter(({ path }) => !path.startsWith('/api/admin/')))(
    '$method $path for who has no row yet',
    async (operation) => {
      const response = await send(operation, { headers: signedInAs('sub-newcomer') })
      if (operation.method === 'GET' && operation.id !== 'exportAccount') expect(response.json()).toEqual([])
      else {
        expect([response.statusCode, response.json().errors]).toEqual([409, ['account_pending']])
        expect(response.headers['retry-after']).toBe('2')
      }
    },
  )
})

describe('too long', () => {
  test.each(withBody)('$method $path', async (operation) => {
    const { properties } = operation.body as { properties: Record<string, { maxLength?: number }> }
    for (const [name, { maxLength }] of Object.entries(properties)) {
      if (maxLength === undefined) continue
      const filled = (length: number) => ({ body: { ...operation.example, [name]: '💜'.repeat(length) } })
      const over = await send(operation, filled(maxLength + 1))
      expect([over.statusCode, over.json().errors]).toEqual([422, [`${name}_exceed_max_chars`]])
      // A handle of hearts is nobody's, but not too long.
      const full = await send(operation, filled(maxLength))
      expect(full.statusCode < 300 ? [] : full.json().errors).toEqual(name === 'handle' ? ['handle_invalid'] : [])
    }
  })

  test.each(withBody)('$method $path with a body of 10 MB', async (operation) => {
    const filling = {
      body: JSON.stringify({ message: 'a'.repeat(10_000_000) }),
      headers: { 'content-type': 'application/json' },
    }
    expect((await send(operation, filling)).statusCode).toBe(413)
  })

  test.each(
    operations.filter(({ parameters }) => parameters.some((each) => each.in === 'query' && each.schema['maxLength'])),
  )('$method $path in the query', async (operation) => {
    for (const { name, schema } of operation.parameters.filter((each) => each.in === 'query')) {
      if (typeof schema['maxLength'] !== 'number') continue
      const response = await send(operation, { query: { [name]: 'x'.repeat(schema['maxLength'] + 1) } })
      expect([response.statusCode, response.json().errors]).toEqual([422, [`${name}_exceed_max_chars`]])
    }
  })
})

describe('too many', () => {
  test.each(listed)('$method $path', async (operation) => {
    expect((await send(operation, { query: { limit: '40' } })).statusCode).toBe(200)
    const response = await send(operation, { query: { limit: '41' } })
    expect([response.statusCode, response.json().errors]).toEqual([422, ['limit_invalid']])
  })

  test.each(operations.filter(({ responses }) => '429' in responses))('$method $path too often', async (operation) => {
    const kinds = ['READS', 'READS_SIGNED_IN', 'WRITES', 'POSTS']
    const limits = Object.fromEntries(kinds.map((kind) => [`RATE_LIMIT_${kind}`, '1']))
    const strict = buildTestApp({ pool, store, settings: testSettings(limits) })
    await client.query('delete from rate_limits')
    const once = await send(operation, {}, strict)
    expect(once.statusCode).toBeLessThan(300)
    expect(once.headers['ratelimit']).toMatch(/^"\w+";r=0;t=\d+$/)
    const twice = await send(operation, {}, strict)
    expect(twice.statusCode).toBe(429)
    expect(Number(twice.headers['retry-after'])).toBeGreaterThan(0)
    await strict.close()
  })
})
