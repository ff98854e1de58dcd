import { WireError } from './error.ts'
import { readText } from './replies.ts'
import { password, saslInitial, saslResponse } from './requests.ts'
import type { ChannelBinding, Scram } from './scram.ts'

export interface Credentials {
  user: string
  /** Needed only when the server asks. */
  password: string | undefined
  /** The server's certificate (DER), where the connection is encrypted. */
  certificate?: Buffer | undefined
}

const unsupported = new Map([
  [2, 'Kerberos V5'],
  [6, 'SCM credentials'],
  [7, 'GSSAPI'],
  [9, 'SSPI'],
])

/**
 * Answers what the server asks to know who we are: a password, MD5, SCRAM-SHA-256 with or without channel binding.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-START-UP
 * https://www.postgresql.org/docs/current/sasl-authentication.html
 */
export class Authentication {
  readonly #credentials: Credentials
  #scram: Scram | undefined
  #accepted = false

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** The server has asked for the password. */
  passwordUsed = false

  /** The server has let us in, and has proved what it had to. */
  get accepted(): boolean {
    return this.#accepted
  }

  /** Takes the body of an authentication message and gives the answer to it, if there is one. Throws a `WireError`. */
  async answer(body: Buffer): Promise<Buffer | undefined> {
    if (this.#accepted || body.length < 4) throw outOfOrder()
    const kind = body.readInt32BE(0)
    this.passwordUsed ||= kind !== 0
    switch (kind) {
      case 0:
        // It must not skip the proof that it knows the password.
        if (this.#scram) throw new WireError('forged', 'The server did not prove that it knows the password.')
        this.#accepted = true
        return undefined
      case 3:
        return password(passwordOf(this.#credentials))
      case 5:
        return password(await hashMd5(this.#credentials, body.subarray(4, 8)))
      case 10:
        this.#scram = await this.#chooseScram(readNames(body))
        return saslInitial(this.#scram.mechanism, this.#scram.firstMessage)
      case 11:
        if (!this.#scram) throw outOfOrder()
        return saslResponse(await this.#scram.prove(body.toString('utf8', 4)))
      case 12:
        if (!this.#scram) throw outOfOrder()
        this.#scram.verify(body.toString('utf8', 4))
        this.#scram = undefined
        return undefined
      default:
        throw notSupported(unsupported.get(kind) ?? `method ${kind}`)
    }
  }

  async #chooseScram(offered: string[]): Promise<Scram> {
    if (this.#scram) throw outOfOrder()
    const plain = offered.includes('SCRAM-SHA-256')
    const plus = offered.includes('SCRAM-SHA-256-PLUS')
    const binding = await this.#chooseBinding(plus)
    if (binding.kind === 'p' ? !plus : !plain) throw notSupported(offered.join(', '))
    const { startScram } = await import('./scram.ts')
    return startScram(passwordOf(this.#credentials), binding)
  }

  async #chooseBinding(offered: boolean): Promise<ChannelBinding> {
    const { certificate } = this.#credentials
    if (!certificate) return { kind: 'n' }
    if (!offered) return { kind: 'y' }
    const { signatureHash } = await import('./certificate.ts')
    const hash = signatureHash(certificate)
    // The server cannot either, for such a certificate: then as libpq with channel_binding=disable.
    if (hash === undefined) return { kind: 'n' }
    const { createHash } = await import('node:crypto')
    return { kind: 'p', certificateHash: createHash(hash).update(certificate).digest() }
  }
}

function passwordOf(credentials: Credentials): string {
  if (credentials.password) return credentials.password
  throw new WireError('no_password', 'The server asks for a password.')
}

async function hashMd5(credentials: Credentials, salt: Buffer): Promise<string> {
  const { createHash } = await import('node:crypto')
  const md5 = (...parts: (string | Buffer)[]) => {
    const hash = createHash('md5')
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  return `md5${md5(md5(passwordOf(credentials), credentials.user), salt)}`
}

function readNames(body: Buffer): string[] {
  const names: string[] = []
  for (let at = 4; at < body.length && body[at] !== 0;) {
    const [name, next] = readText(body, at)
    names.push(name)
    at = next
  }
  return names
}

function notSupported(method: string): WireError {
  return new WireError('authentication', `it asks for a way to log in that is not supported: ${method}.`)
}

function outOfOrder(): WireError {
  return new WireError('protocol', 'A message of the server comes out of order.')
}
