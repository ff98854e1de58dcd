import { dirname, join } from 'node:path'
import { Failure } from '../../errors.ts'
import type { ScriptSource } from '../../script/files.ts'
import { textSource } from '../script-files.ts'
import { listFolder, readTextFile } from '../text-file.ts'

/** A file of `db/seeds`, which says in its first line when it is run: `-- seed: on-change dev`. */
export interface Seed {
  /** The name of the file. */
  name: string
  path: string
  /** As the user would name it: shown in errors. */
  file: string
  source: ScriptSource
  /** SHA-256 of its text, in hexadecimal. */
  checksum: string
  /** `once`: into each database one time. `on-change`: again whenever the file was changed. */
  runs: 'once' | 'on-change'
  /** Not for production. */
  dev: boolean
}

/** The folder of the seeds: `db/seeds`, beside `db/seed.sql`. */
export function seedsFolderOf(seedFile: string): string {
  return join(dirname(seedFile), 'seeds')
}

/** Lists the seeds of a folder by their names. A folder that is not there has none. Throws `script_unsupported` for one that says nothing. */
export async function readSeeds(folder: string, nameFile = (path: string) => path): Promise<Seed[]> {
  const seeds: Seed[] = []
  for (const name of (await listFolder(folder)).filter((each) => each.endsWith('.sql'))) {
    const path = join(folder, name)
    const file = nameFile(path)
    const { text, checksum } = await readTextFile(path, file)
    const source = { ...textSource(text, file), folder }
    seeds.push({ name, path, file, source, checksum, ...readMarker(text, file) })
  }
  return seeds
}

const kinds = ['once', 'on-change'] as const

/** Reads the first line. `dev` alone is `on-change dev`. */
export function readMarker(text: string, file: string): Pick<Seed, 'runs' | 'dev'> {
  const [line = ''] = text.split('\n', 1)
  const words = /^--\s*seed:\s*(.*?)\s*$/.exec(line)?.[1]?.split(/\s+/) ?? []
  const named = kinds.filter((kind) => words.includes(kind))
  const dev = words.includes('dev')
  const known = words.every((word) => word === 'dev' || kinds.some((kind) => kind === word))
  if (known && named.length <= 1 && (named.length === 1 || dev)) return { runs: named[0] ?? 'on-change', dev }
  throw new Failure('script_unsupported', `The first line of ${file} does not say when the seed is run.`, {
    location: { file, line: 1, column: 1, text: line },
    state: 'Nothing was run.',
    hint: 'Write "-- seed: once" (into each database one time), "-- seed: on-change" (again whenever the file was changed), and "dev" behind it for what is not for production.',
  })
}
