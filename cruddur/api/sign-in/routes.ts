import type { FastifyBaseLogger, FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Cookie } from './cookies.ts'
import { documentHeaders, html, renderDocument } from './document.ts'
import { isThisMachine } from './environment.ts'
import { ProviderRefused, ProviderUnavailable } from './errors.ts'
import { empty, json } from '../openapi.ts'
import { callbackPath, type OpenIdClient } from './openid.ts'
import { safeReturnTo } from './return-to.ts'
import type { PendingSignIns } from './pending.ts'
import { longestSessionSeconds } from './session-table.ts'
import type { KeptTokens, Sessions } from './sessions.ts'
import type { TokenVerifier } from './token-verifier.ts'

export interface SignInRoutesOptions {
  publicUrl: URL
  openId: OpenIdClient
  verifier: TokenVerifier
  sessions: Sessions
  sessionCookie: Cookie
  pending: PendingSignIns
}

const returnToQuery = { type: 'object', properties: { return_to: { type: 'string' } } } as const
const tags = ['sign-in']
const away = htmlPage('The provider does not answer')
const signedOut = { type: 'object', required: ['location'], properties: { location: { type: 'string' } } } as const
const signOutBody = { type: ['object', 'null'], properties: { everywhere: { type: 'boolean' } } } as const

/** The routes below /api/auth: to the provider, back from it, and out. */
export function signInRoutes(options: SignInRoutesOptions): FastifyPluginAsync {
  const { publicUrl, openId, verifier, sessions, sessionCookie, pending } = options

  return async (app) => {
    app.setErrorHandler((error, request, reply) => {
      // A person waits for these answers, not a program.
      if (!(error instanceof ProviderUnavailable) || request.method !== 'GET') throw error
      request.log.error({ err: error }, 'Nobody can sign in')
      return sendFailure(reply.header('retry-after', '5'), 'The sign-in provider does not answer.', 503)
    })

    for (const page of ['sign-in', 'sign-up'] as const) {
      const schema = {
        operationId: page === 'sign-in' ? 'beginSignIn' : 'beginSignUp',
        summary: page === 'sign-in' ? 'Go to the provider to sign in' : 'Go to the provider to sign up',
        tags,
        querystring: returnToQuery,
        response: { 302: empty('To the provider'), 503: away },
      }
      app.get<{ Querystring: { return_to?: string } }>(`/api/auth/${page}`, { schema }, async (request, reply) => {
        // This machine has several names, and a cookie has one of them: it has to be the one that people come back to.
        if (isThisMachine(publicUrl.hostname) && isThisMachine(request.hostname) && request.host !== publicUrl.host)
          return reply.redirect(new URL(request.url, publicUrl).href, 302)
        const begun = await openId.begin(page)
        pending.add(request, reply, { ...begun.pending, returnTo: safeReturnTo(request.query.return_to, publicUrl) })
        return reply.header('cache-control', 'no-store').redirect(begun.location, 302)
      })
    }

    const callback = {
      operationId: 'finishSignIn',
      summary: 'Come back from the provider',
      tags,
      response: { 302: empty('To where the sign-in began'), 400: htmlPage('The sign-in did not work'), 503: away },
    }
    app.get<{ Querystring: Record<string, unknown> }>(callbackPath, { schema: callback }, async (request, reply) => {
      const { state, error } = request.query
      const begun = typeof state === 'string' ? pending.take(request, reply, state) : undefined
      if (!begun) return sendFailure(reply, 'It was not begun in this browser, took too long, or is done already.')
      // From the address that we know ourselves by: Host is whatever the request says.
      const url = new URL(`${callbackPath}?${request.url.split('?')[1] ?? ''}`, publicUrl)
      try {
        const tokens = await openId.finish(url, begun)
        const verified = await verifier.verify(tokens.accessToken)
        if (verified.identity.sub !== tokens.sub) throw new ProviderRefused('The two tokens are of two people')
        const id = await sessions.start(tokens, verified)
        // Whoever was signed in here before is not any more, and an id from before the sign-in is worth nothing.
        const before = sessionCookie.read(request)
        if (before !== undefined) await sessions.end(before, false)
        sessionCookie.set(reply, id, longestSessionSeconds)
      } catch (failure) {
        if (!(failure instanceof ProviderRefused)) throw failure
        // Somebody who changed their mind goes back to where they were.
        if (error !== 'access_denied') {
          request.log.warn({ err: failure }, 'A sign-in was refused')
          return sendFailure(reply, 'The sign-in provider did not confirm it.')
        }
      }
      return reply.header('cache-control', 'no-store').redirect(begun.returnTo, 302)
    })

    const signOut = {
      operationId: 'signOut',
      summary: 'Sign out, here or everywhere',
      tags,
      body: signOutBody,
      response: {
        200: json(signedOut, 'Signed out; the browser goes to `location` to sign out with the provider, too'),
      },
    }
    app.post<{ Body: { everywhere?: boolean } | null }>(
      '/api/auth/sign-out',
      { schema: signOut },
      async (request, reply) => {
        const id = sessionCookie.read(request)
        const tokens = id === undefined ? undefined : await sessions.end(id, request.body?.everywhere === true)
        sessionCookie.clear(reply)
        if (tokens?.refreshToken !== undefined) revoke(tokens.refreshToken, request.log)
        const location = tokens ? await endLocation(tokens, request.log) : '/'
        return reply.header('cache-control', 'no-store').send({ location })
      },
    )
  }

  /** Here the sign-out is done already, also where the provider does not answer. */
  async function endLocation({ idToken }: KeptTokens, log: FastifyBaseLogger): Promise<string> {
    try {
      return await openId.endLocation(idToken)
    } catch (error) {
      log.warn({ err: error }, 'The session with the provider goes on')
      return '/'
    }
  }

  /** Nobody has to wait for it: the session has ended here whatever the provider says. */
  function revoke(refreshToken: string, log: FastifyBaseLogger): void {
    openId.revoke(refreshToken).catch((error: unknown) => log.warn({ err: error }, 'A refresh token was not revoked'))
  }
}

/** An answer that is a page. */
function htmlPage(description: string) {
  return { description, content: { 'text/html': { schema: { type: 'string' } } } }
}

function sendFailure(reply: FastifyReply, reason: string, status = 400): FastifyReply {
  const main = html`<p role="alert">${reason} Nothing has changed.</p>
    <p><a href="/api/auth/sign-in">Try again</a> or <a href="/">go to the feed</a>.</p>`
  return reply.code(status).headers(documentHeaders).send(renderDocument('The sign-in did not work', main))
}
