import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { accountPending, notFound } from './problem.ts'
import type { Changed, Page } from './store/store.ts'

/** Sends JSON text, with a weak ETag of it. No cache keeps it; who keeps body and ETag themselves gets 304 while they are right. */
export function sendJson(request: FastifyRequest, reply: FastifyReply, body: string, status = 200): FastifyReply {
  if (status === 200 && request.method === 'GET') {
    const link = reply.getHeader('link')
    // sha1 tells bodies apart, and guards nothing.
    const etag = `W/"${hash('sha1', typeof link === 'string' ? `${link}\n${body}` : body, 'base64url')}"`
    reply.header('etag', etag)
    if (holds(request.headers['if-none-match'], etag)) return reply.code(304).send()
  }
  return reply.code(status).type('application/json; charset=utf-8').send(body)
}

/** Sends a page of a list, and where the next one is (RFC 8288): at the same address, or at `path` where the list goes on there. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page, path?: string): FastifyReply {
  if (page.next !== null) reply.header('link', `<${nextAddress(request.url, page.next, path)}>; rel="next"`)
  return sendJson(request, reply, page.body)
}

/** The address of the request with another cursor, and with another path if one is given. */
function nextAddress(url: string, cursor: string, path?: string): string {
  const [own = '', query = ''] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path ?? own}?${parameters.toString()}`
}

/** If-None-Match compares weakly (RFC 9110, section 13.1.2). */
function holds(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  const opaque = etag.slice(2)
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === opaque)
}

/** Sends what a write has changed. Throws the problem where it could not. */
export function sendChanged(request: FastifyRequest, reply: FastifyReply, changed: Changed): FastifyReply {
  if (changed.status === 'done') return sendJson(request, reply, changed.body)
  throw changed.status === 'no_user' ? accountPending() : notFound()
}
