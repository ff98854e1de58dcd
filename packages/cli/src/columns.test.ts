import { expect, test } from 'vitest'
import { type Column, layColumns } from './columns.ts'

interface Row {
  id: number
  name: string
  note: string
  text: string
}
const columns: Column<Row>[] = [
  { name: 'id', text: ({ id }) => String(id), right: true, importance: 4 },
  { name: 'name', text: ({ name }) => name, least: 6, importance: 2 },
  { name: 'note', text: ({ note }) => note, least: 5, importance: 1 },
  { name: 'text', text: ({ text }) => text, least: 8, importance: 3 },
]
const rows: Row[] = [
  { id: 7, name: 'alexander', note: 'remark', text: 'a long text that does not fit' },
  { id: 12, name: '日本語の名前', note: '', text: 'short' },
]
const lay = (width: number | undefined, of = rows) => {
  const { heading, rows: lines } = layColumns(of, columns, width)
  return [heading, ...lines]
}

test('without a width all stands there in full, and columns without content are left out', () => {
  expect(lay(undefined)).toEqual([
    'id  name          note    text',
    ' 7  alexander     remark  a long text that does not fit',
    '12  日本語の名前          short',
  ])
  expect(lay(undefined, rows.slice(1))).toEqual(['id  name          text', '12  日本語の名前  short'])
})

test.each([
  [
    40,
    ['id  name          note    text', ' 7  alexander     remark  a long text t…', '12  日本語の名前          short'],
  ],
  [30, ['id  name       note   text', ' 7  alexander  rema…  a long …', '12  日本語の…         short']],
  [20, ['id  name    text', ' 7  alexa…  a long …', '12  日本…   short']],
  [12, ['id  text', ' 7  a long …', '12  short']],
  [4, ['id', ' 7', '12']],
])('in %i columns', (width, lines) => {
  expect(lay(width)).toEqual(lines)
})
