import { execFileSync } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// A checkout in a path with a space, with a pgrig that only tells what it was asked.
const root = await realpath(await mkdtemp(join(tmpdir(), 'cruddur scripts ')))
const folder = join(root, 'cruddur')
await cp(import.meta.dirname, join(folder, 'bin'), { recursive: true })
await mkdir(join(root, 'node_modules', '.bin'), { recursive: true })
await writeFile(join(root, 'node_modules', '.bin', 'pgrig'), '#!/bin/sh\nprintf "%s\\n" "$@"\nexit 3\n')
await chmod(join(root, 'node_modules', '.bin', 'pgrig'), 0o755)
afterAll(() => rm(root, { recursive: true }))

function run(script: string, args: string[] = []): { words: string[]; status: unknown } {
  try {
    execFileSync(script, args, { cwd: tmpdir(), encoding: 'utf8' })
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: unknown }
    return { words: stdout.trimEnd().split('\n'), status }
  }
  throw new Error(`${script} hid the exit code`)
}

test.each([
  ['db-create', ['create']],
  ['db-drop', ['drop']],
  ['db-schema-load', ['schema', 'load']],
  ['db-seed', ['seed']],
  ['db-connect', ['connect']],
  ['db-sessions', ['sessions']],
  ['db-setup', ['setup']],
])('%s works from any folder, passes its words on, and keeps the exit code', (script, command) => {
  const { words, status } = run(join(folder, 'bin', script), ['prod', '--confirm', 'a name'])
  expect(words).toEqual(['--folder', folder, ...command, 'prod', '--confirm', 'a name'])
  expect(status).toBe(3)
})

test('a script works through a link to it', async () => {
  const link = join(root, 'setup')
  await symlink(join(folder, 'bin', 'db-setup'), link)
  expect(run(link).words).toEqual(['--folder', folder, 'setup'])
})
