import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface DelayProxy {
  port: number
  close(): Promise<void>
}

/**
 * A proxy on 127.0.0.1 that is as far away as the round trip says: what comes in goes out half a round trip later, in both
 * directions, however much is on the way. A new connection costs a round trip, as TCP's handshake does.
 */
export async function startDelayProxy(socketPath: string, roundTripMilliseconds: number): Promise<DelayProxy> {
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ path: socketPath, allowHalfOpen: true })
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {
        client.destroy()
        upstream.destroy()
      })
      socket.on('close', () => open.delete(socket))
    }
    const connected = performance.now() + roundTripMilliseconds
    forward(client, upstream, roundTripMilliseconds / 2, connected)
    forward(upstream, client, roundTripMilliseconds / 2, 0)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** More than this on its way, and the sender has to wait, as with TCP's window: 640 MB/s at 50 ms. */
const largestWindowBytes = 16 << 20

/** Passes on what comes in, each piece at its own time. Nothing leaves before `opensAt`. */
function forward(from: Socket, to: Socket, delayMilliseconds: number, opensAt: number): void {
  // Without bytes: the end.
  const onTheWay: { due: number; bytes?: Buffer }[] = []
  let bytesOnTheWay = 0
  let timer: NodeJS.Timeout | undefined

  const deliver = () => {
    timer = undefined
    while (!to.writableNeedDrain && onTheWay[0] && onTheWay[0].due <= performance.now()) {
      const { bytes } = onTheWay.shift() ?? {}
      if (bytes) {
        bytesOnTheWay -= bytes.length
        to.write(bytes)
      } else {
        to.end()
      }
    }
    if (bytesOnTheWay < largestWindowBytes) from.resume()
    wait()
  }
  const wait = () => {
    const [next] = onTheWay
    if (!next || timer || to.writableNeedDrain) return
    timer = setTimeout(deliver, Math.ceil(next.due - performance.now()))
  }
  const send = (piece: { bytes?: Buffer }) => {
    onTheWay.push({ due: Math.max(performance.now(), opensAt) + delayMilliseconds, ...piece })
    wait()
  }

  from.on('data', (bytes: Buffer) => {
    bytesOnTheWay += bytes.length
    if (bytesOnTheWay >= largestWindowBytes) from.pause()
    send({ bytes })
  })
  from.on('end', () => send({}))
  to.on('drain', deliver)
  to.on('close', () => {
    clearTimeout(timer)
    from.destroy()
  })
}
