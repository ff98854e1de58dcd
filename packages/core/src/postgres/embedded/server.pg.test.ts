import { execFile, spawn, spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import type { Failure } from '../../errors.ts'
import { connect } from '../connection.ts'
import { inspectServer } from './inspect.ts'
import { clearStaleLockFile, processExists, readLockFile } from './lock-file.ts'
import { findPlace } from './place.ts'
import { portCandidates } from './port.ts'
import { addressOf, findServer, removeServer, startServer, stopServer, type Server } from './server.ts'

const projects: string[] = []

afterEach(async () => {
  for (const project of projects.splice(0)) {
    await removeServer(project)
    await rm(project, { recursive: true, force: true })
  }
})

/** A project folder, with a name that needs care, that the server's user may enter. */
async function makeProject(name = 'Ünï cödé & $paces "quoted"'): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'pgrig-server-'))
  await chmod(parent, 0o755)
  const project = join(parent, name)
  await mkdir(project)
  projects.push(project)
  return project
}

async function ask(server: Server, sql: string): Promise<unknown> {
  const connection = await connect(addressOf(server, 'postgres'), { application: 'tests' })
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

test('it starts in a path with spaces, quotes and letters beyond ASCII, keeps what was written, and stops', async () => {
  const project = await makeProject()
  const first = await startServer(project)
  expect(first.startedNow).toBe(true)
  expect(await ask(first, 'create table kept as select 1 as one')).toBeUndefined()
  expect(await startServer(project)).toMatchObject({ pid: first.pid, startedNow: false })

  expect(await stopServer(project)).toBe(true)
  await expect.poll(() => processExists(first.pid)).toBe(false)
  expect(await findServer(project)).toBeUndefined()
  expect(await stopServer(project)).toBe(false)

  const second = await startServer(project)
  expect(second.port).toBe(first.port)
  expect(await ask(second, 'select one from kept')).toBe(1)
})

test('its settings are durable, its time zone UTC, its texts UTF-8, its pages checked; over TCP it asks for the password', async () => {
  const server = await startServer(await makeProject())
  const settings = `select string_agg(current_setting(name), ' ' order by name)
    from unnest(array['fsync', 'synchronous_commit', 'full_page_writes', 'TimeZone', 'server_encoding', 'data_checksums']) name`
  expect(await ask(server, settings)).toBe('UTC on on on UTF8 on')

  const address = { ...addressOf(server, 'postgres'), host: '127.0.0.1' }
  await expect(connect(address, { application: 'tests' })).rejects.toMatchObject({ code: 'connection_denied' })
  const password = (await readFile(server.passwordFile, 'utf8')).trim()
  const connection = await connect({ ...address, password }, { application: 'tests' })
  await connection.close()
  // Only its owner can read it.
  expect((await stat(server.passwordFile)).mode & 0o077).toBe(0)
  expect((await stat(server.socketFolder)).mode & 0o077).toBe(0)
})

test('two projects have servers of their own, side by side', async () => {
  const [one, two] = await Promise.all([startServer(await makeProject()), startServer(await makeProject())])
  expect(one.port).not.toBe(two.port)
  expect(one.dataFolder).not.toBe(two.dataFolder)
})

test('two commands that race to make and start it get the same server', async () => {
  const project = await makeProject()
  const servers = await Promise.all(Array.from({ length: 3 }, () => startServer(project)))
  expect(new Set(servers.map((server) => server.pid)).size).toBe(1)
  expect(servers.filter((server) => server.startedNow)).toHaveLength(1)
})

test('after kill -9 it recovers, and nothing that was committed is lost', async () => {
  const project = await makeProject()
  const server = await startServer(project)
  await ask(server, 'create table survivors as select generate_series(1, 1000) as n')
  process.kill(server.pid, 'SIGKILL')
  while (processExists(server.pid)) await sleep(1)
  const again = await startServer(project)
  expect(again).toMatchObject({ startedNow: true })
  expect(await ask(again, 'select count(*)::int from survivors')).toBe(1000)
})

test('after kill -9 with a busy session it waits for that session to go', async () => {
  const project = await makeProject()
  const server = await startServer(project)
  const busy = ask(server, 'select pg_sleep(3)').catch(() => {})
  await sleep(200)
  process.kill(server.pid, 'SIGKILL')
  while (processExists(server.pid)) await sleep(1)
  const again = await startServer(project)
  expect(await ask(again, 'select 1')).toBe(1)
  await busy
})

test('a lock file that a reboot left, whose number another program has now, does not stand in the way', async () => {
  const project = await makeProject()
  const server = await startServer(project)
  const lockFile = join(server.dataFolder, 'postmaster.pid')
  const text = await readFile(lockFile, 'utf8')
  await stopServer(project)

  // A living process of the server's own user: PostgreSQL alone would take it for another server.
  const { uid, gid } = await stat(server.dataFolder)
  const other = spawn('sleep', ['60'], { uid, gid })
  await writeFile(lockFile, text.replace(/^\d+/, String(other.pid)))
  // The lock of the socket is left behind too, and PostgreSQL believes it as well.
  const socketLock = join(server.socketFolder, `.s.PGSQL.${server.port}.lock`)
  await writeFile(socketLock, text.replace(/^\d+/, String(other.pid)))
  await chown(socketLock, uid, gid)
  try {
    expect(await findServer(project)).toBeUndefined()
    expect(await stopServer(project)).toBe(false)
    expect(await startServer(project)).toMatchObject({ startedNow: true })
    expect(other.exitCode).toBeNull()
  } finally {
    other.kill()
  }
})

test('data of another major version is named and not touched', async () => {
  const project = await makeProject()
  const { dataFolder } = await startServer(project)
  await stopServer(project)
  await writeFile(join(dataFolder, 'PG_VERSION'), '13\n')
  const before = await stat(join(dataFolder, 'global', 'pg_control'))
  await expect(startServer(project)).rejects.toMatchObject({
    code: 'server_version',
    message: expect.stringContaining('belongs to PostgreSQL 13'),
    state: 'The data was not touched.',
  })
  expect((await stat(join(dataFolder, 'global', 'pg_control'))).mtimeMs).toBe(before.mtimeMs)
  expect((await inspectServer(project)).dataMajor).toBe(13)
})

test.each([
  [
    'missing',
    undefined,
    (data: string) => `${data} is not a data folder of PostgreSQL: there is something in it, but no PG_VERSION.`,
  ],
  ['garbage', 'x18\n', (data: string) => `${join(data, 'PG_VERSION')} does not hold the number of a version.`],
  ['empty', '', (data: string) => `${join(data, 'PG_VERSION')} does not hold the number of a version.`],
])('a data folder whose PG_VERSION is %s is said to be, and not touched', async (_, text, sentence) => {
  const project = await makeProject()
  const data = join(project, '.pgrig', 'data')
  await mkdir(data, { recursive: true })
  await writeFile(join(data, 'mine'), 'mine')
  if (text !== undefined) await writeFile(join(data, 'PG_VERSION'), text)
  const before = await readdir(data)
  const failure = { code: 'file_unusable', message: sentence(data), state: 'Nothing in it was touched.' }
  await expect(startServer(project)).rejects.toMatchObject(failure)
  await expect(inspectServer(project)).rejects.toMatchObject(failure)
  expect(await readdir(data)).toEqual(before)
})

test('a data folder that others may read is said to be, with the command that mends it', async () => {
  const project = await makeProject(`it's open`)
  const { dataFolder } = await startServer(project)
  await stopServer(project)
  await chmod(dataFolder, 0o755)
  const failure: Failure = await startServer(project).then(
    () => expect.unreachable('it started'),
    (error) => error,
  )
  expect(failure.message).toContain('invalid permissions')
  expect(failure.hint).toMatch(/^Take the rights of others away: chmod 700 /)
  await promisify(execFile)('sh', ['-c', failure.hint?.replace(/^.*?: /, '') ?? ''])
  expect(await startServer(project)).toMatchObject({ startedNow: true })
})

test('what a killed initialization left is removed by the next start, and what a living one makes is not', async () => {
  const project = await makeProject()
  const place = join(project, '.pgrig')
  const { pid: dead } = spawnSync('true')
  const left = [`data.new-${dead}-abc`, `data.new-${dead}-abc.password`, `data.new-${process.pid}-abc`]
  await mkdir(join(place, left[0] ?? '', 'base'), { recursive: true })
  await mkdir(join(place, left[2] ?? ''), { recursive: true })
  await writeFile(join(place, left[1] ?? ''), 'secret')
  await startServer(project)
  expect((await readdir(place)).filter((name) => name.startsWith('data.new'))).toEqual([left[2]])
})

test('when its usual port is taken it takes another one; a fixed port that is taken is an error that says so', async () => {
  const project = await makeProject()
  const first = await startServer(project)
  await stopServer(project)
  const squatter = await listen(first.port)
  try {
    await expect(startServer(project, { port: first.port })).rejects.toMatchObject({
      code: 'server_start',
      message: `Port ${first.port} is taken by another program.`,
    })
    const second = await startServer(project)
    expect(second.port).not.toBe(first.port)
    expect(second.listensOnTcp).toBe(true)
  } finally {
    squatter.close()
  }
})

test('when the whole range is taken the kernel picks a port, and after that the socket alone remains', async () => {
  const squatter = await listen(0)
  try {
    const project = await makeProject()
    const { port } = squatter.address() as AddressInfo
    const ports = { first: port, count: 1 }
    const candidates = []
    for await (const candidate of portCandidates(await findPlace(project), ports)) candidates.push(candidate)
    expect(candidates).toHaveLength(2)
    expect(candidates.at(-1)).toBe(0)
    const server = await startServer(project, { ports })
    expect(server.listensOnTcp).toBe(true)
    expect(server.port).not.toBe(port)
    expect(await ask(server, 'select 1')).toBe(1)
  } finally {
    squatter.close()
  }
})

test('a path too long for a socket gets its socket elsewhere', async () => {
  const server = await startServer(await makeProject('long-'.repeat(30)))
  expect(server.socketFolder).toMatch(/^\/tmp\/pgrig-/)
  expect(await ask(server, 'select 1')).toBe(1)
})

test('a folder that the server’s user may not enter gets its data elsewhere, and removing it removes that too', async () => {
  if (process.getuid?.() !== 0)
    return console.warn('Only root starts the server as another user: nothing to test here.')
  const project = await makeProject()
  await chmod(join(project, '..'), 0o700)
  const server = await startServer(project)
  expect(server.dataFolder).toMatch(/^\/var\/lib\/pgrig\//)
  expect(await ask(server, 'select 1')).toBe(1)
  expect(await removeServer(project)).toBe(true)
  await expect(stat(server.dataFolder)).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(stat(join(project, '.pgrig'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('as root it runs as the owner of the project where that is somebody else', async () => {
  if (process.getuid?.() !== 0)
    return console.warn('Only root starts the server as another user: nothing to test here.')
  const { stdout } = await promisify(execFile)('id', ['-u', 'nobody'])
  const project = await makeProject()
  await promisify(execFile)('chown', [stdout.trim(), project])
  const server = await startServer(project)
  expect((await stat(server.dataFolder)).uid).toBe(Number(stdout))
})

test('a pointer to a folder that is not this project’s is refused, and that folder is left alone', async () => {
  const project = await makeProject()
  const victim = join(project, 'victim')
  await mkdir(victim)
  await mkdir(join(project, '.pgrig'))
  await writeFile(join(project, '.pgrig', 'location'), `${victim}\n`)
  const before = await stat(victim)
  await expect(startServer(project)).rejects.toMatchObject({ code: 'file_unusable' })
  await expect(removeServer(project)).rejects.toMatchObject({ code: 'file_unusable' })
  expect((await stat(victim)).uid).toBe(before.uid)
  await rm(join(project, '.pgrig'), { recursive: true })
})

test('root refuses a .pgrig that is a link, and leaves what it points to alone; anybody else follows their own', async () => {
  const project = await makeProject()
  const elsewhere = join(project, 'elsewhere')
  await mkdir(elsewhere)
  await symlink(elsewhere, join(project, '.pgrig'))
  if (process.getuid?.() !== 0) {
    const { dataFolder } = await startServer(project)
    return expect(dataFolder).toBe(join(elsewhere, 'data'))
  }
  const before = await stat(elsewhere)
  const refusal = {
    code: 'file_unusable',
    message: `${join(project, '.pgrig')} is a link, and root follows none there.`,
    hint: 'Make it a folder, or run as its owner.',
  }
  await expect(startServer(project)).rejects.toMatchObject(refusal)
  await expect(inspectServer(project)).rejects.toMatchObject(refusal)
  await expect(removeServer(project)).rejects.toMatchObject(refusal)
  expect(await readdir(elsewhere)).toEqual([])
  expect((await stat(elsewhere)).uid).toBe(before.uid)
  await rm(join(project, '.pgrig'))
})

test('several that race for a fixed port get the same server', async () => {
  const project = await makeProject()
  const squatter = await listen(0)
  const { port } = squatter.address() as AddressInfo
  await new Promise((resolve) => squatter.close(resolve))
  const servers = await Promise.all(Array.from({ length: 4 }, () => startServer(project, { port })))
  expect(new Set(servers.map((server) => server.pid)).size).toBe(1)
})

test('a start that is interrupted while it waits ends the server that it started', async () => {
  const project = await makeProject()
  const stop = new AbortController()
  const starting = startServer(project, {
    signal: stop.signal,
    progress: () => setTimeout(() => stop.abort(new Error('stopped')), 0),
  })
  await expect(starting).rejects.toThrow('stopped')
  expect(await findServer(project)).toBeUndefined()
})

test('a link in the place of the log is not followed', async () => {
  const project = await makeProject()
  await startServer(project)
  await stopServer(project)
  const { log } = await findPlace(project)
  await rm(log)
  await symlink(join(project, 'elsewhere'), log)
  await expect(startServer(project)).rejects.toMatchObject({ code: 'file_unusable' })
  await expect(stat(join(project, 'elsewhere'))).rejects.toMatchObject({ code: 'ENOENT' })
  await rm(log)
})

test('a lock file that somebody else has written meanwhile is not removed', async () => {
  const project = await makeProject()
  const server = await startServer(project)
  await clearStaleLockFile(server.dataFolder)
  expect(await readLockFile(server.dataFolder)).toMatchObject({ pid: server.pid })
})

test('a full or read-only place is a sentence, and leaves no half-made data behind', async () => {
  const project = await makeProject()
  await writeFile(join(project, '.pgrig'), 'in the way')
  await expect(startServer(project)).rejects.toMatchObject({ code: 'file_unusable' })
  await rm(join(project, '.pgrig'))
})

test('a start that is interrupted leaves no server behind', async () => {
  const project = await makeProject()
  await startServer(project)
  await stopServer(project)
  await expect(startServer(project, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  const place = await findPlace(project)
  expect(await readLockFile(place.data)).toBeUndefined()
})

function listen(port: number): Promise<NetServer> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
