import { basename, join } from 'node:path'
import { Failure } from '../../errors.ts'
import type { ScriptSource } from '../../script/files.ts'
import { textSource } from '../script-files.ts'
import { listFolder, readTextFile } from '../text-file.ts'

/** A file of `db/migrations`: `20261124093000_add_likes.sql`. The form is dbmate's, so that its files run unchanged. */
export interface Migration {
  /** The digits that its name begins with. */
  version: string
  /** What follows them, without the ending. */
  name: string
  path: string
  /** As the user would name it: shown in errors. */
  file: string
  /** SHA-256 of its text, in hexadecimal, with line ends that do not depend on the system. */
  checksum: string
  up: MigrationBlock
  /** Undefined: it cannot be rolled back. */
  down: MigrationBlock | undefined
}

export type Direction = 'up' | 'down'

/** One of the two scripts in a file. */
export interface MigrationBlock {
  /** The whole file with everything outside the block as spaces, so that each line and column stays what it is. */
  text: string
  /** `transaction:false` behind the marker: its statements run each for itself. */
  transaction: boolean
}

/** Lists the migrations of a folder, in the order of their versions. A folder that is not there has none. Throws `migration_invalid`. */
export async function readMigrations(folder: string, nameFile = (path: string) => path): Promise<Migration[]> {
  const migrations: Migration[] = []
  for (const entry of (await listFolder(folder)).filter((name) => /^\d.*\.sql$/.test(name))) {
    const path = join(folder, entry)
    const { text, checksum } = await readTextFile(path, nameFile(path))
    migrations.push({ ...parseMigration(text, path, nameFile(path)), checksum })
  }
  migrations.sort((a, b) => compareVersions(a.version, b.version))
  for (const [index, { version, file }] of migrations.entries()) {
    const before = migrations[index - 1]
    if (before?.version !== version) continue
    throw new Failure('migration_invalid', `Two migrations have the version ${version}: ${before.file} and ${file}.`, {
      hint: 'Give one of them another number: the order of the two is not known.',
      state: 'Nothing was run.',
    })
  }
  return migrations
}

/** As PostgreSQL compares them, and so as `schema_migrations` sorts them; numbers of different lengths by their value. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** What is or may be meant as a marker. dbmate reads those alone that begin their line, in small letters. */
const marker = /^([^\S\n]*)--[^\S\n]*migrate:([^\S\n]*)(\S*)([^\n]*)$/gim

/** Takes the text of a migration apart. */
export function parseMigration(text: string, path: string, file: string): Omit<Migration, 'checksum'> {
  const [, version = '', rest = ''] = /^(\d+)(.*)\.sql$/.exec(basename(path)) ?? []
  const broken = (message: string, at: number, hint?: string) => {
    const before = text.slice(0, at).split('\n')
    const [line = ''] = text.slice(at).split('\n')
    return new Failure('migration_invalid', message, {
      location: { file, line: before.length, column: 1, text: line },
      state: 'Nothing was run.',
      ...(hint !== undefined && { hint }),
    })
  }
  const markers: { way: string; options: string; index: number }[] = []
  for (const match of text.matchAll(marker)) {
    const { index } = match
    const [found, indent, gap, word = '', options = ''] = match
    const known = word === 'up' || word === 'down'
    if (known && indent === '' && gap === '') markers.push({ way: word, options, index })
    // A sentence in a comment is none; what looks like a marker and is none would run the way back along with the way up.
    else if (/^(?:up|down)$/i.test(word) || (indent === '' && gap === '' && word !== ''))
      throw broken(`"${found.trim()}" is neither "-- migrate:up" nor "-- migrate:down" at the start of a line.`, index)
  }
  const [first, second, third] = markers
  if (first === undefined) {
    throw broken(
      'The migration has no line "-- migrate:up".',
      0,
      'Put it above the statements, and "-- migrate:down" above those that take them back.',
    )
  }
  if (first.way === 'down') throw broken('"-- migrate:down" stands before "-- migrate:up".', first.index)
  if (second?.way === 'up') throw broken('There is a second "-- migrate:up".', second.index)
  if (third !== undefined) throw broken(`There is a second "-- migrate:${third.way}".`, third.index)
  const lines = text.slice(0, first.index).split('\n')
  const stray = lines.findIndex((line) => !/^\s*(?:--.*)?$/.test(line))
  if (stray >= 0) {
    throw broken(
      'Statements stand before "-- migrate:up".',
      lines.slice(0, stray).join('\n').length + (stray > 0 ? 1 : 0),
    )
  }
  const end = second?.index ?? text.length
  return {
    version,
    name: rest.replace(/^_/, ''),
    path,
    file,
    up: { text: only(text, first.index, end), transaction: inTransaction(first) },
    down: second && { text: only(text, second.index, text.length), transaction: inTransaction(second) },
  }

  function inTransaction({ options, index }: { options: string; index: number }): boolean {
    let transaction = true
    for (const option of options.split(/\s+/).filter(Boolean)) {
      if (option === 'transaction:false') transaction = false
      else if (option !== 'transaction:true') {
        throw broken(`The option "${option}" is not known.`, index, 'There is one: transaction:false.')
      }
    }
    return transaction
  }
}

/** A text with all but a part of it as spaces. */
function only(text: string, from: number, to: number): string {
  const blank = (part: string) => part.replace(/[^\n]/gu, ' ')
  return blank(text.slice(0, from)) + text.slice(from, to)
}

/** A block as a script. `\\ir` in it is relative to the migration's folder. */
export function sourceOf(migration: Pick<Migration, 'file' | 'path'>, text: string): ScriptSource {
  return { ...textSource(text, migration.file), folder: join(migration.path, '..') }
}

/** The blocks of migrations as scripts, in order: for whoever looks at what they would do. */
export function sourcesOf(migrations: readonly Migration[], direction: Direction): ScriptSource[] {
  return migrations.map((migration) => sourceOf(migration, migration[direction]?.text ?? ''))
}
