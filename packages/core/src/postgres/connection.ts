import type { Client, ClientConfig } from 'pg'
import { Failure } from '../errors.ts'
import { isSocket, type Address } from './address.ts'
import { connectFailure, queryFailure } from './failure.ts'

/** A value that can be sent as a parameter. `undefined` is not one: say `null`. */
type Value = string | number | bigint | boolean | Date | Uint8Array | null | readonly Value[]

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

/** One connection to one database. Every method throws a `Failure`, never the driver's own error. */
export interface Connection {
  readonly address: Address
  /** The server's version as it says it itself, for example `18.4` or `14.12 (Debian 14.12-1)`. */
  readonly serverVersion: string
  /** Rows of one statement; `${values}` are sent as parameters. */
  query<Row = Record<string, unknown>>(strings: TemplateStringsArray, ...values: Value[]): Promise<Row[]>
  /** Rows of one statement given as text, with `$1` … as parameters. */
  run<Row = Record<string, unknown>>(text: string, values?: Value[]): Promise<Row[]>
  /** Sends a text of several statements as one simple query: the server stops at the first that fails. */
  runSimple(text: string): Promise<SimpleResult>
  close(): Promise<void>
}

/** How far a simple query came. */
interface SimpleResult {
  /** Statements that were completed. */
  completed: number
  /** Rows that they inserted, updated or deleted. */
  rowsChanged: number
  error?: Failure
  /** Where in the text the server saw the error: characters (code points) from 1. */
  position?: number
}

/** A server as one user sees it: opens connections to any of its databases. */
export interface Cluster {
  /** The database that the target names. */
  readonly database: string
  /** Connects to that database, or to another one of the same server. */
  connect(database?: string, options?: Partial<SessionOptions>): Promise<Connection>
}

/** Opens a connection. Throws failures with exit code 2: refused, unknown host, TLS, denied, no such database … */
export async function connect(address: Address, options: SessionOptions): Promise<Connection> {
  options.signal?.throwIfAborted()
  return wrap(await openClient(address, options), address, options)
}

/** The driver's options for an address, for programs that bring their own pool. The TLS mode is settled by connecting. */
export async function clientConfigOf(address: Address, options: SessionOptions): Promise<ClientConfig> {
  const { client, encrypted } = await openClient(address, options)
  await client.end()
  return clientConfig(address, options, encrypted)
}

interface OpenClient {
  client: Client
  encrypted: boolean
  /** What the server reports of itself: server_version, client_encoding … */
  parameters: Map<string, string>
}

async function openClient(address: Address, options: SessionOptions): Promise<OpenClient> {
  const attempts = encryptionAttempts(address)
  for (const [index, encrypted] of attempts.entries()) {
    try {
      return await openOnce(address, options, encrypted)
    } catch (error) {
      options.signal?.throwIfAborted()
      const last = index === attempts.length - 1
      if (last || !isTlsDisagreement(error, encrypted)) throw connectFailure(error, address)
    }
  }
  throw new Error('unreachable: there is always an attempt')
}

/** As libpq: `prefer` falls back to plain, `allow` falls back to TLS, sockets are never encrypted. */
function encryptionAttempts({ host, tls }: Address): boolean[] {
  if (isSocket(host) || tls.mode === 'disable') return [false]
  if (tls.mode === 'prefer') return [true, false]
  if (tls.mode === 'allow') return [false, true]
  return [true]
}

function isTlsDisagreement(error: unknown, encrypted: boolean): boolean {
  const message = error instanceof Error ? error.message : ''
  return encrypted
    ? /does not support SSL|SSL connections/.test(message)
    : /no pg_hba\.conf entry.*(no encryption|SSL off)/.test(message)
}

async function openOnce(address: Address, options: SessionOptions, encrypted: boolean): Promise<OpenClient> {
  const { default: pg } = await import('pg')
  const client = new pg.Client(clientConfig(address, options, encrypted))
  // An error while nobody waits for an answer is told to whoever asks next; unheard, it would end the program.
  client.on('error', () => {})
  const parameters = new Map<string, string>()
  protocolEvents(client).on('parameterStatus', ({ parameterName, parameterValue }) =>
    parameters.set(parameterName, parameterValue),
  )
  if (options.onNotice) {
    const { onNotice } = options
    client.on('notice', (notice) =>
      onNotice({
        severity: notice.severity ?? 'NOTICE',
        message: notice.message ?? '',
        ...(notice.detail !== undefined && { detail: notice.detail }),
        ...(notice.hint !== undefined && { hint: notice.hint }),
      }),
    )
  }
  const stop = () => hangUp(client)
  options.signal?.addEventListener('abort', stop)
  try {
    await client.connect()
  } catch (error) {
    options.signal?.throwIfAborted()
    await client.end().catch(() => {})
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
  return { client, encrypted, parameters }
}

/** Ends a connection that is still being made, whatever it waits for. */
function hangUp(client: Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } }
  connection.stream.destroy(new Error('Connection terminated'))
}

