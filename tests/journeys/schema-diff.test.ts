import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../packages/core/src/index.ts'
import { makeOtherServer, makeProject, pgrigProgram } from '../support/program.ts'

const file = `create type state as enum ('new', 'done');
create table tasks (id bigint generated always as identity primary key, title text not null, state state not null default 'new');
`

test('a database that is not what the file says is shown, brought to it, and is then the same', async () => {
  const project = await makeProject({ 'db/schema.sql': file })
  expect((await project.pgrig(['create'])).code).toBe(0)
  await project.pgrig([
    'run',
    '-c',
    'create table tasks (id serial primary key, name text not null); create table old (id int)',
  ])

  const list = await project.pgrig(['schema', 'diff'])
  expect(list).toMatchObject({ code: 0 })
  expect(list.stdout).toContain('  - table public.old\n')
  expect(list.stdout).toContain('      column title added: text\n')
  expect(list.stdout).toContain('The column public.tasks.name may have become title.')
  expect(list.stdout).toContain('destructive: drops the table public.old\n')
  expect((await project.pgrig(['schema', 'diff', '--exit-code'])).code).toBe(5)

  const json = JSON.parse((await project.pgrig(['schema', 'diff', '--json'])).stdout)
  expect(json).toMatchObject({ differs: true, from: 'local', to: 'db/schema.sql' })
  expect(json.statements).toContainEqual({
    sql: 'DROP TABLE public.old',
    object: 'table public.old',
    destructive: 'drops the table public.old',
  })

  const { stdout: sql } = await project.pgrig(['schema', 'diff', '--sql'])
  expect(sql).toContain('-- destructive: drops the table public.old\nDROP TABLE public.old;\n')
  await project.write('change.sql', sql)
  expect((await project.pgrig(['run', 'change.sql'])).code).toBe(0)
  expect(await project.pgrig(['schema', 'diff', '--exit-code'])).toMatchObject({
    code: 0,
    stdout: 'local is what db/schema.sql says: no difference.\n',
  })
  const { stdout: databases } = await project.pgrig(['run', '-c', 'select datname from pg_database', '--format', 'csv'])
  expect(databases).not.toContain('pgrig_scratch')
})

test('two databases are compared by a target and a URL, and the file is loaded elsewhere than on a protected server', async () => {
  const other = await makeOtherServer()
  const project = await makeProject({
    'db/schema.sql': file,
    'pgrig.json': JSON.stringify({
      targets: { far: { url: 'postgresql://postgres@127.0.0.1/postgres', protected: true } },
    }),
  })
  const env = { FAR_DATABASE_URL: other.url('postgres') }
  expect((await project.pgrig(['create'])).code).toBe(0)
  expect((await project.pgrig(['schema', 'load'])).code).toBe(0)

  const toUrl = await project.pgrig(['schema', 'diff', '--from', 'local', '--to', other.url('postgres')])
  expect(toUrl).toMatchObject({ code: 0 })
  expect(toUrl.stdout).toContain('  - table public.tasks\n')
  expect(toUrl.stdout + toUrl.stderr).not.toContain(other.password)

  const far = await project.pgrig(['schema', 'diff', 'far', '--exit-code'], { env })
  expect(far).toMatchObject({ code: 5 })
  expect(far.stdout).toContain('  + table public.tasks\n')
  expect(far.stderr).toContain('on the embedded server')

  const nothing = await project.pgrig(['schema', 'diff', '--from', 'file'])
  expect(nothing).toMatchObject({ code: 64 })
})

test('what is wrong in the file is said with its place, and nothing of the scratch database is left', async () => {
  const project = await makeProject({ 'db/schema.sql': `${file}\ncreate table broken (a missing_type);\n` })
  expect((await project.pgrig(['create'])).code).toBe(0)
  const { code, stdout, stderr } = await project.pgrig(['schema', 'diff'])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toMatch(/db\/schema\.sql:4:24/)
  expect(stderr).toContain('missing_type')
  const { stdout: databases } = await project.pgrig(['run', '-c', 'select datname from pg_database', '--format', 'csv'])
  expect(databases).not.toContain('pgrig_scratch')
})

