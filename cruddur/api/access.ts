import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Authenticator, type Identity, InvalidToken } from './identity.ts'
import { notFound, Problem } from './problem.ts'
import { network, type RateLimiter, windowSeconds } from './rate-limit.ts'
import type { Limits, Settings } from './settings.ts'
import type { Viewer } from './store/store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may come in: all, known or not; only who is signed in; only who decides reports. Without it nobody is asked who they are. */
    access?: 'optional' | 'user' | 'admin'
    /** What a request counts as. Without it: nothing, or a sign-in under /api/auth. */
    limit?: 'read' | 'write' | 'post' | 'signIn'
  }
  interface FastifyRequest {
    /** Who sends it; undefined for somebody who is not signed in, and where the route asks nobody. */
    identity: Identity | undefined
  }
}

interface AccessOptions {
  authenticator: Authenticator
  limiter: RateLimiter
  settings: Settings
  /** Keys the hashes of addresses: the same in all processes, so that their counts are one. */
  secret: string | undefined
}

/** Asks of each request, before its body is read: where does it come from, who sends it, and how many have they sent. */
export function guardRoutes(app: FastifyInstance, { authenticator, limiter, settings, secret }: AccessOptions): void {
  const key = secret ?? randomBytes(32)
  const hashAddress = (address: string) =>
    createHmac('sha256', key).update(network(address)).digest('base64url').slice(0, 22)

  async function count(reply: FastifyReply, kind: keyof Limits, who: string): Promise<void> {
    const limit = settings.limits[kind]
    if (limit === 0) return
    const { allowed, remaining, resetSeconds } = await limiter.take(`${kind}:${who}`, limit)
    // draft-ietf-httpapi-ratelimit-headers-10
    reply.header('ratelimit-policy', `"${kind}";q=${limit};w=${windowSeconds}`)
    reply.header('ratelimit', `"${kind}";r=${remaining};t=${resetSeconds}`)
    if (allowed) return
    throw new Problem(429, 'That was too often. Wait a little.', 'too_many_requests', {
      'retry-after': String(resetSeconds),
    })
  }

  async function identify(request: FastifyRequest, reply: FastifyReply): Promise<Identity | undefined> {
    try {
      return await authenticator.identify(request, reply)
    } catch (error) {
      if (!(error instanceof InvalidToken)) throw error
      await count(reply, 'signIn', hashAddress(request.ip))
      request.log.info({ reason: error.message }, 'A token was refused')
      throw unauthorised('Your sign-in does not hold any more. Sign in again.', 'token_invalid')
    }
  }

  app.decorateRequest('identity', undefined)
  app.addHook('onRequest', async (request, reply) => {
    const { access, limit } = request.routeOptions.config
    if (request.url.startsWith('/api/')) checkOrigin(request, settings.publicUrl)
    if (access !== undefined) request.identity = await identify(request, reply)
    const { identity } = request
    const kind = limit ?? (request.url.startsWith('/api/auth/') ? 'signIn' : undefined)
    if (kind !== undefined) {
      const signedIn = identity !== undefined && kind !== 'signIn'
      const who = signedIn ? `@${identity.sub}` : hashAddress(request.ip)
      await count(reply, signedIn && kind === 'read' ? 'readSignedIn' : kind, who)
    }
    if (access === 'user' && identity === undefined) {
      throw unauthorised('Sign in first.', 'not_signed_in')
    }
    // Whoever may not see it is not told that it is there.
    if (access === 'admin' && identity?.groups.includes('admins') !== true) throw notFound()
  })
}

function unauthorised(detail: string, code: string): Problem {
  const challenge = code === 'token_invalid' ? 'Bearer error="invalid_token"' : 'Bearer'
  return new Problem(401, detail, code, { 'www-authenticate': challenge })
}

/** A page elsewhere can make a browser send our cookie along, but neither another Origin nor an Authorization header. */
function checkOrigin(request: FastifyRequest, publicUrl: URL | undefined): void {
  const { method, headers } = request
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || headers.authorization !== undefined) return
  const { origin } = headers
  if (origin === undefined) {
    // Programs send none; they have no business with cookies.
    if (headers.cookie === undefined || headers['sec-fetch-site'] === 'same-origin') return
  } else if (URL.canParse(origin)) {
    const from = new URL(origin)
    if (publicUrl === undefined ? from.host === request.host : from.origin === publicUrl.origin) return
  }
  throw new Problem(403, 'The request comes from another page.', 'origin_mismatch')
}

/** Whose eyes a request has. */
export function viewerOf(request: FastifyRequest): Viewer {
  return request.identity?.sub
}

/** Who writes; for routes with the access `user` or `admin`, where somebody always is. */
export function writerOf(request: FastifyRequest): string {
  if (request.identity === undefined) throw new Error(`${request.routeOptions.url} lets in who is not signed in`)
  return request.identity.sub
}
