import type { FastifyPluginAsync } from 'fastify'
import type { Pool } from '../database.ts'
import type { Authenticator, ProviderAccounts } from '../identity.ts'
import { createAuthenticator } from './authenticator.ts'
import { createCognitoAccounts } from './cognito-accounts.ts'
import { describeCookie } from './cookies.ts'
import { createOpenIdClient } from './openid.ts'
import { createPendingSignIns } from './pending.ts'
import { signInRoutes } from './routes.ts'
import { createSessionTable } from './session-table.ts'
import { createSessions } from './sessions.ts'
import type { SignInSettings } from './settings.ts'
import { createTokenVerifier } from './token-verifier.ts'

export interface SignIn {
  authenticator: Authenticator
  routes: FastifyPluginAsync
  accounts: ProviderAccounts
  /** Waits for what goes on in the background; then the pool may be closed. */
  settle(): Promise<void>
}

export interface SignInOptions {
  settings: SignInSettings
  /** The pool of the primary. */
  pool: Pool
  /** Deletes an account of the provider of a laptop. */
  deleteLocal?: (sub: string) => Promise<void>
  /** Fetches the keys of the provider; over HTTP unless given. */
  fetchKeys?: (uri: string) => Promise<ArrayBuffer>
  /** The clock, in milliseconds since 1970. */
  now?: () => number
}

/** Puts the sign-in together: who sends a request, and the routes to become somebody. */
export function createSignIn({ settings, pool, deleteLocal, fetchKeys, now }: SignInOptions): SignIn {
  const { publicUrl, secrets, provider } = settings
  const openId = createOpenIdClient(settings)
  const verifier = createTokenVerifier({ provider, fetchKeys, now })
  const sessions = createSessions({ table: createSessionTable(pool), openId, verifier, secrets, now })
  const sessionCookie = describeCookie('session', publicUrl)
  const pending = createPendingSignIns(describeCookie('sign-in', publicUrl), secrets, now)
  return {
    authenticator: {
      ...createAuthenticator(verifier, sessions, sessionCookie),
      signedOut: sessions.forget,
    },
    accounts:
      provider.kind === 'cognito'
        ? createCognitoAccounts({ provider, openId, sessions, sessionCookie })
        : {
            prepareDeletion:
              async ({ identity }) =>
              async () =>
                identity && deleteLocal?.(identity.sub),
          },
    routes: signInRoutes({ publicUrl, openId, verifier, sessions, sessionCookie, pending }),
    settle: sessions.settle,
  }
}
