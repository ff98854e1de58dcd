import type { IncomingMessage } from 'node:http'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Provider } from 'oidc-provider'
import { documentHeaders } from '../api/sign-in/document.ts'
import { AccountProblem, type Accounts } from './accounts.ts'
import {
  confirmPage,
  type Fields,
  forgotPage,
  type Page,
  renderGone,
  renderMailbox,
  renderPage,
  resetPage,
  signInPage,
  signUpPage,
} from './pages.ts'

export interface ProviderRoutesOptions {
  provider: Provider
  accounts: Accounts
  publicUrl: URL
}

interface InteractionRoute {
  Params: { uid: string }
  Body: Fields
}

/** What a form leads to: another page of the same sign-in, or the end of it. */
type Next = { page: string } | { account: string } | { signedIn: string }

/** Everything below /oidc: the pages here, the protocol by the provider itself. */
export function providerRoutes({ provider, accounts, publicUrl }: ProviderRoutesOptions): FastifyPluginAsync {
  const protocol = provider.callback()

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addHook('onRequest', async (request, reply) => {
      // A page elsewhere could make its own name lead to this machine, and read the codes here.
      if (request.headers.host !== publicUrl.host) return reply.code(421).send()
    })

    // The protocol reads the bodies itself.
    await app.register(async (raw) => {
      raw.addContentTypeParser('*', (_request, _payload, done) => done(null))
      raw.all('/oidc/*', (request, reply) => {
        reply.hijack()
        void protocol(mounted(request.raw), reply.raw)
      })
    })

    await app.register(async (pages) => {
      pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
        done(null, Object.fromEntries(new URLSearchParams(String(body)))),
      )
      pages.addHook('preHandler', async (request, reply) => {
        if (request.method === 'POST' && request.headers.origin !== publicUrl.origin) return reply.code(403).send()
      })
      addInteraction(pages)
      pages.get('/oidc/mailbox', async (_request, reply) => show(reply, renderMailbox(await accounts.listMails())))
    })
  }

  function addInteraction(app: Parameters<FastifyPluginAsync>[0]): void {
    const base = '/oidc/interaction/:uid'

    app.get<InteractionRoute>(base, async (request, reply) => {
      const interaction = await find(request, reply)
      const page = interaction?.prompt.name === 'create' ? 'sign-up' : 'sign-in'
      return interaction ? redirect(reply, `${pathOf(request)}/${page}`) : gone(reply)
    })

    step('sign-in', signInPage, async ({ email, password }) => {
      const account = await accounts.signIn(email, password)
      return account.confirmed ? { signedIn: account.sub } : { account: account.sub }
    })
    step('sign-up', signUpPage, async (fields) => ({ account: await accounts.signUp(fields) }))
    step('forgot', forgotPage, async ({ email }) => {
      await accounts.forgot(email)
      return { page: `reset?email=${encodeURIComponent(email)}` }
    })
    step('reset', resetPage, async ({ email, code, password }) => {
      await accounts.reset(email, code, password)
      return { page: 'sign-in' }
    })
    step('confirm', confirmPage, async ({ code }, sub) => {
      if (sub === undefined) return { page: 'sign-in' }
      await accounts.confirm(sub, code)
      return { signedIn: sub }
    })

    app.post<InteractionRoute>(`${base}/resend`, async (request, reply) => {
      const interaction = await find(request, reply)
      if (!interaction) return gone(reply)
      const sub = readAccount(interaction)
      if (sub === undefined) return redirect(reply, `${pathOf(request)}/sign-in`)
      try {
        await accounts.resendCode(sub)
      } catch (error) {
        if (!(error instanceof AccountProblem)) throw error
        return show(reply, renderPage(confirmPage, {}, error), 429)
      }
      return redirect(reply, `${pathOf(request)}/confirm`)
    })

    /** A page with a form, and what happens when it comes back. */
    function step(name: string, page: Page, submit: (fields: Typed, sub?: string) => Promise<Next>): void {
      app.get<InteractionRoute & { Querystring: { email?: string } }>(`${base}/${name}`, async (request, reply) => {
        const { email } = request.query
        const values = typeof email === 'string' ? { email } : {}
        return (await find(request, reply)) ? show(reply, renderPage(page, values)) : gone(reply)
      })
      app.post<InteractionRoute>(`${base}/${name}`, async (request, reply) => {
        const interaction = await find(request, reply)
        if (!interaction) return gone(reply)
        const fields = readFields(request.body)
        let next: Next
        try {
          next = await submit(fields, readAccount(interaction))
        } catch (error) {
          if (!(error instanceof AccountProblem)) throw error
          return show(reply, renderPage(page, { ...fields }, error), 422)
        }
        if ('page' in next) return redirect(reply, `${pathOf(request)}/${next.page}`)
        if ('account' in next) {
          // It is remembered who has to confirm in this browser.
          await provider.interactionResult(request.raw, reply.raw, { account: next.account })
          return redirect(reply, `${pathOf(request)}/confirm`)
        }
        const result = { login: { accountId: next.signedIn, amr: ['pwd'] }, create: {} }
        return redirect(reply, await provider.interactionResult(request.raw, reply.raw, result))
      })
    }
  }

  /** The sign-in under way in this browser, if it is the one of the address. */
  async function find(request: FastifyRequest<InteractionRoute>, reply: FastifyReply) {
    const interaction = await provider.interactionDetails(request.raw, reply.raw).catch(() => undefined)
    return interaction?.uid === request.params.uid ? interaction : undefined
  }
}

type Typed = Record<'name' | 'handle' | 'email' | 'password' | 'code', string>

function readFields(body: Fields | undefined): Typed {
  const { name = '', handle = '', email = '', password = '', code = '' } = body ?? {}
  return { name: name.trim(), handle: handle.trim(), email: email.trim().toLowerCase(), password, code: code.trim() }
}

function readAccount({ result }: { result?: Record<string, unknown> | undefined }): string | undefined {
  const account = result?.['account']
  return typeof account === 'string' ? account : undefined
}

function pathOf({ params }: FastifyRequest<InteractionRoute>): string {
  return `/oidc/interaction/${encodeURIComponent(params.uid)}`
}

function show(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).headers(documentHeaders).send(page)
}

function gone(reply: FastifyReply): FastifyReply {
  return show(reply, renderGone(), 410)
}

function redirect(reply: FastifyReply, location: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(location, 303)
}

/** The request as the provider expects it below a path of somebody else's. */
function mounted(request: IncomingMessage & { originalUrl?: string }): IncomingMessage {
  const { url = '/' } = request
  request.originalUrl = url
  request.url = url.slice('/oidc'.length)
  return request
}
