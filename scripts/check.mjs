// npm run check: types, lint, format, unused code, packages, stale documentation. All of them, then the verdict.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

await import('./ready.mjs')

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name) => `${root}node_modules/.bin/${name}`
const checks = [
  ['types', bin('tsc'), ['-p', 'tsconfig.tests.json']],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings']],
  ['format', bin('oxfmt'), ['--check', '.']],
  ['unused code', bin('knip'), []],
  ['packages', bin('publint'), ['packages/core', '--strict']],
  ['packages', bin('publint'), ['packages/cli', '--strict']],
  ['documentation', process.execPath, ['scripts/docs.mjs', '--check']],
]

const failed = checks.filter(([name, program, args]) => {
  console.error('\n==', name)
  return spawnSync(program, args, { cwd: root, stdio: 'inherit' }).status !== 0
})
if (failed.length > 0) {
  console.error(
    `\nFailed: ${failed.map(([name]) => name).join(', ')}. npm run fix mends lint and format, npm run docs the documentation.`,
  )
  process.exitCode = 1
} else {
  console.error('\nAll checks passed.')
}
