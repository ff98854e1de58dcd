import { constants, createReadStream, openSync, readSync, type Stats } from 'node:fs'
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { Failure, systemErrorCode } from '../errors.ts'
import type { ScriptFiles, ScriptSource } from '../script/files.ts'
import { openOutput } from './script-output.ts'
import type { Surroundings } from './surroundings.ts'

const chunkBytes = 1024 * 1024
/** A piece that takes longer comes from a disk, or over a network. */
const slowMilliseconds = 20
/** Buffers that are kept to be read into again: memory that the system has to clear first costs as much as reading. */
const mostSpare = 2

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
 * A script that is a file. What can be read only once, such as a pipe, is read now, until the signal says otherwise.
 * Throws `file_missing`, `file_unusable`, `permission`, what `spoolSource` throws, and the signal's reason.
 */
export async function fileSource(path: string, name: string = path, signal?: AbortSignal): Promise<ScriptSource> {
  const found = await findFile(path, name)
  if (found.isDirectory()) throw new Failure('file_unusable', `${name} is a folder, not a script.`)
  if (!found.isFile()) return spoolSource(await openStream(path, name, found), name, signal)
  const spare: Buffer[] = []
  return {
    name,
    folder: dirname(path),
    sizeBytes: found.size,
    open: () => readChunks(path, name, signal, spare),
    recycle: ({ buffer }) => void (spare.length < mostSpare && spare.push(Buffer.from(buffer))),
  }
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
  if (code === 'EACCES' || code === 'EPERM') return new Failure('permission', `${name} may not be read.`, { cause })
  return new Failure('file_missing', `${name} cannot be read: ${code}.`, { cause })
}

/** Opens what is no plain file. To open a pipe never waits for somebody who writes: nothing could end that. */
async function openStream(path: string, name: string, found: Stats): Promise<Readable> {
  if (!found.isFIFO()) return createReadStream(path)
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    return new Socket({ fd, readable: true, writable: false })
  } catch (cause) {
    throw cannotRead(cause, name)
  }
}

/** Reads a file in pieces. */
async function* readChunks(path: string, name: string, signal?: AbortSignal, spare?: Buffer[]): AsyncGenerator<Buffer> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (cause) {
    throw cannotRead(cause, name)
  }
  try {
    yield* readHandle(file, name, signal, spare)
  } finally {
    await file.close()
  }
}

/**
 * What the system has in memory is read at once: that takes less than it takes to wake a thread for it, and far less where other
 * programs keep the processors busy. Where a piece was long in coming, a thread gets the next.
 */
async function* readHandle(
  file: FileHandle,
  name: string,
  signal?: AbortSignal,
  spare: Buffer[] = [],
): AsyncGenerator<Buffer> {
  let slow = true
  try {
    for (let position = 0; ;) {
      // Signals and sockets have their turn.
      await setImmediate()
      signal?.throwIfAborted()
      const into = spare.pop() ?? Buffer.allocUnsafeSlow(chunkBytes)
      const started = performance.now()
      const bytesRead = slow
        ? (await file.read(into, 0, chunkBytes, position)).bytesRead
        : readSync(file.fd, into, 0, chunkBytes, position)
      slow = performance.now() - started > slowMilliseconds
      if (bytesRead === 0) return
      position += bytesRead
      yield into.subarray(0, bytesRead)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw cannotRead(cause, name)
  }
}

/** When what comes is not wanted any more. */
export interface Stops {
  /** Then reading throws the reason. */
  readonly signal?: AbortSignal | undefined
  /** Then it is over, as if all had been read. */
  readonly enough?: AbortSignal | undefined
}

/** Reads what may let us wait for ever, such as a pipe, and lets go of it when it is not wanted any more. */
export async function* readWhileWanted(
  data: AsyncIterable<Uint8Array | string>,
  { signal, enough }: Stops,
): AsyncGenerator<Uint8Array> {
  const stop = () => {
    // A stream that is waited for cannot be told to return, and would keep the program alive.
    if ('destroy' in data && typeof data.destroy === 'function') data.destroy()
  }
  const signals = [signal, enough].filter((each) => each !== undefined)
  for (const each of signals) {
    if (each.aborted) stop()
    each.addEventListener('abort', stop)
  }
  try {
    for await (const piece of data) {
      signal?.throwIfAborted()
      if (enough?.aborted) return
      yield typeof piece === 'string' ? Buffer.from(piece) : piece
    }
    signal?.throwIfAborted()
  } catch (error) {
    signal?.throwIfAborted()
    if (!enough?.aborted) throw error
  } finally {
    for (const each of signals) each.removeEventListener('abort', stop)
  }
}

/** What is kept in memory of a stream; the rest goes to the disk. */
const spoolBytes = 32 * 1024 * 1024

/**
 * A script that comes as a stream: read to its end now, since a script is looked through before it is run.
 * Throws `disk_full`, `permission` or `file_missing` where a long one finds no room for temporary files, and the signal's reason.
 */
export async function spoolSource(
  stream: AsyncIterable<Uint8Array | string>,
  name: string,
  signal?: AbortSignal,
): Promise<ScriptSource> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  let spool: FileHandle | undefined
  try {
    for await (const chunk of readWhileWanted(stream, { signal })) {
      sizeBytes += chunk.length
      if (spool === undefined && sizeBytes <= spoolBytes) chunks.push(chunk)
      else spool = await spoolAway(spool, [...chunks.splice(0), chunk])
    }
  } catch (error) {
    await spool?.close()
    throw error instanceof Failure && error.code === 'interrupted'
      ? error.with({ state: 'Nothing of the script was run.' })
      : error
  }
  const file = spool
  return {
    name,
    folder: undefined,
    sizeBytes,
    async *open() {
      if (file === undefined) yield* chunks
      else yield* readHandle(file, name, signal)
    },
    close: async () => file?.close(),
  }
}

