import { expect, test } from 'vitest'
import { pgrig } from '../../testing.ts'
import { logs } from './logs.ts'

test('--follow and --json together are refused, since a log that is followed is never one JSON value', async () => {
  const { exitCode, stdout, stderr } = await pgrig(['server', 'logs', '--follow', '--json'], { commands: [logs] })
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
  expect(JSON.parse(stderr).error).toMatchObject({
    code: 'usage',
    message: '--follow has no end, so it has no result to print as JSON.',
    hint: 'Leave out --follow or --json.',
  })
})
