import { describe, expect, test } from 'vitest'
import { crosstab } from './crosstab.ts'

type Row = (string | null)[]

/** A result written as words, `-` for null. */
function rowsOf(text: string): Row[] {
  return text.split(', ').map((row) => row.split(' ').map((word) => (word === '-' ? null : word)))
}

/** What an error says. */
function refusal(columns: string[], rows: Row[], words: string[], nullText?: string): string {
  try {
    crosstab(columns, rows, words, nullText)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

// As in psql_crosstab.sql of PostgreSQL's regression tests.
describe('crosstab', () => {
  test('takes the first column downwards, the second across and the third as data', () => {
    const { columns, rows, from } = crosstab(['v', 'extract', 'count'], rowsOf('v0 2014 2, v0 2015 1, v1 2015 3'), [])
    expect(columns).toEqual(['v', '2014', '2015'])
    expect(rows).toEqual(rowsOf('v0 2 1').concat([['v1', '', '3']]))
    expect(from).toEqual({ vertical: 0, data: 2 })
  })

  test('sorts the columns by the numbers of another one', () => {
    const result = rowsOf('v0 Jul 7 2, v0 Dec 12 1, v1 Apr 4 2, v1 Jul -1 1, v2 Jan 1 1')
    const { columns, rows } = crosstab(['v', 'month name', 'num', 'count'], result, ['v', '"month name"', '4', 'num'])
    expect(columns).toEqual(['v', 'Jan', 'Apr', 'Jul', 'Dec'])
    expect(rows).toEqual([
      ['v0', '', '', '2', '1'],
      ['v1', '', '2', '1', ''],
      ['v2', '1', '', '', ''],
    ])
  })

  test('takes what is no number for 0 when it sorts, and sorts what is equal by name, null last', () => {
    const result = rowsOf('r - 1 x, r \u{1f600} 1 x, r \uff5e 1 x, r b 1 -, r a 1 3.5, r z 1 -1')
    const { columns } = crosstab(['v', 'h', 'd', 's'], result, ['v', 'h', 'd', 's'])
    expect(columns).toEqual(['v', 'z', 'a', 'b', '\uff5e', '\u{1f600}', ''])
  })

  test('shows null as a header by its text, and leaves it null in data', () => {
    const result = rowsOf('v1 h0 -, v2 h1 3, - - 5')
    const { columns, rows } = crosstab(['v', 'h', 'i'], result, [], '#null#')
    expect(columns).toEqual(['v', 'h0', 'h1', '#null#'])
    expect(rows).toEqual([
      ['v1', null, '', ''],
      ['v2', '', '3', ''],
      [null, '', '', '5'],
    ])
    expect(crosstab(['?column?', '?column?', '?column?'], [[null, null, null]], [])).toMatchObject({
      columns: ['?column?', ''],
      rows: [[null, null]],
    })
  })

  test('knows columns by number, by name and by quoted name', () => {
    const names = ['22', 'b', 'Foo']
    const rows = rowsOf('1 2 3')
    expect(crosstab(names, rows, ['"22"', 'B', '"Foo"']).columns).toEqual(['22', '2'])
    expect(crosstab(names, rows, ['2', '1', '3'])).toMatchObject({ columns: ['b', '1'], rows: rowsOf('2 3') })
    expect(crosstab(names, rows, ['2', '1']).rows).toEqual(rowsOf('2 3'))
    expect(crosstab(['"m" n', 'y', 'f'], rows, ['"""m"" n"']).columns).toEqual(['"m" n', '2'])
    expect(refusal(names, rows, ['1', '2', 'Foo'])).toBe(String.raw`\crosstabview: column name not found: "foo"`)
    expect(refusal(names, rows, ['1', '"B"'])).toBe(String.raw`\crosstabview: column name not found: "B"`)
    expect(refusal(['a', 'b', 'a'], rows, ['a'])).toBe(String.raw`\crosstabview: ambiguous column name: "a"`)
    expect(refusal(names, rows, ['4'])).toBe(String.raw`\crosstabview: column number 4 is out of range 1..3`)
    expect(refusal(names, rows, ['0'])).toBe(String.raw`\crosstabview: column number 0 is out of range 1..3`)
  })

  test('refuses what it cannot turn', () => {
    const four = ['v', 'h', 'i', 'c']
    expect(refusal(['a', 'b'], rowsOf('1 2'), [])).toBe(
      String.raw`\crosstabview: query must return at least three columns`,
    )
    expect(refusal(four, rowsOf('1 2 3 4'), ['2', 'h', '4'])).toBe(
      String.raw`\crosstabview: vertical and horizontal headers must be different columns`,
    )
    expect(refusal(four, rowsOf('1 2 3 4'), [])).toBe(
      String.raw`\crosstabview: data column must be specified when query returns more than three columns`,
    )
    const many = Array.from({ length: 1601 }, (_, index) => [`${index}`, `${index}`, '1'])
    expect(crosstab(['a', 'b', 'c'], many.slice(1), []).columns).toHaveLength(1601)
    expect(refusal(['a', 'b', 'c'], many, [])).toBe(
      String.raw`\crosstabview: maximum number of columns (1600) exceeded`,
    )
  })

  test('refuses two values for a cell, even when both are null', () => {
    const names = ['x', 'y', 'v']
    const message = String.raw`\crosstabview: query result contains multiple data values for row `
    expect(refusal(names, rowsOf('1 10 *10, 1 10 *'), [])).toBe(`${message}"1", column "10"`)
    expect(refusal(names, rowsOf('1 10 -, 1 10 -'), [])).toBe(`${message}"1", column "10"`)
    expect(refusal(names, rowsOf('- - 1, - - 2'), [])).toBe(`${message}"(null)", column "(null)"`)
    expect(refusal(names, rowsOf('- - 1, - - 2'), [], '~')).toBe(`${message}"~", column "~"`)
  })
})
