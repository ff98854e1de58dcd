import { writerOf } from '../access.ts'
import { sendPage } from '../answer.ts'
import { empty, list, problems } from '../openapi.ts'
import { accountPending, notFound } from '../problem.ts'
import { type ByUuid, pageQuery, type Paged, uuidParams } from '../requests.ts'
import { ref } from '../schemas.ts'
import type { ReportReason } from '../store/store.ts'
import type { Routes } from './api.ts'

interface Reported {
  Body: { reason: ReportReason; note: string }
}

interface Decided {
  Body: { decision: 'keep' | 'remove' }
}

/** To report what should not be here, and to decide on it. */
export const addReports: Routes = (app, { store }) => {
  const tags = ['moderation']

  app.post<Reported & ByUuid>(
    '/api/activities/:uuid/report',
    {
      config: { access: 'user', limit: 'post' },
      schema: {
        operationId: 'reportActivity',
        summary: 'Report an activity to those who run this',
        tags,
        params: uuidParams,
        body: {
          type: 'object',
          required: ['reason'],
          additionalProperties: false,
          properties: {
            reason: { type: 'string', enum: ['spam', 'abuse', 'illegal', 'other'] },
            note: { type: 'string', maxLength: 1024, default: '' },
          },
          examples: [{ reason: 'spam', note: 'The same link, ten times.' }],
        },
        response: { 202: empty('Somebody will look at it'), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { reason, note } = request.body
      const status = await store.report(writerOf(request), request.params.uuid, reason, note)
      if (status === 'no_user') throw accountPending()
      if (status === 'missing') throw notFound()
      return reply.code(202).send()
    },
  )

  app.get<Paged>(
    '/api/admin/reports',
    {
      config: { access: 'admin', limit: 'read' },
      schema: {
        operationId: 'listReports',
        summary: 'The reports that wait for a decision',
        tags,
        querystring: pageQuery,
        response: { 200: list(ref('Report'), 'A page of reports, oldest first'), ...problems(404) },
      },
    },
    async (request, reply) => sendPage(request, reply, await store.listReports(request.query)),
  )

  app.post<Decided & ByUuid>(
    '/api/admin/reports/:uuid/decision',
    {
      config: { access: 'admin', limit: 'write' },
      schema: {
        operationId: 'decideReport',
        summary: 'Keep the activity, or remove it',
        tags,
        params: uuidParams,
        body: {
          type: 'object',
          required: ['decision'],
          additionalProperties: false,
          properties: { decision: { type: 'string', enum: ['keep', 'remove'] } },
          examples: [{ decision: 'keep' }],
        },
        response: { 204: empty('It is decided'), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const status = await store.decideReport(params.uuid, body.decision, writerOf(request))
      if (status === 'missing') throw notFound()
      return reply.code(204).send()
    },
  )
}