/** Writes to a file that has no name any more: however we end, nothing stays of it. */
async function spoolAway(spool: FileHandle | undefined, chunks: readonly Uint8Array[]): Promise<FileHandle> {
  try {
    const file = spool ?? (await openSpool())
    for (const chunk of chunks) await file.write(chunk)
    return file
  } catch (cause) {
    const code = systemErrorCode(cause)
    if (code === undefined) throw cause
    const what = `The script is long, and there is no room for it in ${tmpdir()}: ${code}.`
    throw new Failure(code === 'ENOSPC' ? 'disk_full' : 'file_unusable', what, {
      hint: 'Set TMPDIR to a folder that exists, that you may write into, and that has space; or give it as a file.',
      cause,
    })
  }
}

async function openSpool(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-script-'))
  try {
    return await open(join(folder, 'script.sql'), 'wx+', 0o600)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export interface DiskFilesOptions {
  /** How a file is named in errors. Default: as the script names it. */
  nameFile?: (path: string) => string
  standardInput?: () => AsyncIterable<Uint8Array>
}

interface FileStops extends Stops {
  /** Told why what was opened for writing cannot be written any more. */
  broken?: (failure: unknown) => void
}

/** The files of this machine, for scripts. */
export function diskFiles(
  surroundings: Surroundings,
  { nameFile, standardInput }: DiskFilesOptions,
  { broken, ...stops }: FileStops = {},
): ScriptFiles {
  const { signal } = stops
  const find = (path: string) => resolve(surroundings.folder, path)
  return {
    async include(path, from) {
      const full = resolve(from ?? surroundings.folder, path)
      const name = nameFile?.(full) ?? path
      const found = await findFile(full, name)
      if (found.isFIFO()) {
        throw new Failure('file_unusable', `${name} is a pipe, and a script that is included is read twice.`, {
          hint: 'Give it as a script of its own: pgrig run takes several.',
        })
      }
      return fileSource(full, name, signal)
    },
    async read(path) {
      const found = await findFile(find(path), path)
      if (found.isDirectory()) throw new Failure('file_unusable', `${path} is a folder.`)
      if (!found.isFile()) return readOnce(find(path), path, found, stops)
      return Object.assign(readChunks(find(path), path, signal), { sizeBytes: found.size })
    },
    async readAgain(path) {
      const found = await findFile(find(path), path)
      // To open a pipe again would be to wait for somebody who writes to it.
      if (!found.isFile()) throw new Failure('file_unusable', `${path} can be read only once.`)
      return readChunks(find(path), path)
    },
    write: (path) => openOutput(find(path), path, broken),
    standardInput: () => readWhileWanted(standardInput?.() ?? emptyInput(), stops),
    environmentVariable: (name) => surroundings.variable(name),
    setEnvironmentVariable: (name, value) => surroundings.setVariable(name, value),
    changeFolder: (path) => surroundings.changeFolder(path),
  }
}

/** Opened when it is read, and not when somebody looks whether it is there. */
async function* readOnce(path: string, name: string, found: Stats, stops: Stops): AsyncGenerator<Uint8Array> {
  yield* readWhileWanted(await openStream(path, name, found), stops)
}

async function* emptyInput(): AsyncGenerator<Uint8Array> {}
