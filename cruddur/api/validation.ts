import type { FastifyInstance, FastifySchemaValidationError } from 'fastify'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { notFound, Problem } from './problem.ts'
import { cleanTexts } from './text.ts'

const uuidFormat = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** Holds requests to the schemas of their routes, after their texts are brought into one form. */
export function validateRequests(app: FastifyInstance): void {
  // Ajv counts the length of a text in code points, as PostgreSQL does.
  const options = { allErrors: true, strictTypes: false, useDefaults: true, formats: { uuid: uuidFormat } }
  const bodies = new Ajv2020(options)
  // All that stands in an address is text.
  const addresses = new Ajv2020({ ...options, coerceTypes: true })
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? bodies : addresses).compile(schema as object),
  )
  // The answers are written by the database; their schemas are for the document and its tests.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('preValidation', async (request) => {
    cleanTexts(request.body)
    cleanTexts(request.query)
  })
}

/** The problem that a request has which is not as its schema says. */
export function invalidRequest(errors: readonly FastifySchemaValidationError[], context: string | undefined): Problem {
  // An address that no uuid and no handle can have is one where nothing is.
  if (context === 'params') return notFound()
  const codes = [...new Set(errors.map(codeOf))]
  return new Problem(422, 'The request is not as it should be.', codes)
}

function codeOf({ keyword, instancePath, params }: FastifySchemaValidationError): string {
  const name = instancePath.slice(1).replaceAll(/[/-]/g, '_')
  switch (keyword) {
    case 'required':
      return `${String(params['missingProperty']).replaceAll('-', '_')}_blank`
    case 'minLength':
      return `${name}_blank`
    case 'maxLength':
      return `${name}_exceed_max_chars`
    case 'additionalProperties':
      return 'unknown_property'
    // The original says so of any time to live that it does not know.
    case 'enum':
      return name === 'ttl' ? 'ttl_blank' : `${name}_invalid`
    default:
      return name === '' ? 'body_invalid' : `${name}_invalid`
  }
}
