import { execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, chown, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { absentDatabase, administer, testDatabase } from '../support/database.ts'
import { pgrigProgram } from '../support/program.ts'
import { ask, expectNothing, makeStage, tablesIn, untested, waitUntil, writeForEver } from './faults.ts'

const database = await testDatabase()

const kept = 'Nothing of it was kept: the transaction was rolled back.'
const asRoot = process.getuid?.() === 0

describe('a disk is full', () => {
  test('the server’s', async () => {
    const stage = await makeStage(database, {
      'load.sql': `create table t (x text) tablespace small_${process.pid};
create table u ();
insert into t select repeat('x', 1000) from generate_series(1, 100000);
`,
    })
    const { uid, gid } = await stat(inject('server').socketFolder)
    const place = stage.path('small')
    await mkdir(place)
    await chmod(stage.folder, 0o755)
    try {
      await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', place])
    } catch (error) {
      console.warn(
        `A full disk of the server was not tested: a small file system could not be mounted (${String(error)}).`,
      )
      return
    }
    onTestFinished(async () => {
      await administer(`drop tablespace if exists small_${process.pid}`)
      await promisify(execFile)('umount', ['-l', place])
    })
    await chown(place, uid, gid)
    await chmod(place, 0o700)
    await administer(`create tablespace small_${process.pid} location '${place}'`)
    const { code, stdout, stderr } = await stage.start(['schema', 'load', 'load.sql']).ended
    expect(stderr).toMatch(/^load\.sql:3:1: ERROR: could not extend file .*: No space left on device$/m)
    expect(stderr).toContain(`SQLSTATE: 53100\n${kept}\ntry: The disk of the server is full`)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    await expectNothing(database)
  })

  test.each([
    ['\\o', 'create table t ();\n\\o /dev/full\nselect 1;\n\\o\ncreate table u ();\n'],
    ['\\o to the end', 'create table t ();\n\\o /dev/full\nselect 1;\n'],
    ['\\o of much', 'create table t ();\n\\o /dev/full\nselect generate_series(1, 1000000);\ncreate table u ();\n'],
    ['\\g', 'create table t ();\nselect 1 \\g /dev/full\ncreate table u ();\n'],
    ['\\copy', 'create table t ();\n\\copy (select generate_series(1, 100000)) to /dev/full\ncreate table u ();\n'],
  ])('ours, of a file that a script writes with %s', async (_, script) => {
    const stage = await makeStage(database, { 'load.sql': script })
    const { code, stderr } = await stage.start(['run', 'load.sql', '--quiet']).ended
    expect(stderr).toMatch(/^(load\.sql:\d+:\d+: )?error: There is no space left to write \/dev\/full\.$/m)
    expect(stderr).toContain(kept)
    expect(code).toBe(1)
    await expectNothing(database)
  })

  test('standard output’s', async () => {
    const stage = await makeStage(database)
    const run = (sql: string) => {
      const words = [
        '-c',
        'exec "$@" > /dev/full',
        'sh',
        process.execPath,
        pgrigProgram,
        'run',
        '--format',
        'csv',
        '-c',
        sql,
      ]
      return promisify(execFile)('sh', words, {
        cwd: stage.folder,
        env: { PATH: process.env.PATH, DATABASE_URL: database.url },
      }).then(
        () => ({ code: 0, stderr: '' }),
        (error: { code: number; stderr: string }) => error,
      )
    }
    const small = await run('create table t (); select 1')
    expect(small.stderr).toContain('error: The result could not be written to standard output: ENOSPC')
    // It comes out when all is over, and that is said.
    expect(small.stderr).toContain('What it was to do is done.')
    expect(small.code).toBe(1)
    await ask(database, 'drop table t')
    const endless = await run('create table t (); select generate_series(1, 1000000000)')
    expect(endless.stderr).toContain('error: The result could not be written to standard output: ENOSPC')
    expect(endless.stderr).toContain(kept)
    expect(endless.code).toBe(1)
    await expectNothing(database)
  })
})

describe('a row of COPY that does not fit', () => {
  const count = 100_000
  const dataWith = (wrong: number) => `${'1\n'.repeat(wrong - 1)}one\n${'1\n'.repeat(count - wrong)}`

  test.each([1, count / 2, count])('in line %i', async (wrong) => {
    const data = dataWith(wrong)
    const stage = await makeStage(database, {
      'script.sql': `create table t (x int);\ncopy t from stdin;\n${data}\\.\ncreate table u ();\n`,
      'file.sql': 'create table t (x int);\n\\copy t from rows\ncreate table u ();\n',
      rows: data,
    })
    for (const [script, place] of [
      ['script.sql', `script.sql:${wrong + 2}:1`],
      ['file.sql', `rows:${wrong}:1`],
    ] as const) {
      const { code, stdout, stderr } = await stage.start(['schema', 'load', script]).ended
      expect(stderr).toContain(`${place}: ERROR: invalid input syntax for type integer: "one"\none\n^\n`)
      expect(stderr).toContain(kept)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    }
    await expectNothing(database)
  })

  test('ends a load whose data would never end, or does not come', async () => {
    const stage = await makeStage(database, {
      'pipe.sql': 'create table t (x int);\n\\copy t from pipe\n',
      'program.sql': "create table t (x int);\n\\copy t from program 'echo one; exec yes 1'\n",
      'silent.sql': "create table t (x int);\n\\copy t from program 'yes one | head -100000; exec sleep 60'\n",
    })
    writeForEver(stage.pipe('pipe'), 'one', '1')
    for (const script of ['pipe.sql', 'program.sql', 'silent.sql']) {
      const { code, stderr } = await stage.start(['run', '--allow-shell', script]).ended
      expect(stderr, script).toContain('ERROR: invalid input syntax for type integer: "one"')
      expect(stderr, script).toContain(kept)
      expect(code, script).toBe(3)
    }
    await expectNothing(database)
  })
})

test('of two loads at once, one is all there and the other is not', async () => {
  const own = await testDatabase()
  const stage = await makeStage(own, {
    'load.sql': 'create table t (x int);\ncreate table u ();\ninsert into t values (1);\n',
  })
  const outcomes = await Promise.all([1, 2].map(() => stage.start(['schema', 'load', 'load.sql']).ended))
  const [done, failed] = outcomes.toSorted((one, other) => Number(one.code) - Number(other.code))
  expect(done).toMatchObject({ code: 0 })
  expect(failed?.code).toBe(3)
  expect(failed?.stderr).toMatch(/^load\.sql:1:1: ERROR: /m)
  expect(failed?.stderr).toContain(kept)
  expect(await tablesIn(own)).toEqual(['t', 'u'])
})

test('of two setups at once, one waits for the other', async () => {
  const own = await absentDatabase()
  const stage = await makeStage(own, {
    'db/schema.sql': 'create table t (x int);\nselect pg_sleep(0.5);\n',
    'db/seed.sql': 'insert into t values (1);\n',
  })
  const outcomes = await Promise.all([1, 2].map(() => stage.start(['setup']).ended))
  for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 0 })
  const connection = await own.connect()
  expect(await connection.query`select x from t`).toEqual([{ x: 1 }])
  await connection.close()
})