test('Ctrl-C drops the scratch database, and what a killed process has left goes the next time', async () => {
  const other = await makeOtherServer()
  const project = await makeProject({ 'db/schema.sql': 'select pg_sleep(60);\n' })
  const { port, socketFolder } = other.server
  const connection = await connect(
    {
      host: socketFolder,
      port,
      user: 'postgres',
      database: 'postgres',
      tls: { mode: 'disable' },
      connectTimeoutSeconds: 10,
    },
    { application: 'tests' },
  )
  onTestFinished(() => connection.close())
  const scratch = async () => {
    const rows = await connection.run<{ name: string }>(
      `select datname as name from pg_database where starts_with(datname, 'pgrig_scratch_') order by 1`,
    )
    return rows.map(({ name }) => name)
  }
  const begin = async () => {
    const child = spawn(process.execPath, [pgrigProgram, 'schema', 'diff', '--url', other.url('postgres')], {
      cwd: project.folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: 'ignore',
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'close')
    await expect
      .poll(
        () => connection.run(`select from pg_stat_activity where query like '%pg_sleep%' and datname like 'pgrig_s%'`),
        {
          timeout: 30_000,
        },
      )
      .toHaveLength(1)
    return { child, ended }
  }
  const stopped = await begin()
  stopped.child.kill('SIGINT')
  expect(await stopped.ended).toEqual([130, null])
  expect(await scratch()).toEqual([])

  const killed = await begin()
  killed.child.kill('SIGKILL')
  await killed.ended
  const [left = ''] = await scratch()
  await connection.run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${left}'`)
  // As if it had been made in the year 2001, beside one that is being made at this moment.
  const old = left.replace(/_\d+_/, '_1000000000_')
  const fresh = left.replace(/_\d+_/, '_9999999999_')
  await expect
    .poll(() => connection.run(`alter database "${left}" rename to "${old}"`).then(() => 'renamed'))
    .toBe('renamed')
  await connection.run(`create database "${fresh}"`)
  await project.write('db/schema.sql', file)
  expect((await project.pgrig(['schema', 'diff', '--url', other.url('postgres')])).code).toBe(0)
  expect(await scratch()).toEqual([fresh])
})

test('who may not create a database has the file loaded on the embedded server', async () => {
  const other = await makeOtherServer()
  const project = await makeProject({ 'db/schema.sql': file })
  const { port, socketFolder } = other.server
  const connection = await connect(
    {
      host: socketFolder,
      port,
      user: 'postgres',
      database: 'postgres',
      tls: { mode: 'disable' },
      connectTimeoutSeconds: 10,
    },
    { application: 'tests' },
  )
  await connection.run(`create role reader login password 'reading'`)
  await connection.close()
  const url = `postgresql://reader:reading@127.0.0.1:${port}/postgres`
  const { code, stdout } = await project.pgrig(['schema', 'diff', '--url', url, '--exit-code'])
  expect(code).toBe(5)
  expect(stdout).toContain('  + table public.tasks\n')
})

test('what the SQL does not do is said in it, and is a difference', async () => {
  const project = await makeProject({ 'db/schema.sql': file })
  expect((await project.pgrig(['create'])).code).toBe(0)
  expect((await project.pgrig(['schema', 'load'])).code).toBe(0)
  const subscribe = `create subscription s connection 'host=nowhere' publication p with (connect = false)`
  expect((await project.pgrig(['run', '-c', subscribe])).code).toBe(0)
  const { code, stdout, stderr } = await project.pgrig(['schema', 'diff', '--sql', '--exit-code'])
  expect(code).toBe(5)
  expect(stdout).toMatch(/^-- incomplete: Not compared: subscription s\./)
  expect(stderr).toContain('subscription s')
  expect(await project.pgrig(['schema', 'diff'])).toMatchObject({
    code: 0,
    stdout: 'local is what db/schema.sql says: no difference in what is compared.\n',
  })
})
