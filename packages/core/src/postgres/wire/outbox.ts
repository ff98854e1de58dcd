import type { Channel } from './channel.ts'
import { bind, copyDone, copyFail, describePortal, execute, flush, sync } from './requests.ts'

/** What is written at once. The server answers when it has read that much, since each write ends with a Flush. */
const batchBytes = 64 * 1024
/** What is longer is written as it is, in its place. */
const copiedBytes = batchBytes / 4
/**
 * The data in one CopyData. The server reads a message to its end before it looks at it: where the next ones do not fit into
 * the socket meanwhile (208 KiB on Linux), it waits for the rest of each.
 */
const dataBytes = 64 * 1024

const flushMessage = flush()
const syncMessage = sync()
const copyDoneMessage = copyDone()
/** The end of the text, and how many types are given: the server finds them out. */
const noTypes = Buffer.alloc(3)
const bindAndExecute = Buffer.concat([bind([]), execute()])
const bindDescribeAndExecute = bindAndDescribe([])

function bindAndDescribe(parameters: readonly string[], statement = ''): Buffer {
  return Buffer.concat([bind(parameters, { statement }), describePortal(), execute()])
}

function message(type: string, ...body: Uint8Array[]): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.reduce((length, part) => length + part.length, 0), 1)
  return Buffer.concat([head, ...body])
}

function parse(name: string, statement: Uint8Array): Buffer {
  return message('P', Buffer.from(`${name}\0`), statement, noTypes)
}

/** Collects messages, and writes them in pieces that are worth a write. */
export class Outbox {
  readonly #channel: Channel
  #batch = Buffer.allocUnsafeSlow(batchBytes)
  #used = 0
  #full: Promise<void> | undefined
  /** Bytes written since the last Flush. */
  #unflushed = 0
  /**
   * The server answers what was sent last only when it is told to. Behind a Sync or a simple query a Flush would do harm: it
   * ends the server's idle_in_transaction_session_timeout.
   */
  #wantsFlush = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** Resolves when the socket takes more; undefined: now. */
  get full(): Promise<void> | undefined {
    return this.#full
  }

  /** Parse, Bind, Describe if need be, and Execute. Returns how many bytes the first of them has. */
  statement(text: Uint8Array, { describe, parameters }: { describe: boolean; parameters: readonly string[] }): number {
    // Its name, the text, no types.
    const length = 4 + 1 + text.length + 1 + 2
    this.#head(0x50, length, 1)
    this.#byte(0)
    this.#put(text)
    this.#put(noTypes)
    if (parameters.length > 0) this.#put(bindAndDescribe(parameters))
    else this.#put(describe ? bindDescribeAndExecute : bindAndExecute)
    this.#wantsFlush = true
    return length
  }

  /** Like the others, it returns how many bytes it sends. */
  prepare(name: string, statement: Uint8Array): number {
    return this.#ask(parse(name, statement))
  }

  describe(statement: Uint8Array): number {
    return this.#ask(Buffer.concat([parse('', statement), message('D', Buffer.from('S\0'))]))
  }

  execute(name: string, parameters: readonly string[]): number {
    return this.#ask(bindAndDescribe(parameters, name))
  }

  closePrepared(name: string): number {
    return this.#ask(message('C', Buffer.from(`S${name}\0`)))
  }

  #ask(messages: Buffer): number {
    this.#put(messages)
    this.#wantsFlush = true
    return messages.length
  }

  simpleQuery(text: Uint8Array): void {
    this.#head(0x51, 4 + text.length + 1)
    this.#put(text)
    this.#reserve(1)
    this.#byte(0)
    this.#wantsFlush = false
  }

  copyData(chunk: Uint8Array): void {
    if (chunk.length <= copiedBytes) {
      this.#head(0x64, 4 + chunk.length)
      this.#put(chunk)
      return
    }
    this.#writeBatch()
    const pieces: Uint8Array[] = []
    for (let from = 0; from < chunk.length; from += dataBytes) {
      const piece = chunk.subarray(from, from + dataBytes)
      const head = Buffer.allocUnsafe(5)
      head[0] = 0x64
      head.writeInt32BE(4 + piece.length, 1)
      pieces.push(head, piece)
    }
    this.#toSocket(pieces)
  }

  copyEnd(failure?: string): void {
    this.#put(failure === undefined ? copyDoneMessage : copyFail(failure))
  }

  sync(): void {
    this.#put(syncMessage)
    this.#wantsFlush = false
  }

  /** Has the server answer when much was written: to be called where a message has ended. */
  flushNowAndThen(): void {
    if (!this.#wantsFlush || this.#unflushed <= batchBytes) return
    this.#put(flushMessage)
    this.#unflushed = 0
  }

  /** Writes what was collected, up to the end of a message, with a Flush. */
  write(): void {
    if (this.#used === 0) return
    if (this.#wantsFlush && this.#used + flushMessage.length <= batchBytes) {
      this.#batch.set(flushMessage, this.#used)
      this.#used += flushMessage.length
    }
    this.#writeBatch()
    this.#unflushed = 0
  }

  /** Begins a message, so that so many bytes of its body can follow. */
  #head(type: number, length: number, following = 0): void {
    this.#reserve(5 + following)
    this.#byte(type)
    this.#used = this.#batch.writeInt32BE(length, this.#used)
  }

  #reserve(length: number): void {
    if (this.#used + length > batchBytes - flushMessage.length) this.write()
  }

  #byte(value: number): void {
    this.#batch[this.#used++] = value
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length > copiedBytes) {
      this.#writeBatch()
      this.#toSocket([bytes])
      return
    }
    // Never between the head of a message and its body: a Flush would fall into the message.
    if (this.#used + bytes.length > batchBytes - flushMessage.length) this.#writeBatch()
    this.#batch.set(bytes, this.#used)
    this.#used += bytes.length
  }

  #writeBatch(): void {
    if (this.#used === 0) return
    const bytes = this.#batch.subarray(0, this.#used)
    this.#used = 0
    this.#batch = Buffer.allocUnsafeSlow(batchBytes)
    this.#toSocket([bytes])
  }

  #toSocket(pieces: readonly Uint8Array[]): void {
    for (const { length } of pieces) this.#unflushed += length
    if (this.#channel.write(...pieces) || this.#full) return
    const drained = async () => {
      await this.#channel.drained()
      this.#full = undefined
    }
    this.#full = drained()
  }
}
