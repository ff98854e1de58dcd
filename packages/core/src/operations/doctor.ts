import { access, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemErrorCode } from '../errors.ts'

/** Bytes that an ordinary user can still write where the path is, or would be. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) throw error
    return freeBytes(dirname(path))
  }
}

/** Whether git ignores the file. Undefined: there is no such file, no git, or no repository. */
export async function isIgnoredByGit(folder: string, file: string): Promise<boolean | undefined> {
  const there = await access(join(folder, file)).then(
    () => true,
    () => false,
  )
  if (!there) return undefined
  try {
    const { execFile } = await import('node:child_process')
    await promisify(execFile)('git', ['check-ignore', '--quiet', file], { cwd: folder })
    return true
  } catch (error) {
    // git check-ignore exits with 1 for a file that it does not ignore, with 128 outside a repository.
    return (error as { code?: unknown }).code === 1 ? false : undefined
  }
}
