import type { Channel, Receiver } from './wire/channel.ts'
import { readDataRow, readFields, readRowDescription, readTag, reply } from './wire/messages.ts'

type Fields = ReturnType<typeof readFields>

/** What the server says of one statement, in order. */
interface Answer {
  columns?(columns: readonly { name: string; typeOid: number; typeModifier: number }[]): void
  row?(values: readonly (Buffer | null)[]): void
  copyOut?(chunk: Buffer): void
  complete(tag: string): void
  failed?(fields: Fields): void
}

interface Entry {
  /** `local`: something of our own, in its turn. */
  readonly kind: 'extended' | 'simple' | 'sync' | 'local' | 'prepare' | 'describe' | 'close'
  readonly answer: Answer | undefined
  readonly work: (() => void) | undefined
  /** How much of what is under way it is. */
  readonly bytes: number
}

/** Where the connection was lost. */
interface LostAt {
  /** What had not been answered yet, if anything. */
  readonly answer: Answer | undefined
  /** The server itself has said that it ends there, so that nothing behind it was run. */
  readonly told: boolean
}

/** Somebody who waits for answers. */
interface Waiting {
  readonly until: () => boolean
  readonly resolve: () => void
}

/** What may be sent and not yet answered: enough for a slow network, little enough for a small machine. */
const windowBytes = 1024 * 1024
/** How many statements may be: each costs us more than its bytes. */
const windowEntries = 20_000
/** What is written at once. The server answers when it has read that much, since each write ends with a Flush. */
const batchBytes = 64 * 1024

const flush = message('H')
const sync = message('S')
const copyDone = message('c')
const bindAndExecute = Buffer.concat([message('B', Buffer.alloc(8)), message('E', Buffer.alloc(5))])
const bindDescribeAndExecute = Buffer.concat([
  message('B', Buffer.alloc(8)),
  message('D', Buffer.from('P\0')),
  message('E', Buffer.alloc(5)),
])

