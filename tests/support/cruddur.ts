import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, symlink } from 'node:fs/promises'
import pg from 'pg'
import { expect, onTestFinished } from 'vitest'
import { findServer } from '../../packages/core/src/postgres/embedded/server.ts'
import { makeProject, root, type TestProject } from './program.ts'

/** Cruddur, built, in a folder of its own: the tests must not touch the data of whoever runs them. */
export async function makeCruddur(): Promise<TestProject> {
  const project = await makeProject()
  await cp(`${root}cruddur`, project.folder, {
    recursive: true,
    filter: (source) => !/cruddur\/\.(pgrig|cruddur|env)/.test(source),
  })
  await symlink(`${root}node_modules`, project.path('node_modules'))
  return project
}

export interface StartedCruddur {
  child: ChildProcess
  address: string
  /** What it has said so far, on both streams. */
  said(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts it, and waits until it says where it is. Fails with what it said where it ends before. */
export async function startCruddur(project: TestProject, env: Record<string, string> = {}): Promise<StartedCruddur> {
  const child = spawn(process.execPath, [project.path('dist/start.js')], {
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /Cruddur is at (https?:\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${said}`)))
  })
  return {
    child,
    address,
    said: () => said,
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}

/** The code that was said for an address, as it would be in a mail. */
export async function findCode(cruddur: StartedCruddur, email: string): Promise<string> {
  const find = () => cruddur.said().split(`The code for ${email} to confirm the account is `)[1]?.slice(0, 6) ?? ''
  await expect.poll(find).toMatch(/^\d{6}$/)
  return find()
}

export interface CruddurDatabase {
  read(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Moves all times of all tables back, which is the same as to wait that long. */
  moveBack(interval: string): Promise<void>
  /** The tables in which some row has a text, whatever the column. */
  findText(text: string): Promise<string[]>
  /** Ends the server at once, as if its machine had failed. */
  kill(): Promise<void>
}

/** A look into the database of a Cruddur that runs. */
export async function openDatabase(project: TestProject): Promise<CruddurDatabase> {
  const server = await findServer(project.folder)
  if (server === undefined) throw new Error('There is no server')
  const { socketFolder: host, port } = server
  // A connection each time: one that stays would keep the server from being stopped.
  const read: CruddurDatabase['read'] = async (text, values = []) => {
    const client = new pg.Client({ host, port, user: 'postgres', database: 'cruddur' })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows
    } finally {
      await client.end()
    }
  }
  const listTables = async () =>
    (await read(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`)).map(
      ({ relname }) => String(relname),
    )
  return {
    read,
    async moveBack(interval) {
      const columns = await read(
        `select table_name, string_agg(format('%1$I = %1$I - interval %2$L', column_name, $1::text), ', ') as moved
         from information_schema.columns join pg_class on relname = table_name and relkind = 'r' and relnamespace = 'public'::regnamespace
         where table_schema = 'public' and data_type = 'timestamp with time zone' group by table_name`,
        [interval],
      )
      const updates = columns.map(({ table_name: table, moved }) => `update "${String(table)}" set ${String(moved)}`)
      await read(['begin', ...updates, 'commit'].join(';\n'))
    },
    async findText(text) {
      const found: string[] = []
      for (const table of await listTables()) {
        const rows = await read(`select from "${table}" as one where strpos(one::text, $1) > 0`, [text])
        if (rows.length > 0) found.push(table)
      }
      return found.sort()
    },
    async kill() {
      process.kill(server.pid, 'SIGKILL')
      await expect.poll(() => findServer(project.folder)).toBeUndefined()
    },
  }
}
