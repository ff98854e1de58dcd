import { viewerOf } from '../access.ts'
import { sendPage } from '../answer.ts'
import { HomeMemo } from '../home-memo.ts'
import { list } from '../openapi.ts'
import { pageQuery, type Paged } from '../requests.ts'
import { ref } from '../schemas.ts'
import type { Routes } from './api.ts'

interface Search {
  Querystring: Paged['Querystring'] & { term: string }
}

/** The lists of what people said: of all, of those whom somebody follows, of what a search finds. */
export const addFeeds: Routes = (app, { store }) => {
  const tags = ['feeds']
  const activities = (description: string) => ({ 200: list(ref('Activity'), description) })
  const firstPage = { limit: pageQuery.properties.limit.default }
  const memo = new HomeMemo(() => store.readHome(undefined, firstPage))

  app.get<Paged>(
    '/api/activities/home',
    {
      config: { access: 'optional', limit: 'read' },
      schema: {
        operationId: 'readHome',
        summary: 'What everybody said, newest first; no replies',
        tags,
        querystring: pageQuery,
        response: activities('A page of activities'),
      },
    },
    async (request, reply) => {
      const { query } = request
      const viewer = viewerOf(request)
      const shared = viewer === undefined && query.cursor === undefined && query.limit === firstPage.limit
      return sendPage(request, reply, shared ? await memo.read() : await store.readHome(viewer, query))
    },
  )

  app.get<Paged>(
    '/api/activities/following',
    {
      config: { access: 'user', limit: 'read' },
      schema: {
        operationId: 'readFollowing',
        summary: 'What the people whom you follow said or reposted',
        tags,
        querystring: pageQuery,
        response: activities('A page of activities'),
      },
    },
    async (request, reply) => sendPage(request, reply, await store.readFollowing(viewerOf(request), request.query)),
  )

  app.get<Search>(
    '/api/activities/search',
    {
      config: { access: 'optional', limit: 'read' },
      schema: {
        operationId: 'search',
        summary: 'What was said with these words',
        tags,
        querystring: {
          ...pageQuery,
          required: ['term'],
          properties: { ...pageQuery.properties, term: { type: 'string', minLength: 1, maxLength: 100 } },
        },
        response: activities('A page of activities'),
      },
    },
    async (request, reply) => {
      const { term, ...page } = request.query
      return sendPage(request, reply, await store.readSearch(viewerOf(request), term, page))
    },
  )
}
