import { isSocket, type Address } from '../address.ts'
import { WireError } from './error.ts'
import { ServerError, type ServerFields } from './replies.ts'
import { SocketChannel } from './socket-channel.ts'
import { openSocket } from './socket.ts'

/** Who gets what the server sends. */
export interface Receiver {
  /**
   * Every message but ParameterStatus and NotificationResponse, in order: its type and its body, which is a view, valid
   * during the call. What it throws ends the connection.
   */
  message(type: number, body: Buffer): void
  /** The connection ended; nothing more will come. Called once. */
  failed(error: unknown): void
  /** Whether the server still has something to do. Without it, it has until it says that it is ready. */
  readonly busy?: boolean
}

/** A connection as bytes and messages: what they mean is known above. */
export interface Channel {
  /** 0: the server did not tell. */
  readonly processId: number
  /** What the server reports of itself: server_version, client_encoding … */
  readonly parameters: ReadonlyMap<string, string>
  readonly encrypted: boolean
  /** The address that the host's name led to; undefined: a Unix socket. */
  readonly peerAddress: string | undefined
  /** What encrypts it, if anything does. */
  readonly encryption: Encryption | undefined
  /** Whether the server has asked for the password. */
  readonly passwordUsed: boolean
  /** Idle, in a transaction, or in one that failed: as of the last ReadyForQuery. */
  readonly transactionStatus: TransactionStatus
  /** Why it cannot be used any more; undefined while it can. */
  readonly failure: unknown
  /**
   * Who gets the messages. Without one, notices go to `onNotice`. One that is set when the channel has failed already is
   * told soon afterwards.
   */
  receiver: Receiver | undefined
  /** Hands bytes to the socket; they must not be changed until written. False: wait for `drained` before the next. */
  write(...pieces: readonly Uint8Array[]): boolean
  /** Resolves when the socket takes more, or when the channel failed. */
  drained(): Promise<void>
  /** Stops reading. Messages that have arrived already may still be delivered. */
  pause(): void
  resume(): void
  /** Asks the server to cancel what runs, over a connection of its own. Never throws, nor tells whether it helped. */
  cancel(): Promise<void>
  /** Says goodbye, or hangs up where something still runs. Resolves when the socket is closed, soon. Never throws. */
  close(): Promise<void>
  /** Says goodbye and does not wait for the server to hang up, which takes a round trip. */
  leave(): void
}

/** As OpenSSL names it: `TLSv1.3`, `TLS_AES_256_GCM_SHA384`. */
export interface Encryption {
  readonly protocol: string
  readonly cipher: string
  readonly keyBits: string
  readonly alpn: string
}

export type TransactionStatus = 'I' | 'T' | 'E'

export interface ChannelOptions {
  /** `application_name`. */
  application: string
  /** Command-line options for the session: `-c name=value`. */
  settings?: string | undefined
  onNotice?: ((fields: ServerFields) => void) | undefined
  /** Stops the making of the channel, which then throws its reason; what comes later is its owner's. */
  signal?: AbortSignal | undefined
}

/**
 * Opens a channel and logs in. Throws a `ServerError`, a `WireError`, what the operating system or TLS say, or the
 * signal's reason.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export async function openChannel(address: Address, options: ChannelOptions): Promise<Channel> {
  const { signal } = options
  signal?.throwIfAborted()
  const stop = new AbortController()
  const abort = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', abort)
  const timer = afterSeconds(address.connectTimeoutSeconds, () =>
    stop.abort(new WireError('timeout', 'The server did not answer in time.')),
  )
  try {
    return await openPreferred(address, options, stop.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

/** 0: never. */
function afterSeconds(seconds: number, work: () => void): NodeJS.Timeout | undefined {
  return seconds > 0 ? setTimeout(work, seconds * 1000) : undefined
}

async function openPreferred(address: Address, options: ChannelOptions, stop: AbortSignal): Promise<Channel> {
  const [first, second] = encryptionAttempts(address)
  try {
    return await openOnce(address, options, first, stop)
  } catch (error) {
    if (second === undefined || stop.aborted || !isTlsDisagreement(error)) throw error
    return openOnce(address, options, second, stop)
  }
}

/** As libpq: `prefer` falls back to plain, `allow` falls back to TLS, sockets are never encrypted. */
function encryptionAttempts({ host, tls }: Address): [first: boolean, second?: boolean] {
  if (isSocket(host) || tls.mode === 'disable') return [false]
  if (tls.mode === 'prefer') return [true, false]
  if (tls.mode === 'allow') return [false, true]
  return [true]
}

function isTlsDisagreement(error: unknown): boolean {
  if (error instanceof WireError) return error.code === 'no_tls'
  return error instanceof ServerError && /no pg_hba\.conf entry.*(no encryption|SSL off)/.test(error.message)
}

async function openOnce(
  address: Address,
  options: ChannelOptions,
  encrypted: boolean,
  stop: AbortSignal,
): Promise<Channel> {
  const socket = await openSocket(address, encrypted, stop)
  const channel = new SocketChannel(socket, address, encrypted, options.onNotice)
  const hangUp = () => channel.fail(stop.reason)
  stop.addEventListener('abort', hangUp)
  try {
    await channel.start(options)
    return channel
  } catch (error) {
    channel.fail(error)
    throw stop.aborted ? stop.reason : error
  } finally {
    stop.removeEventListener('abort', hangUp)
  }
}
