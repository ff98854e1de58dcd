import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, systemErrorCode } from '../../errors.ts'
import { processExists } from './lock-file.ts'
import { folderFailure, openFor, type Place } from './place.ts'
import type { Programs } from './platform.ts'
import { runAs, type ServerUser } from './user.ts'

/** The superuser of the embedded server, as on a server from Docker. */
export const superuser = 'postgres'

const settings = `
# Set by pgrig.
timezone = 'UTC'                # as on Amazon RDS
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d %a '
log_lock_waits = on
`

/** Makes the data folder with initdb, whole or not at all. Somebody else may do the same at the same time. */
export async function initializeData(place: Place, programs: Programs, user: ServerUser): Promise<void> {
  const token = randomText(6, 'hex')
  const partial = join(place.folder, `data.new-${process.pid}-${token}`)
  const passwordFile = `${partial}.password`
  const password = await readOrMakePassword(place, user)
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
    if (user.switched) await chown(passwordFile, user.uid, user.gid)
    const outcome = await runAs(user, programs.initdb, [
      `--pgdata=${partial}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      // Only this user can enter the socket's folder; over TCP the password is asked.
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every machine: containers often have no locales at all.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ])
    if (outcome.code !== 0) throw initializeFailure(outcome.message, place)
    const configuration = await openFor(user, join(partial, 'postgresql.conf'), 'append')
    await configuration.writeFile(settings)
    await configuration.close()
    await rename(partial, place.data)
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) return
    if (systemErrorCode(error) !== undefined) throw folderFailure(error, place.data)
    throw error
  } finally {
    await rm(partial, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

/** Removes what is left of initializations whose program was killed. */
export async function clearPartialData(place: Place): Promise<void> {
  for (const name of await readdir(place.folder)) {
    const pid = /^data\.new-(\d+)-/.exec(name)?.[1]
    if (pid === undefined || processExists(Number(pid))) continue
    // In a container that shares this folder the program may live after all, and be done just now: under another name, what we
    // remove cannot become its data folder halfway.
    const aside = join(place.folder, `data.new-${pid}-gone-${randomText(6, 'hex')}`)
    // An initdb that outlives its program may still write. What cannot be removed harms nobody: the next start tries again.
    await rename(join(place.folder, name), aside)
      .then(() => rm(aside, { recursive: true, force: true, maxRetries: 5 }))
      .catch(() => {})
  }
}

function initializeFailure(message: string, place: Place): Failure {
  if (/No space left on device/.test(message)) {
    return new Failure(
      'disk_full',
      `There is no space left on the disk for the database server (about 45 MB in ${place.folder}).`,
    )
  }
  return new Failure('server_start', `The data folder ${place.data} could not be made: ${message}`)
}

/** The superuser's password: needed over TCP only. Kept in a file that only its owner can read. */
async function readOrMakePassword(place: Place, user: ServerUser): Promise<string> {
  const made = randomText(18, 'base64url')
  try {
    await writeFile(place.password, `${made}\n`, { mode: 0o600, flag: 'wx' })
    if (user.switched) await chown(place.password, user.uid, user.gid)
    return made
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw folderFailure(error, place.password)
    return (await readFile(place.password, 'utf8')).trim()
  }
}

/**
 * The major version that the data folder was made with. Undefined: there is no data folder, or an empty one. Throws
 * `file_unusable` for one that does not say it.
 */
export async function dataMajor(place: Place): Promise<number | undefined> {
  let version = await readVersion(place)
  if (version === undefined) {
    if (await isEmptyFolder(place.data)) return undefined
    // Another command may have finished making it between our two looks.
    version = await readVersion(place)
  }
  const major = /^(\d+)(?:\.\d+)?\s*$/.exec(version ?? '')?.[1]
  if (major !== undefined) return Number(major)
  throw new Failure(
    'file_unusable',
    version === undefined
      ? `${place.data} is not a data folder of PostgreSQL: there is something in it, but no PG_VERSION.`
      : `${join(place.data, 'PG_VERSION')} does not hold the number of a version.`,
    {
      state: 'Nothing in it was touched.',
      hint: `Bring its files back from a copy; or move ${place.data} away, and a new one is made.`,
    },
  )
}

async function readVersion(place: Place): Promise<string | undefined> {
  try {
    return await readFile(join(place.data, 'PG_VERSION'), 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw folderFailure(error, place.data)
  }
}

async function isEmptyFolder(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true
    throw folderFailure(error, folder)
  }
}

function randomText(bytes: number, encoding: 'hex' | 'base64url'): string {
  return process.getBuiltinModule('node:crypto').randomBytes(bytes).toString(encoding)
}
