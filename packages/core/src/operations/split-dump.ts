import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { gaps, type DumpChunk } from '../catalog/dump.ts'
import { ranks } from '../catalog/kinds.ts'
import { isAbandoned, replaceFile, writing } from './replace-file.ts'

/** The first line of each file, by which those of an earlier dump are known: nobody's own files are removed. */
const mark = '-- A part of what pgrig schema dump wrote: the next dump overwrites what is changed here.\n'

/**
 * Writes a dump as one file for each object and a main file that includes them in an order that loads. Where the parts of an object cannot
 * stand together, the later ones have a file of their own. Files of an earlier dump that have no object any more are removed.
 */
export async function splitDump(
  path: string,
  folder: string,
  head: string,
  chunks: AsyncIterable<DumpChunk>,
): Promise<{ files: number; changed: number; removed: number }> {
  const names = new Names()
  const lines: string[] = []
  let changed = 0
  for await (const { name, bytes } of filesOf(chunks, names)) {
    lines.push(`\\ir ${quoted(posix.join(basename(folder), name))}\n`)
    if (await replaceFile(join(folder, ...name.split('/')), name, bytes)) changed++
  }
  if (await replaceFile(path, basename(path), [`${head}\n`, ...lines])) changed++
  const removed = await writing(basename(folder), () => removeStale(folder, names))
  return { files: lines.length + 1, changed, removed }
}

function quoted(name: string): string {
  return /^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`
}

/** Cuts the chunks where another object begins. Each file is read to its end before the next one. */
async function* filesOf(
  chunks: AsyncIterable<DumpChunk>,
  names: Names,
): AsyncGenerator<{ name: string; bytes: AsyncIterable<string | Uint8Array> }> {
  const source = chunks[Symbol.asyncIterator]()
  let next = await source.next()
  while (!next.done) {
    const { group } = next.value
    const bytes = async function* () {
      yield mark
      const gap = gaps()
      while (!next.done && next.value.group === group) {
        if (gap(group, next.value.bytes)) yield '\n'
        yield next.value.bytes
        next = await source.next()
      }
    }
    yield { name: names.take(group), bytes: bytes() }
  }
}

/** Names of files for objects: the same for the same, and different also where a file system takes capital letters for small ones. */
class Names {
  readonly #taken = new Set<string>()

  take(group: string): string {
    const kind = kinds.find((word) => group.startsWith(`${word} `)) ?? 'other'
    const folder = plurals[kind] ?? `${kind}s`
    const name = group.slice(group.startsWith(kind) ? kind.length + 1 : 0)
    // File systems allow 255 bytes.
    const plain = Buffer.from(name.replaceAll(/[^\p{L}\p{N}_.$-]+/gu, '-').replaceAll(/^-+|-+$/g, ''))
      .subarray(0, 200)
      .toString()
      .replaceAll('\u{fffd}', '')
    const base = `${folder.replaceAll(' ', '-')}/${plain}`
    for (let count = 1; ; count++) {
      const file = count === 1 ? `${base}.sql` : `${base}.${count}.sql`
      if (this.#taken.has(file.toLowerCase())) continue
      this.#taken.add(file.toLowerCase())
      return file
    }
  }

  has(file: string): boolean {
    return this.#taken.has(file.toLowerCase())
  }
}

/** What the names of groups begin with; `operator family` before `operator`. */
const kinds = [...Object.keys(ranks), 'foreign keys of', 'policies of', 'rows of', 'privileges on'].sort(
  (one, other) => other.length - one.length,
)

const plurals: Record<string, string> = {
  'foreign keys of': 'foreign-keys',
  'policies of': 'policies',
  'rows of': 'rows',
  'privileges on': 'privileges',
  'default privileges': 'default-privileges',
  index: 'indexes',
  statistics: 'statistics',
  'operator family': 'operator-families',
  'operator class': 'operator-classes',
  'text search dictionary': 'text-search-dictionaries',
}

/** Removes what an earlier dump has written and this one has not, and what a killed one has left. */
async function removeStale(folder: string, names: Names): Promise<number> {
  let removed = 0
  await mkdir(folder, { recursive: true })
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || names.has(relative(folder, file).split(sep).join('/'))) continue
    if (/\.sql\.\w+\.partial$/.test(entry.name) ? !(await isAbandoned(file)) : !(await isPart(file))) continue
    await rm(file)
    removed++
    await rmdir(dirname(file)).catch(() => {})
  }
  return removed
}

async function isPart(file: string): Promise<boolean> {
  return file.endsWith('.sql') && (await readFile(file, 'utf8')).startsWith(mark)
}
