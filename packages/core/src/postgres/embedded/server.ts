import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, systemErrorCode } from '../../errors.ts'
import type { Address } from '../address.ts'
import { dataMajor, initializeData, superuser } from './initialize.ts'
import {
  clearStaleLockFile,
  clearStaleSockets,
  isAlive,
  isServer,
  processExists,
  readLockFile,
  type LockFile,
} from './lock-file.ts'
import { findPlace, makePlace, makeSocketFolder, openFor, removePlace, writeFileFor, type Place } from './place.ts'
import { findPackage, preparePrograms, type Programs } from './platform.ts'
import { isFree, portCandidates, type PortRange } from './port.ts'
import { asUser, chooseServerUser, minimalEnvironment, type ServerUser } from './user.ts'

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

export interface StartOptions {
  /** Use this port and no other. */
  port?: number
  /** Choose from these ports before any other. Default: a range that all projects share. */
  ports?: PortRange
  /** Told what takes long: a first initialization, a recovery. */
  progress?: (line: string) => void
  signal?: AbortSignal
  /** False makes the server fast and careless: for tests only. */
  durable?: boolean
}

/** How long a start may take. Recovery after a crash replays up to 1 GB of log. */
const startSeconds = 120

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
  if (major === undefined) {
    options.progress?.('Making the database server’s data folder (once)')
    await initializeData(place, programs, user)
  }
  return launch(place, programs, user, options)
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

async function launch(place: Place, programs: Programs, user: ServerUser, options: StartOptions): Promise<Server> {
  const socketFolder = await makeSocketFolder(place, user)
  const deadline = Date.now() + startSeconds * 1000
  const ports = options.port === undefined ? portCandidates(place, options.ports) : fixedPort(place, options.port)
  for await (const port of ports) {
    for (;;) {
      options.signal?.throwIfAborted()
      await clearStaleLockFile(place.data)
      await clearStaleSockets(socketFolder, place.data)
      const attempt = await startOnce(place, programs, user, socketFolder, port, options)
      if (attempt.result === 'ready') {
        if (attempt.startedNow) await writeFileFor(user, place.port, `${attempt.lock.port}\n`)
        return describe(place, attempt.lock, programs.version, attempt.startedNow)
      }
      if (attempt.result === 'port taken') break
      // Backends of a server that was killed still hold its memory; they go when they notice.
      if (attempt.result === 'memory in use' && Date.now() < deadline) {
        await sleep(200)
        continue
      }
      throw startFailure(place, attempt.log)
    }
  }
  throw new Failure('server_start', 'The embedded server found no free port.')
}

async function* fixedPort(place: Place, port: number): AsyncGenerator<number> {
  const lock = await readLockFile(place.data)
  // Taken by our own server, which another command is starting just now: ours will find that out, and wait for it.
  if ((await isFree(port)) || (lock && (await isServer(lock.pid, place.data)))) yield port
  throw new Failure('server_start', `Port ${port} is taken by another program.`, {
    hint: 'Free it, or change or remove server.port in pgrig.json.',
  })
}

type Attempt =
  | { result: 'ready'; lock: LockFile; startedNow: boolean }
  | { result: 'port taken' | 'memory in use' | 'failed'; log: string }

async function startOnce(
  place: Place,
  programs: Programs,
  user: ServerUser,
  socketFolder: string,
  port: number,
  options: StartOptions,
): Promise<Attempt> {
  const log = await openLog(place, user)
  try {
    const { size: logStart } = await log.stat()
    const child = spawnServer(place, programs, user, socketFolder, port, log, options)
    const lock = await waitUntilReady(place, child, options)
    if (lock) return { result: 'ready', lock, startedNow: lock.pid === child.pid }
    const said = (await readFile(place.log)).subarray(logStart).toString()
    return { result: reason(said), log: said }
  } finally {
    await log.close()
  }
}

function spawnServer(
  place: Place,
  programs: Programs,
  user: ServerUser,
  socketFolder: string,
  port: number,
  log: FileHandle,
  { durable = true }: StartOptions,
): ChildProcess {
  const careless = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  const child = spawn(
    programs.postgres,
    [
      '-D',
      place.data,
      '-p',
      // Port 0 is not for PostgreSQL: without TCP the number only names the socket.
      String(port || 5432),
      '-c',
      `listen_addresses=${port === 0 ? '' : '127.0.0.1'}`,
      '-c',
      `unix_socket_directories="${socketFolder.replaceAll('"', '""')}"`,
      '-c',
      'unix_socket_permissions=0700',
      ...careless,
    ],
    {
      ...asUser(user),
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: minimalEnvironment,
    },
  )
  child.unref()
  return child
}

