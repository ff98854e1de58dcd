import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

export interface TestKey {
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
  /** As it stands in a set of keys. */
  jwk: Record<string, unknown>
}

export function makeKey(kid: string): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } }
}

export type Claims = Record<string, unknown>

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs a token as a provider would; the header can lie about all. */
export function signToken(claims: Claims, { privateKey, kid }: TestKey, header: Claims = {}): string {
  const input = `${encode({ alg: 'RS256', kid, ...header })}.${encode(claims)}`
  const algorithm = String(header['alg'] ?? 'RS256').replace(/^RS/, 'RSA-SHA')
  return `${input}.${createSign(algorithm.startsWith('RSA') ? algorithm : 'RSA-SHA256')
    .update(input)
    .sign(privateKey, 'base64url')}`
}

/** "Signs" with an HMAC whose secret is the public key, which everybody knows. */
export function signWithPublicKey(claims: Claims, { publicKey, kid }: TestKey): string {
  const input = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`
  const secret = publicKey.export({ format: 'pem', type: 'spki' })
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

export function withoutSignature(claims: Claims, kid: string, alg = 'none'): string {
  return `${encode({ alg, kid })}.${encode(claims)}.`
}
