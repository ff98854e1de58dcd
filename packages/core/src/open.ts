import { readConnectWords } from './config/connect-words.ts'
import type { Target } from './config/target.ts'
import { Failure } from './errors.ts'
import { findProductionSigns, productionTest } from './guard/production.ts'
import { withMaintenance } from './operations/connections.ts'
import { explainClosed, findUnfinishedSetup } from './operations/interrupted.ts'
import type { Address } from './postgres/address.ts'
import {
  clientConfigOf,
  connect,
  type Cluster,
  type Connection,
  type DriverConfig,
  type SessionOptions,
} from './postgres/connection.ts'
import { describeAddress } from './postgres/failure.ts'
import { findPackage } from './postgres/embedded/platform.ts'
import { addressOf, startServer, stopServer } from './postgres/embedded/server.ts'

/** A target whose server is known to be there: for the embedded one, started. */
export interface OpenTarget extends Cluster {
  readonly target: Target
  /** `local · cruddur on the embedded server (PostgreSQL 18.4)`: never holds a password. */
  readonly description: string
  readonly address: Address
  /** The embedded server was started by this call. */
  readonly startedServer: boolean
  /**
   * Connects as `\connect` in a script says: a database, user, host and port, or a connection string. `permit` is asked about a
   * database that is not the target's. Throws `refused` for another server than the target's.
   */
  reconnect(words: readonly string[], permit: (database: string) => Promise<void>): Promise<Connection>
  /** The options of the `pg` driver, for a program that brings its own pool. */
  clientConfig(): Promise<DriverConfig>
  /**
   * Lists the signs that a database of its server is production, the target's unless another is named. The server is asked too,
   * over a connection of its own if none is given.
   */
  productionSigns(connection?: Connection, database?: string): Promise<string[]>
  /**
   * A statement that fails where the server shows a sign that the target's database is production. Undefined where there are
   * signs already, or cannot be any.
   */
  productionTest(connection: Connection): string | undefined
  /** Stops the embedded server; does nothing for any other. */
  stopServer(): Promise<void>
}

export interface OpenTargetOptions extends SessionOptions {
  progress?: (line: string) => void
  /** Told once what an interrupted setup has left of the target's database, if one has. */
  warn?: (text: string) => void
  /** Told the description before anything is done. */
  announce?: (description: string) => void
}

/** Opens a target: starts the embedded server where that is the one. Makes no connection yet. */
export async function openTarget(target: Target, options: OpenTargetOptions): Promise<OpenTarget> {
  return target.kind === 'embedded' ? openEmbedded(target, options) : openServer(target, options)
}

async function openEmbedded(target: Target & { kind: 'embedded' }, options: OpenTargetOptions): Promise<OpenTarget> {
  const start = () =>
    startServer(target.projectFolder, {
      ...(target.port !== undefined && { port: target.port }),
      ...(options.progress && { progress: options.progress }),
      ...(options.signal && { signal: options.signal }),
    })
  const description = await describeTarget(target)
  options.announce?.(description)
  const server = await start()
  return {
    ...describe(target, addressOf(server, target.database), options),
    description,
    startedServer: server.startedNow,
    connect: explaining(target.database, options, async (database, session) => {
      try {
        return await connect(addressOf(server, database), { ...options, ...session })
      } catch (error) {
        if (!(error instanceof Failure) || !['connection_refused', 'connection_lost'].includes(error.code)) throw error
        // It was killed a moment ago, and its lock file did not show it yet.
        return connect(addressOf(await start(), database), { ...options, ...session })
      }
    }),
    // What we started ourselves is never production, unless somebody says so.
    productionSigns: async () => (target.protected ? [`the target ${target.name} is protected`] : []),
    productionTest: () => undefined,
    async stopServer() {
      await stopServer(target.projectFolder)
    },
  }
}

async function openServer(target: Target & { kind: 'server' }, options: OpenTargetOptions): Promise<OpenTarget> {
  const { address } = target
  const application = target.applicationName ?? options.application
  const description = await describeTarget(target)
  options.announce?.(description)
  const open: OpenTarget = {
    ...describe(target, address, { ...options, application }),
    description,
    startedServer: false,
    connect: explaining(target.database, options, (database, session) =>
      connect({ ...address, database }, { ...options, application, ...session }),
    ),
    productionSigns: (connection, database = target.database) =>
      connection
        ? findProductionSigns({ ...suspect, database }, connection)
        : withMaintenance(open, (any) => open.productionSigns(any, database)),
    productionTest: (connection) => productionTest({ ...suspect, database: target.database }, connection),
    stopServer: async () => {},
  }
  const suspect = {
    name: target.name,
    embedded: false,
    protected: target.protected,
    host: address.host,
    thisMachine: target.thisMachine,
  }
  return open
}

/** Connects, and says where it is so that the target's database was left unfinished, or is kept under another name. */
function explaining(
  own: string,
  { warn }: OpenTargetOptions,
  connectTo: (database: string, session?: Partial<SessionOptions>) => Promise<Connection>,
): Cluster['connect'] {
  let looked = false
  const cluster: Cluster = { database: own, connect: (database = own, session) => connectTo(database, session) }
  return async (database = own, session) => {
    if (database !== own) return connectTo(database, session)
    const connection = await connectTo(own, session).catch(async (error: unknown) => {
      throw error instanceof Failure ? await explainClosed(cluster, error) : error
    })
    if (warn && !looked) {
      looked = true
      const unfinished = await findUnfinishedSetup(connection, own)
      if (unfinished) warn(`${unfinished.message} ${unfinished.state ?? ''} ${unfinished.hint ?? ''}`)
    }
    return connection
  }
}

/** The line that says where a target is; opens nothing. */
export async function describeTarget(target: Target): Promise<string> {
  const what = `${target.name} · ${target.database} on`
  if (target.kind === 'server') return `${what} ${describeAddress(target.address)} as ${target.address.user}`
  const { version } = await findPackage()
  return `${what} the embedded server (PostgreSQL ${version})`
}

function describe(target: Target, address: Address, options: SessionOptions) {
  return {
    target,
    address,
    database: target.database,
    clientConfig: () => clientConfigOf(address, options),
    reconnect: (words: readonly string[], permit: (database: string) => Promise<void>) =>
      reconnect(words, address, permit, options),
  }
}

async function reconnect(
  words: readonly string[],
  address: Address,
  permit: (database: string) => Promise<void>,
  options: SessionOptions,
): Promise<Connection> {
  const next = readConnectWords(words, address)
  if (next.host !== address.host || next.port !== address.port) {
    throw new Failure(
      'refused',
      `\\connect leads to another server, ${describeAddress(next)}, which is not the target.`,
      {
        hint: 'One command works on one target. Run what is for that server with a target or --url of its own.',
      },
    )
  }
  if (next.database !== address.database) await permit(next.database)
  return connect(next, options)
}
