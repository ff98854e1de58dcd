import { randomUUID } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify'
import type pg from 'pg'
import { guardRoutes } from './access.ts'
import { refuseConnection } from './client-error.ts'
import { DatabaseUnavailable, ping, type Pool } from './database.ts'
import { Events } from './events.ts'
import { type Authenticator, nobody, type ProviderAccounts } from './identity.ts'
import { limitLoad } from './load.ts'
import { logOptions, logRequests } from './log.ts'
import { Metrics } from './metrics.ts'
import { describeApi, serveDescription } from './openapi.ts'
import { servePage } from './page.ts'
import { databaseUnavailable, notFound, Problem, sendProblem } from './problem.ts'
import { RateLimiter } from './rate-limit.ts'
import { addAccount } from './routes/account.ts'
import { addActivities } from './routes/activities.ts'
import type { Api } from './routes/api.ts'
import { addEvents } from './routes/events.ts'
import { addFeeds } from './routes/feeds.ts'
import { addHealth } from './routes/health.ts'
import { addMetrics } from './routes/metrics.ts'
import { addNotifications } from './routes/notifications.ts'
import { addPeople, addRelations } from './routes/people.ts'
import { addReactions } from './routes/reactions.ts'
import { addReports } from './routes/reports.ts'
import { addThreads } from './routes/threads.ts'
import { securityHeaders, strictTransport } from './security-headers.ts'
import { readSettings, type Settings } from './settings.ts'
import { type Store, InvalidCursor } from './store/store.ts'
import { invalidRequest, validateRequests } from './validation.ts'

export interface AppOptions {
  pool: Pool
  store: Store
  /** JSON lines, on stdout if no stream is given; `false` for silence. */
  log: false | { level: string; stream?: { write(line: string): void } }
  /** Finds out who sends a request; without it everybody is a reader. */
  authenticator?: Authenticator
  /** Deletes at the provider the account of whoever leaves. */
  accounts?: ProviderAccounts
  /** Adds the routes of /api/auth. */
  signIn?: FastifyPluginAsync
  settings?: Settings
  /** A connection to the database itself for LISTEN: a pooler in transaction mode passes no notifications. Without it nothing is live. */
  listen?: pg.ClientConfig
  /** The same for all processes; keys the hashes of addresses that are counted. */
  secret?: string
  metrics?: Metrics
}

const groups = [
  addFeeds,
  addThreads,
  addActivities,
  addReactions,
  addPeople,
  addRelations,
  addNotifications,
  addAccount,
  addReports,
  addEvents,
]

/** Builds the API and the page as a function of requests; listening is up to the caller, and so are the pools. */
export function buildApp(options: AppOptions): FastifyInstance {
  const { pool, store, log, authenticator = nobody, signIn, listen, secret, metrics = new Metrics() } = options
  const settings = options.settings ?? readSettings({})
  let closing = false

  const app: FastifyInstance = fastify({
    logger: log && { ...log, ...logOptions },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: settings.trustProxy,
    // A number that the proxy gave is kept only where the proxy is ours.
    genReqId: ({ headers }) => {
      const given = settings.trustProxy === false ? undefined : headers['x-request-id']
      return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
    },
    // A reply of 1024 code points, each written as two escapes.
    bodyLimit: 16_384,
    // Who sends slowly: the head has five seconds, all of it ten; who reads slowly has a minute.
    requestTimeout: 10_000,
    connectionTimeout: 60_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
    clientErrorHandler: refuseConnection,
    return503OnClosing: false,
    // Some programs write @ as %40.
    rewriteUrl: ({ url = '/' }) => url.replace(/^(\/[\w/]*\/)%40/, '$1@'),
    // An address that cannot be decoded comes past no hook.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(securityHeaders).header('x-request-id', request.id)
      void sendProblem(reply, new Problem(400, 'The address cannot be read.', 'address_invalid'))
    },
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders).header('x-request-id', request.id)
    // What expires must not stay in a cache; the files of the page say otherwise of themselves.
    if (isApi(request.url)) reply.header('cache-control', 'no-store')
    if (settings.publicUrl?.protocol === 'https:') reply.headers(strictTransport)
  })
  // A page elsewhere can send plain text without asking first.
  app.removeContentTypeParser('text/plain')
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that is kept open would keep the process from stopping.
    if (closing) reply.header('connection', 'close')
    done()
  })
  metrics.watch(app)
  logRequests(app)
  limitLoad(app, { settings, metrics })
  guardRoutes(app, {
    authenticator,
    limiter: new RateLimiter((key, seconds, count) => store.takeLease(key, seconds, count)),
    settings,
    secret,
  })

  const events = new Events({
    log: app.log,
    maxClients: settings.maxEventClients,
    signedOut: (ended) => authenticator.signedOut?.(ended),
  })
  metrics.gauge('cruddur_event_clients', 'Open streams of events', () => events.clients)
  watchPool(metrics, pool)

  app.addHook('onReady', async () => {
    if (listen !== undefined) events.listen(listen)
  })
  app.addHook('preClose', async () => {
    closing = true
    setTimeout(() => app.server.closeAllConnections(), settings.stopSeconds * 1_000).unref()
    await events.close()
  })

  const api: Api = { store, events, settings, accounts: options.accounts }
  void app.register(async (routes) => {
    await describeApi(routes)
    validateRequests(routes)
    for (const add of groups) add(routes, api)
    addHealth(routes, { ping: () => ping(pool), closing: () => closing })
    addMetrics(routes, metrics, settings)
    serveDescription(routes)
    if (signIn !== undefined) await routes.register(signIn)
  })

  const sendMissingPage = servePage(app)

  app.setNotFoundHandler((request, reply) =>
    isApi(request.url) ? sendProblem(reply, notFound()) : sendMissingPage(reply),
  )

  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error)
    if (problem.status >= 500 && !(error instanceof Problem)) {
      const level = error instanceof DatabaseUnavailable ? 'warn' : 'error'
      request.log[level]({ err: error instanceof DatabaseUnavailable ? error.cause : error }, problem.message)
    }
    return sendProblem(reply, problem)
  })

  return app
}

function isApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url)
}

/** What a reader is told of an error. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof DatabaseUnavailable) return databaseUnavailable()
  if (error instanceof InvalidCursor) return new Problem(422, 'The cursor is none of ours.', 'cursor_invalid')
  const { validation, validationContext, statusCode } = error as Partial<fastify.FastifyError>
  if (validation !== undefined) return invalidRequest(validation, validationContext)
  if (statusCode === 413) return new Problem(413, 'The body is too large.', 'body_too_large')
  if (statusCode === 415) return new Problem(415, 'The body has to be JSON.', 'body_not_json')
  if (statusCode === 503) {
    return new Problem(503, 'It cannot be told at the moment who you are.', 'sign_in_unavailable', {
      'retry-after': '5',
    })
  }
  if (statusCode !== undefined && statusCode < 500) {
    return new Problem(statusCode, 'The request cannot be read.', 'request_invalid')
  }
  return new Problem(500, 'Something went wrong here.')
}

/** The numbers of the pool, where it is one of the driver's. */
function watchPool(
  metrics: Metrics,
  pool: Pool & Partial<Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'>>,
): void {
  metrics.gauge('cruddur_pool_connections', 'Open connections to the database', () => pool.totalCount ?? 0)
  metrics.gauge('cruddur_pool_idle', 'Connections that wait for work', () => pool.idleCount ?? 0)
  metrics.gauge('cruddur_pool_waiting', 'Queries that wait for a connection', () => pool.waitingCount ?? 0)
}
