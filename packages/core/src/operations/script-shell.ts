import { spawn, type ChildProcess } from 'node:child_process'
import { Failure } from '../errors.ts'
import type { ScriptShell } from '../script/files.ts'
import { readWhileWanted, type Stops } from './script-files.ts'
import { streamOutput } from './script-output.ts'

/** The shell of this machine, for scripts that may run programs. When the signal aborts, they are ended. */
export function systemShell(folder: string, stops: Stops = {}): ScriptShell {
  const { signal } = stops
  return {
    async run(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
      const pieces: Uint8Array[] = []
      const end = ended(child, signal)
      end.catch(() => {})
      for await (const piece of readWhileWanted(child.stdout, { signal })) pieces.push(piece)
      return { output: Buffer.concat(pieces).toString('utf8'), exitCode: await end }
    },
    async *read(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
      const end = ended(child, signal)
      end.catch(() => {})
      let over = false
      try {
        yield* readWhileWanted(child.stdout, stops)
        over = !stops.enough?.aborted
      } finally {
        // It is not read to its end; it may never come to one.
        if (!over) child.kill()
      }
      if (!over) return
      const exitCode = await end
      if (exitCode !== 0) throw failedProgram(command, exitCode)
    },
    async write(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['pipe', 'inherit', 'inherit'] })
      const end = ended(child, signal)
      end.catch(() => {})
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
      child.kill()
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

function failedProgram(command: string, exitCode: number): Failure {
  return new Failure('script_failed', `The program ended with exit code ${exitCode}: ${command}`)
}
