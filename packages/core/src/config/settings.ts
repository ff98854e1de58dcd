import { basename } from 'node:path'
import type { z } from 'zod/mini'
import { Failure } from '../errors.ts'
import { locateJsonFault, locateJsonKey, type Position } from './json-position.ts'
import { readPlainFile } from './plain-file.ts'
import { isPlainlyRight } from './plain-settings.ts'
import type { Settings } from './settings-schema.ts'
import { nearestName } from './suggest.ts'

export type { Settings }

/** Reads a pgrig.json. Throws `config_invalid` with the place of the first thing that is wrong in it. */
export async function readSettings(file: string): Promise<Settings> {
  const text = readPlainFile(file)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Not as the cause: the message of a SyntaxError shows pieces of the text.
    throw describe(file, locateJsonFault(text), 'is not JSON here')
  }
  if (isPlainlyRight(json)) return json
  const { settingsSchema, passwordFault } = await import('./settings-schema.ts')
  const result = settingsSchema.safeParse(json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue === undefined) throw describe(file, undefined, 'is not as it should be')
  throw describeIssue(file, text, issue, passwordFault)
}

/** The JSON Schema of pgrig.json, for editors and for the reference page. */
export async function makeSettingsJsonSchema(): Promise<object> {
  const { makeJsonSchema } = await import('./settings-schema.ts')
  return makeJsonSchema()
}

type Issue = z.core.$ZodIssue

function describeIssue(file: string, text: string, issue: Issue, passwordFault: string): Failure {
  const where = issue.path.map(String).join('.')
  switch (issue.code) {
    case 'unrecognized_keys': {
      const [key = ''] = issue.keys
      const nearest = nearestName(key, keysAt(issue.path))
      const known = keysAt(issue.path).join(', ')
      const hint = /pass|secret/i.test(key)
        ? 'pgrig.json holds no secret: give the password in PGPASSWORD, ~/.pgpass or the URL in the environment.'
        : nearest === undefined
          ? `Known are: ${known}.`
          : `Did you mean ${nearest}?`
      return describe(
        file,
        locateJsonKey(text, [...issue.path, key]),
        `has the unknown key ${[...issue.path.map(String), key].join('.')}`,
        hint,
      )
    }
    case 'invalid_key':
      return describe(
        file,
        locateJsonKey(text, issue.path),
        issue.path[0] === 'roles'
          ? `has a role name that is not 1 to 63 bytes long: ${where}`
          : `has a target name that is not one word of letters, digits, - and _: ${where}`,
      )
    case 'invalid_type':
      return describe(
        file,
        locateJsonKey(text, issue.path),
        `${where === '' ? 'must hold' : `has a ${where} that is not`} ${nameType(issue.expected)}`,
      )
    case 'invalid_value':
      return describe(
        file,
        locateJsonKey(text, issue.path),
        `has a ${where} that does not exist`,
        `It is one of ${issue.values.join(', ')}.`,
      )
    default: {
      const hint =
        issue.message === passwordFault
          ? 'Take it out, and give it in PGPASSWORD, ~/.pgpass, or the whole URL in the environment or .env.'
          : undefined
      return describe(file, locateJsonKey(text, issue.path), `is wrong at ${where}: ${issue.message}`, hint)
    }
  }
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return ['$schema', 'database', 'schema', 'seed', 'server', 'targets', 'roles']
  if (path[0] === 'server') return ['port']
  if (path[0] === 'roles') return ['as', 'schemas', 'expires', 'connectionLimit', 'memberOf', 'iam']
  return ['url', 'database', 'protected', 'schema', 'seed', 'sslmode', 'sslrootcert']
}

function nameType(type: string): string {
  if (type === 'int') return 'a whole number'
  if (type === 'array') return 'a list'
  if (type === 'object' || type === 'record') return 'an object'
  return `a ${type}`
}

function describe(file: string, position: Position | undefined, sentence: string, hint?: string): Failure {
  return new Failure('config_invalid', `${position === undefined ? file : basename(file)} ${sentence}.`, {
    ...(position === undefined ? {} : { location: { file, ...position } }),
    ...(hint === undefined ? {} : { hint }),
  })
}
