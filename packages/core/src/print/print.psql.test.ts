import { spawnSync } from 'node:child_process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { programs, psqlIsThere } from '../../../../tests/support/postgres-programs.ts'
import { createPrinter, formatTag, type PrintColumn } from './result.ts'
import { changeSetting, defaultSettings, type PrintSettings } from './settings.ts'

// What psql prints is asked of psql itself: it runs every query with every setting, all in one script.

const { path: psql, major: version } = programs.psql

const words = `'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore'`
const queries = [
  'select 1 as one',
  'select',
  'select from generate_series(1, 3)',
  'select where false',
  `select 1 as a, 'x' as b where false`,
  `select 'only' as "a very long header over short cells"`,
  `select n, 'row ' || n as name, n * 1.5 as price from generate_series(1, 12) n`,
  `select 1 as a, 2 as a, 'b' as a`,
  `select 1, 2, 'c'`,
  `select null as a, null::int as b, '' as c, ' ' as d`,
  `select '' as empty`,
  `select 'a' || chr(9) || 'b' as tab, chr(9) || 'x', 'twelve chars' || chr(9) || '|' as t`,
  `select chr(1) || chr(31) || chr(127) as control, 'x' || chr(27) || '[1m' as escape`,
  `select chr(128) || chr(159) || 'c1' as c1, chr(160) || 'nbsp' as nbsp`,
  `select E'one\\ntwo\\nthree' as lines, 'single' as other, 1 as n`,
  `select E'a\\nb' as "head\nline", E'\\n' as newline, E'x\\n' as trailing, E'\\n\\ny' as leading`,
  `select 1 as "three\nlines\nhere", E'one\\ntwo' as b, 'c' as "two\nlines"`,
  `select 'ab' as "long\nheader\nover\nthe data", 1 as n from generate_series(1, 2)`,
  `select E'a\\r\\nb' as crlf, E'\\r' as cr, E'a\\rb\\n' as mixed`,
  `select '漢字' as "日本語", 'かな' as kana, '한국어' as korean, 'abc' as latin`,
  `select '😀' as emoji, '👩👧' as family, '🇩🇪' as flag, 'é' as composed, 'é' as combined`,
  `select 'e' || chr(769) as a, chr(776) || 'x' as b, 'اَلْعَرَبِيَّةُ' as arabic, 'हिन्दी' as hindi`,
  `select chr(131070) || 'noncharacter' as a, chr(65534) || 'x' as b, chr(131071) as c`,
  `select '漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字' as wide, 'x' as y`,
  `select 'a😀漢字e' || chr(769) || E'\\n漢' as mixed, E'日\\n本語' as lines, 1 as "数"`,
  `select ${words} as words`,
  `select ${words} as words, ${words} as more, 5 as n, 'short' as s`,
  `select n, repeat('x', n * 7) as x, repeat('漢', n) as wide, E'l\\n' || repeat('y', n * 5) as y from generate_series(1, 11) n`,
  `select ${Array.from({ length: 25 }, (_, index) => `${index * 1000} as column_${index}`).join(', ')}`,
  'select 1::int2 as i2, 2::int4 as i4, 3::int8 as i8, 4::oid as oid, 1.5::float4 as f4, 2.5::float8 as f8, 1.10 as num',
  `select '5'::xid as xid, '6'::xid8 as xid8, '7'::cid as cid, '1234.5'::float8::numeric::money as money`,
  'select -1 as a, -1234567 as b, 1234567.891 as c, -0.5 as d, 1e20::float8 as e, 1e-7::float8 as f, 12345::float4 as g',
  `select 'NaN'::float8 as a, 'Infinity'::float8 as b, '-Infinity'::float4 as c, 'NaN'::numeric as d, 123 as e, 1234 as f`,
  `select 100 as a, 1000 as b, 999999 as c, 1000000 as d, -999 as e, -1000 as f, 1234567890123456789 as g, '1234' as h`,
  `select true as t, false as f, null::bool as n`,
  `select '{"a": [1, 2], "b": "x|y"}'::json as j, '{"a": null}'::jsonb as b, E'{\\n  "a": 1\\n}'::json as pretty`,
  `select array[1, 2, null] as a, array['x y', '"', '{'] as b, row(1, 'a,b') as r, '[1,5)'::int4range as g`,
  `select '\\xdeadbeef'::bytea as b, '00000000-0000-0000-0000-000000000001'::uuid as u, '1.2.3.4/24'::inet as i`,
  `select '2024-02-29'::date as d, '2024-02-29 12:34:56.789'::timestamp as t, '1 day 02:03:04'::interval as i, '12:34'::time`,
  `select 'a,b' as "c,d", 'say "x"' as "q""q", '\\.' as b, 'a;b' as s, '.' as dot, 'x|y' as "p|q"`,
  `select '<b> & "q"' as "<h>", '   lead' as l, 'trail  ' as t, E' \\n x' as n, ' ' || chr(9) as blank, chr(9) || 'x' as tab`,
  `select '#$%&<>^_{|}~' as a, 'back\\slash' as "b\\c", E'l\\nn' as n`,
  `select 'x' as a, null as b, E'several\\nlines of it' as c, 42 as d union all select null, '', '', null`,
  `select 'a' as ${JSON.stringify('n'.repeat(60))}, repeat('b', 90) as b`,
  // psql 15 counts a column for format characters (general category Cf), such as the joiners of an emoji.
  ...(version < 16 ? [] : [`select '👨‍👩‍👧' as family, 'soft' || chr(173) || 'hyphen' as hyphen, chr(8288) as joiner`]),
]

