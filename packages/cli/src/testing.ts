import { PassThrough, Writable } from 'node:stream'
import { commandsOf } from './discover.ts'
import type { Command } from './command.ts'
import { type Program, runCli } from './run.ts'
import type { EndSignal, Terminal } from './terminal.ts'
import { createTools } from './tools.ts'

/** A terminal that remembers what was written to it. Not a part of the program: only tests use it. */
export interface TestTerminal extends Terminal {
  readonly stdin: PassThrough & { isTTY: boolean }
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string }
  /** With what the program was ended at once, if it was. */
  readonly endedWith: number | undefined
  signal(name: EndSignal): void
  uncaught(error: unknown): void
}

export interface TestOptions {
  stdinIsTty?: boolean
  stdoutIsTty?: boolean
  stderrIsTty?: boolean
  columns?: number
  env?: Record<string, string>
  folder?: string
  /** What every write to stdout fails with. */
  stdoutError?: NodeJS.ErrnoException
}

export function testTerminal(options: TestOptions = {}): TestTerminal {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr', isTTY: boolean, error?: Error) =>
    Object.assign(
      new Writable({
        emitClose: false,
        autoDestroy: false,
        write(chunk: Buffer, _encoding, done) {
          if (!error) written[name] += chunk.toString()
          done(error)
        },
      }),
      { isTTY, columns: options.columns ?? 80 },
    )
  const signals = new Set<(signal: EndSignal) => void>()
  const uncaught = new Set<(error: unknown) => void>()
  let endedWith: number | undefined

  return {
    stdin: Object.assign(new PassThrough(), { isTTY: options.stdinIsTty ?? false, setRawMode: () => {} }),
    stdout: stream('stdout', options.stdoutIsTty ?? false, options.stdoutError),
    stderr: stream('stderr', options.stderrIsTty ?? false),
    env: options.env ?? {},
    folder: options.folder ?? import.meta.dirname,
    written,
    get endedWith() {
      return endedWith
    },
    onSignal(listener) {
      signals.add(listener)
      return () => void signals.delete(listener)
    },
    onUncaught(listener) {
      uncaught.add(listener)
      return () => void uncaught.delete(listener)
    },
    endNow(exitCode) {
      endedWith ??= exitCode
    },
    signal: (name) => signals.forEach((listener) => listener(name)),
    uncaught: (error) => uncaught.forEach((listener) => listener(error)),
  }
}

/** The real tools, with targets that depend on no file and no variable. */
const toolsWithFixedTargets: NonNullable<Program['createTools']> = (...given) => {
  const targets = ['local', 'prod', 'production']
  return {
    ...createTools(...given),
    isTarget: async (word) => targets.includes(word),
    targetNames: async () => targets,
  }
}

export interface RunOptions extends TestOptions {
  /** The commands there are, instead of those in the folder; the targets are then local, prod and production. */
  commands?: readonly Command[]
  createTools?: Program['createTools']
  terminal?: TestTerminal
}

/** Runs `pgrig` in this process, with what a user would see as the result. */
export async function pgrig(argv: readonly string[], options: RunOptions = {}) {
  const terminal = options.terminal ?? testTerminal(options)
  const exitCode = await runCli(argv, {
    terminal,
    version: '0.0.0-test',
    node: '20.0.0',
    ...(options.commands && { commands: commandsOf(options.commands) }),
    ...(options.commands && { createTools: toolsWithFixedTargets }),
    ...(options.createTools && { createTools: options.createTools }),
  })
  return { exitCode, ...terminal.written }
}
