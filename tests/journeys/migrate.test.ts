import { spawn, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { connect, type Connection } from '../../packages/core/src/index.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import { makeOtherServer, makeProject, type Outcome, pgrigProgram, root, type TestProject } from '../support/program.ts'
import { plainProxy, transactionPooler } from '../support/proxy.ts'

interface Started {
  outcome: Promise<Outcome>
  stop(signal: NodeJS.Signals): void
}

/** Starts the built program without waiting for its end. */
function start(project: TestProject, args: string[], env: Record<string, string>): Started {
  const child = spawn(process.execPath, [pgrigProgram, ...args], {
    cwd: project.folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_OPTIONS: '--max-old-space-size=64', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const outcome: Outcome = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.stderr += text))
  return {
    outcome: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ ...outcome, code }))
    }),
    stop: (signal) => void child.kill(signal),
  }
}

interface Ground {
  project: TestProject
  database: TestDatabase
  env: Record<string, string>
  connection: Connection
}

/** A project with migrations, and a database on the server that all tests share. */
async function ground(migrations: Record<string, string>): Promise<Ground> {
  const database = await testDatabase()
  const project = await makeProject(
    Object.fromEntries(Object.entries(migrations).map(([name, text]) => [`db/migrations/${name}`, text])),
  )
  const connection = await database.connect()
  onTestFinished(() => connection.close())
  return { project, database, env: { DATABASE_URL: database.url }, connection }
}

const first =
  '-- migrate:up\ncreate table users (id int primary key, n int not null default 0);\n-- migrate:down\ndrop table users;\n'
const second = '-- migrate:up\ninsert into users values (1);\n-- migrate:down\ndelete from users;\n'

test('fifty that migrate at once apply each migration once, and none fails', async () => {
  const other = await makeOtherServer({ max_connections: '200' })
  const project = await makeProject({ 'db/migrations/1_users.sql': first, 'db/migrations/2_one.sql': second })
  for (let n = 3; n <= 6; n++)
    await project.write(
      `db/migrations/${n}_more.sql`,
      `-- migrate:up\nupdate users set n = n + 1;\nselect pg_sleep(0.2);\n`,
    )
  const env = { DATABASE_URL: other.url('many') }
  expect(await project.pgrig(['create'], { env })).toMatchObject({ code: 0 })
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => start(project, ['migrate', '--json'], env).outcome),
  )
  expect(outcomes.filter(({ code }) => code !== 0)).toEqual([])
  const applied = outcomes.flatMap(({ stdout }) => (JSON.parse(stdout) as { applied: { version: string }[] }).applied)
  expect(applied.map(({ version }) => version).sort()).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(await project.pgrig(['run', '-c', 'select n from users', '--format', 'csv', '-t'], { env })).toMatchObject({
    stdout: '4\n',
  })
}, 240_000)

const whole = `-- migrate:up
create table whole (n int);
insert into whole select n from generate_series(1, 50000) n;
select pg_sleep(0.3);
insert into whole values (0);
`
const parts = `-- migrate:up transaction:false
create table parts (n int);
insert into parts select n from generate_series(1, 100000) n;
create index concurrently parts_n on parts (n);
select pg_sleep(0.2);
insert into parts values (-1);
alter table parts add column text text;
create unique index concurrently parts_unique on parts (n, text);
insert into parts values (-2);
vacuum parts;
drop index concurrently parts_n;
insert into parts values (-3);
`

test('killed at any moment, a migration leaves what the next run explains and goes on with, and each statement has its effect once', async () => {
  let unfinished = 0
  for (let round = 0; round < 3; round++) {
    const { project, connection, env } = await ground({ '1_whole.sql': whole, '2_parts.sql': parts })
    for (let kills = 0; kills < 8; kills++) {
      const running = start(project, ['migrate'], env)
      await wait(200 + Math.random() * 700)
      running.stop('SIGKILL')
      const { code } = await running.outcome
      if (code === 0) break
      const status = await project.pgrig(['migration', 'status', '--json'], { env })
      expect(status).toMatchObject({ code: 0 })
      const { migrations } = JSON.parse(status.stdout) as { migrations: { version: string; state: string }[] }
      expect(migrations.map(({ version }) => version)).toEqual(['1', '2'])
      for (const { version, state } of migrations)
        expect(version === '1' ? ['pending', 'applied'] : ['pending', 'applied', 'unfinished']).toContain(state)
      if (migrations[1]?.state === 'unfinished') {
        unfinished++
        const { stdout } = await project.pgrig(['migration', 'status'], { env })
        expect(stdout).toMatch(/2 was interrupted: \d+ of its statements are done.* pgrig migrate goes on with it\./)
      }
    }
    const last = await project.pgrig(['migrate'], { env })
    expect(last, last.stderr).toMatchObject({ code: 0 })
    const [found] = await connection.run(`
      select (select count(*)::int from whole) as whole, (select count(*)::int from parts) as parts,
             (select count(*)::int from parts where n < 0) as single, to_regclass('parts_n') is null as dropped,
             (select indisvalid from pg_index where indexrelid = 'parts_unique'::regclass) as valid,
             (select count(*)::int from schema_migrations) as applied,
             to_regclass('schema_migrations_unfinished') is null as finished`)
    expect(found).toEqual({
      whole: 50_001,
      parts: 100_003,
      single: 3,
      dropped: true,
      valid: true,
      applied: 2,
      finished: true,
    })
  }
  expect(unfinished, 'some kills met the migration without a transaction').toBeGreaterThan(0)
}, 240_000)

