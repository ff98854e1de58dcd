import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Authenticator, InvalidToken } from '../identity.ts'
import type { Cookie } from './cookies.ts'
import type { Sessions } from './sessions.ts'
import type { TokenVerifier } from './token-verifier.ts'

/** Finds out who sends a request by a Bearer access token, or else by the session cookie. */
export function createAuthenticator(verifier: TokenVerifier, sessions: Sessions, cookie: Cookie): Authenticator {
  return {
    async identify(request: FastifyRequest, reply: FastifyReply) {
      const { authorization } = request.headers
      // A request with the one is never looked at for the other: only cookies come along without the sender's will.
      if (authorization !== undefined) return (await verifier.verify(readBearer(authorization))).identity
      const id = cookie.read(request)
      if (id === undefined || id === '') return undefined
      const identity = await sessions.find(id)
      if (identity) return identity
      cookie.clear(reply)
      throw new InvalidToken('The session has ended')
    },
  }
}

/** The token of an Authorization header. Throws `InvalidToken`. */
export function readBearer(authorization: string): string {
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1]
  if (token === undefined) throw new InvalidToken('Authorization is not a Bearer token')
  return token
}
