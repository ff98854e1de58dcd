import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { allFlags } from './command.ts'
import { commandsIn, loadAll } from './discover.ts'
import { describe as describeCommand } from './help.ts'
import { parseFlags } from './parse.ts'

const folder = mkdtempSync(join(tmpdir(), 'pgrig-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (path: string, name: string) =>
  writeFileSync(
    join(folder, path),
    `export const c = { name: '${name}', summary: 's', examples: [], target: 'none', run() {}, show() {} }`,
  )

mkdirSync(join(folder, 'schema'))
mkdirSync(join(folder, 'sessions'))
file('sessions.js', 'sessions')
file('schema/load.js', 'schema load')
file('sessions/end.js', 'sessions end')
file('wrong.js', 'right')
file('sessions.test.js', 'no command')
file('sessions.d.ts', 'no command')
writeFileSync(join(folder, 'sessions.js.map'), '{}')

test('a file is a command and a folder is a noun, which may be a command too', async () => {
  const source = commandsIn(pathToFileURL(`${folder}/`))
  expect(source.names).toEqual(['schema load', 'sessions', 'sessions end', 'wrong'])
  for (const name of ['schema load', 'sessions', 'sessions end']) expect((await source.load(name)).name).toBe(name)
})

test('a file whose command has another name is a fault of ours', async () => {
  await expect(commandsIn(pathToFileURL(`${folder}/`)).load('wrong')).rejects.toThrow('must export the command "wrong"')
})

test('every command of pgrig loads, has two or three examples or one, and flags that do not collide', async () => {
  const commands = await loadAll(commandsIn(new URL('./commands/', import.meta.url)))
  expect(commands.map(({ name }) => name)).toContain('completion')
  for (const command of commands) {
    expect(command.summary, command.name).not.toMatch(/\.$/)
    expect(command.examples.length, command.name).toBeGreaterThan(0)
    for (const example of command.examples) expect(`${example} `.startsWith(`${command.name} `), example).toBe(true)
    const flags = allFlags(command)
    expect(() => parseFlags(command.name, flags, []), command.name).not.toThrow()
    for (const key of Object.keys(command.arguments ?? {})) expect(Object.keys(flags), command.name).not.toContain(key)
    expect(describeCommand(command).usage).toMatch(/^pgrig /)
  }
})
