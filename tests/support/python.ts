import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './program.ts'

/** The path of a program in Python that `npm test` installs. Where it is not, says what is therefore not tested; under CI that is an error. */
export function findPythonProgram(untested: string, environment: string, program = environment): string | undefined {
  const folder = join(root, 'node_modules/.cache/python', environment)
  if (existsSync(join(folder, 'installed.txt'))) return join(folder, 'bin', program)
  const sentence = `${untested}: ${environment} is not installed. node scripts/python.mjs ${environment} installs it.`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
  return undefined
}
