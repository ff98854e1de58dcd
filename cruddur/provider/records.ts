import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Records as files of a folder: each is written whole or not at all, so a process that is killed leaves nothing half done. */
export interface Records {
  /** Undefined where there is none, or its time is over. */
  read<Value>(kind: string, id: string): Promise<Value | undefined>
  /** `expiresAt` in milliseconds since 1970. */
  write(kind: string, id: string, value: unknown, expiresAt?: number): Promise<void>
  /** Writes it only where there is none; false where there is, also when two processes try at once. */
  create(kind: string, id: string, value: unknown): Promise<boolean>
  remove(kind: string, id: string): Promise<void>
  /** All of a kind, without those whose time is over; these are removed. */
  list(kind: string): Promise<{ id: string; value: unknown }[]>
}

interface Stored {
  id: string
  value: unknown
  expiresAt?: number
}

/** Keeps records below a folder that only its owner may read. */
export function openRecords(folder: string, now = Date.now): Records {
  // Ids come from whoever asks: a hash leads out of no folder, and is the same on a disk that ignores case.
  const fileOf = (kind: string, id: string) =>
    join(folder, kind, `${createHash('sha256').update(id).digest('hex').slice(0, 40)}.json`)

  async function writeAside(kind: string, stored: Stored): Promise<string> {
    await mkdir(join(folder, kind), { recursive: true, mode: 0o700 })
    const aside = join(folder, kind, `${randomUUID()}.tmp`)
    await writeFile(aside, JSON.stringify(stored), { mode: 0o600, flag: 'wx' })
    return aside
  }

  async function load(file: string): Promise<Stored | undefined> {
    const text = await readFile(file, 'utf8').catch(unlessMissing)
    if (text === undefined) return undefined
    const stored = JSON.parse(text) as Stored
    if (stored.expiresAt === undefined || stored.expiresAt > now()) return stored
    await unlink(file).catch(unlessMissing)
    return undefined
  }

  return {
    async read<Value>(kind: string, id: string) {
      return (await load(fileOf(kind, id)))?.value as Value | undefined
    },
    async write(kind, id, value, expiresAt) {
      const aside = await writeAside(kind, { id, value, ...(expiresAt !== undefined && { expiresAt }) })
      await rename(aside, fileOf(kind, id))
    },
    async create(kind, id, value) {
      const aside = await writeAside(kind, { id, value })
      try {
        await link(aside, fileOf(kind, id))
        return true
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false
        throw error
      } finally {
        await unlink(aside)
      }
    },
    async remove(kind, id) {
      await unlink(fileOf(kind, id)).catch(unlessMissing)
    },
    async list(kind) {
      const names = (await readdir(join(folder, kind)).catch(unlessMissing)) ?? []
      const all = await Promise.all(
        names.filter((name) => name.endsWith('.json')).map((name) => load(join(folder, kind, name))),
      )
      return all.flatMap((stored) => (stored ? [{ id: stored.id, value: stored.value }] : []))
    },
  }
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
