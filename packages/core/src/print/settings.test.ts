import { expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { listSettings } from './setting-words.ts'
import { changeSetting, defaultSettings, type PrintSettings } from './settings.ts'

function change(name: string, value?: string, settings: PrintSettings = defaultSettings) {
  return changeSetting(settings, name, value)
}

function failureOf(name: string, value?: string): Failure {
  try {
    change(name, value)
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  return expect.unreachable('it should have failed')
}

test('a setting is changed, the others stay, and psql says what it is', () => {
  const { settings, message } = change('format', 'csv')
  expect(settings).toEqual({ ...defaultSettings, format: 'csv' })
  expect(message).toBe('Output format is csv.')
  expect(defaultSettings.format).toBe('aligned')
})

test('json is a format like the others', () => {
  for (const value of ['json', 'j', 'JS']) expect(change('format', value).settings.format).toBe('json')
  expect(failureOf('format', 'jsonb').message).toBe(
    String.raw`\pset: allowed formats are aligned, asciidoc, csv, html, json, latex, latex-longtable, troff-ms, unaligned, wrapped`,
  )
})

test('what psql does not know is refused in its words', () => {
  for (const [name, value, words] of [
    ['nosuch', '1', String.raw`\pset: unknown option: nosuch`],
    ['format', 'a', String.raw`\pset: ambiguous abbreviation "a" matches both "aligned" and "asciidoc"`],
    ['x', 'maybe', 'unrecognized value "maybe" for "x"\nAvailable values are: on, off, auto.'],
    ['t', 'maybe', 'unrecognized value "maybe" for "t": Boolean expected'],
    ['pager_min_lines', 'x', 'invalid value "x" for "pager_min_lines": integer expected'],
    ['pager_min_lines', '08', 'invalid value "08" for "pager_min_lines": integer expected'],
    ['pager_min_lines', '2147483648', 'invalid value "2147483648" for "pager_min_lines": integer expected'],
  ] as const) {
    const failure = failureOf(name, value)
    expect({ code: failure.code, message: failure.message }).toEqual({ code: 'script_failed', message: words })
  }
})

test('a whole number may be octal or hexadecimal, as in C', () => {
  const read = (value: string): number => change('pager_min_lines', value).settings.pagerMinLines
  expect(['10', ' 010', '0x1F', '-3', '+4', '0'].map(read)).toEqual([10, 8, 31, -3, 4, 0])
})

test('the width of the line above records is a word or a number', () => {
  const set = (value: string) => change('xheader_width', value)
  expect(set('Column').settings.expandedHeaderWidth).toBe('column')
  expect(set('page').message).toBe('Expanded header width is "page".')
  expect(set('12x').message).toBe('Expanded header width is 12.')
  expect(failureOf('xheader_width', 'x').message).toBe(
    String.raw`\pset: allowed xheader_width values are "full" (default), "column", "page", or a number specifying the exact width`,
  )
})

test('all settings are listed, each with a value that sets it', () => {
  expect(listSettings(defaultSettings)).toBe(`border                   1
columns                  0
csv_fieldsep             ','
expanded                 off
fieldsep                 '|'
fieldsep_zero            off
footer                   on
format                   aligned
linestyle                ascii
null                     ''
numericlocale            off
pager                    1
pager_min_lines          0
recordsep                '\\n'
recordsep_zero           off
tableattr                
title                    
tuples_only              off
unicode_border_linestyle single
unicode_column_linestyle single
unicode_header_linestyle single
xheader_width            full
`)
})
