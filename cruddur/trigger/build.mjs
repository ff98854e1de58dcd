// Builds the function: node build.mjs [FOLDER]. One file, index.cjs, and the archive of it that AWS Lambda takes, trigger.zip.
// The same source gives the same bytes, so that a deployment changes the function only where the function has changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { zipSync } from 'fflate'
import { rolldown } from 'rolldown'

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, 'dist'))
const file = join(folder, 'index.cjs')

const bundle = await rolldown({
  input: join(import.meta.dirname, 'index.ts'),
  platform: 'node',
  // The driver's native half is for those who have libpq; it asks for it, and goes on without.
  external: ['pg-native'],
})
await bundle.write({
  file,
  // Node loads it in half the time of modules.
  format: 'cjs',
  // One file, though core loads the SDK of AWS when it is needed.
  codeSplitting: false,
  minify: { compress: true, mangle: { keepNames: true }, codegen: true },
})
await bundle.close()

mkdirSync(folder, { recursive: true })
const code = readFileSync(file)
// An archive keeps local times: the first moment that it knows, in any time zone.
const mtime = new Date(1980, 0, 1)
// Lambda's user is not the owner of the file, and has to read it.
const unix = { os: 3, attrs: 0o644 << 16 }
const archive = zipSync({ 'index.cjs': [code, { mtime, level: 9, ...unix }] })
writeFileSync(join(folder, 'trigger.zip'), archive)
const kilobytes = (bytes) => `${Math.round(bytes.length / 1000)} kB`
console.log(`${join(folder, 'trigger.zip')}: ${kilobytes(archive)}; index.cjs in it: ${kilobytes(code)}`)