test('Ctrl-C in a migration rolls it back, keeps those before it, and says so', async () => {
  const { project, env, connection } = await ground({
    '1_users.sql': first,
    '2_slow.sql': '-- migrate:up\ninsert into users values (2);\nselect pg_sleep(30);\n',
  })
  const running = start(project, ['migrate'], env)
  await untilSleeping(connection)
  running.stop('SIGINT')
  const { code, stderr } = await running.outcome
  expect(code).toBe(130)
  expect(stderr).toMatch(
    /Nothing of it was kept: the transaction was rolled back\. The migration before it stays applied\./,
  )
  expect(await connection.run('select version from schema_migrations')).toEqual([{ version: '1' }])
  expect(await connection.run('select from users')).toEqual([])
})

test('Ctrl-C in a migration without a transaction says how far it came', async () => {
  const { project, env, connection } = await ground({
    '1_slow.sql': '-- migrate:up transaction:false\ncreate table a ();\nselect pg_sleep(30);\nselect 1;\n',
  })
  const running = start(project, ['migrate'], env)
  await untilSleeping(connection)
  running.stop('SIGINT')
  const { code, stderr } = await running.outcome
  expect(code).toBe(130)
  expect(stderr).toContain('The first of its 3 statements is done and stays. The next pgrig migrate goes on from here.')
})

/** Waits until a session of the database sleeps. */
async function untilSleeping(connection: Connection): Promise<void> {
  const asleep = () =>
    connection.run(`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`)
  await expect.poll(async () => (await asleep()).length, { timeout: 20_000 }).toBe(1)
}

test('a migration that waits behind a transaction does not stop the traffic, and names whom it waits for', async () => {
  const { project, env, connection, database } = await ground({
    '1_alter.sql': '-- migrate:up\nalter table users add column text text;\n',
  })
  await connection.run(
    'create table users (id int primary key, n int default 0); insert into users select generate_series(1, 50)',
  )
  const reader = await database.connect()
  await reader.run('begin')
  await reader.run('select * from users')
  const lockTimeout = 1
  const running = start(project, ['migrate', '--lock-timeout', `${lockTimeout}s`], env)
  let ended = false
  void running.outcome.then(() => (ended = true))
  const clients = Array.from({ length: 50 }, async (_, index) => {
    const client = await database.connect()
    let longest = 0
    try {
      while (!ended) {
        const started = performance.now()
        await client.run(
          index % 2
            ? `select * from users where id = ${index + 1}`
            : `update users set n = n + 1 where id = ${index + 1}`,
        )
        longest = Math.max(longest, (performance.now() - started) / 1000)
        await wait(20)
      }
    } finally {
      await client.close()
    }
    return longest
  })
  await wait(10_000)
  await reader.run('commit')
  await reader.close()
  const { code, stderr, stdout } = await running.outcome
  const longest = await Promise.all(clients)
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/Applied db\/migrations\/1_alter\.sql: .* tried \d+ times for a lock/)
  expect(stderr).toMatch(
    /1_alter\.sql waits for pid \d+ · postgres · tests · idle in transaction · transaction open for \d+ s/,
  )
  // What one waits beyond the time-out is the machine's.
  expect(longest.filter((seconds) => seconds > lockTimeout + 2)).toEqual([])
  expect(
    Math.max(...longest),
    'the migration was in the way of some, so that the test has tested something',
  ).toBeGreaterThan(lockTimeout / 2)
}, 120_000)

