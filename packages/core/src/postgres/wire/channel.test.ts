import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Failure } from '../../errors.ts'
import type { Address } from '../address.ts'
import { connect } from '../connection.ts'
import { openChannel } from './channel.ts'

const secret = 's3cret-of-the-test'

function frame(type: string, body: string | Uint8Array = ''): Buffer {
  const bytes = Buffer.from(body as string)
  const head = Buffer.from(`${type}....`)
  head.writeInt32BE(bytes.length + 4, 1)
  return Buffer.concat([head, bytes])
}

const authentication = (kind: number, more = '') => frame('R', Buffer.from(`\0\0\0${String.fromCharCode(kind)}${more}`))
const welcome = Buffer.concat([
  authentication(0),
  frame('S', 'server_version\x0018.4\0'),
  frame('K', Buffer.from([0, 0, 0, 7, 0, 0, 0, 9])),
  frame('Z', 'I'),
])
const fatal = frame('E', 'SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0')

/** A server that does what the test says; `asked` resolves to the next thing that it is sent. */
async function fakeServer(serve: (socket: Socket, asked: () => Promise<Buffer>) => Promise<unknown>): Promise<Address> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const asked = async () => (await once(socket, 'data'))[0] as Buffer
    serve(socket, asked).catch(() => {})
  })
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    host: '127.0.0.1',
    port,
    user: 'u',
    password: secret,
    database: 'd',
    tls: { mode: 'disable' },
    connectTimeoutSeconds: 1,
  }
}

const open = (address: Address, signal?: AbortSignal) =>
  connect(address, { application: 'tests', ...(signal && { signal }) })

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const failure = await work.then(
    () => expect.unreachable('it should have failed'),
    (error: Failure) => error,
  )
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(secret)
  return failure
}

/** A server that lets in, and answers the first question in this way. */
const answering = (answer: (socket: Socket) => void) =>
  fakeServer(async (socket, asked) => {
    await asked()
    socket.write(welcome)
    await asked()
    answer(socket)
  })

test.each([
  ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['zeros', Buffer.alloc(100)],
  ['an absurd length', Buffer.from('R\x7f\xff\xff\xff', 'latin1')],
  ['a length below the least', Buffer.from('R\0\0\0\x03')],
  ['a message out of order', frame('Z', 'I')],
  ['a message cut short', frame('R', 'x')],
  ['rows before it let us in', frame('D', '\0\0')],
])('what sends %s at the beginning is no server', async (_, bytes) => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(bytes)
  })
  expect(await failureOf(open(address))).toMatchObject({
    code: 'connection_refused',
    message: expect.stringContaining('does not keep to PostgreSQL’s protocol'),
  })
})

test.each([
  ['at once', Buffer.alloc(0)],
  ['half way in a message', welcome.subarray(0, 30)],
])('a server that hangs up %s has closed the connection', async (_, bytes) => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.end(bytes)
  })
  expect(await failureOf(open(address))).toMatchObject({ code: 'connection_lost' })
})

test.each([
  ['in the login', welcome.subarray(0, 30), 'disable'],
  ['when it has agreed to encrypt', Buffer.from('S'), 'require'],
] as const)('a server that says nothing more %s is waited for no longer than allowed', async (_, bytes, mode) => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(bytes)
  })
  const failure = await failureOf(open({ ...address, connectTimeoutSeconds: 0.1, tls: { mode } }))
  expect(failure).toMatchObject({ code: 'connection_timeout' })
})

test('while it is being made a connection can be told to stop', async () => {
  const address = await fakeServer(async () => {})
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('stopped by the test')), 50)
  await expect(open(address, stop.signal)).rejects.toThrow('stopped by the test')
})

test('what a server sends before the encryption begins is not taken for its own', async () => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(Buffer.concat([Buffer.from('S'), welcome]))
  })
  for (const mode of ['prefer', 'require'] as const) {
    expect(await failureOf(open({ ...address, tls: { mode } }))).toMatchObject({
      code: 'connection_refused',
      message: expect.stringContaining('before the encryption began'),
    })
  }
})

test.each([
  [7, 'GSSAPI'],
  [9, 'SSPI'],
  [99, 'method 99'],
])('a way to log in that is not supported is named', async (kind, name) => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(authentication(kind))
  })
  expect(await failureOf(open(address))).toMatchObject({
    code: 'connection_denied',
    message: expect.stringContaining(name),
  })
})

const scramServer = (last: (socket: Socket) => void, offered = 'SCRAM-SHA-256') =>
  fakeServer(async (socket, asked) => {
    await asked()
    socket.write(authentication(10, `${offered}\0\0`))
    const nonce = /r=(\S+)$/.exec((await asked()).toString())?.[1]
    socket.write(authentication(11, `r=${nonce}more,s=c2FsdA==,i=4096`))
    await asked()
    last(socket)
  })

test.each<[string, Buffer]>([
  ['forges its proof', Buffer.concat([authentication(12, `v=${Buffer.alloc(32).toString('base64')}`), welcome])],
  ['gives half a proof', Buffer.concat([authentication(12, 'v=AAAA'), welcome])],
  ['gives no proof', Buffer.concat([authentication(12, 'e=other-error'), welcome])],
  ['skips its proof', welcome],
])('a server that %s does not know the password, and is not trusted', async (_, bytes) => {
  const address = await scramServer((socket) => socket.write(bytes))
  expect(await failureOf(open(address))).toMatchObject({
    code: 'connection_denied',
    message: expect.stringContaining('did not prove that it knows the password of u'),
  })
})

