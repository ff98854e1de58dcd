import type { FastifyReply, FastifyRequest } from 'fastify'

/** Who sends a request, as the provider of sign-ins knows them. The row in `users` is found by `sub` alone. */
export interface Identity {
  sub: string
  /** From the claim `cognito:groups`: members of `admins` decide reports. */
  groups: readonly string[]
}

/** A token or a session is there and does not hold: forged, expired, ended, or made for somebody else. The answer is 401. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken'
}

/** Finds out who sends a request, by session cookie or Bearer token. */
export interface Authenticator {
  /** Undefined for somebody without any. Throws `InvalidToken`, and `DatabaseUnavailable` where sessions cannot be read. */
  identify(request: FastifyRequest, reply: FastifyReply): Promise<Identity | undefined>
  /** Hears that sessions have ended, maybe by another process: what is remembered of them is forgotten. */
  signedOut?(ended: SignedOut): void
}

/** The accounts at the provider of sign-ins, as far as people who leave have to do with them. */
export interface ProviderAccounts {
  /**
   * Takes hold of what it needs while there is a session; nothing is deleted yet. What it returns deletes the account of whoever sends
   * the request, and throws where that account may still be there.
   */
  prepareDeletion(request: FastifyRequest): Promise<() => Promise<void>>
}

/** Whose sessions have ended: all of a person, or one, by the hash of its id. */
export interface SignedOut {
  sub?: string
  session?: string
}

/** Nobody can sign in: everybody is a reader. */
export const nobody: Authenticator = { identify: () => Promise.resolve(undefined) }
