import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** A service that answers over HTTP, in a process of its own. */
export interface Service {
  name: string
  kind: 'cruddur' | 'anonymous' | 'original' | 'postgraphile'
  url: string
  /** Who may be said to ask, one a line: cookies for Cruddur, uuids for PostGraphile. */
  peopleFile: string
  stop(): Promise<void>
}

const peers = join(root, 'bench/.peers')
const python = join(peers, 'venv/bin/python')
const packages = ['flask==3.1.3', 'psycopg2-binary==2.9.13', 'gunicorn==27.0.1']

/** Installs what the peers are made of, where it is not there. */
export function installPeers(): void {
  mkdirSync(peers, { recursive: true })
  if (!existsSync(join(peers, 'venv/bin/gunicorn'))) {
    run('python3', ['-m', 'venv', join(peers, 'venv')])
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
  }
  if (!existsSync(join(peers, 'node_modules/postgraphile'))) {
    writeFileSync(join(peers, 'package.json'), '{"private":true}\n')
    // PostGraphile wants a newer Node.js than ours.
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', 'node@24.21.0', 'postgraphile@5.1.5'])
  }
}

/** Says what is missing of the load generators. Throws where something is. */
export function findGenerators(): void {
  for (const [program, from] of [
    ['wrk', 'wrk'],
    ['pgbench', 'postgresql-contrib'],
  ] as const) {
    const { error } = spawnSync(program, ['--version'], { stdio: 'ignore' })
    if (error)
      throw new Error(
        `${program} is not there. On Debian: sudo apt install ${from}; on macOS: brew install ${program === 'wrk' ? 'wrk' : 'libpq'}`,
      )
  }
}

interface Start {
  name: string
  kind: Service['kind']
  command: string
  args: string[]
  env: Record<string, string>
  port: number
  /** What it writes goes here. */
  folder: string
  peopleFile: string
  ready: string
}

/** Starts a service and waits until it answers. */
async function start({ name, kind, command, args, env, port, folder, peopleFile, ready }: Start): Promise<Service> {
  const log = openSync(join(folder, `${kind}.log`), 'a')
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
  })
  const url = `http://127.0.0.1:${port}`
  const service: Service = { name, kind, url, peopleFile, stop: () => stop(child) }
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended:\n${readFileSync(join(folder, `${kind}.log`), 'utf8').slice(-2000)}`)
    const answer = await fetch(url + ready).catch(() => undefined)
    if (answer !== undefined && answer.status < 500) return service
    await sleep(100)
  }
  await stop(child)
  throw new Error(`${name} does not answer at ${url}${ready}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** What all services are started with. */
export interface StartOptions {
  /** Of the database. */
  url: string
  folder: string
  peopleFile: string
}

/** Cruddur as `npm start` builds it, with its sign-in, its log and its limits, which are set too high to be met. */
export async function startCruddur(options: StartOptions & { secret: string; flags?: string[] }): Promise<Service> {
  const port = await findPort()
  const most = '999999999'
  return start({
    name: 'Cruddur',
    kind: 'cruddur',
    command: process.execPath,
    args: [...(options.flags ?? []), `${root}cruddur/dist/start.js`],
    env: {
      DATABASE_URL: options.url,
      DATABASE_POOL_SIZE: '8',
      SESSION_SECRET: options.secret,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      RATE_LIMIT_READS: most,
      RATE_LIMIT_READS_SIGNED_IN: most,
      RATE_LIMIT_WRITES: most,
      RATE_LIMIT_POSTS: most,
    },
    port,
    ready: '/api/activities/home',
    ...options,
  })
}

/** The original's design: Flask and psycopg2 in two processes of four threads. */
export async function startOriginal(options: StartOptions): Promise<Service> {
  const port = await findPort()
  return start({
    name: 'Flask + psycopg2',
    kind: 'original',
    command: join(peers, 'venv/bin/gunicorn'),
    args: ['--chdir', `${root}bench/cruddur`, '-w', '2', '--threads', '4', '-b', `127.0.0.1:${port}`, 'original:app'],
    env: { CONNECTION_URL: options.url, PYTHONDONTWRITEBYTECODE: '1' },
    port,
    ready: '/api/activities/home',
    ...options,
  })
}

/** PostGraphile, with functions for the feeds. */
export async function startPostgraphile(options: StartOptions): Promise<Service> {
  const port = await findPort()
  const program = join(peers, 'node_modules/.bin/postgraphile')
  const address = ['-n', '127.0.0.1', '-p', String(port)]
  return start({
    name: 'PostGraphile 5',
    kind: 'postgraphile',
    command: join(peers, 'node_modules/node/bin/node'),
    args: [program, '-c', options.url, '-s', 'public,peer', '-P', 'postgraphile/presets/amber', ...address],
    env: { GRAPHILE_ENV: 'production' },
    port,
    ready: '/graphql',
    ...options,
  })
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { cwd: peers, stdio: ['ignore', 'inherit', 'inherit'] })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed with ${status}`)
}
