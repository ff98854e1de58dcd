import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import pg from 'pg'
import type { SignedOut } from './identity.ts'

/** The channel that the statements of the store notify. */
const channel = 'cruddur'

const heartbeatMs = 20_000
/** How long a browser waits before it comes back to a stream that ended. */
const retryMs = 3_000
/** A client that has not read this much is too slow to be kept. */
const maxUnreadBytes = 64 * 1024

/** What a notification may be about; nothing else is passed on. */
const types = new Set(['created', 'deleted', 'counts'])

interface EventsOptions {
  log: FastifyBaseLogger
  maxClients: number
  /** Hears of sessions that have ended; no stream does. */
  signedOut?: (ended: SignedOut) => void
}

/** The open streams of a process, and the one connection that they live on. */
export class Events {
  readonly #log: FastifyBaseLogger
  readonly #clients = new Set<ServerResponse>()
  readonly #stop = new AbortController()
  readonly #maxClients: number
  readonly #signedOut: (ended: SignedOut) => void
  #heartbeat: NodeJS.Timeout | undefined
  #listening: Promise<void> = Promise.resolve()

  constructor({ log, maxClients, signedOut = () => undefined }: EventsOptions) {
    this.#log = log
    this.#maxClients = maxClients
    this.#signedOut = signedOut
  }

  get clients(): number {
    return this.#clients.size
  }

  get full(): boolean {
    return this.#stop.signal.aborted || this.#clients.size >= this.#maxClients
  }

  /** Begins to listen at the database, and goes on through its restarts until `close`. */
  listen(config: pg.ClientConfig): void {
    this.#listening = this.#listenForEver(config)
  }

  /** Takes a response over, whose head is written, and sends it every event from now on. */
  add(client: ServerResponse): void {
    this.#heartbeat ??= setInterval(() => this.#send(':\n\n'), heartbeatMs).unref()
    this.#clients.add(client)
    client.once('close', () => this.#clients.delete(client))
    client.once('error', () => client.destroy())
    client.write(`retry: ${retryMs}\n\n`)
  }

  /** Ends all streams; browsers come back to another process. */
  async close(): Promise<void> {
    this.#stop.abort()
    clearInterval(this.#heartbeat)
    for (const client of this.#clients) client.end()
    await this.#listening
  }

  #send(frame: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > maxUnreadBytes) client.destroy()
      else client.write(frame)
    }
  }

  #announce(payload: string): void {
    const { type, ...data } = readNotification(payload)
    if (type === 'signed_out') this.#signedOut(data)
    else if (types.has(String(type))) this.#send(`event: ${String(type)}\ndata: ${JSON.stringify(data)}\n\n`)
    else this.#log.warn('A notification is none of ours')
  }

  async #listenForEver(config: pg.ClientConfig): Promise<void> {
    const { signal } = this.#stop
    let failures = 0
    let lost = false
    while (!signal.aborted) {
      try {
        await this.#listenOnce(config, () => {
          failures = 0
          // Whoever was here in the meantime has missed something.
          if (lost) this.#send('event: resync\ndata: {}\n\n')
        })
      } catch (error) {
        if (signal.aborted) return
        lost = true
        if (failures === 0) this.#log.warn({ err: error }, 'No live events: the listening connection is lost')
        const pauseMs = Math.min(10_000, 250 * 2 ** failures++) * (0.75 + Math.random() / 2)
        await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
  }

  /** Listens until the connection is lost, which it throws. */
  async #listenOnce(config: pg.ClientConfig, onListening: () => void): Promise<void> {
    const client = new pg.Client({
      ...config,
      application_name: 'cruddur events',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    })
    const { promise, reject } = lossOf(client, this.#stop.signal)
    let probe: NodeJS.Timeout | undefined
    try {
      client.on('notification', ({ payload = '' }) => this.#announce(payload))
      await client.connect()
      await client.query(`listen ${channel}`)
      onListening()
      // A connection that died without a word is noticed by asking.
      probe = setInterval(() => void client.query('select 1').catch(reject), heartbeatMs).unref()
      await promise
    } finally {
      clearInterval(probe)
      await client.end().catch(() => undefined)
    }
  }
}

/** A promise that is rejected when the connection is lost, or not wanted any more. */
function lossOf(client: pg.Client, signal: AbortSignal): { promise: Promise<never>; reject(error: unknown): void } {
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<never>((_resolve, onLoss) => {
    reject = onLoss
  })
  // It may be lost before somebody waits for it.
  promise.catch(() => undefined)
  // The driver has a second one, where the first was the server's last word.
  client.on('error', reject)
  client.once('end', () => reject(new Error('The connection ended')))
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return { promise, reject }
}

/** A notification of ours; without a type where it is none. */
function readNotification(payload: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(payload)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}