type Setting = readonly [name: string, value?: string | undefined]

interface Case {
  settings: readonly Setting[]
  query: number
}

const formats = [
  'aligned',
  'wrapped',
  'unaligned',
  'csv',
  'html',
  'asciidoc',
  'latex',
  'latex-longtable',
  'troff-ms',
] as const

/** What goes round beside the full cross of format, border, expanded and tuples_only: coprime in number, so all meet. */
const titles: readonly Setting[] = [['title'], ['title', 'A <title> & more'], ['title']]
const footers: readonly Setting[] = [
  ['footer', 'on'],
  ['footer', 'off'],
]
const widths = ['0', '40', '20', '77', '9']
const nulls = ['', '(null)', '', '∅', '', '', '1234']
const styles: readonly (readonly Setting[])[] = [
  [['linestyle', 'ascii']],
  [['linestyle', 'ascii']],
  [['linestyle', 'old-ascii']],
  [
    ['linestyle', 'unicode'],
    ['unicode_border_linestyle', 'single'],
    ['unicode_column_linestyle', 'single'],
    ['unicode_header_linestyle', 'single'],
  ],
  [['linestyle', 'ascii']],
  [
    ['linestyle', 'unicode'],
    ['unicode_border_linestyle', 'double'],
    ['unicode_column_linestyle', 'single'],
    ['unicode_header_linestyle', 'double'],
  ],
  [['linestyle', 'old-ascii']],
  [
    ['linestyle', 'unicode'],
    ['unicode_border_linestyle', 'single'],
    ['unicode_column_linestyle', 'double'],
    ['unicode_header_linestyle', 'single'],
  ],
  [['linestyle', 'ascii']],
  [
    ['linestyle', 'unicode'],
    ['unicode_border_linestyle', 'double'],
    ['unicode_column_linestyle', 'double'],
    ['unicode_header_linestyle', 'double'],
  ],
  [['linestyle', 'old-ascii']],
]
const separators: readonly (readonly Setting[])[] = [
  [
    ['fieldsep', '|'],
    ['recordsep', '\n'],
    ['csv_fieldsep', ','],
  ],
  [
    ['fieldsep', ', '],
    ['recordsep', '\n--\n'],
    ['csv_fieldsep', ';'],
  ],
  [['fieldsep_zero'], ['recordsep_zero'], ['csv_fieldsep', '\t']],
  [
    ['fieldsep', ''],
    ['recordsep', ''],
    ['csv_fieldsep', '\\'],
  ],
  [
    ['fieldsep', '\t'],
    ['recordsep', '\n'],
    ['csv_fieldsep', '.'],
  ],
  [
    ['fieldsep', '|'],
    ['recordsep', '\n'],
    ['csv_fieldsep', '|'],
  ],
]
const attributes: readonly Setting[] = [
  ['tableattr'],
  ['tableattr', '0.3 0.2'],
  ['tableattr', 'class="x"'],
  ['tableattr'],
]

const borders = ['0', '1', '2', '3']
const expandeds = ['off', 'on', 'auto']
const tuples = ['off', 'on']

