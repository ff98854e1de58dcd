import { open, readFile, writeFile } from 'node:fs/promises'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { connect, startServer } from '../../packages/core/src/index.ts'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { makeOtherServer } from '../support/program.ts'
import { ask, expectNothing, makeStage, tablesIn, untested, waitUntil, writeForEver } from './faults.ts'

const database = await testDatabase()

const kept = 'Nothing of it was kept: the transaction was rolled back.'
const serverRollsBack = 'Nothing of it was kept: the server rolls it back.'
const nobodyKnows = 'It broke while the transaction was being committed, so it may be there or not.'

/** A table whose rows take their time, so that any COPY is a long one. */
const slowTable = `create table t (x text);
create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.01); return new; end';
create trigger slow before insert on t for each row execute function slow();
`
const slowCommit = `create table t (x int);
create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
create constraint trigger slow after insert on t deferrable initially deferred for each row execute function slow();
insert into t values (1);
`
const pipelined = `create table t (x int);\n${'select pg_sleep(0.001);\n'.repeat(100_000)}`
const sleeping = 'create table t (x int);\nselect\n  pg_sleep(60);\n'
/** More than the system takes from us, so that we are in the middle of it, and enough for more than the tests' patience. */
const rows = `${'x'.repeat(7999)}\n`.repeat(4000)

interface Moment {
  script: string
  /** What pgrig does there, as the server sees it. */
  where: RegExp
}

