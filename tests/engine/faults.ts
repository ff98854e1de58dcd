import { type ChildProcess, execFileSync, spawn, type StdioOptions } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { TestDatabase } from '../support/database.ts'
import { type Outcome, pgrigProgram } from '../support/program.ts'
import { makeFolder } from './engine.ts'

/** pgrig while it runs. */
export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  /** Its exit code is null where a signal has killed it. */
  readonly ended: Promise<Outcome>
}

export interface StartOptions {
  cwd: string
  env?: Record<string, string>
  stdio?: StdioOptions
  uid?: number
}

/** Starts the built pgrig, and ends it with the test. */
function startPgrig(words: readonly string[], { env = {}, stdio, ...options }: StartOptions): Running {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [pgrigProgram, ...words], {
    ...options,
    env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
  })
  const outcome: Outcome = { code: null, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...outcome, code }))
  })
  ended.catch(() => {})
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, pid: child.pid ?? 0, ended }
}

/** A folder with scripts, and pgrig in it on a database. */
export async function makeStage(database: Pick<TestDatabase, 'url'>, files: Record<string, string | Uint8Array> = {}) {
  const folder = await makeFolder(files)
  return {
    folder,
    path: (name: string) => join(folder, name),
    start: (words: readonly string[], options: Partial<StartOptions> = {}) =>
      startPgrig(words, { cwd: folder, ...options, env: { DATABASE_URL: database.url, ...options.env } }),
    pipe(name: string): string {
      execFileSync('mkfifo', [join(folder, name)])
      return join(folder, name)
    },
  }
}

/** Writes lines into a pipe until nobody reads it any more, or the test is done. */
export function writeForEver(path: string, first: string, line: string): ChildProcess {
  const program = '{ printf "%s\\n" "$1"; exec yes "$2"; } > "$3"'
  const child = spawn('sh', ['-c', program, 'sh', first, line, path], { stdio: 'ignore', detached: true })
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It has ended.
    }
  })
  return child
}

interface Session {
  pid: number
  state: string
  query: string
  wait_event: string | null
}

const patience = { timeout: 20_000, interval: 20 }

/** The sessions of pgrig in a database. */
export async function sessionsIn({ connect, database }: TestDatabase): Promise<Session[]> {
  const connection = await connect('postgres')
  try {
    return await connection.query<Session>`
      select pid, state, query, wait_event from pg_stat_activity
       where datname = ${database} and application_name like 'pgrig%'`
  } finally {
    await connection.close()
  }
}

/** Waits until pgrig is at a place: what it runs, or what it waits for there. */
export async function waitUntil(database: TestDatabase, where: RegExp): Promise<Session> {
  const find = async () =>
    (await sessionsIn(database)).find(({ state, query, wait_event: event }) =>
      where.test(`${state} ${event}: ${query}`),
    )
  await expect.poll(find, patience).toBeDefined()
  return (await find()) ?? waitUntil(database, where)
}

/** Waits until no session of pgrig is left, and makes sure that nothing was made. */
export async function expectNothing(database: TestDatabase): Promise<void> {
  await expect.poll(() => sessionsIn(database), patience).toEqual([])
  expect(await tablesIn(database)).toEqual([])
}

export async function tablesIn(database: TestDatabase): Promise<string[]> {
  const connection = await database.connect()
  try {
    const tables = await connection.query<{ relname: string }>`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`
    return tables.map(({ relname }) => relname)
  } finally {
    await connection.close()
  }
}

/** Runs a statement in the database. */
export async function ask(database: TestDatabase, statement: string): Promise<void> {
  const connection = await database.connect()
  try {
    await connection.run(statement)
  } finally {
    await connection.close()
  }
}

/** Says what is not tested here; under CI that is an error. */
export function untested(what: string, why: string): void {
  const sentence = `${what} was not tested: ${why}`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
}
