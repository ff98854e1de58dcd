// npm test: every test. Arguments go to vitest: npm test -- packages/core
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { providePython } from './python.mjs'

await import('./ready.mjs')
providePrograms()
providePython(['cfn-lint', 'moto'])

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = `${root}node_modules/vitest/vitest.mjs`
const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1

/** The page is tested in a real browser, connect with the real psql, poolers with PgBouncer, and a template with a program in Python. */
function providePrograms() {
  const missing = [
    ['chromium', ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync)],
    ['postgresql-client', isThere('psql')],
    ['pgbouncer', isThere('pgbouncer')],
    // Debian has it apart from Python.
    ['python3-venv', spawnSync('python3', ['-c', 'import ensurepip']).status === 0],
  ].flatMap(([name, there]) => (there ? [] : [name]))
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.error(`Installing ${missing.join(' and ')} for the tests (once) …`)
  // With this run level no service is started: PgBouncer is wanted as a program.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-qq', '-y', '--no-install-recommends', ...missing],
  ]) {
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 2] })
  }
}

function isThere(program) {
  return [...(process.env.PATH ?? '').split(':'), '/usr/sbin'].some((folder) => existsSync(`${folder}/${program}`))
}
