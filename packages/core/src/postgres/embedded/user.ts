import type { ExecFileException } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { execute } from './execute.ts'
import { Failure, systemErrorCode } from '../../errors.ts'

/** The operating system's user that the server runs as. */
export interface ServerUser {
  uid: number
  gid: number
  name: string
  /** It is not the user that we are: we are root, which PostgreSQL refuses. */
  switched: boolean
}

/**
 * Decides who the server runs as: we ourselves, or, for root, whoever owns the existing data or the project,
 * else the system's `postgres`, else `nobody`. PostgreSQL refuses root and needs a user with an entry in the passwd
 * database.
 */
export async function chooseServerUser(dataFolder: string, projectFolder: string): Promise<ServerUser> {
  const uid = process.geteuid?.() ?? 0
  if (uid !== 0) return { uid, gid: process.getegid?.() ?? 0, name: await nameOf(uid), switched: false }

  for (const folder of [dataFolder, projectFolder]) {
    const owner = await ownerOf(folder)
    if (owner === undefined || owner === 0) continue
    const user = await findUser(String(owner))
    if (user) return user
  }
  for (const name of ['postgres', 'nobody']) {
    const user = await findUser(name)
    if (user && user.uid !== 0) return user
  }
  throw new Failure(
    'server_user',
    'You are root, PostgreSQL refuses to run as root, and there is no user postgres or nobody.',
    {
      hint: 'Add a user (useradd --system postgres), or give the project folder to an ordinary user.',
    },
  )
}

async function ownerOf(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    (entry) => entry.uid,
    () => undefined,
  )
}

/** Asks `id`, which knows every user database (files, LDAP, macOS's directory), for a name or number. */
async function findUser(nameOrUid: string): Promise<ServerUser | undefined> {
  const ask = (flag: string) =>
    execute('id', [flag, nameOrUid], { env: minimalEnvironment }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    )
  const [uid, gid, name] = await Promise.all([ask('-u'), ask('-g'), ask('-un')])
  if (!uid || !gid || !name) return undefined
  return { uid: Number(uid), gid: Number(gid), name, switched: true }
}

async function nameOf(uid: number): Promise<string> {
  const { userInfo } = await import('node:os')
  try {
    return userInfo().username
  } catch (cause) {
    throw new Failure(
      'server_user',
      `The user number ${uid} has no entry in the passwd database, and PostgreSQL needs one.`,
      {
        cause,
        hint: 'Run as a user that the system knows, or add one: useradd --uid ' + uid + ' pgrig.',
      },
    )
  }
}

/** What the server and its helpers get: nothing of the user's environment, and messages in English, which we read. */
export const minimalEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }

/** The options of `spawn` that make a child run as that user. */
export function asUser(user: ServerUser): { uid?: number; gid?: number } {
  return user.switched ? { uid: user.uid, gid: user.gid } : {}
}

interface Outcome {
  code: number
  message: string
  /** The operating system did not let the user reach or run the program. */
  denied: boolean
}

/** Runs a program as that user, to its end. Never throws for what the program says. */
export async function runAs(user: ServerUser, program: string, args: string[]): Promise<Outcome> {
  try {
    const { stderr } = await execute(program, args, {
      ...asUser(user),
      cwd: '/',
      env: minimalEnvironment,
      maxBuffer: 1 << 24,
    })
    return { code: 0, message: stderr.trim(), denied: false }
  } catch (error) {
    const failed = error as ExecFileException
    const denied = ['EACCES', 'EPERM'].includes(systemErrorCode(error) ?? '')
    const message = failed.stderr?.trim() || failed.message
    return { code: typeof failed.code === 'number' ? failed.code : 1, message, denied }
  }
}

/** Whether that user can enter and write the folder. */
export async function canUse(user: ServerUser, folder: string): Promise<boolean> {
  const probe = await runAs(user, '/bin/sh', ['-c', 'cd -- "$1" && test -w .', 'sh', folder])
  return probe.code === 0
}
