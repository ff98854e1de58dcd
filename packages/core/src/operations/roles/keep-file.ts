import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Failure, systemErrorCode } from '../../errors.ts'
import type { KeptPassword, PasswordKeeper } from './password.ts'

/**
 * Keeps a password in a file of its own that only its owner can read. A file that is there is replaced only with `overwrite`.
 * Throws `refused` for one that is there, `permission`, `disk_full`, `file_missing` for a folder that is not there.
 */
export function fileKeeper(file: string, { overwrite = false }: { overwrite?: boolean } = {}): PasswordKeeper {
  return {
    async keep(password) {
      try {
        return await keepIn(file, password, overwrite)
      } catch (error) {
        throw describe(error, file)
      }
    },
  }
}

async function keepIn(file: string, password: string, overwrite: boolean): Promise<KeptPassword> {
  const aside = (kind: string) => join(dirname(file), `.${basename(file)}.${kind}-${randomBytes(6).toString('hex')}`)
  const fresh = aside('new')
  const before = aside('before')
  try {
    // Read by nobody else from its first byte on, and whole or not at all under its own name.
    const handle = await open(fresh, 'wx', 0o600)
    try {
      await handle.writeFile(`${password}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const replaced = overwrite && (await linkIfThere(file, before))
    if (replaced) await rename(fresh, file)
    else await link(fresh, file)
    return {
      place: file,
      undo: () => (replaced ? rename(before, file) : rm(file, { force: true })),
      settle: () => rm(before, { force: true }),
    }
  } catch (error) {
    await rm(before, { force: true })
    throw error
  } finally {
    await rm(fresh, { force: true })
  }
}

async function linkIfThere(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

function describe(error: unknown, file: string): unknown {
  const code = systemErrorCode(error)
  const state = 'The password was not changed.'
  switch (code) {
    case 'EEXIST':
      return new Failure('refused', `${file} is there already.`, {
        cause: error,
        state,
        hint: 'Name another file, or overwrite it with --force.',
      })
    case 'ENOENT':
    case 'ENOTDIR':
      return new Failure('file_missing', `There is no folder ${dirname(file)}.`, { cause: error, state })
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('disk_full', `There is no space for ${file}.`, { cause: error, state })
    case undefined:
      return error
    default:
      return new Failure('permission', `The password cannot be written to ${file} (${code}).`, { cause: error, state })
  }
}
