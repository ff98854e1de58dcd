import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import { type Connection, Failure, fileSource, runScripts, type RunScriptOptions } from '../index.ts'

let connection: Connection
let folder: string

beforeAll(async () => {
  connection = await (await testDatabase()).connect()
  await connection.run('create table t (a int primary key, b text)')
  folder = await mkdtemp(join(tmpdir(), 'pgrig-copy-'))
})

afterAll(async () => {
  await connection.close()
  await rm(folder, { recursive: true, force: true })
})

/** Runs a script that must fail, and returns how. */
async function failureOf(
  script: string | Uint8Array,
  files: Record<string, string> = {},
  options: RunScriptOptions = {},
): Promise<Failure> {
  for (const [name, text] of Object.entries({ 'a.sql': script, ...files })) await writeFile(join(folder, name), text)
  try {
    await runScripts([await fileSource(join(folder, 'a.sql'), 'a.sql')], connection, { folder, ...options })
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('the script did not fail')
}

const longValue = 'é'.repeat(150)

test.each([
  // Text.
  ['a value', 'copy t from stdin;\n1\tx\nz\ty\n\\.\n', 3, 1],
  ['a value of another column', 'copy t (b, a) from stdin;\nx\t1\n\nx\tx\n\\.\n', 3, 1],
  ['the second of two equal values', 'copy t (b, a) from stdin;\nx\tx\n\\.\n', 2, 3],
  ['an escaped value', 'copy t (b, a) from stdin;\n\\té\ta\\tb\\x41\\303\\251\\\\\n\\.\n', 2, 5],
  ['a long value', `copy t (b, a) from stdin;\né\t${longValue}\n\\.\n`, 2, 3],
  ['too few values', 'copy t from stdin;\n1\tx\n2\n\\.\n', 3, 1],
  ['too many values', 'copy t from stdin;\n1\tx\ty\n\\.\n', 2, 1],
  ['a null', 'copy public.t (b, a) from stdin;\nx\t\\N\n\\.\n', 2, 3],
  ['a key that is there', 'copy t from stdin;\n1\tx\n1\ty\n\\.\n', 3, 1],
  ['another delimiter', `copy t (b, a) from stdin with delimiter ';';\nx\ty;z\n\\.\n`, 2, 5],
  ['an escaped delimiter', `copy t (b, a) from stdin (delimiter e'\\x7c');\nx\\||z\n\\.\n`, 2, 5],
  ['a line end behind a backslash', 'copy t from stdin;\n1\tx\\\ny\nz\ty\n\\.\n', 4, 1],
  ['a line end in the record', 'copy t (b, a) from stdin;\nx\t1\nx\\\ny\\\n\tz\n\\.\n', 5, 2],
  ['a value that goes over lines', 'copy t (b, a) from stdin;\nx\tz\\\nz\n\\.\n', 2, 3],
  ['a record of Windows', 'copy t (b, a) from stdin;\r\nx\t1\r\nx\tz\r\n\\.\r\n', 3, 3],
  ['a carriage return', 'copy t from stdin;\n1\tx\n2\ty\rz\n\\.\n', 3, 4],
  ['a line end of another kind', 'copy t from stdin;\n1\tx\r\n2\ty\n\\.\n', 3, 4],
  ['a header', 'copy t from stdin (header);\na\tb\\\nc\nz\tx\n\\.\n', 4, 1],
  // CSV.
  ['CSV', 'copy t (b, a) from stdin (format csv, header);\nb,a\n"x,""y""",z\n\\.\n', 3, 11],
  ['a quoted value', 'copy t (b, a) from stdin csv;\nx,"z"\n\\.\n', 2, 3],
  ['a quoted value over lines', 'copy t (b, a) from stdin csv;\n"x\ny","z\nz"\n\\.\n', 3, 4],
  ['what is behind a record over lines', 'copy t from stdin csv;\n1,x\n2,"x\ny"\nz,"q"\n\\.\n', 5, 1],
  ['what is behind a first record over lines', 'copy t from stdin csv;\n1,"x\ny"\n2,"x\ny"\nz,"q"\n\\.\n', 6, 1],
  ['the end of a first record', 'copy t (b, a) from stdin csv;\n"x\n\ny",z\n\\.\n', 4, 4],
  ['a key behind a first record over lines', 'copy t from stdin csv;\n1,"x\ny"\n2,"x\n\ny"\n1,"q\n"\n\\.\n', 7, 1],
  ['a header over lines', 'copy t from stdin (format csv, header);\n"a\n","b\n"\n1,"x\ny"\nz,"q"\n\\.\n', 7, 1],
  ['a wrong header', 'copy t from stdin (format csv, header match);\na,c\n\\.\n', 2, 1],
  ['CRLF', 'copy t from stdin csv;\r\n1,"x\r\ny"\r\n2,"x\r\ny"\r\nz,"q"\r\n\\.\r\n', 6, 1],
  ['LF in quotes between CRLF', 'copy t from stdin csv;\r\n1,"x\ny"\r\n2,"x\ny"\r\nz,"q"\r\n\\.\r\n', 6, 1],
  ['CRLF in quotes between LF', 'copy t from stdin csv;\n1,"x\r\ny"\n2,"x\r\ny"\nz,"q"\n\\.\n', 6, 1],
  ['an unquoted carriage return', 'copy t from stdin csv;\n1,x\n2,"x\ny"\r\n\\.\n', 4, 3],
  ['an unquoted line end', 'copy t from stdin csv;\r\n1,x\r\n2,"x\ny"z\n\\.\r\n', 4, 4],
  [
    'a delimiter, quote and escape',
    `copy t (b, a) from stdin csv delimiter as ';' quote as '''' escape as e'\\\\';\n'x\n\\';\\\\';1\n'\\'x;\n';z\n\\.\n`,
    5,
    3,
  ],
  [
    'the same among options',
    `copy t (b, a) from stdin (delimiter '|', format 'csv', quote $$~$$, escape '!');\n~x\n!~|!!~|1\n~!~x|\n~|z\n\\.\n`,
    5,
    3,
  ],
  ['quotes that are never closed', 'copy t from stdin csv;\n1,x\n2,"x\n3,y\n4,z\n\\.\nselect 1;\n', 3, 3],
  ['the same after quotes that are', 'copy t from stdin csv;\n1,"abc\n2,"def"\n3,"ghi"\n\\.\n', 2, 3],
  ['too few values over lines', 'copy t from stdin csv;\n1,x\n"2\n"\n\\.\n', 3, 1],
  ['too many values over lines', 'copy t from stdin csv;\n1,"x\n"\n2,"x\n","\n"\n\\.\n', 4, 1],
  ['a null over lines', 'copy t (b, a) from stdin csv;\nx,1\n"x\n\n",\n\\.\n', 5, 3],
  [
    'a column named as an option',
    'create temp table csv (csv int, b text);\ncopy csv (b, csv) from stdin;\n"\tz\n\\.\n',
    3,
    3,
  ],
  // Groups.
  ['the first block', 'copy t from stdin \\; copy t from stdin;\nz\tx\n\\.\n2\tx\n\\.\n', 2, 1],
  ['the second block', 'copy t from stdin \\; copy t (b, a) from stdin csv;\n1\tx\n\\.\n"x\n",z\n\\.\n', 5, 3],
  [
    'a block behind an empty one',
    'select 1 \\; copy t from stdin \\; copy t (b, a) from stdin;\n\\.\nx\tz\n\\.\n',
    3,
    3,
  ],
  [
    'a block of another table',
    'create temp table u (c int) \\; copy t from stdin \\; copy u from stdin;\n\\.\nz\n\\.\n',
    3,
    1,
  ],
])('the place of %s in the data of COPY', async (_, script, line, column) => {
  const { location, sql } = await failureOf(script)
  expect(sql?.where).toMatch(/^COPY/)
  expect(location).toEqual({ file: 'a.sql', line, column, text: script.split(/\r?\n/)[line - 1] })
})

test('the place of an error in the file that \\copy reads', async () => {
  const script = `\\copy t (b, a) from 'rows.csv' (format csv, header)\n`
  const { location } = await failureOf(script, { 'rows.csv': '\uFEFFb,a\n"x\n\ny",1\n"é\ny",z' })
  expect(location).toEqual({ file: 'rows.csv', line: 6, column: 4, text: 'y",z' })
  const first = await failureOf(`\\copy t (b, a) from 'rows.csv' csv\n`, { 'rows.csv': '\uFEFFb,z\n\\.\n' })
  expect(first.location).toEqual({ file: 'rows.csv', line: 1, column: 3, text: 'b,z' })
})

test('the place of an error in data with the line ends of an old Mac', async () => {
  const { location } = await failureOf(`\\copy t (b, a) from 'rows.csv' csv\n`, { 'rows.csv': 'x,1\r"x\ry",2\rx,z\r' })
  expect(location).toEqual({ file: 'rows.csv', line: 4, column: 3, text: 'x,z' })
})

test('the place of an error behind many records, over many pieces of the file', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `${index},"${'x'.repeat(index % 50)}\né"\n`).join('')
  const script = `copy t from stdin csv;\n${rows}-1,"a\n\nb"\n-2z,"a\nb"\n\\.\n`
  expect((await failureOf(script)).location).toEqual({ file: 'a.sql', line: 40_005, column: 1, text: '-2z,"a' })
})

