import { createServer, connect as connectSocket, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'

/** What stands between a client and the server that all tests share. */
interface Between {
  address: { host: string; port: number }
  /** A URL that leads through it. */
  url(database: string): string
}

/** Passes everything on as it is, as a TCP load balancer does. */
export function plainProxy(): Promise<Between> {
  return listen((client) => {
    const server = openServer()
    client.pipe(server).pipe(client)
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
  })
}

/** A connection to the server, after the login: what it sends comes as whole messages. */
interface Upstream {
  socket: Socket
  receive: (message: Buffer) => void
}

/**
 * A pooler in transaction mode: it makes the login itself, tells a process number of its own, and gives each transaction of a
 * client another session of the server.
 */
export function transactionPooler(): Promise<Between> {
  return listen((client) => {
    const upstreams: Upstream[] = []
    let current = 0
    const waiting: Buffer[] = []
    let ready = false
    const toServer = (message: Buffer) => {
      if (ready) upstreams[current]?.socket.write(message)
      else waiting.push(message)
    }
    const onStartup = (startup: Buffer) => {
      let opened = 0
      for (const index of [0, 1]) {
        const socket = openServer()
        const upstream: Upstream = { socket, receive: () => {} }
        upstreams.push(upstream)
        client.once('close', () => socket.destroy())
        socket.write(startup)
        eachMessage(socket, (message) => upstream.receive(message))
        upstream.receive = (message) => {
          const isFirst = index === 0
          const kind = String.fromCharCode(message[0]!)
          if (isFirst && kind !== 'Z') client.write(kind === 'K' ? ownKey() : message)
          if (kind !== 'Z') return
          upstream.receive = (later) => {
            client.write(later)
            // The transaction is over: the next one gets the other session.
            if (later[0] === 0x5a && later[5] === 0x49) current = 1 - current
          }
          if (++opened < 2) return
          client.write(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))
          ready = true
          for (const each of waiting.splice(0)) toServer(each)
        }
      }
    }
    eachMessage(client, toServer, onStartup)
  })
}

/** BackendKeyData of no process of the server. */
function ownKey(): Buffer {
  const message = Buffer.alloc(13)
  message.write('K')
  message.writeInt32BE(12, 1)
  message.writeInt32BE(1_234_567_890, 5)
  return message
}

/** Splits what a socket receives. The first message of a client has no kind in front. */
function eachMessage(socket: Socket, take: (message: Buffer) => void, takeFirst?: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0)
  let first = takeFirst !== undefined
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    for (;;) {
      const at = first ? 0 : 1
      if (rest.length < at + 4) return
      const length = at + rest.readInt32BE(at)
      if (rest.length < length) return
      const message = Buffer.from(rest.subarray(0, length))
      rest = rest.subarray(length)
      if (first) {
        first = false
        takeFirst?.(message)
      } else take(message)
    }
  })
}

function openServer(): Socket {
  const { socketFolder, port } = inject('server')
  const socket = connectSocket(join(socketFolder, `.s.PGSQL.${port}`))
  socket.on('error', () => {})
  return socket
}

async function listen(serve: (client: Socket) => void): Promise<Between> {
  const clients = new Set<Socket>()
  const server = createServer((client) => {
    clients.add(client)
    client.on('error', () => {})
    serve(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const client of clients) client.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const host = '127.0.0.1'
  return {
    address: { host, port },
    url: (database) => `postgresql://postgres@${host}:${port}/${database}?sslmode=disable`,
  }
}
