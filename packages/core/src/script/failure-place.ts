import type { Location } from '../errors.ts'
import { locateByte, placeInBody } from './failure-place-body.ts'
import { locate } from './position.ts'
import type { Statement } from './statement.ts'
import { isSpace } from './lexer.ts'
import { Tokens, tokensOfParts } from './tokens.ts'

export { annotateContext, RoutineBodies } from './failure-place-routines.ts'

/** The fields of the server's ErrorResponse that say where an error is. */
export interface FailureFields {
  readonly position?: string | undefined
  readonly internalPosition?: string | undefined
  readonly internalQuery?: string | undefined
  /** The CONTEXT lines, innermost first. */
  readonly where?: string | undefined
  /** The column of a table that the error is about. */
  readonly column?: string | undefined
}

/**
 * Where in the script the failure of a statement is: where the server says, in the body of its DO block, and otherwise its first
 * token; `part` counts those that `\;` joins. What is no statement of the script, but made of a meta-command, is at the place of
 * that. `placeInCopy` finds places in the data of COPY.
 */
export function placeOfFailure(
  statement: Statement | undefined,
  fields: FailureFields,
  command: Location,
  part = 0,
): Location {
  if (fields.position && statement !== undefined)
    return locate(statement, withinText(statement, Number(fields.position)))
  if (statement === undefined) return command
  return placeInBody(statement, fields) ?? placeOfStatement(statement, part)
}

/** A position, but never behind the end of the text: what is missing there is missed behind the last word, not lines below. */
function withinText({ bytes }: Statement, position: number): number {
  let end = bytes.length
  while (end > 0 && isSpace(bytes[end - 1])) end--
  if (end === bytes.length) return position
  return Math.min(position, Array.from(bytes.toString('utf8', 0, end)).length + 1)
}

/** The first token of a statement, or of one of those that `\\;` joins. `start` may be that of a comment before it. */
export function placeOfStatement(statement: Statement, part = 0): Location & { text: string } {
  const tokens = part === 0 ? new Tokens(statement.bytes) : tokensOfParts(statement)[part]
  return locateByte(statement, tokens?.next?.from ?? 0)
}
