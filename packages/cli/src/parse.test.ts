import { expect, test } from 'vitest'
import { defineCommand } from './command.ts'
import { argument, flag } from './flag.ts'
import { commandWith, findCommand, parseFlags } from './parse.ts'
import { suggest } from './suggest.ts'

const names = ['connect', 'schema load', 'schema dump', 'sessions', 'sessions cancel']

test.each([
  ['sessions', 'command', 'sessions', []],
  ['sessions cancel 12 prod', 'command', 'sessions cancel', ['12', 'prod']],
  ['sessions prod', 'command', 'sessions', ['prod']],
  ['schema', 'noun', 'schema', []],
  ['--target prod schema load', 'command', 'schema load', ['--target', 'prod']],
  ['-C dir schema -q load x.sql', 'command', 'schema load', ['-C', 'dir', '-q', 'x.sql']],
  ['-Cdir schema load', 'command', 'schema load', ['-Cdir']],
  ['--target=sessions schema load', 'command', 'schema load', ['--target=sessions']],
  ['connect -- sessions', 'command', 'connect', ['--', 'sessions']],
  ['--json', 'program', undefined, ['--json']],
])('pgrig %s is the %s %s', (line, kind, name, rest) => {
  expect(findCommand(line.split(' '), names)).toEqual({ kind, ...(name && { name }), rest })
})

test('a flag called no-something is a flag like others', () => {
  const flags = {
    noUndo: flag.boolean('Keep no copy'),
    format: flag.choice('How', ['csv', 'json'], { default: 'csv' }),
  }
  expect(parseFlags('x', flags, []).values).toEqual({ noUndo: false, format: 'csv' })
  expect(parseFlags('x', flags, ['--no-undo', '--format', 'json']).values).toEqual({ noUndo: true, format: 'json' })
  expect(() => parseFlags('x', flags, ['--undo'])).toThrow('"x" has no flag --undo. Did you mean --no-undo?')
  expect(() => parseFlags('x', flags, ['--format', 'xml'])).toThrow('--format takes csv, json; not "xml".')
})

test('a value may begin with dashes when it is no flag', () => {
  const flags = { command: flag.string('SQL', 'SQL', { short: 'c' }), all: flag.boolean('All') }
  expect(parseFlags('x', flags, ['-c', '-- a comment\nselect 1']).values['command']).toBe('-- a comment\nselect 1')
  expect(() => parseFlags('x', flags, ['-c', '--all'])).toThrow('--command needs a value')
})

test.each([
  ['--port', '70000', '--port takes a whole number from 1 to 65535, not "70000".'],
  ['--port', '0x50', '--port takes a whole number from 1 to 65535, not "0x50".'],
  ['--port', '1.5', '--port takes a whole number from 1 to 65535, not "1.5".'],
  ['--port', '-1', '--port takes a whole number from 1 to 65535, not "-1".'],
  ['--wait', '5x', '--wait takes a time such as 30s, 10m or 1h30m, not "5x".'],
  ['--wait', '1 m', '--wait takes a time such as 30s, 10m or 1h30m, not "1 m".'],
  ['--set', 'a,,b', '--set was given an empty value.'],
])('%s %s: %s', (name, value, message) => {
  const flags = {
    port: flag.number('Port', 'PORT', { minimum: 1, maximum: 65_535 }),
    wait: flag.duration('Wait'),
    set: flag.list('Set', 'NAME'),
  }
  expect(() => parseFlags('x', flags, [name, value])).toThrow(message)
})

test('the nearest candidate is suggested, and none that is far', () => {
  expect(suggest('sesions', names)).toBe('sessions')
  expect(suggest('xyz', names)).toBeUndefined()
})

test('what was typed can be typed again with one flag more', () => {
  expect(commandWith(['drop', "o'clock", '--confirm', 'x', '--', 'a b'], '--confirm cruddur')).toBe(
    `pgrig drop 'o'\\''clock' --confirm cruddur -- 'a b'`,
  )
  expect(commandWith(['drop', 'prod', '--confirm=x'], '--yes')).toBe('pgrig drop prod --confirm=x --yes')
})

test('flags and arguments are typed by what they are', () => {
  defineCommand({
    name: 'typed',
    summary: '',
    examples: [],
    target: 'none',
    flags: {
      all: flag.boolean(''),
      name: flag.string('', ''),
      role: flag.string('', '', { default: 'x' }),
      limit: flag.number('', ''),
      lines: flag.number('', '', { default: 50 }),
      wait: flag.duration(''),
      format: flag.choice('', ['csv', 'json']),
      tags: flag.list('', ''),
    },
    arguments: {
      file: argument.optional('', 'file'),
      pid: argument.required('', 'number'),
      shell: argument.oneOf('', ['bash']),
    },
    run(values) {
      const all: boolean = values.all
      const text: (string | undefined)[] = [values.name, values.file]
      const role: string = values.role
      const counts: (number | undefined)[] = [values.limit, values.wait]
      const certain: number[] = [values.lines, values.pid]
      const format: 'csv' | 'json' | undefined = values.format
      const shell: 'bash' = values.shell
      const tags: readonly string[] = values.tags
      // @ts-expect-error -- it may be left out
      const wrong: string = values.name
      // @ts-expect-error -- there is no such flag
      const none = values.other
      return { all, text, role, counts, certain, format, shell, tags, wrong, none }
    },
    show(data) {
      data.certain.map((count) => count.toFixed(1))
    },
  })
})