function makeCases(queryCount: number): Case[] {
  const cases: Case[] = []
  const aligned = new Set<string>(['aligned', 'wrapped'])
  for (let query = 0; query < queryCount; query++)
    for (const format of formats)
      for (const expanded of aligned.has(format) ? expandeds : expandeds.slice(0, 2))
        for (const border of format === 'csv' || format === 'unaligned' ? ['1'] : borders)
          for (const tuplesOnly of tuples) {
            const count = cases.length
            const at = <T>(list: readonly T[]): T => list[count % list.length]!
            cases.push({
              query,
              settings: [
                ['format', format],
                ['expanded', expanded],
                ['border', border],
                ['tuples_only', tuplesOnly],
                at(titles),
                // Of every two neighbours one has tuples_only, so that pairs take turns.
                footers[(count >> 1) % 2]!,
                ['columns', at(widths)],
                ['null', at(nulls)],
                ['numericlocale', (count >> 1) % 3 === 0 ? 'on' : 'off'],
                ...at(styles),
                ...separators[(count >> 1) % separators.length]!,
                at(attributes),
              ],
            })
          }
  return cases
}

/** Mulberry32. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const pieces = [
  'a',
  'bc',
  'word',
  ' ',
  ' ',
  '\n',
  '\n',
  '\r',
  '\t',
  '漢',
  '日本',
  '😀',
  'e\u0301',
  '\u0301',
  '\u0001',
  '\u0085',
  '|',
  '"',
  '\\',
  ',',
  '.',
  '&',
  '<',
  '0',
  '123456',
  '-',
  '',
]

function randomText(random: (below: number) => number): string {
  return Array.from({ length: random(9) * random(3) }, () => pieces[random(pieces.length)]!).join('')
}

function randomQuery(random: (below: number) => number): string {
  const literal = (): string => {
    const text = randomText(random).replaceAll('\\', '\\\\').replaceAll("'", "''")
    return random(8) === 0 ? 'null' : `E'${text.replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
  }
  const columns = Array.from({ length: 1 + random(5) }, (_, index) => {
    const name =
      random(2) === 0
        ? `c${index}`
        : (randomText(random).slice(0, 15).replaceAll('\r', '') || 'x').replace(/[\ud800-\udbff]$/, '')
    return { name: `"${name.replaceAll('"', '""')}"`, number: random(4) === 0 }
  })
  const value = ({ number }: { number: boolean }): string =>
    number ? String((random(2_000_000_000) - 1_000_000_000) / 10 ** random(6)) : literal()
  const rows = Array.from({ length: 1 + random(5) }, () => `(${columns.map(value).join(', ')})`)
  const names = columns.map(({ name, number }, index) => `t${index}${number ? '' : '::text'} as ${name}`)
  const list = columns.map((_, index) => `t${index}`).join(', ')
  return `select ${names.join(', ')} from (values ${rows.join(', ')}) as t (${list})${random(12) === 0 ? ' where false' : ''}`
}

function randomSettings(random: (below: number) => number): Setting[] {
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!
  return [
    // Aligned formats have the most to get wrong.
    ['format', one([...formats, 'aligned', 'aligned', 'wrapped', 'wrapped', 'wrapped'])],
    ['expanded', one(expandeds)],
    ['border', one(borders)],
    ['tuples_only', one(tuples)],
    one(titles),
    one(footers),
    ['columns', String(random(3) === 0 ? 0 : random(60))],
    ['null', one(nulls)],
    ['numericlocale', one(tuples)],
    ...one(styles),
    ...one(separators),
    one(attributes),
  ]
}

/** Since 16 psql draws the lines of records by the border as it is set; before it took 3 for 2. */
function asOld(settings: PrintSettings): PrintSettings {
  if (version > 15 || !/^(?:aligned|wrapped)$/.test(settings.format)) return settings
  return { ...settings, border: Math.min(settings.border, 2) }
}

/** Whether psql prints records in the format `aligned` that are as wide as the lines above them, as it does since 18. */
function fitsRecords(settings: readonly Setting[]): boolean {
  const { format, expanded } = Object.fromEntries(settings)
  return version >= 18 || format !== 'aligned' || expanded === 'off'
}

/** Before 18 psql does so in the format `wrapped` alone: without a page nothing wraps in it. Where records are the exception it cannot. */
function forPsql({ settings, query }: Case): Case[] {
  if (fitsRecords(settings)) return [{ settings, query }]
  const { expanded } = Object.fromEntries(settings)
  const asked: Record<string, Setting> = { format: ['format', 'wrapped'], columns: ['columns', '0'] }
  return expanded === 'auto' ? [] : [{ query, settings: settings.map((setting) => asked[setting[0]] ?? setting) }]
}

function quoteArgument(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
}

