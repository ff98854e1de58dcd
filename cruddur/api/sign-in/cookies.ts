import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A cookie of ours: for the whole site, not for scripts, and never sent with what another site asks in the background. */
export interface Cookie {
  readonly name: string
  read(request: FastifyRequest): string | undefined
  set(reply: FastifyReply, value: string, seconds: number): void
  clear(reply: FastifyReply): void
}

/** Describes a cookie; over https its name has the prefix that keeps other hosts of the same domain from setting it. */
export function describeCookie(name: string, publicUrl: URL): Cookie {
  const secure = publicUrl.protocol === 'https:'
  const fullName = secure ? `__Host-${name}` : name
  const set = (reply: FastifyReply, value: string, maxAge: number) => {
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge } as const
    // header() adds to the cookies that are set already.
    reply.header('set-cookie', fastifyCookie.serialize(fullName, value, options))
  }
  return {
    name: fullName,
    read(request) {
      const { cookie } = request.headers
      return cookie === undefined ? undefined : fastifyCookie.parse(cookie)[fullName]
    },
    set,
    clear: (reply) => set(reply, '', 0),
  }
}
