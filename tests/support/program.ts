import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { connect, removeServer, startServer, stopServer, type Server } from '../../packages/core/src/index.ts'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const pgrigProgram = join(root, 'packages/cli/bin/pgrig.js')

export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  input?: string
  uid?: number
  gid?: number
}

/** Runs a program to its end, without a terminal and with nothing of the environment that could name a database. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Outcome> {
  const { env = {}, input, ...rest } = options
  const child = spawn(command, args, {
    ...rest,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const outcome: Outcome = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...outcome, code }))
  })
}

/** Runs the built pgrig. */
export function pgrig(args: string[], options: RunOptions = {}): Promise<Outcome> {
  return run(process.execPath, [pgrigProgram, ...args], options)
}

export interface TestProject {
  folder: string
  path(name: string): string
  write(name: string, text: string): Promise<string>
  pgrig(args: string[], options?: RunOptions): Promise<Outcome>
}

/** Makes a project with files, in a folder of its own that goes, with its server, when the test is done. */
export async function makeProject(files: Record<string, string> = {}): Promise<TestProject> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-journey-'))
  await chmod(folder, 0o755)
  onTestFinished(async () => {
    await removeServer(folder)
    await rm(folder, { recursive: true, force: true })
  })
  const project: TestProject = {
    folder,
    path: (name) => join(folder, name),
    async write(name, text) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      return path
    },
    pgrig: (args, options = {}) => pgrig(args, { cwd: folder, ...options }),
  }
  for (const [name, text] of Object.entries(files)) await project.write(name, text)
  return project
}

/**
 * A second server, as if it were somewhere else, and the URL of a database on it for a user with a password. Settings are
 * those of postgresql.conf.
 */
export async function makeOtherServer(settings: Readonly<Record<string, string>> = {}): Promise<{
  server: Server
  folder: string
  url(database: string): string
  password: string
}> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-other-'))
  await chmod(folder, 0o755)
  onTestFinished(async () => {
    await removeServer(folder)
    await rm(folder, { recursive: true, force: true })
  })
  let server = await startServer(folder, { durable: false })
  if (Object.keys(settings).length > 0) {
    const connection = await connect(addressOf(server, 'postgres'), { application: 'tests' })
    for (const [name, value] of Object.entries(settings)) await connection.run(`alter system set ${name} = '${value}'`)
    await connection.close()
    await stopServer(folder)
    server = await startServer(folder, { durable: false })
  }
  const password = (await readFile(server.passwordFile, 'utf8')).trim()
  return {
    server,
    folder,
    password,
    url: (database) => `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`,
  }
}