function clientConfig(address: Address, options: SessionOptions, encrypted: boolean): ClientConfig {
  const { tls } = address
  const settings = [
    address.options,
    options.lockTimeoutSeconds ? `-c lock_timeout=${Math.round(options.lockTimeoutSeconds * 1000)}` : undefined,
    options.statementTimeoutSeconds
      ? `-c statement_timeout=${Math.round(options.statementTimeoutSeconds * 1000)}`
      : undefined,
  ].filter((part) => part !== undefined)
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    // A function, so that the driver neither prints it nor looks for another one in its own places.
    password: () => address.password ?? missingPassword(),
    application_name: options.application,
    connectionTimeoutMillis: address.connectTimeoutSeconds * 1000,
    keepAlive: true,
    ...(settings.length > 0 && { options: settings.join(' ') }),
    ssl: encrypted && {
      rejectUnauthorized: tls.mode === 'verify-ca' || tls.mode === 'verify-full',
      ...(tls.mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
      ...(tls.authorities && { ca: tls.authorities }),
      ...(tls.certificate && { cert: tls.certificate }),
      ...(tls.key && { key: tls.key }),
    },
  }
}

function missingPassword(): never {
  throw new Failure('connection_denied', 'The server asks for a password, and none is given.', {
    hint: 'Put it into the URL, PGPASSWORD or ~/.pgpass.',
  })
}

/** What the driver's own connection tells beyond its documented interface. */
interface ProtocolEvents {
  on(event: 'commandComplete', listener: (message: { text: string }) => void): void
  on(event: 'parameterStatus', listener: (message: { parameterName: string; parameterValue: string }) => void): void
  off(event: 'commandComplete', listener: (message: { text: string }) => void): void
}

function protocolEvents(client: Client): ProtocolEvents {
  return (client as unknown as { connection: ProtocolEvents }).connection
}

function wrap({ client, parameters }: OpenClient, address: Address, options: SessionOptions): Connection {
  const { signal } = options
  const send = async <T>(work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted()
    const cancel = () => void cancelStatement(client, address, options)
    signal?.addEventListener('abort', cancel)
    try {
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }
  const run = <Row>(text: string, values?: readonly Value[]): Promise<Row[]> =>
    send(async () => {
      try {
        const result = await client.query(text, values ? [...values] : undefined)
        return result.rows as Row[]
      } catch (error) {
        throw queryFailure(error, address)
      }
    })
  return {
    address,
    get serverVersion() {
      return parameters.get('server_version') ?? ''
    },
    query: (strings, ...values) => run(joinParameters(strings), values),
    run,
    runSimple: (text) =>
      send(async () => {
        const result = await runSimple(client, address, text)
        if (result.error) signal?.throwIfAborted()
        return result
      }),
    close: () => client.end().catch(() => {}),
  }
}

async function runSimple(client: Client, address: Address, text: string): Promise<SimpleResult> {
  const result: SimpleResult = { completed: 0, rowsChanged: 0 }
  const count = ({ text: tag }: { text: string }) => {
    result.completed++
    const rows = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY) (?:\d+ )?(\d+)$/.exec(tag)?.[1]
    result.rowsChanged += Number(rows ?? 0)
  }
  const events = protocolEvents(client)
  events.on('commandComplete', count)
  try {
    await client.query(text)
  } catch (error) {
    result.error = queryFailure(error, address)
    const { position } = error as { position?: string }
    if (position !== undefined) result.position = Number(position)
  } finally {
    events.off('commandComplete', count)
  }
  return result
}

/** Has the server cancel what the client waits for, over a connection of its own; if that fails, hangs up. */
async function cancelStatement(client: Client, address: Address, options: SessionOptions): Promise<void> {
  const { processID } = client as unknown as { processID: number }
  const { signal: _, ...session } = options
  try {
    const other = await connect(address, session)
    await other.query`select pg_cancel_backend(${processID})`
    await other.close()
  } catch {
    await client.end().catch(() => {})
  }
}

function joinParameters(strings: TemplateStringsArray): string {
  return strings.reduce((text, part, index) => `${text}$${index}${part}`)
}
