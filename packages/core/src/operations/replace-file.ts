import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readlink, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { systemErrorCode } from '../errors.ts'
import { cannotWrite } from './script-output.ts'

/** What a file is made of. */
export type Chunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/**
 * Writes a file as a whole or not at all: beside it first, to the disk, and then in its place. One that holds the same already is not
 * touched. Throws `permission`, `disk_full`, and what the chunks throw; the file is then as it was. Returns whether it changed.
 */
export async function replaceFile(path: string, name: string, chunks: Chunks): Promise<boolean> {
  const place = await writing(name, () => placeOf(path))
  const partial = `${place}.${randomName()}.partial`
  await writing(name, () => mkdir(dirname(place), { recursive: true }))
  const file = await writing(name, () => open(partial, 'wx'))
  // Rows may let themselves be waited for.
  const alive = setInterval(() => void file.utimes(new Date(), new Date()).catch(() => {}), aliveSeconds * 1000)
  try {
    try {
      for await (const chunk of chunks) await writing(name, () => writeAll(file, chunk))
      await writing(name, () => keepMode(file, place))
      await writing(name, () => file.sync())
    } finally {
      clearInterval(alive)
      await file.close()
    }
    if (await sameContent(partial, place)) {
      await rm(partial)
      return false
    }
    await writing(name, () => rename(partial, place))
    return true
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** How often a file that is being written is touched, and after how long without it nobody writes it any more. */
const [aliveSeconds, abandonedSeconds] = [10, 60]

function randomName(): string {
  return Math.random().toString(36).slice(2, 10).padEnd(8, '0')
}

/** Removes what killed runs have left beside a file, before they could put it in its place. */
export async function removeAbandoned(path: string): Promise<void> {
  const place = await placeOf(path)
  for (const name of await readdir(dirname(place))) {
    const file = join(dirname(place), name)
    if (name.startsWith(`${basename(place)}.`) && (await isAbandoned(file))) await rm(file, { force: true })
  }
}

/** Whether a file is what a killed run has left. That of a run which goes on is touched now and then. */
export async function isAbandoned(file: string): Promise<boolean> {
  if (!/\.[0-9a-z]{8}\.partial$/.test(file)) return false
  const { mtimeMs } = await stat(file)
  return Date.now() - mtimeMs > abandonedSeconds * 1000
}

/** What is behind a symbolic link is replaced, not the link; also when nothing is there yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    const target = await readlink(path).catch(() => undefined)
    return target === undefined ? path : placeOf(resolve(dirname(path), target))
  }
}

export async function writing<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cannotWrite(cause, name)
  }
}

async function writeAll(file: FileHandle, chunk: string | Uint8Array): Promise<void> {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written)
    written += bytesWritten
  }
}

async function keepMode(file: FileHandle, place: string): Promise<void> {
  try {
    const { mode } = await stat(place)
    await file.chmod(mode & 0o7777)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}

/** Whether two files hold the same bytes; the second need not be there. */
async function sameContent(one: string, other: string): Promise<boolean> {
  const sizes = await Promise.all(
    [one, other].map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  )
  if (sizes[0] === undefined || sizes[0] !== sizes[1]) return false
  const left = createReadStream(one, { highWaterMark: 1 << 18 })
  const right = createReadStream(other, { highWaterMark: 1 << 18 })
  const rest = right[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for await (const chunk of left) {
      const { done, value } = await rest.next()
      if (done || !value.equals(chunk as Buffer)) return false
    }
    return (await rest.next()).done === true
  } finally {
    left.destroy()
    right.destroy()
  }
}
