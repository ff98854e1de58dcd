import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Failure, systemErrorCode } from '../errors.ts'

/** Reads the variables of the `.env` file in a folder. No such file: none. Throws `config_invalid` when it cannot be read. */
export function readDotenv(folder: string): Record<string, string | undefined> {
  const file = join(folder, '.env')
  try {
    return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (cause) {
    const code = systemErrorCode(cause)
    // `.env` is also a common name for the folder of a Python environment.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return {}
    throw new Failure('config_invalid', `${file} cannot be read (${code ?? 'unknown error'}).`, { cause })
  }
}
