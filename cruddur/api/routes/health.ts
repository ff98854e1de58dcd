import type { FastifyInstance } from 'fastify'
import { json } from '../openapi.ts'

interface HealthOptions {
  /** Throws where the database does not answer. */
  ping(): Promise<void>
  closing(): boolean
}

const freshMs = 1_000

/** Whether the process lives, and whether it can serve. Nobody is counted here: who asks is a machine that decides on restarts. */
export function addHealth(app: FastifyInstance, { ping, closing }: HealthOptions): void {
  const live = { type: 'object', properties: { status: { const: 'ok' } }, required: ['status'] }
  const ready = {
    type: 'object',
    properties: { status: { enum: ['ok', 'stopping'] }, database: { const: 'ok' } },
    required: ['status'],
  }
  let goodUntil = 0
  let asking: Promise<void> | undefined

  /** One question a second is enough, however many ask. */
  const askDatabase = async () => {
    if (performance.now() < goodUntil) return
    asking ??= ping().finally(() => (asking = undefined))
    await asking
    goodUntil = performance.now() + freshMs
  }

  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'live',
        summary: 'The process works',
        tags: ['health'],
        response: { 200: json(live, 'It does') },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )

  for (const url of ['/health/ready', '/api/health']) {
    app.get(
      url,
      {
        schema: {
          operationId: url === '/api/health' ? 'health' : 'ready',
          summary: 'Requests can be served: the database answers',
          tags: ['health'],
          response: { 200: json(ready, 'They can'), 503: json(ready, 'They can not') },
        },
      },
      async (_request, reply) => {
        reply.header('cache-control', 'no-store')
        if (closing()) return reply.code(503).send({ status: 'stopping' })
        await askDatabase()
        return reply.send({ status: 'ok', database: 'ok' })
      },
    )
  }
}
