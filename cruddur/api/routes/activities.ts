import type { FastifyReply, FastifyRequest } from 'fastify'
import { writerOf } from '../access.ts'
import { sendJson } from '../answer.ts'
import { empty, json, problems } from '../openapi.ts'
import { accountPending, notFound, Problem } from '../problem.ts'
import { type ByUuid, idempotencyHeaders, uuidParams } from '../requests.ts'
import { type Lifetime, lifetimes, ref } from '../schemas.ts'
import type { Created } from '../store/store.ts'
import type { Routes } from './api.ts'

interface Said {
  Body: { message: string; ttl: Lifetime }
  Headers: { 'idempotency-key'?: string }
}

const ttl = { enum: Object.keys(lifetimes) }
const message = (maxLength: number) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description: 'Counted in code points, after it is trimmed and in NFC.',
})

/** To say something, to answer something, and to take it back. */
export const addActivities: Routes = (app, { store }) => {
  const tags = ['activities']
  const headers = {
    location: { type: 'string', description: 'where the activity is' },
  }
  const response = {
    200: json(ref('Activity'), 'The activity that the same Idempotency-Key made before', headers),
    201: json(ref('Activity'), 'The new activity', headers),
  }

  app.post<Said>(
    '/api/activities',
    {
      config: { access: 'user', limit: 'post' },
      schema: {
        operationId: 'createActivity',
        summary: 'Say something',
        tags,
        headers: idempotencyHeaders,
        body: {
          type: 'object',
          required: ['message', 'ttl'],
          additionalProperties: false,
          properties: { message: message(280), ttl },
          examples: [{ message: 'Cloud is fun!', ttl: '7-days' }],
        },
        response,
      },
    },
    async (request, reply) => {
      const created = await store.createActivity(writerOf(request), newActivity(request))
      return sendCreated(request, reply, created)
    },
  )

  app.post<Omit<Said, 'Body'> & { Body: { message: string; ttl: Lifetime } } & ByUuid>(
    '/api/activities/:uuid/reply',
    {
      config: { access: 'user', limit: 'post' },
      schema: {
        operationId: 'createReply',
        summary: 'Answer an activity; the reply lives no longer than it',
        tags,
        params: uuidParams,
        headers: idempotencyHeaders,
        body: {
          type: 'object',
          required: ['message'],
          additionalProperties: false,
          properties: { message: message(1024), ttl: { ...ttl, default: '30-days' } },
          examples: [{ message: 'This post is spicy' }],
        },
        response: { ...response, ...problems(404) },
      },
    },
    async (request, reply) => {
      const created = await store.createReply(writerOf(request), request.params.uuid, newActivity(request))
      return sendCreated(request, reply, created)
    },
  )

  app.delete<ByUuid>(
    '/api/activities/:uuid',
    {
      config: { access: 'user', limit: 'write' },
      schema: {
        operationId: 'deleteActivity',
        summary: 'Take back what you said, with its replies',
        tags,
        params: uuidParams,
        response: { 204: empty('It is gone'), ...problems(404) },
      },
    },
    async (request, reply) => {
      const status = await store.deleteActivity(writerOf(request), request.params.uuid)
      if (status === 'no_user') throw accountPending()
      if (status === 'missing') throw notFound()
      return reply.code(204).send()
    },
  )
}

function newActivity({ body, headers }: Pick<FastifyRequest<Said>, 'body' | 'headers'>) {
  const { message, ttl } = body
  const key = headers['idempotency-key']
  return { message, ttlSeconds: lifetimes[ttl], ...(key === undefined ? {} : { idempotencyKey: key }) }
}

function sendCreated(request: FastifyRequest, reply: FastifyReply, created: Created): FastifyReply {
  switch (created.status) {
    case 'no_user':
      throw accountPending()
    case 'no_parent':
      throw notFound('What you answer is not there any more.')
    case 'key_reused':
      throw new Problem(422, 'This Idempotency-Key has said something else before.', 'idempotency_key_reused')
    default:
      reply.header('location', `/api/activities/${created.uuid}`)
      return sendJson(request, reply, created.body, created.status === 'created' ? 201 : 200)
  }
}
