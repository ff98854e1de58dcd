import { readFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type Connection } from '../../packages/core/src/index.ts'
import { makeOtherServer, makeProject, pgrigProgram, type TestProject } from '../support/program.ts'
import { openTerminal } from '../support/terminal.ts'

/** A project with a database on its embedded server. */
async function makeCruddur(): Promise<TestProject> {
  const project = await makeProject({ 'pgrig.json': '{ "database": "cruddur" }' })
  expect(await project.pgrig(['create'])).toMatchObject({ code: 0 })
  return project
}

async function join(project: TestProject, application: string): Promise<Connection> {
  const port = Number(await readFile(project.path('.pgrig/port'), 'utf8'))
  const { stdout } = await project.pgrig(['server', 'status', '--json'])
  const { running } = JSON.parse(stdout) as { running: { socketFolder: string } }
  const address = { host: running.socketFolder, port, user: 'postgres', database: 'cruddur' }
  const connection = await connect({ ...address, tls: { mode: 'disable' }, connectTimeoutSeconds: 10 }, { application })
  onTestFinished(() => connection.leave())
  return connection
}

const pidOf = async (connection: Connection) =>
  (await connection.query<{ pid: number }>`select pg_backend_pid() as pid`)[0]?.pid ?? 0

test('sessions and locks tell the same story, and ending the holder ends it', async () => {
  const project = await makeCruddur()
  const [reader, alter] = [await join(project, 'reader'), await join(project, 'alter')]
  const [holder, waiter] = [await pidOf(reader), await pidOf(alter)]
  expect((await project.pgrig(['locks'])).stdout).toBe('Nobody waits for a lock.\n')
  expect((await project.pgrig(['sessions'])).stdout).toBe(
    'Nobody else is doing anything. 2 sessions are idle: --all lists them too.\n',
  )
  await reader.run('create table t (id int)')
  await reader.run('begin')
  await reader.run('select * from t')
  const altered = alter.run('alter table t add column name text')
  await expect.poll(async () => (await project.pgrig(['locks'])).stdout).toContain('alter table')

  const { stdout: tree, stderr } = await project.pgrig(['locks'])
  expect(tree).toMatch(
    new RegExp(
      `^${holder} · idle in transaction .* · reader as postgres in cruddur\n│  select \\* from t\n` +
        `└─ ${waiter} · waits .* for AccessExclusiveLock of public\\.t \\(held: AccessShareLock\\) · alter as postgres in cruddur\n` +
        `      alter table t add column name text\n$`,
    ),
  )
  expect(stderr).toContain(`To end a holder: pgrig sessions end ${holder}, with the same target`)
  expect(JSON.parse((await project.pgrig(['locks', '--json'])).stdout)).toMatchObject([
    { pid: holder, waitsFor: null, blocks: [{ pid: waiter, waitsFor: { object: 'public.t' } }] },
  ])
  const listed = await project.pgrig(['sessions', '--state', 'waiting'])
  expect(listed.stdout).toMatch(new RegExp(`^ *pid .*\n *${waiter} .* Lock: relation .* ${holder} +alter table`))

  expect(await project.pgrig(['sessions', 'end', String(holder), '--dry-run'])).toMatchObject({
    code: 0,
    stdout: `select pg_terminate_backend(${holder});  -- ${holder} (reader as postgres in cruddur)\n`,
  })
  const refused = await project.pgrig(['sessions', 'end', String(holder)])
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('reader')
  expect(refused.stderr).toContain(`try: pgrig sessions end ${holder} --yes\n`)
  const ended = await project.pgrig(['sessions', 'end', String(holder), '--yes'])
  expect(ended).toMatchObject({ code: 0 })
  expect(ended.stdout).toMatch(new RegExp(`${holder} +postgres +cruddur +reader +ended\n$`))
  await altered
  expect(await project.pgrig(['sessions', 'end', String(holder), '--yes'])).toMatchObject({ code: 1 })
})

test('a statement that runs long is cancelled by what it is; what makes no sense is a usage error', async () => {
  const project = await makeCruddur()
  const busy = await join(project, 'reports')
  const cancelled = expect(busy.run('select pg_sleep(600)')).rejects.toMatchObject({ sql: { sqlstate: '57014' } })
  const cancel = (...args: string[]) => project.pgrig(['sessions', 'cancel', ...args])
  await expect.poll(async () => (await project.pgrig(['sessions'])).stdout).toContain('pg_sleep')
  expect(await cancel('--application', 'reports', '--running', '10m', '--yes')).toMatchObject({
    code: 0,
    stdout: 'There is no such session.\n',
  })
  expect(await cancel('--application', 'reports')).toMatchObject({ code: 4, stdout: '' })
  const done = await cancel('--application', 'reports', '--yes', '--json')
  expect(done).toMatchObject({ code: 0 })
  expect(JSON.parse(done.stdout)).toMatchObject({ results: [{ outcome: 'done', session: { application: 'reports' } }] })
  await cancelled
  for (const args of [[], ['1', '--user', 'x'], ['--idle', '10m'], ['x'], ['--idle', 'soon']])
    expect(await cancel(...args), args.join(' ')).toMatchObject({ code: 64, stdout: '' })
  for (const args of [
    ['sessions', '--watch'],
    ['sessions', '--watch', '--json'],
    ['locks', '--watch'],
  ])
    expect(await project.pgrig(args), args.join(' ')).toMatchObject({ code: 64, stdout: '' })
})

