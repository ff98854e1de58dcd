import type { Sent } from './answers.ts'
import type { ServerFields } from './session.ts'

/** What was sent to the server. */
export function textOf({ statement, sql, generated }: Sent): string | undefined {
  return statement?.text ?? sql ?? generated
}

/** An error with all its fields, as libpq writes it (pqBuildErrorMessage3 of PostgreSQL 18, PQERRORS_VERBOSE). */
export function verboseError(fields: ServerFields, query: string | undefined): string {
  const { severity, code, message, position, internalPosition, internalQuery } = fields
  const excerpt =
    position === undefined
      ? excerptOf(internalQuery, Number(internalPosition))
      : query === undefined
        ? []
        : excerptOf(query, Number(position))
  const named = [
    ['DETAIL', fields.detail],
    ['HINT', fields.hint],
    ['QUERY', internalQuery],
    ['CONTEXT', fields.where],
    ['SCHEMA NAME', fields.schema],
    ['TABLE NAME', fields.table],
    ['COLUMN NAME', fields.column],
    ['DATATYPE NAME', fields.dataType],
    ['CONSTRAINT NAME', fields.constraint],
    ['LOCATION', locationOf(fields)],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}:  ${value}`]))
  return `${[`${severity}:  ${code}: ${message}`, ...excerpt, ...named].join('\n')}\n`
}

function locationOf({ sourceFile, sourceLine, sourceRoutine }: ServerFields): string | undefined {
  const place = sourceFile !== undefined && sourceLine !== undefined ? `${sourceFile}:${sourceLine}` : undefined
  if (sourceRoutine === undefined) return place
  return `${sourceRoutine}, ${place ?? ''}`
}

/** In characters; libpq counts columns of the screen, which only differ where characters are wide. */
const excerptLength = 60
/** How much of the line stays behind the place, if possible. */
const rightLength = 10

/** The line of a query that holds a character, counted from 1, and a mark under the character. */
function excerptOf(query = '', position = 0): string[] {
  const characters = Array.from(query.replaceAll('\t', ' '))
  const at = position - 1
  if (!(at >= 0 && at <= characters.length)) return []
  const before = characters.slice(0, at)
  let start = before.findLastIndex((character) => character === '\n' || character === '\r') + 1
  const next = characters.findIndex((character, index) => index >= at && (character === '\n' || character === '\r'))
  let end = next < 0 ? characters.length : next
  const line = before.join('').split(/\r\n|\r|\n/).length
  const whole = { start, end }
  if (end - start > excerptLength) {
    if (start + excerptLength >= at + rightLength) end = start + excerptLength
    else {
      end = Math.min(end, at + rightLength)
      start = Math.max(start, end - excerptLength)
    }
  }
  const head = `LINE ${line}: ${start > whole.start ? '...' : ''}`
  const text = `${head}${characters.slice(start, end).join('')}${end < whole.end ? '...' : ''}`
  return [text, `${' '.repeat(head.length + at - start)}^`]
}
