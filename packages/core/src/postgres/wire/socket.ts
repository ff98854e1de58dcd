import { connect as dial, isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { isSocket, type Address, type Tls } from '../address.ts'
import { WireError } from './error.ts'
import { sslRequest } from './requests.ts'

/** The options of `node:tls` for a mode. */
export function tlsOptions({ mode, authorities, certificate, key }: Tls) {
  return {
    rejectUnauthorized: mode === 'verify-ca' || mode === 'verify-full',
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(authorities && { ca: authorities }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  } satisfies ConnectionOptions
}

/**
 * Opens a socket to a server, encrypted or not. Throws what the operating system says, what TLS says, or a `WireError`.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 */
export async function openSocket(address: Address, encrypted: boolean, stop: AbortSignal): Promise<Socket> {
  const { host, port } = address
  const socket = isSocket(host)
    ? dial({ path: `${host}/.s.PGSQL.${port}` })
    : dial({ host, port, keepAlive: true, noDelay: true })
  // The socket below TLS may tell its end twice.
  socket.on('error', () => {})
  const hangUp = () => socket.destroy()
  stop.addEventListener('abort', hangUp)
  try {
    await settle(socket, 'connect')
    return encrypted ? await encrypt(socket, address) : socket
  } catch (error) {
    socket.destroy()
    throw stop.aborted ? stop.reason : error
  } finally {
    stop.removeEventListener('abort', hangUp)
  }
}

async function encrypt(socket: Socket, { host, tls: settings }: Address): Promise<Socket> {
  socket.write(sslRequest())
  // What follows the answer has to stay in the socket, for TLS.
  socket.once('data', () => socket.pause())
  const [answer, tls] = await Promise.all([settle<Buffer>(socket, 'data'), import('node:tls')])
  // Anything behind the answer was not encrypted, and would be taken for the server's: CVE-2021-23214, CVE-2021-23222.
  if (answer.length > 1) throw new WireError('protocol', 'The server sent something before the encryption began.')
  if (answer[0] === 0x4e) throw new WireError('no_tls', 'The server does not support TLS.')
  if (answer[0] !== 0x53)
    throw new WireError('protocol', 'The server did not understand that encryption was asked for.')
  const secure = tls.connect({
    socket,
    // Compared with the certificate; not looked up.
    host,
    // A name for the server to choose its certificate by. An address must not be one: RFC 6066, section 3.
    ...(isIP(host) === 0 && { servername: host }),
    ...tlsOptions(settings),
  })
  secure.on('error', () => {})
  await settle(secure, 'secureConnect')
  return secure
}

/** Waits for an event, or for the error or the end that come instead. */
function settle<T = unknown>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new WireError('ended', 'The server closed the connection.'))
    const done = (value: T) => {
      socket.off('error', reject).off('end', ended).off('close', ended)
      resolve(value)
    }
    socket.once(event, done).once('error', reject).once('end', ended).once('close', ended)
  })
}
