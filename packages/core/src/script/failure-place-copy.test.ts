import { expect, test } from 'vitest'
import type { Location } from '../errors.ts'
import type { CopySource } from './answers.ts'
import { placeInCopy } from './failure-place-copy.ts'
import type { FailureFields } from './failure-place.ts'
import { splitScript } from './scan.ts'
import { Tokens } from './tokens.ts'

const source: CopySource = { file: 'a.sql', firstLine: 2, stream: 'script' }

/** The place in the data of the last statement of a script, which is read in pieces of some bytes. */
async function place(script: string, fields: FailureFields, size = 7): Promise<Location | undefined> {
  const items = splitScript(script, { file: 'a.sql' })
  const statement = items.findLast((item) => item.kind === 'statement')
  const data = Buffer.concat(items.flatMap((item) => (item.kind === 'copy-data' ? [item.chunk] : [])))
  if (statement?.kind !== 'statement') throw new Error('the script has no statement')
  return placeInCopy(new Tokens(statement.bytes), fields, source, async function* () {
    for (let from = 0; from < data.length; from += size) yield data.subarray(from, from + size)
  })
}

test.each<[string, string, FailureFields, number, number, string | undefined]>([
  [
    'the value in text format',
    'copy a from stdin;\n1\tx\nz\ty\n\\.\n',
    { where: 'COPY a, line 2, column id: "z"' },
    3,
    1,
    'z\ty',
  ],
  ['a later value', 'copy a from stdin;\n1\tx\n1\ty\n\\.\n', { where: 'COPY a, line 2, column b: "y"' }, 3, 3, '1\ty'],
  [
    'an escaped value',
    'copy a from stdin;\né\ta\\tb\\x41\\101\\\\\n',
    { where: 'COPY a, line 1, column b: "a\tbAA\\"' },
    2,
    3,
    undefined,
  ],
  [
    'a long value',
    `copy a from stdin;\n1\t${'x'.repeat(200)}\n`,
    { where: `COPY a, line 1, column b: "${'x'.repeat(100)}..."` },
    2,
    3,
    undefined,
  ],
  ['the same value twice', 'copy a from stdin;\nz\tz\n', { where: 'COPY a, line 1, column b: "z"' }, 2, 1, 'z\tz'],
  [
    'a column of a list',
    'copy a (b, "I d") from stdin;\nz\tz\n',
    { where: 'COPY a, line 1, column I d: "z"' },
    2,
    3,
    'z\tz',
  ],
  [
    'another delimiter',
    `copy a from stdin (delimiter ';');\nx\ty;z\n`,
    { where: 'COPY a, line 1, column b: "z"' },
    2,
    5,
    undefined,
  ],
  [
    'an old delimiter',
    `copy a from stdin delimiter as '|';\nx|z\n`,
    { where: 'COPY a, line 1, column b: "z"' },
    2,
    3,
    undefined,
  ],
  ['CSV', 'copy a from stdin csv;\n"a,""b""",z\n', { where: 'COPY a, line 1, column c: "z"' }, 2, 11, undefined],
  [
    'a quoted value of CSV',
    'copy a from stdin (format csv);\nz,"a,""b"""\n',
    { where: 'COPY a, line 1, column c: "a,"b""' },
    2,
    3,
    undefined,
  ],
  [
    'a record of several lines',
    'copy a from stdin csv;\n1,2\nz,"x\ny"\n',
    { where: 'COPY a, line 3, column c: "z"' },
    3,
    1,
    'z,"x',
  ],
  ['a whole line', 'copy s.a from stdin;\n1\n2\n', { where: 'COPY a, line 2: "2"' }, 3, 1, '2'],
  ['a line', 'copy a from stdin;\n1\n2\n', { where: 'COPY a, line 2' }, 3, 1, '2'],
  ['a null', 'copy a(b, id) from stdin csv;\nx,\n', { where: 'COPY a, line 1: "x,"', column: 'id' }, 2, 3, 'x,'],
  ['no value', 'copy a(b, id) from stdin csv;\nx,\n', { where: 'COPY a, line 1, column id: null input' }, 2, 3, 'x,'],
  [
    'an odd name',
    'copy public."A, line 7" from stdin;\n1\nz\n',
    { where: 'COPY A, line 7, line 2, column i, d: "z"' },
    3,
    1,
    'z',
  ],
  [
    'a value that looks like a context',
    'copy a from stdin;\n1\tx, line 9\n',
    { where: 'COPY a, line 1, column b: "x, line 9"' },
    2,
    3,
    undefined,
  ],
  [
    'a trigger',
    'copy a from stdin;\n1\nz\n',
    { where: 'PL/pgSQL function t() line 2 at RAISE\nCOPY a, line 2: "z"' },
    3,
    1,
    'z',
  ],
  ['another language', 'copy a from stdin;\n1\nz\n', { where: 'COPY a, Zeile 2, Spalte id: »z«' }, 3, 1, 'z'],
  ['lines of Windows', 'copy a from stdin;\r\n1\tz\r\n', { where: 'COPY a, line 1, column b: "z"' }, 2, 3, '1\tz'],
  ['the end of the data', 'copy a from stdin;\n1\n\\.\n', { where: 'COPY a, line 2' }, 3, 1, ''],
])('the place in the data of COPY: %s', async (_, script, fields, line, column, text) => {
  for (const size of [1, 3, 100_000]) {
    const found = await place(script, fields, size)
    expect(found).toMatchObject({ file: 'a.sql', line, column })
    if (text !== undefined) expect(found?.text).toBe(text)
  }
})

test.each([
  ['binary data', '\ncopy a from stdin (format binary);\n1\n', 'COPY a, line 1, column id'],
  ['another statement', 'select 1;', 'COPY a, line 1, column id: "z"'],
  ['another table', 'copy b from stdin;\n1\n', 'COPY a, line 1, column id: "z"'],
  ['a query', 'copy a from stdin;\n1\n', 'SQL statement "SELECT 1 FROM ONLY a"'],
  ['no context', 'copy a from stdin;\n1\n', undefined],
])('there is no place in the data of COPY for %s', async (_, script, where) => {
  expect(await place(script, { where })).toBeUndefined()
})

test('data that cannot be read again is placed by what the server says', async () => {
  const gone = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('1\t2\n')
    throw new Error('gone')
  }
  const placeOf = (where: string) => placeInCopy(new Tokens(Buffer.from('copy a from stdin')), { where }, source, gone)
  expect(await placeOf('COPY a, line 9: "1\t2"')).toEqual({ file: 'a.sql', line: 10, column: 1, text: '1\t2' })
  for (const what of [', column b: "2"', ': "1..."', ': "1\n2"', '']) {
    expect(await placeOf(`COPY a, line 9${what}`)).toEqual({ file: 'a.sql', line: 10, column: 1 })
  }
})

test('data is read no further than to the end of the record', async () => {
  let pieces = 0
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      pieces++
      yield Buffer.from('1\t2\n')
    }
  }
  const where = 'COPY a, line 1000, column b: "2"'
  const found = await placeInCopy(new Tokens(Buffer.from('copy a from stdin')), { where }, source, endless)
  expect(found).toEqual({ file: 'a.sql', line: 1001, column: 3, text: '1\t2' })
  expect(pieces).toBe(1000)
})
