import {
  createStatement,
  dropStatements,
  Failure,
  findProjectFiles,
  missingAll,
  readDatabaseSize,
  setupDatabase,
  type OpenTarget,
  type Target,
} from '@pgrig/core'
import { defineCommand, type Tools } from '../command.ts'
import { limitsOf, showKept, undoCommand } from '../copies-view.ts'
import { flag } from '../flag.ts'
import { showLoaded } from '../loaded-view.ts'
import { migrationSettings, showApplied } from '../migration-flags.ts'
import { reconnectFor, scriptBar, scriptFlags, scriptOptions, transactionFlags, watchScripts } from '../script-flags.ts'

export const setup = defineCommand({
  name: 'setup',
  summary: 'From nothing to ready: drop, create, load the schema, migrate, seed',
  description: `All steps work on the one target. The files are read and checked before anything is dropped. When a step fails or is
stopped, the database is as it was before; when all are done, the old one is kept, and undo brings it back.

With --no-undo the old one is gone at once. On a terminal that is asked about where it is larger than 1 GB. To add only what is missing,
use prepare.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  examples: ['setup', 'setup --force', 'setup --no-undo', 'setup prod --confirm cruddur'],
  flags: {
    force: flag.boolean('End the sessions of others who are connected to the database', { short: 'f' }),
    keep: flag.boolean('Keep what was there, however large it is'),
    noUndo: flag.boolean('Keep nothing of what was there, also when a step fails'),
    ...scriptFlags,
    ...transactionFlags,
  },

  async run({ force, keep: wantsKeep, noUndo, ...values }, tools) {
    if (wantsKeep && noUndo) throw new Failure('usage', '--keep and --no-undo exclude each other.')
    if (tools.dryRun) {
      const { database, ...planned } = await tools.plannedTarget()
      const project = projectOf(planned, tools)
      const files = await findProjectFiles(project)
      const { scripts, pending } = missingAll(files, project)
      const steps = [
        ...dropStatements(database, { keep: !noUndo }).map((statement) => `${statement};`),
        `${createStatement(database, {})};`,
        ...[...scripts, ...pending].map((file) => `-- then ${file}`),
        ...(files.migrations.length > pending.length ? ['-- and the migrations that the schema does not contain'] : []),
      ]
      return { database, steps }
    }
    const target = await tools.target()
    const { database } = target
    const signs = await tools.permitLoss(target, 'drops the database and makes it anew')
    const production = signs.length > 0
    const keep = !noUndo && (wantsKeep || !(await wantsRoom(target, tools)))
    const limits = await limitsOf(tools)
    const watch = watchScripts(values.verbose, tools)
    let progress: { end(): void; update?(line: string): void } = tools.progress.line(`Setting up ${database}`)
    try {
      return {
        database,
        limits,
        undo: undoCommand(tools),
        ...(await setupDatabase(target, {
          ...projectOf(target.target, tools),
          force,
          keep,
          limits,
          production,
          protect: production,
          progress: (line) => progress.update?.(line),
          loading(bytes) {
            const bar = scriptBar('Loading the schema and the seed', bytes, tools)
            watch.events.progress = bar.progress
            progress = { end: () => bar.end() }
          },
          scripts: { ...scriptOptions(values, tools), ...reconnectFor(target, tools), events: watch.events },
        })),
        ...(tools.json && watch.log),
      }
    } finally {
      progress.end()
    }
  },

  show(result, screen) {
    if ('steps' in result) {
      for (const step of result.steps) screen.line(step)
      return
    }
    screen.line(result.dropped.dropped ? `Dropped and created ${result.database}.` : `Created ${result.database}.`)
    showLoaded(result.loaded, screen)
    showApplied(result.applied, screen)
    const { kept } = result.dropped
    if (kept) showKept('the old one', { ...result, kept }, screen)
  },
})

function projectOf(target: Pick<Target, 'schemaFile' | 'seedFile' | 'migrationsFolder'>, tools: Tools) {
  const { schemaFile, seedFile, migrationsFolder } = target
  return { schemaFile, seedFile, nameFile: tools.nameFile, migrations: migrationSettings(migrationsFolder, tools) }
}

const largeBytes = 1024 ** 3

/** Asks about a database that is so large that its copy may be in the way. */
async function wantsRoom(target: OpenTarget, tools: Tools): Promise<boolean> {
  if (!tools.canAsk) return false
  const bytes = (await readDatabaseSize(target)) ?? 0
  if (bytes < largeBytes) return false
  const size = `${(bytes / largeBytes).toFixed(1)} GB`
  return tools.ask(`${target.database} takes ${size}. Drop it for good, instead of keeping it for undo?`)
}
