import { viewerOf } from '../access.ts'
import { sendPage } from '../answer.ts'
import { json, link, list, problems } from '../openapi.ts'
import { notFound, Problem } from '../problem.ts'
import { type ByUuid, limitQuery, pageQuery, type Paged, statusParams, uuidParams } from '../requests.ts'
import { ref } from '../schemas.ts'
import type { Routes } from './api.ts'

/** One activity with what it answers and what answers it. */
export const addThreads: Routes = (app, { store }) => {
  const tags = ['activities']
  const config = { access: 'optional', limit: 'read' } as const
  const response = {
    200: json(ref('Thread'), 'The activity and the first page of its replies', { link }),
    ...problems(404, 410),
  }

  app.get<ByUuid & Paged>(
    '/api/activities/:uuid',
    {
      config,
      schema: {
        operationId: 'readThread',
        summary: 'An activity and its replies',
        tags,
        params: uuidParams,
        querystring: limitQuery,
        response,
      },
    },
    async (request, reply) => {
      const { uuid } = request.params
      const thread = await store.readThread(viewerOf(request), uuid, undefined, request.query)
      if (thread === undefined) throw missing(uuid)
      return sendPage(request, reply, thread, `/api/activities/${uuid}/replies`)
    },
  )

  app.get<{ Params: { uuid: string; handle: string } } & Paged>(
    '/api/activities/@:handle/status/:uuid',
    {
      config,
      schema: {
        operationId: 'readStatus',
        summary: 'An activity and its replies, by its author and its uuid',
        tags,
        params: statusParams,
        querystring: limitQuery,
        response,
      },
    },
    async (request, reply) => {
      const { uuid, handle } = request.params
      const thread = await store.readThread(viewerOf(request), uuid, handle, request.query)
      if (thread === undefined) throw missing(uuid)
      return sendPage(request, reply, thread, `/api/activities/${uuid}/replies`)
    },
  )

  app.get<ByUuid & Paged>(
    '/api/activities/:uuid/replies',
    {
      config,
      schema: {
        operationId: 'readReplies',
        summary: 'The replies to an activity, oldest first',
        tags,
        params: uuidParams,
        querystring: pageQuery,
        response: { 200: list(ref('Activity'), 'A page of replies'), ...problems(404, 410) },
      },
    },
    async (request, reply) => {
      const { uuid } = request.params
      const replies = await store.readReplies(viewerOf(request), uuid, request.query)
      if (replies === undefined) throw missing(uuid)
      return sendPage(request, reply, replies)
    },
  )
}

/** All that ever was here had a uuid of version 7, and all that is gone is as if it had never been: so any such is gone. */
function missing(uuid: string): Problem {
  return uuid[14] === '7' ? new Problem(410, 'This is gone.', 'gone') : notFound()
}
