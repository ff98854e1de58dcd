import { access, cp, mkdir, readFile, symlink } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { makeOtherServer, makeProject, pgrigProgram, root, run, type TestProject } from '../support/program.ts'

/** Cruddur in a folder of its own, as if it were a repository of its own. */
async function makeCruddur(): Promise<TestProject> {
  const project = await makeProject()
  await cp(`${root}cruddur`, project.path('cruddur'), {
    recursive: true,
    filter: (source) => !/cruddur\/(\.pgrig|dist|node_modules)/.test(source),
  })
  await mkdir(project.path('node_modules/.bin'), { recursive: true })
  await symlink(pgrigProgram, project.path('node_modules/.bin/pgrig'))
  onTestFinished(async () => {
    await project.pgrig(['server', 'remove', '--yes'], { cwd: project.path('cruddur') })
  })
  return project
}

test('the seven scripts work by their names, from any folder', async () => {
  const project = await makeCruddur()
  const script = (name: string, ...args: string[]) => run(project.path(`cruddur/bin/${name}`), args, { cwd: '/' })
  expect(await script('db-create')).toMatchObject({ code: 0, stdout: expect.stringContaining('Created cruddur.') })
  expect(await script('db-schema-load')).toMatchObject({ code: 0 })
  expect(await script('db-seed')).toMatchObject({ code: 0 })
  expect(await script('db-connect', '--', '-Atc', 'select count(*) > 5 from users')).toMatchObject({
    code: 0,
    stdout: 't\n',
  })
  expect(await script('db-sessions', '--all')).toMatchObject({ code: 0, stdout: 'Nobody else is connected.\n' })
  expect(await script('db-setup')).toMatchObject({ code: 0 })
  expect((await script('db-drop')).stdout).toMatch(/^Dropped cruddur\.\nKept a copy for 7 days: /)
})

test('with prod as their argument they work there', async () => {
  const [project, other] = await Promise.all([makeCruddur(), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  const script = (name: string, ...args: string[]) => run(project.path(`cruddur/bin/${name}`), args, { cwd: '/', env })
  expect(await script('db-setup', 'prod')).toMatchObject({ code: 4 })
  const done = await script('db-setup', 'prod', '--confirm', 'cruddur')
  expect(done).toMatchObject({ code: 0 })
  expect(done.stderr).toContain(`on 127.0.0.1:${other.server.port}`)
  expect(await script('db-connect', 'prod', '--', '-Atc', 'select count(*) > 5 from users')).toMatchObject({
    code: 0,
    stdout: 't\n',
  })
})

test('an error in the middle of schema.sql leaves nothing behind, and exits 3 with file, line, column and caret', async () => {
  const project = await makeProject({
    'pgrig.json': JSON.stringify({ database: 'app' }),
    'db/schema.sql': 'create table one ();\ncreate table two (\n  id uuid,\n\tother uid\n);\n',
  })
  await project.pgrig(['create'])
  const failed = await project.pgrig(['schema', 'load'])
  expect(failed).toMatchObject({ code: 3, stdout: '' })
  expect(failed.stderr).toContain('db/schema.sql:4:8: ERROR: type "uid" does not exist')
  const lines = failed.stderr.split('\n')
  const at = lines.findIndex((line) => line.includes('other uid'))
  expect(lines[at + 1]?.indexOf('^')).toBe(lines[at]?.indexOf('uid'))
  expect(failed.stderr).toContain('SQLSTATE: 42704')
  expect(failed.stderr).toContain('rolled back')
  const tables = await project.pgrig([
    'connect',
    '--',
    '-Atc',
    `select count(*) from pg_tables where schemaname = 'public'`,
  ])
  expect(tables.stdout).toBe('0\n')

  const json = await project.pgrig(['schema', 'load', '--json'])
  expect(json).toMatchObject({ code: 3, stdout: '' })
  expect(JSON.parse(json.stderr)).toMatchObject({
    error: { code: 'sql_error', sqlstate: '42704', file: 'db/schema.sql', line: 4, column: 8, exitCode: 3 },
  })
})

test('a database that others are connected to is not dropped, they are named, and --force ends them', async () => {
  const project = await makeProject({ 'pgrig.json': JSON.stringify({ database: 'app' }) })
  await project.pgrig(['create'])
  const guest = project.pgrig(['connect', '--', '-c', 'select pg_sleep(60)'])
  await expect.poll(async () => (await project.pgrig(['sessions'])).stdout, { timeout: 10_000 }).toContain('pg_sleep')
  const busy = await project.pgrig(['drop'])
  expect(busy).toMatchObject({ code: 1, stdout: '' })
  expect(busy.stderr).toMatch(/pid \d+ · postgres from this machine · pgrig connect · (?:process \d+, psql · )?active/)
  expect(busy.stderr).toContain('--force')
  expect(await project.pgrig(['drop', '--force'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Ended one session\.\nDropped app\.\nKept a copy for 7 days: /),
  })
  expect((await guest).code).not.toBe(0)
})

test('the password is on no command line while psql runs', async () => {
  const [project, other] = await Promise.all([makeProject(), makeOtherServer()])
  const child = spawn(process.execPath, [pgrigProgram, 'connect', '--', '-c', 'select pg_sleep(3)'], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, DATABASE_URL: other.url('postgres') },
  })
  onTestFinished(() => void child.kill())
  let list = ''
  for (let tries = 0; !/psql .*pg_sleep/.test(list) && tries < 100; tries++) {
    await sleep(50)
    list = (await run('ps', ['-eww', '-o', 'args='])).stdout
  }
  expect(list).toMatch(/psql .*pg_sleep/)
  expect(list).not.toContain(other.password)
})

