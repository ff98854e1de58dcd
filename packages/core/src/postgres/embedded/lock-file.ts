import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { systemErrorCode } from '../../errors.ts'

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
    throw error
  }
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
  if (processExists(lock.pid) && (await isServerOf(lock.pid, data))) return true
  // The server may live in another container that shares this folder: its process is hidden, its socket answers.
  return lock.socketFolder !== '' && (await answers(join(lock.socketFolder, `.s.PGSQL.${lock.port}`)))
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

async function isServerOf(pid: number, data: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
      stdout: '',
    }))
    return stdout
  })
  return commandLine.includes(data)
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