const moments: Record<string, Moment> = {
  'in the middle of pipelined statements': { script: pipelined, where: /PgSleep: select pg_sleep\(0/ },
  'in a long statement': { script: sleeping, where: /PgSleep: select\n/ },
  'in a COPY of data in the script': { script: `${slowTable}copy t from stdin;\n${rows}\\.\n`, where: /PgSleep: copy/ },
  'in a COPY of a file': { script: `${slowTable}\\copy t from rows\n`, where: /PgSleep: copy/ },
}

async function stageFor({ script }: Moment) {
  return makeStage(database, { 'load.sql': script, rows })
}

async function endBackend(pid: number): Promise<void> {
  await ask(database, `select pg_terminate_backend(${pid})`)
}

describe('the server ends the session', () => {
  test.each(Object.entries(moments))('%s', async (_, moment) => {
    const stage = await stageFor(moment)
    const { ended } = stage.start(['schema', 'load', 'load.sql'])
    await endBackend((await waitUntil(database, moment.where)).pid)
    const { code, stdout, stderr } = await ended
    // Where we write at that moment, the system tells us before we read what the server has said.
    const lost = /was lost: (terminating connection due to administrator command|it was ended from outside)/
    expect(stderr).toMatch(lost)
    if (stderr.includes('terminating')) expect(stderr).toMatch(/^load\.sql:\d+:1: error: /m)
    expect(stderr).toContain(serverRollsBack)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    await expectNothing(database)
  })

  test('before any statement', async () => {
    const stage = await makeStage(database, {
      'load.sql': '\\! read line < go\ncreate table t ();\ncreate table u ();\n',
    })
    stage.pipe('go')
    const { ended } = stage.start(['run', '--allow-shell', 'load.sql'])
    await endBackend((await waitUntil(database, /: begin$/)).pid)
    await writeFile(stage.path('go'), 'go\n')
    const { code, stderr } = await ended
    expect(stderr).toContain(serverRollsBack)
    expect(code).toBe(2)
    await expectNothing(database)
  })

  test('while data is waited for', async () => {
    const stage = await makeStage(database, { 'load.sql': 'create table t (x int);\n\\copy t from rows\n' })
    stage.pipe('rows')
    const { ended } = stage.start(['run', 'load.sql'])
    await endBackend((await waitUntil(database, /copy/)).pid)
    const { code, stderr } = await ended
    expect(stderr).toContain(serverRollsBack)
    expect(code).toBe(2)
    await expectNothing(database)
  })

  test('during COMMIT: nobody knows what became of it', async () => {
    const stage = await makeStage(database, { 'load.sql': slowCommit })
    const { ended } = stage.start(['run', 'load.sql'])
    await endBackend((await waitUntil(database, /PgSleep: commit/)).pid)
    const { code, stderr } = await ended
    expect(stderr).toContain(nobodyKnows)
    expect(code).toBe(2)
    await expectNothing(database)
  })
})

test('a process of the server, or all of it, is killed: nothing stays when it is up again', async () => {
  const { server, folder, url } = await makeOtherServer()
  const other: TestDatabase = {
    ...database,
    database: 'postgres',
    connect: (name = 'postgres') => connect(addressOf(server, name), { application: 'tests' }),
  }
  const stage = await makeStage(
    { url: url('postgres') },
    { 'copy.sql': `${slowTable}\\copy t from rows\n`, 'sleep.sql': sleeping },
  )
  writeForEver(stage.pipe('rows'), '1', '1')

  const copying = stage.start(['run', 'copy.sql'])
  process.kill((await waitUntil(other, /PgSleep: copy/)).pid, 'SIGKILL')
  const one = await copying.ended
  expect(one.stderr).toContain('was lost: ')
  expect(one.stderr).toContain(serverRollsBack)
  expect(one.code).toBe(2)
  expect(await stage.start(['wait']).ended).toMatchObject({ code: 0 })
  expect(await tablesIn(other)).toEqual([])

  const sleeper = stage.start(['run', 'sleep.sql'])
  await waitUntil(other, /PgSleep: select/)
  process.kill(server.pid, 'SIGKILL')
  const two = await sleeper.ended
  expect(two.stderr).toContain('was lost: ')
  // Nobody was there to say whether the COMMIT behind it was reached.
  expect(two.stderr).toMatch(/Nothing of it was kept: the server|It broke while the transaction was being committed/)
  expect(two.code).toBe(2)
  await startServer(folder, { durable: false, port: server.port })
  expect(await tablesIn(other)).toEqual([])
})

test.each(Object.entries(moments))('kill -9 of pgrig %s: nothing stays, and the server notices', async (_, moment) => {
  const stage = await stageFor(moment)
  const { child, ended } = stage.start(['run', 'load.sql'])
  await waitUntil(database, moment.where)
  child.kill('SIGKILL')
  expect((await ended).code).toBeNull()
  await expectNothing(database)
})

describe('Ctrl-C', () => {
  test.each(Object.entries({ ...moments, 'during COMMIT': { script: slowCommit, where: /PgSleep: commit/ } }))(
    '%s',
    async (name, moment) => {
      const stage = await stageFor(moment)
      const { child, ended } = stage.start(['schema', 'load', 'load.sql'])
      await waitUntil(database, moment.where)
      child.kill(name.includes('COPY') ? 'SIGTERM' : 'SIGINT')
      const { code, stdout, stderr } = await ended
      expect(stderr).toContain(`error: Interrupted.\n${kept}`)
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
      await expectNothing(database)
    },
  )

  test('while it waits for a lock', async () => {
    const holder = await database.connect()
    await holder.run('begin; create table t (x int)')
    const stage = await makeStage(database, { 'load.sql': 'create table u ();\ncreate table t ();\n' })
    const { child, ended } = stage.start(['run', 'load.sql'])
    await waitUntil(database, /transactionid: create table t/)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(stderr).toContain(kept)
    expect(code).toBe(130)
    await holder.close()
    await expectNothing(database)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends a program of the script with all that it has started',
    async (signal) => {
      const stage = await makeStage(database, {
        'load.sql': 'create table t (x int);\ncreate table u (x int);\n\\! sleep 60 & echo $! > started; wait\n',
      })
      const { child, ended } = stage.start(['run', '--allow-shell', 'load.sql'])
      const started = async () => Number(await readFile(stage.path('started'), 'utf8').catch(() => ''))
      await expect.poll(started, { timeout: 10_000 }).toBeGreaterThan(0)
      child.kill(signal)
      expect((await ended).code).toBe(130)
      const pid = await started()
      await expect.poll(() => commandLine(pid), { timeout: 10_000 }).toBe('')
      await expectNothing(database)
    },
  )

  test.each([
    ['that is still being sent', 'unaligned', 'select generate_series(1, 10000000)'],
    ['that has all been sent', 'aligned', "select repeat('x', 1000) from generate_series(1, 3000)"],
  ])('while nobody reads a result %s', async (_, format, query) => {
    const stage = await makeStage(database)
    const { child, ended } = stage.start(['run', '--format', format, '-c', query], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout?.once('data', () => {
      child.stdout?.pause()
      child.kill('SIGINT')
    })
    await new Promise((resolve) => child.once('exit', resolve))
    expect(child.exitCode).toBe(130)
    child.stdout?.resume()
    expect((await ended).stderr).toContain('error: Interrupted.')
  })

  test.each([
    ['stdin', ['run'], ''],
    ['a script that is a pipe', ['run', 'pipe'], ''],
    ['data from stdin', ['run', 'load.sql'], 'create table t (x int);\n\\copy t from pstdin\n'],
    ['data from a pipe', ['run', 'load.sql'], "create table t (x int);\n\\copy t from 'pipe'\n"],
    [
      'data of a program',
      ['run', '--allow-shell', 'load.sql'],
      "create table t (x int);\n\\copy t from program 'exec sleep 60'\n",
    ],
    [
      'a program',
      ['run', '--allow-shell', 'load.sql'],
      'create table t (x int);\ncreate table u (x int);\n\\! exec sleep 60\n',
    ],
  ])('while it waits for %s that does not come', async (_, words, script) => {
    const stage = await makeStage(database, { 'load.sql': script })
    stage.pipe('pipe')
    const { child, ended } = stage.start(words, { stdio: ['pipe', 'pipe', 'pipe'] })
    if (script !== '') await waitUntil(database, /copy|create table u/)
    // More than fits into a pipe: when it is gone, somebody reads.
    else if (words.length === 1) await new Promise((resolve) => child.stdin?.write(Buffer.alloc(1 << 20, ' '), resolve))
    const writer = script === '' && words.length > 1 ? await open(stage.path('pipe'), 'w') : undefined
    child.kill('SIGINT')
    const { code, stderr } = await ended
    await writer?.close()
    expect(stderr).toContain(script === '' ? 'Nothing of the script was run.' : kept)
    expect(code).toBe(130)
    await expectNothing(database)
  })

  test('while a program runs behind a single statement, which is rolled back too', async () => {
    const stage = await makeStage(database, { 'load.sql': 'create table t (x int);\n\\! exec sleep 60\n' })
    const { child, ended } = stage.start(['run', '--allow-shell', 'load.sql'])
    await waitUntil(database, /ClientRead: create table t/)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(stderr).toContain('Nothing of it was kept')
    expect(code).toBe(130)
    await expectNothing(database)
  })

  test('while an endless or a huge script is read', async () => {
    const stage = await makeStage(database)
    writeForEver(stage.pipe('endless.sql'), '', 'select 1;')
    const file = await open(stage.path('huge.sql'), 'w')
    const spaces = Buffer.alloc(1 << 20, '           \n')
    for (let count = 0; count < 600; count++) await file.write(spaces)
    await file.close()
    for (const name of ['endless.sql', 'huge.sql']) {
      if (process.platform !== 'linux') {
        untested(`Ctrl-C while ${name} is read`, 'without /proc nobody knows when that is.')
        continue
      }
      const { child, ended, pid } = stage.start(['run', name])
      await expect.poll(() => hasOpen(pid, stage.path(name)), { timeout: 20_000, interval: 5 }).toBe(true)
      child.kill('SIGINT')
      const { code, stderr } = await ended
      expect(stderr, name).toContain('error: Interrupted.\nNothing of the script was run.')
      expect(code, name).toBe(130)
    }
  })

  test('a server that does not answer is not waited for; a second one ends at once', async () => {
    const stage = await makeStage(database, { 'load.sql': sleeping })
    for (const times of [1, 2]) {
      const { child, ended } = stage.start(['run', 'load.sql'])
      const { pid } = await waitUntil(database, /PgSleep: select/)
      process.kill(pid, 'SIGSTOP')
      try {
        child.kill('SIGINT')
        if (times === 2) {
          // Signals of one kind that come at once are one.
          child.kill('SIGTERM')
        }
        const { code, stderr } = await ended
        expect(code).toBe(130)
        if (times === 1) expect(stderr).toMatch(/Nothing of it was kept: the server rolls it back|may be there or not/)
        else expect(stderr).not.toContain('Interrupted.')
      } finally {
        process.kill(pid, 'SIGCONT')
      }
      await expectNothing(database)
    }
  })
})

/** Whether a process has a file open. Linux tells. */
function hasOpen(pid: number, path: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === path
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

/** Empty when the process has ended, whether somebody has taken note of it or not. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