describe('the reader of standard output', () => {
  /** The most memory that a process ever had, in MB. Linux tells. */
  const peakMegabytes = (pid: number) =>
    Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

  test('goes: what only reads ends at once, what changes something runs to its end', async () => {
    const stage = await makeStage(database)
    const reading = stage.start(['run', '--format', 'csv', '-c', 'select generate_series(1, 1000000000)'])
    reading.child.stdout?.once('data', () => reading.child.stdout?.destroy())
    const { code, stderr } = await reading.ended
    expect(stderr).not.toMatch(/error|Warning/)
    expect(code).toBe(0)

    const script = 'create table t (); select generate_series(1, 1000000); create table u ()'
    const writing = stage.start(['run', '--format', 'csv', '-c', script])
    writing.child.stdout?.once('data', () => writing.child.stdout?.destroy())
    expect((await writing.ended).code).toBe(0)
    expect(await tablesIn(database)).toEqual(['t', 'u'])
    await ask(database, 'drop table t, u')
  })

  test('is slow: the server waits for it, and not our memory', async () => {
    const stage = await makeStage(database)
    const { child, ended, pid } = stage.start(['run', '--format', 'csv', '-c', 'select generate_series(1, 1000000000)'])
    child.stdout?.pause()
    await waitUntil(database, /active ClientWrite/)
    if (process.platform === 'linux') expect(peakMegabytes(pid)).toBeLessThan(250)
    else untested('The memory for a slow reader', 'only Linux has /proc.')
    child.stdout?.destroy()
    expect((await ended).code).toBe(0)
    await expectNothing(database)
  })
})

