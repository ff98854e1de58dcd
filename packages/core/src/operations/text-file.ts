import { isUtf8 } from 'node:buffer'
import { readdir, readFile } from 'node:fs/promises'
import { Failure, systemErrorCode } from '../errors.ts'

/**
 * Reads a file whose text is remembered by a checksum, with line ends that do not depend on the system.
 * Throws `permission`, `file_missing`, `file_unusable`.
 */
export async function readTextFile(path: string, file: string): Promise<{ text: string; checksum: string }> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw cannotRead(cause, file)
  })
  if (!isUtf8(bytes)) {
    throw new Failure('file_unusable', `${file} is not in UTF-8.`, {
      state: 'Nothing was run.',
      hint: 'Save it in UTF-8: its checksum and the places in errors depend on it.',
    })
  }
  const text = bytes
    .toString('utf8')
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
  // Loaded when it is needed, which is seldom: it takes Node 10 ms.
  const { createHash } = await import('node:crypto')
  return { text, checksum: createHash('sha256').update(text).digest('hex') }
}

/** Lists the names in a folder, sorted. One that is not there has none. Throws `permission`, `file_unusable`. */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return []
    throw cannotRead(cause, folder)
  }
}

function cannotRead(cause: unknown, file: string): unknown {
  const code = systemErrorCode(cause)
  if (code === undefined) return cause
  if (code === 'ENOENT') return new Failure('file_missing', `There is no file ${file}.`, { cause })
  const what = { EISDIR: 'is a folder, not a file', ENOTDIR: 'is not a folder' }[code] ?? `cannot be read (${code})`
  return new Failure(code === 'EACCES' ? 'permission' : 'file_unusable', `${file} ${what}.`, { cause })
}
