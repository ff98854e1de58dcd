import { Failure, systemErrorCode, type FailureCode, type SqlDetails } from '../errors.ts'
import { isSocket, type Address } from './address.ts'
import { WireError } from './wire/error.ts'
import { ServerError } from './wire/replies.ts'

function sqlDetails(error: ServerError): SqlDetails {
  const details: SqlDetails = { sqlstate: error.code, severity: error.severity }
  for (const field of ['detail', 'hint', 'where', 'schema', 'table', 'column', 'constraint'] as const) {
    const value = error[field]
    if (value) details[field] = value
  }
  return details
}

/** How people write an address: never with a password. */
export function describeAddress({ host, port }: Pick<Address, 'host' | 'port'>): string {
  if (isSocket(host)) return `the socket ${host}/.s.PGSQL.${port}`
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Says why a connection was not made. */
export function connectFailure(error: unknown, address: Address): Failure {
  if (error instanceof Failure) return error
  const where = describeAddress(address)
  if (error instanceof ServerError) return deniedFailure(error, address, where)
  if (error instanceof WireError) return brokenFailure(error, address, where)
  return unreachableFailure(error, address, where)
}

/** The server asks for a password, and there is none. */
export function missingPassword(): Failure {
  return new Failure('connection_denied', 'The server asks for a password, and none is given.', {
    hint: 'Put it into the URL, PGPASSWORD or ~/.pgpass.',
  })
}

function deniedFailure(error: ServerError, address: Address, where: string): Failure {
  const sql = sqlDetails(error)
  const fail = (code: FailureCode, message: string, hint?: string) =>
    new Failure(code, message, { cause: error, sql, ...(hint !== undefined && { hint }) })
  switch (error.code) {
    case '3D000':
      return fail(
        'database_missing',
        `The database ${address.database} does not exist on ${where}.`,
        'Make it: pgrig create, with the same target.',
      )
    case '28P01':
      return fail('connection_denied', `${where} does not accept the password of ${address.user}.`)
    case '28000':
      return fail(
        'connection_denied',
        `${where} does not let ${address.user} in: ${error.message}`,
        hbaHint(error.message),
      )
    case '42501':
      return fail(
        'connection_denied',
        `${address.user} may not connect to ${address.database} on ${where}: ${error.message}`,
      )
    case '53300':
      return fail(
        'connection_full',
        `${where} has no free connection: ${error.message}`,
        'Wait until one is free (pgrig wait), or close what holds them: application pools, forgotten shells. Slots are kept for superusers: one of them can still look, with pgrig sessions --all and that user in the URL.',
      )
    case '55000':
      // "is not currently accepting connections" has the same code, and is no half of a database.
      if (!/invalid database|DROP DATABASE/.test(`${error.message} ${error.hint}`)) break
      return fail('database_invalid', `A drop of ${address.database} was interrupted, and half of it is still there.`)
    case '57P03':
      return fail(
        'connection_starting',
        `${where} does not accept connections now: ${error.message}`,
        'Wait for it: pgrig wait',
      )
    case '57P01':
    case '57P02':
      return fail('connection_lost', `${where} closed the connection: ${error.message}`)
  }
  return fail('connection_denied', `${where} refused the connection: ${error.message}`)
}

function hbaHint(message: string): string | undefined {
  if (/no encryption|SSL off/.test(message))
    return 'The server wants TLS: add ?sslmode=verify-full (or require) to the URL.'
  if (/role ".*" does not exist/.test(message)) return 'Check the user name in the URL.'
  return undefined
}

type Fail = (code: FailureCode, text: string, hint?: string) => Failure

function failConnecting(cause: unknown, where: string): Fail {
  return (code, text, hint) =>
    new Failure(code, `Cannot connect to ${where}: ${text}`, { cause, ...(hint !== undefined && { hint }) })
}

/** The server answered otherwise than a server should, or not at all. */
function brokenFailure(error: WireError, address: Address, where: string): Failure {
  const fail = failConnecting(error, where)
  switch (error.code) {
    case 'timeout':
      return timeoutFailure(fail, address)
    case 'no_tls':
      return fail(
        'connection_tls',
        'the server has no TLS.',
        'Where the way is private anyway, say so in the URL: ?sslmode=disable',
      )
    case 'ended':
      return earlyEndFailure(fail)
    case 'no_password':
      return missingPassword()
    case 'authentication':
      return fail(
        'connection_denied',
        error.message,
        'The lines of pg_hba.conf that we can follow say scram-sha-256, md5, password, cert, peer or trust.',
      )
    case 'forged':
      return fail(
        'connection_denied',
        `it did not prove that it knows the password of ${address.user}.`,
        'It may be another server than you think. The password was not sent to it.',
      )
    case 'protocol':
      return fail(
        'connection_refused',
        `what answers there does not keep to PostgreSQL’s protocol. ${error.message}`,
        'Are host and port right?',
      )
  }
}

function timeoutFailure(fail: Fail, address: Address): Failure {
  return fail(
    'connection_timeout',
    `no answer within ${address.connectTimeoutSeconds} s.`,
    'A firewall or security group that drops packets looks like this.',
  )
}

function earlyEndFailure(fail: Fail): Failure {
  return fail('connection_lost', 'the server closed the connection before it was made.')
}

function unreachableFailure(cause: unknown, address: Address, where: string): Failure {
  const fail = failConnecting(cause, where)
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = systemErrorCode(cause instanceof AggregateError ? cause.errors[0] : cause) ?? ''

  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return fail(
      'connection_refused',
      'nothing listens there.',
      'Is the server running, and are host and port right? pgrig wait waits for it.',
    )
  }
  if (code === 'EACCES') return fail('connection_denied', 'the operating system does not let you open the socket.')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return fail(
      'connection_host',
      'the host name is not known.',
      'Check the spelling of the host and this machine’s name service.',
    )
  if (['EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EINVAL'].includes(code))
    return fail('connection_host', 'the host cannot be reached.')
  if (code === 'ETIMEDOUT') return timeoutFailure(fail, address)
  if (/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/.test(code)) {
    return fail('connection_tls', message, 'Name the authority with ?sslrootcert=FILE; RDS’s own are known already.')
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') return earlyEndFailure(fail)
  return fail('connection_refused', message)
}

/** Says why a statement failed. */
export function queryFailure(error: unknown, address: Address): Failure {
  if (error instanceof Failure) return error
  const where = describeAddress(address)
  const lost = (message: string) =>
    new Failure('connection_lost', `The connection to ${where} was lost: ${message}`, {
      cause: error,
      state: 'What was not committed is rolled back by the server.',
    })
  if (error instanceof ServerError) {
    // After FATAL the server hangs up. Class 57P is the operator's: shut down, crash, or ended by pg_terminate_backend.
    const ends = error.severity === 'FATAL' || error.severity === 'PANIC'
    if (ends || /^57P0[1245]$/.test(error.code) || error.code.startsWith('08')) return lost(error.message)
    return new Failure('sql_error', error.message, { cause: error, sql: sqlDetails(error) })
  }
  if (error instanceof WireError && error.code === 'protocol') return lost(error.message)
  // What the operating system or TLS say of a connection that was made can only mean its end.
  if (error instanceof WireError || systemErrorCode(error) !== undefined) {
    return lost('it was ended from outside, or the server or the network failed.')
  }
  throw error
}
