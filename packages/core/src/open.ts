import type { ClientConfig } from 'pg'
import type { Target } from './config/target.ts'
import { Failure } from './errors.ts'
import { findProductionSigns } from './guard/guard.ts'
import type { Address } from './postgres/address.ts'
import { clientConfigOf, connect, type Cluster, type Connection, type SessionOptions } from './postgres/connection.ts'
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
  /** The driver's options, for a program that brings its own pool. */
  clientConfig(): Promise<ClientConfig>
  /** Lists the signs that it is production; the server is asked too. */
  productionSigns(connection?: Connection): Promise<string[]>
  /** Stops the embedded server; does nothing for any other. */
  stopServer(): Promise<void>
}

export interface OpenTargetOptions extends SessionOptions {
  progress?: (line: string) => void
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
  const { version } = await findPackage()
  const description = `${target.name} · ${target.database} on the embedded server (PostgreSQL ${version})`
  options.announce?.(description)
  const server = await start()
  return {
    ...describe(target, addressOf(server, target.database), options),
    description,
    startedServer: server.startedNow,
    async connect(database = target.database, session) {
      try {
        return await connect(addressOf(server, database), { ...options, ...session })
      } catch (error) {
        if (!(error instanceof Failure) || !['connection_refused', 'connection_lost'].includes(error.code)) throw error
        // It was killed a moment ago, and its lock file did not show it yet.
        return connect(addressOf(await start(), database), { ...options, ...session })
      }
    },
    productionSigns: async () => [],
    async stopServer() {
      await stopServer(target.projectFolder)
    },
  }
}

function openServer(target: Target & { kind: 'server' }, options: OpenTargetOptions): OpenTarget {
  const { address } = target
  const application = target.applicationName ?? options.application
  const description = `${target.name} · ${target.database} on ${describeAddress(address)} as ${address.user}`
  options.announce?.(description)
  return {
    ...describe(target, address, { ...options, application }),
    description,
    startedServer: false,
    connect: (database = target.database, session) =>
      connect({ ...address, database }, { ...options, application, ...session }),
    productionSigns: (connection) =>
      findProductionSigns(
        {
          name: target.name,
          embedded: false,
          protected: target.protected,
          host: address.host,
          thisMachine: target.thisMachine,
        },
        connection,
      ),
    stopServer: async () => {},
  }
}

function describe(target: Target, address: Address, options: SessionOptions) {
  return {
    target,
    address,
    database: target.database,
    clientConfig: () => clientConfigOf(address, options),
  }
}
