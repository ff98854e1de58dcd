import { describe, expect, test } from 'vitest'
import { createPrinter, formatTag, type PrintColumn } from './result.ts'
import { defaultSettings, type PrintSettings } from './settings.ts'

const int4 = 23
const text = 25

function print(
  settings: Partial<PrintSettings>,
  columns: readonly PrintColumn[],
  rows: readonly (readonly (string | null)[])[],
  tag = `SELECT ${rows.length}`,
): string {
  const parts: string[] = []
  const printer = createPrinter({ ...defaultSettings, ...settings }, (part) => parts.push(part))
  printer.begin(columns)
  for (const row of rows) printer.row(row.map((value) => (value === null ? null : Buffer.from(value))))
  printer.end({ tag, rows: rows.length })
  return parts.join('')
}

describe('json', () => {
  const json = (
    columns: readonly (readonly [string, number])[],
    rows: readonly (readonly (string | null)[])[],
  ): string =>
    print(
      { format: 'json', tuplesOnly: true, title: 'never', null: 'never', numericLocale: true, expanded: 'on' },
      columns.map(([name, typeOid]) => ({ name, typeOid })),
      rows,
    )

  test('is an array of objects, one a line', () => {
    const columns = [['n', int4] as const, ['s', text] as const]
    const printed = json(columns, [
      ['1', 'a "quoted"\nline'],
      ['2', null],
    ])
    expect(printed).toBe(String.raw`[{"n":1,"s":"a \"quoted\"\nline"},` + '\n{"n":2,"s":null}]\n')
    expect(json(columns, [])).toBe('[]\n')
    expect(json([], [[], []])).toBe('[{},\n{}]\n')
  })

  test('has numbers as the server wrote them, but NaN and Infinity as strings', () => {
    const columns = [20, 21, 23, 26, 28, 29, 700, 701, 1700, 5069].map((oid) => [`t${oid}`, oid] as const)
    const values = ['9223372036854775807', '-1', '0', '4294967295', '7', '8', '1e-07', '-1e+20', '1.2300', '9']
    expect(json(columns, [values])).toBe(
      `[{${columns.map(([name], index) => `"${name}":${values[index]}`).join(',')}}]\n`,
    )
    const special = ['NaN', 'Infinity', '-Infinity'].map((value) => [value])
    expect(json([['n', 701]], special)).toBe('[{"n":"NaN"},\n{"n":"Infinity"},\n{"n":"-Infinity"}]\n')
  })

  test('has booleans and json as they are, and all else as strings', () => {
    const columns = [
      ['yes', 16] as const,
      ['no', 16] as const,
      ['j', 114] as const,
      ['b', 3802] as const,
      ['m', 790] as const,
    ]
    const printed = json(columns, [['t', 'f', '{\n  "a": "x\\ny",\r\n\t"n": 1.50 }', '[1, null]', '$1,234.50']])
    expect(printed).toBe('[{"yes":true,"no":false,"j":{ "a": "x\\ny", "n": 1.50 },"b":[1, null],"m":"$1,234.50"}]\n')
    expect(JSON.parse(printed)).toHaveLength(1)
  })

  test('keeps columns of one name apart', () => {
    const columns = ['id', 'id', 'id_2', 'id', 'id_2', '__proto__'].map((name) => [name, int4] as const)
    expect(json(columns, [['1', '2', '3', '4', '5', '6']])).toBe(
      '[{"id":1,"id_3":2,"id_2":3,"id_4":4,"id_2_2":5,"__proto__":6}]\n',
    )
  })

  test('has no command tags among it', () => {
    expect(print({ format: 'json' }, [{ name: 'a', typeOid: int4 }], [['1']], 'INSERT 0 1')).toBe('[{"a":1}]\n')
    expect(formatTag({ ...defaultSettings, format: 'json' }, 'BEGIN')).toBe('')
  })
})

