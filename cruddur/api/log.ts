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

const pauseMs = 100

/**
 * Stdout for a log of many lines: written ten times a second and when the process ends, since a write for each line was a twelfth
 * of what a request costs.
 */
export function bufferedStdout(): { write(line: string): void } {
  let waiting = ''
  const flush = () => {
    const lines = waiting
    waiting = ''
    if (lines !== '') process.stdout.write(lines)
  }
  process.once('exit', flush)
  return {
    write(line) {
      if (waiting === '') setTimeout(flush, pauseMs).unref()
      waiting += line
    },
  }
}

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
