import { chmod, readFile, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { connect } from '../../packages/core/src/index.ts'
import { addressOf } from '../../packages/core/src/postgres/embedded/server.ts'
import { makeOtherServer, makeProject, run, type TestProject } from '../support/program.ts'

const files = {
  'pgrig.json': JSON.stringify({ database: 'cruddur' }),
  'db/schema.sql': 'create table notes (text text);',
  'db/seed.sql': `insert into notes values ('seed');`,
}

async function readPassword(project: TestProject, name: string): Promise<string> {
  expect((await stat(project.path(name))).mode & 0o777).toBe(0o600)
  const text = await readFile(project.path(name), 'utf8')
  expect(text).toMatch(/^[\w-]{40}\n$/)
  return text.trim()
}

test('a role is created, works, is listed, gets a new password, and goes', async () => {
  const project = await makeProject(files)
  expect(await project.pgrig(['setup'])).toMatchObject({ code: 0 })

  const dry = await project.pgrig(['roles', 'create', 'writer', '--as', 'app', '--dry-run'])
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`create role "writer" login password 'SCRAM-SHA-256$***';`),
  })
  const missing = await project.pgrig(['roles', 'create', 'writer', '--as', 'app'])
  expect(missing).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--to FILE, --pgpass, --store COMMAND or --print'),
  })

  const created = await project.pgrig(['roles', 'create', 'writer', '--as', 'app', '--to', 'writer.password'])
  expect(created).toMatchObject({ code: 0, stdout: expect.stringContaining('Logging in with it works.') })
  const password = await readPassword(project, 'writer.password')
  expect(created.stdout + created.stderr).not.toContain(password)

  const { port, passwordFile } = await serverOf(project)
  const env = { STAGING_DATABASE_URL: `postgresql://writer:${password}@127.0.0.1:${port}/cruddur` }
  expect(await project.pgrig(['run', '-c', `insert into notes values ('two')`, 'staging'], { env })).toMatchObject({
    code: 0,
  })
  expect(await project.pgrig(['run', '-c', 'drop table notes', 'staging', '--yes'], { env })).toMatchObject({ code: 3 })

  expect(await project.pgrig(['roles', 'create', 'writer', '--as', 'app'])).toMatchObject({
    code: 0,
    stdout: 'writer is there already, as asked.\n',
  })
  const differs = await project.pgrig(['roles', 'create', 'writer', '--as', 'readonly', '--json'])
  expect(differs).toMatchObject({ code: 1, stdout: '' })
  expect(JSON.parse(differs.stderr)).toMatchObject({ error: { code: 'role_differs' } })

  const list = await project.pgrig(['roles', '--json'])
  const { roles } = JSON.parse(list.stdout) as { roles: { name: string }[] }
  expect(roles.find(({ name }) => name === 'writer')).toMatchObject({
    canLogin: true,
    password: 'scram-sha-256',
    levels: [{ database: 'cruddur', level: 'app', schema: 'public' }],
  })
  expect((await project.pgrig(['roles'])).stdout).toMatch(/writer +yes +app on public/)

  const printed = await project.pgrig(['roles', 'rotate', 'writer', '--print'])
  expect(printed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]{40}\n$/) })
  const asJson = JSON.parse((await project.pgrig(['roles', 'rotate', 'writer', '--print', '--json'])).stdout) as {
    password: string
  }
  expect(asJson).toMatchObject({ password: expect.stringMatching(/^[\w-]{40}$/), proof: { proven: true } })
  await run('git', ['init', '-q'], { cwd: project.folder })
  const kept = await project.pgrig(['roles', 'rotate', 'writer', '--to', 'writer.password', '--force', '--json'])
  expect(JSON.parse(kept.stdout)).not.toHaveProperty('password')
  await project.write('.gitignore', '*.secret\n')
  const told = async (file: string) =>
    (await project.pgrig(['roles', 'rotate', 'writer', '--to', file, '--force'])).stderr
  expect(await told('writer.password')).toContain('git does not ignore writer.password')
  expect(await told('writer.secret')).not.toContain('git')
  expect(await project.pgrig(['wait', 'staging', '--timeout', '1'], { env })).toMatchObject({ code: 2 })
  const again = await project.pgrig(['roles', 'rotate', 'writer', '--to', 'writer.password'])
  expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining('is there already') })

  // Through the password file.
  const home = {
    HOME: project.folder,
    STAGING_DATABASE_URL: `postgresql://writer@127.0.0.1:${port}/cruddur?sslmode=disable`,
  }
  const direct = { ...home, DATABASE_URL: `postgresql://postgres@127.0.0.1:${port}/cruddur` }
  const superuser = (await readFile(passwordFile, 'utf8')).trim()
  const rotated = await project.pgrig(['roles', 'rotate', 'writer', '--pgpass', '--confirm', 'cruddur'], {
    env: { ...direct, PGPASSWORD: superuser },
  })
  expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining('The password of writer is in ~/.pgpass.') })
  expect(await project.pgrig(['run', '-c', `select 1`, 'staging'], { env: home })).toMatchObject({ code: 0 })

  expect(await project.pgrig(['roles', 'expire', 'writer', '--in', '30d'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['roles', 'expire', 'writer', '--at', 'soon'])).toMatchObject({ code: 64 })
  expect(await project.pgrig(['roles', 'grant', 'writer', 'readonly'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['roles', 'revoke', 'writer', 'app'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['roles', 'drop', 'writer', '--dry-run'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('drop role "writer";'),
  })
  expect(await project.pgrig(['roles', 'drop', 'writer'])).toMatchObject({ code: 0, stdout: 'Dropped writer.\n' })
  expect(await project.pgrig(['roles', 'drop', 'writer'])).toMatchObject({ code: 1 })
  expect(await project.pgrig(['roles', 'crate'])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('roles create'),
  })
})

async function serverOf(project: TestProject): Promise<{ port: number; passwordFile: string }> {
  const { stdout } = await project.pgrig(['server', 'status', '--json'])
  return (JSON.parse(stdout) as { running: { port: number; passwordFile: string } }).running
}

test('the roles of pgrig.json are planned, applied, and then as they should be; the passwords are in files', async () => {
  const project = await makeProject({
    ...files,
    'pgrig.json': JSON.stringify({
      database: 'cruddur',
      roles: { writer: { as: 'app', expires: '90d', connectionLimit: 20 }, deploy: { as: 'migrator' } },
    }),
  })
  await project.pgrig(['setup'])
  expect(await project.pgrig(['roles', 'plan', '--exit-code'])).toMatchObject({
    code: 5,
    stdout: expect.stringContaining('+ writer: is made, and logs in with a password'),
  })
  expect(await project.pgrig(['roles', 'apply', '--yes'])).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--passwords-to'),
  })
  expect(await project.pgrig(['roles', 'apply', '--passwords-to', '.'])).toMatchObject({ code: 4, stdout: '' })
  expect(await project.pgrig(['roles', 'apply', '--dry-run'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('create role "writer"'),
  })
  const applied = await project.pgrig(['roles', 'apply', '--passwords-to', '.', '--yes', '--adopt'])
  expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('Done.') })
  for (const name of ['writer', 'deploy']) {
    expect(applied.stdout + applied.stderr).not.toContain(await readPassword(project, name))
  }
  expect(await project.pgrig(['roles', 'plan', '--exit-code'])).toMatchObject({
    code: 0,
    stdout: 'The roles are as pgrig.json says.\n',
  })
  expect(await project.pgrig(['roles', 'apply', '--yes'])).toMatchObject({ code: 0 })
  await project.pgrig(['roles', 'create', 'guest', '--to', 'guest.password'])
  expect((await project.pgrig(['roles', 'plan'])).stdout).toContain('Not in pgrig.json: guest.')
})

