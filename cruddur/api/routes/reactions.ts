import { writerOf } from '../access.ts'
import { json, problems } from '../openapi.ts'
import { type ByUuid, uuidParams } from '../requests.ts'
import { ref } from '../schemas.ts'
import { sendChanged } from '../answer.ts'
import type { Routes } from './api.ts'

/** Likes and reposts. Each is there once or not at all, however often it is asked for. */
export const addReactions: Routes = (app, { store }) => {
  const kinds = [
    { name: 'like', id: 'Like', set: store.setLike },
    { name: 'repost', id: 'Repost', set: store.setRepost },
  ] as const
  for (const { name, id, set } of kinds) {
    for (const on of [true, false]) {
      app.route<ByUuid>({
        method: on ? 'PUT' : 'DELETE',
        url: `/api/activities/:uuid/${name}`,
        config: { access: 'user', limit: 'write' },
        schema: {
          operationId: `${on ? 'add' : 'remove'}${id}`,
          summary: on ? `Give an activity your ${name}` : `Take your ${name} back`,
          tags: ['reactions'],
          params: uuidParams,
          response: { 200: json(ref('Reactions'), 'The activity’s counts now'), ...problems(404) },
        },
        handler: async (request, reply) =>
          sendChanged(request, reply, await set(writerOf(request), request.params.uuid, on)),
      })
    }
  }
}
