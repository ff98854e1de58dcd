import { createReadStream, createWriteStream, type Stats } from 'node:fs'
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { Failure, systemErrorCode } from '../errors.ts'
import type { ScriptFiles, ScriptOutput, ScriptSource } from '../script/files.ts'

const chunkBytes = 256 * 1024

/** A script that is a text. */
export function textSource(text: string | Uint8Array, name = '<script>'): ScriptSource {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return {
    name,
    folder: undefined,
    sizeBytes: bytes.length,
    async *open() {
      yield bytes
    },
  }
}

/**
 * A script that is a file. What can be read only once, such as a pipe, is read now.
 * Throws `file_missing` and `file_unusable`.
 */
export async function fileSource(path: string, name: string = path): Promise<ScriptSource> {
  const found = await findFile(path, name)
  if (found.isDirectory()) throw new Failure('file_unusable', `${name} is a folder, not a script.`)
  if (!found.isFile()) return spoolSource(createReadStream(path), name)
  return { name, folder: dirname(path), sizeBytes: found.size, open: () => readChunks(path, name) }
}

async function findFile(path: string, name: string): Promise<Stats> {
  try {
    return await stat(path)
  } catch (cause) {
    throw cannotRead(cause, name)
  }
}

function cannotRead(cause: unknown, name: string): unknown {
  const code = systemErrorCode(cause)
  if (code === undefined) return cause
  if (code === 'ENOENT') return new Failure('file_missing', `There is no file ${name}.`, { cause })
  return new Failure('file_missing', `${name} cannot be read: ${code}.`, { cause })
}

/** Reads a file in pieces, always one ahead of what is asked for. */
async function* readChunks(path: string, name: string): AsyncGenerator<Buffer> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (cause) {
    throw cannotRead(cause, name)
  }
  const read = async () => {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(chunkBytes), 0, chunkBytes)
    return buffer.subarray(0, bytesRead)
  }
  let next = read()
  try {
    for (;;) {
      const chunk = await next
      if (chunk.length === 0) return
      next = read()
      yield chunk
    }
  } catch (cause) {
    throw cannotRead(cause, name)
  } finally {
    await next.catch(() => {})
    await file.close()
  }
}

/** What is kept in memory of a stream; the rest goes to the disk. */
const spoolBytes = 32 * 1024 * 1024

/** A script that comes as a stream: read to its end now, since a script is looked through before it is run. */
export async function spoolSource(stream: AsyncIterable<Uint8Array | string>, name: string): Promise<ScriptSource> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  let spool: { folder: string; path: string; file: FileHandle } | undefined
  try {
    for await (const piece of stream) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
      sizeBytes += chunk.length
      if (spool === undefined && sizeBytes <= spoolBytes) chunks.push(chunk)
      else {
        spool ??= await openSpool(chunks.splice(0))
        await spool.file.write(chunk)
      }
    }
  } finally {
    await spool?.file.close()
  }
  const spooled = spool
  if (spooled === undefined) {
    return {
      name,
      folder: undefined,
      sizeBytes,
      async *open() {
        yield* chunks
      },
    }
  }
  return {
    name,
    folder: undefined,
    sizeBytes,
    open: () => readChunks(spooled.path, name),
    close: () => rm(spooled.folder, { recursive: true, force: true }),
  }
}

async function openSpool(chunks: readonly Uint8Array[]): Promise<{ folder: string; path: string; file: FileHandle }> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-script-'))
  const path = join(folder, 'script.sql')
  const file = await open(path, 'wx', 0o600)
  for (const chunk of chunks) await file.write(chunk)
  return { folder, path, file }
}

export interface DiskFilesOptions {
  /** What file names are relative to. */
  folder: string
  /** How a file is named in errors. Default: as the script names it. */
  nameFile?: (path: string) => string
  environment?: Readonly<Record<string, string | undefined>>
  standardInput?: () => AsyncIterable<Uint8Array>
}

/** The files of this machine, for scripts. */
export function diskFiles({ folder, nameFile, environment = {}, standardInput }: DiskFilesOptions): ScriptFiles {
  const find = (path: string) => resolve(folder, path)
  return {
    include(path, from) {
      const full = resolve(from ?? folder, path)
      return fileSource(full, nameFile?.(full) ?? path)
    },
    async read(path) {
      const found = await findFile(find(path), path)
      if (found.isDirectory()) throw new Failure('file_unusable', `${path} is a folder.`)
      return readChunks(find(path), path)
    },
    async readAgain(path) {
      const found = await findFile(find(path), path)
      // To open a pipe again would be to wait for somebody who writes to it.
      if (!found.isFile()) throw new Failure('file_unusable', `${path} can be read only once.`)
      return readChunks(find(path), path)
    },
    write: (path) => writeFile(find(path), path),
    standardInput: () => standardInput?.() ?? emptyInput(),
    environmentVariable: (name) => environment[name],
  }
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {}

async function writeFile(path: string, name: string): Promise<ScriptOutput> {
  const stream = createWriteStream(path)
  await new Promise<void>((done, fail) => {
    stream.once('open', () => done())
    stream.once('error', (cause) => fail(cannotWrite(cause, name)))
  })
  return streamOutput(stream, (cause) => cannotWrite(cause, name))
}

function cannotWrite(cause: unknown, name: string): unknown {
  const code = systemErrorCode(cause)
  if (code === 'ENOSPC') return new Failure('disk_full', `There is no space left to write ${name}.`, { cause })
  if (code === 'EACCES' || code === 'EPERM') return new Failure('permission', `${name} may not be written.`, { cause })
  return code === undefined ? cause : new Failure('file_missing', `${name} cannot be written: ${code}.`, { cause })
}

/** Output to a stream that is ended with it. */
export function streamOutput(stream: Writable, describe: (cause: unknown) => unknown = (cause) => cause): ScriptOutput {
  let failed: { cause: unknown } | undefined
  stream.on('error', (cause) => {
    failed = { cause: describe(cause) }
  })
  return {
    write: (bytes) => void (failed || stream.write(bytes)),
    full() {
      if (failed || !stream.writableNeedDrain) return undefined
      return new Promise((done) => {
        stream.once('drain', done)
        stream.once('close', done)
      })
    },
    async close() {
      await new Promise<void>((done) => {
        if (failed) done()
        else stream.end(done)
        stream.once('close', done)
      })
      if (failed) throw failed.cause
    },
  }
}
