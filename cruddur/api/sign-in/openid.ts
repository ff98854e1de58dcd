import * as client from 'openid-client'
import { ProviderRefused, ProviderUnavailable } from './errors.ts'
import { issuerOf, type SignInSettings } from './settings.ts'

/** What has to be remembered between the way to the provider and the way back. */
export interface PendingSignIn {
  state: string
  nonce: string
  codeVerifier: string
}

export interface Tokens {
  accessToken: string
  refreshToken?: string | undefined
  /** Kept where the provider wants it back at the sign-out. */
  idToken?: string | undefined
}

/** The provider of sign-ins, asked by the OpenID Connect protocol. All throw `ProviderUnavailable`. */
export interface OpenIdClient {
  /** Where the browser has to go. */
  begin(page: 'sign-in' | 'sign-up'): Promise<{ location: string; pending: PendingSignIn }>
  /** Takes what the browser came back with. Throws `ProviderRefused` where it is not the answer to `pending`. */
  finish(callback: URL, pending: PendingSignIn): Promise<Tokens & { sub: string }>
  /** Throws `ProviderRefused` where the refresh token has ended. */
  refresh(refreshToken: string): Promise<Tokens & { refreshToken: string }>
  revoke(refreshToken: string): Promise<void>
  /** Where the browser has to go to end its session with the provider. */
  endLocation(idToken: string | undefined): Promise<string>
}

export const callbackPath = '/api/auth/callback'

// The second lets a person delete their account: DeleteUser asks for it.
const scopes = { cognito: 'openid aws.cognito.signin.user.admin', local: 'openid' }
const timeoutSeconds = 5

/** Makes the client. The provider is asked for its addresses when they are needed first, and again where that failed. */
export function createOpenIdClient({ provider, publicUrl }: SignInSettings, fetch?: client.CustomFetch): OpenIdClient {
  const redirectUri = new URL(callbackPath, publicUrl).href
  let discovered: Promise<client.Configuration> | undefined

  const configuration = () =>
    (discovered ??= discover().catch((error: unknown) => {
      discovered = undefined
      throw unavailable(error)
    }))

  async function discover(): Promise<client.Configuration> {
    const { clientId, clientSecret } = provider
    // Cognito takes the secret by HTTP Basic, which every provider has to.
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret)
    return client.discovery(new URL(issuerOf(provider)), clientId, undefined, authentication, {
      timeout: timeoutSeconds,
      execute: provider.kind === 'local' ? [client.allowInsecureRequests] : [],
      ...(fetch && { [client.customFetch]: fetch }),
    })
  }

  return {
    async begin(page) {
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      }
      const location = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: scopes[provider.kind],
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
      })
      if (page === 'sign-up') {
        // OpenID Connect's own way (prompt=create) is not Cognito's, which has a page with the same parameters.
        if (provider.kind === 'cognito') location.pathname = '/signup'
        else location.searchParams.set('prompt', 'create')
      }
      return { location: location.href, pending }
    },

    async finish(callback, { state, nonce, codeVerifier }) {
      const config = await configuration()
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      }
      try {
        const answer = await client.authorizationCodeGrant(config, callback, checks)
        const sub = answer.claims()?.sub
        if (sub === undefined) throw new ProviderRefused('The provider did not say who signed in')
        return { ...readTokens(answer), sub }
      } catch (error) {
        throw isRefusal(error) ? new ProviderRefused('The sign-in was refused', { cause: error }) : unavailable(error)
      }
    },

    async refresh(refreshToken) {
      const config = await configuration()
      try {
        const tokens = readTokens(await client.refreshTokenGrant(config, refreshToken))
        // Without rotation the answer holds no refresh token, and the old one goes on.
        return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
      } catch (error) {
        throw hasEnded(error) ? new ProviderRefused('The sign-in has ended', { cause: error }) : unavailable(error)
      }
    },

    async revoke(refreshToken) {
      const config = await configuration()
      if (config.serverMetadata().revocation_endpoint === undefined) return
      try {
        await client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' })
      } catch (error) {
        throw unavailable(error)
      }
    },

    async endLocation(idToken) {
      const config = await configuration()
      const home = new URL('/', publicUrl).href
      if (provider.kind === 'cognito') {
        // docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html: not OpenID Connect's parameters.
        const location = new URL('/logout', config.serverMetadata().authorization_endpoint)
        location.search = new URLSearchParams({ client_id: provider.clientId, logout_uri: home }).toString()
        return location.href
      }
      const parameters = { post_logout_redirect_uri: home, ...(idToken !== undefined && { id_token_hint: idToken }) }
      return client.buildEndSessionUrl(config, parameters).href
    },
  }

  function readTokens(answer: client.TokenEndpointResponse): Tokens {
    return {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token,
      ...(provider.kind === 'local' && answer.id_token !== undefined && { idToken: answer.id_token }),
    }
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof ProviderRefused || error instanceof client.AuthorizationResponseError || hasEnded(error))
    return true
  // An answer that does not fit what was asked: another state, nonce, issuer or client.
  return (
    error instanceof client.ClientError &&
    /INVALID_RESPONSE|JWT_CLAIM|JWT_TIMESTAMP|JSON_ATTRIBUTE/.test(String(error.code))
  )
}

/** A wrong client secret is a fault of the settings, and no reason to end anybody's session. */
function hasEnded(error: unknown): boolean {
  return error instanceof client.ResponseBodyError && error.error === 'invalid_grant'
}

function unavailable(cause: unknown): ProviderUnavailable {
  if (cause instanceof ProviderUnavailable) return cause
  // fetch says what happened in the cause of its error.
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const reason = inner instanceof Error ? inner.message : String(inner)
  return new ProviderUnavailable(`The sign-in provider does not answer as it should: ${reason}`, { cause })
}
