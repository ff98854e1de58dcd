import { Failure } from '../errors.ts'
import type { Address } from './address.ts'
import { connectFailure, missingPassword, queryFailure } from './failure.ts'
import { openChannel, type Channel } from './wire/channel.ts'
import { ask, extendedQuery, type Result } from './wire/exchange.ts'
import { type ServerFields } from './wire/replies.ts'
import { query } from './wire/requests.ts'
import { tlsOptions } from './wire/socket.ts'
import type { Value } from './wire/values.ts'

/** A NOTICE, WARNING or the like that the server sent. */
export interface Notice {
  severity: string
  message: string
  detail?: string
  hint?: string
}

/** What a session is opened with. */
export interface SessionOptions {
  /** `application_name`: who we are in `pg_stat_activity`. */
  application: string
  /** The server cancels a statement that runs longer. 0, the default: never. */
  statementTimeoutSeconds?: number
  /** The server cancels a statement that waits longer for a lock. 0, the default: never. */
  lockTimeoutSeconds?: number
  onNotice?: (notice: Notice) => void
  /** When it aborts, the running statement is cancelled, no further one is sent, and all throw its reason. */
  signal?: AbortSignal
}

/** One connection to one database. Every method throws a `Failure`. Calls wait for those before them. */
export interface Connection {
  readonly address: Address
  /** The server's version as it says it itself, for example `18.4` or `14.12 (Debian 14.12-1)`. */
  readonly serverVersion: string
  /** What stops it, from when it was opened. */
  readonly signal: AbortSignal | undefined
  /** The bytes below. While somebody else receives from it, nothing can be asked here. */
  readonly channel: Channel
  /** Rows of one statement; `${values}` are sent as parameters. */
  query<Row = Record<string, unknown>>(strings: TemplateStringsArray, ...values: Value[]): Promise<Row[]>
  /** Rows of one statement given as text, with `$1` … as parameters. */
  run<Row = Record<string, unknown>>(text: string, values?: Value[]): Promise<Row[]>
  close(): Promise<void>
  /** Closes it without waiting for the server. For the end of a program: the session may be seen for an instant longer. */
  leave(): void
}

/** A server as one user sees it: opens connections to any of its databases. */
export interface Cluster {
  /** The database that the target names. */
  readonly database: string
  /** Connects to that database, or to another one of the same server. */
  connect(database?: string, options?: Partial<SessionOptions>): Promise<Connection>
}

/** What the `pg` driver needs to connect: for programs that bring their own pool. */
export interface DriverConfig {
  host: string
  port: number
  user: string
  database: string
  /** A function, so that the driver neither prints it nor looks for another one in its own places. */
  password: () => string | Promise<string>
  application_name: string
  connectionTimeoutMillis: number
  keepAlive: boolean
  options?: string
  ssl: false | ReturnType<typeof tlsOptions>
}

/** Opens a connection. Throws failures with exit code 2: refused, unknown host, TLS, denied, no such database … */
export async function connect(address: Address, options: SessionOptions): Promise<Connection> {
  return wrap(await open(address, options), address, options)
}

/** The options of the `pg` driver for an address. The TLS mode is settled by connecting. */
export async function clientConfigOf(address: Address, options: SessionOptions): Promise<DriverConfig> {
  const channel = await open(address, options)
  await channel.close()
  const settings = settingsOf(address, options)
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    password: () => {
      const password = address.password ?? address.findPassword?.(false)
      if (password === undefined) throw missingPassword()
      return password
    },
    application_name: options.application,
    connectionTimeoutMillis: address.connectTimeoutSeconds * 1000,
    keepAlive: true,
    ...(settings !== '' && { options: settings }),
    ssl: channel.encrypted && tlsOptions(address.tls),
  }
}

async function open(address: Address, options: SessionOptions): Promise<Channel> {
  const { findPassword } = address
  if (findPassword === undefined || address.password !== undefined) return openKnown(address, options)
  const password = await findPassword(false)
  try {
    return await openKnown({ ...address, password }, options)
  } catch (error) {
    const refused = error instanceof Failure && error.sql?.sqlstate.startsWith('28') === true
    // It may have been rotated since it was read.
    const fresh = refused ? await findPassword(true) : password
    if (fresh === password) throw error
    return openKnown({ ...address, password: fresh }, options)
  }
}

async function openKnown(address: Address, options: SessionOptions): Promise<Channel> {
  const { application, onNotice, signal } = options
  signal?.throwIfAborted()
  try {
    return await openChannel(address, {
      application,
      signal,
      settings: settingsOf(address, options),
      onNotice: onNotice && ((fields) => onNotice(toNotice(fields))),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw connectFailure(error, address)
  }
}

function settingsOf(address: Address, { lockTimeoutSeconds, statementTimeoutSeconds }: SessionOptions): string {
  const milliseconds = (seconds: number) => Math.round(seconds * 1000)
  return [
    address.options,
    lockTimeoutSeconds ? `-c lock_timeout=${milliseconds(lockTimeoutSeconds)}` : undefined,
    statementTimeoutSeconds ? `-c statement_timeout=${milliseconds(statementTimeoutSeconds)}` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

function toNotice({ severity, message, detail, hint }: ServerFields): Notice {
  return { severity, message, ...(detail !== undefined && { detail }), ...(hint !== undefined && { hint }) }
}

/** A server that has not reacted to a request to cancel by then is hung up on. */
const cancelSeconds = 2

function wrap(channel: Channel, address: Address, options: SessionOptions): Connection {
  const { signal, onNotice } = options
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  const send = (message: () => Buffer): Promise<Result> =>
    inTurn(async () => {
      signal?.throwIfAborted()
      let hangUp: NodeJS.Timeout | undefined
      let answered = false
      const cancel = async () => {
        await channel.cancel()
        if (!answered) hangUp = setTimeout(() => void channel.close(), cancelSeconds * 1000)
      }
      const stop = () => void cancel()
      signal?.addEventListener('abort', stop)
      try {
        const result = await ask(channel, message(), (fields) => onNotice?.(toNotice(fields)))
        if (result.error) signal?.throwIfAborted()
        return result
      } finally {
        answered = true
        clearTimeout(hangUp)
        signal?.removeEventListener('abort', stop)
      }
    })
  const run = async <Row>(text: string, values: readonly Value[] = []): Promise<Row[]> => {
    const { error, rows } = await send(() => (values.length > 0 ? extendedQuery(text, values) : query(text)))
    if (error !== undefined) throw queryFailure(error, address)
    return rows as Row[]
  }
  const connection: Omit<Connection, 'address'> = {
    channel,
    signal,
    get serverVersion() {
      return channel.parameters.get('server_version') ?? ''
    },
    query: (strings, ...values) => run(joinParameters(strings), values),
    run,
    close: () => channel.close(),
    leave: () => channel.leave(),
  }
  // It holds the password: whoever prints a connection must not see it.
  return Object.defineProperty(connection, 'address', { value: address, enumerable: false }) as Connection
}

function joinParameters(strings: TemplateStringsArray): string {
  return strings.reduce((text, part, index) => `${text}$${index}${part}`)
}
