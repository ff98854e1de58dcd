import type { ProviderAccounts } from '../identity.ts'
import { readBearer } from './authenticator.ts'
import type { Cookie } from './cookies.ts'
import { ProviderUnavailable } from './errors.ts'
import type { OpenIdClient } from './openid.ts'
import type { Sessions } from './sessions.ts'
import { type CognitoSettings, issuerOf } from './settings.ts'

export interface CognitoAccountsOptions {
  provider: CognitoSettings
  openId: Pick<OpenIdClient, 'refresh' | 'revoke'>
  sessions: Pick<Sessions, 'read'>
  sessionCookie: Cookie
  /** Where Cognito's API is. */
  endpoint?: URL
  fetch?: typeof fetch
}

const timeoutMs = 5_000

/** Deletes accounts of a user pool by the right of the person alone: with their access token, and without any right of AWS. */
export function createCognitoAccounts(options: CognitoAccountsOptions): ProviderAccounts {
  const { provider, openId, sessions, sessionCookie } = options
  const { endpoint = new URL('/', issuerOf(provider)), fetch: send = fetch } = options
  return {
    async prepareDeletion(request) {
      const { authorization } = request.headers
      if (authorization !== undefined) {
        const accessToken = readBearer(authorization)
        return () => deleteUser(accessToken)
      }
      const refreshToken = (await sessions.read(sessionCookie.read(request) ?? ''))?.refreshToken
      return async () => {
        if (refreshToken === undefined) throw new Error('The session has no refresh token')
        // Access tokens are not kept.
        const tokens = await openId.refresh(refreshToken)
        try {
          await deleteUser(tokens.accessToken)
        } catch (error) {
          // The session has ended, and what it was made of ends with it.
          await openId.revoke(tokens.refreshToken).catch(() => {})
          throw error
        }
      }
    },
  }

  /** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html */
  async function deleteUser(accessToken: string): Promise<void> {
    const response = await send(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.DeleteUser',
      },
      body: JSON.stringify({ AccessToken: accessToken }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new ProviderUnavailable('Cognito did not answer to DeleteUser', { cause })
    })
    if (response.ok) return
    const type = readType(await response.text().catch(() => ''))
    // It was deleted before.
    if (type === 'UserNotFoundException') return
    throw new ProviderUnavailable(`Cognito did not delete the account: ${response.status} ${type}`)
  }
}

/** The name of an error of AWS; its message may hold more than a log should. */
function readType(body: string): string {
  return /"__type"\s*:\s*"(?:[^"#]*#)?(\w{1,64})"/.exec(body)?.[1] ?? ''
}
