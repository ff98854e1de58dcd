import { expect, test } from 'vitest'
import { makeOtherServer, makeProject } from '../support/program.ts'

const file = `create type state as enum ('new', 'done');
create table tasks (id bigint generated always as identity primary key, title text not null, state state not null default 'new');
`

test('a database that is not what the file says is shown, brought to it, and is then the same', async () => {
  const project = await makeProject({ 'db/schema.sql': file })
  expect((await project.pgrig(['create'])).code).toBe(0)
  await project.pgrig([
    'run',
    '-c',
    'create table tasks (id serial primary key, name text not null); create table old (id int)',
  ])

  const list = await project.pgrig(['schema', 'diff'])
  expect(list).toMatchObject({ code: 0 })
  expect(list.stdout).toContain('  - table public.old\n')
  expect(list.stdout).toContain('      column title added: text\n')
  expect(list.stdout).toContain('The column public.tasks.name may have become title.')
  expect(list.stdout).toContain('destructive: drops the table public.old\n')
  expect((await project.pgrig(['schema', 'diff', '--exit-code'])).code).toBe(5)

  const json = JSON.parse((await project.pgrig(['schema', 'diff', '--json'])).stdout)
  expect(json).toMatchObject({ differs: true, from: 'local', to: 'db/schema.sql' })
  expect(json.statements).toContainEqual({
    sql: 'DROP TABLE public.old',
    object: 'table public.old',
    destructive: 'drops the table public.old',
  })

  const { stdout: sql } = await project.pgrig(['schema', 'diff', '--sql'])
  expect(sql).toContain('-- destructive: drops the table public.old\nDROP TABLE public.old;\n')
  await project.write('change.sql', sql)
  expect((await project.pgrig(['run', 'change.sql'])).code).toBe(0)
  expect(await project.pgrig(['schema', 'diff', '--exit-code'])).toMatchObject({
    code: 0,
    stdout: 'local is what db/schema.sql says: no difference.\n',
  })
  const { stdout: databases } = await project.pgrig(['run', '-c', 'select datname from pg_database', '--format', 'csv'])
  expect(databases).not.toContain('pgrig_scratch')
})

test('two databases are compared by a target and a URL, and the file is loaded elsewhere than on a protected server', async () => {
  const other = await makeOtherServer()
  const project = await makeProject({
    'db/schema.sql': file,
    'pgrig.json': JSON.stringify({
      targets: { far: { url: 'postgresql://postgres@127.0.0.1/postgres', protected: true } },
    }),
  })
  const env = { FAR_DATABASE_URL: other.url('postgres') }
  expect((await project.pgrig(['create'])).code).toBe(0)
  expect((await project.pgrig(['schema', 'load'])).code).toBe(0)

  const toUrl = await project.pgrig(['schema', 'diff', '--from', 'local', '--to', other.url('postgres')])
  expect(toUrl).toMatchObject({ code: 0 })
  expect(toUrl.stdout).toContain('  - table public.tasks\n')
  expect(toUrl.stdout + toUrl.stderr).not.toContain(other.password)

  const far = await project.pgrig(['schema', 'diff', 'far', '--exit-code'], { env })
  expect(far).toMatchObject({ code: 5 })
  expect(far.stdout).toContain('  + table public.tasks\n')
  expect(far.stderr).toContain('on the embedded server')

  const nothing = await project.pgrig(['schema', 'diff', '--from', 'file'])
  expect(nothing).toMatchObject({ code: 64 })
})
