import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Command } from './command.ts'

/** Where commands come from. */
export interface CommandSource {
  /** The names of all of them, sorted. */
  readonly names: readonly string[]
  /** Loads one, and nothing else. */
  load(name: string): Promise<Command>
}

/** The commands of a folder: `sessions.js` is `sessions`, `schema/load.js` is `schema load`. */
export function commandsIn(folder: URL): CommandSource {
  const files = new Map(listFiles(folder).map((path) => [path.replace(/\.[jt]s$/, '').replaceAll('/', ' '), path]))

  return {
    names: [...files.keys()].sort(),
    async load(name) {
      const url = new URL(files.get(name) ?? name, folder)
      const exported = await loadModule(url)
      const command = Object.values(exported).find(isCommand)
      if (command?.name !== name) throw new Error(`${url.pathname} must export the command "${name}".`)
      return command
    },
  }
}

/** Commands that are already there. */
export function commandsOf(commands: readonly Command[]): CommandSource {
  const byName = new Map(commands.map((command) => [command.name, command]))

  return {
    names: [...byName.keys()].sort(),
    async load(name) {
      const command = byName.get(name)
      if (!command) throw new Error(`There is no command "${name}".`)
      return command
    },
  }
}

/** Loads every command: for help, the reference pages and nothing else. */
export function loadAll(source: CommandSource): Promise<Command[]> {
  return Promise.all(source.names.map((name) => source.load(name)))
}

function listFiles(folder: URL, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`
    if (entry.isDirectory()) return listFiles(new URL(`${entry.name}/`, folder), `${path}/`)
    return /\.[jt]s$/.test(entry.name) && !/\.(d|test|pg\.test)\.[jt]s$/.test(entry.name) ? [path] : []
  })
}

/** The bundle is CommonJS, which Node loads in half the time of modules; the sources, as tests run them, are modules. */
async function loadModule(url: URL): Promise<Record<string, unknown>> {
  if (url.pathname.endsWith('.js')) return createRequire(import.meta.url)(fileURLToPath(url))
  return import(url.href)
}

function isCommand(value: unknown): value is Command {
  return typeof value === 'object' && value !== null && 'run' in value && 'show' in value && 'summary' in value
}
