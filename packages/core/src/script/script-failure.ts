import { Failure, type Location, type SqlDetails } from '../errors.ts'
import { OwnAnswer, type Sent, StatementAnswer } from './answers.ts'
import { annotateContext, placeOfFailure, type RoutineBodies } from './failure-place.ts'
import { placeInCopy } from './failure-place-copy.ts'
import type { ServerFields, SessionError } from './session.ts'
import { forbiddenInTransaction } from './transaction-rules.ts'
import type { SourceLines } from './source-lines.ts'
import { Tokens, tokensOfParts } from './tokens.ts'
import type { VariableStore } from './variable-store.ts'

/** How the script is run, as far as it matters for what is left after a failure. */
export type TransactionMode = 'whole' | 'inside' | 'none'

/** Makes a failure of what the server has said: with its place in the script, and what to do about it. */
export async function scriptFailure(
  { fields, answer }: SessionError,
  context: {
    mode: TransactionMode
    alone: boolean
    completed: number
    bodies: RoutineBodies
    lines: SourceLines
    variables: VariableStore
  },
): Promise<Failure> {
  const { mode, alone, completed, bodies, lines, variables } = context
  const sql = sqlDetails(wantedFields(fields, variables), bodies)
  const hint = hintFor(fields, mode)
  const state = alone && mode === 'whole' ? stateAlone(answer) : stateAfter(mode, completed)
  const options = { sql, state, ...(hint !== undefined && { hint }) }
  if (answer instanceof OwnAnswer) {
    const where = answer.what === 'commit' ? ' (when the transaction was committed)' : ''
    return new Failure('sql_error', `${fields.message}${where}`, options)
  }
  if (!(answer instanceof StatementAnswer)) return new Failure('sql_error', fields.message, options)
  const { sent } = answer
  if (sent.generated !== undefined) {
    return new Failure('sql_error', fields.message, {
      ...options,
      hint: `The statement was made by \\gexec: ${shortened(sent.generated)}`,
      location: sent.place,
    })
  }
  const inData = await placeInData(sent, fields, lines)
  const location = inData ?? placeOfFailure(sent.statement, fields, sent.place, sent.done)
  return new Failure('sql_error', fields.message, { ...options, location })
}

/** The place of a failure in the data of COPY, if it is there. */
async function placeInData(sent: Sent, fields: ServerFields, lines: SourceLines): Promise<Location | undefined> {
  const { statement, data, done, sql = '' } = sent
  // The position is one in the statement.
  if (data === undefined || fields.position !== undefined) return undefined
  const tokens = statement === undefined ? new Tokens(Buffer.from(sql)) : tokensOfParts(statement)[done]
  const source = data[statement?.parts.slice(0, done).filter((part) => part.copyFromStdin).length ?? 0]
  if (tokens === undefined || source === undefined) return undefined
  return placeInCopy(tokens, fields, source, (from) => lines.copyData(from))
}

function sqlDetails(fields: ServerFields, bodies: RoutineBodies): SqlDetails {
  const details: SqlDetails = { sqlstate: fields.code, severity: fields.severity }
  for (const field of ['detail', 'hint', 'schema', 'table', 'column', 'constraint'] as const) {
    const value = fields[field]
    if (value) details[field] = value
  }
  if (fields.where) details.where = annotateContext(fields.where, bodies)
  return details
}

/** What is left of an error or a notice by `\set VERBOSITY` and `\set SHOW_CONTEXT`. */
export function wantedFields(fields: ServerFields, variables: VariableStore): ServerFields {
  const terse = ['terse', 'sqlstate'].includes(variables.choice('VERBOSITY'))
  const context = variables.choice('SHOW_CONTEXT')
  const isError = ['ERROR', 'FATAL', 'PANIC'].includes(fields.severity)
  if (!terse && (context === 'always' || (context === 'errors' && isError))) return fields
  const { where: _where, ...withoutContext } = fields
  if (!terse) return withoutContext
  const { detail: _detail, hint: _hint, ...rest } = withoutContext
  return rest
}

/** What to do, where we know more than the server. */
function hintFor({ code, message }: ServerFields, mode: TransactionMode): string | undefined {
  switch (code) {
    case '53200':
      if (mode === 'none' || !/shared memory/.test(message)) return undefined
      return 'One transaction holds a lock for each table it makes. Raise max_locks_per_transaction, or run it with --no-transaction.'
    case '55P04':
      return 'A new value of an enum can be used when the transaction that added it is over: put the two into separate files, or use --no-transaction.'
    case '25001':
      return mode === 'none' ? undefined : 'It cannot run inside of a transaction: --no-transaction'
    case '2D000':
      return mode === 'none'
        ? undefined
        : 'A procedure that commits cannot run inside of a transaction: --no-transaction'
    case '53100':
      return 'The disk of the server is full: make room there, then run the script again.'
    case '25006':
      return 'The transaction, or the whole server, is read-only.'
    default:
      return undefined
  }
}

/** The same for a single statement, which needs no transaction of ours, and may have had some of its own. */
function stateAlone(answer: SessionError['answer']): string {
  const statement = answer instanceof StatementAnswer ? answer.sent.statement : undefined
  const commits = statement?.parts.some(
    (part) => part.words[0] === 'CALL' || part.words[0] === 'DO' || forbiddenInTransaction(part, statement),
  )
  return commits ? 'What it had committed itself before it failed stays.' : stateAfter('whole', 0)
}

/** What is left of the script after it has failed. */
export function stateAfter(mode: TransactionMode, completed: number): string {
  if (mode !== 'none') return 'Nothing of it was kept: the transaction was rolled back.'
  if (completed === 0) return 'Nothing of it was run before.'
  if (completed === 1) return 'The statement before it was run outside of a transaction, and stays.'
  return `The ${completed} statements before it were run outside of a transaction, and stay.`
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
