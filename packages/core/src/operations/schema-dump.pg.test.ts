import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { runIn } from '../../../../tests/support/schema.ts'
import { dumpSchema, findMigrationTable, loadScript, readScript, type DumpSchemaOptions } from '../index.ts'

const library = `
  create table authors (id int generated always as identity primary key, name text not null);
  create table books (
    id bigserial primary key, author int references authors, title text, digits int generated always as (length(title)) stored);
  create function shout() returns trigger language plpgsql as $$ begin new.title := upper(new.title); return new; end $$;
  create trigger shouting before insert on books for each row execute function shout();
  alter table books disable trigger shouting;
  insert into authors (name) values ('Ann'), (E'tab\\there'), (E'back\\\\slash');
  insert into books (author, title) select 1 + n % 3, 'book ' || n from generate_series(3, 1, -1) n;
  alter table books enable trigger shouting;
  create table schema_migrations (version varchar(128) primary key);
  insert into schema_migrations values ('20240201'), ('20240101'), ('it''s')`

let count = 0
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pgrig-dump-${++count}-`))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function makeLibrary(): Promise<TestDatabase> {
  const database = await testDatabase()
  await runIn(database, library)
  return database
}

async function dumpText(database: TestDatabase, options: DumpSchemaOptions = {}): Promise<string> {
  const connection = await database.connect()
  const pieces: Buffer[] = []
  try {
    await dumpSchema(connection, { kind: 'output', write: (chunk) => void pieces.push(Buffer.from(chunk)) }, options)
  } finally {
    await connection.close()
  }
  return Buffer.concat(pieces).toString()
}

async function dumpTo(
  database: TestDatabase,
  path: string,
  options: DumpSchemaOptions = {},
  kind: 'file' | 'split' = 'file',
) {
  const connection = await database.connect()
  try {
    return await dumpSchema(connection, { kind, path }, options)
  } finally {
    await connection.close()
  }
}

test('a dump of a loaded dump is the same to the byte', async () => {
  const [database, other, folder] = [await makeLibrary(), await testDatabase(), await makeFolder()]
  const path = join(folder, 'schema.sql')
  const options = { data: ['books', 'public.authors'], owners: true }
  expect(await dumpTo(database, path, options)).toMatchObject({ files: 1, changed: 1, uncovered: [] })
  await loadScript(other, await readScript(path))
  expect(await dumpText(other, options)).toBe(await readFile(path, 'utf8'))
  expect(await dumpText(database, options)).toBe(await readFile(path, 'utf8'))
})

test('rows come in the order of the primary key, before triggers and foreign keys, and sequences go on behind them', async () => {
  const [database, other, folder] = [await makeLibrary(), await testDatabase(), await makeFolder()]
  const text = await dumpText(database, { data: ['books', 'authors'] })
  expect(text).toContain(`COPY public.books (id, author, title) FROM stdin;
1\t1\tbook 3
2\t3\tbook 2
3\t2\tbook 1
\\.
SELECT pg_catalog.setval('public.books_id_seq', 3, true);
`)
  expect(text).not.toContain('COPY public.schema_migrations')
  await writeFile(join(folder, 'dump.sql'), text)
  await loadScript(other, await readScript(join(folder, 'dump.sql')))
  const connection = await other.connect()
  expect(await connection.run('select title, digits from books order by id')).toEqual(
    [3, 2, 1].map((n) => ({ title: `book ${n}`, digits: 6 })),
  )
  expect(await connection.run(`insert into authors (name) values ('next') returning id`)).toEqual([{ id: 4 }])
  await connection.close()
})

test('a table of some megabytes streams, and whoever stops reading lets go of it', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    `create table large (id int, t text); insert into large select n, repeat('x', 1000) from generate_series(1, 20000) n`,
  )
  const text = await dumpText(database, { data: ['large'] })
  expect(text.split('\n').filter((line) => line.endsWith('xxx'))).toHaveLength(20_000)
  const connection = await database.connect()
  const full = new Error('no space')
  let bytes = 0
  const write = (chunk: string | Uint8Array) => {
    bytes += chunk.length
    if (bytes > 1_000_000) throw full
  }
  await expect(dumpSchema(connection, { kind: 'output', write }, { data: ['large'] })).rejects.toBe(full)
  expect(bytes).toBeLessThan(20_000_000)
  expect(await connection.run('select 1 as one')).toEqual([{ one: 1 }])
  await connection.close()
})

test('versions of migrations come as an INSERT at the end', async () => {
  const database = await makeLibrary()
  const text = await dumpText(database, {
    rows: (schema) => {
      const table = findMigrationTable(schema)
      return table ? [{ table, columns: ['version'] }] : []
    },
  })
  expect(
    text.endsWith(`
INSERT INTO public.schema_migrations (version) VALUES
    ('20240101'),
    ('20240201'),
    ('it''s');
