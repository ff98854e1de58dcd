import { viewerOf, writerOf } from '../access.ts'
import { sendChanged, sendJson, sendPage } from '../answer.ts'
import { json, link, list, problems } from '../openapi.ts'
import { notFound } from '../problem.ts'
import { type ByHandle, handleParams, pageQuery, type Paged } from '../requests.ts'
import { ref } from '../schemas.ts'
import type { Routes } from './api.ts'

const tags = ['people']
const nobodyThere = 'Nobody has this handle.'

/** Who people are, and what they said. */
export const addPeople: Routes = (app, { store }) => {
  app.get<ByHandle & Paged>(
    '/api/activities/@:handle',
    {
      config: { access: 'optional', limit: 'read' },
      schema: {
        operationId: 'readProfile',
        summary: 'A person, and what they said',
        tags,
        params: handleParams,
        querystring: pageQuery,
        response: { 200: json(ref('ProfileWithActivities'), 'The person', { link }), ...problems(404) },
      },
    },
    async (request, reply) => {
      const profile = await store.readProfile(viewerOf(request), request.params.handle, request.query)
      if (profile === undefined) throw notFound(nobodyThere)
      return sendPage(request, reply, profile)
    },
  )

  const lists = [
    { name: 'replies', id: 'readUserReplies', summary: 'What a person answered', read: store.readUserReplies },
    { name: 'reposts', id: 'readUserReposts', summary: 'What a person reposted', read: store.readUserReposts },
  ] as const
  for (const { name, id, summary, read } of lists) {
    app.get<ByHandle & Paged>(
      `/api/activities/@:handle/${name}`,
      {
        config: { access: 'optional', limit: 'read' },
        schema: {
          operationId: id,
          summary,
          tags,
          params: handleParams,
          querystring: pageQuery,
          response: { 200: list(ref('Activity'), 'A page of activities'), ...problems(404) },
        },
      },
      async (request, reply) => {
        const page = await read(viewerOf(request), request.params.handle, request.query)
        if (page === undefined) throw notFound(nobodyThere)
        return sendPage(request, reply, page)
      },
    )
  }

  app.get<ByHandle>(
    '/api/users/@:handle/short',
    {
      config: { access: 'optional', limit: 'read' },
      schema: {
        operationId: 'readPerson',
        summary: 'A person, in short',
        tags,
        params: handleParams,
        response: { 200: json(ref('Person'), 'The person'), ...problems(404) },
      },
    },
    async (request, reply) => {
      const person = await store.readShort(request.params.handle)
      if (person === undefined) throw notFound(nobodyThere)
      return sendJson(request, reply, person)
    },
  )
}

/** To follow somebody, or to see nothing of them and be not seen. */
export const addRelations: Routes = (app, { store }) => {
  const kinds = [
    { name: 'follow', id: 'Follow', set: store.setFollow, on: 'Follow somebody', off: 'Follow somebody no more' },
    { name: 'block', id: 'Block', set: store.setBlock, on: 'Block somebody', off: 'Block somebody no more' },
  ] as const
  for (const kind of kinds) {
    for (const on of [true, false]) {
      app.route<ByHandle>({
        method: on ? 'PUT' : 'DELETE',
        url: `/api/users/@:handle/${kind.name}`,
        config: { access: 'user', limit: 'write' },
        schema: {
          operationId: `${on ? 'add' : 'remove'}${kind.id}`,
          summary: on ? kind.on : kind.off,
          tags,
          params: handleParams,
          response: { 200: json(ref('Relation'), 'What they are to you now'), ...problems(404) },
        },
        handler: async (request, reply) =>
          sendChanged(request, reply, await kind.set(writerOf(request), request.params.handle, on)),
      })
    }
  }
}
