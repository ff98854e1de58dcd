import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import { FetchError, JwksValidationError, JwtInvalidSignatureAlgorithmError } from 'aws-jwt-verify/error'
import type { Fetcher } from 'aws-jwt-verify/https'
import { SimpleJwksCache, SimplePenaltyBox } from 'aws-jwt-verify/jwk'
import type { JwtHeader, JwtPayload } from 'aws-jwt-verify/jwt-model'
import { InvalidToken, type Identity } from '../identity.ts'
import { ProviderUnavailable } from './errors.ts'
import { issuerOf, type ProviderSettings } from './settings.ts'

export interface VerifiedToken {
  identity: Identity
  /** Milliseconds since 1970. */
  expiresAt: number
}

export interface TokenVerifier {
  /** Verifies an access token. Throws `InvalidToken`, and `ProviderUnavailable` where the keys cannot be fetched. */
  verify(token: string): Promise<VerifiedToken>
}

export interface TokenVerifierOptions {
  provider: ProviderSettings
  /** Fetches the set of keys; over HTTP unless given. */
  fetchKeys?: ((uri: string) => Promise<ArrayBuffer>) | undefined
  now?: (() => number) | undefined
}

/** Tokens with unknown keys make us ask for the keys this often at most. */
const waitSeconds = 5
const cachedTokens = 5_000

/** Makes a verifier of the access tokens of one provider and one client: RS256 alone, by the provider's published keys. */
export function createTokenVerifier({
  provider,
  fetchKeys = fetchOverHttp,
  now = Date.now,
}: TokenVerifierOptions): TokenVerifier {
  const verifySignature = createSignatureVerifier(provider, fetchSparingly(fetchKeys, now))
  const verified = new Map<string, VerifiedToken>()

  return {
    async verify(token) {
      const known = verified.get(token)
      if (known && known.expiresAt > now()) return known
      const result = await explained(async () => readPayload(await verifySignature(token)))
      verified.set(token, result)
      const [oldest] = verified.keys()
      if (verified.size > cachedTokens && oldest !== undefined) verified.delete(oldest)
      return result
    },
  }
}

function createSignatureVerifier(provider: ProviderSettings, fetcher: Fetcher): (token: string) => Promise<JwtPayload> {
  const jwksCache = new SimpleJwksCache({ fetcher, penaltyBox: new SimplePenaltyBox({ waitSeconds }) })
  const { clientId } = provider
  if (provider.kind === 'cognito') {
    const { userPoolId } = provider
    const verifier = CognitoJwtVerifier.create(
      { userPoolId, clientId, tokenUse: 'access', customJwtCheck: refuseOtherAlgorithms },
      { jwksCache },
    )
    return (token) => verifier.verify(token)
  }
  const issuer = issuerOf(provider)
  const verifier = JwtVerifier.create(
    {
      issuer,
      // As Cognito does it, the client is named in client_id.
      audience: null,
      jwksUri: `${issuer}/jwks`,
      customJwtCheck(token) {
        refuseOtherAlgorithms(token)
        validateCognitoJwtFields(token.payload, { tokenUse: 'access', clientId })
      },
    },
    { jwksCache },
  )
  return (token) => verifier.verify(token)
}

/** The library would take RS512 too, with the same key. */
function refuseOtherAlgorithms({ header }: { header: JwtHeader }): void {
  if (header.alg !== 'RS256') throw new JwtInvalidSignatureAlgorithmError('Only RS256 is accepted', header.alg, 'RS256')
}

async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof InvalidToken) throw cause
    if (cause instanceof FetchError || cause instanceof JwksValidationError)
      throw new ProviderUnavailable('The keys of the sign-in provider cannot be read', { cause })
    throw new InvalidToken('The token is not valid', { cause })
  }
}

function readPayload(payload: JwtPayload): VerifiedToken {
  const { sub, exp, 'cognito:groups': groups } = payload
  // A token that never ends could not be taken back, and one without a sub is a machine's.
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number')
    throw new InvalidToken('The token is not a person’s')
  const names = Array.isArray(groups) ? groups.filter((name) => typeof name === 'string') : []
  return { identity: { sub, groups: names }, expiresAt: exp * 1000 }
}

/** The library waits after a key that is not there; this waits after a fetch that failed, too. */
function fetchSparingly(fetchKeys: (uri: string) => Promise<ArrayBuffer>, now: () => number): Fetcher {
  let failedAt = -Infinity
  return {
    async fetch(uri) {
      if (now() - failedAt < waitSeconds * 1000) throw new FetchError(uri, 'It failed a moment ago')
      try {
        return await fetchKeys(uri)
      } catch (error) {
        failedAt = now()
        throw error instanceof FetchError ? error : new FetchError(uri, error)
      }
    },
  }
}

async function fetchOverHttp(uri: string): Promise<ArrayBuffer> {
  const response = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(3_000) })
  if (!response.ok) throw new FetchError(uri, `Status ${response.status}`)
  return response.arrayBuffer()
}
