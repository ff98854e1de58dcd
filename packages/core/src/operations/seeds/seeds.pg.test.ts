import { expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../../../../../tests/support/database.ts'
import { inspectScript } from '../load.ts'
import { textSource } from '../script-files.ts'
import { readMarker } from './files.ts'
import { proveIdempotent } from './prove.ts'

test.each([
  ['-- seed: once', { runs: 'once', dev: false }],
  ['-- seed: on-change', { runs: 'on-change', dev: false }],
  ['--seed: dev', { runs: 'on-change', dev: true }],
  ['-- seed: once dev', { runs: 'once', dev: true }],
])('%j says when a seed is run', (line, marker) => {
  expect(readMarker(`${line}\nselect 1;`, 's.sql')).toEqual(marker)
})

test.each(['select 1;', '-- seed:', '-- seed: sometimes', '-- seed: once on-change', '-- seeds: once', ''])(
  'a seed that begins with %j is refused',
  (line) => {
    expect(() => readMarker(line, 's.sql')).toThrow(expect.objectContaining({ code: 'script_unsupported' }))
  },
)

test('a seed that a second run changes something with is found out, and nothing of it is kept', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  onTestFinished(() => connection.close())
  await connection.run(
    `create table once (id int primary key, n int default 0); create table "Twice" (n int); create table other (at timestamptz)`,
  )
  const prove = async (sql: string) => proveIdempotent(connection, [await inspectScript(textSource(sql))])
  expect(
    await prove(
      'insert into once values (1) on conflict do nothing; insert into other select now() where not exists (select from other)',
    ),
  ).toEqual({
    tables: 3,
    changed: [],
  })
  expect(
    await prove(
      `set search_path to ''; insert into public.once values (1) on conflict (id) do update set n = once.n + 1; insert into public."Twice" values (1)`,
    ),
  ).toMatchObject({
    changed: [
      { table: 'public."Twice"', rowsBefore: 1, rowsAfter: 2 },
      { table: 'public.once', rowsBefore: 1, rowsAfter: 1 },
    ],
  })
  expect(await connection.run('select from once union all select from "Twice"')).toEqual([])
  await expect(prove('insert into once values (1)')).rejects.toMatchObject({ sql: { sqlstate: '23505' } })
  expect(await connection.run('select 1 as works')).toEqual([{ works: 1 }])
})
