import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import { Problem } from './problem.ts'
import type { Settings } from './settings.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer goes on for as long as somebody listens; it counts as a stream, and not as work. */
    lasting?: boolean
  }
}

/** Works on so many requests at once and on no more: one that waits for a busy database in vain makes it busier. */
export function limitLoad(app: FastifyInstance, { settings, metrics }: { settings: Settings; metrics: Metrics }): void {
  let inFlight = 0
  metrics.gauge('cruddur_requests_in_flight', 'Requests that are worked on', () => inFlight)
  app.addHook('onRequest', async (request, reply) => {
    const { access, lasting = false } = request.routeOptions.config
    if (access === undefined || lasting) return
    if (inFlight >= settings.maxInFlight) {
      throw new Problem(503, 'Too much to do at the moment. Ask again soon.', 'busy', { 'retry-after': '1' })
    }
    inFlight++
    // Also where the reader goes away before the answer.
    reply.raw.once('close', () => inFlight--)
  })
}
