import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cookie } from './cookies.ts'
import type { PendingSignIn } from './openid.ts'
import { createSealer } from './seal.ts'

/** A sign-in that is under way in a browser, and where it goes afterwards. */
type Begun = PendingSignIn & { returnTo: string }

/** Sign-ins under way, in a sealed cookie of the browser that began them. */
export interface PendingSignIns {
  add(request: FastifyRequest, reply: FastifyReply, begun: Begun): void
  /** Takes one out: it can be finished once. Undefined where this browser did not begin it, or too long ago. */
  take(request: FastifyRequest, reply: FastifyReply, state: string): Begun | undefined
}

interface Kept extends Begun {
  /** In milliseconds since 1970. */
  begunAt: number
}

const lifeSeconds = 600
/** Two tabs may sign in at once; more is nobody's wish, and a cookie must stay small. */
const atOnce = 3

export function createPendingSignIns(cookie: Cookie, secrets: readonly string[], now = Date.now): PendingSignIns {
  const sealer = createSealer(secrets, 'pending')

  function read(request: FastifyRequest): Kept[] {
    const text = sealer.open(Buffer.from(cookie.read(request) ?? '', 'base64url'), cookie.name)
    const all = text === undefined ? [] : (JSON.parse(text) as Kept[])
    return all.filter(({ begunAt }) => now() - begunAt < lifeSeconds * 1000)
  }

  function write(reply: FastifyReply, all: readonly Kept[]): void {
    if (all.length === 0) return cookie.clear(reply)
    cookie.set(reply, sealer.seal(JSON.stringify(all), cookie.name).toString('base64url'), lifeSeconds)
  }

  return {
    add(request, reply, begun) {
      write(reply, [...read(request), { ...begun, begunAt: now() }].slice(-atOnce))
    },
    take(request, reply, state) {
      const all = read(request)
      const found = all.find((one) => one.state === state)
      if (found)
        write(
          reply,
          all.filter((one) => one !== found),
        )
      return found
    },
  }
}
