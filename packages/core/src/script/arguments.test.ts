import { describe, expect, test } from 'vitest'
import { parseArguments, readArguments, unquoteIdentifier } from './arguments.ts'
import { type ArgumentStyle, commandSyntax, type MetaCommand } from './metacommand.ts'
import { splitScript } from './scan.ts'
import { isVariableName, readBoolean } from './variables.ts'

const variables = new Map([
  ['v', 'one two'],
  ['q', `it's "x"`],
])

function texts(text: string, style: ArgumentStyle = 'words', dropsSemicolons = false): string[] {
  return parseArguments(text, style, variables, dropsSemicolons).map((argument) => argument.text)
}

function command(script: string): MetaCommand {
  const item = splitScript(script, { file: 'a.sql' })[0]
  if (item?.kind !== 'meta') throw new Error('the script starts with no meta-command')
  return item
}

describe('arguments', () => {
  test.each([
    [' a  b\tc ', ['a', 'b', 'c']],
    ['', []],
    [` 'a b' '' 'it''s'`, ['a b', '', "it's"]],
    [` 'a\\tb\\n\\'\\\\\\q'`, ["a\tb\n'\\q"]],
    [` '\\303\\251\\x21\\x41g'`, ['é!Ag']],
    [` "a b" x"c d"y`, ['"a b"', 'x"c d"y']],
    [` a'b c'd`, ['ab cd']],
    [' :v :none x:v', ['one two', ':none', 'xone two']],
    [` :'q' :"q" :'none' :"none"`, [`'it''s "x"'`, `"it's ""x"""`, `:'none'`, `:"none"`]],
    [' :{?v} :{?none} :{?v :', ['TRUE', 'FALSE', ':{?v', ':']],
    [` ':v' ":v"`, [':v', '":v"']],
    [' a \\ b', ['a']],
    [` :'v x'`, [':v x']],
  ])('%s', (text, expected) => {
    expect(texts(text)).toEqual(expected)
  })

  test('lose semicolons at their end, unless they are quoted', () => {
    expect(texts(` a;; b;c 'd;' 'e'; :v;`, 'words', true)).toEqual(['a', 'b;c', 'd;', 'e', 'one two'])
    expect(texts(' a;', 'words')).toEqual(['a;'])
  })

  test('may be the whole line', () => {
    expect(texts(`  a 'b' :v \\c ; `, 'line')).toEqual([`a 'b' :v \\c ; `])
    expect(texts(' a b ; ', 'line', true)).toEqual(['a b'])
  })

  test('may be a shell command', () => {
    expect(texts(' |a "b" \\c', 'pipe')).toEqual(['|a "b" \\c'])
    expect(texts(' a |b', 'pipe')).toEqual(['a', '|b'])
    expect(texts(' (format=csv tuples_only=on) |a \\b', 'pipe')).toEqual(['(format=csv', 'tuples_only=on)', '|a \\b'])
  })

  test('tell the last quote in them', () => {
    const quotes = parseArguments(` a 'b' "c" :v \`d\` 'e'"f"`, 'words', variables).map(({ quote }) => quote)
    expect(quotes).toEqual([undefined, "'", '"', ':', '`', '"'])
  })

  test('tell of shell commands, and do not run them', () => {
    expect(parseArguments(" é`a 'b' :v :'q'`c`d`", 'words', variables)).toEqual([
      {
        text: 'éc',
        quote: '`',
        shell: [
          { command: `a 'b' one two 'it'"'"'s "x"'`, at: 1 },
          { command: 'd', at: 2 },
        ],
      },
    ])
  })

  test.each([`'a`, '"a', '`a', `a'b"c`])('%s is refused', (text) => {
    expect(() => parseArguments(text, 'words', variables)).toThrow(/unterminated/)
  })
})

describe('the arguments of a command', () => {
  test.each([
    ['\\set x 1 ; ', ['x', '1', ';']],
    ['\\i a.sql;', ['a.sql']],
    [`\\echo a 'b c' \\\\ select 1;`, ['a', 'b c']],
    ['\\! ls | wc', ['ls | wc']],
    ['\\restrict abc;', ['abc']],
    ['\\unrestrict :v;', [':v']],
    ['\\connect - app', ['-', 'app']],
  ])('%s', (script, expected) => {
    expect(readArguments(command(script), variables).map(({ text }) => text)).toEqual(expected)
  })

  test('are refused with their place when a quote is not closed', () => {
    const unclosed = command(`\\echo 'a`)
    expect(() => readArguments(unclosed, variables)).toThrow(
      expect.objectContaining({
        code: 'script_unsupported',
        message: '\\echo: unterminated quoted string',
        location: { file: 'a.sql', line: 1, column: 1 },
      }),
    )
  })

  test('are unknown for an unknown command', () => {
    expect(commandSyntax('nosuch')).toBeUndefined()
    expect(commandSyntax('Set')).toBeUndefined()
    expect(commandSyntax('COPY')).toMatchObject({ style: 'line' })
    expect(commandSyntax('dt+')).toMatchObject({ style: 'words', sends: false })
  })
})

test('identifiers lose their quotes, and their capitals outside of them', () => {
  expect(unquoteIdentifier('Foo"Bar"Baz')).toBe('fooBarbaz')
  expect(unquoteIdentifier('"a""b"."C"')).toBe('a"b.C')
  expect(unquoteIdentifier('My"Db"', false)).toBe('MyDb')
})

test.each([
  ['true', true],
  ['T', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['n', false],
  ['of', false],
  ['OFF', false],
  ['0', false],
  ['o', undefined],
  ['', undefined],
  ['2', undefined],
  ['truely', undefined],
])('%j is %j as a condition', (text, expected) => {
  expect(readBoolean(text)).toBe(expected)
})

test('names of variables are letters, digits and underscores', () => {
  expect(['a', '1', '_', 'é', 'A_1'].every(isVariableName)).toBe(true)
  expect(['', 'a-b', 'a b', '$', ':a'].some(isVariableName)).toBe(false)
})