describe('what psql 15 does not know, but 18 does', () => {
  const columns = [
    { name: 'name', typeOid: text },
    { name: 'n', typeOid: int4 },
  ]
  const rows = [['x'.repeat(30), '1']]

  test('the line above a record is as wide as xheader_width says', () => {
    const lineOf = (settings: Partial<PrintSettings>): string =>
      print({ expanded: 'on', ...settings }, columns, rows).split('\n')[0]!
    expect(lineOf({})).toBe(`-[ RECORD 1 ]${'-'.repeat(24)}`)
    expect(lineOf({ expandedHeaderWidth: 'column' })).toBe('-[ RECORD 1 ]')
    expect(lineOf({ expandedHeaderWidth: 20 })).toBe(`-[ RECORD 1 ]${'-'.repeat(7)}`)
    expect(lineOf({ expandedHeaderWidth: 'page' })).toBe(`-[ RECORD 1 ]${'-'.repeat(24)}`)
    expect(lineOf({ expandedHeaderWidth: 'page', columns: 16 })).toBe(`-[ RECORD 1 ]${'-'.repeat(3)}`)
    expect(lineOf({ expandedHeaderWidth: 'page', screenColumns: 18 })).toBe(`-[ RECORD 1 ]${'-'.repeat(5)}`)
  })

  test('format characters take no column', () => {
    expect(print({ tuplesOnly: true, border: 2 }, [{ name: 'a', typeOid: text }], [['so\u{ad}ft'], ['👩‍👩']])).toBe(
      `| so\u{ad}ft |\n| 👩‍👩 |\n+------+\n\n`,
    )
  })
})

test('the width of the screen counts where none is set', () => {
  const columns = ['a', 'b'].map((name) => ({ name, typeOid: text }))
  const rows = [['x'.repeat(20), 'y']]
  expect(print({ expanded: 'auto', screenColumns: 20 }, columns, rows)).toContain('RECORD 1')
  expect(print({ expanded: 'auto', screenColumns: 20, columns: 80 }, columns, rows)).not.toContain('RECORD 1')
  expect(print({ expanded: 'auto' }, columns, rows)).not.toContain('RECORD 1')
})

test('nothing is said of a command when it is quiet', () => {
  const settings = { ...defaultSettings, quiet: true }
  expect(formatTag(settings, 'CREATE TABLE')).toBe('')
  expect(print({ quiet: true, format: 'csv' }, [{ name: 'a', typeOid: int4 }], [['1']], 'INSERT 0 1')).toBe('a\n1\n')
})

test('output comes in large pieces, while the rows come', () => {
  const pieces: number[] = []
  const printer = createPrinter({ ...defaultSettings, format: 'csv' }, (part) => pieces.push(part.length))
  printer.begin([{ name: 'a', typeOid: text }])
  const value = [Buffer.from('x'.repeat(99))]
  for (let row = 0; row < 1000; row++) printer.row(value)
  expect(pieces).toHaveLength(1)
  printer.end({ tag: 'SELECT 1000', rows: 1000 })
  expect(pieces).toHaveLength(2)
  expect(Math.min(...pieces)).toBeGreaterThan(30_000)
})

test('a printer prints one result set after the other', () => {
  const parts: string[] = []
  const printer = createPrinter({ ...defaultSettings, format: 'unaligned' }, (part) => parts.push(part))
  for (const name of ['a', 'b']) {
    printer.begin([{ name, typeOid: int4 }])
    printer.row([Buffer.from('1')])
    printer.end({ tag: 'SELECT 1', rows: 1 })
  }
  expect(parts).toEqual(['a\n1\n(1 row)\n', 'b\n1\n(1 row)\n'])
})

test('bytes that are no UTF-8 are left out, and what stands for them is kept where it was written', () => {
  const values = ['61c3', 'ff', '61e28262', 'c080eda080f4908080', 'efbfbdc3efbfbd', 'e697a5c3', '31323334ff']
  const lines: string[] = []
  const printer = createPrinter({ ...defaultSettings, format: 'csv', tuplesOnly: true }, (part) => lines.push(part))
  printer.begin([{ name: 'a', typeOid: text }])
  for (const value of values) printer.row([Buffer.from(value, 'hex')])
  printer.end({ tag: 'SELECT 7', rows: 7 })
  expect(lines.join('')).toBe('a\n\nab\n\n\ufffd\ufffd\n日\n1234\n')
})
