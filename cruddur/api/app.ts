import fastify, { type FastifyInstance } from 'fastify'
import { DatabaseUnavailable, ping, type Pool } from './database.ts'
import { servePage } from './page.ts'
import { sendProblem } from './problem.ts'
import { createStore } from './store/create-store.ts'

export interface AppOptions {
  pool: Pool
  /** JSON lines, on stdout if no stream is given; `false` for silence. */
  log: false | { level: string; stream?: { write(line: string): void } }
}

const homeLimit = 40

const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Builds the API and the page as a function of requests; listening is up to the caller. */
export function buildApp({ pool, log }: AppOptions): FastifyInstance {
  const store = createStore({ pool })
  const app = fastify({
    logger: log && { ...log, serializers: { err: describeError } },
    requestTimeout: 10_000,
    bodyLimit: 4_096,
    // An address that cannot be decoded comes past no hook.
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply.headers(securityHeaders), 400, 'The address cannot be read.')
    },
  })

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(securityHeaders)
  })

  app.get('/api/health', async (_request, reply) => {
    await ping(pool)
    return reply.header('cache-control', 'no-store').send({ status: 'ok', database: 'ok' })
  })

  app.get('/api/activities/home', async (_request, reply) => {
    const { body } = await store.readHome(undefined, { limit: homeLimit })
    return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(body)
  })

  const sendMissingPage = servePage(app)

  app.setNotFoundHandler((request, reply) =>
    isApi(request.url) ? sendProblem(reply, 404, 'There is nothing at this address.') : sendMissingPage(reply),
  )

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof DatabaseUnavailable) {
      request.log.warn({ err: error.cause }, error.message)
      return sendProblem(reply.header('retry-after', '2'), 503, 'The database cannot be reached.')
    }
    const status = statusOf(error)
    if (status < 500) return sendProblem(reply, status, 'The request cannot be read.')
    request.log.error({ err: error }, 'A request failed')
    return sendProblem(reply, 500, 'Something went wrong here.')
  })

  return app
}

function isApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url)
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' ? status : 500
}

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
