// npm run docs: writes docs/reference from the program. With --check: fails when it is stale.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./ready.mjs')

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url))
const { referencePages } = await import('../packages/cli/dist/reference.js')
const { makeSettingsJsonSchema } = await import('../packages/core/dist/index.js')

const pages = new Map((await referencePages()).map(({ path, text }) => [path, text]))
pages.set('pgrig.schema.json', `${JSON.stringify(await makeSettingsJsonSchema(), undefined, 2)}\n`)

const there = new Map(files().map((path) => [path, readFileSync(folder + path, 'utf8')]))
const stale = [...new Set([...pages.keys(), ...there.keys()])].filter((path) => pages.get(path) !== there.get(path))

if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`docs/reference is stale: ${stale.join(', ')}. Run npm run docs.`)
    process.exitCode = 1
  }
} else {
  for (const path of stale) {
    const text = pages.get(path)
    if (text === undefined) rmSync(folder + path)
    else {
      mkdirSync(dirname(folder + path), { recursive: true })
      writeFileSync(folder + path, text)
    }
  }
  console.error(
    stale.length === 0 ? 'docs/reference is as it should be.' : `Wrote ${stale.length} pages to docs/reference.`,
  )
}

function files() {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\//, ''))
  } catch {
    return []
  }
}
