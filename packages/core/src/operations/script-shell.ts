import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { Failure } from '../errors.ts'
import type { ScriptShell } from '../script/files.ts'
import { kill } from 'node:process'
import { readWhileWanted, type Stops } from './script-files.ts'
import { streamOutput } from './script-output.ts'
import type { Surroundings } from './surroundings.ts'

/** The shell of this machine, for scripts that may run programs. When the signal aborts, they are ended. */
export function systemShell(surroundings: Surroundings, stops: Stops = {}): ScriptShell {
  const { signal } = stops
  const start = (command: string, stdio: StdioOptions) => {
    const { folder, programEnvironment: env } = surroundings
    // In a process group of its own, so that what the shell has started ends with it.
    return spawn(command, { cwd: folder, shell: true, detached: true, stdio, ...(env && { env }) })
  }
  return {
    async run(command) {
      const child = start(command, ['ignore', 'pipe', 'inherit'])
      const pieces: Uint8Array[] = []
      const end = ended(child, signal)
      end.catch(() => {})
      if (child.stdout) for await (const piece of readWhileWanted(child.stdout, { signal })) pieces.push(piece)
      return { output: Buffer.concat(pieces).toString('utf8'), exitCode: await end }
    },
    async *read(command) {
      const child = start(command, ['ignore', 'pipe', 'inherit'])
      const end = ended(child, signal)
      end.catch(() => {})
      let over = false
      try {
        if (child.stdout) yield* readWhileWanted(child.stdout, stops)
        over = !stops.enough?.aborted
      } finally {
        // It is not read to its end; it may never come to one.
        if (!over) endGroup(child)
      }
      if (!over) return
      const exitCode = await end
      if (exitCode !== 0) throw failedProgram(command, exitCode)
    },
    async write(command) {
      const child = start(command, ['pipe', 'inherit', 'inherit'])
      const end = ended(child, signal)
      end.catch(() => {})
      if (child.stdin === null) throw failedProgram(command, await end)
      const output = streamOutput(child.stdin)
      return {
        write: (bytes) => output.write(bytes),
        full: () => output.full(),
        async close() {
          // A program that has read enough ends before its input does.
          await Promise.race([output.close().catch(() => {}), end])
          const exitCode = await end
          if (exitCode !== 0) throw failedProgram(command, exitCode)
        },
      }
    },
  }
}

/** Waits for the end of a program. What it has started may outlive it, and hold its output: nobody waits for that. */
function ended(child: ChildProcess, signal: AbortSignal | undefined): Promise<number> {
  return new Promise((done, fail) => {
    const stop = () => {
      endGroup(child)
      fail(signal?.reason)
    }
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    const over = () => signal?.removeEventListener('abort', stop)
    child.once('error', (error) => {
      over()
      fail(error)
    })
    child.once('close', (code) => {
      over()
      done(code ?? 1)
    })
  })
}

/** How long a program may take to end when it is asked to. */
const endMilliseconds = 2000

/** Asks a program to end, with all that it has started; what does not is killed. */
function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM')
  setTimeout(() => {
    if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGKILL')
  }, endMilliseconds).unref()
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    kill(-pid, signal)
  } catch {
    // All of it has ended.
  }
}

function failedProgram(command: string, exitCode: number): Failure {
  return new Failure('script_failed', `The program ended with exit code ${exitCode}: ${command}`)
}