function message(type: string, body: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/**
 * Statements on their way to the server and their answers on the way back, over a connection that does nothing else meanwhile.
 * Statements go by the extended protocol, so that after an error the server drops all that was sent behind it, up to a Sync.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class Pipeline implements Receiver {
  readonly #channel: Channel
  readonly #before: Receiver | undefined
  #entries: Entry[] = []
  #head = 0
  #bytes = 0
  #batch = Buffer.allocUnsafeSlow(batchBytes)
  #used = 0
  #full: Promise<void> | undefined
  #lost: { error: unknown } | undefined
  #error: { fields: Fields; answer: Answer | undefined } | undefined
  /** The server drops what comes, until a Sync. */
  #dropping = false
  #held = 0
  /** Bytes written since the last Flush. */
  #unflushed = 0
  /**
   * The server answers what was sent last only when it is told to. Behind a Sync or a simple query a Flush would do harm: it
   * ends the server's idle_in_transaction_session_timeout.
   */
  #wantsFlush = false
  #waiting: Waiting[] = []
  #lostAt: LostAt | undefined
  /** Nobody wants the rows any more. */
  #unwanted = false
  /** Told of an error that nobody has cleared, and of the end of the connection. */
  onTrouble: (() => void) | undefined
  onNotice: ((fields: Fields, answer: Answer | undefined) => void) | undefined

  constructor(channel: Channel) {
    this.#channel = channel
    this.#before = channel.receiver
    channel.receiver = this
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.#channel.parameters
  }

  get transactionStatus(): 'I' | 'T' | 'E' {
    return this.#channel.transactionStatus
  }

  get error(): { fields: Fields; answer: Answer | undefined } | undefined {
    return this.#error
  }

  get ended(): boolean {
    return this.#lost !== undefined
  }

  /** More may be under way when the server says that it is ready. */
  get busy(): boolean {
    return this.#entries.length > this.#head
  }

  /** Undefined while the connection is there. */
  get lostAt(): LostAt | undefined {
    return this.#lost && this.#lostAt
  }

  /** Drops the rows that still come, and holds nothing up for them. */
  dropRows(): void {
    this.#unwanted = true
    if (this.#held > 0) this.#channel.resume()
  }

  clearError(): void {
    this.#error = undefined
  }

  /** Gives the connection back. Nothing may be under way. */
  release(): void {
    this.#channel.receiver = this.#before
  }

  send(
    statement: Uint8Array,
    answer: Answer,
    { describe = false, parameters = [] }: { describe?: boolean; parameters?: readonly string[] } = {},
  ): void {
    // Parse: its name, the text, no types.
    const length = 4 + 1 + statement.length + 1 + 2
    this.#reserve(1 + 4 + 1)
    this.#byte(0x50)
    this.#int32(length)
    this.#byte(0)
    this.#put(statement)
    this.#put(noTypes)
    if (parameters.length > 0) this.#put(bindWith(parameters))
    else this.#put(describe ? bindDescribeAndExecute : bindAndExecute)
    this.#wantsFlush = true
    this.#enter({ kind: 'extended', answer, work: undefined, bytes: length })
  }

  sendSimple(text: Uint8Array, answer: Answer): void {
    this.#reserve(5)
    this.#byte(0x51)
    this.#int32(4 + text.length + 1)
    this.#put(text)
    this.#reserve(1)
    this.#byte(0)
    this.#wantsFlush = false
    this.#enter({ kind: 'simple', answer, work: undefined, bytes: text.length })
  }

  copyData(chunk: Uint8Array): void {
    if (this.#dropping) return
    this.#reserve(5)
    this.#byte(0x64)
    this.#int32(4 + chunk.length)
    this.#put(chunk)
  }

  copyEnd(failure?: string): void {
    this.#put(failure === undefined ? copyDone : message('f', Buffer.from(`${failure}\0`)))
  }

  after(work: () => void): void {
    this.#enter({ kind: 'local', answer: undefined, work, bytes: 0 })
    this.#doLocal()
  }

  prepare(name: string, statement: Uint8Array, answer: Answer): void {
    this.#ask('prepare', parse(name, statement), answer)
  }

  describe(statement: Uint8Array, answer: Answer): void {
    this.#ask('describe', Buffer.concat([parse('', statement), message('D', Buffer.from('S\0'))]), answer)
  }

  execute(name: string, parameters: readonly string[], answer: Answer): void {
    this.#ask('extended', bindWith(parameters, name), answer)
  }

  closePrepared(name: string, answer: Answer): void {
    this.#ask('close', message('C', Buffer.from(`S${name}\0`)), answer)
  }

  #ask(kind: Entry['kind'], messages: Buffer, answer: Answer): void {
    this.#put(messages)
    this.#wantsFlush = true
    this.#enter({ kind, answer, work: undefined, bytes: messages.length })
  }

  sync(answer?: Answer): void {
    this.#put(sync)
    this.#wantsFlush = false
    this.#dropping = false
    this.#enter({ kind: 'sync', answer, work: undefined, bytes: 0 })
  }

  room(): Promise<void> | undefined {
    if (this.#lost || this.#error) return undefined
    if (this.#full) return this.#full
    const low = () => this.#bytes < windowBytes / 2 && this.#entries.length - this.#head < windowEntries / 2
    if (this.#bytes < windowBytes && this.#entries.length - this.#head < windowEntries) return undefined
    this.#write()
    return this.#wait(low)
  }

  async idle(): Promise<void> {
    this.#write()
    await this.#wait(() => this.#entries.length === this.#head)
    if (this.#lost) throw this.#lost.error
  }

  hold(until: Promise<void>): void {
    if (this.#unwanted) return
    if (this.#held++ === 0) this.#channel.pause()
    const go = () => {
      if (--this.#held === 0) this.#channel.resume()
    }
    until.then(go, go)
  }

  /** Sends what was collected, with a Flush, so that the server answers it. */
  flush(): void {
    this.#write()
  }

  #enter(entry: Entry): void {
    if (this.#dropping && entry.kind !== 'simple') return
    this.#entries.push(entry)
    this.#bytes += entry.bytes
    if (this.#wantsFlush && this.#unflushed > batchBytes) {
      this.#put(flush)
      this.#unflushed = 0
    }
  }

  #wait(until: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => until() || this.#lost !== undefined
      if (done()) resolve()
      else this.#waiting.push({ until: done, resolve })
    })
  }

  #wake(): void {
    if (this.#waiting.length === 0) return
    const ready: Waiting[] = []
    const still: Waiting[] = []
    for (const waiting of this.#waiting) (waiting.until() ? ready : still).push(waiting)
    this.#waiting = still
    for (const { resolve } of ready) resolve()
  }

  #reserve(length: number): void {
    if (this.#used + length > batchBytes - flush.length) this.#write()
  }

  #byte(value: number): void {
    this.#batch[this.#used++] = value
  }

  #int32(value: number): void {
    this.#used = this.#batch.writeInt32BE(value, this.#used)
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length > batchBytes / 4) {
      // Long ones go as they are, in their place.
      this.#writeBatch()
      this.#toSocket(bytes)
      return
    }
    // Never between the head of a message and its body: a Flush would fall into the message.
    if (this.#used + bytes.length > batchBytes - flush.length) this.#writeBatch()
    this.#batch.set(bytes, this.#used)
    this.#used += bytes.length
  }

  /** Writes what was collected up to the end of a message. */
  #write(): void {
    if (this.#used === 0) return
    if (this.#wantsFlush && this.#used + flush.length <= batchBytes) {
      this.#batch.set(flush, this.#used)
      this.#used += flush.length
    }
    this.#writeBatch()
    this.#unflushed = 0
  }

  #writeBatch(): void {
    if (this.#used === 0) return
    const bytes = this.#batch.subarray(0, this.#used)
    this.#used = 0
    this.#batch = Buffer.allocUnsafeSlow(batchBytes)
    this.#toSocket(bytes)
  }

  #toSocket(bytes: Uint8Array): void {
    this.#unflushed += bytes.length
    if (this.#lost || this.#channel.write(bytes) || this.#full) return
    const drained = async () => {
      await this.#channel.drained()
      this.#full = undefined
    }
    this.#full = drained()
  }

  message(type: number, body: Buffer): void {
    const head = this.#entries[this.#head]
    switch (type) {
      case reply.commandComplete:
        head?.answer?.complete(readTag(body))
        if (head?.kind === 'extended') this.#shift()
        break
      case reply.emptyQuery:
        head?.answer?.complete('')
        if (head?.kind === 'extended') this.#shift()
        break
      case reply.dataRow:
        if (head?.answer?.row && !this.#unwanted) head.answer.row(readDataRow(Buffer.from(body)))
        break
      case reply.rowDescription:
        head?.answer?.columns?.(readRowDescription(body))
        if (head?.kind === 'describe') this.#done(head)
        break
      case reply.noData:
        if (head?.kind === 'describe') this.#done(head)
        break
      case reply.parseComplete:
        if (head?.kind === 'prepare') this.#done(head)
        break
      case reply.closeComplete:
        if (head?.kind === 'close') this.#done(head)
        break
      case reply.copyData:
        if (!this.#unwanted) head?.answer?.copyOut?.(Buffer.from(body))
        break
      case reply.readyForQuery:
        this.#dropping = false
        if (head?.kind === 'sync' || head?.kind === 'simple') this.#shift()
        break
      case reply.error:
        this.#fail(readFields(body), head)
        break
      case reply.notice:
        this.#notice(readFields(body), head)
        break
      default:
      // BindComplete, CopyInResponse and the like: nothing that we did not expect.
    }
    this.#wake()
  }

  #done({ answer }: Entry): void {
    answer?.complete('')
    this.#shift()
  }

  #notice(fields: Fields, head: Entry | undefined): void {
    // crash_shutdown: another process of the server has crashed, and this one ends without a further word.
    if (fields.code === '57P02') this.#lostAt = { answer: head?.answer, told: true }
    this.onNotice?.(fields, head?.answer)
  }

  #fail(fields: Fields, head: Entry | undefined): void {
    if (fields.severity === 'FATAL' || fields.severity === 'PANIC') {
      // The server hangs up behind it, and then that is why.
      this.#lostAt = { answer: head?.answer, told: true }
      return
    }
    if (head?.answer?.failed) head.answer.failed(fields)
    else {
      this.#error ??= { fields, answer: head?.kind === 'sync' ? undefined : head?.answer }
      this.onTrouble?.()
    }
    if (head === undefined || head.kind === 'simple') return
    // The server drops what was sent up to the next Sync, and so do we.
    const next = this.#entries.findIndex((entry, index) => index >= this.#head && entry.kind === 'sync')
    const dropped = this.#entries.slice(this.#head, next < 0 ? undefined : next)
    for (const { bytes } of dropped) this.#bytes -= bytes
    this.#entries = next < 0 ? [] : this.#entries.slice(next)
    this.#head = 0
    this.#dropping = next < 0
  }

  failed(error: unknown): void {
    this.#lost = { error }
    this.#lostAt ??= { answer: this.#entries[this.#head]?.answer, told: false }
    this.onTrouble?.()
    this.#entries = []
    this.#head = 0
    this.#bytes = 0
    this.#wake()
  }

  #shift(): void {
    const entry = this.#entries[this.#head]
    if (entry === undefined) return
    this.#bytes -= entry.bytes
    this.#head++
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
    this.#doLocal()
  }

  #doLocal(): void {
    for (;;) {
      const entry = this.#entries[this.#head]
      if (entry?.kind !== 'local') break
      this.#head++
      entry.work?.()
    }
    if (this.#head === this.#entries.length) {
      this.#entries = []
      this.#head = 0
    }
  }
}

const noTypes = Buffer.alloc(3)

/** Parse: the server finds out the types. */
function parse(name: string, statement: Uint8Array): Buffer {
  return message('P', Buffer.concat([Buffer.from(`${name}\0`), statement, noTypes]))
}

/** Bind with text parameters, Describe and Execute. */
function bindWith(parameters: readonly string[], statement = ''): Buffer {
  const parts: Buffer[] = [Buffer.from(`\0${statement}\0`), Buffer.alloc(2)]
  const count = Buffer.alloc(2)
  count.writeInt16BE(parameters.length)
  parts.push(count)
  for (const parameter of parameters) {
    const bytes = Buffer.from(parameter)
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes.length)
    parts.push(length, bytes)
  }
  parts.push(Buffer.alloc(2))
  return Buffer.concat([
    message('B', Buffer.concat(parts)),
    message('D', Buffer.from('P\0')),
    message('E', Buffer.alloc(5)),
  ])
}
