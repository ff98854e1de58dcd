import { join } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import { readPlainFile } from './plain-file.ts'

/** Reads the variables of the `.env` file in a folder. No such file: none. Throws `config_invalid` when it cannot be read. */
export function readDotenv(folder: string): Record<string, string> {
  const file = join(folder, '.env')
  let text: string
  try {
    text = readPlainFile(file)
  } catch (error) {
    const code = error instanceof Failure ? systemErrorCode(error.cause) : undefined
    // `.env` is also a common name for the folder of a Python environment.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return {}
    throw error
  }
  return parseDotenv(text, file)
}

/**
 * Reads `NAME=value` lines as `node --env-file` does: a `#` begins a comment, `export` may stand before a name, and a value in
 * `"`, `'` or backticks may hold anything else, also line ends; in `"` an `\n` is one. For a quotation mark that is not closed it
 * throws `config_invalid`: Node.js then drops the variable, or takes the lines after it into the value, without a word.
 */
function parseDotenv(source: string, file: string): Record<string, string> {
  const text = source.replaceAll('\r', '')
  const values: Record<string, string> = {}
  for (let at = 0; at < text.length; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at))
    if (endsHere(line)) continue
    const { head, name } = /^(?<head>\s*(?:export\s+)?(?<name>[^\s=][^=]*?)\s*=\s*)/.exec(line)?.groups ?? {}
    if (head === undefined || name === undefined) throw faultAt(text, at, file, 'is not NAME=value')
    const value = at + head.length
    const quote = text.charAt(value)
    if (!['"', "'", '`'].includes(quote)) {
      values[name] = line.slice(head.length).replace(/#.*/, '').trim()
      continue
    }
    const close = text.indexOf(quote, value + 1)
    if (close === -1 || !endsHere(text.slice(close + 1, lineEnd(text, close)))) {
      const sameLine = close !== -1 && close < at + line.length
      throw faultAt(
        text,
        value,
        file,
        sameLine ? `has something after the ${quote} that closes ${name}` : `does not close the ${quote} of ${name}`,
        `A value that holds ${quote} itself can stand between other quotation marks: one of " ' and \`.`,
      )
    }
    const inside = text.slice(value + 1, close)
    values[name] = quote === '"' ? inside.replaceAll('\\n', '\n') : inside
    at = close
  }
  return values
}

/** Whether nothing but a comment comes before the end of the line. */
function endsHere(rest: string): boolean {
  return /^\s*(?:#|$)/.test(rest)
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}

/** Never shows the line, which may hold a password. */
function faultAt(text: string, at: number, file: string, fault: string, hint?: string): Failure {
  const before = text.slice(0, at).split('\n')
  const column = Array.from(before.at(-1) ?? '').length + 1
  return new Failure('config_invalid', `.env ${fault}.`, {
    location: { file, line: before.length, column },
    ...(hint !== undefined && { hint }),
  })
}
