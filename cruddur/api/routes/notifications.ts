import { viewerOf, writerOf } from '../access.ts'
import { sendPage } from '../answer.ts'
import { empty, list } from '../openapi.ts'
import { accountPending } from '../problem.ts'
import { pageQuery, type Paged } from '../requests.ts'
import { ref } from '../schemas.ts'
import type { Routes } from './api.ts'

/** What concerns whoever asks. */
export const addNotifications: Routes = (app, { store }) => {
  const tags = ['notifications']

  app.get<Paged>(
    '/api/activities/notifications',
    {
      config: { access: 'user', limit: 'read' },
      schema: {
        operationId: 'readNotifications',
        summary: 'Who replied, mentioned, liked, reposted or followed you',
        tags,
        querystring: pageQuery,
        response: { 200: list(ref('Notification'), 'A page of notifications, newest first') },
      },
    },
    async (request, reply) => sendPage(request, reply, await store.readNotifications(viewerOf(request), request.query)),
  )

  app.post(
    '/api/activities/notifications/read',
    {
      config: { access: 'user', limit: 'write' },
      schema: {
        operationId: 'markNotificationsRead',
        summary: 'All notifications up to now are read',
        tags,
        response: { 204: empty('They are read') },
      },
    },
    async (request, reply) => {
      if ((await store.markNotificationsRead(writerOf(request))) === 'no_user') throw accountPending()
      return reply.code(204).send()
    },
  )
}
