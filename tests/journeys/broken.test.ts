import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../packages/core/src/index.ts'
import { processExists } from '../../packages/core/src/postgres/embedded/lock-file.ts'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'
import { makeOtherServer, makeProject, pgrigProgram } from '../support/program.ts'

test('a .env with an unclosed quotation mark, or a pipe in the place of a file, stops every command with a sentence', async () => {
  const project = await makeProject({ '.env': '# mine\nPROD_DATABASE_URL="postgresql://u:s3cr3t@h/db' })
  expect(await project.pgrig(['config', 'prod'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `${project.path('.env')}:2:19: error: .env does not close the " of PROD_DATABASE_URL.
try: A value that holds " itself can stand between other quotation marks: one of " ' and \`.
`,
  })
  await promisify(execFile)('mkfifo', [project.path('pgrig.json')])
  expect(await project.pgrig(['config'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: ${project.path('pgrig.json')} is a named pipe, not a file.\ntry: Put a plain file in its place.\n`,
  })
})

test('wait --timeout ends in time, though the connection’s own time-out is longer', async () => {
  const project = await makeProject()
  const silent = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const env = { DATABASE_URL: `postgresql://me@127.0.0.1:${port}/db?connect_timeout=60` }
  const began = performance.now()
  const { code, stderr } = await project.pgrig(['wait', '--timeout', '1s'], { env })
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(code).toBe(2)
  expect(stderr).toContain('error: The server did not answer within 1 s.')
})

/** An address that has psql read certificates: pgrig writes them into files for it. */
async function makeCertificates(project: Awaited<ReturnType<typeof makeProject>>): Promise<Record<string, string>> {
  const begin = (kind: string) => `-----BEGIN ${kind}-----\n`
  const key = await project.write('client.key', begin('PRIVATE KEY'))
  await chmod(key, 0o600)
  return { PGSSLCERT: await project.write('client.crt', begin('CERTIFICATE')), PGSSLKEY: key }
}

test('connect needs a folder for temporary files only where there are certificates, and says so', async () => {
  const [project, other] = await Promise.all([makeProject(), makeOtherServer()])
  const env = { DATABASE_URL: other.url('postgres'), TMPDIR: '/nonexistent' }
  const words = ['connect', '--write', '--', '-Atc', 'select 1']
  expect(await project.pgrig(words, { env })).toMatchObject({ code: 0, stdout: '1\n' })
  const failed = await project.pgrig(words, { env: { ...env, ...(await makeCertificates(project)) } })
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr)
    .toContain(`error: The certificates are needed in files, and they cannot be written in /nonexistent (ENOENT).
try: Set TMPDIR to a folder that exists and that you may write into.`)
})

test('whatever ends connect, the certificates that it wrote for psql are gone, and psql too', async () => {
  const [project, other] = await Promise.all([makeProject(), makeOtherServer()])
  const temporary = project.path('tmp')
  await mkdir(temporary)
  // The psql that is found first tells its number, and is then the real one.
  const psql = await project.write(
    'bin/psql',
    `#!/bin/sh\necho $$ > '${project.path('pid')}'\nPATH=$REST exec psql "$@"\n`,
  )
  await chmod(psql, 0o755)
  const env = {
    PATH: `${project.path('bin')}:${process.env.PATH}`,
    REST: process.env.PATH,
    HOME: project.folder,
    DATABASE_URL: other.url('postgres'),
    TMPDIR: temporary,
    ...(await makeCertificates(project)),
  }
  for (const [signal, times] of [
    ['SIGTERM', 1],
    ['SIGHUP', 1],
    ['SIGQUIT', 1],
    ['SIGTERM', 2],
  ] as const) {
    const words = [pgrigProgram, 'connect', '--', '-c', 'select pg_sleep(60)']
    const child = spawn(process.execPath, words, { cwd: project.folder, env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    await expect.poll(() => existsSync(project.path('pid')), { timeout: 10_000 }).toBe(true)
    expect(await readdir(temporary)).toHaveLength(1)
    for (let time = 0; time < times; time++) child.kill(signal)
    await ended
    expect(await readdir(temporary), signal).toEqual([])
    const pid = Number(await readFile(project.path('pid'), 'utf8'))
    await expect.poll(() => processExists(pid), { message: signal, timeout: 10_000 }).toBe(false)
    await rm(project.path('pid'))
  }
})

test('a start that was killed while it made the data folder leaves nothing that the next start does not remove', async () => {
  const project = await makeProject()
  const list = () => readdir(project.path('.pgrig')).catch(() => [])
  const partial = async () => (await list()).filter((name) => name.startsWith('data.new-'))
  const child = spawn(process.execPath, [pgrigProgram, 'server', 'start'], { cwd: project.folder, stdio: 'ignore' })
  await expect.poll(partial, { timeout: 10_000, interval: 1 }).not.toEqual([])
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await partial()).not.toEqual([])
  expect(await project.pgrig(['server', 'start'])).toMatchObject({ code: 0 })
  await expect.poll(partial).toEqual([])
})

test('half a database, which an interrupted drop left: create and connect say what to do, and drop does it, on production too', async () => {
  const [project, other] = await Promise.all([makeProject(), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  expect(await project.pgrig(['create', 'prod'], { env })).toMatchObject({ code: 0 })
  const connection = await connect(addressOf(other.server, 'postgres'), { application: 'tests' })
  await connection.run(`update pg_database set datconnlimit = -2 where datname = 'cruddur'`)
  await connection.close()

  const refused = await project.pgrig(['create', 'prod'], { env })
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toContain(`error: A drop of cruddur was interrupted, and half of it is still there.
try: Finish the drop: pgrig drop, with the same target.`)
  const shut = await project.pgrig(['connect', 'prod', '--', '-c', 'select 1'], { env })
  expect(shut).toMatchObject({ code: 2, stdout: '' })
  expect(shut.stderr).toMatch(/try: .*pgrig drop|HINT: .*DROP DATABASE/)
  expect(await project.pgrig(['drop', 'prod'], { env })).toMatchObject({ code: 4 })
  expect(await project.pgrig(['drop', 'prod', '--confirm', 'cruddur'], { env })).toMatchObject({
    code: 0,
    stdout: 'Dropped cruddur.\n',
  })
})
