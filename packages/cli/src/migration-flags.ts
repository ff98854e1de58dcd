import {
  type AppliedResult,
  dumpSchema,
  findLosses,
  isDump,
  type Migration,
  type MigrationsOptions,
  type OpenTarget,
  sourcesOf,
} from '@pgrig/core'
import type { Tools } from './command.ts'
import { flag, type Flags } from './flag.ts'
import { counted } from './loaded-view.ts'
import type { Screen } from './screen.ts'
import { watchScripts } from './script-flags.ts'
import { planLosses } from './script-losses.ts'

/** What every command understands that runs migrations. */
export const migrationFlags = {
  wait: flag.duration('How long another run of the migrations is waited for', 'TIME', { default: 300 }),
  lockTimeout: flag.duration('Give a migration up that waits longer for a lock, and try it again later', 'TIME', {
    default: 3,
  }),
  retry: flag.duration('How long it is tried again', 'TIME', { default: 60 }),
  allowPooler: flag.boolean('There is a connection pooler, and it is in session mode'),
  noDump: flag.boolean(
    'Leave the schema file as it is; else one that schema dump wrote is written anew, but not from production',
  ),
  verbose: flag.boolean('Print each statement as it is done'),
} satisfies Flags

interface MigrationValues {
  readonly wait: number
  readonly lockTimeout: number
  readonly retry: number
  readonly allowPooler: boolean
  readonly noDump: boolean
  readonly verbose: boolean
}

type Direction = 'up' | 'down'

/** How the flags say that migrations are run, with a line that says what is under way, until it is ended. */
export function migrationOptions(target: OpenTarget, direction: Direction, values: MigrationValues, tools: Tools) {
  const watch = watchScripts(values.verbose, tools)
  const line = tools.progress.line('Looking for migrations')
  const options: MigrationsOptions = {
    ...migrationSettings(target.target.migrationsFolder, tools),
    waitSeconds: values.wait,
    lockTimeoutSeconds: values.lockTimeout,
    retrySeconds: values.retry,
    allowPooler: values.allowPooler,
    dryRun: tools.dryRun,
    progress: (text) => line.update(text),
    begin: ({ file }) => line.update(`Running ${file}`),
    ...(!values.noDump && { dumpAfter: () => dumpAgain(target, tools, (text) => line.update(text)) }),
    async permit(migrations, connection) {
      const files = migrations.map(({ file }) => file).join(', ')
      await tools.permitLoss(target, `${direction === 'up' ? 'applies' : 'takes back'} ${files}`, {
        ifNotEmpty: true,
        connection,
        losses: () => findLosses(sourcesOf(migrations, direction), connection, lossOptions(tools)),
      })
    },
  }
  options.scripts = { ...options.scripts, events: watch.events }
  return { options, log: watch.log, end: () => line.end() }
}

/** Writes the schema file anew, if it is a dump: one that a person wrote is not ours to overwrite. */
async function dumpAgain(target: OpenTarget, tools: Tools, progress: (line: string) => void): Promise<void> {
  const { schemaFile } = target.target
  if (!(await isDump(schemaFile)) || (await tools.productionSigns(target)).length > 0) return
  const connection = await target.connect()
  try {
    const { changed, uncovered } = await dumpSchema(connection, { kind: 'file', path: schemaFile }, { progress })
    for (const each of uncovered) tools.note(`not covered: ${each}`)
    if (changed > 0) tools.note(`Wrote ${tools.nameFile(schemaFile)}.`)
  } finally {
    connection.leave()
  }
}

/** What is the same wherever migrations are run. */
export function migrationSettings(folder: string, tools: Tools) {
  return {
    folder,
    nameFile: tools.nameFile,
    user: tools.user,
    program: tools.common.program,
    signal: tools.signal,
    scripts: { ...lossOptions(tools), errorOutput: tools.errorOutput },
  } satisfies MigrationsOptions
}

/** How migrations are read, by whoever runs them and by whoever looks at what they would lose. */
function lossOptions(tools: Tools) {
  return {
    folder: tools.folder,
    nameFile: tools.nameFile,
    environment: tools.variables,
    signal: tools.signal,
    resetBetween: true,
  }
}

/** What --dry-run prints of a migration. */
interface PlannedMigration {
  version: string
  file: string
  sql: string
  transaction: boolean
}

/** What a dry run tells: the SQL, and on production what it would lose. */
export async function describePlanned(migrations: readonly Migration[], direction: Direction, tools: Tools) {
  const losses =
    migrations.length === 0 ? undefined : await planLosses(sourcesOf(migrations, direction), lossOptions(tools), tools)
  const planned = migrations.map((migration): PlannedMigration => {
    const { version, file } = migration
    const { text = '', transaction = true } = migration[direction] ?? {}
    // Without the marker, which is the first line that is not blank.
    return { version, file, sql: text.trim().split('\n').slice(1).join('\n').trim(), transaction }
  })
  return { planned, ...(losses && { wouldLose: losses }) }
}

/** Shows what was applied, a line each. */
export function showApplied(applied: readonly AppliedResult[], screen: Screen, late: readonly string[] = []): void {
  for (const { file, statements, seconds, tries, version, notes: found } of applied) {
    for (const note of found) screen.note(note)
    const notes = [
      counted(statements, 'statement'),
      screen.duration(seconds),
      ...(tries > 1 ? [`tried ${tries} times for a lock`] : []),
      ...(late.includes(version) ? ['late: a later one was applied before it'] : []),
    ]
    screen.line(`Applied ${file}: ${notes.join(', ')}.`)
  }
}
