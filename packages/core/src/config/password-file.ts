import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Environment } from './environment.ts'
import { abbreviateHome, type Sourced } from './origin.ts'

/** Where a password is looked for, and for which connection. */
interface PasswordQuestion {
  host: string
  port: number
  database: string
  user: string
  /** The `passfile` parameter, when it was given. */
  file?: string
}

interface PasswordAnswer {
  /** With an origin like `~/.pgpass line 3`. */
  password?: Sourced
  /** Why the file was not used. */
  warning?: string
}

// Where builds of libpq put their socket: there, the file says `localhost` (fe-connect.c, passwordFromFile).
export const defaultSocketFolders = ['/var/run/postgresql', '/tmp']

/** Finds the password of a connection in a password file (PostgreSQL manual, 32.16). The first line that matches counts. */
export function findPassword(question: PasswordQuestion, environment: Environment): PasswordAnswer {
  const named = question.file || environment.variables['PGPASSFILE'] || join(environment.home, '.pgpass')
  const file = resolve(environment.folder, named)
  const shown = abbreviateHome(file, environment)
  let text: string
  try {
    const status = statSync(file)
    if (!status.isFile()) return { warning: `${shown} was ignored: it is not a plain file.` }
    if (process.platform !== 'win32' && (status.mode & 0o077) !== 0) {
      return { warning: `${shown} was ignored, as psql does: others may read it. chmod 0600 it.` }
    }
    text = readFileSync(file, 'utf8')
  } catch {
    // psql says nothing either: a password file is optional, also when PGPASSFILE names it.
    return {}
  }
  const hosts = defaultSocketFolders.includes(question.host) ? ['localhost', question.host] : [question.host]
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.startsWith('#')) continue
    const [host, port, database, user, password] = splitLine(line)
    if (host === undefined || port === undefined || database === undefined || user === undefined || !password?.text)
      continue
    const matches =
      hosts.some((name) => fits(host, name)) &&
      fits(port, String(question.port)) &&
      fits(database, question.database) &&
      fits(user, question.user)
    if (matches) return { password: { value: password.text, origin: `${shown} line ${index + 1}` } }
  }
  return {}
}

export interface Field {
  text: string
  /** A bare `*`; `\*` is the character. */
  wildcard: boolean
}

export function splitLine(line: string): Field[] {
  const raw = line.match(/(?:[^:\\]|\\.|\\$)*(?::|$)/g) ?? []
  return raw.map((field) => {
    const text = field.endsWith(':') && !/(?:^|[^\\])(?:\\\\)*\\:$/.test(field) ? field.slice(0, -1) : field
    return { text: text.replace(/\\(.)/g, '$1'), wildcard: text === '*' }
  })
}

export function fits(field: Field, value: string): boolean {
  return field.wildcard || field.text === value
}
