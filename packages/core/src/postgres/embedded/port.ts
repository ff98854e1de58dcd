import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { shortHash, type Place } from './place.ts'

/** The ports that projects share: below what Linux and macOS hand out by themselves, above what services use. */
const projectPorts: PortRange = { first: 25432, count: 200 }

export interface PortRange {
  first: number
  count: number
}

/**
 * Offers ports to try, best first: the one used last, then the project's own in the range, then the rest of the range,
 * then one that the kernel picks, and at last 0, which means no TCP at all: the socket alone.
 */
export async function* portCandidates(place: Place, range = projectPorts): AsyncGenerator<number> {
  const last = Number(await readFile(place.port, 'utf8').catch(() => ''))
  if (last > 0 && last <= 65_535 && (await isFree(last))) yield last
  const start = Number.parseInt(shortHash(place.projectFolder), 16) % range.count
  for (let step = 0; step < range.count; step++) {
    const port = range.first + ((start + step) % range.count)
    if (port !== last && (await isFree(port))) yield port
  }
  const any = await kernelPort()
  if (any !== undefined) yield any
  yield 0
}

/** Whether nobody listens on that port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then((got) => got !== undefined)
}

function kernelPort(): Promise<number | undefined> {
  return listenOnce(0)
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      const got = typeof address === 'object' && address ? address.port : undefined
      server.close(() => resolve(got))
    })
  })
}
