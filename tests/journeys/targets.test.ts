import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'
import { connect } from '../../packages/core/src/index.ts'
import { makeOtherServer, makeProject, type TestProject } from '../support/program.ts'

const files = {
  'pgrig.json': JSON.stringify({ database: 'cruddur' }),
  'db/schema.sql': 'create table notes (text text);',
  'db/seed.sql': `insert into notes values ('seed');`,
}

type Other = Awaited<ReturnType<typeof makeOtherServer>>

async function askOther({ server }: Other, database: string, sql: string): Promise<unknown> {
  const connection = await connect(addressOf(server, database), { application: 'tests' })
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

/** What the local database holds, by a seed of its own. */
async function notesOf(project: TestProject): Promise<string> {
  const { stdout } = await project.pgrig([
    'connect',
    '--',
    '-Atc',
    `select string_agg(text, ',' order by text) from notes`,
  ])
  return stdout.trim()
}

const notes = `select string_agg(text, ',' order by text) from notes`

test('setup prod works on prod alone, in all four steps, and setup on the local server alone', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  expect(await project.pgrig(['setup'])).toMatchObject({ code: 0 })
  await project.pgrig(['connect', '--', '-c', `insert into notes values ('local')`])

  const prod = await project.pgrig(['setup', 'prod', '--confirm', 'cruddur'], { env })
  expect(prod).toMatchObject({ code: 0 })
  expect(prod.stderr).toContain(`→ prod · cruddur on 127.0.0.1:${other.server.port} as postgres`)
  expect(await askOther(other, 'cruddur', notes)).toBe('seed')
  expect(await notesOf(project)).toBe('local,seed')

  await askOther(other, 'cruddur', `insert into notes values ('prod')`)
  expect(await project.pgrig(['setup'], { env })).toMatchObject({ code: 0 })
  expect(await notesOf(project)).toBe('seed')
  expect(await askOther(other, 'cruddur', notes)).toBe('prod,seed')
})

test('what would lose data on prod is refused without its name, shows what would be lost, and prepare needs no consent', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  const prepared = await project.pgrig(['prepare', 'prod'], { env })
  expect(prepared).toMatchObject({ code: 0, stdout: expect.stringContaining('Created cruddur.') })

  await project.write('db/seed.sql', `truncate notes; insert into notes values ('seed');`)
  await project.write('db/schema.sql', 'drop table notes; create table notes (text text);')
  for (const words of [['drop'], ['setup'], ['schema', 'load'], ['seed'], ['drop', '--force'], ['setup', '--yes']]) {
    const refused = await project.pgrig(
      [
        ...words.slice(0, 1),
        ...words.slice(1).filter((word) => !word.startsWith('-')),
        'prod',
        ...words.filter((word) => word.startsWith('-')),
      ],
      { env },
    )
    expect(refused, words.join(' ')).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toContain('public.notes')
    expect(refused.stderr).toContain('--confirm cruddur')
  }
  expect(await project.pgrig(['drop', 'prod', '--confirm', 'crudder'], { env })).toMatchObject({ code: 4 })
  expect(await askOther(other, 'cruddur', notes)).toBe('seed')

  await askOther(other, 'cruddur', `insert into notes values ('lost')`)
  expect(await project.pgrig(['seed', 'prod', '--confirm', 'cruddur'], { env })).toMatchObject({ code: 0 })
  expect(await askOther(other, 'cruddur', notes)).toBe('seed')
  expect(await project.pgrig(['drop', 'prod', '--confirm', 'cruddur'], { env })).toMatchObject({ code: 0 })
  expect(await askOther(other, 'postgres', `select count(*)::int from pg_database where datname = 'cruddur'`)).toBe(0)
})

