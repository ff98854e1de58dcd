import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { testClient } from '../db/test-client.ts'
import type { SignedOut } from './identity.ts'
import { buildTestApp, partialStore, testAuthenticator, testSettings } from './testing.ts'

const { client, clientConfig } = await testClient()

interface Stream {
  response: Response
  /** All that has come. */
  read(): string
  /** Settles when the server has ended it. */
  ended: Promise<void>
}

async function serve(options: Partial<Parameters<typeof buildTestApp>[0]> = {}): Promise<string> {
  return listenOn(buildTestApp({ store: partialStore({}), listen: clientConfig, ...options }))
}

async function listenOn(app: FastifyInstance): Promise<string> {
  // One app at a time, so that a listener is that of the app.
  onTestFinished(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [address] = app.addresses() as AddressInfo[]
  await expect.poll(listeners).toBe(1)
  return `http://127.0.0.1:${address?.port}`
}

async function listeners(): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where application_name = 'cruddur events' and datname = current_database() and query like 'listen%'`,
  )
  return rows[0]?.count ?? 0
}

async function openStream(address: string): Promise<Stream> {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const response = await fetch(`${address}/api/events`, { signal: abort.signal })
  let text = ''
  const follow = async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString()
  }
  return { response, read: () => text, ended: follow().catch(() => undefined) }
}

const notify = (payload: unknown) => client.query('select pg_notify($1, $2)', ['cruddur', JSON.stringify(payload)])

test('everybody hears what happens, and nothing that is none of ours', async () => {
  const address = await serve()
  const streams = [await openStream(address), await openStream(address)]
  expect(streams[0]?.response.status).toBe(200)
  const headers = Object.fromEntries(streams[0]?.response.headers ?? [])
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(headers['x-request-id']).toBeDefined()
  await client.query(`select pg_notify('cruddur', 'no json')`)
  await notify({ type: 'gossip', text: 'secret' })
  await notify(null)
  await notify({ type: 'created', uuid: 'u1', handle: 'bayko', reply_to_activity_uuid: null })
  await notify({ type: 'counts', uuid: 'u1', likes_count: 1, reposts_count: 0, replies_count: 0 })
  await notify({ type: 'deleted', uuid: 'u1' })
  const expected = [
    'retry: 3000\n\n',
    'event: created\ndata: {"uuid":"u1","handle":"bayko","reply_to_activity_uuid":null}\n\n',
    'event: counts\ndata: {"uuid":"u1","likes_count":1,"reposts_count":0,"replies_count":0}\n\n',
    'event: deleted\ndata: {"uuid":"u1"}\n\n',
  ].join('')
  for (const { read } of streams) await expect.poll(read).toBe(expected)
})

test('sessions that end are told to who knows them, and to no stream', async () => {
  const told: SignedOut[] = []
  const authenticator = { ...testAuthenticator, signedOut: (ended: SignedOut) => void told.push(ended) }
  const stream = await openStream(await serve({ authenticator }))
  await notify({ type: 'signed_out', sub: 'secret' })
  await expect.poll(() => told).toEqual([{ sub: 'secret' }])
  await notify({ type: 'deleted', uuid: 'u1' })
  await expect.poll(stream.read).toContain('deleted')
  expect(stream.read()).not.toContain('secret')
})

test('a listener that is ended comes back, and says that something may have been missed', async () => {
  const stream = await openStream(await serve())
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cruddur events' and datname = current_database()`,
  )
  await expect.poll(stream.read, { timeout: 10_000 }).toContain('event: resync\ndata: {}\n\n')
  await notify({ type: 'deleted', uuid: 'u2' })
  await expect.poll(stream.read).toContain('"u2"')
})

test('there is a bound to the streams, and a place is free again when one leaves', async () => {
  const address = await serve({ settings: testSettings({ MAX_EVENT_CLIENTS: '1' }) })
  const abort = new AbortController()
  const first = await fetch(`${address}/api/events`, { signal: abort.signal })
  expect(first.status).toBe(200)
  const refused = await fetch(`${address}/api/events`)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('30')
  abort.abort()
  await expect.poll(async () => (await openStream(address)).response.status).toBe(200)
})

test('who does not read is dropped, and the others hear on', async () => {
  const metricsOf = async (address: string) => (await fetch(`${address}/metrics`)).text()
  const address = await serve()
  const { port } = new URL(address)
  const slow = connect(Number(port), '127.0.0.1')
  onTestFinished(() => void slow.destroy())
  slow.on('error', () => undefined)
  await once(slow, 'connect')
  slow.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  slow.pause()
  const stream = await openStream(address)
  await expect.poll(() => metricsOf(address)).toContain('cruddur_event_clients 2')
  const long = 'x'.repeat(7_000)
  await expect
    .poll(
      async () => {
        for (let count = 0; count < 100; count++) await notify({ type: 'deleted', uuid: long })
        return metricsOf(address)
      },
      { timeout: 30_000, interval: 10 },
    )
    .toContain('cruddur_event_clients 1')
  await notify({ type: 'deleted', uuid: 'the last' })
  await expect.poll(stream.read).toContain('the last')
})

test('when the process stops streams end, and what runs is finished first', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  let asked = false
  const store = partialStore({
    readHome: async () => {
      asked = true
      await held
      return { body: '["the answer"]', next: null, expiresInMs: null }
    },
  })
  const app = buildTestApp({ store, listen: clientConfig })
  const address = await listenOn(app)
  const stream = await openStream(address)
  const running = fetch(`${address}/api/activities/home`)
  await expect.poll(() => asked).toBe(true)
  const closing = app.close()
  await stream.ended
  await expect.poll(() => fetch(address).catch(() => 'refused')).toBe('refused')
  release()
  expect(await (await running).json()).toEqual(['the answer'])
  await closing
  await expect.poll(listeners).toBe(0)
})

test('what does not end in its time is cut off', async () => {
  const store = partialStore({ readHome: () => new Promise(() => {}) })
  const app = buildTestApp({ store, settings: testSettings({ STOP_SECONDS: '0' }) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [address] = app.addresses() as AddressInfo[]
  const running = fetch(`http://127.0.0.1:${address?.port}/api/activities/home`).then(
    () => 'answered',
    () => 'cut off',
  )
  await expect.poll(async () => (await app.inject('/metrics')).body).toContain('cruddur_requests_in_flight 1')
  await app.close()
  expect(await running).toBe('cut off')
})
