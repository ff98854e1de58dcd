import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Address } from '../address.ts'
import type { Channel, ChannelOptions, Encryption, Receiver, TransactionStatus } from './channel.ts'
import { cutFrames } from './frames.ts'
import { logIn, type BackendKey } from './login.ts'
import { WireError } from './error.ts'
import { readFields, readText, reply, ServerError, type ServerFields } from './replies.ts'
import { cancelRequest, terminate } from './requests.ts'
import { openSocket } from './socket.ts'

/** A request to cancel, or a goodbye, that takes longer is given up. */
const cancelSeconds = 5
const closeSeconds = 2

/** A channel over a socket that is open. It is of use when it has logged in. */
export class SocketChannel implements Channel {
  readonly encrypted: boolean
  readonly peerAddress: string | undefined
  readonly parameters = new Map<string, string>()
  // Private, so that nobody prints them: the address holds a password.
  readonly #address: Address
  readonly #socket: Socket
  readonly #onNotice: ((fields: ServerFields) => void) | undefined
  #key: BackendKey | undefined
  #passwordUsed = false
  #transactionStatus: TransactionStatus = 'I'
  #failure: unknown
  #fatal: ServerError | undefined
  #receiver: Receiver | undefined
  #waiting: (() => void)[] = []
  #closing: Promise<void> | undefined
  /** Something was sent since the server last was ready. */
  #busy = false

  constructor(
    socket: Socket,
    address: Address,
    encrypted: boolean,
    onNotice: ((fields: ServerFields) => void) | undefined,
  ) {
    this.#socket = socket
    this.#address = address
    this.#onNotice = onNotice
    this.encrypted = encrypted
    this.peerAddress = socket.remoteAddress
    const cut = cutFrames((type, body) => this.#deliver(type, body))
    const ended = () => this.fail(new WireError('ended', 'The server closed the connection.'))
    socket.on('data', (chunk: Buffer) => {
      try {
        cut(chunk)
      } catch (error) {
        this.fail(error)
      }
    })
    socket.on('drain', () => this.#wake())
    socket
      .on('error', (error) => this.fail(error))
      .on('end', ended)
      .on('close', ended)
  }

  get processId(): number {
    return this.#key?.processId ?? 0
  }

  get passwordUsed(): boolean {
    return this.#passwordUsed
  }

  get encryption(): Encryption | undefined {
    return this.encrypted ? describeEncryption(this.#socket as TLSSocket) : undefined
  }

  get transactionStatus(): TransactionStatus {
    return this.#transactionStatus
  }

  get failure(): unknown {
    return this.#failure
  }

  get receiver(): Receiver | undefined {
    return this.#receiver
  }

  set receiver(receiver: Receiver | undefined) {
    this.#receiver = receiver
    if (receiver && this.#failure !== undefined) {
      queueMicrotask(() => {
        if (this.#receiver === receiver) receiver.failed(this.#failure)
      })
    }
  }

  write(...pieces: readonly Uint8Array[]): boolean {
    if (this.#failure !== undefined) return false
    this.#busy = true
    const socket = this.#socket
    if (pieces.length === 1 && pieces[0]) return socket.write(pieces[0])
    // They go to the system in one call.
    socket.cork()
    for (const piece of pieces) socket.write(piece)
    socket.uncork()
    return !socket.writableNeedDrain
  }

  drained(): Promise<void> {
    if (this.#failure !== undefined || !this.#socket.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  async cancel(): Promise<void> {
    const key = this.#key
    if (!key) return
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), cancelSeconds * 1000)
    try {
      const socket = await openSocket(this.#address, this.encrypted, stop.signal)
      // The server closes it when it has passed the request on.
      const closed = new Promise((resolve) => socket.once('close', resolve))
      stop.signal.addEventListener('abort', () => socket.destroy())
      socket.resume().write(cancelRequest(key.processId, key.secretKey))
      await closed
    } catch {
      // It is a request; who waits for the statement finds out.
    } finally {
      clearTimeout(timer)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  leave(): void {
    const socket = this.#socket
    if (this.#closing || socket.closed) return
    if (this.#busy || this.#failure !== undefined) {
      void this.close()
      return
    }
    this.#closing = Promise.resolve()
    socket.end(terminate())
    this.#end(new WireError('ended', 'The connection is closed.'))
    socket.resume()
    // The goodbye is with the system; whether the server has read it yet need not keep the program.
    socket.unref()
  }

  async #close(): Promise<void> {
    const socket = this.#socket
    if (socket.closed) return
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const polite = !(this.#receiver?.busy ?? this.#busy) && this.#failure === undefined
    // The server reads it only when it is done with what runs.
    if (polite) socket.end(terminate())
    this.#end(new WireError('ended', 'The connection is closed.'))
    if (!polite) socket.destroy()
    const timer = setTimeout(() => socket.destroy(), closeSeconds * 1000)
    socket.resume()
    await closed
    clearTimeout(timer)
  }

  /** Ends it for a reason that its receiver is told; only the first counts. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#end(this.#fatal ?? error)
    this.#socket.destroy()
  }

  #end(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#wake()
    this.#receiver?.failed(error)
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #deliver(type: number, body: Buffer): void {
    if (this.#failure !== undefined) return
    if (type === reply.parameterStatus) {
      const [name, next] = readText(body, 0)
      this.parameters.set(name, readText(body, next)[0])
      return
    }
    if (type === reply.notification) return
    if (type === reply.readyForQuery) {
      this.#busy = false
      this.#transactionStatus = readStatus(body)
    }
    if (type === reply.error) this.#remember(readFields(body))
    if (this.#receiver) this.#receiver.message(type, body)
    else if (type === reply.notice) this.#onNotice?.(readFields(body))
    else if (this.#fatal) this.fail(this.#fatal)
  }

  /** Logs in. Throws a `ServerError`, a `WireError`, or why the channel failed meanwhile. */
  async start({ application, settings }: ChannelOptions): Promise<void> {
    const { user, database, password } = this.#address
    const options = settings === '' ? undefined : settings
    const { key, passwordUsed } = await logIn(this, {
      parameters: { user, database, application_name: application, client_encoding: 'UTF8', options },
      user,
      password,
      certificate: this.encrypted ? (this.#socket as TLSSocket).getPeerCertificate().raw : undefined,
      onNotice: this.#onNotice,
    })
    this.#key = key
    this.#passwordUsed = passwordUsed
  }

  /** After a fatal error the server hangs up: then that is why. */
  #remember(fields: ServerFields): void {
    if (fields.severity === 'FATAL' || fields.severity === 'PANIC') this.#fatal = new ServerError(fields)
  }
}

function readStatus(body: Buffer): TransactionStatus {
  const status = body.toString('latin1')
  if (status === 'I' || status === 'T' || status === 'E') return status
  throw new WireError('protocol', 'The server is ready in a way that is not known.')
}

function describeEncryption(socket: TLSSocket): Encryption {
  const { standardName: cipher } = socket.getCipher()
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher,
    // Its name says it, but for CHACHA20, which knows only keys of 256 bits.
    keyBits: cipher.includes('CHACHA20') ? '256' : (/_(128|256)_/.exec(cipher)?.[1] ?? 'unknown'),
    alpn: socket.alpnProtocol || 'none',
  }
}
