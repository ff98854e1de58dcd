import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { buildTestApp, partialStore, signedInAs } from './testing.ts'

const app = buildTestApp({
  store: partialStore({ readHome: () => Promise.resolve({ body: '[]', next: null, expiresInMs: null }) }),
})
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.addresses()[0] as AddressInfo

/** Opens a connection; `answer` is all that came before the server closed it. */
async function open(): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(port, '127.0.0.1')
  afterAll(() => void socket.destroy())
  await once(socket, 'connect')
  let text = ''
  socket.on('data', (bytes) => (text += bytes.toString()))
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(text)).on('error', () => {}))
  return { socket, answer }
}

/** Sends a letter at a time, for as long as somebody listens. */
function drip(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => {
    if (socket.writable) socket.write(text[at++ % text.length] ?? '')
  }, 200)
  socket.once('close', () => clearInterval(timer))
}

const post = [
  'POST /api/activities HTTP/1.1',
  'Host: localhost',
  `Authorization: ${signedInAs('bayko').authorization}`,
  'Content-Type: application/json',
]

describe.concurrent('who sends slowly', () => {
  test('is cut off in the head', async ({ expect }) => {
    const { socket, answer } = await open()
    socket.write('GET /api/activities/home HTTP/1.1\r\n')
    drip(socket, 'x-header: x\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  test('is cut off in the body', async ({ expect }) => {
    const { socket, answer } = await open()
    socket.write([...post, 'Content-Length: 1000', '', ''].join('\r\n'))
    drip(socket, ' ')
    expect(await answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  test('keeps nobody else from being served', async ({ expect }) => {
    const slow = await Promise.all(Array.from({ length: 200 }, open))
    for (const { socket } of slow) socket.write('GET / HTTP/1.1\r\nHost:')
    expect((await fetch(`http://127.0.0.1:${port}/api/activities/home`)).status).toBe(200)
    for (const { answer } of slow) expect(await answer).toContain(' 408 ')
  })
})

test.each([
  ['no HTTP', ['hello there', '', ''], 400],
  ['a head of 20 kB', ['GET / HTTP/1.1', `x-large: ${'x'.repeat(20_000)}`, '', ''], 431],
  ['two lengths of one body', [...post, 'Content-Length: 2', 'Transfer-Encoding: chunked', '', '0', '', ''], 400],
  ['a line break in a header', ['GET / HTTP/1.1', 'Host: localhost', 'x: a\rb', '', ''], 400],
])('%s is refused in the form of all problems', async (_what, lines, status) => {
  const { socket, answer } = await open()
  socket.write(lines.join('\r\n'))
  const [head = '', body = ''] = (await answer).split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head).toContain("content-security-policy: default-src 'none'")
  expect(JSON.parse(body)).toMatchObject({ status, request_id: expect.any(String) })
})

test('a body of 10 MB that does not say how long it is is not read to its end', async () => {
  const { socket, answer } = await open()
  socket.write([...post, 'Transfer-Encoding: chunked', '', ''].join('\r\n'))
  const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`
  for (let sent = 0; sent < 10_000_000 && socket.writable; sent += chunk.length) {
    // The server may be gone in the middle of a chunk.
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => undefined), answer])
  }
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
})
