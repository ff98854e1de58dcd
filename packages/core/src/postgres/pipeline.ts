import { Waiters } from './waiters.ts'
import type { Channel, Receiver } from './wire/channel.ts'
import { readDataRow, readFields, readRowDescription, readTag, reply } from './wire/replies.ts'
import { Outbox } from './wire/outbox.ts'

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

/** What may be sent and not yet answered: enough for a slow network, little enough for a small machine. */
const windowBytes = 1024 * 1024
/** How many statements may be: each costs us more than its bytes. */
const windowEntries = 20_000

/**
 * Statements on their way to the server and their answers on the way back, over a connection that does nothing else meanwhile.
 * Statements go by the extended protocol, so that after an error the server drops all that was sent behind it, up to a Sync.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export class Pipeline implements Receiver {
  readonly #channel: Channel
  readonly #before: Receiver | undefined
  readonly #outbox: Outbox
  #entries: Entry[] = []
  #head = 0
  #bytes = 0
  #lost: { error: unknown } | undefined
  #error: { fields: Fields; answer: Answer | undefined } | undefined
  /** The server drops what comes, until a Sync. */
  #dropping = false
  #held = 0
  readonly #waiters = new Waiters()
  #lostAt: LostAt | undefined
  /** Nobody wants the rows any more. */
  #unwanted = false
  /** Told of an error that nobody has cleared, and of the end of the connection. */
  onTrouble: (() => void) | undefined
  onNotice: ((fields: Fields, answer: Answer | undefined) => void) | undefined

  constructor(channel: Channel) {
    this.#channel = channel
    this.#before = channel.receiver
    this.#outbox = new Outbox(channel)
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
    const bytes = this.#outbox.statement(statement, { describe, parameters })
    this.#enter({ kind: 'extended', answer, work: undefined, bytes })
  }

  sendSimple(text: Uint8Array, answer: Answer): void {
    this.#outbox.simpleQuery(text)
    this.#enter({ kind: 'simple', answer, work: undefined, bytes: text.length })
  }

  copyData(chunk: Uint8Array): void {
    if (!this.#dropping) this.#outbox.copyData(chunk)
  }

  copyEnd(failure?: string): void {
    this.#outbox.copyEnd(failure)
  }

  after(work: () => void): void {
    this.#enter({ kind: 'local', answer: undefined, work, bytes: 0 })
    this.#doLocal()
  }

  prepare(name: string, statement: Uint8Array, answer: Answer): void {
    this.#enter({ kind: 'prepare', answer, work: undefined, bytes: this.#outbox.prepare(name, statement) })
  }

  describe(statement: Uint8Array, answer: Answer): void {
    this.#enter({ kind: 'describe', answer, work: undefined, bytes: this.#outbox.describe(statement) })
  }

  execute(name: string, parameters: readonly string[], answer: Answer): void {
    this.#enter({ kind: 'extended', answer, work: undefined, bytes: this.#outbox.execute(name, parameters) })
  }

  closePrepared(name: string, answer: Answer): void {
    this.#enter({ kind: 'close', answer, work: undefined, bytes: this.#outbox.closePrepared(name) })
  }

  sync(answer?: Answer): void {
    this.#outbox.sync()
    this.#dropping = false
    this.#enter({ kind: 'sync', answer, work: undefined, bytes: 0 })
  }

  room(): Promise<void> | undefined {
    if (this.#lost || this.#error) return undefined
    if (this.#outbox.full) return this.#outbox.full
    const low = () => this.#bytes < windowBytes / 2 && this.#entries.length - this.#head < windowEntries / 2
    if (this.#bytes < windowBytes && this.#entries.length - this.#head < windowEntries) return undefined
    this.#outbox.write()
    return this.#wait(low)
  }

  async idle(): Promise<void> {
    this.#outbox.write()
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
    this.#outbox.write()
  }

  #enter(entry: Entry): void {
    if (this.#dropping && entry.kind !== 'simple') return
    this.#entries.push(entry)
    this.#bytes += entry.bytes
    this.#outbox.flushNowAndThen()
  }

  #wait(until: () => boolean): Promise<void> {
    return this.#waiters.wait(() => until() || this.#lost !== undefined)
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
    this.#waiters.wake()
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
    this.#waiters.wake()
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
