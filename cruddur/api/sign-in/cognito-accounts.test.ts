import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createCognitoAccounts } from './cognito-accounts.ts'
import { describeCookie } from './cookies.ts'
import { ProviderRefused } from './errors.ts'

const provider = {
  kind: 'cognito',
  userPoolId: 'eu-central-1_AbCdEf123',
  clientId: 'client',
  clientSecret: undefined,
} as const
const sessionCookie = describeCookie('session', new URL('https://cruddur.example'))

interface Asked {
  target: unknown
  type: unknown
  body: unknown
}

/** Answers as Cognito's API does, over HTTP. */
async function serveCognito(status: number, answer = '') {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { headers } = request
      asked.push({ target: headers['x-amz-target'], type: headers['content-type'], body: JSON.parse(text) })
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { asked, endpoint: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`) }
}

function open(endpoint: URL | undefined, more: Partial<Parameters<typeof createCognitoAccounts>[0]> = {}) {
  const revoked: string[] = []
  const accounts = createCognitoAccounts({
    provider,
    openId: {
      refresh: async (refreshToken) => ({ accessToken: `access by ${refreshToken}`, refreshToken: 'next' }),
      revoke: async (refreshToken) => void revoked.push(refreshToken),
    },
    sessions: { read: async (id) => (id === 'mine' ? { refreshToken: 'refresh' } : undefined) },
    sessionCookie,
    ...(endpoint && { endpoint }),
    ...more,
  })
  return { accounts, revoked }
}

const request = (headers: Record<string, string>) => ({ headers }) as unknown as FastifyRequest
const mine = request({ cookie: '__Host-session=mine' })

test('whoever leaves is deleted by their own token, which the session gets anew', async () => {
  const { asked, endpoint } = await serveCognito(200)
  const { accounts, revoked } = open(endpoint)
  const remove = await accounts.prepareDeletion(mine)
  expect(asked).toEqual([])
  await remove()
  expect(asked).toEqual([
    {
      target: 'AWSCognitoIdentityProviderService.DeleteUser',
      type: 'application/x-amz-json-1.1',
      body: { AccessToken: 'access by refresh' },
    },
  ])
  expect(revoked).toEqual([])
})

test('a Bearer token is the one that is used', async () => {
  const { asked, endpoint } = await serveCognito(200)
  const remove = await open(endpoint).accounts.prepareDeletion(request({ authorization: 'Bearer abc.def' }))
  await remove()
  expect(asked.map(({ body }) => body)).toEqual([{ AccessToken: 'abc.def' }])
})

test('Cognito is asked in the region of the pool', async () => {
  const asked: unknown[] = []
  const { accounts } = open(undefined, {
    fetch: async (address) => {
      asked.push(String(address))
      return new Response(null)
    },
  })
  await (
    await accounts.prepareDeletion(mine)
  )()
  expect(asked).toEqual(['https://cognito-idp.eu-central-1.amazonaws.com/'])
})

test('an account that is gone already is no failure', async () => {
  const { endpoint } = await serveCognito(400, '{"__type":"UserNotFoundException","message":"User does not exist."}')
  await (
    await open(endpoint).accounts.prepareDeletion(mine)
  )()
})

test.each([
  [400, '{"__type":"NotAuthorizedException","message":"Access Token does not have required scopes"}'],
  [400, '{"__type":"com.amazonaws.cognito#TooManyRequestsException","message":"Rate exceeded"}'],
  [502, '<html>'],
])(
  'an answer %i %s is a failure, which tells no token, and the session’s token is taken back',
  async (status, text) => {
    const { endpoint } = await serveCognito(status, text)
    const { accounts, revoked } = open(endpoint)
    const failure = await (await accounts.prepareDeletion(mine))().catch((error: unknown) => error)
    expect(String(failure)).toContain(`Cognito did not delete the account: ${status}`)
    expect(String(failure)).not.toMatch(/access by|refresh|Rate exceeded|required scopes/)
    expect(revoked).toEqual(['next'])
  },
)

test('where Cognito is away, the sign-in has ended, or there is no refresh token, it is a failure too', async () => {
  const away = await open(new URL('http://127.0.0.1:9/')).accounts.prepareDeletion(mine)
  await expect(away()).rejects.toThrow('Cognito did not answer')
  const { asked, endpoint } = await serveCognito(200)
  const ended = open(endpoint, {
    openId: {
      refresh: () => Promise.reject(new ProviderRefused('The sign-in has ended')),
      revoke: () => Promise.resolve(),
    },
  })
  await expect((await ended.accounts.prepareDeletion(mine))()).rejects.toBeInstanceOf(ProviderRefused)
  const none = await open(endpoint).accounts.prepareDeletion(request({ cookie: '__Host-session=other' }))
  await expect(none()).rejects.toThrow('no refresh token')
  expect(asked).toEqual([])
})
