import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, stat, type FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../../errors.ts'
import { clearStaleLockFile, clearStaleSockets, isAlive, isServer, readLockFile, type LockFile } from './lock-file.ts'
import { makeSocketFolder, openFor, writeFileFor, type Place } from './place.ts'
import type { Programs } from './platform.ts'
import { isFree, portCandidates, type PortRange } from './port.ts'
import { asUser, minimalEnvironment, type ServerUser } from './user.ts'

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
  /** More settings of PostgreSQL, for this run of the server: for tests only. */
  settings?: Readonly<Record<string, string>>
}

/** How long a start may take. Recovery after a crash replays up to 1 GB of log. */
const startSeconds = 120

interface Launched {
  lock: LockFile
  startedNow: boolean
}

/** Starts the server on a data folder, and waits until it is ready: this one, or one that another command starts just now. */
export async function launch(
  place: Place,
  programs: Programs,
  user: ServerUser,
  options: StartOptions,
): Promise<Launched> {
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
        return attempt
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

type Attempt = ({ result: 'ready' } & Launched) | { result: 'port taken' | 'memory in use' | 'failed'; log: string }

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
  { durable = true, settings = {} }: StartOptions,
): ChildProcess {
  const careless = durable ? [] : ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off']
  const { spawn } = process.getBuiltinModule('node:child_process')
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
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
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
      hint: /has invalid permissions/.test(log)
        ? `Take the rights of others away: chmod 700 '${place.data.replaceAll("'", `'\\''`)}'`
        : `See ${place.log}.`,
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
