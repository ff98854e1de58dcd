import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterAll } from 'vitest'
import { type AppOptions, buildApp } from './app.ts'
import { type Authenticator, InvalidToken } from './identity.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Store } from './store/store.ts'

/** Believes the header `Bearer sub` or the cookie `session=sub`; a sub that ends in `admin` is one of them. Wrong tokens begin with a `!`. */
export const testAuthenticator: Authenticator = {
  identify: async (request) => {
    const sub = readSub(request)
    if (sub === undefined) return undefined
    if (sub.startsWith('!')) throw new InvalidToken('It is a wrong one')
    return { sub, groups: sub.endsWith('admin') ? ['admins'] : [] }
  },
}

function readSub({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (.+)/.exec(headers.authorization ?? '')?.[1] ?? /\bsession=([^;]+)/.exec(headers.cookie ?? '')?.[1]
}

/** The header of somebody's requests. */
export function signedInAs(sub: string): { authorization: string } {
  return { authorization: `Bearer ${sub}` }
}

/** No limits on how often, unless a test sets some. */
export function testSettings(variables: Record<string, string> = {}): Settings {
  const free = ['READS', 'READS_SIGNED_IN', 'WRITES', 'POSTS', 'SIGN_INS'].map((name) => [`RATE_LIMIT_${name}`, '0'])
  return readSettings({ ...(Object.fromEntries(free) as Record<string, string>), ...variables })
}

/** An app that is closed when the test file is done. */
export function buildTestApp(options: Partial<AppOptions> & Pick<AppOptions, 'store'>): FastifyInstance {
  const app = buildApp({
    pool: { query: () => Promise.resolve({ rows: [] }) },
    log: false,
    authenticator: testAuthenticator,
    settings: testSettings(),
    ...options,
  })
  afterAll(() => app.close())
  return app
}

/** A store that does what is given, and complains of all else. */
export function partialStore(parts: Partial<Store>): Store {
  return new Proxy(parts as Store, {
    get: (store, name: keyof Store) => store[name] ?? (() => Promise.reject(new Error(`${name} was not expected`))),
  })
}
