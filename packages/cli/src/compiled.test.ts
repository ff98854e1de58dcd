import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepCompiled, useCompiled } from './compiled.ts'

const require = createRequire(import.meta.url)
const { extensions } = require
const compileAnew = extensions['.js']
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgrig-compiled-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
})

afterEach(() => {
  extensions['.js'] = compileAnew
  rmSync(folder, { recursive: true })
})

/** V8 tells sources apart by their length alone: so it is seen which one was run. */
const sources = ['exports.read = () => "kept"\n', 'exports.read = () => "anew"\n'] as const

function write(source: string): string {
  const file = join(folder, 'answer.js')
  writeFileSync(file, source)
  return file
}

test('what was compiled before is run', async () => {
  await keepCompiled(write(sources[0]))
  useCompiled()
  expect(require(write(sources[1])).read()).toBe('kept')
})

test('a file that was not compiled before is compiled', () => {
  useCompiled()
  expect(require(write(sources[1])).read()).toBe('anew')
})

test('what is damaged is not used', async () => {
  await keepCompiled(write(sources[0]))
  const kept = readdirSync(folder).find((name) => name.startsWith('answer.js.')) ?? ''
  truncateSync(join(folder, kept), 100)
  useCompiled()
  expect(require(write(sources[1])).read()).toBe('anew')
})

test('places in stacks are those in the file, and files require each other', async () => {
  writeFileSync(join(folder, 'other.js'), 'module.exports = __filename\n')
  const file = write('exports.other = require("./other.js")\nexports.stack = new Error("here").stack\n')
  await keepCompiled(file)
  useCompiled()
  const { other, stack } = require(file)
  expect(other).toBe(join(folder, 'other.js'))
  expect(stack).toContain(`${file}:2:17`)
})