/** Waits until the server says that it is ready. Undefined: our child ended, and no other server runs there. */
async function waitUntilReady(place: Place, child: ChildProcess, options: StartOptions): Promise<LockFile | undefined> {
  let ended = false
  const end = once(child, 'exit').then(
    () => (ended = true),
    () => (ended = true),
  )
  const began = Date.now()
  let told = false
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    const lock = await readLockFile(place.data)
    if (lock?.status === 'ready' && (lock.pid === child.pid || (ended && (await isAlive(lock, place.data)))))
      return lock
    if (ended && !(lock && lock.pid !== child.pid && (await isAlive(lock, place.data)))) return undefined
    if (options.signal?.aborted) {
      // Nothing else keeps the program alive until the child has ended.
      child.ref()
      if (!ended) child.kill('SIGINT')
      await end
      options.signal.throwIfAborted()
    }
    if (Date.now() - began > startSeconds * 1000) {
      throw new Failure('server_start', `The embedded server is not ready after ${startSeconds} s.`, {
        state: 'It goes on starting.',
        hint: `It may be recovering after a crash: see ${place.log} (pgrig server logs), then try again.`,
      })
    }
    if (!told && Date.now() - began > 1000) {
      told = true
      options.progress?.('The database server is recovering')
    }
    await Promise.race([sleep(pause), ...(ended ? [] : [end])])
  }
}

/** Messages are in English: the server runs with LC_ALL=C. */
function reason(log: string): 'port taken' | 'memory in use' | 'failed' {
  if (/could not create any TCP\/IP sockets|Address already in use/.test(log)) return 'port taken'
  if (/pre-existing shared memory block|pre-existing server processes/.test(log)) return 'memory in use'
  return 'failed'
}

function startFailure(place: Place, log: string): Failure {
  const lines = log.trim().split('\n')
  const fatal = lines
    .filter((line) => /FATAL|PANIC|HINT|DETAIL|error/.test(line))
    .slice(-3)
    .map((line) => line.replace(/^.*?\b(FATAL|PANIC|HINT|DETAIL): +/, ''))
    .join(' ')
  if (/No space left on device/.test(log)) {
    return new Failure('disk_full', `The embedded server did not start: there is no space left on the disk. ${fatal}`, {
      state: 'The data is as it was.',
    })
  }
  return new Failure(
    'server_start',
    `The embedded server did not start: ${fatal || lines.slice(-3).join(' ') || 'it said nothing.'}`,
    {
      hint: `See ${place.log}.`,
    },
  )
}

const largestLogBytes = 10 * 1024 * 1024

async function openLog(place: Place, user: ServerUser): Promise<FileHandle> {
  const size = await stat(place.log).then(
    (entry) => entry.size,
    () => 0,
  )
  // One older log is kept.
  if (size > largestLogBytes) await rename(place.log, `${place.log}.1`)
  return openFor(user, place.log, 'append')
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

/** What is known of a project's server that does not run. */
export interface ServerState {
  running: Server | undefined
  dataFolder: string
  /** Major version of the data; undefined: there is none yet. */
  dataMajor: number | undefined
  logFile: string
  /** Version that the installed programs have. */
  version: string
  major: number
}

/** Describes the project's server, running or not. */
export async function inspectServer(projectFolder: string): Promise<ServerState> {
  const place = await findPlace(projectFolder)
  const { version, major } = await findPackage()
  return {
    running: await findServer(projectFolder),
    dataFolder: place.data,
    dataMajor: await dataMajor(place),
    logFile: place.log,
    version,
    major,
  }
}

/** Finds the programs and the user that the project's server would run with. Starts nothing. */
export async function checkPrograms(
  projectFolder: string,
): Promise<{ postgres: string; version: string; user: string }> {
  const place = await findPlace(projectFolder)
  const user = await chooseServerUser(place.data, place.projectFolder)
  const { postgres, version } = await preparePrograms(user)
  return { postgres, version, user: user.name }
}