test('a record that is too long to be kept is placed at its start', async () => {
  const script = `copy t (b, a) from stdin csv;\n"${'x\n'.repeat(100_000)}",z\n\\.\n`
  expect((await failureOf(script)).location).toEqual({ file: 'a.sql', line: 2, column: 1, text: '"x' })
})

test('data that cannot be read again is placed by what the server says', async () => {
  const standardInput = async function* () {
    yield Buffer.from('1\tx\\\ny\nz\ty\n')
  }
  const { location } = await failureOf('\\copy t from pstdin\n', {}, { standardInput })
  expect(location).toEqual({ file: 'stdin', line: 2, column: 1 })
})

test('a pipe is not waited for when its data is wrong', async () => {
  const path = join(folder, 'rows')
  execFileSync('mkfifo', [path])
  const written = writeFile(path, 'x\t1\nx\tz\n')
  const { location } = await failureOf(`\\copy t (b, a) from 'rows'\n`)
  await written
  expect(location).toEqual({ file: 'rows', line: 2, column: 1 })
})

test('a script that goes on after errors tells the place of each', async () => {
  const places: string[] = []
  const script = 'copy t from stdin csv;\n1,"x\n"\nz,y\n\\.\ncopy t (b, a) from stdin csv;\n"x\n",z\n\\.\nselect 1;\n'
  await writeFile(join(folder, 'a.sql'), script)
  await runScripts([await fileSource(join(folder, 'a.sql'), 'a.sql')], connection, {
    folder,
    transaction: 'none',
    variables: { ON_ERROR_STOP: 'off' },
    events: { error: ({ location }) => void places.push(`${location?.line}:${location?.column}`) },
  })
  expect(places).toEqual(['4:1', '8:3'])
})
