import { timingSafeEqual, createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Metrics } from '../metrics.ts'
import { notFound } from '../problem.ts'
import type { Settings } from '../settings.ts'

// Loopback, RFC 1918, link-local and RFC 4193.
const privateAddresses = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const) {
  privateAddresses.addSubnet(net, bits, 'ipv4')
}
for (const [net, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateAddresses.addSubnet(net, bits, 'ipv6')

/** The numbers of the process, for whoever has the token; without one, for who comes from a private address and through no proxy. */
export function addMetrics(app: FastifyInstance, metrics: Metrics, { metricsToken }: Settings): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const welcome = metricsToken === undefined ? comesFromInside(request) : bears(request, metricsToken)
    if (!welcome) throw notFound()
    const { type, body } = await metrics.read()
    return reply.header('cache-control', 'no-store').type(type).send(body)
  })
}

function comesFromInside({ socket, headers }: FastifyRequest): boolean {
  // A proxy has a private address too, and passes on what comes from outside.
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined) return false
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '')
  const version = isIP(address)
  return version !== 0 && privateAddresses.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

function bears({ headers }: FastifyRequest, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
}
