import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll } from 'vitest'
import { Failure, fileSource, runScripts, type Connection } from '../../packages/core/src/index.ts'
import type { TestDatabase } from '../support/database.ts'
import { programs } from '../support/postgres-programs.ts'
import { pgrigProgram, type Outcome } from '../support/program.ts'

export interface Run {
  folder: string
  database: TestDatabase
}

/** Runs files that must fail, all or nothing, and returns how they failed. */
export async function loadWrong(
  files: readonly string[],
  folder: string,
  connection: Connection,
  variables: Record<string, string>,
): Promise<Failure> {
  const sources = await Promise.all(files.map((file) => fileSource(join(folder, file), file)))
  try {
    await runScripts(sources, connection, { folder, variables, nameFile: (path) => relative(folder, path) })
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('It did not fail.')
}

/** The built program; `PGRIG` names another one. */
export const program = process.env.PGRIG ?? pgrigProgram

/** Runs files with pgrig, quiet as `psql -q`. */
export function runPgrig(files: readonly string[], { folder, database }: Run, flags: readonly string[] = []) {
  const words = [program, 'run', ...files, '--quiet', '-v', 'QUIET=on', ...flags]
  return finish(process.execPath, words, folder, { DATABASE_URL: database.url })
}

/** Runs files with psql, without its start-up file and quiet. */
export function runPsql(files: readonly string[], { folder, database }: Run, flags: readonly string[] = []) {
  const words = ['-X', '-q', ...flags, ...files.flatMap((file) => ['-f', file]), database.url]
  return finish(programs.psql.path, words, folder, { PGCLIENTENCODING: 'UTF8' })
}

/** Runs a program to its end, with nothing of the environment that could name a database. */
export function finish(
  command: string,
  words: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { PATH, HOME } = process.env
  const options = { cwd, env: { PATH, HOME, LANG: 'C.UTF-8', ...env }, maxBuffer: 1 << 28 }
  return new Promise((resolve, reject) => {
    const child = execFile(command, words, options, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null) reject(error)
      else resolve({ code: child.exitCode, stdout, stderr })
    })
    child.stdin?.end()
  })
}

/** Makes a folder with files; it goes when the test file is done. */
export async function makeFolder(files: Record<string, string | Uint8Array> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-engine-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** Mulberry32: numbers below a bound that a seed decides. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
