import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { InvalidToken } from '../identity.ts'
import { ProviderUnavailable } from './errors.ts'
import type { ProviderSettings } from './settings.ts'
import { type Claims, makeKey, signToken, signWithPublicKey, type TestKey, withoutSignature } from './testing.ts'
import { createTokenVerifier } from './token-verifier.ts'

const cognito: ProviderSettings = {
  kind: 'cognito',
  userPoolId: 'eu-central-1_AbCdEf123',
  clientId: 'cruddur',
  clientSecret: undefined,
}
const local: ProviderSettings = {
  kind: 'local',
  issuer: 'http://localhost:4567/oidc',
  clientId: 'cruddur',
  clientSecret: 'secret',
}
const pool = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123'

let key: TestKey
let other: TestKey
beforeAll(() => {
  key = makeKey('k1')
  other = makeKey('k1')
})

const seconds = () => Math.floor(Date.now() / 1000)

function claims(issuer: string, more: Claims = {}): Claims {
  return {
    sub: 'somebody',
    iss: issuer,
    client_id: 'cruddur',
    token_use: 'access',
    username: 'somebody',
    'cognito:groups': ['admins'],
    iat: seconds() - 5,
    exp: seconds() + 600,
    ...more,
  }
}

/** A verifier, and what it asked for; the keys can be changed. */
function makeVerifier(provider: ProviderSettings, keys: () => Record<string, unknown>[] = () => [key.jwk]) {
  const asked: string[] = []
  const verifier = createTokenVerifier({
    provider,
    async fetchKeys(uri) {
      asked.push(uri)
      return new TextEncoder().encode(JSON.stringify({ keys: keys() })).buffer
    },
  })
  return { verify: verifier.verify, asked }
}

describe.each([
  ['Cognito', cognito, pool, `${pool}/.well-known/jwks.json`],
  ['the local provider', local, local.issuer, `${local.issuer}/jwks`],
] as const)('an access token of %s', (_name, provider, issuer, keysAt) => {
  test('says who it is, and in which groups', async () => {
    const { verify, asked } = makeVerifier(provider)
    const payload = claims(issuer)
    expect(await verify(signToken(payload, key))).toEqual({
      identity: { sub: 'somebody', groups: ['admins'] },
      expiresAt: Number(payload['exp']) * 1000,
    })
    expect(asked).toEqual([keysAt])
  })

  test('is verified once, and then known until it ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { verify, asked } = makeVerifier(provider)
    const token = signToken(claims(issuer), key)
    const verified = await verify(token)
    vi.setSystemTime(Date.now() + 599_000)
    expect(await verify(token)).toBe(verified)
    vi.setSystemTime(Date.now() + 1_000)
    await expect(verify(token)).rejects.toBeInstanceOf(InvalidToken)
    expect(asked).toHaveLength(1)
  })

  const attacks: [string, () => string][] = [
    ['signed by another key of the same name', () => signToken(claims(issuer), other)],
    [
      'changed after it was signed',
      () => swapPayload(signToken(claims(issuer), key), claims(issuer, { sub: 'admin' })),
    ],
    ['expired', () => signToken(claims(issuer, { exp: seconds() - 1 }), key)],
    ['not valid yet', () => signToken(claims(issuer, { nbf: seconds() + 60 }), key)],
    ['without an end', () => signToken(claims(issuer, { exp: undefined }), key)],
    ['of another issuer', () => signToken(claims('https://evil.example'), key)],
    ['of another pool', () => signToken(claims(pool.replace('AbCdEf123', 'ZzZzZzZzZ')), key)],
    ['of a pool in another region', () => signToken(claims(pool.replaceAll('eu-central-1', 'us-east-1')), key)],
    ['without an issuer', () => signToken(claims(issuer, { iss: undefined }), key)],
    ['of another client', () => signToken(claims(issuer, { client_id: 'another' }), key)],
    ['without a client', () => signToken(claims(issuer, { client_id: undefined }), key)],
    [
      'with the client as audience only',
      () => signToken(claims(issuer, { client_id: undefined, aud: 'cruddur' }), key),
    ],
    ['that is an id token', () => signToken(claims(issuer, { token_use: 'id', aud: 'cruddur' }), key)],
    ['that says nothing of its use', () => signToken(claims(issuer, { token_use: undefined }), key)],
    ['without a person', () => signToken(claims(issuer, { sub: undefined }), key)],
    ['with an empty person', () => signToken(claims(issuer, { sub: '' }), key)],
    ['with alg none', () => withoutSignature(claims(issuer), 'k1')],
    ['with alg None', () => withoutSignature(claims(issuer), 'k1', 'None')],
    ['with RS256 and no signature', () => withoutSignature(claims(issuer), 'k1', 'RS256')],
    ['with HS256 and the public key', () => signWithPublicKey(claims(issuer), key)],
    ['with RS512 and the right key', () => signToken(claims(issuer), key, { alg: 'RS512' })],
    [
      'that says RS512 of an RS256 signature',
      () => signToken(claims(issuer), key, { alg: 'RS512' }).replace(/[^.]*$/, ''),
    ],
    ['with an unknown kid', () => signToken(claims(issuer), key, { kid: 'k9' })],
    ['without a kid', () => signToken(claims(issuer), key, { kid: undefined })],
    ['with its key in the header', () => signToken(claims(issuer), other, { kid: 'k9', jwk: other.jwk })],
    ['with the address of its keys', () => signToken(claims(issuer), other, { jku: 'https://evil.example/jwks' })],
    ['that is no token', () => 'a.b.c'],
    ['that is nothing', () => ''],
  ]
  test.each(attacks)('%s is refused', async (_name, make) => {
    const { verify, asked } = makeVerifier(provider)
    await expect(verify(make())).rejects.toBeInstanceOf(InvalidToken)
    expect(asked.filter((uri) => uri !== keysAt)).toEqual([])
  })

  test('with RS512 is refused where the key does not name its algorithm', async () => {
    const { alg: _, ...jwk } = key.jwk
    const { verify } = makeVerifier(provider, () => [jwk])
    await expect(verify(signToken(claims(issuer), key, { alg: 'RS512' }))).rejects.toBeInstanceOf(InvalidToken)
    await expect(verify(signToken(claims(issuer), key))).resolves.toBeDefined()
  })

  test('with HS256 is refused where a shared secret stands among the keys', async () => {
    const { verify } = makeVerifier(provider, () => [{ kty: 'oct', kid: 'k1', k: 'c2VjcmV0', use: 'sig' }])
    await expect(verify(signWithPublicKey(claims(issuer), key))).rejects.toBeInstanceOf(InvalidToken)
  })
})

