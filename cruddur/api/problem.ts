import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'

/** What is wrong, as a word for programs. The words of a wrong field are made of its name: `message_blank`. */
export type ProblemCode = string

/** An answer that is not the one asked for; thrown by a route, told to the reader as problem details (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly codes: readonly ProblemCode[]
  readonly headers: Record<string, string>

  /** `detail` is read by strangers: it holds nothing of the inside. */
  constructor(
    status: number,
    detail: string,
    codes: ProblemCode | readonly ProblemCode[] = [],
    headers: Record<string, string> = {},
  ) {
    super(detail)
    this.status = status
    this.codes = typeof codes === 'string' ? [codes] : codes
    this.headers = headers
  }
}

/** Answers with problem details. */
export function sendProblem(reply: FastifyReply, { status, message, codes, headers }: Problem): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error'
  const errors = codes.length === 0 ? {} : { errors: codes }
  return reply
    .code(status)
    .headers(headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({ type: 'about:blank', title, status, detail: message, ...errors, request_id: reply.request.id }),
    )
}

/** Nothing is at the address, or nothing that this person may know of. */
export function notFound(detail = 'There is nothing at this address.'): Problem {
  return new Problem(404, detail, 'not_found')
}

/** Somebody is signed in, and the row that the sign-up makes is not there yet. */
export function accountPending(): Problem {
  return new Problem(409, 'Your account is being made. Try again in a moment.', 'account_pending', {
    'retry-after': '2',
  })
}

export function databaseUnavailable(): Problem {
  return new Problem(503, 'The database cannot be reached.', 'database_unavailable', { 'retry-after': '2' })
}
