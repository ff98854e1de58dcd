import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { bytesText, cutTo, durationText, layCaret, layPairs, layTable, widthOf, wrap } from './layout.ts'

const people = [
  { pid: 7, name: 'Andrew', says: 'hello' },
  { pid: 4711, name: '日本太郎', says: 'a 👩‍👩‍👧 b' },
  { pid: 12, name: null, says: 'two\n lines\tand \u001B[31mred' },
]
const columns = {
  pid: (row: (typeof people)[number]) => row.pid,
  name: (row: (typeof people)[number]) => row.name,
  says: (row: (typeof people)[number]) => row.says,
}
const heading = (text: string) => text

test('numbers stand right, wide characters count two, and no cell breaks the line or moves the cursor', () => {
  expect(layTable(people, columns, { columns: undefined, heading }).join('\n')).toMatchInlineSnapshot(`
    " pid  name      says
       7  Andrew    hello
    4711  日本太郎  a 👩‍👩‍👧 b
      12            two lines and �[31mred"
  `)
})

test('a table is cut to the terminal, the widest column first', () => {
  const rows = [{ query: 'select '.repeat(40), pid: 1 }]
  const lines = layTable(rows, { query: (r) => r.query, pid: (r) => r.pid }, { columns: 30, heading })
  expect(lines.map(widthOf)).toEqual([30, 30])
  expect(lines[1]).toMatch(/…\s+1$/)
})

test('a table that is not on a terminal is never cut', () => {
  const long = 'x'.repeat(500)
  expect(layTable([long], { long: (row) => row }, { columns: undefined, heading })[1]).toBe(long)
})

test('a terminal too narrow for the table still gets every column', () => {
  const lines = layTable(people, columns, { columns: 5, heading })
  expect(lines[0]).toBe(' pid  name  says')
})

test('a number is never cut, however narrow the terminal', () => {
  const rows = [{ pid: 4194303, user: 'postgres', state: 'idle in transaction' }]
  const table = {
    pid: (r: Row) => r.pid,
    user: (r: Row) => r.user,
    state: (r: Row) => r.state,
    query: () => 'select 1',
  }
  type Row = (typeof rows)[number]
  for (const columns of [40, 20, 1]) {
    const lines = layTable(rows, table, { columns, heading })
    expect(lines[1]?.split(/  +/)[0]).toBe('4194303')
  }
})

test('a text is cut between characters, never inside one', () => {
  expect(cutTo('日本語', 4)).toBe('日…')
  expect(cutTo('日本語', 6)).toBe('日本語')
  expect(cutTo('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…')
})

test.each([
  ['plain', 'create table x (id uid);', 20, '                   ^'],
  ['tabs stay tabs', '\tid\tuid', 5, '\t  \t^'],
  ['wide characters take two columns', "'日本', uid", 7, '        ^'],
  ['a combining accent takes none', 'e\u0301 uid', 4, '  ^'],
  ['past the end', 'abc', 99, '   ^'],
])('the caret stands under its column: %s', (_, text, column, caret) => {
  expect(layCaret(text, column, 80)).toEqual([text, caret])
})

test('a line longer than the terminal is shown around the column', () => {
  const text = `${'a'.repeat(500)}X${'b'.repeat(500)}`
  const [line, caret] = layCaret(text, 501, 60)
  expect(widthOf(line)).toBeLessThan(60)
  expect(line[caret.length - 1]).toBe('X')
  expect(line).toMatch(/^…a+Xb+…$/)
})

test('every character is as wide as string-width says', () => {
  const wrong: string[] = []
  for (let code = 0x20; code <= 0xffff; code += 1) {
    const character = String.fromCharCode(code)
    if (widthOf(character) !== stringWidth(character)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
  for (const text of ['Größe → naïve', 'Привет', '日本', 'a\u0301', '👩‍👩‍👧']) expect(widthOf(text)).toBe(stringWidth(text))
})

test('text wraps at spaces and a long word keeps its line', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('a verylongword b', 6)).toEqual(['a', 'verylongword', 'b'])
  expect(layPairs([['--x', 'one two three four five six seven']], 30)).toEqual([
    '  --x  one two three four five',
    '       six seven',
  ])
})

test.each([
  [0.0004, '0 ms'],
  [0.25, '250 ms'],
  [0.9999, '1.0 s'],
  [4.24, '4.2 s'],
  [59.6, '1m'],
  [75, '1m 15s'],
  [3600, '1h'],
  [7500, '2h 5m'],
  [273_600, '3d 4h'],
])('%d seconds read %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 kB'],
  [4608, '4.5 kB'],
  [10 * 1024 * 1024, '10 MB'],
  [1024 ** 3 - 1, '1 GB'],
])('%d bytes read %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})
