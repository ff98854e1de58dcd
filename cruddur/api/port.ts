import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Finds the first port from `first` to `last` that nobody on this machine listens on. Undefined when all are taken. */
export async function findFreePort(first: number, last: number): Promise<number | undefined> {
  for (let port = first; port <= last; port += 1) {
    // Both, since another program may hold one of them, and a browser may choose that one for localhost.
    if ((await canListen('127.0.0.1', port)) && (await canListen('::1', port))) return port
  }
  return undefined
}

/** A port that nobody listens on, as the system chooses it. */
export async function takePort(): Promise<number> {
  const server = createServer()
  try {
    await once(server.listen({ host: 'localhost', port: 0 }), 'listening')
    return (server.address() as AddressInfo).port
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen({ host, port }), 'listening')
    return true
  } catch (error) {
    // A machine without IPv6 has no ::1 to be taken.
    return (
      error instanceof Error && 'code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
    )
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
