import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connect, startServer, stopServer, type Connection } from '../../packages/core/src/index.ts'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'
import { makeOtherServer, makeProject, pgrigProgram, type TestProject } from '../support/program.ts'

const files = {
  'pgrig.json': JSON.stringify({ database: 'app' }),
  'db/schema.sql': 'create table things (name text);',
  'db/seed.sql': `insert into things values ('new');`,
}

async function open(project: TestProject, database = 'app', application = 'the guest'): Promise<Connection> {
  return connect(addressOf(await startServer(project.folder), database), { application })
}

async function ask(project: TestProject, sql: string, database = 'app'): Promise<unknown> {
  const connection = await open(project, database)
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

const content = (project: TestProject) => ask(project, `select string_agg(name, ' ') from things`)

async function makeTreasure(more: Record<string, string> = {}): Promise<TestProject> {
  const project = await makeProject({ ...files, ...more })
  expect(await project.pgrig(['create'])).toMatchObject({ code: 0 })
  await ask(project, `create table things as select 'old'::text as name`)
  return project
}

function start(project: TestProject, words: string[]) {
  const child = spawn(process.execPath, [pgrigProgram, ...words], { cwd: project.folder })
  const ended = once(child, 'exit')
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return { child, ended, stderr: () => stderr }
}

const sleeping = `select count(*)::int from pg_stat_activity where application_name = 'pgrig setup' and query ~ 'pg_sleep'`

test('drop says what it keeps, a command that misses the database says how to have it back, and undo does it', async () => {
  const project = await makeTreasure()
  const dropped = await project.pgrig(['drop'])
  expect(dropped.stdout).toMatch(/^Dropped app\.\nKept a copy for 7 days: pgrig undo brings it back \([\d.]+ MB\)\.\n$/)
  const missing = await project.pgrig(['seed'])
  expect(missing).toMatchObject({ code: 2 })
  expect(missing.stderr).toMatch(
    /It was dropped at [-\d]+ [:\d]+ UTC by postgres, and is kept\.\ntry: pgrig undo brings it back/,
  )
  const list = await project.pgrig(['undo', 'list'])
  expect(list.stdout).toMatch(/^app +app__dropped_\d{14} .* postgres, drop +[\d.]+ MB/m)
  expect((await project.pgrig(['doctor'])).stdout).toMatch(/copies: 1 dropped database kept for undo, [\d.]+ MB/)
  const undone = await project.pgrig(['undo'])
  expect(undone).toMatchObject({ code: 0 })
  expect(undone.stdout).toMatch(/^app is back, as it was when postgres dropped it at .* UTC\.\n$/)
  expect(await content(project)).toBe('old')
  expect(await project.pgrig(['undo'])).toMatchObject({ code: 1, stdout: '' })
})

test('undo asks before it puts a new database aside, and prune before it drops for good', async () => {
  const project = await makeTreasure({
    'pgrig.json': JSON.stringify({ database: 'app', undo: { days: 30, copies: 1 } }),
  })
  expect((await project.pgrig(['setup'])).stdout).toContain('Kept the old one for 30 days: pgrig undo brings it back')
  const refused = await project.pgrig(['undo'])
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('Put the present app aside and bring back app as it was when setup put it aside')
  expect((await project.pgrig(['undo', '--dry-run'])).stdout).toContain(
    'Would do this: it puts the present database aside',
  )
  expect(await content(project)).toBe('new')
  expect((await project.pgrig(['undo', '--yes'])).stdout).toMatch(
    /What had its name is kept: pgrig undo swaps them again \([\d.]+ MB\)\./,
  )
  expect(await content(project)).toBe('old')
  expect(await project.pgrig(['undo', 'prune', '--all'])).toMatchObject({ code: 4 })
  expect((await project.pgrig(['undo', 'prune', '--older-than', '1d', '--yes'])).stdout).toBe(
    'No copy of app is to go.\n',
  )
  expect((await project.pgrig(['undo', 'prune', '--all', '--yes'])).stdout).toMatch(
    /^Dropped app__dropped_\d{14}(?:_\d+)?\.\n$/,
  )
  expect((await project.pgrig(['undo', 'list', '--json'])).stdout).toBe('[]\n')
})

test('production gives its name for undo and prune, and keeps more copies than the limit', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_DATABASE_URL: other.url('app') }
  for (let round = 0; round < 5; round++) {
    expect(await project.pgrig(['create', 'prod'], { env })).toMatchObject({ code: 0 })
    const { stdout } = await project.pgrig(['drop', 'prod', '--confirm', 'app'], { env })
    expect(stdout).toContain('Kept a copy for 7 days: pgrig undo prod brings it back')
  }
  const list = JSON.parse((await project.pgrig(['undo', 'list', 'prod', '--json'], { env })).stdout) as unknown[]
  expect(list).toHaveLength(5)
  expect(await project.pgrig(['undo', 'prod', '--yes'], { env })).toMatchObject({ code: 4 })
  expect(await project.pgrig(['undo', 'prod', '--confirm', 'app'], { env })).toMatchObject({ code: 0 })
  expect(await project.pgrig(['undo', 'prune', 'prod', '--all', '--yes'], { env })).toMatchObject({ code: 4 })
  const pruned = await project.pgrig(['undo', 'prune', 'prod', '--confirm', 'app'], { env })
  expect(pruned.stdout).toMatch(/^Dropped app__dropped_\d{14}(?:_\d+)?\.\n$/)
})