test('a server that wants another SCRAM, or repeats our nonce, is refused', async () => {
  const other = await scramServer(() => {}, 'SCRAM-SHA-512')
  expect(await failureOf(open(other))).toMatchObject({
    code: 'connection_denied',
    message: expect.stringContaining('SCRAM-SHA-512'),
  })
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(authentication(10, 'SCRAM-SHA-256\0\0'))
    const nonce = /r=(\S+)$/.exec((await asked()).toString())?.[1]
    socket.write(authentication(11, `r=${nonce},s=c2FsdA==,i=4096`))
  })
  expect(await failureOf(open(address))).toMatchObject({ code: 'connection_refused' })
})

test.each<[string, (socket: Socket) => void]>([
  ['hangs up half way in a message', (socket) => socket.end(frame('C', 'SELECT 1\0').subarray(0, 8))],
  ['breaks the connection off', (socket) => socket.resetAndDestroy()],
  ['says why it hangs up', (socket) => socket.end(fatal)],
  ['sends garbage', (socket) => socket.write('<html>')],
  ['sends a row cut short', (socket) => socket.write(frame('D', '\0\x05'))],
  ['is ready in an unknown way', (socket) => socket.write(frame('Z', '?'))],
])('the connection is lost when the server %s, and stays so', async (_, answer) => {
  const connection = await open(await answering(answer))
  expect(await failureOf(connection.run('select 1'))).toMatchObject({ code: 'connection_lost' })
  expect(await failureOf(connection.run('select 1'))).toMatchObject({ code: 'connection_lost' })
  expect(connection.channel.failure).toBeDefined()
  await connection.close()
})

test('all that wait are told when the connection is lost', async () => {
  const connection = await open(await answering((socket) => socket.destroy()))
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => connection.run('select 1')))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})

test('a server that answers byte by byte is understood', async () => {
  const row = Buffer.concat([
    frame('T', Buffer.from('\0\x01n\0\0\0\0\0\0\0\0\0\0\x17\0\x04\xff\xff\xff\xff\0\0', 'latin1')),
    frame('D', '\0\x01\0\0\0\x0242'),
    frame('C', 'SELECT 1\0'),
    frame('Z', 'I'),
  ])
  const slowly = async (socket: Socket, bytes: Buffer) => {
    socket.setNoDelay()
    for (const byte of bytes) {
      socket.write(Buffer.of(byte))
      await new Promise(setImmediate)
    }
  }
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    await slowly(socket, welcome)
    await asked()
    await slowly(socket, row)
  })
  const connection = await open(address)
  expect(connection.serverVersion).toBe('18.4')
  expect(await connection.run('select 42 as n')).toEqual([{ n: 42 }])
  await connection.close()
})

test('a server that does not react to a request to cancel is hung up on', async () => {
  const address = await fakeServer(async (socket, asked) => {
    const first = await asked()
    if (first.readInt32BE(4) === 80877102) socket.destroy()
    else socket.write(welcome)
  })
  const stop = new AbortController()
  const connection = await open(address, stop.signal)
  const running = connection.run('select pg_sleep(60)')
  const waiting = connection.run('select 1')
  setTimeout(() => stop.abort(new Error('stopped by the test')), 50)
  await expect(running).rejects.toThrow('stopped by the test')
  await expect(waiting).rejects.toThrow('stopped by the test')
  await connection.close()
})

test('closing does not wait for what runs, nor for a server that does not close', async () => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(welcome)
  })
  const connection = await open(address)
  const running = failureOf(connection.run('select pg_sleep(60)'))
  const started = performance.now()
  await connection.close()
  expect(performance.now() - started).toBeLessThan(500)
  expect(await running).toMatchObject({ code: 'connection_lost' })
  await connection.close()
})

test('a receiver that throws ends the channel, one that comes too late is told, and nobody waits for ever', async () => {
  const address = await answering((socket) => socket.write(frame('I')))
  const channel = await openChannel(address, { application: 'tests' })
  expect(channel).toMatchObject({ processId: 7, encrypted: false, transactionStatus: 'I', failure: undefined })
  const bug = new Error('a bug')
  const told: unknown[] = []
  channel.receiver = {
    message() {
      throw bug
    },
    failed: (error) => told.push(error),
  }
  channel.write(frame('S'))
  while (told.length === 0) await new Promise(setImmediate)
  expect(channel.failure).toBe(bug)
  expect(channel.write(frame('S'))).toBe(false)
  await channel.drained()
  channel.receiver = { message() {}, failed: (error) => told.push(error) }
  await Promise.resolve()
  expect(told).toEqual([bug, bug])
  await channel.close()
})

test('a slow server makes us wait, and drained tells when it is over', async () => {
  const address = await fakeServer(async (socket, asked) => {
    await asked()
    socket.write(welcome)
    socket.pause()
    setTimeout(() => socket.resume(), 100)
  })
  const channel = await openChannel(address, { application: 'tests' })
  await channel.drained()
  let writes = 0
  while (channel.write(Buffer.alloc(1024 * 1024))) writes++
  expect(writes).toBeLessThan(100)
  await channel.drained()
  expect(channel.failure).toBeUndefined()
  await channel.close()
})

test('who prints a connection does not see the password', async () => {
  const connection = await open(
    await fakeServer(async (socket, asked) => {
      await asked()
      socket.write(welcome)
    }),
  )
  expect(inspect(connection, { depth: 10 })).not.toContain(secret)
  expect(JSON.stringify(connection)).not.toContain(secret)
  expect(connection.address.password).toBe(secret)
  await connection.close()
})
