// npm test: every test. Arguments go to vitest: npm test -- packages/core
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

await import('./ready.mjs')
providePrograms()

const root = fileURLToPath(new URL('..', import.meta.url))
const vitest = `${root}node_modules/vitest/vitest.mjs`
const { status } = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1

/** The page is tested in a real browser, and connect with the real psql: installed where they are missing and we may. */
function providePrograms() {
  const missing = [
    ['chromium', ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync)],
    ['postgresql-client', (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/psql`))],
  ].flatMap(([name, there]) => (there ? [] : [name]))
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  console.error(`Installing ${missing.join(' and ')} for the tests (once) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-qq'],
    ['install', '-qq', '-y', '--no-install-recommends', ...missing],
  ]) {
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 2] })
  }
}
