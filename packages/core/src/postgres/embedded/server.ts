import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, systemErrorCode } from '../../errors.ts'
import type { Address } from '../address.ts'
import { clearPartialData, dataMajor, initializeData, superuser } from './initialize.ts'
import { launch, type StartOptions } from './launch.ts'
import { isAlive, isServer, processExists, readLockFile, type LockFile } from './lock-file.ts'
import { findPlace, makePlace, removePlace, type Place } from './place.ts'
import { findPackage, preparePrograms } from './platform.ts'

/** An embedded server that runs and accepts connections. */
export interface Server {
  pid: number
  /** TCP port on 127.0.0.1; the number also names the socket. */
  port: number
  /** False: every port was taken, and only the socket is there. */
  listensOnTcp: boolean
  socketFolder: string
  /** For example `18.4`. */
  version: string
  startedAt: Date
  dataFolder: string
  logFile: string
  passwordFile: string
  /** This call started it; false: it ran already, or somebody else started it at the same time. */
  startedNow: boolean
}

/** Finds the project's server if it runs. Looks at files only: it is cheap enough for every command. */
export async function findServer(projectFolder: string): Promise<Server | undefined> {
  const place = await findPlace(projectFolder)
  const lock = await readLockFile(place.data)
  if (!lock || lock.status !== 'ready' || !(await isAlive(lock, place.data))) return undefined
  return describe(place, lock, (await findPackage()).version, false)
}

/**
 * Starts the project's embedded server unless it runs, making its data folder first where there is none. It runs detached
 * and outlives this program. Safe to call from several programs at once: the server's own lock file decides.
 */
export async function startServer(projectFolder: string, options: StartOptions = {}): Promise<Server> {
  const running = await findServer(projectFolder)
  if (running) return running

  const { place, user } = await makePlace(projectFolder)
  const { major: packageMajor, version } = await findPackage()
  const major = await dataMajor(place)
  if (major !== undefined && major !== packageMajor) throw otherMajor(place, major, packageMajor, version)

  const programs = await preparePrograms(user)
  await clearPartialData(place)
  if (major === undefined) {
    options.progress?.('Making the database server’s data folder (once)')
    await initializeData(place, programs, user)
  }
  const { lock, startedNow } = await launch(place, programs, user, options)
  return describe(place, lock, version, startedNow)
}

function otherMajor(place: Place, found: number, wanted: number, version: string): Failure {
  return new Failure(
    'server_version',
    `The data in ${place.data} belongs to PostgreSQL ${found}; this pgrig brings ${version}.`,
    {
      state: 'The data was not touched.',
      hint: `Use the pgrig that made it to dump what you need; or move ${place.data} away, and a new one for PostgreSQL ${wanted} is made.`,
    },
  )
}

function describe(place: Place, lock: LockFile, version: string, startedNow: boolean): Server {
  return {
    pid: lock.pid,
    port: lock.port,
    listensOnTcp: lock.listenAddress !== '',
    socketFolder: lock.socketFolder,
    version,
    startedAt: lock.startedAt,
    dataFolder: place.data,
    logFile: place.log,
    passwordFile: place.password,
    startedNow,
  }
}

/** How to connect to a database of the embedded server, as its superuser. */
export function addressOf(server: Server, database: string): Address {
  return {
    host: server.socketFolder,
    port: server.port,
    user: superuser,
    database,
    tls: { mode: 'disable' },
    connectTimeoutSeconds: 10,
  }
}

/**
 * Stops the project's server. Open transactions are rolled back and sessions ended (PostgreSQL's fast shutdown); everything
 * committed stays. Returns false when it did not run.
 */
export async function stopServer(projectFolder: string): Promise<boolean> {
  const place = await findPlace(projectFolder)
  const lock = await readLockFile(place.data)
  if (!lock || !(await isAlive(lock, place.data))) return false
  if (!(await isServer(lock.pid, place.data))) return elsewhere(lock)
  try {
    process.kill(lock.pid, 'SIGINT')
  } catch (cause) {
    if (systemErrorCode(cause) === 'ESRCH') return true
    throw new Failure(
      'server_stop',
      `The server (process ${lock.pid}) belongs to another user and cannot be stopped.`,
      { cause },
    )
  }
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(10)) {
    if (!processExists(lock.pid)) return true
    const now = await readLockFile(place.data)
    if (now?.pid !== lock.pid) return true
  }
  throw new Failure('server_stop', `The server (process ${lock.pid}) is still writing after 60 s.`, {
    state: 'It goes on stopping; nothing is lost.',
    hint: 'Wait, and ask again: pgrig server status.',
  })
}

function elsewhere(lock: LockFile): never {
  throw new Failure(
    'server_stop',
    `The server answers, but process ${lock.pid} is not on this machine: it runs in another container that shares the folder.`,
    {
      hint: 'Stop it there.',
    },
  )
}

/** Stops the server and deletes its data. There is no way back. Returns false when there was nothing. */
export async function removeServer(projectFolder: string): Promise<boolean> {
  const place = await findPlace(projectFolder)
  const there = await stat(place.folder).catch(() => undefined)
  if (!there) return false
  await stopServer(projectFolder)
  await removePlace(place)
  return true
}
