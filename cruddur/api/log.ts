import type { FastifyInstance } from 'fastify'

/** What the log says of an error. The driver's errors carry rows in their detail, and with them what people wrote. */
function describeError(error: Error & { code?: string }): {
  type: string
  message: string
  stack: string
  code?: string
} {
  const { name: type, message, stack = '', code } = error
  return code === undefined ? { type, message, stack } : { type, message, stack, code }
}

export const logOptions = { serializers: { err: describeError } }

/** One line for each request, when it is answered: no address of a person, no query, nothing of a body. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        url: request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
      },
      'answered',
    )
  })
  app.addHook('onRequestAbort', async (request) => {
    request.log.info({ method: request.method, url: request.url.split('?', 1)[0] }, 'left before the answer')
  })
}
