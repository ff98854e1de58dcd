import { expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { makeProject } from '../support/program.ts'

/** A project with a protected target on the server that all tests share, where two tables are. */
async function protectedProject(files: Record<string, string>) {
  const database = await testDatabase()
  const connection = await database.connect()
  await connection.run(`
    create table users (id int, name text);
    insert into users select n, 'somebody' from generate_series(1, 1234) n;
    create table posts (id int)`)
  const project = await makeProject({
    'pgrig.json': JSON.stringify({ targets: { staging: { protected: true } } }),
    ...files,
  })
  const env = { STAGING_DATABASE_URL: database.url }
  return {
    database: database.database,
    pgrig: (args: string[]) => project.pgrig(args, { env }),
    async count(table: string) {
      const [row] = await connection.run<{ n: number }>(`select count(*)::int as n from ${table}`)
      return row?.n
    },
    close: () => connection.close(),
  }
}

test('a script that loses something on a protected target says what, and wants the exact name of the database', async () => {
  const project = await protectedProject({
    'fix.sql': `\\set who users\n\\i more.sql\nwith gone as (\n  DELETE /* all */ FROM :who\n  returning id\n) select count(*) from gone;\n`,
    'more.sql': `-- drop table users\ninsert into posts values (1);\nalter table users drop column name;\n`,
  })
  const refused = await project.pgrig(['run', 'fix.sql', 'staging'])
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('This runs fix.sql on what looks like production: the target staging is protected')
  expect(refused.stderr).toMatch(
    /It would lose:\n {2}more\.sql:3: drops the column name of public\.users: 1,234 rows\n {2}fix\.sql:4: deletes every row of public\.users: 1,234 rows, [\d.]+ kB\nerror: /,
  )
  expect(refused.stderr).toContain(`--confirm ${project.database}`)
  expect(refused.stderr).not.toContain('posts')
  expect(await project.pgrig(['run', 'fix.sql', 'staging', '--yes'])).toMatchObject({ code: 4 })
  expect(await project.pgrig(['run', 'fix.sql', 'staging', '--confirm', 'other'])).toMatchObject({ code: 4 })
  expect(await project.count('users')).toBe(1234)

  const json = await project.pgrig(['run', 'fix.sql', 'staging', '--json'])
  expect(json).toMatchObject({ code: 4, stdout: '' })
  expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'refused' } })

  expect(await project.pgrig(['run', 'fix.sql', 'staging', '--confirm', project.database])).toMatchObject({ code: 0 })
  expect(await project.count('users')).toBe(0)
  expect(await project.count('posts')).toBe(1)
  await project.close()
})

test('what nobody can tell wants the name too, and what loses nothing only a yes', async () => {
  const project = await protectedProject({
    'db/seed.sql': `do $$\nbegin\n  execute 'select 1';\nend $$;\n`,
    'db/more.sql': `insert into posts values (1), (2);\ndelete from posts where id = 1;\ndrop table if exists nothing;\n`,
  })
  const unknown = await project.pgrig(['seed', 'staging'])
  expect(unknown).toMatchObject({ code: 4, stdout: '' })
  expect(unknown.stderr).toContain(
    'nobody can tell what this loses:\n  db/seed.sql:3: runs a statement that is put together while it runs (execute)\n',
  )
  expect(unknown.stderr).toContain(`The name "${project.database}" was not confirmed`)

  const harmless = await project.pgrig(['seed', 'db/more.sql', 'staging', '--yes'])
  expect(harmless).toMatchObject({ code: 4, stdout: '' })
  expect(harmless.stderr).toContain('It drops nothing that is there')
  expect(harmless.stderr).not.toContain('Type the name')
  expect(await project.count('posts')).toBe(0)
  const confirmed = await project.pgrig(['seed', 'db/more.sql', 'staging', '--confirm', project.database])
  expect(confirmed).toMatchObject({ code: 0 })
  expect(await project.count('posts')).toBe(1)
  await project.close()
})

test('a dry run tells what would be lost, also where the server cannot be asked', async () => {
  const project = await protectedProject({ 'db/schema.sql': 'drop table if exists users, nothing;\n' })
  const dry = await project.pgrig(['schema', 'load', 'staging', '--dry-run'])
  expect(dry).toMatchObject({ code: 0, stdout: 'drop table if exists users, nothing;\n' })
  expect(dry.stderr).toMatch(
    /It would lose:\n {2}db\/schema\.sql:1: drops the table public\.users: 1,234 rows, [\d.]+ kB\n$/,
  )
  const json = await project.pgrig(['run', 'db/schema.sql', 'staging', '--dry-run', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({
    dryRun: true,
    wouldLose: {
      losses: [{ location: { file: 'db/schema.sql', line: 1, column: 1 }, object: 'public.users', rows: 1234 }],
      unknown: [],
    },
  })
  expect(await project.count('users')).toBe(1234)
  await project.close()

  const away = await makeProject({ 'fix.sql': 'truncate users' })
  const env = { PROD_DATABASE_URL: 'postgresql://me@127.0.0.1:1/shop' }
  const unreachable = await away.pgrig(['run', 'fix.sql', 'prod', '--dry-run'], { env })
  expect(unreachable).toMatchObject({ code: 0, stdout: 'Would run 1 statement.\n' })
  expect(unreachable.stderr).toContain('The database could not be looked at')
  expect(unreachable.stderr).toContain('  fix.sql:1: empties the table users\n')
})

test('at most twenty losses are listed', async () => {
  const drops = Array.from({ length: 23 }, (_, index) => `delete from posts; -- ${index}\n`).join('')
  const project = await protectedProject({ 'fix.sql': drops })
  const { stderr } = await project.pgrig(['run', 'fix.sql', 'staging'])
  expect(stderr.match(/deletes every row of public\.posts/g)).toHaveLength(20)
  expect(stderr).toContain('  … and 3 more\n')
  await project.close()
})

test('prepare on production refuses a script that reaches beyond its empty database', async () => {
  const database = await testDatabase()
  const project = await makeProject({
    'pgrig.json': JSON.stringify({ targets: { staging: { protected: true } } }),
    'db/schema.sql': 'create table t (id int);\nselect pg_terminate_backend(1) where false;\n',
    'db/seed.sql': 'insert into t values (1);\n',
  })
  const env = { STAGING_DATABASE_URL: database.url }
  const refused = await project.pgrig(['prepare', 'staging'], { env })
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('db/schema.sql:2')
  await project.write('db/schema.sql', 'drop table if exists t;\ncreate table t (id int);\ntruncate t;\n')
  expect(await project.pgrig(['prepare', 'staging'], { env })).toMatchObject({ code: 0 })
})

test('the parser is loaded only for a guard that asks', async () => {
  const database = await testDatabase()
  const project = await makeProject({ 'pgrig.json': JSON.stringify({ targets: { staging: { protected: true } } }) })
  const loadedFor = async (target: string, key: string) => {
    const env = { NODE_DEBUG: 'module', [key]: database.url }
    const ran = await project.pgrig(['run', '-c', 'drop table if exists t', target], { env })
    expect(ran.code).toBe(0)
    return ran.stderr
  }
  expect(await loadedFor('staging', 'STAGING_DATABASE_URL')).toContain('libpg-query')
  expect(await loadedFor('local', 'DATABASE_URL')).not.toContain('libpg-query')
})
