import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'

/** Answers with problem details (RFC 9457). `detail` is read by strangers: it holds nothing of the inside. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error'
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }))
}
