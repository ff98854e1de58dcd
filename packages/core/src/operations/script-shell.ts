import { spawn, type ChildProcess } from 'node:child_process'
import { Failure } from '../errors.ts'
import type { ScriptShell } from '../script/files.ts'
import { streamOutput } from './script-files.ts'

/** The shell of this machine, for scripts that may run programs. */
export function systemShell(folder: string): ScriptShell {
  return {
    async run(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
      const pieces: Buffer[] = []
      child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
      const exitCode = await ended(child)
      return { output: Buffer.concat(pieces).toString('utf8'), exitCode }
    },
    async *read(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
      const end = ended(child)
      for await (const piece of child.stdout) yield piece as Buffer
      const exitCode = await end
      if (exitCode !== 0) throw failedProgram(command, exitCode)
    },
    async write(command) {
      const child = spawn(command, { cwd: folder, shell: true, stdio: ['pipe', 'inherit', 'inherit'] })
      const end = ended(child)
      const output = streamOutput(child.stdin)
      return {
        ...output,
        async close() {
          // A program that has read enough ends before its input does.
          await output.close().catch(() => {})
          const exitCode = await end
          if (exitCode !== 0) throw failedProgram(command, exitCode)
        },
      }
    },
  }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done(code ?? 1))
  })
}

function failedProgram(command: string, exitCode: number): Failure {
  return new Failure('script_failed', `The program ended with exit code ${exitCode}: ${command}`)
}
