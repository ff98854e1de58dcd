import { Failure } from '@pgrig/core'
import { describe, expect, test } from 'vitest'
import { defineCommand } from './command.ts'
import { argument, type Arguments } from './flag.ts'
import { bindWords, isFileIn, type WordOracle } from './words.ts'

/** Targets: local, prod, both. Files: both, schema (and what has a dot or a slash is taken for one). */
const oracle: WordOracle = {
  isTarget: async (word) => ['local', 'prod', 'both', 'odd.name'].includes(word),
  targetNames: async () => ['local', 'prod', 'both'],
  isFile: (word) => ['both', 'schema'].includes(word),
  verbs: [],
}

function bind(args: Arguments, line: string, flagTarget?: string, target: 'database' | 'none' = 'database') {
  const command = defineCommand({
    name: 'do',
    summary: '',
    examples: [],
    target,
    arguments: args,
    run: () => null,
    show: () => {},
  })
  const words = line.split(' ').filter(Boolean)
  const end = words.indexOf('--')
  return bindWords(
    command,
    end < 0 ? words : words.slice(0, end),
    end < 0 ? [] : words.slice(end + 1),
    flagTarget,
    oracle,
  )
    .then(({ target: found, values }) => ({ ...values, target: found }))
    .catch((error: unknown) =>
      error instanceof Failure ? `${error.message} | ${error.hint ?? ''}` : Promise.reject(error as Error),
    )
}

describe('with one file that may be left out', () => {
  const file = { file: argument.optional('The script', 'file') }

  test.each([
    ['', { file: undefined, target: undefined }],
    ['prod', { file: undefined, target: 'prod' }],
    ['db/x.sql', { file: 'db/x.sql', target: undefined }],
    ['missing.sql', { file: 'missing.sql', target: undefined }],
    ['schema', { file: 'schema', target: undefined }],
    ['db/x.sql prod', { file: 'db/x.sql', target: 'prod' }],
    ['./prod', { file: './prod', target: undefined }],
    ['./prod prod', { file: './prod', target: 'prod' }],
    // The place of the file is taken, so that this can only be the target.
    ['x.sql both', { file: 'x.sql', target: 'both' }],
    ['both prod', { file: 'both', target: 'prod' }],
    ['-- prod', { file: 'prod', target: undefined }],
    ['prod -- local', { file: 'local', target: 'prod' }],
  ])('"%s"', async (line, values) => {
    expect(await bind(file, line)).toEqual(values)
  })

  test.each([
    ['both', '"both" is a target and a file. | Write ./both for the file, or --target both for the target.'],
    [
      'odd.name',
      '"odd.name" is a target and a file. | Write ./odd.name for the file, or --target odd.name for the target.',
    ],
    ['prdo', '"prdo" is neither a target (local, prod, both) nor a file. Did you mean prod? | pgrig help targets'],
    [
      'staging',
      '"staging" is neither a target (local, prod, both) nor a file. | For a target of that name set STAGING_DATABASE_URL, or add it to pgrig.json.',
    ],
    ['prod db/x.sql', '"prod" is a target, and the target comes last. | Move prod to the end, or write --target prod.'],
    ['prod local', '"prod" is a target, and the target comes last. | Move prod to the end, or write --target prod.'],
    [
      'prod a.sql local',
      '"prod" is a target, and the target comes last. | Move prod to the end, or write --target prod.',
    ],
    [
      'a.sql b.sql',
      '"b.sql" is not a target (local, prod, both), and "do" takes one word before it. | pgrig help targets',
    ],
    ['a.sql b.sql prod', '"do" takes one word; "b.sql" is too many. | pgrig do --help'],
  ])('"%s" is refused', async (line, message) => {
    expect(await bind(file, line)).toBe(message)
  })
})

test('files without end take all but a target that comes last', async () => {
  const files = { files: argument.rest('Scripts', 'file') }
  expect(await bind(files, 'a.sql b.sql prod')).toEqual({ files: ['a.sql', 'b.sql'], target: 'prod' })
  expect(await bind(files, 'a.sql prod b.sql')).toMatch(/^"prod" is a target, and the target comes last/)
  expect(await bind(files, 'a.sql prdo')).toMatch(/^"prdo" is neither a target/)
})

test('without arguments the word is a target whatever files there are', async () => {
  expect(await bind({}, 'both')).toEqual({ target: 'both' })
  expect(await bind({}, 'schema')).toMatch(/^"schema" is not a target/)
})

test('a target does not take the place of a word that must be there', async () => {
  const name = { name: argument.required('The name') }
  expect(await bind(name, 'users')).toEqual({ name: 'users', target: undefined })
  expect(await bind(name, 'users prod')).toEqual({ name: 'users', target: 'prod' })
  expect(await bind(name, '-- prod')).toEqual({ name: 'prod', target: undefined })
  expect(await bind(name, 'prod prod')).toEqual({ name: 'prod', target: 'prod' })
  expect(await bind(name, 'prod')).toBe(
    '"prod" is a target, and NAME is missing. | pgrig do NAME prod, or, if that is the NAME: pgrig do -- prod',
  )
})

test('numbers are told from targets', async () => {
  const pids = { pid: argument.rest('Pids', 'number') }
  expect(await bind(pids, '12 13 prod')).toEqual({ pid: [12, 13], target: 'prod' })
  expect(await bind(pids, '12 prdo')).toMatch(/^"prdo" is neither a target .* nor a number\. Did you mean prod\?/)
})

test('what comes after -- goes to the argument that asks for it, empty words included', async () => {
  const args = { args: argument.literal('For psql') }
  expect(await bind(args, 'prod -- -c prod')).toEqual({ args: ['-c', 'prod'], target: 'prod' })
  expect(await bind(args, 'prdo')).toMatch(/^"prdo" is not a target/)
})

test('a command without a target has words only', async () => {
  expect(await bind({ words: argument.rest('Words') }, 'schema prod', undefined, 'none')).toEqual({
    words: ['schema', 'prod'],
    target: undefined,
  })
})

test('two targets are one too many', async () => {
  expect(await bind({}, 'prod', 'prod')).toEqual({ target: 'prod' })
  expect(await bind({}, 'prod', 'local')).toBe(
    'Two targets: "prod" as the last word, "local" with --target. | Name one of them. If the word is not meant as a target, put it after -- .',
  )
})

test('a folder is no file, and a word that cannot be a path is none either', () => {
  expect(isFileIn(import.meta.dirname, 'words.test.ts')).toBe(true)
  expect(isFileIn(import.meta.dirname, 'commands')).toBe(false)
  expect(isFileIn(import.meta.dirname, 'words.test.ts/x')).toBe(false)
  expect(isFileIn(import.meta.dirname, 'x'.repeat(5000))).toBe(false)
})
