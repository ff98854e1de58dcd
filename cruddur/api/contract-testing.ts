import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { Schema } from './schemas.ts'

/** One operation of the OpenAPI document, as the tests go through them. */
export interface Operation {
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  parameters: Parameter[]
  body: Schema | undefined
  example: Record<string, unknown> | undefined
  /** Only for who is signed in. */
  closed: boolean
  /** Also for who is not. */
  open: boolean
  responses: Record<string, { content?: Record<string, { schema: Schema }>; headers?: object }>
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}

export interface Document {
  openapi: string
  paths: Record<string, Record<string, RawOperation>>
  components: { schemas: Record<string, Schema> }
}

interface RawOperation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: { 'application/json': { schema: Schema; example?: Record<string, unknown> } } }
  responses: Operation['responses']
  security?: Record<string, string[]>[]
}

/** Reads the document as a client does. */
export async function readDocument(app: FastifyInstance): Promise<Document> {
  return (await app.inject('/api/openapi.json')).json()
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => {
      const content = raw.requestBody?.content['application/json']
      const open = raw.security === undefined || raw.security.some((each) => Object.keys(each).length === 0)
      return {
        id: raw.operationId,
        method: method.toUpperCase() as Operation['method'],
        path,
        parameters: raw.parameters ?? [],
        body: content?.schema,
        example: content?.example,
        closed: !open,
        open,
        responses: raw.responses,
      }
    }),
  )
}

/** What stands in a request where the document leaves it to whoever sends it. */
export interface Filling {
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Instead of the example. */
  body?: unknown
}

/** The request of an operation with its example as body. */
export function requestOf({ method, path, example, body }: Operation, filling: Filling): InjectOptions {
  const address = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => filling.path?.[name] ?? `no-${name}`)
  const query = new URLSearchParams(filling.query).toString()
  const payload = 'body' in filling ? filling.body : example
  return {
    method,
    url: query === '' ? address : `${address}?${query}`,
    headers: { ...filling.headers },
    ...(body === undefined ? {} : { payload: payload as object }),
  }
}

/** Holds answers to what the document says of them. */
export class Contract {
  readonly #ajv = new Ajv2020({
    allErrors: true,
    strictTypes: false,
    formats: { uuid: /^[\da-f-]{36}$/, 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/ },
  })

  constructor({ components }: Document) {
    this.#ajv.addVocabulary(['components', 'example'])
    this.#ajv.addSchema({ $id: 'document', components })
  }

  compile(schema: Schema): ValidateFunction {
    return this.#ajv.compile(absolute(schema) as object)
  }

  /** Fails where the answer has a status, a type or a body that the document does not tell of. */
  check(operation: Operation, response: LightMyRequestResponse): void {
    const { statusCode, body, headers } = response
    const documented = operation.responses[statusCode]
    expect(documented, `${operation.id} answers ${statusCode}: ${body}`).toBeDefined()
    expect(headers['x-request-id']).toEqual(expect.any(String))
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['x-content-type-options']).toBe('nosniff')
    const [[type, media] = []] = Object.entries(documented?.content ?? {})
    if (type === undefined || media === undefined) return expect(body).toBe('')
    expect(String(headers['content-type']).split(';')[0]).toBe(type)
    if (statusCode >= 400 && type.includes('problem')) {
      expect(response.json()).toMatchObject({ status: statusCode, request_id: headers['x-request-id'] })
    }
    const validate = this.compile(media.schema)
    expect(validate(response.json()) ? [] : validate.errors, `${operation.id} ${statusCode}: ${body}`).toEqual([])
  }
}

/** References of the document, from outside of it. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, key === '$ref' ? `document${String(each)}` : absolute(each)]),
  )
}