test('without psql, connect says how to get it', async () => {
  const project = await makeProject()
  const missing = await project.pgrig(['connect'], { env: { PATH: '/nowhere' } })
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain('There is no psql on this machine.')
  expect(missing.stderr).toContain('postgresql-client')
})

test('setup in a project without files drops nothing and names the file that is missing', async () => {
  const project = await makeProject({ 'pgrig.json': '{"database":"app"}' })
  const failed = await project.pgrig(['setup'])
  expect(failed).toMatchObject({ code: 1 })
  expect(failed.stderr).toContain('There is no file db/schema.sql.')
})

test('setup that fails says that the database is as it was before, and with --no-undo that it is gone', async () => {
  const project = await makeProject({
    'pgrig.json': '{"database":"app"}',
    'db/schema.sql': 'create table a ();',
    'db/seed.sql': 'select 1;',
  })
  await project.pgrig(['setup'])
  await project.write('db/seed.sql', 'select 1/0;')
  const failed = await project.pgrig(['setup'])
  expect(failed).toMatchObject({ code: 3 })
  expect(failed.stderr).toContain('db/seed.sql:1:1: ERROR: division by zero')
  expect(failed.stderr).toContain('app is as it was before.')
  const gone = await project.pgrig(['setup', '--no-undo'])
  expect(gone).toMatchObject({ code: 3 })
  expect(gone.stderr).toContain('app was dropped and created anew. It is empty: no script was kept.')
})

test('a dry run changes nothing: it does not even start the server', async () => {
  const project = await makeProject({
    'pgrig.json': '{"database":"app"}',
    'db/schema.sql': 'create table a ();',
    'db/seed.sql': 'select 1;',
  })
  for (const words of [
    ['create'],
    ['drop'],
    ['schema', 'load'],
    ['seed'],
    ['setup'],
    ['prepare'],
    ['server', 'remove'],
  ]) {
    const { code, stdout } = await project.pgrig([...words, '--dry-run'])
    expect({ words, code }).toEqual({ words, code: 0 })
    expect(stdout).not.toBe('')
  }
  await expect(access(project.path('.pgrig'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('killing pgrig in the middle of a load leaves nothing of it', async () => {
  const project = await makeProject({
    'pgrig.json': '{"database":"app"}',
    'db/schema.sql': 'create table a ();\nselect pg_sleep(30);\n',
  })
  await project.pgrig(['create'])
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    const child = spawn(process.execPath, [pgrigProgram, 'schema', 'load'], {
      cwd: project.folder,
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve))
    await expect.poll(async () => (await project.pgrig(['sessions'])).stdout, { timeout: 10_000 }).toContain('pg_sleep')
    child.kill(signal)
    expect(await ended).toBe(code)
    if (signal === 'SIGINT') expect(stderr).toContain('rolled back')
    // The server notices that the client is gone when it next looks.
    await project.pgrig([
      'connect',
      '--',
      '-Atc',
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`,
    ])
    const left = await project.pgrig(['connect', '--', '-Atc', `select to_regclass('a') is null`])
    expect(left.stdout).toBe('t\n')
  }
})

test('the scripts are what they are in the repository: executable, one line of work each', async () => {
  for (const name of ['create', 'drop', 'schema-load', 'seed', 'connect', 'sessions', 'setup']) {
    const text = await readFile(`${root}cruddur/bin/db-${name}`, 'utf8')
    expect(
      text
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('#')),
    ).toHaveLength(1)
  }
})
