import {
  chmod,
  chown,
  constants,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Failure, systemErrorCode } from '../../errors.ts'
import { canUse, chooseServerUser, type ServerUser } from './user.ts'

/** Where a project's embedded server keeps its things. */
export interface Place {
  projectFolder: string
  /** `.pgrig` of the project, or a folder outside where the server's user may not enter the project. */
  folder: string
  data: string
  log: string
  /** The file that holds the superuser's password for connections over TCP. */
  password: string
  /** The file that holds the port that the server used last. */
  port: string
}

/** The folder that pgrig keeps in each project. */
const stateFolderName = '.pgrig'

/** In that folder: a line for each change of production. */
const changeLogName = 'log.jsonl'

function placeIn(projectFolder: string, folder: string): Place {
  return {
    projectFolder,
    folder,
    data: join(folder, 'data'),
    log: join(folder, 'server.log'),
    password: join(folder, 'password'),
    port: join(folder, 'port'),
  }
}

/** Opens the log of what was done to production, for appending; makes it, readable for its owner alone. */
export async function openChangeLog(projectFolder: string): Promise<FileHandle> {
  const inside = await followOwnLink(join(await realpath(projectFolder), stateFolderName))
  const path = join(inside, changeLogName)
  try {
    await mkdir(inside, { recursive: true, mode: 0o700 })
    await writeFile(join(inside, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'EEXIST') throw error
    })
    return await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW, 0o600)
  } catch (cause) {
    throw folderFailure(cause, path)
  }
}

/** Finds where the project's server lives, without making anything. */
export async function findPlace(projectFolder: string): Promise<Place> {
  const project = await realpath(projectFolder)
  const inside = await followOwnLink(join(project, stateFolderName))
  const pointer = await readPointer(inside)
  if (pointer === undefined) return placeIn(project, inside)
  // Nothing but the one folder that belongs to this path: the file may have come with somebody's archive.
  const outside = outsideFolder(project)
  if (pointer === outside) return placeIn(project, outside)
  throw new Failure(
    'file_unusable',
    `${join(inside, 'location')} names ${pointer}, which is not the place of this project’s data.`,
    {
      hint: `Was the project copied? Then delete that file, and a new server is made. Was it moved? Then move its data to ${outside}, and write that into the file.`,
    },
  )
}

/** Somebody may keep the folder on another disk. Root follows no link: it would give away what the link points to. */
async function followOwnLink(inside: string): Promise<string> {
  const entry = await lstat(inside).catch(() => undefined)
  if (!entry?.isSymbolicLink()) return inside
  if (process.geteuid?.() === 0) {
    throw new Failure('file_unusable', `${inside} is a link, and root follows none there.`, {
      hint: 'Make it a folder, or run as its owner.',
    })
  }
  return realpath(inside).catch((cause: unknown) => {
    throw folderFailure(cause, inside)
  })
}

/** Makes the folder of the project's server, and decides who the server runs as. */
export async function makePlace(projectFolder: string): Promise<{ place: Place; user: ServerUser }> {
  const place = await findPlace(projectFolder)
  if (/[\n\r]/.test(place.projectFolder)) {
    throw new Failure('file_unusable', 'PostgreSQL cannot keep data in a folder whose path holds a line end.')
  }
  const user = await chooseServerUser(place.data, place.projectFolder)
  const inside = await followOwnLink(join(place.projectFolder, stateFolderName))
  await makeFolder(inside, user)
  await writeFileFor(user, join(inside, '.gitignore'), '*\n')
  if (place.folder !== inside) {
    await makeFolder(place.folder, user)
    return { place, user }
  }
  if (!user.switched || (await canUse(user, inside))) return { place, user }

  const outside = placeIn(place.projectFolder, outsideFolder(place.projectFolder))
  await mkdir('/var/lib/pgrig', { recursive: true })
  // Whatever the umask says: the server's user has to pass.
  await chmod('/var/lib/pgrig', 0o755)
  await makeFolder(outside.folder, user)
  if (!(await canUse(user, outside.folder))) {
    throw new Failure(
      'permission',
      `The user ${user.name}, which the server has to run as, can use neither ${inside} nor ${outside.folder}.`,
    )
  }
  await writeFileFor(user, join(inside, 'location'), `${outside.folder}\n`)
  return { place: outside, user }
}