`),
  ).toBe(true)
})

test('a file that holds the same is not touched, and a link to it stays one', async () => {
  const [database, folder] = [await makeLibrary(), await makeFolder()]
  const [path, link] = [join(folder, 'schema.sql'), join(folder, 'link.sql')]
  await writeFile(path, 'old')
  await chmod(path, 0o640)
  await symlink(path, link)
  expect(await dumpTo(database, link)).toMatchObject({ changed: 1 })
  const before = new Date(2020, 1, 1)
  await utimes(path, before, before)
  expect(await dumpTo(database, link)).toMatchObject({ changed: 0 })
  const { mtime, mode } = await stat(path)
  expect(mtime).toEqual(before)
  expect(mode & 0o777).toBe(0o640)
  expect(await readFile(path, 'utf8')).toContain('CREATE TABLE public.books')
  expect((await readdir(folder)).sort()).toEqual(['link.sql', 'schema.sql'])
})

test('a dump that fails leaves the file as it was, and nothing beside it', async () => {
  const [database, folder] = [await makeLibrary(), await makeFolder()]
  const path = join(folder, 'schema.sql')
  await writeFile(path, 'as it was')
  await runIn(
    database,
    `create view breaks as select 1 / (2 - count(*)) as n from schema_migrations where version < '3';
    create table t (id int); create policy p on t using (true); insert into t values (1)`,
  )
  const connection = await database.connect()
  const failing = dumpSchema(
    connection,
    { kind: 'file', path },
    {
      rows: ({ objects }) =>
        objects.filter(({ name }) => name === 'breaks').map((table) => ({ table, columns: ['n'] })),
    },
  )
  await expect(failing).rejects.toMatchObject({ code: 'sql_error' })
  expect(await connection.run('select 1 as one')).toEqual([{ one: 1 }])
  await connection.close()
  expect(await readFile(path, 'utf8')).toBe('as it was')
  expect(await readdir(folder)).toEqual(['schema.sql'])
})

test('a table that is not there is told before a file is begun', async () => {
  const [database, folder] = [await makeLibrary(), await makeFolder()]
  await expect(dumpTo(database, join(folder, 'schema.sql'), { data: ['nobody'] })).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await readdir(folder)).toEqual([])
})

test('a split dump has a file for each object, loads, and removes what has none any more', async () => {
  const [database, other, folder] = [await makeLibrary(), await testDatabase(), await makeFolder()]
  const path = join(folder, 'schema.sql')
  await runIn(database, `create table "Books" (id int); create table "a b/c" (id int); create schema gone`)
  const first = await dumpTo(database, path, { data: ['authors'] }, 'split')
  expect(first).toMatchObject({ removed: 0, changed: first.files })
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql')).sort()
  expect(files).toEqual(
    [
      'schema.sql',
      'schema/foreign-keys/public.books.sql',
      'schema/functions/public.shout.sql',
      'schema/rows/public.authors.sql',
      'schema/rows/public.schema_migrations.sql',
      'schema/schemas/gone.sql',
      'schema/tables/public.-Books.sql',
      'schema/tables/public.-a-b-c.sql',
      'schema/tables/public.authors.sql',
      'schema/tables/public.books.sql',
      'schema/tables/public.schema_migrations.sql',
    ].sort(),
  )
  await loadScript(other, await readScript(path))
  expect(await dumpText(other, { data: ['authors'] })).toBe(await dumpText(database, { data: ['authors'] }))
  await writeFile(join(folder, 'schema/schemas/mine.sql'), '-- not of a dump')
  await runIn(database, 'drop schema gone')
  expect(await dumpTo(database, path, { data: ['authors'] }, 'split')).toMatchObject({ removed: 1, changed: 1 })
  expect(await readdir(join(folder, 'schema/schemas'))).toEqual(['mine.sql'])
})

test('a role that may read little writes the same schema', async () => {
  const database = await makeLibrary()
  const role = `reader_${process.pid}`
  await administer(`create role ${role}`)
  afterAll(() => administer(`drop role ${role}`))
  const connection = await database.connect()
  await connection.run(`set role ${role}`)
  const pieces: Buffer[] = []
  const output = {
    kind: 'output',
    write: (chunk: string | Uint8Array) => void pieces.push(Buffer.from(chunk)),
  } as const
  const { uncovered } = await dumpSchema(connection, output)
  const hidden = 'rows of public.schema_migrations: you may not read them'
  expect(uncovered).toEqual([hidden])
  const whole = await dumpText(database)
  const [text] = whole.split('\nINSERT INTO public.schema_migrations')
  expect(Buffer.concat(pieces).toString()).toBe(text?.replace('\n', `\n-- not covered: ${hidden}\n`))
  await expect(dumpSchema(connection, output, { data: ['authors'] })).rejects.toMatchObject({
    code: 'sql_error',
    sql: { sqlstate: '42501' },
  })
  await connection.close()
})

test('owners and grants are written by choice', async () => {
  const database = await makeLibrary()
  const role = `granted_${process.pid}`
  await administer(`create role ${role}`)
  afterAll(() => administer(`drop role ${role}`))
  await runIn(
    database,
    `grant select on books to ${role}; grant update (title) on books to ${role}; grant usage on schema public to ${role}`,
  )
  onTestFinished(() => runIn(database, `drop owned by ${role}`))
  const plain = await dumpText(database)
  expect(plain).toContain(`GRANT SELECT ON TABLE public.books TO ${role};`)
  expect(plain).not.toContain('OWNER TO')
  expect(await dumpText(database, { owners: true })).toContain('ALTER TABLE public.books OWNER TO postgres;')
  expect(await dumpText(database, { grants: false })).not.toContain(role)
})

test('a dump is of one moment, whatever others do meanwhile', async () => {
  const database = await makeLibrary()
  const expected = await dumpText(database, { data: ['authors', 'books'] })
  const connection = await database.connect()
  const pieces: Buffer[] = []
  let changed = false
  await dumpSchema(
    connection,
    {
      kind: 'output',
      async write(chunk) {
        pieces.push(Buffer.from(chunk))
        if (changed) return
        changed = true
        await runIn(database, `insert into authors (name) values ('late')`)
      },
    },
    { data: ['authors', 'books'] },
  )
  await connection.close()
  // How far a sequence is, is not a matter of transactions.
  const withoutSequences = (text: string) => text.replaceAll(/^SELECT pg_catalog.setval.*$/gm, '')
  expect(withoutSequences(Buffer.concat(pieces).toString())).toBe(withoutSequences(expected))
})
