import { expect, test } from 'vitest'
import { locate, type ScanOptions, Scanner } from './scan.ts'
import type { Statement } from './statement.ts'

/** Scans a script up to the statement that sends a `!`, or to its last. */
function markedStatement(script: string, options: ScanOptions = {}, chunkSize = 1e9): Statement {
  const scanner = new Scanner({ file: 'a.sql', ...options })
  const bytes = Buffer.from(script)
  for (let pos = 0; pos < bytes.length; pos += chunkSize) scanner.push(bytes.subarray(pos, pos + chunkSize))
  scanner.end()
  let found: Statement | undefined
  for (let item = scanner.next(); item !== undefined && found?.text.includes('!') !== true; item = scanner.next()) {
    if (item.kind === 'statement') found = item
  }
  if (found === undefined) throw new Error('the script has no statement')
  return found
}

/** The position that a server would report for the first `!` of what is sent. */
function errorPosition(statement: Statement): number {
  return [...statement.text].indexOf('!') + 1
}

const variables = new Map([
  ['bad', '!'],
  ['worse', 'x\n :bad'],
  ['é', 'accent'],
  ['two', 'select 1; select'],
])

test.each([
  ['in the first line', 'select !;', 1, 8, 'select !;'],
  ['in a later line', '\n-- a\nselect 1,\n\t2 !,\n3;', 4, 4, '\t2 !,'],
  ['behind another statement', 'select 1; select !; select 2', 1, 18, 'select 1; select !; select 2'],
  ['behind characters of several bytes', "select 'é🙂', !;", 1, 14, "select 'é🙂', !;"],
  ['in a last line without an end', 'select\n !', 2, 2, ' !'],
  ['in a line of Windows', 'select\r\n1, !\r\n;\r\n', 2, 4, '1, !'],
  ['behind a byte order mark', '\uFEFFselect !;', 1, 8, 'select !;'],
  ['behind COPY data', 'copy t from stdin;\na\n\\.\nselect !;', 4, 8, 'select !;'],
  ['in the line of a COPY, behind its data', 'copy t from stdin; select\na\n\\.\n  !;', 4, 3, '  !;'],
  ['behind a variable', 'select :é, !;', 1, 12, 'select :é, !;'],
  ['in a line after a variable', 'select :é,\n !;', 2, 2, ' !;'],
  ['in a variable', 'select 1 + :bad;', 1, 12, 'select 1 + :bad;'],
  ['in a variable in a variable', 'select 1 +\n :worse;', 2, 2, ' :worse;'],
  ['behind a statement from a variable', ':two 1, !;', 1, 9, ':two 1, !;'],
  ['behind quoted variables', `select :'é', :"é", :{?é}, !;`, 1, 27, `select :'é', :"é", :{?é}, !;`],
  ['behind a meta-command', 'select \\echo a\n !;', 2, 2, ' !;'],
  ['behind a meta-command in the line', 'select \\echo a \\\\ !;', 1, 19, 'select \\echo a \\\\ !;'],
  ['behind \\;', 'select 1\\; select !;', 1, 19, 'select 1\\; select !;'],
])('a position %s is found in the script', (_, script, line, column, text) => {
  for (const chunkSize of [1, 3, 1e9]) {
    const statement = markedStatement(script, { variables }, chunkSize)
    expect(locate(statement, errorPosition(statement))).toEqual({ file: 'a.sql', line, column, text })
  }
})

test('a position before or behind a statement is its start or its end', () => {
  const statement = markedStatement('\n select 1;')
  expect(locate(statement, 0)).toMatchObject({ line: 2, column: 2 })
  expect(locate(statement, 1000)).toMatchObject({ line: 2, column: 11 })
})

test('a position far in a long statement is found', () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `  ${index} as "é${index}",`)
  const statement = markedStatement(`select\n${lines.join('\n')}\n  !;`, {}, 1000)
  expect(locate(statement, errorPosition(statement))).toEqual({ file: 'a.sql', line: 5002, column: 3, text: '  !;' })
})
