import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { components, ref, type Schema } from './schemas.ts'

declare module 'fastify' {
  interface FastifySchema {
    operationId?: string
    summary?: string
    description?: string
    tags?: readonly string[]
    security?: readonly Record<string, readonly string[]>[]
  }
}

/** An answer of a route, for the document. */
export function json(schema: Schema, description: string, headers: Record<string, Schema> = {}): Schema {
  return { description, headers: { ...headers }, content: { 'application/json': { schema } } }
}

/** An answer without a body. */
export function empty(description: string): Schema {
  return { description, type: 'null' }
}

/** A page of a list. */
export function list(item: Schema, description: string): Schema {
  return json({ type: 'array', items: item }, description, { link })
}

/** The header of an answer that another page follows. */
export const link = { type: 'string', description: '<address>; rel="next", where there is more (RFC 8288)' }

const titles: Record<number, string> = {
  400: 'The body is no JSON',
  401: 'Nobody is signed in, or the sign-in does not hold',
  403: 'The request comes from another page',
  404: 'There is nothing, or nothing for you',
  409: 'The account is still being made',
  410: 'It was here, and is gone',
  413: 'The body is too large',
  415: 'The body is of another type than JSON',
  422: 'The request is not as it should be',
  429: 'Too often',
  503: 'The service is busy, or the database away; see Retry-After',
}

/** The answers with problem details. */
export function problems(...statuses: number[]): Record<number, Schema> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: titles[status], content: { 'application/problem+json': { schema: ref('Problem') } } },
    ]),
  )
}

/** Describes the API while its routes are added to `app`, and serves the description. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  for (const component of components) app.addSchema(component)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cruddur',
        version: '1.0.0',
        description: 'An ephemeral micro-blog. What people say here is gone, from every answer, at its expires_at.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-session' },
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        },
      },
    },
    refResolver: { buildLocalReference: ({ $id }) => String($id) },
    transform: ({ schema, url, route }) => ({ schema: complete(schema, route), url }),
  })
}

/** Serves the description of the routes that are there when the app is ready. */
export function serveDescription(app: FastifyInstance): void {
  let body = ''
  app.get('/api/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    body ||= JSON.stringify(app.swagger())
    return reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(body)
  })
}

/** Adds what follows from who may come in and from what it counts as. */
function complete(schema: FastifySchema, { config, method }: RouteOptions): FastifySchema {
  const { access, limit } = config ?? {}
  if (access === undefined) return schema
  const known: Record<string, string[]>[] = [{ session: [] }, { bearer: [] }]
  const writes = method !== 'GET'
  const more = [
    401,
    ...(writes ? [403] : []),
    ...(writes && access === 'user' ? [409] : []),
    ...(schema.body === undefined ? [] : [400, 413, 415]),
    ...((schema.body ?? schema.querystring ?? schema.headers) === undefined ? [] : [422]),
    ...(limit === undefined ? [] : [429, 503]),
  ]
  const response = schema.response as Record<string, Schema>
  const again =
    writes || response['200']?.['content'] === undefined ? {} : { 304: empty('What you hold is still right') }
  return {
    ...schema,
    security: access === 'optional' ? [{}, ...known] : known,
    response: { ...again, ...problems(...more), ...response },
  }
}