test('a pooler in transaction mode is refused with the reason, and what passes everything on is not', async () => {
  const { project, database } = await ground({ '1_users.sql': first })
  const pooler = await transactionPooler()
  const env = { DATABASE_URL: pooler.url(database.database) }
  // It pools for real.
  const client = await connect({ ...database.address, ...pooler.address }, { application: 'tests' })
  const ask = () => client.run('select pg_backend_pid()')
  expect(await ask()).not.toEqual(await ask())
  await client.close()
  const refused = await project.pgrig(['migrate'], { env })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(
    /There is a connection pooler .*: at the login it was process 1234567890, and now it is \d+\./,
  )
  expect(refused.stderr).toContain('--allow-pooler')
  expect(await project.pgrig(['migration', 'status', '--json'], { env })).toMatchObject({ code: 0 })
  const direct = { DATABASE_URL: (await plainProxy()).url(database.database) }
  expect(await project.pgrig(['migrate'], { env: direct })).toMatchObject({ code: 0 })
})

const dbmate = join(root, 'node_modules/.bin/dbmate')

/** Whether dbmate runs here: its package has a program for the usual platforms only. */
function dbmateRuns(): boolean {
  const { status, stderr } = spawnSync(dbmate, ['--version'], { encoding: 'utf8' })
  if (status === 0) return true
  const sentence = `dbmate and pgrig taking turns was not tested: dbmate does not run here. ${stderr}`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
  return false
}

test.runIf(dbmateRuns()).each(['', '&search_path=app'])(
  'dbmate and pgrig take turns on one database, with %j in the URL, and agree on what is applied',
  async (parameters) => {
    const { project, database, connection } = await ground({ '20260101000000_users.sql': first })
    const env = { DATABASE_URL: `${database.url}?sslmode=disable${parameters}` }
    const theirs = (...args: string[]) =>
      spawnSync(dbmate, ['--no-dump-schema', ...args], {
        cwd: project.folder,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      })
    const agree = async () => {
      const { stdout } = theirs('status')
      const theirStates = [...stdout.matchAll(/^\[(.)\] (\d+)/gm)].map(([, mark, version]) => `${mark} ${version}`)
      const ours = JSON.parse((await project.pgrig(['migration', 'status', '--json'], { env })).stdout) as {
        migrations: { version: string; state: string }[]
      }
      const ourStates = ours.migrations.map(({ version, state }) => `${state === 'applied' ? 'X' : ' '} ${version}`)
      expect(ourStates).toEqual(theirStates)
      return ourStates.map(([mark]) => mark).join('')
    }
    expect(theirs('migrate').status).toBe(0)
    expect(await agree()).toBe('X')
    await project.write('db/migrations/20260103000000_one.sql', second)
    expect(await project.pgrig(['migrate'], { env })).toMatchObject({ code: 0 })
    expect(await agree()).toBe('XX')
    await project.write(
      'db/migrations/20260102000000_late.sql',
      '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
    )
    expect(await agree()).toBe('X X')
    expect(theirs('migrate').status).toBe(0)
    expect(await agree()).toBe('XXX')
    expect(await project.pgrig(['rollback'], { env })).toMatchObject({ code: 0 })
    expect(await agree()).toBe('XX ')
    expect(theirs('rollback').status).toBe(0)
    expect(await agree()).toBe('X  ')
    expect(await project.pgrig(['migrate'], { env })).toMatchObject({ code: 0 })
    expect(await agree()).toBe('XXX')
    const schema = parameters === '' ? 'public' : 'app'
    expect(await connection.run(`select from ${schema}.schema_migrations`)).toHaveLength(3)
  },
)

test('on production the losses of what is pending are told with their places, and prepare refuses them', async () => {
  const { project, database, connection } = await ground({
    '1_first.sql': '-- migrate:up\nselect 1;\n',
    '2_drop.sql': '-- migrate:up\n\nalter table users\n  drop column n;\n',
  })
  await connection.run(
    'create table users (id int, n int); insert into users select n, n from generate_series(1, 12) n',
  )
  const env = { PROD_DATABASE_URL: database.url }
  const refused = await project.pgrig(['migrate', 'prod'], { env })
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain(
    'This applies db/migrations/1_first.sql, db/migrations/2_drop.sql on what looks like production',
  )
  expect(refused.stderr).toMatch(
    /It would lose:\n {2}db\/migrations\/2_drop\.sql:3: drops the column n of public\.users: 12 rows/,
  )
  const prepared = await project.pgrig(['prepare', 'prod'], { env })
  expect(prepared.code).toBe(4)
  expect(prepared.stderr).toContain('db/migrations/2_drop.sql:3')
  expect(await connection.run(`select to_regclass('schema_migrations') is null as untouched`)).toEqual([
    { untouched: true },
  ])
  await project.write('db/migrations/2_drop.sql', '-- migrate:up\nalter table users add column more int;\n')
  expect(await project.pgrig(['prepare', 'prod'], { env })).toMatchObject({ code: 0 })
  expect(await connection.run('select version from schema_migrations order by 1')).toHaveLength(2)
})

