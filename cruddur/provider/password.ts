import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

// The least that OWASP's Password Storage Cheat Sheet asks of scrypt is more than a laptop should spend on a test account.
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const hashBytes = 32

/** A salted scrypt hash, as text. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt)
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`
}

/** Where there is no hash it takes as long as where there is one, and says no. */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [salt = '', hash = ''] = (stored ?? '').split('.')
  const derived = await derive(password, Buffer.from(salt, 'base64url'))
  const wanted = Buffer.from(hash, 'base64url')
  return wanted.length === hashBytes && timingSafeEqual(derived, wanted)
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // What is typed on one keyboard may be composed otherwise than on another (RFC 8265).
    scrypt(password.normalize('NFC'), salt, hashBytes, cost, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
