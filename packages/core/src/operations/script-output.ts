import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { Failure, systemErrorCode } from '../errors.ts'
import type { ScriptOutput } from '../script/files.ts'

/** What is collected before it is written: a call for each row would cost more than the row. */
const batchLength = 32 * 1024

export interface StreamOutputOptions {
  /** Makes a failure of what the stream says. */
  describe?: (cause: unknown) => unknown
  /** Called when it cannot be written any more. */
  broken?: (failure: unknown) => void
  /** Called before something is written. */
  before?: () => void
}

/** Output to a stream, which is ended with it. */
export function streamOutput(stream: Writable, options: StreamOutputOptions = {}): StreamOutput {
  return new StreamOutput(stream, options)
}

class StreamOutput implements ScriptOutput {
  readonly #stream: Writable
  readonly #options: StreamOutputOptions
  #text = ''
  #scheduled = false
  #failed: { failure: unknown } | undefined
  #drained: Promise<void> | undefined

  constructor(stream: Writable, options: StreamOutputOptions) {
    this.#stream = stream
    this.#options = options
    stream.on('error', (cause) => this.#fail(cause))
  }

  write(bytes: string | Uint8Array): void {
    if (this.#failed) return
    if (typeof bytes !== 'string') {
      this.flush()
      this.#put(bytes)
      return
    }
    this.#text += bytes
    if (this.#text.length >= batchLength) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      // When all is said of what the server has sent at once.
      queueMicrotask(() => this.flush())
    }
  }

  /** Writes what was collected. */
  flush(): void {
    this.#scheduled = false
    const text = this.#text
    this.#text = ''
    if (text !== '') this.#put(text)
  }

  #put(bytes: string | Uint8Array): void {
    if (this.#failed) return
    this.#options.before?.()
    this.#stream.write(bytes)
  }

  full(): Promise<void> | undefined {
    if (this.#failed || !this.#stream.writableNeedDrain) return undefined
    this.#drained ??= new Promise<void>((resolve) => {
      const done = () => {
        for (const event of drained) this.#stream.off(event, done)
        this.#drained = undefined
        resolve()
      }
      for (const event of drained) this.#stream.on(event, done)
    })
    return this.#drained
  }

  async close(): Promise<void> {
    this.flush()
    const stream = this.#stream
    if (!this.#failed) {
      await new Promise<void>((resolve) => {
        stream.once('close', resolve)
        stream.end((error?: Error | null) => {
          if (error) this.#fail(error)
          resolve()
        })
      })
    }
    if (this.#failed) throw this.#failed.failure
  }

  #fail(cause: unknown): void {
    if (this.#failed) return
    const { describe, broken } = this.#options
    this.#failed = { failure: describe ? describe(cause) : cause }
    broken?.(this.#failed.failure)
  }
}

const drained = ['drain', 'close', 'error'] as const

/** Creates or empties a file. Throws `permission`, `disk_full`, `file_unusable`; later they are told to `broken`. */
export async function openOutput(
  path: string,
  name: string,
  broken?: (failure: unknown) => void,
): Promise<ScriptOutput> {
  const stream = createWriteStream(path)
  const describe = (cause: unknown) => cannotWrite(cause, name)
  await new Promise<void>((done, fail) => {
    const failed = (cause: unknown) => fail(describe(cause))
    stream.once('error', failed)
    stream.once('open', () => {
      stream.off('error', failed)
      done()
    })
  })
  return streamOutput(stream, { describe, ...(broken && { broken }) })
}

/** Makes a failure of what the operating system says when a file is written. */
export function cannotWrite(cause: unknown, name: string): unknown {
  const code = systemErrorCode(cause)
  if (code === 'ENOSPC') return new Failure('disk_full', `There is no space left to write ${name}.`, { cause })
  if (code === 'EACCES' || code === 'EPERM') return new Failure('permission', `${name} may not be written.`, { cause })
  return code === undefined ? cause : new Failure('file_missing', `${name} cannot be written: ${code}.`, { cause })
}