test('on production a session is ended with the exact name alone, and that is on record', async () => {
  const { url } = await makeOtherServer()
  const project = await makeProject({ 'pgrig.json': '{ "database": "cruddur" }' })
  const env = { PROD_DATABASE_URL: url('postgres') }
  const victims = ['sessions', 'end', '--application', 'nobody', 'prod']
  expect(await project.pgrig([...victims, '--yes'], { env })).toMatchObject({ code: 0 })
  const there = new URL(url('postgres'))
  const connection = await connect(
    {
      host: there.hostname,
      port: Number(there.port),
      user: 'postgres',
      password: decodeURIComponent(there.password),
      database: 'postgres',
      tls: { mode: 'disable' },
      connectTimeoutSeconds: 10,
    },
    { application: 'nobody' },
  )
  onTestFinished(() => connection.leave())
  const refused = await project.pgrig([...victims, '--yes'], { env })
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain(
    'This ends 1 session, whose transactions are rolled back, on what looks like production',
  )
  expect(await connection.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(await project.pgrig([...victims, '--confirm', 'postgres'], { env })).toMatchObject({ code: 0 })
  await expect(connection.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  const record = await readFile(project.path('.pgrig/log.jsonl'), 'utf8')
  expect(record).toContain('"command":"sessions end"')
  expect(record).toContain('"result":"done"')
})

test('the live page shows who comes, ends whom it is told to, and leaves the terminal as it was', async () => {
  const project = await makeCruddur()
  const command = `'${process.execPath}' '${pgrigProgram}' sessions --watch --interval 200ms`
  const terminal = openTerminal(`${command}; echo exit=$?; stty -a`, { cwd: project.folder })
  await terminal.shows('Nobody else is connected.')
  const guest = await join(project, 'the guest')
  await guest.run('begin')
  await guest.run('select 42 as answer')
  const pid = await pidOf(guest)
  await terminal.shows(new RegExp(`› *${pid} .*the guest.* idle in tx`))
  terminal.type('c')
  await terminal.shows(`${pid} runs no statement that could be cancelled.`)
  terminal.type('e')
  await terminal.shows(`End ${pid} (the guest as postgres in cruddur)? y/N`)
  terminal.type('n')
  await terminal.shows('Nothing was done.')
  terminal.type('l')
  await terminal.shows('Nobody waits for a lock.')
  terminal.type('l/guest\r')
  await terminal.shows('with “guest”')
  terminal.type('e')
  await terminal.shows('y/N')
  terminal.type('y')
  await terminal.shows(`${pid} (the guest as postgres in cruddur): ended`)
  await expect(guest.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  terminal.type('q')
  const after = await terminal.end()
  expect(after).toMatch(/^exit=0\n/)
  expect(after).toMatch(/(^|\s)icanon\b/)
  expect(after).toMatch(/(^|\s)echo\b/)
  expect(terminal.output()).toContain('\u001B[?25h\u001B[?1049l')
})

test.each([
  ['Ctrl-C', (terminal: ReturnType<typeof openTerminal>) => terminal.type('\u0003')],
  [
    'SIGTERM',
    async (_: unknown, project: TestProject) =>
      process.kill(Number(await readFile(project.path('pid'), 'utf8')), 'SIGTERM'),
  ],
])('%s leaves the live page and the terminal as it was', async (_, stop) => {
  const project = await makeCruddur()
  const command = `sh -c 'echo $$ > pid; exec "${process.execPath}" "${pgrigProgram}" locks --watch'`
  const terminal = openTerminal(`${command}; echo exit=$?; stty -a`, { cwd: project.folder })
  await terminal.shows('Nobody waits for a lock.')
  await stop(terminal, project)
  const after = await terminal.end()
  expect(after).toContain('exit=130\n')
  expect(after).toMatch(/(^|\s)icanon\b/)
  expect(terminal.output().match(/\u001B\[\?1049[hl]/g)).toEqual(['\u001B[?1049h', '\u001B[?1049l'])
})

test('the live page ends when its terminal is closed', async () => {
  const project = await makeCruddur()
  const command = `echo $$ > pid; exec '${process.execPath}' '${pgrigProgram}' sessions --watch --interval 200ms`
  const terminal = openTerminal(command, { cwd: project.folder })
  await terminal.shows('Nobody else is connected.')
  const pid = Number(await readFile(project.path('pid'), 'utf8'))
  expect(isAlive(pid)).toBe(true)
  terminal.hangUp()
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('the live page says that the server is gone, and goes on when it is back; the exact name is asked on production', async () => {
  const project = await makeCruddur()
  await project.write('pgrig.json', '{ "database": "cruddur", "targets": { "local": { "protected": true } } }')
  const command = `'${process.execPath}' '${pgrigProgram}' sessions --watch --interval 200ms`
  const terminal = openTerminal(`${command}; echo exit=$?`, { cwd: project.folder })
  await terminal.shows('Nobody else is connected.')
  expect(await project.pgrig(['server', 'stop'])).toMatchObject({ code: 0 })
  await terminal.shows('Trying again; this is from before.')
  expect(await project.pgrig(['server', 'start'])).toMatchObject({ code: 0 })
  const guest = await join(project, 'the guest')
  await guest.run('begin')
  await terminal.shows(/the guest/)
  terminal.type('e')
  await terminal.shows(/type\s+the\s+name\s+of\s+the\s+database,\s+cruddur/)
  terminal.type('crudder\r')
  await terminal.shows('That is not its name. Nothing was done.')
  expect(await guest.run('select 1 as one')).toEqual([{ one: 1 }])
  terminal.type('ecruddur\r')
  await terminal.shows(/the guest as postgres in cruddur\): ended/)
  await expect(guest.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  terminal.type('q')
  expect(await terminal.end()).toBe('exit=0\n')
})