function swapPayload(token: string, payload: Claims): string {
  const [head, , signature] = token.split('.')
  return [head, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.')
}

test('a hundred tokens with unknown keys make it ask for the keys once', async () => {
  const { verify, asked } = makeVerifier(local)
  for (let count = 0; count < 100; count += 1) {
    const token = signToken(claims(local.issuer), key, { kid: `unknown-${count}` })
    await expect(verify(token)).rejects.toBeInstanceOf(InvalidToken)
  }
  expect(asked).toHaveLength(1)
  // Those of the known key are not disturbed.
  await expect(verify(signToken(claims(local.issuer), key))).resolves.toBeDefined()
})

test('a new key of the provider is found', async () => {
  let keys = [key.jwk]
  const { verify, asked } = makeVerifier(local, () => keys)
  await verify(signToken(claims(local.issuer), key))
  const rotated = makeKey('k2')
  keys = [key.jwk, rotated.jwk]
  await expect(verify(signToken(claims(local.issuer), rotated))).resolves.toBeDefined()
  expect(asked).toHaveLength(2)
})

test('keys that cannot be fetched are nobody’s fault, and not asked for again at once', async () => {
  let asked = 0
  let time = Date.now()
  let down = true
  const { verify } = createTokenVerifier({
    provider: local,
    now: () => time,
    async fetchKeys() {
      asked += 1
      if (down) throw new Error('connect ECONNREFUSED')
      return new TextEncoder().encode(JSON.stringify({ keys: [key.jwk] })).buffer
    },
  })
  const token = signToken(claims(local.issuer), key)
  await expect(verify(token)).rejects.toBeInstanceOf(ProviderUnavailable)
  await expect(verify(token)).rejects.toBeInstanceOf(ProviderUnavailable)
  expect(asked).toBe(1)
  down = false
  time += 5_001
  await expect(verify(token)).resolves.toBeDefined()
})

test('a set of keys that is none is nobody’s fault', async () => {
  const { verify } = createTokenVerifier({
    provider: local,
    fetchKeys: async () => new TextEncoder().encode('<html>').buffer,
  })
  await expect(verify(signToken(claims(local.issuer), key))).rejects.toBeInstanceOf(ProviderUnavailable)
})
