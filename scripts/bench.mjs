// npm run bench -- NAME: one measurement, beside its peer. Without a name: which there are.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

await import('./ready.mjs')

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'measure.ts')
  .map((file) => file.replace(/\.ts$/, ''))
const [name] = process.argv.slice(2)
if (name !== undefined && names.includes(name)) {
  await import(`../bench/dist/${name}.js`)
} else {
  console.error(`Which one? npm run bench -- ${names.join(' | ')}`)
  process.exitCode = 64
}
