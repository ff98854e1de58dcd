import { createHash } from 'node:crypto'
import fastify from 'fastify'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { prepareSignIns, type Running, type SignInTests, subOf } from '../../provider/testing.ts'
import { describeCookie } from './cookies.ts'
import { createOpenIdClient } from './openid.ts'
import { type Claims, makeKey, signToken, signWithPublicKey, Visitor, withoutSignature } from './testing.ts'

let tests: SignInTests
let cruddur: Running
const password = 'the password of ada'

beforeAll(async () => {
  tests = await prepareSignIns()
  cruddur = await tests.start()
  await tests.signUp(visit(), 'ada')
  await tests.signUp(visit(), 'eve')
})
beforeEach(() => {
  tests.sessionsAhead = 0
})

const visit = () => new Visitor(cruddur.origin)

async function signIn(visitor: Visitor, handle = 'ada', returnTo = '/', stopAt?: string) {
  const form = await visitor.go(`/api/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`)
  const fields = { email: `${handle}@example.com`, password: password.replace('ada', handle) }
  return visitor.submit(form, fields, undefined, stopAt)
}

/** As far as the address with the code, which the browser does not open. */
async function stopBeforeCallback(visitor: Visitor, handle?: string): Promise<URL> {
  return (await signIn(visitor, handle, '/', '/api/auth/callback')).url
}

const refused = expect.objectContaining({ status: 400, body: expect.stringContaining('The sign-in did not work') })

describe('coming back from the provider', () => {
  test('with somebody else’s answer signs nobody in: neither a fresh browser, nor one that has begun its own sign-in', async () => {
    const callback = await stopBeforeCallback(visit(), 'eve')
    const victim = visit()
    expect(await victim.go(callback.href)).toEqual(refused)
    await victim.go('/api/auth/sign-in')
    expect(await victim.go(callback.href)).toEqual(refused)
    expect(victim.cookie('session')).toBeUndefined()
    expect(subOf(await victim.go('/'))).toBeNull()
  })

  test('with an attacker’s code under one’s own state signs nobody in', async () => {
    const stolen = await stopBeforeCallback(visit(), 'eve')
    const victim = visit()
    const own = await stopBeforeCallback(victim)
    own.searchParams.set('code', stolen.searchParams.get('code') ?? '')
    expect(await victim.go(own.href)).toEqual(refused)
    expect(victim.cookie('session')).toBeUndefined()
  })

  test('a second time with the same answer is refused, and the session of the first time stays', async () => {
    const ada = visit()
    const callback = await stopBeforeCallback(ada)
    await ada.go(callback.href)
    const session = ada.cookie('session')
    expect(await ada.go(callback.href)).toEqual(refused)
    expect(ada.cookie('session')).toBe(session)
    expect(subOf(await ada.go('/'))).not.toBeNull()
  })

  test('a second time is refused by the provider, too, where the cookie was copied before', async () => {
    const ada = visit()
    const callback = await stopBeforeCallback(ada)
    const copied = ada.cookie('sign-in') ?? ''
    await ada.go(callback.href)
    const eve = visit()
    eve.setCookie('sign-in', copied)
    expect(await eve.go(callback.href)).toEqual(refused)
    expect(eve.cookie('session')).toBeUndefined()
  })

  test('with a stolen cookie alone is of no use: it shows nothing, and fits no other answer', async () => {
    const ada = visit()
    const begun = await ada.go('/api/auth/sign-in', {}, '/oidc')
    const cookie = ada.cookie('sign-in') ?? ''
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain(begun.url.searchParams.get(name))
    const eve = visit()
    const own = await stopBeforeCallback(eve, 'eve')
    eve.setCookie('sign-in', cookie)
    expect(await eve.go(own.href)).toEqual(refused)
  })

  test('with a changed cookie is refused', async () => {
    const ada = visit()
    const callback = await stopBeforeCallback(ada)
    const cookie = ada.cookie('sign-in') ?? ''
    for (const changed of [`${cookie.startsWith('A') ? 'B' : 'A'}${cookie.slice(1)}`, cookie.slice(0, -4), 'x', '']) {
      ada.setCookie('sign-in', changed)
      expect(await ada.go(callback.href)).toEqual(refused)
    }
  })

  test('after more than ten minutes is refused', async () => {
    const ada = visit()
    const callback = await stopBeforeCallback(ada)
    tests.sessionsAhead = 601_000
    expect(await ada.go(callback.href)).toEqual(refused)
  })

  test('from another issuer is refused', async () => {
    const ada = visit()
    const callback = await stopBeforeCallback(ada)
    callback.searchParams.set('iss', 'https://evil.example')
    expect(await ada.go(callback.href)).toEqual(refused)
    expect(ada.cookie('session')).toBeUndefined()
  })

  test.each(['', '?', '?code=1', '?state=1', '?code=1&state=1', '?error=access_denied', '?state[]=1&state[]=2'])(
    'with %j is refused',
    async (query) => {
      expect(await visit().go(`/api/auth/callback${query}`)).toEqual(refused)
    },
  )

  test('from a sign-in that was cancelled goes back to where it began, and changes nothing', async () => {
    const ada = visit()
    await signIn(ada)
    const session = ada.cookie('session')
    const begun = await ada.go('/api/auth/sign-in?return_to=/about', {}, '/oidc')
    const query = new URLSearchParams({
      error: 'access_denied',
      state: begun.url.searchParams.get('state') ?? '',
      iss: `${cruddur.origin}/oidc`,
    })
    expect((await ada.go(`/api/auth/callback?${query}`)).way.at(-1)).toBe('/about')
    expect(ada.cookie('session')).toBe(session)
  })

  test('in two tabs at once finishes both', async () => {
    const ada = visit()
    const tabs = [await ada.go('/api/auth/sign-in?return_to=/one'), await ada.go('/api/auth/sign-in?return_to=/two')]
    for (const [index, path] of ['/one', '/two'].entries()) {
      const tab = tabs[index]
      if (tab === undefined) throw new Error('No tab')
      expect((await ada.submit(tab, { email: 'ada@example.com', password })).way.at(-1)).toBe(path)
    }
  })
})