test('a seed says when it is run, one for development not on production, and a second run is proved to change nothing', async () => {
  const { project, database, connection } = await ground({})
  await connection.run('create table kinds (name text primary key); create table people (name text)')
  await project.write(
    'db/seeds/1_kinds.sql',
    `-- seed: on-change\ninsert into kinds values ('a') on conflict do nothing;\n`,
  )
  await project.write('db/seeds/2_people.sql', `-- seed: dev\ninsert into people values ('ann');\n`)
  const env = { DATABASE_URL: database.url, PROD_DATABASE_URL: database.url }
  const proof = await project.pgrig(['seed', '--prove-idempotent'], { env: { DATABASE_URL: database.url } })
  expect(proof).toMatchObject({ code: 5, stdout: 'public.people: 1 rows more after the second run.\n' })
  const production = await project.pgrig(['seed', 'prod', '--confirm', database.database], { env })
  expect(production).toMatchObject({ code: 0 })
  expect(production.stderr).toContain('db/seeds/2_people.sql is not for production, and was left out.')
  expect(
    await project.pgrig(['seed', 'db/seeds/2_people.sql', 'prod', '--confirm', database.database], { env }),
  ).toMatchObject({ code: 4 })
  expect(await project.pgrig(['seed', 'prod', '--prove-idempotent'], { env })).toMatchObject({ code: 4 })
  const local = { env: { DATABASE_URL: database.url } }
  const planned = async () =>
    (
      JSON.parse((await project.pgrig(['seed', '--dry-run', '--json'], local)).stdout) as {
        planned: { file: string }[]
      }
    ).planned
  expect((await planned()).map((each) => each.file)).toEqual(['db/seeds/2_people.sql'])
  expect((await project.pgrig(['seed'], local)).stdout).toMatch(/^Ran db\/seeds\/2_people\.sql: /)
  expect(await project.pgrig(['seed'], local)).toMatchObject({ code: 0, stdout: 'Every seed was run before.\n' })
  expect(await planned()).toEqual([])
})

test('a schema file that is a dump is written anew after a migration, one that a person wrote is not, nor one for production', async () => {
  const project = await makeProject({
    'pgrig.json': '{"database":"app"}',
    'db/schema.sql': 'create table users (id int primary key);\n',
    'db/migrations/1_likes.sql': '-- migrate:up\ncreate table likes (id int);\n-- migrate:down\ndrop table likes;\n',
  })
  const schema = () => readFile(project.path('db/schema.sql'), 'utf8')
  await project.pgrig(['create'])
  await project.pgrig(['schema', 'load'])
  expect(await project.pgrig(['migrate'])).toMatchObject({ code: 0 })
  expect(await schema()).toBe('create table users (id int primary key);\n')
  await project.pgrig(['schema', 'dump'])
  expect(await schema()).toMatch(/INSERT INTO public\.schema_migrations \(version\) VALUES\n {4}\('1'\);\n$/)
  const before = await schema()
  expect(await project.pgrig(['rollback', '--no-dump'])).toMatchObject({ code: 0 })
  expect(await schema()).toBe(before)
  const migrated = await project.pgrig(['migrate'])
  expect(migrated).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Wrote') })
  await project.pgrig(['rollback'])
  expect(await schema()).not.toContain('likes')
  const production = { PROD_DATABASE_URL: (await makeOtherServer()).url('app') }
  await project.pgrig(['create', 'prod'], { env: production })
  const written = await schema()
  expect(await project.pgrig(['migrate', 'prod', '--confirm', 'app'], { env: production })).toMatchObject({ code: 0 })
  expect(await schema()).toBe(written)
  await project.pgrig(['drop', '--no-undo'])
  expect(await project.pgrig(['setup', '--no-undo'])).toMatchObject({ code: 0 })
  const status = await project.pgrig(['migration', 'status', '--exit-code'])
  expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('Pending: 0') })
})
