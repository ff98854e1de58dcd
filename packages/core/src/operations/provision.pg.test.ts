import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { absentDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { prepareDatabase, type PrepareOptions } from './prepare.ts'
import { setupDatabase } from './setup.ts'

interface Ground {
  database: TestDatabase
  options: PrepareOptions
  write(name: string, text: string): Promise<void>
  ask(sql: string): Promise<unknown[]>
}

async function ground(files: Record<string, string>): Promise<Ground> {
  const database = await absentDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-provision-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  for (const [name, text] of Object.entries(files)) await write(name, text)
  return {
    database,
    write,
    options: {
      schemaFile: join(folder, 'schema.sql'),
      seedFile: join(folder, 'seed.sql'),
      nameFile: (path) => path.slice(folder.length + 1),
      seedEmptyTables: true,
      migrations: {
        folder: join(folder, 'migrations'),
        nameFile: (path) => path.slice(folder.length + 1),
        user: 'ann@laptop',
        program: 'pgrig test',
      },
    },
    async ask(sql) {
      const connection = await database.connect()
      try {
        return (await connection.run(sql)).map((row) => Object.values(row)[0])
      } finally {
        await connection.close()
      }
    },
  }
}

const first = '-- migrate:up\ncreate table users (name text);\n'
const second = '-- migrate:up\nalter table users add column age int;\n'
const seed = `insert into users values ('ann');\n`
const dump = `
create table users (name text);
create table schema_migrations (version varchar primary key);
set search_path to '';
insert into public.schema_migrations (version) values ('1');
`
const names = (files: readonly { file: string }[]) => files.map(({ file }) => file)

test('migrations alone make a new database, and the seed comes behind them', async () => {
  const { database, options, ask } = await ground({
    'migrations/1_a.sql': first,
    'migrations/2_b.sql': second,
    'seed.sql': seed,
  })
  const done = await setupDatabase(database, options)
  expect([names(done.loaded), names(done.applied)]).toEqual([
    ['seed.sql'],
    ['migrations/1_a.sql', 'migrations/2_b.sql'],
  ])
  expect(await ask('select to_jsonb(users) from users')).toEqual([{ name: 'ann', age: null }])
  const { dropped } = await setupDatabase(database, options)
  expect(dropped.kept).toBeDefined()
})

test('a schema says which migrations it contains, and those behind it are applied', async () => {
  const { database, options, ask } = await ground({
    'schema.sql': dump,
    'migrations/1_a.sql': first,
    'migrations/2_b.sql': second,
  })
  const done = await prepareDatabase(database, options)
  expect([names(done.loaded), names(done.applied)]).toEqual([['schema.sql'], ['migrations/2_b.sql']])
  expect(await ask('select version from schema_migrations order by 1')).toEqual(['1', '2'])
})

test('a schema that says nothing contains none, and a migration that finds its own there says what to do', async () => {
  const { database, options, ask } = await ground({
    'schema.sql': 'create table users (name text);',
    'migrations/2_b.sql': second,
  })
  await prepareDatabase(database, options)
  expect(await ask('select version from schema_migrations')).toEqual(['2'])
  const other = await ground({ 'schema.sql': 'create table users (name text);', 'migrations/1_a.sql': first })
  await expect(setupDatabase(other.database, other.options)).rejects.toMatchObject({
    sql: { sqlstate: '42P07' },
    location: { file: 'migrations/1_a.sql' },
    hint: expect.stringContaining('schema.sql does not say which migrations it contains'),
    state: expect.stringMatching(/^There is no .*, as before\.$/),
  })
})

test('prepare applies what has come since, seeds tables that have only just come, and then does nothing', async () => {
  const { database, options, write, ask } = await ground({ 'migrations/1_a.sql': first })
  expect(names((await prepareDatabase(database, options)).applied)).toEqual(['migrations/1_a.sql'])
  await write('migrations/2_b.sql', second)
  await write('seed.sql', seed)
  expect(await prepareDatabase(database, { ...options, dryRun: true })).toMatchObject({
    pending: ['migrations/2_b.sql'],
    scripts: ['seed.sql'],
    applied: [],
  })
  const done = await prepareDatabase(database, options)
  expect([names(done.loaded), names(done.applied)]).toEqual([['seed.sql'], ['migrations/2_b.sql']])
  expect(await prepareDatabase(database, options)).toMatchObject({ scripts: [], pending: [] })
  expect(await ask('select name from users')).toEqual(['ann'])
})

test('a migration that fails in a setup leaves the database as it was', async () => {
  const { database, options, write, ask } = await ground({ 'migrations/1_a.sql': first, 'seed.sql': seed })
  await setupDatabase(database, options)
  await ask(`insert into users values ('kept')`)
  await write('migrations/2_b.sql', '-- migrate:up\nselect nowhere;\n')
  await expect(setupDatabase(database, options)).rejects.toMatchObject({
    location: { file: 'migrations/2_b.sql', line: 2 },
    state: expect.stringContaining('is as it was before.'),
  })
  expect(await ask('select name from users order by 1')).toEqual(['ann', 'kept'])
  await write('migrations/2_b.sql', '-- migrate:up\ncommit;\n')
  await expect(setupDatabase(database, options)).rejects.toMatchObject({ code: 'migration_invalid' })
})

test('ten that prepare a new database at once apply each migration once and seed once', async () => {
  const { database, options, ask } = await ground({
    'migrations/1_a.sql': first,
    'migrations/2_b.sql': second,
    'seed.sql': seed,
  })
  await Promise.all(Array.from({ length: 10 }, () => prepareDatabase(database, options)))
  expect(await ask('select name from users')).toEqual(['ann'])
})

test('seeds run when they are due, and those for development not on production', async () => {
  const { database, options, write, ask } = await ground({
    'migrations/1_a.sql': first,
    'seeds/1_once.sql': `-- seed: once\ninsert into users values ('once');\n`,
    'seeds/2_change.sql': `-- seed: on-change\ninsert into users values ('change 1');\n`,
    'seeds/3_dev.sql': `-- seed: dev\ninsert into users values ('dev');\n`,
  })
  expect(names((await prepareDatabase(database, { ...options, seedEmptyTables: false })).loaded)).toEqual([
    'seeds/1_once.sql',
    'seeds/2_change.sql',
  ])
  expect(names((await prepareDatabase(database, options)).loaded)).toEqual(['seeds/3_dev.sql'])
  await write('seeds/1_once.sql', `-- seed: once\ninsert into users values ('once more');\n`)
  await write('seeds/2_change.sql', `-- seed: on-change\ninsert into users values ('change 2');\nselect nowhere;\n`)
  await expect(prepareDatabase(database, options)).rejects.toMatchObject({
    location: { file: 'seeds/2_change.sql', line: 3 },
  })
  await write('seeds/2_change.sql', `-- seed: on-change\ninsert into users values ('change 2');\n`)
  expect(names((await prepareDatabase(database, options)).loaded)).toEqual(['seeds/2_change.sql'])
  expect(await ask('select name from users order by 1')).toEqual(['change 1', 'change 2', 'dev', 'once'])
  expect(await ask('select name from schema_seeds order by 1')).toEqual(['1_once.sql', '2_change.sql', '3_dev.sql'])
})
