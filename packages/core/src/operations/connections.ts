import { Failure } from '../errors.ts'
import type { Cluster, Connection, SessionOptions } from '../postgres/connection.ts'

/** Works on a connection to the target's database. */
export async function withConnection<T>(cluster: Cluster, work: (connection: Connection) => Promise<T>): Promise<T> {
  return closing(await cluster.connect(), work)
}

/** The same for the last work of a program: does not wait for the server to hang up. */
export async function thenLeave<T>(
  connecting: Promise<Connection>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connecting
  try {
    return await work(connection)
  } finally {
    connection.leave()
  }
}

/**
 * Works on a connection to another database of the server than the target's, as creating and dropping need it:
 * `postgres`, or `template1` where that one is gone or closed to us.
 */
export async function withMaintenance<T>(cluster: Cluster, work: (connection: Connection) => Promise<T>): Promise<T> {
  return closing(await connectMaintenance(cluster), work)
}

/** The same on a connection to the target's database if there is one: names in it can be told from there alone. */
export async function withTargetOrMaintenance<T>(
  cluster: Cluster,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return closing(await connectTargetOrMaintenance(cluster), work)
}

export async function connectTargetOrMaintenance(cluster: Cluster): Promise<Connection> {
  try {
    return await cluster.connect()
  } catch (error) {
    // 42501: closed to us. 55000: its drop was interrupted, and it lets nobody in.
    const state = error instanceof Failure ? error.sql?.sqlstate : undefined
    if (state === undefined || !['3D000', '42501', '55000'].includes(state)) throw error
    return connectMaintenance(cluster)
  }
}

async function closing<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/**
 * The same over a connection that no signal stops: to put right what was under way when something failed or was stopped.
 * Nothing done there may take long.
 */
export async function withFreshMaintenance<T>(
  cluster: Cluster,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return closing(await connectMaintenance(cluster, { signal: new AbortController().signal }), work)
}

export async function connectMaintenance(cluster: Cluster, options: Partial<SessionOptions> = {}): Promise<Connection> {
  const [first, second] = cluster.database === 'postgres' ? ['template1', 'postgres'] : ['postgres', 'template1']
  try {
    return await cluster.connect(first, options)
  } catch (error) {
    const unusable = error instanceof Failure && (error.code === 'database_missing' || error.sql?.sqlstate === '42501')
    if (!unusable || second === cluster.database) throw error
    return cluster.connect(second, options)
  }
}
