import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, systemErrorCode } from '../../errors.ts'
import { compareVersions, readMigrations } from './files.ts'

const template = `-- migrate:up


-- migrate:down

`

/**
 * Makes an empty migration and returns its path. Its version is the time in UTC, or one more than the last where that is later: what
 * is made last is run last. In a dry run nothing is written. Throws `usage` for a name without letters or digits, `permission`, `disk_full`.
 */
export async function createMigration(
  folder: string,
  name: string,
  now: Date,
  { dryRun = false } = {},
): Promise<string> {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 100)
  if (words === '') throw new Failure('usage', `"${name}" holds neither a letter nor a digit to name a file with.`)
  const time = now.toISOString().replace(/\D/g, '').slice(0, 14)
  const last = (await readMigrations(folder)).at(-1)?.version
  const version = last !== undefined && compareVersions(last, time) >= 0 ? String(BigInt(last) + 1n) : time
  const path = join(folder, `${version}_${words}.sql`)
  if (dryRun) return path
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(path, template, { flag: 'wx' })
  } catch (cause) {
    const code = systemErrorCode(cause)
    if (code === undefined) throw cause
    throw new Failure(code === 'ENOSPC' ? 'disk_full' : 'permission', `${path} cannot be written (${code}).`, { cause })
  }
  return path
}
