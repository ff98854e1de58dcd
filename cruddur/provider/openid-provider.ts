import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { documentHeaders, Html, html, renderDocument } from '../api/sign-in/document.ts'
import { callbackPath } from '../api/sign-in/openid.ts'
import type { Accounts } from './accounts.ts'
import { createAdapterFactory } from './adapter.ts'
import type { ProviderKeys } from './keys.ts'
import type { Records } from './records.ts'

export interface OpenIdProviderOptions {
  issuer: string
  publicUrl: URL
  clientId: string
  keys: ProviderKeys
  records: Records
  accounts: Accounts
}

const hour = 3_600
const day = 24 * hour
/** What the access token is for: its aud. Cognito's has none; it is client_id that counts. */
const resource = 'urn:cruddur:api'

/** A standard OpenID provider (oidc-provider) with one client and tokens like those of Cognito. */
export async function createOpenIdProvider({
  issuer,
  publicUrl,
  clientId,
  keys,
  records,
  accounts,
}: OpenIdProviderOptions): Promise<Provider> {
  const { Provider, interactionPolicy } = await loadLibrary()
  const policy = interactionPolicy.base()
  // There is one client, and it is ours: nobody has to allow it anything.
  policy.remove('consent')
  policy.add(new interactionPolicy.Prompt({ name: 'create', requestable: true }), 0)

  return new Provider(issuer, {
    adapter: createAdapterFactory(records),
    jwks: { keys: [keys.signingKey] },
    cookies: {
      keys: [keys.cookieKey],
      names: { session: 'provider-session', interaction: 'provider-interaction', resume: 'provider-resume' },
      long: { signed: true, sameSite: 'lax', httpOnly: true, path: '/oidc' },
      short: { signed: true, sameSite: 'lax', httpOnly: true },
    },
    clients: [
      {
        client_id: clientId,
        client_secret: keys.clientSecret,
        redirect_uris: [new URL(callbackPath, publicUrl).href],
        post_logout_redirect_uris: [new URL('/', publicUrl).href],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    interactions: { policy, url: (_ctx, { uid }) => `/oidc/interaction/${uid}` },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, { clientId }, token) => token.clientId === clientId },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: hour,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    async findAccount(_ctx, sub) {
      const account = await accounts.find(sub)
      return account?.confirmed ? { accountId: sub, claims: () => ({ sub }) } : undefined
    },
    // As in Cognito's access tokens.
    async extraTokenClaims(_ctx, token) {
      if (token.kind !== 'AccessToken') return undefined
      const { groups = [] } = (await accounts.find(token.accountId)) ?? {}
      return { token_use: 'access', username: token.accountId, ...(groups.length > 0 && { 'cognito:groups': groups }) }
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    // Cognito's refresh tokens outlive the session of its pages, too.
    expiresWithSession: () => false,
    loadExistingGrant,
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      IdToken: hour,
      Interaction: hour,
      Grant: 30 * day,
      RefreshToken: 30 * day,
      Session: 30 * day,
    },
    renderError(ctx) {
      const main = html`<p role="alert">The sign-in was not begun as it should be, or took too long.</p>
        <p><a href="/api/auth/sign-in">Start again</a> or <a href="/">go to the feed</a>.</p>`
      show(ctx, renderDocument('That did not work', main))
    },
  })
}

/** It warns of every Node before 22. On 20.20 it does what it should: the tests run there. */
async function loadLibrary() {
  const { warn } = console
  console.warn = () => {}
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}

/** Everybody has given our client what it asks for. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc
  if (!client || session?.accountId === undefined) return undefined
  const grantId = session.grantIdFor(client.clientId)
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  if (existing) return existing
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  grant.addResourceScope(resource, 'openid')
  await grant.save()
  return grant
}

/** Whoever comes with an id token of the one who is signed in comes from our button, and has been asked enough. */
async function logoutSource(ctx: KoaContextWithOIDC, form: string): Promise<void> {
  const { session, entities, provider, params } = ctx.oidc
  const hinted = entities['IdTokenHint'] as { payload?: { sub?: string } } | undefined
  const home = params?.['post_logout_redirect_uri']
  if (session && typeof home === 'string' && hinted?.payload?.sub === session.accountId) {
    await session.destroy()
    ctx.cookies.set(provider.cookieName('session'), null, { path: '/oidc', signed: true })
    ctx.status = 303
    return ctx.redirect(home)
  }
  const button = form.replace('</form>', '<button name="logout" value="yes">Sign out</button></form>')
  show(ctx, renderDocument('Sign out?', new Html(button)))
}

function postLogoutSuccessSource(ctx: KoaContextWithOIDC): void {
  show(ctx, renderDocument('You are signed out', html`<p><a href="/">Go to the feed</a></p>`))
}

function show(ctx: KoaContextWithOIDC, page: string): void {
  ctx.set(documentHeaders)
  ctx.body = page
}