test('Ctrl-C in the middle of a setup brings back what was there', async () => {
  const project = await makeTreasure({ 'db/seed.sql': 'select pg_sleep(60);' })
  const { child, ended, stderr } = start(project, ['setup'])
  await expect.poll(() => ask(project, sleeping, 'postgres'), { timeout: 20_000 }).toBe(1)
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  expect(stderr()).toContain('app is as it was before.')
  expect(await content(project)).toBe('old')
})

test('a setup whose server dies says what is kept, and undo brings it back', async () => {
  const [project, other] = await Promise.all([
    makeProject({ ...files, 'db/seed.sql': 'select pg_sleep(60);' }),
    makeOtherServer(),
  ])
  const env = { DATABASE_URL: other.url('app') }
  await project.pgrig(['create'], { env })
  await project.pgrig(['run', '-c', `create table things as select 'old'::text as name`], { env })
  const setup = project.pgrig(['setup'], { env })
  const { stdout } = await waitForSleep(() => project.pgrig(['sessions', '--json'], { env }))
  expect(stdout).toContain('pg_sleep')
  await stopServer(other.folder)
  const failed = await setup
  expect(failed).toMatchObject({ code: 2, stdout: '' })
  expect(failed.stderr).toMatch(/What was there is kept as app__dropped_\d{14}: pgrig undo brings it back\./)
  await startServer(other.folder, { port: other.server.port, durable: false })
  const next = await project.pgrig(['prepare'], { env })
  expect(next).toMatchObject({ code: 2, stdout: '' })
  expect(next.stderr).toContain('A setup of app was interrupted: it is half made.')
  expect(await project.pgrig(['undo', '--yes'], { env })).toMatchObject({ code: 0 })
  expect((await project.pgrig(['run', '-c', 'table things', '--format', 'csv'], { env })).stdout).toContain('old')
})

async function waitForSleep<T extends { stdout: string }>(look: () => Promise<T>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen.stdout.includes('pg_sleep')) return seen
    await sleep(100)
  }
}

test('killed while its scripts run, a setup leaves half a database: every command says so, undo and setup put it right', async () => {
  const project = await makeTreasure({ 'db/seed.sql': 'select pg_sleep(60);' })
  for (const way of [
    ['undo', '--yes'],
    ['setup', '--force'],
  ]) {
    await project.write('db/seed.sql', 'select pg_sleep(60);')
    const { child, ended } = start(project, ['setup', '--force'])
    await expect.poll(() => ask(project, sleeping, 'postgres'), { timeout: 20_000 }).toBe(1)
    // Meanwhile it is under way, which is nothing to warn of.
    expect((await project.pgrig(['run', '-c', 'select 1'])).stderr).not.toContain('interrupted')
    child.kill('SIGKILL')
    await ended
    await ask(
      project,
      `select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep' and pid <> pg_backend_pid()`,
      'postgres',
    )
    for (const words of [['create'], ['prepare'], ['run', '-c', 'select 1'], ['doctor']]) {
      const { stdout, stderr } = await project.pgrig(words)
      expect(`${stdout}${stderr}`, words.join(' ')).toContain('A setup of app was interrupted')
    }
    await project.write('db/seed.sql', files['db/seed.sql'])
    expect(await project.pgrig(way)).toMatchObject({ code: 0 })
    if (way[0] === 'setup') expect(await content(project)).toBe('new')
    if (way[0] === 'setup') expect(await project.pgrig(['undo', '--yes'])).toMatchObject({ code: 0 })
    expect(await content(project)).toBe('old')
  }
})