function writePset([name, value]: Setting): string {
  return value === undefined ? `\\pset ${name}\n` : `\\pset ${name} ${quoteArgument(value)}\n`
}

function runPsql(database: TestDatabase, script: string, options: readonly string[]) {
  const { host, port, user } = database.clientConfig
  const connection = `host=${host} port=${port} user=${user} dbname=${database.database}`
  const ran = spawnSync(psql, ['-X', ...options, '-d', connection, '-f', '-'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { PATH: process.env.PATH, LC_ALL: 'C', PGCLIENTENCODING: 'UTF8' },
  })
  if (ran.error) throw ran.error
  return ran
}

interface Result {
  columns: PrintColumn[]
  rows: (Buffer | null)[][]
  tag: string
}

async function fetchResult(client: pg.Client, query: string): Promise<Result> {
  const asText = (value: string): string => value
  const answer = await client.query<(string | null)[]>({
    text: query,
    rowMode: 'array',
    types: { getTypeParser: () => asText },
  })
  return {
    columns: answer.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
    rows: answer.rows.map((row) => row.map((value) => (value === null ? null : Buffer.from(value)))),
    tag: `${answer.command} ${answer.rowCount}`,
  }
}

function printResult(settings: PrintSettings, { columns, rows, tag }: Result): string {
  let text = ''
  const printer = createPrinter(settings, (part) => {
    text += part
  })
  printer.begin(columns)
  for (const row of rows) printer.row(row)
  printer.end({ tag, rows: rows.length })
  return text
}

describe.runIf(psqlIsThere('What is printed was not compared with psql'))('what is printed is what psql prints', () => {
  let database: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await testDatabase()
    client = new pg.Client(database.clientConfig)
    await client.connect()
  })
  afterAll(() => client.end())

  async function expectSame(queries: readonly string[], wanted: readonly Case[]): Promise<void> {
    const cases = wanted.filter((each) => forPsql(each).length > 0)
    const results: Result[] = []
    for (const query of queries) results.push(await fetchResult(client, query))
    let script = ''
    let before = new Map<string, string>()
    for (const { settings, query } of cases.flatMap(forPsql)) {
      const now = new Map(settings.map((setting) => [setting[0], writePset(setting)]))
      // fieldsep and fieldsep_zero set the same, so neither is left out.
      for (const [name, line] of now) if (name.includes('sep') || before.get(name) !== line) script += line
      before = now
      script += `${queries[query]!}\n\\g\n\\echo @@@\n`
    }
    const ran = runPsql(database, script, ['-q', '-v', 'ON_ERROR_STOP=1'])
    expect({ stderr: ran.stderr, status: ran.status }).toEqual({ stderr: '', status: 0 })
    const theirs = ran.stdout.split('@@@\n')
    expect(theirs).toHaveLength(cases.length + 1)
    const different: unknown[] = []
    cases.forEach(({ settings, query }, index) => {
      const changed = settings.reduce((all, [name, value]) => changeSetting(all, name, value).settings, defaultSettings)
      const ours = printResult(asOld(changed), results[query]!)
      if (ours !== theirs[index])
        different.push({ query: queries[query], settings: settings.join(' '), ours, theirs: theirs[index] })
    })
    expect(different.slice(0, 3)).toEqual([])
  }

  test('for every query and setting', async () => {
    await expectSame(queries, makeCases(queries.length))
  })

  test('for random tables', async () => {
    const random = randomNumbers(Number(process.env.FUZZ_SEED ?? 20261124))
    const count = Number(process.env.FUZZ_COUNT ?? 400)
    const tables = Array.from({ length: count }, () => randomQuery(random))
    await expectSame(
      tables,
      tables.map((_, query) => ({ query, settings: randomSettings(random) })),
    )
  })

  test('for tags of commands', async () => {
    await client.query('create table things (name text)')
    const statement = `insert into things values ('<a>'), ('b') returning name`
    const result = { ...(await fetchResult(client, statement)), tag: 'INSERT 0 2' }
    for (const format of ['aligned', 'csv', 'html']) {
      const { settings } = changeSetting(defaultSettings, 'format', format)
      const script = `\\set QUIET on\n\\pset format ${format}\n\\set QUIET off\n${statement};\nbegin; commit;\n`
      const ran = runPsql(database, script, [])
      const tags = formatTag(settings, 'BEGIN') + formatTag(settings, 'COMMIT')
      expect(ran.stdout).toBe(printResult(settings, result) + tags)
    }
  })
})
