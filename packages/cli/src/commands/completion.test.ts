import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { defineCommand } from '../command.ts'
import { argument, flag } from '../flag.ts'
import { pgrig } from '../testing.ts'
import { complete } from './completion/complete.ts'
import { completion } from './completion.ts'
import { help } from './help.ts'

const dump = defineCommand({
  name: 'schema dump',
  summary: 'Dump',
  examples: [],
  target: 'database',
  arguments: { file: argument.optional('The file', 'file') },
  flags: { format: flag.choice('How', ['sql', 'json']), file: flag.string('Where to', 'FILE') },
  run: () => null,
  show: () => {},
})
const sessions = defineCommand({
  name: 'sessions',
  summary: 'List',
  examples: [],
  target: 'server',
  run: () => null,
  show: () => {},
})
const end = defineCommand({ ...sessions, name: 'sessions end', arguments: { pid: argument.rest('Pid', 'number') } })
const commands = [dump, sessions, end, help, completion, complete]

const everyFlag = ['--folder', '--help', '--json', '--no-color', '--quiet', '--target', '--url', '--version']

test.each([
  [[''], ['completion', 'help', 'schema', 'sessions']],
  [['s'], ['schema', 'sessions']],
  [['schema', ''], ['dump']],
  [
    ['schema', 'dump', ''],
    ['local', 'prod', 'production'],
  ],
  [
    ['schema', 'dump', 'p'],
    ['prod', 'production'],
  ],
  [['schema', 'dump', 'db/'], []],
  [
    ['schema', 'dump', '--f'],
    ['--file', '--folder', '--format'],
  ],
  [
    ['schema', 'dump', '--format', ''],
    ['json', 'sql'],
  ],
  [['schema', 'dump', '--format=j'], ['--format=json']],
  [['schema', 'dump', '--format', '=', 'j'], ['json']],
  [
    ['schema', 'dump', '--format', '='],
    ['json', 'sql'],
  ],
  [
    ['schema', 'dump', '--url', 'postgres', ':', '//host', ''],
    ['local', 'prod', 'production'],
  ],
  [['schema', 'dump', '--file', ''], []],
  [['schema', 'dump', '--target', 'l'], ['local']],
  [['schema', 'dump', '--', ''], []],
  [['-C', 'dir', '--json', 'schema', ''], ['dump']],
  [
    ['sessions', ''],
    ['end', 'local', 'prod', 'production'],
  ],
  [
    ['sessions', 'end', '12', ''],
    ['local', 'prod', 'production'],
  ],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [
    ['help', ''],
    ['completion', 'exit-codes', 'help', 'schema', 'sessions', 'targets'],
  ],
  [['help', 'schema', ''], ['dump']],
  [['--'], everyFlag],
  [['nonsense', ''], []],
])('after pgrig %j may come %j', async (words, expected) => {
  const { exitCode, stdout, stderr } = await pgrig(['completion', 'complete', '--', ...words], { commands })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.split('\n').filter(Boolean)).toEqual(expected)
})

const bin = mkdtempSync(join(tmpdir(), 'pgrig-bin-'))
afterAll(() => rmSync(bin, { recursive: true }))
writeFileSync(
  join(bin, 'pgrig'),
  `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL('../../bin/pgrig.js', import.meta.url))}' "$@"\n`,
)
chmodSync(join(bin, 'pgrig'), 0o755)
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` }

test('bash completes with the script that it was given', () => {
  const complete = (words: readonly string[]) => {
    const script = `
      source <(pgrig completion bash)
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
      $(complete -p pgrig | sed -E 's/.*-F ([^ ]+).*/\\1/')
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr, error } = spawnSync('bash', ['-c', script, 'bash', ...words], { env, encoding: 'utf8' })
    expect({ stderr, error }).toEqual({ stderr: '', error: undefined })
    return stdout.trim().split('\n')
  }
  expect(complete(['pgrig', 'comp'])).toEqual(['completion'])
  expect(complete(['pgrig', 'completion', ''])).toEqual(['bash', 'fish', 'zsh'])
  expect(complete(['pgrig', 'help', '--no'])).toEqual(['--no-color'])
  expect(complete(['pgrig', 'help', "it's"])).toEqual([''])
  expect(complete(['pgrig', '--target', '=', 'loc'])).toEqual(['local'])
})

test('zsh completes with the script that it was given', ({ skip }) => {
  if (isMissing('zsh')) return skip('zsh is not installed here; bash and the candidates are tested above.')
  // compadd works inside a completion only, so it is replaced by what shows with what it is called.
  const script = `
    autoload -Uz compinit; compinit -D
    source <(pgrig completion zsh)
    compadd() { shift; print -l -- \${(P)1} }
    _files() { print files }
    words=("$@"); CURRENT=$#
    \${_comps[pgrig]}`
  const complete = (words: readonly string[]) =>
    spawnSync('zsh', ['-f', '-c', script, 'zsh', ...words], { env, encoding: 'utf8' })
  expect(complete(['pgrig', 'completion', ''])).toMatchObject({ stdout: 'bash\nfish\nzsh\n', stderr: '' })
  expect(complete(['pgrig', 'completion', 'complete', '--', ''])).toMatchObject({ stdout: 'files\n' })
})

test('fish completes with the script that it was given', ({ skip }) => {
  if (isMissing('fish')) return skip('fish is not installed here; bash and the candidates are tested above.')
  const script = 'pgrig completion fish | source; complete -C "pgrig completion "'
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { env, encoding: 'utf8' })
  expect({ stdout, stderr }).toEqual({ stdout: 'bash\nfish\nzsh\n', stderr: '' })
})

function isMissing(shell: string): boolean {
  return spawnSync(shell, ['--version']).error !== undefined
}