/** A session that does not end when it is told to: its process is stopped. */
async function makeStubborn(project: TestProject): Promise<{ release(): Promise<void> }> {
  const guest = await open(project)
  const [row] = await guest.run<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = row?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  return {
    async release() {
      process.kill(pid, 'SIGCONT')
      await guest.close()
    },
  }
}

const closed = `select not datallowconn from pg_database where datname = 'app'`

test.each(['SIGINT', 'SIGKILL'] as const)(
  'a drop that is stopped by %s while it waits for sessions to end has lost nothing',
  async (signal) => {
    const project = await makeTreasure()
    const stubborn = await makeStubborn(project)
    const { child, ended, stderr } = start(project, ['drop', '--force'])
    await expect.poll(() => ask(project, closed, 'postgres'), { timeout: 20_000 }).toBe(true)
    const meanwhile = await project.pgrig(['run', '-c', 'select 1'])
    expect(meanwhile.stderr).toContain('app lets nobody in: postgres is about to drop it.')
    child.kill(signal)
    await ended
    await stubborn.release()
    if (signal === 'SIGINT') {
      expect(stderr()).toContain('Nothing was lost: app lets connections in again.')
      expect(await content(project)).toBe('old')
      return
    }
    for (const words of [['create'], ['prepare'], ['run', '-c', 'select 1'], ['doctor']]) {
      const { stdout, stderr: said } = await project.pgrig(words)
      expect(`${stdout}${said}`, words.join(' ')).toContain(
        'A drop of app was interrupted: nothing was lost, and nobody is let in.',
      )
      expect(`${stdout}${said}`, words.join(' ')).toContain(
        'pgrig undo lets connections in again, pgrig drop finishes it.',
      )
    }
    expect(await project.pgrig(['undo'])).toMatchObject({
      code: 0,
      stdout: 'app was not dropped, and lets connections in again.\n',
    })
    expect(await content(project)).toBe('old')
  },
)

test('sessions that do not end in time are named, and the database lets connections in again', async () => {
  const project = await makeTreasure()
  const stubborn = await makeStubborn(project)
  const failed = await project.pgrig(['drop', '--force'])
  await stubborn.release()
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toMatch(
    /app cannot be dropped: a session is connected to it\.\n {2}pid \d+ · postgres from this machine · the guest/,
  )
  expect(failed.stderr).toContain('app lets connections in again.')
  expect(await content(project)).toBe('old')
})

test('killed at any moment, drop, setup and undo lose nothing', async () => {
  const project = await makeTreasure()
  const [treasure] = [await ask(project, `select oid::int from pg_database where datname = 'app'`)]
  const where = `select count(*)::int from pg_database where oid = ${String(treasure)}
    and (datname = 'app' or shobj_description(oid, 'pg_database') ~ '"dropped"')`
  for (let round = 0; round < 12; round++) {
    const words =
      [
        ['drop', '--force'],
        ['setup', '--force'],
        ['undo', '--yes', '--force'],
      ][round % 3] ?? []
    if (words[0] === 'undo') await project.pgrig(['setup', '--force'])
    const { child, ended } = start(project, words)
    await sleep(60 + Math.random() * 300)
    child.kill('SIGKILL')
    await ended
    expect(await ask(project, where, 'postgres'), `${words.join(' ')}, round ${round}`).toBe(1)
    // Back to the beginning, by what the tool itself says.
    for (let tries = 0; tries < 4; tries++) {
      const now = `select oid = ${String(treasure)} and datallowconn from pg_database where datname = 'app'`
      if (await ask(project, now, 'postgres')) break
      await project.pgrig(['undo', '--yes', '--force'])
    }
    expect(await content(project), `${words.join(' ')}, round ${round}`).toBe('old')
    await project.pgrig(['undo', 'prune', '--all', '--yes'])
  }
})
