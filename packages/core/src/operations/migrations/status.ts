import type { Connection } from '../../postgres/connection.ts'
import { compareVersions, type Migration, readMigrations } from './files.ts'
import { type AppliedMigration, History, type UnfinishedMigration } from './history.ts'

/** A migration, as far as it has come. */
export interface MigrationState extends Omit<AppliedMigration, 'checksum'> {
  name: string | null
  file: string | null
  /**
   * `applied`; `pending`; `late`: pending, though a later one was applied; `unfinished`: it stopped in the middle; `changed`: applied, and
   * its file is not what was run; `missing`: applied, and it has no file.
   */
  state: 'applied' | 'pending' | 'late' | 'unfinished' | 'changed' | 'missing'
}

export interface MigrationPlan {
  states: MigrationState[]
  /** What is to be applied, in order; what is unfinished comes first. */
  pending: Migration[]
  unfinished: UnfinishedMigration | undefined
  isLate(version: string): boolean
}

/** Reads how far a database has come with the migrations of a folder. */
export async function readMigrationStatus(
  connection: Connection,
  folder: string,
  nameFile?: (path: string) => string,
): Promise<{ migrations: MigrationState[]; unfinished: UnfinishedMigration | undefined }> {
  const { states, unfinished } = await planOf(await History.of(connection), await readMigrations(folder, nameFile))
  return { migrations: states, unfinished }
}

/** Compares what was applied with the files. */
export async function planOf(history: History, migrations: readonly Migration[]): Promise<MigrationPlan> {
  const [applied, unfinished] = [await history.read(), await history.readUnfinished()]
  const byVersion = new Map(applied.map((row) => [row.version, row]))
  const newest = applied
    .map(({ version }) => version)
    .filter(isNumber)
    .toSorted(compareVersions)
    .at(-1)
  const isLate = (version: string) => newest !== undefined && compareVersions(version, newest) < 0
  const states = migrations.map(({ version, name, file, checksum }): MigrationState => {
    const row = byVersion.get(version)
    const { checksum: ran = null, ...rest } = row ?? nothing
    const state =
      unfinished?.version === version
        ? 'unfinished'
        : row === undefined
          ? isLate(version)
            ? 'late'
            : 'pending'
          : ran !== null && ran !== checksum
            ? 'changed'
            : 'applied'
    return { ...rest, version, name, file, state }
  })
  const known = new Set(migrations.map(({ version }) => version))
  for (const { checksum: _, ...row } of applied) {
    if (!known.has(row.version))
      states.push({
        ...row,
        name: null,
        file: null,
        state: unfinished?.version === row.version ? 'unfinished' : 'missing',
      })
  }
  if (unfinished && !known.has(unfinished.version) && !byVersion.has(unfinished.version))
    states.push({ ...nothing, version: unfinished.version, name: null, file: null, state: 'unfinished' })
  states.sort((a, b) => (isNumber(a.version) && isNumber(b.version) ? compareVersions(a.version, b.version) : 0))
  const pending = migrations.filter(({ version }) => !byVersion.has(version))
  const first = pending.filter(({ version }) => version === unfinished?.version)
  return { states, pending: [...first, ...pending.filter((each) => !first.includes(each))], unfinished, isLate }
}

const nothing = { version: '', checksum: null, appliedAt: null, seconds: null, appliedBy: null, appliedWith: null }

/** Whoever fills the table by other means may write anything into it. */
function isNumber(version: string): boolean {
  return /^\d+$/.test(version)
}
