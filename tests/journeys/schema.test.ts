import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeProject } from '../support/program.ts'

const schema = `
create table people (id int generated always as identity primary key, name text not null);
create table notes (person int references people on delete cascade, note text);
create index notes_person on notes (person);
insert into people (name) values ('Ann'), ('Bob');
`

test('a dumped schema is loaded again, and dumped again it is the same', async () => {
  const project = await makeProject({ 'db/schema.sql': schema })
  expect(await project.pgrig(['schema', 'load'], {})).toMatchObject({ code: 2 })
  expect(await project.pgrig(['create'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['schema', 'load'])).toMatchObject({ code: 0 })
  const dumped = await project.pgrig(['schema', 'dump'])
  expect(dumped.code, dumped.stderr).toBe(0)
  expect(dumped.stdout).toMatch(/^Wrote db\/schema.sql: \d+ objects, /)
  const text = await readFile(project.path('db/schema.sql'), 'utf8')
  expect(text).toContain('CREATE TABLE public.people (')
  expect(text).not.toContain('Ann')
  expect(await project.pgrig(['drop', '--force', '--yes'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['create'])).toMatchObject({ code: 0 })
  expect(await project.pgrig(['schema', 'load'])).toMatchObject({ code: 0 })
  expect((await project.pgrig(['schema', 'dump'])).stdout).toMatch(/^db\/schema.sql is up to date: /)
  expect(await readFile(project.path('db/schema.sql'), 'utf8')).toBe(text)

  const printed = await project.pgrig(['schema', 'dump', '-', '--data', 'people'])
  expect(printed.stdout).toContain('COPY public.people (id, name) FROM stdin;\n')
  expect(printed.stdout.startsWith('-- Written by pgrig schema dump')).toBe(true)
})

test('a dump shows what it would write, splits, and warns of what it cannot write', async () => {
  const project = await makeProject({ 'db/schema.sql': `${schema}select lo_create(0);` })
  await project.pgrig(['create'])
  await project.pgrig(['schema', 'load'])
  await rm(project.path('db/schema.sql'))
  const planned = await project.pgrig(['schema', 'dump', '--dry-run'])
  expect(planned.stdout).toContain('CREATE TABLE public.notes (')
  expect(planned.stderr).toContain('not covered: large objects: 1')
  expect(await readdir(project.path('db'))).toEqual([])
  const json = await project.pgrig(['schema', 'dump', '-', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({
    file: null,
    text: expect.stringContaining('-- not covered: large objects: 1'),
    uncovered: [expect.stringContaining('large objects')],
  })
  expect(await project.pgrig(['schema', 'dump', '--split'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Wrote db/schema.sql and 3 files that it includes'),
  })
  expect((await readdir(project.path('db'), { recursive: true })).sort()).toEqual([
    'schema',
    'schema.sql',
    'schema/foreign-keys',
    'schema/foreign-keys/public.notes.sql',
    'schema/tables',
    'schema/tables/public.notes.sql',
    'schema/tables/public.people.sql',
  ])
  await project.pgrig(['drop', '--force', '--yes'])
  await project.pgrig(['create'])
  expect(await project.pgrig(['schema', 'load'])).toMatchObject({ code: 0 })
})

test('a dump that cannot be written says why', async () => {
  const project = await makeProject({ 'db/schema.sql': schema })
  await project.pgrig(['create'])
  await project.pgrig(['schema', 'load'])
  await mkdir(project.path('db/folder.sql'))
  expect(await project.pgrig(['schema', 'dump', 'db/folder.sql'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('folder.sql cannot be written: EISDIR'),
  })
  expect(await project.pgrig(['schema', 'dump', '-', '--split'])).toMatchObject({ code: 64 })
  expect(await project.pgrig(['schema', 'dump', '--data', 'nobody'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no table nobody'),
  })
  expect((await readdir(project.path('db'))).sort()).toEqual(['folder.sql', 'schema.sql'])
})
