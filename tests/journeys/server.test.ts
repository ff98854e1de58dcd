import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeProject, type RunOptions, type TestProject } from '../support/program.ts'

async function live(project: TestProject, options: RunOptions = {}): Promise<void> {
  const say = async (words: string[]) => project.pgrig(words, options)
  expect(await say(['server', 'status', '--exit-code'])).toMatchObject({
    code: 5,
    stdout: expect.stringContaining('not running'),
  })
  expect(await say(['server', 'start'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('The server is running.'),
  })
  expect(await say(['server', 'start'])).toMatchObject({ code: 0, stdout: expect.stringContaining('running already') })
  const status = await say(['server', 'status', '--json', '--exit-code'])
  expect(status.code).toBe(0)
  expect(JSON.parse(status.stdout)).toMatchObject({
    running: { version: expect.stringMatching(/^18\./), listensOnTcp: true },
  })
  expect(await say(['create'])).toMatchObject({ code: 0 })
  expect((await say(['server', 'logs', '--lines', '100'])).stdout).toContain(
    'database system is ready to accept connections',
  )
  expect(await say(['doctor'])).toMatchObject({ code: 0, stdout: expect.stringContaining('All is well.') })
  expect(await say(['server', 'stop'])).toMatchObject({ code: 0, stdout: expect.stringContaining('is stopped') })
  expect(await say(['server', 'stop'])).toMatchObject({ code: 0, stdout: expect.stringContaining('was not running') })
  expect(await say(['sessions'])).toMatchObject({ code: 0 })
  const refused = await say(['server', 'remove'])
  expect(refused).toMatchObject({ code: 4 })
  expect(refused.stderr).toContain('pgrig server remove --yes')
  expect(await say(['server', 'remove', '--dry-run'])).toMatchObject({ code: 0 })
  expect(await say(['server', 'status', '--exit-code'])).toMatchObject({ code: 0 })
  expect(await say(['server', 'remove', '--yes'])).toMatchObject({ code: 0 })
  expect((await say(['server', 'status'])).stdout).toContain('none yet')
}

test('the server’s whole life, by commands', async () => {
  await live(await makeProject())
})

test('an ordinary user has one of their own', async () => {
  if (process.getuid?.() !== 0) return console.warn('The other tests run as an ordinary user already.')
  const [uid = 0, gid = 0] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await promisify(execFile)('id', [flag, 'nobody'])).stdout)),
  )
  const project = await makeProject()
  await chown(project.folder, uid, gid)
  await live(project, { uid, gid, env: { HOME: project.folder } })
})