describe('a file', () => {
  test('that may not be read, and one that is included and missing, are found before anything runs', async () => {
    const stage = await makeStage(database, {
      'secret.sql': 'create table t ();\n',
      'load.sql': 'create table t ();\n\\i secret.sql\n',
      'lost.sql': 'create table t ();\n\\ir nowhere.sql\n',
    })
    await chmod(stage.path('secret.sql'), 0o000)
    await chmod(stage.folder, 0o755)
    // Root may read everything.
    const nobody = asRoot ? { uid: 65_534 } : {}
    for (const [script, place] of [
      ['secret.sql', ''],
      ['load.sql', 'load.sql:2:1: '],
    ] as const) {
      const { code, stderr } = await stage.start(['run', script], nobody).ended
      expect(stderr).toContain(`${place}error: secret.sql may not be read.`)
      expect(stderr).toContain('Nothing of the script was run.')
      expect(code).toBe(1)
    }
    const lost = await stage.start(['schema', 'load', 'lost.sql']).ended
    expect(lost.stderr).toContain('lost.sql:2:1: error: There is no file nowhere.sql.\n\\ir nowhere.sql\n^\n')
    expect(lost.stderr).toContain('Nothing of the script was run.')
    expect(lost.code).toBe(1)
    await expectNothing(database)
  })

  test('that is a pipe is a script, but cannot be included', async () => {
    const stage = await makeStage(database, { 'load.sql': 'create table t ();\n\\i pipe\n' })
    stage.pipe('pipe')
    const { ended } = stage.start(['run', 'pipe', '--quiet', '-t'])
    await writeFile(stage.path('pipe'), 'select 1;\n')
    expect(await ended).toEqual({ code: 0, stdout: '        1\n\n', stderr: '' })
    const included = await stage.start(['run', 'load.sql']).ended
    expect(included.stderr).toContain(
      'load.sql:2:1: error: pipe is a pipe, and a script that is included is read twice.',
    )
    expect(included.code).toBe(1)
  })

  test('that is long and comes by stdin needs a folder for temporary files, and leaves nothing there', async () => {
    const stage = await makeStage(database, { long: `${' '.repeat(40 << 20)}\nselect 1;\n` })
    await mkdir(stage.path('tmp'))
    const run = (folder: string) => {
      const { child, ended } = stage.start(['run', '--quiet'], { env: { TMPDIR: folder }, stdio: 'pipe' })
      child.stdin?.on('error', () => {})
      spawn('cat', [stage.path('long')], { stdio: ['ignore', 'pipe', 'ignore'] }).stdout.pipe(child.stdin!)
      return ended
    }
    expect(await run(stage.path('tmp'))).toMatchObject({ code: 0, stderr: '' })
    expect(await readdir(stage.path('tmp'))).toEqual([])
    const { code, stderr } = await run('/nonexistent')
    expect(stderr).toContain(
      'error: The script is long, and there is no room for it in /nonexistent: ENOENT.\ntry: Set TMPDIR',
    )
    expect(code).toBe(1)
  })
})

test('a role that may not create gets the place, and nothing stays', async () => {
  const role = `guest_${process.pid}`
  await administer(`create role ${role} login password 'guest'`)
  onTestFinished(() => administer(`drop role ${role}`))
  const stage = await makeStage(database, { 'load.sql': 'create temporary table s ();\ncreate table public.t ();\n' })
  const url = new URL(database.url)
  url.username = role
  url.password = 'guest'
  const { code, stderr } = await stage.start(['schema', 'load', 'load.sql'], { env: { DATABASE_URL: url.href } }).ended
  expect(stderr).toContain('load.sql:2:14: ERROR: permission denied for schema public\n')
  expect(stderr).toContain(`SQLSTATE: 42501\n${kept}`)
  expect(code).toBe(3)
  await expectNothing(database)
})