test('the database of a protected target is protected by any name, and a name that does not fit stops every target', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  await project.pgrig(['prepare', 'prod'], { env })
  const sneaked = await project.pgrig(['drop'], { env: { ...env, DATABASE_URL: other.url('cruddur') } })
  expect(sneaked).toMatchObject({ code: 4 })
  expect(sneaked.stderr).toContain('it is the database of the protected target prod')
  expect(await askOther(other, 'cruddur', notes)).toBe('seed')

  await project.pgrig(['create'])
  expect(await project.pgrig(['drop', '--confirm', 'cruddur_prod'])).toMatchObject({ code: 4 })
  await project.write('pgrig.json', JSON.stringify({ database: 'cruddur', targets: { local: { protected: true } } }))
  expect(await project.pgrig(['drop'])).toMatchObject({ code: 4 })
  expect(await project.pgrig(['drop', '--confirm', 'cruddur'])).toMatchObject({ code: 0 })
})

test('connect opens production read-only, until --write', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  await project.pgrig(['prepare', 'prod'], { env })
  const insert = ['--', '-c', `insert into notes values ('x')`]
  const refused = await project.pgrig(['connect', 'prod', ...insert], { env })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('read-only transaction')
  expect(await project.pgrig(['connect', 'prod', '--write', ...insert], { env })).toMatchObject({ code: 0 })
  const show = [
    '--',
    '-Atc',
    'show statement_timeout',
    '-c',
    'show idle_in_transaction_session_timeout',
    '-c',
    'show idle_session_timeout',
  ]
  expect(await project.pgrig(['connect', 'prod', ...show], { env })).toMatchObject({ stdout: '5min\n1min\n30min\n' })
  expect(await project.pgrig(['connect', 'prod', '--write', ...show], { env })).toMatchObject({ stdout: '0\n0\n0\n' })
})

test('the prompt of connect says the target, and the start-up file of psql is read as well', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur'), HOME: project.folder }
  await project.write('.psqlrc', `\\set mine 'from my own file'\n\\set PROMPT1 'mine> '\n`)
  await project.pgrig(['prepare', 'prod'], { env })
  const shown = async (...words: string[]) =>
    (await project.pgrig(['connect', ...words], { env, input: '\\echo :PROMPT1 :mine\n' })).stdout
  expect(await shown('prod')).toBe('prod (production, read-only) %/%R%x%#  from my own file\n')
  expect(await shown('prod', '--write')).toBe('prod (production, WRITING) %/%R%x%#  from my own file\n')
  await project.pgrig(['create'])
  expect(await shown()).toBe('local %/%R%x%#  from my own file\n')
})

