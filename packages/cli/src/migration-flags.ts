import type { Migration, MigrateOptions } from '@pgrig/core'
import type { Tools } from './command.ts'
import { flag, type Flags } from './flag.ts'
import { watchScripts } from './script-flags.ts'

/** What every command understands that runs migrations. */
export const migrationFlags = {
  wait: flag.duration('How long another run of the migrations is waited for', 'TIME', { default: 300 }),
  lockTimeout: flag.duration('Give a migration up that waits longer for a lock, and try it again later', 'TIME', {
    default: 3,
  }),
  retry: flag.duration('How long it is tried again', 'TIME', { default: 60 }),
  allowPooler: flag.boolean('There is a connection pooler, and it is in session mode'),
  verbose: flag.boolean('Print each statement as it is done'),
} satisfies Flags

interface MigrationValues {
  readonly wait: number
  readonly lockTimeout: number
  readonly retry: number
  readonly allowPooler: boolean
  readonly verbose: boolean
}

/** How the flags say that migrations are run, with a line that says what is under way, until it is ended. */
export function migrationOptions(folder: string, values: MigrationValues, label: string, tools: Tools) {
  const watch = watchScripts(values.verbose, tools)
  const line = tools.progress.line(label)
  const options: MigrateOptions = {
    folder,
    nameFile: tools.nameFile,
    user: tools.user,
    program: tools.common.program,
    waitSeconds: values.wait,
    lockTimeoutSeconds: values.lockTimeout,
    retrySeconds: values.retry,
    allowPooler: values.allowPooler,
    signal: tools.signal,
    progress: (text) => line.update(text),
    begin: ({ file }) => line.update(`Running ${file}`),
    scripts: {
      folder: tools.folder,
      nameFile: tools.nameFile,
      environment: tools.variables,
      signal: tools.signal,
      errorOutput: tools.errorOutput,
      events: watch.events,
    },
  }
  return { options, log: watch.log, end: () => line.end() }
}

/** What --dry-run prints of a migration. */
export interface PlannedMigration {
  version: string
  file: string
  sql: string
  transaction: boolean
}

export function describePlanned(migration: Migration, direction: 'up' | 'down'): PlannedMigration {
  const { version, file } = migration
  const { text = '', transaction = true } = migration[direction] ?? {}
  // Without the marker, which is the first line that is not blank.
  const sql = text.trim().split('\n').slice(1).join('\n').trim()
  return { version, file, sql, transaction }
}
