import { WireError } from './error.ts'

/** Whether, and how, the proof is bound to the TLS connection. RFC 5802, section 6. */
export type ChannelBinding =
  /** We cannot. */
  | { kind: 'n' }
  /** We could, and the server did not offer it. Somebody in between who took the offer away is found out. */
  | { kind: 'y' }
  | { kind: 'p'; certificateHash: Buffer }

/** One exchange of SCRAM-SHA-256: the client's two messages, and the check of the server's last. RFC 5802, RFC 7677. */
export interface Scram {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS'
  readonly firstMessage: string
  /** Answers the server's first message. */
  prove(serverFirst: string): Promise<string>
  /** Throws unless the server's last message shows that it knows the password too. */
  verify(serverFinal: string): void
}

// A hostile server could keep us busy for hours; PostgreSQL's default is 4096.
const mostIterations = 10_000_000

export async function startScram(password: string, binding: ChannelBinding): Promise<Scram> {
  const { createHash, createHmac, randomBytes, timingSafeEqual } = await import('node:crypto')
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const header = binding.kind === 'p' ? 'p=tls-server-end-point,,' : `${binding.kind},,`
  const bound = binding.kind === 'p' ? binding.certificateHash : Buffer.alloc(0)
  const nonce = randomBytes(18).toString('base64')
  // PostgreSQL takes the user of the startup message.
  const firstBare = `n=,r=${nonce}`
  let serverSignature: Buffer | undefined

  return {
    mechanism: binding.kind === 'p' ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256',
    firstMessage: header + firstBare,
    async prove(serverFirst) {
      const [, serverNonce = '', salt = '', count = ''] =
        /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=([1-9]\d*)(?:,|$)/.exec(serverFirst) ?? []
      const iterations = Number(count)
      if (!serverNonce.startsWith(nonce) || serverNonce === nonce || !(iterations <= mostIterations)) {
        throw new WireError('protocol', 'A message of the server breaks the rules of SCRAM.')
      }
      const salted = await saltPassword(password, Buffer.from(salt, 'base64'), iterations)
      const withoutProof = `c=${Buffer.concat([Buffer.from(header), bound]).toString('base64')},r=${serverNonce}`
      const conversation = `${firstBare},${serverFirst},${withoutProof}`
      const clientKey = hmac(salted, 'Client Key')
      const signature = hmac(createHash('sha256').update(clientKey).digest(), conversation)
      serverSignature = hmac(hmac(salted, 'Server Key'), conversation)
      const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))
      return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
    },
    verify(serverFinal) {
      const claimed = Buffer.from(/^v=([A-Za-z0-9+/=]+)(?:,|$)/.exec(serverFinal)?.[1] ?? '', 'base64')
      if (!serverSignature || claimed.length !== serverSignature.length || !timingSafeEqual(claimed, serverSignature)) {
        throw new WireError('forged', 'The server did not prove that it knows the password.')
      }
    },
  }
}

/**
 * What the server keeps of a password, from which nobody can log in: with it, `alter role` needs no password that its log or
 * `pg_stat_activity` could show. As libpq's PQencryptPasswordConn; RFC 5803.
 */
export async function makeScramVerifier(password: string): Promise<string> {
  const { createHash, createHmac, randomBytes } = await import('node:crypto')
  const salt = randomBytes(16)
  const salted = await saltPassword(password, salt, verifierIterations)
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  const serverKey = hmac('Server Key').toString('base64')
  return `SCRAM-SHA-256$${verifierIterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

// PostgreSQL's default of scram_iterations.
const verifierIterations = 4096

async function saltPassword(password: string, salt: Buffer, iterations: number): Promise<Buffer> {
  const { pbkdf2 } = await import('node:crypto')
  return new Promise((resolve, reject) => {
    pbkdf2(saslPrepare(password), salt, iterations, 32, 'sha256', (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/**
 * Prepares a password as PostgreSQL's pg_saslprep does: one that the rules do not allow is taken as it is. RFC 4013.
 * What was not assigned in Unicode 3.2 is told apart outside the basic plane only, where emoji are.
 */
function saslPrepare(password: string): string {
  if (/^[\x00-\x7f]*$/.test(password)) return password
  const prepared = password.replace(otherSpace, ' ').replace(mappedToNothing, '').normalize('NFKC')
  return prepared === '' || prohibited.test(prepared) || mixesDirections(prepared) ? password : prepared
}

// Tables C.1.2 and B.1 of RFC 3454, and those that RFC 4013 prohibits. As texts, since some would join their neighbours.
const otherSpace = new RegExp(String.raw`[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]`, 'gu')
const mappedToNothing = new RegExp(
  String.raw`[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]`,
  'gu',
)
const prohibited = new RegExp(
  [
    String.raw`[\p{Cc}\p{Co}\p{Cs}\p{Cn}\u06dd\u070f\u0340\u0341\u180e\u200e\u200f\u2028-\u202e]`,
    String.raw`[\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd]`,
    // Above the basic plane all but Old Italic, Gothic, Deseret, musical and mathematical signs, and the ideographs.
    String.raw`(?![\u{10300}-\u{1034a}\u{10400}-\u{1044d}\u{1d000}-\u{1d7ff}\u{20000}-\u{2a6d6}])` +
      String.raw`(?![\u{2f800}-\u{2fa1d}])[\u{10000}-\u{10ffff}]`,
  ].join('|'),
  'u',
)

/** Whether it breaks the rule of RFC 3454, section 6. */
function mixesDirections(text: string): boolean {
  const rightToLeft = String.raw`[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]`
  if (!new RegExp(rightToLeft, 'u').test(text)) return false
  const whole = new RegExp(`^${rightToLeft}(?:.*${rightToLeft})?$`, 'su')
  return !whole.test(text) || new RegExp(`(?!${rightToLeft})\\p{L}`, 'u').test(text)
}
