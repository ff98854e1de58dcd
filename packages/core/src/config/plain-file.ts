import { lstatSync, readFileSync, statSync, type Stats } from 'node:fs'
import { Failure, systemErrorCode } from '../errors.ts'

/**
 * Reads a file of the configuration, without its byte order mark. Throws `config_invalid` where it cannot be read, with the
 * system's error as the cause, and for what is no file: opening a pipe would wait for somebody who writes into it.
 */
export function readPlainFile(file: string): string {
  const kind = nameSpecial(file)
  if (kind !== undefined) {
    throw new Failure('config_invalid', `${file} is ${kind}, not a file.`, { hint: 'Put a plain file in its place.' })
  }
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new Failure('config_invalid', `${file} ${describeError(cause, file)}.`, { cause })
  }
}

/** What stands there instead of a file, where it could be opened as if it were one. */
function nameSpecial(file: string): string | undefined {
  const status = statusOf(file, statSync)
  if (status?.isFIFO()) return 'a named pipe'
  if (status?.isSocket()) return 'a socket'
  // The null device counts as an empty file: containers cover a file with it.
  if (status?.isCharacterDevice() && status.rdev !== statusOf('/dev/null', statSync)?.rdev) return 'a device'
  return status?.isBlockDevice() ? 'a device' : undefined
}

function describeError(error: unknown, file: string): string {
  const code = systemErrorCode(error) ?? 'unknown error'
  if (code === 'EISDIR') return 'is a folder, not a file'
  if (code === 'ELOOP') return 'is a link that leads back to itself'
  if (code === 'ENOENT' && isEntry(file)) return 'is a link to something that does not exist'
  return `cannot be read (${code})`
}

/** Whether a folder has something of that name, be it a link that leads nowhere. */
export function isEntry(path: string): boolean {
  return statusOf(path, lstatSync) !== undefined
}

function statusOf(path: string, look: (path: string) => Stats): Stats | undefined {
  try {
    return look(path)
  } catch {
    return undefined
  }
}
