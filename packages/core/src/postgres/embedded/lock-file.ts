import { link, readdir, readFile, rename, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { execute } from './execute.ts'
import { systemErrorCode } from '../../errors.ts'
import { folderFailure } from './place.ts'

/** What `postmaster.pid` says: written by the server itself while it lives, left behind when it is killed. */
export interface LockFile {
  pid: number
  startedAt: Date
  port: number
  socketFolder: string
  /** Empty when the server does not listen on TCP. */
  listenAddress: string
  status: 'starting' | 'stopping' | 'ready' | 'standby' | 'unknown'
}

/**
 * Reads the lock file of a data folder. Undefined: there is none, or it is only half written.
 * Format: PostgreSQL's miscadmin.h, LOCK_FILE_LINE_*.
 */
export async function readLockFile(data: string): Promise<LockFile | undefined> {
  let text: string
  try {
    text = await readFile(join(data, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined
    throw folderFailure(error, data)
  }
  return parseLockFile(text)
}

function parseLockFile(text: string): LockFile | undefined {
  const [pid = '', , started = '', port = '', socketFolder = '', listenAddress = '', , status = ''] = text.split('\n')
  if (!/^\d+$/.test(pid) || !/^\d+$/.test(port)) return undefined
  const word = status.trim()
  return {
    pid: Number(pid),
    startedAt: new Date(Number(started) * 1000),
    port: Number(port),
    socketFolder,
    listenAddress,
    status: word === 'ready' || word === 'starting' || word === 'stopping' || word === 'standby' ? word : 'unknown',
  }
}

/**
 * Whether the server that wrote the lock file still lives. After a crash the file stays; after a reboot, or in a container
 * started anew, its number may even belong to another program.
 */
export async function isAlive(lock: LockFile, data: string): Promise<boolean> {
  if (await isServer(lock.pid, data)) return true
  // The server may live in another container that shares this folder: its process is hidden, its socket answers.
  return lock.socketFolder !== '' && (await answers(join(lock.socketFolder, `.s.PGSQL.${lock.port}`)))
}

/**
 * Removes the lock file of a server that is gone, where PostgreSQL itself would take another program for that server. Another
 * command may do the same and have a new server running by now: only the file that was judged is removed.
 */
export async function clearStaleLockFile(data: string): Promise<void> {
  const lock = await readLockFile(data)
  if (!lock || !processExists(lock.pid) || (await isAlive(lock, data))) return
  const file = join(data, 'postmaster.pid')
  const aside = `${file}.stale-${process.pid}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return
    throw folderFailure(error, file)
  }
  const moved = parseLockFile(await readFile(aside, 'utf8'))
  if (moved && moved.pid !== lock.pid) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

/** Removes the sockets of servers that are gone, whose numbers other programs may have now. */
export async function clearStaleSockets(socketFolder: string, data: string): Promise<void> {
  const names = await readdir(socketFolder)
  for (const name of names.filter((file) => /^\.s\.PGSQL\.\d+\.lock$/.test(file))) {
    const lock = join(socketFolder, name)
    const pid = Number.parseInt(await readFile(lock, 'utf8').catch(() => ''), 10)
    if (Number.isNaN(pid) || (await isServer(pid, data))) continue
    await rm(lock, { force: true })
    await rm(lock.replace(/\.lock$/, ''), { force: true })
  }
}

/** Whether a process of this number exists, ours or not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

/** Whether the process of this number is the server of that data folder, and not another program that got its number. */
export async function isServer(pid: number, data: string): Promise<boolean> {
  if (!processExists(pid)) return false
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => {
    const { stdout } = await execute('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }))
    return stdout
  })
  // Linux separates arguments by zero bytes, ps by spaces.
  return commandLine.includes(`postgres\0-D\0${data}\0`) || commandLine.includes(`postgres -D ${data} `)
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket)
    probe.setTimeout(1000)
    const settle = (answer: boolean) => {
      probe.destroy()
      resolve(answer)
    }
    probe.once('connect', () => settle(true))
    probe.once('error', () => settle(false))
    probe.once('timeout', () => settle(false))
  })
}
