import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { ProviderRefused, ProviderUnavailable } from './errors.ts'
import { createOpenIdClient, type PendingSignIn } from './openid.ts'
import { type Claims, makeKey, signToken } from './testing.ts'

const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123'
const domain = 'https://cruddur.auth.eu-central-1.amazoncognito.com'
const publicUrl = new URL('https://cruddur.example')
const key = makeKey('k1')

// As Cognito answers at /.well-known/openid-configuration of a pool with a domain.
const metadata = {
  authorization_endpoint: `${domain}/oauth2/authorize`,
  end_session_endpoint: `${domain}/logout`,
  id_token_signing_alg_values_supported: ['RS256'],
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code', 'token'],
  revocation_endpoint: `${domain}/oauth2/revoke`,
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint: `${domain}/oauth2/token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  userinfo_endpoint: `${domain}/oauth2/userInfo`,
}

interface Asked {
  url: string
  authorization: string | undefined
  body: Record<string, string>
}

/** Answers as Cognito does, and remembers what it was asked. */
class TestCognito {
  readonly asked: Asked[] = []
  idToken: Claims = {}
  /** Takes the place of an answer of the token endpoint. */
  answer: (() => Response) | undefined
  down = false

  readonly fetch = async (
    url: string,
    { body, headers }: { body?: unknown; headers: Record<string, string> },
  ): Promise<Response> => {
    if (this.down) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
    const fields = Object.fromEntries(new URLSearchParams(String(body ?? '')))
    this.asked.push({ url, authorization: headers['authorization'], body: fields })
    if (url === `${issuer}/.well-known/openid-configuration`) return Response.json(metadata)
    if (url === metadata.revocation_endpoint) return new Response(null)
    if (url !== metadata.token_endpoint) return new Response(null, { status: 404 })
    if (this.answer) return this.answer()
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { sub: 'ada', iss: issuer, aud: 'client', iat: seconds, exp: seconds + 600, ...this.idToken }
    const tokens = { access_token: 'access', token_type: 'Bearer', expires_in: 600, id_token: signToken(claims, key) }
    const first = fields['grant_type'] === 'authorization_code'
    return Response.json(first ? { ...tokens, refresh_token: 'refresh' } : tokens)
  }
}

let cognito: TestCognito
beforeEach(() => {
  cognito = new TestCognito()
})

function open(clientSecret?: string) {
  const provider = { kind: 'cognito', userPoolId: 'eu-central-1_AbCdEf123', clientId: 'client', clientSecret } as const
  return createOpenIdClient({ publicUrl, secrets: ['s'.repeat(32)], provider }, cognito.fetch)
}

const back = ({ state }: PendingSignIn, more: Record<string, string> = {}) =>
  new URL(`/api/auth/callback?${new URLSearchParams({ code: 'code', state, ...more })}`, publicUrl)

test('the way to Cognito has state, nonce and the challenge of PKCE; to sign up there is a page of its own', async () => {
  const openId = open()
  for (const [page, path] of [
    ['sign-in', '/oauth2/authorize'],
    ['sign-up', '/signup'],
  ] as const) {
    const { location, pending } = await openId.begin(page)
    const url = new URL(location)
    expect(`${url.origin}${url.pathname}`).toBe(`${domain}${path}`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client',
      response_type: 'code',
      redirect_uri: 'https://cruddur.example/api/auth/callback',
      scope: 'openid aws.cognito.signin.user.admin',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: createHash('sha256').update(pending.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
  }
  expect(cognito.asked).toHaveLength(1)
})

test.each([
  [undefined, undefined],
  ['client secret', `Basic ${Buffer.from('client:client+secret').toString('base64')}`],
])('a code is exchanged with the verifier, and with the secret %s', async (secret, authorization) => {
  const openId = open(secret)
  const { pending } = await openId.begin('sign-in')
  cognito.idToken = { nonce: pending.nonce }
  const tokens = await openId.finish(back(pending), pending)
  // Cognito does not want the id token back.
  expect(tokens).toEqual({ accessToken: 'access', refreshToken: 'refresh', sub: 'ada' })
  expect(cognito.asked.at(-1)).toEqual({
    url: metadata.token_endpoint,
    authorization,
    body: {
      grant_type: 'authorization_code',
      code: 'code',
      redirect_uri: 'https://cruddur.example/api/auth/callback',
      code_verifier: pending.codeVerifier,
      ...(secret === undefined && { client_id: 'client' }),
    },
  })
})

test('without rotation the refresh token goes on', async () => {
  expect(await open().refresh('refresh')).toEqual({ accessToken: 'access', refreshToken: 'refresh' })
})

test('signing out leads over the page of Cognito, with its own parameters, and takes the refresh token back', async () => {
  const openId = open()
  expect(await openId.endLocation(undefined)).toBe(
    `${domain}/logout?client_id=client&logout_uri=https%3A%2F%2Fcruddur.example%2F`,
  )
  await openId.revoke('refresh')
  expect(cognito.asked.at(-1)).toMatchObject({
    url: metadata.revocation_endpoint,
    body: { token: 'refresh', token_type_hint: 'refresh_token' },
  })
})

describe('an answer is refused', () => {
  test.each([
    ['with another nonce', { nonce: 'another' }],
    ['without a nonce', { nonce: undefined }],
    ['for another client', { aud: 'another' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that has expired', { exp: 1 }],
    ['from the future', { iat: 9_999_999_999, nbf: 9_999_999_999 }],
    ['about nobody', { sub: undefined }],
  ])('%s', async (_name, claims) => {
    const openId = open()
    const { pending } = await openId.begin('sign-in')
    cognito.idToken = { nonce: pending.nonce, ...claims }
    await expect(openId.finish(back(pending), pending)).rejects.toBeInstanceOf(ProviderRefused)
  })

  test.each([
    ['with another state', { state: 'another' }],
    ['that says so', { error: 'access_denied' }],
    ['with the name of another issuer', { iss: 'https://evil.example' }],
  ])('%s, and no token is asked for', async (_name, query) => {
    const openId = open()
    const { pending } = await openId.begin('sign-in')
    await expect(openId.finish(back(pending, query), pending)).rejects.toBeInstanceOf(ProviderRefused)
    expect(cognito.asked).toHaveLength(1)
  })

  test('where the code was used before', async () => {
    const openId = open()
    const { pending } = await openId.begin('sign-in')
    cognito.answer = () => Response.json({ error: 'invalid_grant' }, { status: 400 })
    await expect(openId.finish(back(pending), pending)).rejects.toBeInstanceOf(ProviderRefused)
    await expect(openId.refresh('refresh')).rejects.toBeInstanceOf(ProviderRefused)
  })
})

describe('nobody’s session ends', () => {
  test.each([
    ['where the client secret is wrong', () => Response.json({ error: 'invalid_client' }, { status: 401 })],
    ['where Cognito is overloaded', () => Response.json({ message: 'Rate exceeded' }, { status: 429 })],
    ['where Cognito fails', () => new Response('<html>', { status: 502 })],
    ['where something in between answers', () => new Response('<html>', { status: 200 })],
  ])('%s', async (_name, answer) => {
    cognito.answer = answer
    await expect(open('secret').refresh('refresh')).rejects.toBeInstanceOf(ProviderUnavailable)
  })

  test('where Cognito cannot be reached; it is asked again when somebody comes again', async () => {
    const openId = open()
    cognito.down = true
    await expect(openId.begin('sign-in')).rejects.toThrow('connect ECONNREFUSED')
    await expect(openId.refresh('refresh')).rejects.toBeInstanceOf(ProviderUnavailable)
    cognito.down = false
    await expect(openId.begin('sign-in')).resolves.toBeDefined()
  })
})
