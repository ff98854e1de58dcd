import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

// These meet the built program: `npm test` builds it first.
const bin = fileURLToPath(new URL('../bin/pgrig.js', import.meta.url))
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

function pgrig(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

test.each(['--version', '-V'])('%s prints the version', (name) => {
  expect(pgrig(name)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
})

test('the version loads nothing but itself', () => {
  const { stderr } = spawnSync(process.execPath, [bin, '--version'], {
    env: { ...process.env, NODE_DEBUG: 'module' },
    encoding: 'utf8',
  })
  const loaded = [...stderr.matchAll(/ load "([^"]+)"/g)].map(([, path = '']) =>
    path.replace(/^.*\/packages\/cli\//, ''),
  )
  expect(new Set(loaded)).toEqual(new Set(['bin/pgrig.js', 'dist/main.js']))
})

test('the program is whole: help, a mistyped command, the same as JSON', () => {
  expect(pgrig()).toMatchObject({ status: 0, stderr: '' })
  expect(pgrig('hlep')).toMatchObject({
    status: 64,
    stdout: '',
    stderr: expect.stringContaining('Did you mean pgrig help?'),
  })
  expect(JSON.parse(pgrig('hlep', '--json').stderr)).toMatchObject({ error: { code: 'usage', exitCode: 64 } })
})

test('a reader that goes away is no error', () => {
  const script = `set -o pipefail; '${process.execPath}' '${bin}' help --json | head -c 1 >/dev/null; echo $?`
  expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' })).toMatchObject({ stdout: '0\n', stderr: '' })
})

test('Ctrl-C ends a command that waits, with 130', async () => {
  const child = spawn(process.execPath, [bin, 'wait', '--url', 'postgres://me@127.0.0.1:1/x'])
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    if (text.includes('→')) child.kill('SIGINT')
  })
  const [status] = (await once(child, 'exit')) as [number | null]
  expect(status).toBe(130)
  expect(stderr).toMatch(/error: Interrupted\.\n.+\n$/)
})

test('a full disk is an error', ({ skip }) => {
  if (!existsSync('/dev/full'))
    return skip('There is no /dev/full here; run.test.ts tests the same with a stream that fails.')
  const { status, stderr } = spawnSync('bash', ['-c', `'${process.execPath}' '${bin}' help > /dev/full`], {
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^error: The result could not be written to standard output: ENOSPC/)
})
