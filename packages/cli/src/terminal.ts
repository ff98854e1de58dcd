import { type Readable, Writable } from 'node:stream'
import { Failure } from '@pgrig/core'

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/** A signal that asks the program to end. */
export type EndSignal = (typeof endSignals)[number]

/** The streams and signals of the program: the real ones, or those of a test. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean | undefined; setRawMode?: ((raw: boolean) => unknown) | undefined }
  stdout: Stream
  stderr: Stream
  env: Readonly<Record<string, string | undefined>>
  /** The current folder. */
  folder: string
  /** Calls back for each signal that asks the program to end; returns how to stop that. */
  onSignal(listener: (signal: EndSignal) => void): () => void
  /** Calls back for an error that nobody caught; returns how to stop that. */
  onUncaught(listener: (error: unknown) => void): () => void
  /** Ends the program without waiting for anything. */
  endNow(exitCode: number): void
}

export type Stream = Writable & { isTTY?: boolean | undefined; columns?: number | undefined; rows?: number | undefined }

/** A stream that takes colours out of what goes to it, and leaves the cursor movements: the prompts colour by themselves. */
export function withoutColors(stream: Stream): Stream {
  const plain: Stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      stream.write(chunk.toString().replace(/\u001B\[[\d;]*m/g, ''), done)
    },
  })
  plain.isTTY = stream.isTTY
  plain.columns = stream.columns
  return plain
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    // Only when somebody is asked: opening it costs time, and a child may want it.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    get folder() {
      try {
        return process.cwd()
      } catch (error) {
        throw new Failure('file_missing', 'The current folder does not exist any more.', {
          hint: 'cd to a folder that exists',
          cause: error,
        })
      }
    },
    onSignal(listener) {
      for (const signal of endSignals) process.on(signal, listener)
      return () => {
        for (const signal of endSignals) process.off(signal, listener)
      }
    },
    onUncaught(listener) {
      process.on('uncaughtException', listener)
      return () => void process.off('uncaughtException', listener)
    },
    endNow: (exitCode) => process.exit(exitCode),
  }
}
