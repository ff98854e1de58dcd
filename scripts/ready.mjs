// Makes a clone runnable: installs what package-lock.json says, when it changed, and builds what changed.
// Only Node's own modules: this runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = `${root}node_modules/.installed-from`

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20))
  fail(`Node ${process.versions.node} is too old: pgrig needs 20.20 or newer.`)

install()
build()

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (read(stamp) === wanted) return
  if (!installedByHand()) {
    console.error('Installing what pgrig needs from the npm registry (once) …')
    // Not npm ci: a lock file made where the registry lacks the packages of some platform is one that it refuses.
    const flags = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
    run('npm', ['install', ...flags], 'The installation failed: see above. Nothing else was done.')
  }
  writeFileSync(stamp, wanted)
}

/** `npm install` was run after the lock file was last changed. */
function installedByHand() {
  const installed = modified(`${root}node_modules/.package-lock.json`)
  return installed !== undefined && installed >= (modified(`${root}package-lock.json`) ?? 0)
}

function build() {
  const sentence = 'The build failed: see above.'
  run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b'], sentence)
  const sources = ['packages/core/src', 'packages/cli/src', 'package-lock.json', 'scripts/bundle.mjs']
  const newest = Math.max(...sources.map((path) => newestIn(`${root}${path}`)))
  if (newest > (modified(`${root}packages/cli/dist/main.js`) ?? 0)) {
    run(process.execPath, [`${root}scripts/bundle.mjs`], sentence)
  }
  const page = ['cruddur/web', 'package-lock.json']
  if (
    Math.max(...page.map((path) => newestIn(`${root}${path}`))) > (modified(`${root}cruddur/dist/web/index.html`) ?? 0)
  ) {
    const args = ['build', '--config', 'cruddur/web/vite.config.ts', '--logLevel', 'warn']
    run(process.execPath, [`${root}node_modules/vite/bin/vite.js`, ...args], sentence)
  }
}

/** When the newest file of a folder was changed; folders count too: a file may be gone. */
function newestIn(path) {
  const own = modified(path) ?? 0
  if (!statSync(path).isDirectory()) return own
  return Math.max(own, ...readdirSync(path).map((name) => newestIn(`${path}/${name}`)))
}

function run(program, args, sentence) {
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (signal) process.exit(130)
  if (status !== 0) fail(error ? `${sentence} (${error.message})` : sentence)
}

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function modified(file) {
  try {
    return statSync(file).mtimeMs
  } catch {
    return undefined
  }
}
