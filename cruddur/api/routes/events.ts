import { Problem } from '../problem.ts'
import { problems } from '../openapi.ts'
import type { Routes } from './api.ts'

/** What happens, as it happens. */
export const addEvents: Routes = (app, { events }) => {
  app.get(
    '/api/events',
    {
      config: { access: 'optional', limit: 'read', lasting: true },
      exposeHeadRoute: false,
      schema: {
        operationId: 'readEvents',
        summary: 'What happens, as it happens: ids and counts, never a message',
        description:
          'Server-sent events: `created` {uuid, handle, reply_to_activity_uuid}, `deleted` {uuid}, `counts` {uuid, likes_count, reposts_count, replies_count}; `resync` {} when some may have been missed.',
        tags: ['feeds'],
        response: {
          200: {
            description: 'A stream that lasts',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
          ...problems(503),
        },
      },
    },
    async (_request, reply) => {
      if (events.full) {
        throw new Problem(503, 'Too many people are watching. Ask again later.', 'busy', { 'retry-after': '30' })
      }
      reply.hijack()
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        // The stream is the last thing that the connection carries, so that its end lets the process stop.
        connection: 'close',
        // nginx would keep events back until it has a page of them.
        'x-accel-buffering': 'no',
      })
      events.add(reply.raw)
      return reply
    },
  )
}
