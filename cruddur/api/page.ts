import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { folder } from './folder.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

interface PageFile {
  body: Buffer
  type: string
  etag: string
}

/** Serves the page: the files of `web/` and what is compiled from it. Returns what answers a wrong address. */
export function servePage(app: FastifyInstance): (reply: FastifyReply) => FastifyReply {
  // An address is one of the files that were there at the start, so none can lead out of the folder.
  const files = new Map([...readFiles('web'), ...readFiles(join('dist', 'web'))])
  const index = take(files, 'index.html')
  const missing = take(files, 'missing.html')
  for (const [name, file] of files) serve(app, `/${name}`, file)
  serve(app, '/', index)
  return (reply) => reply.code(404).header('cache-control', 'no-store').type(missing.type).send(missing.body)
}

function serve(app: FastifyInstance, url: string, { body, type, etag }: PageFile): void {
  app.get(url, (request, reply) => {
    // The browser asks each time, and is told in a few bytes that nothing has changed.
    reply.header('cache-control', 'no-cache').header('etag', etag)
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(body)
  })
}

function* readFiles(path: string): Generator<[name: string, file: PageFile]> {
  for (const name of readdirSync(join(folder, path))) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const body = readFileSync(join(folder, path, name))
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    yield [name, { body, type, etag }]
  }
}

function take(files: Map<string, PageFile>, name: string): PageFile {
  const file = files.get(name)
  if (file === undefined) throw new Error(`Cruddur's page is not whole: ${name} is missing`)
  files.delete(name)
  return file
}
