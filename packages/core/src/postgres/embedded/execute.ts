import type { ExecFileOptions } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a program to its end, as `execFile` does. */
export async function execute(
  program: string,
  args: readonly string[],
  options: ExecFileOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  // Loaded when it is needed: a command that finds the server running starts no program.
  const { execFile } = await import('node:child_process')
  const { stdout, stderr } = await promisify(execFile)(program, args, options)
  return { stdout: String(stdout), stderr: String(stderr) }
}
