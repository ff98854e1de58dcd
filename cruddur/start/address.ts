import { Failure } from '@pgrig/core'
import type { FastifyInstance } from 'fastify'
import { findFreePort, takePort } from '../api/port.ts'
import { isThisMachine } from '../api/sign-in/environment.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** Where the server listens. */
export interface ListenAddress {
  host: string
  port: number
}

/** Reads HOST and PORT, and chooses what they leave open. Throws a Failure where the port is none, or is taken. */
export async function chooseAddress(variables: Variables): Promise<ListenAddress> {
  const host = readHost(variables)
  const wanted = readPort(variables['PORT'])
  // The sign-in has to know the port before somebody listens on it.
  if (wanted === 0) return { host, port: await takePort() }
  if (!isThisMachine(host)) return { host, port: wanted ?? 4567 }
  // Browsers refuse some ports (fetch.spec.whatwg.org, "bad port"); none from 4567 to 4587 is one.
  const port = await findFreePort(wanted ?? 4567, wanted ?? 4587)
  if (port !== undefined) return { host, port }
  const taken =
    wanted === undefined ? 'The ports 4567 to 4587 are all taken.' : `Port ${wanted} is taken, or not for you to use.`
  throw new Failure('permission', taken, { hint: 'Set PORT to another one.' })
}

/** Listens, or says in a Failure why not. */
export async function listen(app: FastifyInstance, { host, port }: ListenAddress): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error
    const hint = code === 'EADDRNOTAVAIL' ? 'Set HOST to an address of this machine.' : 'Set PORT to another one.'
    throw new Failure('permission', `Nobody may listen on ${host}:${port} (${code}).`, { hint })
  }
}

/** Where it listens: on this machine alone unless HOST says otherwise. */
export function readHost(variables: Variables): string {
  return variables['HOST'] || 'localhost'
}

/** The port that was asked for, if one was. */
function readPort(wanted = ''): number | undefined {
  if (wanted === '') return undefined
  const port = /^\d{1,5}$/.test(wanted) ? Number(wanted) : Infinity
  if (port > 65_535) throw new Failure('config_invalid', `PORT is a number from 0 to 65535, not "${wanted}".`)
  return port
}
