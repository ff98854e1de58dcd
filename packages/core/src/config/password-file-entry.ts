import { randomBytes } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import type { Address } from '../postgres/address.ts'
import type { Environment } from './environment.ts'
import { abbreviateHome } from './origin.ts'
import { defaultSocketFolders, fits, splitLine, type Field } from './password-file.ts'
import { layerVariables, mergeLayers } from './variables.ts'

/**
 * Keeps new passwords in the password file that libpq reads (PGPASSFILE, or `~/.pgpass`): the entry for the host, port,
 * database and user is replaced, or put in front of whatever would count before it; lines of others stay. The file is
 * replaced as a whole and has mode 0600. Throws `permission` and `disk_full`.
 */
export function passwordFileKeeper(
  environment: Environment,
  projectFolder: string,
  address: Pick<Address, 'host' | 'port' | 'database'>,
): (user: string) => {
  keep(password: string): Promise<{ place: string; undo(): Promise<void>; settle(): Promise<void> }>
} {
  const { variables } = mergeLayers(environment, layerVariables(environment, projectFolder))
  const named = variables['PGPASSFILE'] || join(environment.home, '.pgpass')
  const place = abbreviateHome(resolve(environment.folder, named), environment)
  return (user) => ({
    async keep(password) {
      const file = followLink(resolve(environment.folder, named))
      const before = readIfThere(file, place)
      const host = defaultSocketFolders.includes(address.host) ? 'localhost' : address.host
      const fields = [host, String(address.port), address.database, user]
      replaceFile(file, putEntry(before ?? '', fields, password), place)
      return {
        place,
        async undo() {
          if (before === undefined) rmSync(file, { force: true })
          else replaceFile(file, before, place)
        },
        settle: async () => {},
      }
    },
  })
}

/**
 * The text of a password file in which a password is the first that fits host, port, database and user. A role has one password
 * in all databases, so each line of the same host, port and user gets it.
 */
export function putEntry(text: string, fields: readonly string[], password: string): string {
  const lines = (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)).map((line) => {
    const parts = readLine(line)
    const isSame =
      parts?.every((part, at) => at === databaseField || (!part.wildcard && part.text === fields[at])) === true
    const text = parts && isSame ? formatLine([...parts, { text: password, wildcard: false }]) : line
    return { text, parts, isSame }
  })
  const first = lines.findIndex(({ parts }) => parts?.every((part, at) => fits(part, fields[at] ?? '')))
  if (!lines[first]?.isSame) {
    const entry = formatLine([...fields, password].map((field) => ({ text: field, wildcard: false })))
    lines.splice(first < 0 ? lines.length : first, 0, { text: entry, parts: undefined, isSame: true })
  }
  return lines.map((line) => `${line.text}\n`).join('')
}

const databaseField = 2

/** Host, port, database and user of a line; undefined: it is no entry. */
function readLine(line: string): Field[] | undefined {
  const fields = line.startsWith('#') ? [] : splitLine(line)
  return fields.length >= 5 ? fields.slice(0, 4) : undefined
}

function formatLine(fields: readonly Field[]): string {
  return fields.map(({ text, wildcard }) => (wildcard ? '*' : text.replace(/^\*$|[\\:]/g, String.raw`\$&`))).join(':')
}

/** Who keeps it elsewhere and links to it wants the link to stay. */
function followLink(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

function readIfThere(file: string, place: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw describe(error, place)
  }
}

function replaceFile(file: string, text: string, place: string): void {
  const fresh = `${file}.new-${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw describe(error, place)
  }
}

function describe(error: unknown, place: string): unknown {
  const code = systemErrorCode(error)
  if (code === undefined) return error
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new Failure(full ? 'disk_full' : 'permission', `The password file ${place} cannot be changed (${code}).`, {
    cause: error,
    state: 'The password was not changed.',
  })
}