test('what is done to production is on record, begun and ended, and so is what was refused; nothing else is', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  const log = async () =>
    (await readFile(join(project.folder, '.pgrig', 'log.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line))
  await project.pgrig(['create', 'prod'], { env })
  await project.pgrig(['run', '-c', 'select 1', 'prod'], { env })
  await project.pgrig(['setup', 'local'], { env })
  await project.pgrig(['drop', 'prod', '--dry-run'], { env })
  await project.pgrig(['drop', 'prod', '--yes'], { env })
  await project.pgrig(['run', '-c', `select 'topsecret' from nowhere`, 'prod', '--write', '--confirm', 'cruddur'], {
    env,
  })
  await project.pgrig(['drop', 'prod', '--confirm', 'cruddur'], { env })
  const lines = await log()
  expect(lines.map(({ command, result, error }) => [command, result, error])).toEqual([
    ['create', 'started', undefined],
    ['create', 'done', undefined],
    ['drop', 'refused', 'refused'],
    ['run', 'started', undefined],
    ['run', 'failed', 'sql_error'],
    ['drop', 'started', undefined],
    ['drop', 'done', undefined],
  ])
  expect(lines[5]).toMatchObject({ target: 'prod', database: 'cruddur', role: 'postgres', what: 'drops the database' })
  expect(lines[5]?.['id']).toBe(lines[6]?.['id'])
  expect(lines[1]?.['signs']).toEqual(['the target prod is protected'])
  expect(JSON.stringify(lines)).not.toMatch(/topsecret|secret/)
  expect((await stat(join(project.folder, '.pgrig', 'log.jsonl'))).mode & 0o777).toBe(0o600)
  await project.pgrig(['server', 'remove', '--yes'])
  expect(await log()).toHaveLength(7)
})

test('a target that was marked is production under every name, until the mark is taken away', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { STAGING_DATABASE_URL: other.url('cruddur') }
  expect(await project.pgrig(['setup', 'staging'], { env })).toMatchObject({ code: 0 })
  expect(await project.pgrig(['config', 'protect', 'staging'], { env })).toMatchObject({
    code: 0,
    stdout: 'cruddur is marked as production.\n',
  })
  const url = ['--url', other.url('cruddur').replace('/cruddur', '/cruddur?application_name=other')]
  const refused = await project.pgrig(['setup', ...url], { env })
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('cruddur is marked as production')
  expect(await project.pgrig(['config', 'unprotect', 'staging', '--yes'], { env })).toMatchObject({ code: 4 })
  const taken = await project.pgrig(['config', 'unprotect', 'staging', '--confirm', 'cruddur'], { env })
  expect(taken).toMatchObject({ code: 0, stdout: 'cruddur is not marked as production any more.\n' })
  expect(await project.pgrig(['setup', ...url], { env })).toMatchObject({ code: 0 })
})

test('a missing variable is said by name, and nothing is connected to instead', async () => {
  const project = await makeProject(files)
  for (const words of [
    ['drop', 'prod'],
    ['setup', 'prod'],
    ['sessions', 'prod'],
    ['connect', 'prod'],
    ['wait', 'prod'],
  ]) {
    const failed = await project.pgrig(words)
    expect(failed, words.join(' ')).toMatchObject({ code: 1, stdout: '' })
    expect(failed.stderr).toContain('PROD_CONNECTION_URL')
  }
})

test('a user called cruddurroot and a password full of special characters work, and the password is in no output', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const password = `p@/:%#?& '"\\pw`
  const quoted = password.replaceAll("'", "''").replaceAll('\\', '\\\\')
  await askOther(other, 'postgres', `create role cruddurroot login createdb password E'${quoted}'`)
  const { port } = other.server
  const ways = [
    { PROD_CONNECTION_URL: `postgresql://cruddurroot:${encodeURIComponent(password)}@127.0.0.1:${port}/cruddur` },
    { PROD_CONNECTION_URL: `postgresql://cruddurroot@127.0.0.1:${port}/cruddur`, PGPASSWORD: password },
    {
      PROD_DATABASE_URL: `host=127.0.0.1 port=${port} user=cruddurroot dbname=cruddur password='${password.replace(/['\\]/g, '\\$&')}'`,
    },
  ]
  for (const env of ways) {
    const outcomes = [
      await project.pgrig(['setup', 'prod', '--confirm', 'cruddur'], { env }),
      await project.pgrig(['sessions', 'prod', '--all'], { env }),
      await project.pgrig(['config', 'prod', '--json'], { env }),
      await project.pgrig(['doctor', 'prod'], { env }),
      await project.pgrig(['drop', 'prod', '--confirm', 'cruddur', '--json'], { env }),
    ]
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stderr }).toMatchObject({ code: 0 })
      expect(stdout + stderr).not.toContain(password)
      expect(stdout + stderr).not.toContain(encodeURIComponent(password))
    }
    expect(outcomes[0]?.stderr).toContain('as cruddurroot')
  }
})

test('the target line never holds a password, and an error with a URL masks it', async () => {
  const project = await makeProject(files)
  const env = { DATABASE_URL: 'postgresql://me:s3cr3t-w0rd@127.0.0.1:1/cruddur' }
  for (const words of [
    ['sessions'],
    ['sessions', '--json'],
    ['config'],
    ['doctor'],
    ['drop'],
    ['connect'],
    ['wait', '--timeout', '0.1s'],
  ]) {
    const { stdout, stderr } = await project.pgrig(words, { env })
    expect(stdout + stderr, words.join(' ')).not.toContain('s3cr3t-w0rd')
  }
})
