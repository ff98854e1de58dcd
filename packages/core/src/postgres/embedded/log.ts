import { open, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemErrorCode } from '../../errors.ts'
import { findPlace, folderFailure } from './place.ts'

/** The newest lines of the embedded server's log; none when it never ran. */
export async function readServerLog(projectFolder: string, lines: number): Promise<string[]> {
  const { log } = await findPlace(projectFolder)
  const text = await readFrom(log, Math.max(0, (await sizeOf(log)) - largestRead))
  return text
    .split('\n')
    .slice(0, -1)
    .slice(-lines || Infinity)
}

// Enough for thousands of lines; a log can be larger than memory should be.
const largestRead = 4 * 1024 * 1024

/** Yields lines as they are written, until the signal. */
export async function* followServerLog(projectFolder: string, signal: AbortSignal): AsyncGenerator<string> {
  const { log } = await findPlace(projectFolder)
  let position = await sizeOf(log)
  let rest = ''
  for (;;) {
    const size = await sizeOf(log)
    // A new file: it was rotated.
    if (size < position) position = 0
    if (size > position) {
      const text = await readFrom(log, position)
      position += Buffer.byteLength(text)
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    await sleep(200, undefined, { signal })
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return 0
    throw error
  }
}

async function readFrom(path: string, position: number): Promise<string> {
  let file
  try {
    file = await open(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return ''
    throw folderFailure(error, path)
  }
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, size - position))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
