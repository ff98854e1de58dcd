import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { folder } from './folder.ts'

type Encoding = 'br' | 'gzip' | 'identity'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The views of the page, and what each asks the API for first (`apiAddress` in web/route.ts). */
const views: Record<string, (request: FastifyRequest) => string[] | undefined> = {
  '/': () => ['/api/activities/home'],
  '/following': () => ['/api/activities/following'],
  '/notifications': () => ['/api/activities/notifications'],
  '/moderation': () => [],
  '/search': () => [],
  '/settings': () => [],
  '/welcome': () => [],
  '/@:handle': profileAddresses,
  '/@:handle/status/:uuid': threadAddresses,
}

/**
 * Serves the page that Vite built from `web/`: its views, with what they show first put into them, and its files.
 * Returns what answers a wrong address.
 */
export function servePage(app: FastifyInstance): (reply: FastifyReply) => FastifyReply {
  const built = join(folder, 'dist', 'web')
  const index = readBuilt(join(built, 'index.html')).toString()
  const missing = readBuilt(join(built, 'missing.html'))
  const [head, tail, more] = index.split(/(?<=id="inlined">)(?=<)/)
  if (head === undefined || tail === undefined || more !== undefined)
    throw new Error('Cruddur’s page is not whole: index.html has no place for what is put into it')

  const sendMissing = (reply: FastifyReply) =>
    reply
      .code(404)
      .header('cache-control', 'no-store')
      .type(types['.html'] ?? '')
      .send(missing)

  for (const [path, addressesOf] of Object.entries(views)) {
    app.get(path, async (request, reply) => {
      const addresses = addressesOf(request)
      if (addresses === undefined) return sendMissing(reply)
      const answers = await Promise.all(['/api/session', ...addresses].map((address) => ask(app, request, address)))
      const body = Buffer.from(`${head}${inline(answers)}${tail}`)
      for (const { cookies } of answers) for (const cookie of cookies) reply.header('set-cookie', cookie)
      // What has gone or never was is a page of its own, and no search engine should keep it.
      const status = answers[1]?.status
      reply.code(status === 404 || status === 410 ? status : 200)
      return sendCompressed(request, reply.header('cache-control', 'no-store').type(types['.html'] ?? ''), body)
    })
  }
  // An address is one of the files that were there at the start, so none can lead out of the folder.
  serveFile(app, '/favicon.svg', join(built, 'favicon.svg'), 'public, max-age=86400')
  for (const name of readdirSync(join(built, 'assets'))) {
    if (!/\.(br|gz)$/.test(name))
      serveFile(app, `/assets/${name}`, join(built, 'assets', name), 'public, max-age=31536000, immutable')
  }
  return sendMissing
}

interface Inlined {
  address: string
  status: number
  link: string | undefined
  body: string
  cookies: string[]
}

/** Asks the API as the browser would, with all of its checks. */
async function ask(app: FastifyInstance, request: FastifyRequest, address: string): Promise<Inlined> {
  const { cookie, ...headers } = passOn(request)
  const first = await inject(app, request, address, cookie === undefined ? headers : { ...headers, cookie })
  // A session that is over: the answer takes its cookie away, and without it there is something to see.
  if (first.status !== 401 || cookie === undefined) return first
  const second = await inject(app, request, address, headers)
  return { ...second, cookies: [...first.cookies, ...second.cookies] }
}

async function inject(
  app: FastifyInstance,
  request: FastifyRequest,
  address: string,
  headers: Record<string, string>,
): Promise<Inlined> {
  const { remoteAddress = '' } = request.socket
  const answer = await app.inject({ method: 'GET', url: address, headers, remoteAddress })
  const cookies = [answer.headers['set-cookie'] ?? []].flat()
  return { address, status: answer.statusCode, link: answer.headers['link']?.toString(), body: answer.body, cookies }
}

/** By what the API knows who asks, and from where. */
function passOn({ headers }: FastifyRequest): Record<string, string> {
  const names = ['host', 'cookie', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'user-agent']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
}

/** The answers as JSON that may stand in a script element, which ends at the first `</script`. */
function inline(answers: Inlined[]): string {
  const members = answers.flatMap(({ address, status, link, body }) => {
    // Any other answer the browser asks for again, and shows what comes of it.
    if (![200, 401, 404, 410].includes(status)) return []
    const data = status === 200 ? body : 'null'
    return `${JSON.stringify(address)}:{"status":${status},"next":${JSON.stringify(link ?? null)},"data":${data}}`
  })
  return `{"at":${Date.now()},"answers":{${members.join(',')}}}`.replaceAll('<', '\\u003c')
}

function profileAddresses({ url }: FastifyRequest): string[] | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (!/^\/@\w{1,32}$/.test(pathname)) return undefined
  const tab = searchParams.get('tab') ?? ''
  return [
    `/api/activities${pathname}`,
    ...(/^(replies|reposts)$/.test(tab) ? [`/api/activities${pathname}/${tab}`] : []),
  ]
}

function threadAddresses({ url }: FastifyRequest): string[] | undefined {
  const { pathname } = new URL(url, 'http://localhost')
  return /^\/@\w{1,32}\/status\/[\da-f-]{36}$/i.test(pathname) ? [`/api/activities${pathname}`] : undefined
}

const compressors = {
  // Quickly: it is done for each answer.
  br: (body: Buffer) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body: Buffer) => promisify(gzip)(body, { level: 5 }),
  identity: (body: Buffer) => Promise.resolve(body),
}

async function sendCompressed(request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<FastifyReply> {
  const encoding = chooseEncoding(request)
  return nameEncoding(reply, encoding).send(await compressors[encoding](body))
}

function serveFile(app: FastifyInstance, url: string, path: string, cacheControl: string): void {
  const type = types[extname(path)]
  if (type === undefined) return
  const bodies: Partial<Record<Encoding, Buffer>> = { identity: readBuilt(path) }
  for (const [encoding, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    try {
      bodies[encoding] = readFileSync(path + suffix)
    } catch {
      // Not each file has a small copy.
    }
  }
  app.get(url, (request, reply) => {
    const wanted = chooseEncoding(request)
    const encoding = bodies[wanted] === undefined ? 'identity' : wanted
    return nameEncoding(reply.header('cache-control', cacheControl).type(type), encoding).send(bodies[encoding])
  })
}

function chooseEncoding({ headers }: FastifyRequest): Encoding {
  // Browsers name what they take without a weight; `br;q=0` means that it is not wanted.
  const { 'accept-encoding': header = '' } = headers
  const accepted = header
    .toLowerCase()
    .split(',')
    .flatMap((part) => (/;\s*q=0(?:\.0*)?\s*$/.test(part) ? [] : part.replace(/;.*/, '').trim()))
  if (accepted.includes('br')) return 'br'
  return accepted.includes('gzip') ? 'gzip' : 'identity'
}

function nameEncoding(reply: FastifyReply, encoding: Encoding): FastifyReply {
  reply.header('vary', 'accept-encoding')
  return encoding === 'identity' ? reply : reply.header('content-encoding', encoding)
}

function readBuilt(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new Error(`Cruddur’s page is not whole: ${path} is missing. npm run build makes it.`, { cause })
  }
}
