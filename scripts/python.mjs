// Programs in Python that the tests use, each in an environment of its own: node scripts/python.mjs NAME…
// One more is one more file NAME.txt in scripts/python, as pip freeze writes it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Makes the environments that are missing, or were made for other versions. Where one cannot be made, it says so. */
export function providePython(names) {
  for (const name of names) {
    const list = `${root}scripts/python/${name}.txt`
    const folder = `${root}node_modules/.cache/python/${name}`
    const mark = `${folder}/installed.txt`
    const wanted = readFileSync(list, 'utf8')
    if (read(mark) === wanted) continue
    console.error(`Installing ${name} for the tests (once) …`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    // Compiling all of it would take longer than all that the tests use of it.
    const flags = ['--quiet', '--no-compile', '--disable-pip-version-check', '-r', list]
    const pip = [`${folder}/bin/python`, '-m', 'pip', 'install', ...flags]
    // The mark is last: an installation that was interrupted is begun anew.
    if (run('python3', '-m', 'venv', folder) && run(...pip)) writeFileSync(mark, wanted)
    else
      console.error(`${name} could not be installed. It takes Python 3.11 or newer with venv, and a package registry.`)
  }
}

function run(program, ...args) {
  return spawnSync(program, args, { stdio: ['ignore', 2, 2] }).status === 0
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) providePython(process.argv.slice(2))