function outsideFolder(projectFolder: string): string {
  return join('/var/lib/pgrig', `${safeName(basename(projectFolder))}-${shortHash(projectFolder)}`)
}

function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}

/** Twelve hexadecimal digits that stand for a path. */
export function shortHash(text: string): string {
  // Loaded when it is needed, which is seldom: it takes Node 10 ms.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

async function readPointer(inside: string): Promise<string | undefined> {
  try {
    return (await readFile(join(inside, 'location'), 'utf8')).trim()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined
    throw folderFailure(error, inside)
  }
}

async function makeFolder(folder: string, user: ServerUser): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (user.switched) await lchown(folder, user.uid, user.gid)
  } catch (cause) {
    throw folderFailure(cause, folder)
  }
}

/**
 * Opens a file for writing that belongs to the server's user. The folder is that user's too, so a link in it is not followed:
 * root would write where the server tells it to.
 */
export async function openFor(user: ServerUser, path: string, mode: 'append' | 'replace'): Promise<FileHandle> {
  const { O_CREAT, O_WRONLY, O_NOFOLLOW, O_APPEND, O_TRUNC } = constants
  try {
    const file = await open(path, O_CREAT | O_WRONLY | O_NOFOLLOW | (mode === 'append' ? O_APPEND : O_TRUNC), 0o600)
    if (user.switched) await file.chown(user.uid, user.gid)
    return file
  } catch (cause) {
    throw folderFailure(cause, path)
  }
}

export async function writeFileFor(user: ServerUser, path: string, text: string): Promise<void> {
  const file = await openFor(user, path, 'replace')
  try {
    await file.writeFile(text)
  } catch (cause) {
    throw folderFailure(cause, path)
  } finally {
    await file.close()
  }
}

/** Says why a folder or file of the server cannot be made. */
export function folderFailure(cause: unknown, path: string): Failure {
  const code = systemErrorCode(cause)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Failure('disk_full', `There is no space left on the disk for ${path}.`, { cause })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new Failure('permission', `You may not use ${path}: it belongs to another user, or is read-only.`, {
      cause,
      hint: 'If root made it, go on as root or remove it as root (pgrig server remove). Otherwise run as the owner of the project folder, or make it writable.',
    })
  }
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'ELOOP')
    return new Failure('file_unusable', `${path} is in the way: it is not what belongs there.`, { cause })
  throw cause
}

// The kernel's limit for the path of a Unix socket is 108 bytes on Linux and 104 on macOS; the name takes 15.
const longestSocketFolder = 104 - 1 - '/.s.PGSQL.65535'.length

/** Makes the folder for the server's socket: beside the data, or in /tmp where that path is too long for a socket. */
export async function makeSocketFolder(place: Place, user: ServerUser): Promise<string> {
  const near = join(place.folder, 'run')
  if (Buffer.byteLength(near) <= longestSocketFolder) {
    await makeFolder(near, user)
    return near
  }
  const shared = `/tmp/pgrig-${user.uid}-${shortHash(place.folder)}`
  try {
    await mkdir(shared, { mode: 0o700 })
    if (user.switched) await chown(shared, user.uid, user.gid)
    return shared
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw folderFailure(error, shared)
  }
  const entry = await lstat(shared)
  if (entry.isDirectory() && entry.uid === user.uid && (entry.mode & 0o077) === 0) return shared
  // Somebody else made a folder of this name: /tmp is everybody's.
  const own = await mkdtemp(`${shared}-`)
  await chmod(own, 0o700)
  if (user.switched) await chown(own, user.uid, user.gid)
  return own
}

/** Removes everything that belongs to the server, inside and outside the project. What was done to production stays on record. */
export async function removePlace(place: Place): Promise<void> {
  const inside = join(place.projectFolder, stateFolderName)
  if (place.folder !== inside) await rm(place.folder, { recursive: true, force: true })
  const names = await readdir(inside).catch((): string[] => [])
  const kept = names.includes(changeLogName) ? [changeLogName, '.gitignore'] : []
  if (kept.length === 0) return rm(inside, { recursive: true, force: true })
  for (const name of names) if (!kept.includes(name)) await rm(join(inside, name), { recursive: true, force: true })
}
