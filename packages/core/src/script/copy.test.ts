import { expect, test } from 'vitest'
import { parseCopy } from './copy.ts'
import type { MetaCommand } from './metacommand.ts'
import { splitScript } from './scan.ts'

function command(script: string): MetaCommand {
  const item = splitScript(script, { file: 'a.sql' })[0]
  if (item?.kind !== 'meta') throw new Error('the script starts with no meta-command')
  return item
}

test.each([
  ['t from stdin', { what: 't', direction: 'from', stream: 'script', path: undefined, options: '' }],
  ['t to stdout csv', { what: 't', direction: 'to', stream: 'script', path: undefined, options: 'csv' }],
  ['"a b".t from pstdin', { what: '"a b".t', direction: 'from', stream: 'standard', path: undefined, options: '' }],
  [
    "t (a, \"b c\") FROM 'it''s.csv' with (format csv)",
    { what: 't ( a , "b c" )', direction: 'from', stream: 'file', path: "it's.csv", options: 'with (format csv)' },
  ],
  [
    "(select ')', (1)) to program 'cat > \"x\"'",
    { what: "( select ')' , ( 1 ) )", direction: 'to', stream: 'program', path: 'cat > "x"', options: '' },
  ],
  ['t from data.csv', { what: 't', direction: 'from', stream: 'file', path: 'data.csv', options: '' }],
])('\\copy %s', (text, expected) => {
  const parsed = parseCopy(command(`\\copy ${text}`))
  expect({ ...parsed, what: parsed.what.replaceAll(/\s*,\s*/g, ' , ') }).toEqual(expected)
})

test.each([
  ['', 'at end of line'],
  ['t', 'at end of line'],
  ['t into x', 'at "into"'],
  ['t from', 'at end of line'],
  ['t from program ls', 'at "ls"'],
  ['(select 1 from x', 'at end of line'],
])('\\copy %s is refused', (text, where) => {
  expect(() => parseCopy(command(`\\copy ${text}`))).toThrow(`\\copy: parse error ${where}`)
})
