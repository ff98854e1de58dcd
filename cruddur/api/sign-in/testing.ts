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

/** A page that a visitor came to in the end. */
export interface Visited {
  url: URL
  status: number
  headers: Headers
  body: string
  /** The addresses on the way. */
  way: string[]
}

/** A browser as far as a sign-in needs one: it keeps cookies by path, follows redirections and sends forms. */
export class Visitor {
  readonly #cookies = new Map<string, { value: string; path: string }>()
  readonly origin: string
  /** Each Set-Cookie that came. */
  readonly setCookies: string[] = []

  constructor(origin: string) {
    this.origin = origin
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.entries()].find(([key]) => key.startsWith(`${name};`))?.[1].value
  }

  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(`${name};${path}`, { value, path })
  }

  /** Goes to an address and follows where it leads; `stopAt` ends the way before an address that begins so. */
  async go(address: string, init: RequestInit = {}, stopAt?: string): Promise<Visited> {
    const way: string[] = []
    for (let url = new URL(address, this.origin), request = init; ; request = {}) {
      way.push(`${url.pathname}${url.search}`)
      const response = await this.send(url, request)
      const { status, headers } = response
      const location = headers.get('location')
      if (location === null || status < 300 || status > 399 || way.length > 15)
        return { url, status, headers, body: await response.text(), way }
      url = new URL(location, url)
      if (url.origin !== this.origin || (stopAt !== undefined && url.pathname.startsWith(stopAt)))
        return { url, status, headers, body: '', way }
    }
  }

  /** Sends the form of a page to its own address, or to `action`. */
  async submit(page: Visited, fields: Record<string, string>, action?: string, stopAt?: string): Promise<Visited> {
    const init = { method: 'POST', headers: { origin: this.origin }, body: new URLSearchParams(fields) }
    return this.go(new URL(action ?? '', page.url).href, init, stopAt)
  }

  async send(url: URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const sent = [...this.#cookies.entries()]
      .filter(([, { path }]) => path === '/' || url.pathname === path || url.pathname.startsWith(`${path}/`))
      .map(([key, { value }]) => `${key.split(';')[0]}=${value}`)
    if (sent.length > 0) headers.set('cookie', sent.join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) this.#take(cookie)
    return response
  }

  #take(cookie: string): void {
    this.setCookies.push(cookie)
    const [pair = '', ...attributes] = cookie.split(/;\s*/)
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
    const gone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=thu, 01 jan 1970/i.test(one))
    if (gone) this.#cookies.delete(`${name};${path}`)
    else this.setCookie(name, value, path)
  }
}
