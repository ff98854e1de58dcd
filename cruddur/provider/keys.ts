import { generateKeyPair, randomBytes, randomUUID, type JsonWebKey } from 'node:crypto'
import { promisify } from 'node:util'
import type { Records } from './records.ts'

/** What the provider signs with, the same over a restart. */
export interface ProviderKeys {
  signingKey: JsonWebKey & { kid: string }
  cookieKey: string
  clientSecret: string
}

/** Reads the keys, or makes them. */
export async function readKeys(records: Records): Promise<ProviderKeys> {
  const kept = await records.read<ProviderKeys>('keys', 'keys')
  if (kept) return kept
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const made: ProviderKeys = {
    signingKey: { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' },
    cookieKey: randomBytes(32).toString('base64url'),
    clientSecret: randomBytes(32).toString('base64url'),
  }
  await records.create('keys', 'keys', made)
  // Another process may have been first.
  return (await records.read<ProviderKeys>('keys', 'keys')) ?? made
}
