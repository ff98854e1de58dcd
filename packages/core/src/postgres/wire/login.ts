import { Authentication, type Credentials } from './authenticate.ts'
import type { Channel, Receiver } from './channel.ts'
import { WireError } from './error.ts'
import { readFields, reply, ServerError, type ServerFields } from './replies.ts'
import { startup } from './requests.ts'

/** What a request to cancel has to show. */
export interface BackendKey {
  processId: number
  secretKey: Buffer
}

interface LoggedIn {
  /** Undefined: the server takes no requests to cancel. */
  readonly key: BackendKey | undefined
  readonly passwordUsed: boolean
}

export interface LoginOptions extends Credentials {
  /** Those of the startup message. */
  parameters: Readonly<Record<string, string | undefined>>
  onNotice: ((fields: ServerFields) => void) | undefined
}

/**
 * Introduces us on a channel, up to the server being ready. Throws a `ServerError`, a `WireError`, or why the channel failed
 * meanwhile.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 */
export async function logIn(channel: Channel, options: LoginOptions): Promise<LoggedIn> {
  const inbox = new Inbox()
  channel.receiver = inbox
  channel.write(startup(options.parameters))
  // A channel that fails ends the waiting also for what we compute ourselves.
  const loggedIn = await Promise.race([converse(channel, inbox, options), inbox.failure])
  channel.receiver = undefined
  for (const { type, body } of inbox.messages) if (type === reply.notice) options.onNotice?.(readFields(body))
  return loggedIn
}

async function converse(channel: Channel, inbox: Inbox, options: LoginOptions): Promise<LoggedIn> {
  const authentication = new Authentication(options)
  let key: BackendKey | undefined
  for (;;) {
    const { type, body } = await inbox.next()
    if (type === reply.authentication) {
      const answer = await authentication.answer(body)
      if (answer) channel.write(answer)
    } else if (type === reply.error) {
      throw new ServerError(readFields(body))
    } else if (type === reply.notice) {
      options.onNotice?.(readFields(body))
    } else if (type === reply.backendKeyData && body.length >= 8) {
      key = { processId: body.readInt32BE(0), secretKey: body.subarray(4) }
    } else if (type === reply.readyForQuery && authentication.accepted) {
      return { key, passwordUsed: authentication.passwordUsed }
    } else if (type !== reply.negotiateProtocolVersion) {
      throw new WireError('protocol', 'A message of the server comes out of order.')
    }
  }
}

/** Keeps messages for somebody who asks for one after the other. */
class Inbox implements Receiver {
  readonly messages: { type: number; body: Buffer }[] = []
  readonly failure: Promise<never>
  #fail: ((error: unknown) => void) | undefined
  #arrived: (() => void) | undefined

  constructor() {
    this.failure = new Promise((_, reject) => (this.#fail = reject))
    this.failure.catch(() => {})
  }

  message(type: number, body: Buffer): void {
    this.messages.push({ type, body: Buffer.from(body) })
    this.#arrived?.()
  }

  failed(error: unknown): void {
    this.#fail?.(error)
  }

  async next(): Promise<{ type: number; body: Buffer }> {
    for (;;) {
      const message = this.messages.shift()
      if (message) return message
      await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }
}