test('whoever calls this machine by its number is sent to its name, where the cookies are', async () => {
  const address = cruddur.origin.replace('localhost', '127.0.0.1')
  const response = await fetch(`${address}/api/auth/sign-in?return_to=/@ada`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([
    302,
    `${cruddur.origin}/api/auth/sign-in?return_to=/@ada`,
  ])
})

describe('a session', () => {
  test('gets a new id at each sign-in, and the one before ends: nobody is signed in by an id that somebody else chose', async () => {
    const eve = visit()
    await signIn(eve, 'eve')
    const planted = eve.cookie('session') ?? ''
    const ada = visit()
    ada.setCookie('session', planted)
    const home = await signIn(ada)
    expect(ada.cookie('session')).not.toBe(planted)
    expect(subOf(await eve.go('/'))).toBeNull()
    const made = 'A'.repeat(43)
    const other = visit()
    other.setCookie('session', made)
    await signIn(other)
    expect(other.cookie('session')).not.toBe(made)
    expect(subOf(await other.go('/'))).toBe(subOf(home))
  })

  test('is in no table by its id, and its tokens are in none', async () => {
    const ada = visit()
    await signIn(ada)
    const id = ada.cookie('session') ?? ''
    const hash = createHash('sha256').update(id).digest()
    expect((await tests.pool.query('select from sessions where id_hash = $1', [hash])).rowCount).toBe(1)
    const { rows } = await tests.pool.query<{ row: string }>('select sessions::text as row from sessions')
    for (const { row } of rows) {
      const bytes = row.replaceAll(/\\x([\da-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'))
      expect(bytes).not.toContain(id)
      expect(bytes).not.toMatch(/eyJ|refresh/)
    }
  })

  test('ends with the sign-out, also for whoever has copied the cookie; the cookie is taken away', async () => {
    const ada = visit()
    await signIn(ada)
    const thief = visit()
    thief.setCookie('session', ada.cookie('session') ?? '')
    expect(subOf(await thief.go('/'))).not.toBeNull()
    await ada.go('/api/auth/sign-out', { method: 'POST' })
    expect(ada.cookie('session')).toBeUndefined()
    expect(await thief.go('/')).toMatchObject({ status: 401 })
    expect(thief.cookie('session')).toBeUndefined()
  })

  test('ends everywhere when that is asked for', async () => {
    const [phone, laptop] = [visit(), visit()]
    await signIn(phone)
    await signIn(laptop)
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ everywhere: true }),
    }
    expect((await phone.go('/api/auth/sign-out', init)).status).toBe(200)
    expect(await laptop.go('/')).toMatchObject({ status: 401 })
  })

  test('takes the refresh token with it', async () => {
    const openId = createOpenIdClient(cruddur.settings)
    const ada = visit()
    const tokens = await tokensOf(ada)
    await openId.revoke(tokens.refreshToken ?? '')
    await expect(openId.refresh(tokens.refreshToken ?? '')).rejects.toThrow('The sign-in has ended')
  })

  test('signing out without one is no error', async () => {
    const out = await visit().go('/api/auth/sign-out', { method: 'POST' })
    expect([out.status, out.body]).toEqual([200, '{"location":"/"}'])
  })

  test('is not begun by a GET to sign out', async () => {
    const ada = visit()
    await signIn(ada)
    await ada.go('/api/auth/sign-out')
    expect(subOf(await ada.go('/'))).not.toBeNull()
  })
})

describe('cookies', () => {
  test('on localhost are for the whole site, not for scripts, and not for requests from other sites', async () => {
    const ada = visit()
    await signIn(ada)
    const ours = ada.setCookies.filter((cookie) => /^(session|sign-in)=./.test(cookie))
    expect(ours).toEqual([
      expect.stringMatching(/^sign-in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
      'sign-in=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
      expect.stringMatching(/^session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    for (const cookie of ada.setCookies) expect(cookie).toMatch(/httponly/i)
    for (const cookie of ada.setCookies) expect(cookie).toMatch(/samesite=lax/i)
  })

  test('over https are Secure, and no other host can set them', async () => {
    const cookie = describeCookie('session', new URL('https://cruddur.example'))
    const app = fastify()
    app.get('/', (request, reply) => {
      cookie.set(reply, 'value', 60)
      return { read: cookie.read(request) ?? null }
    })
    const headers = { cookie: 'session=planted; __Host-session=ours; __Host-session=second' }
    const response = await app.inject({ url: '/', headers })
    expect(response.json()).toEqual({ read: 'ours' })
    expect(response.headers['set-cookie']).toBe(
      '__Host-session=value; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure',
    )
    await app.close()
  })
})

describe('the way back', () => {
  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/%09/evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (wanted) => {
      const ada = visit()
      const home = await signIn(ada, 'ada', wanted.replaceAll('%09', '\t'))
      expect([home.url.origin, home.way.at(-1)]).toEqual([cruddur.origin, '/'])
    },
  )

  test('twice is not understood', async () => {
    const form = await visit().go('/api/auth/sign-in?return_to=/a&return_to=//evil.example')
    expect([form.status, form.headers.get('location')]).toEqual([400, null])
  })
})

/** The tokens of a real sign-in, as a program would get them. */
async function tokensOf(visitor: Visitor) {
  const openId = createOpenIdClient(cruddur.settings)
  const { location, pending } = await openId.begin('sign-in')
  const form = await visitor.go(location)
  const end = await visitor.submit(form, { email: 'ada@example.com', password }, undefined, '/api/auth/callback')
  return openId.finish(end.url, pending)
}

describe('a Bearer token', () => {
  const bear = (token: string, visitor = visit()) =>
    visitor.go('/', { headers: { authorization: token.includes(' ') ? token : `Bearer ${token}` } })

  test('of the provider is accepted; the id token beside it is not', async () => {
    const { accessToken, idToken = '', refreshToken = '', sub } = await tokensOf(visit())
    expect(subOf(await bear(accessToken))).toBe(sub)
    expect(await bear(idToken)).toMatchObject({ status: 401 })
    expect(await bear(refreshToken)).toMatchObject({ status: 401 })
  })

  test('that was forged is refused in every way', async () => {
    const { accessToken } = await tokensOf(visit())
    const [head = '', body = '', signature = ''] = accessToken.split('.')
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims
    const claims = decode(body)
    const kid = String(decode(head)['kid'])
    const { keys } = (await (await fetch(`${cruddur.origin}/oidc/jwks`)).json()) as { keys: Claims[] }
    expect(keys).toEqual([expect.not.objectContaining({ d: expect.anything(), p: expect.anything() })])
    const mine = makeKey(kid)
    const changed = Buffer.from(JSON.stringify({ ...claims, 'cognito:groups': ['admins'] })).toString('base64url')
    const forged = [
      `${head}.${changed}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      withoutSignature(claims, kid),
      signToken(claims, mine),
      signWithPublicKey(claims, mine),
      `${accessToken}x`,
      'Basic YWRhOmFkYQ==',
      'Bearer ',
      `Bearer ${accessToken} ${accessToken}`,
      `Token ${accessToken}`,
    ]
    for (const token of forged) expect([token, (await bear(token)).status]).toEqual([token, 401])
    expect((await bear(accessToken)).status).toBe(200)
  })

  test('that is wrong is not made up for by a cookie', async () => {
    const ada = visit()
    await signIn(ada)
    expect(await bear('wrong', ada)).toMatchObject({ status: 401 })
    expect(subOf(await ada.go('/'))).not.toBeNull()
  })
})
