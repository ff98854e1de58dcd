import type { PageQuery } from './store/store.ts'

/** The parts of requests that many routes have, as schemas and as types. */

export const uuidParams = {
  type: 'object',
  required: ['uuid'],
  properties: { uuid: { type: 'string', format: 'uuid' } },
}

export const handleParams = {
  type: 'object',
  required: ['handle'],
  // No letter of another alphabet that looks like one of these can stand in a handle.
  properties: { handle: { type: 'string', pattern: '^[A-Za-z0-9_]{1,32}$' } },
}

export const statusParams = {
  type: 'object',
  required: ['handle', 'uuid'],
  properties: { ...handleParams.properties, ...uuidParams.properties },
}

const limit = { type: 'integer', minimum: 1, maximum: 40, default: 20 } as const

/** The beginning of a list that goes on elsewhere. */
export const limitQuery = { type: 'object', additionalProperties: false, properties: { limit } }

export const pageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit,
    cursor: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]+$',
      maxLength: 200,
      description: 'from the header Link of the page before',
    },
  },
} as const

export const idempotencyHeaders = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      format: 'uuid',
      description: 'The same key once more gives the first answer, and nothing new is said.',
    },
  },
} as const

export interface ByUuid {
  Params: { uuid: string }
}

export interface ByHandle {
  Params: { handle: string }
}

export interface Paged {
  Querystring: PageQuery
}
