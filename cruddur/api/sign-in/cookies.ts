import type { FastifyReply, FastifyRequest } from 'fastify'

/** A cookie of ours: for the whole site, not for scripts, and never sent with what another site asks in the background. */
export interface Cookie {
  readonly name: string
  read(request: FastifyRequest): string | undefined
  /** The value has only letters, digits, - and _. */
  set(reply: FastifyReply, value: string, seconds: number): void
  clear(reply: FastifyReply): void
}

/** Describes a cookie; over https its name has the prefix that keeps other hosts of the same domain from setting it. */
export function describeCookie(name: string, publicUrl: URL): Cookie {
  const secure = publicUrl.protocol === 'https:'
  const fullName = secure ? `__Host-${name}` : name
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  // header() adds to the cookies that are set already.
  const set = (reply: FastifyReply, value: string, seconds: number) =>
    void reply.header('set-cookie', `${fullName}=${value}; Max-Age=${seconds}; ${attributes}`)
  return {
    name: fullName,
    read: (request) => readCookie(request.headers.cookie ?? '', fullName),
    set,
    clear: (reply) => set(reply, '', 0),
  }
}

/** The first of that name, as servers take it (RFC 6265, section 5.4: the one with the longest path). */
function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [key = '', value] = pair.split('=', 2)
    if (value !== undefined && key.trim() === name) return value.trim()
  }
  return undefined
}
