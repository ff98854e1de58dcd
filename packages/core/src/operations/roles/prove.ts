import { Failure } from '../../errors.ts'
import { isSocket, type Address } from '../../postgres/address.ts'
import { connect, type Connection } from '../../postgres/connection.ts'

/** Whether a password was seen to open the door. */
export interface Proof {
  proven: boolean
  /** Why it could not be seen: the end of a sentence. */
  why?: string
}

/**
 * Logs in with a new password. Over a socket the server often asks for none; then over TCP. Throws `connection_denied` when the
 * server does not take the password.
 */
export async function provePassword(address: Address, role: string, password: string): Promise<Proof> {
  const asRole: Address = { ...address, user: role, password }
  try {
    const first = await tryLogin(asRole)
    if (first.asked) return { proven: true }
    const overTcp = first.tcpPort
    if (overTcp !== undefined && isSocket(address.host)) {
      const tls = { ...address.tls, mode: 'prefer' as const }
      if ((await tryLogin({ ...asRole, host: '127.0.0.1', port: overTcp, tls })).asked) return { proven: true }
    }
    return {
      proven: false,
      why: 'the server lets the role in without asking for one (trust in pg_hba.conf, or the like)',
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.sql?.sqlstate === '28P01') {
      throw new Failure('connection_denied', `The server does not accept the new password of ${role}.`, {
        cause: error,
        state: 'The password was set. Somebody else may have set another one since.',
        hint: 'Set a new one: pgrig roles rotate',
      })
    }
    return { proven: false, why: error.message.replace(/\.$/, '') }
  }
}

async function tryLogin(address: Address): Promise<{ asked: boolean; tcpPort: number | undefined }> {
  const connection = await connect(address, { application: 'pgrig roles' })
  try {
    return { asked: connection.channel.passwordUsed, tcpPort: await findTcpPort(connection) }
  } finally {
    await connection.close()
  }
}

/** The port where the same server listens on this machine, as it says itself: nobody else can answer there. */
async function findTcpPort(connection: Connection): Promise<number | undefined> {
  const [row] = await connection.query<{ addresses: string; port: number }>`
    select current_setting('listen_addresses') as addresses, current_setting('port')::int as port`
  const listens = row?.addresses
    .split(',')
    .some((one) => ['*', '0.0.0.0', 'localhost', '127.0.0.1'].includes(one.trim()))
  return listens ? row?.port : undefined
}