test('on production what takes away wants the name of the database, what gives a yes; and the old password is found', async () => {
  const [project, other] = await Promise.all([makeProject(files), makeOtherServer()])
  const env = { PROD_CONNECTION_URL: other.url('cruddur') }
  await project.pgrig(['prepare', 'prod'], { env })

  const create = ['roles', 'create', 'writer', 'prod', '--as', 'app', '--to', 'writer.password']
  expect(await project.pgrig(create, { env })).toMatchObject({ code: 4, stderr: expect.stringContaining('--yes') })
  expect(await project.pgrig([...create, '--yes'], { env })).toMatchObject({ code: 0 })
  const grant = ['roles', 'grant', 'writer', 'readonly', 'prod']
  expect(await project.pgrig(grant, { env })).toMatchObject({ code: 4 })
  expect(await project.pgrig([...grant, '--yes'], { env })).toMatchObject({ code: 0 })

  for (const words of [
    ['roles', 'rotate', 'writer', 'prod', '--to', 'new.password'],
    ['roles', 'revoke', 'writer', 'readonly', 'prod'],
    ['roles', 'expire', 'writer', 'prod', '--in', '1d'],
    ['roles', 'drop', 'writer', 'prod'],
  ]) {
    for (const refused of [words, [...words, '--yes'], [...words, '--confirm', 'crudder']]) {
      expect(await project.pgrig(refused, { env }), refused.join(' ')).toMatchObject({ code: 4, stdout: '' })
    }
    expect(await project.pgrig([...words, '--confirm', 'cruddur'], { env }), words.join(' ')).toMatchObject({ code: 0 })
  }

  const record = (await readFile(project.path('.pgrig/log.jsonl'), 'utf8')).trim().split('\n')
  const lines = record.map((line) => JSON.parse(line) as { command: string; what: string; result: string })
  expect(lines).toContainEqual(
    expect.objectContaining({ command: 'roles create', what: 'makes the role writer as app', result: 'done' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ command: 'roles drop', what: 'drops the role writer', result: 'refused' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ command: 'roles drop', what: 'drops the role writer', result: 'done' }),
  )

  // The role that the target itself connects as.
  const own = await project.pgrig(
    ['roles', 'rotate', 'postgres', 'prod', '--to', 'own.password', '--confirm', 'cruddur'],
    { env },
  )
  expect(own).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('The old password is still in environment PROD_CONNECTION_URL: change it there.'),
  })
  expect(own.stdout + own.stderr).not.toContain(other.password)
  expect(await project.pgrig(['wait', 'prod', '--timeout', '1'], { env })).toMatchObject({ code: 2 })
  const password = await readPassword(project, 'own.password')
  expect(own.stdout + own.stderr).not.toContain(password)
  const renewed = { PROD_CONNECTION_URL: `postgresql://postgres:${password}@127.0.0.1:${other.server.port}/cruddur` }
  expect(await project.pgrig(['wait', 'prod', '--timeout', '5'], { env: renewed })).toMatchObject({ code: 0 })

  // The same with a password file, which is changed along: then nothing holds the old one.
  const entry = `127.0.0.1:${other.server.port}:*:postgres:${password}\n`
  await project.write('.pgpass', entry)
  await chmod(project.path('.pgpass'), 0o600)
  const filed = {
    HOME: project.folder,
    PROD_CONNECTION_URL: `postgresql://postgres@127.0.0.1:${other.server.port}/cruddur`,
  }
  const along = await project.pgrig(['roles', 'rotate', 'postgres', 'prod', '--pgpass', '--confirm', 'cruddur'], {
    env: filed,
  })
  expect(along).toMatchObject({ code: 0, stdout: expect.stringContaining('The password of postgres is in ~/.pgpass.') })
  expect(along.stdout).not.toContain('old password')
  expect(await readFile(project.path('.pgpass'), 'utf8')).not.toContain(password)
  expect(await project.pgrig(['wait', 'prod', '--timeout', '5'], { env: filed })).toMatchObject({ code: 0 })

  const log = await readFile(other.server.logFile, 'utf8')
  expect(log).not.toContain(password)
  const connection = await connect(addressOf(other.server, 'cruddur'), { application: 'tests' })
  expect(await connection.run(`select 1 from pg_roles where rolname = 'writer'`)).toEqual([])
  await connection.close()
})
