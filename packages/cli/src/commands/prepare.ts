import {
  Failure,
  findLosses,
  findProjectFiles,
  inspectServer,
  type Connection,
  type Loss,
  missingAll,
  prepareDatabase,
  type ScriptSource,
  sourcesOf,
} from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { showLoaded } from '../loaded-view.ts'
import { migrationSettings, showApplied } from '../migration-flags.ts'
import { scriptFlags, scriptOptions, watchScripts } from '../script-flags.ts'

export const prepare = defineCommand({
  name: 'prepare',
  summary: 'Create, load, migrate and seed only what is missing; lose nothing',
  description: `What an application calls when it starts, also several at once. A database that is not there is created; one without
tables gets the schema and the seed, in one transaction; tables that are all empty get the seed, but never on production. Migrations
that are pending are applied, and seeds of db/seeds that are due are run; on production those that lose something are refused.`,
  target: 'database',
  changes: true,
  exitCodes: ['sql'],
  flags: scriptFlags,
  examples: ['prepare', 'prepare prod', 'prepare --dry-run'],

  async run(values, tools) {
    const { kind, database, schemaFile, seedFile, migrationsFolder: folder } = await tools.plannedTarget()
    const options = scriptOptions(values, tools)
    const settings = migrationSettings(folder, tools)
    const project = { schemaFile, seedFile, nameFile: tools.nameFile, migrations: settings }
    if (
      tools.dryRun &&
      kind === 'embedded' &&
      (await inspectServer((await tools.project()).folder)).dataMajor === undefined
    ) {
      const missing = missingAll(await findProjectFiles(project), project)
      return { database, dryRun: true, created: true, ...missing, loaded: [], applied: [] }
    }
    const target = await tools.target()
    const progress = tools.progress.line(`Preparing ${database}`)
    const watch = watchScripts(values.verbose, tools)
    try {
      const signs = tools.dryRun
        ? await tools.productionSigns(target)
        : await tools.noteChange(target, 'creates, loads, migrates and seeds what is missing')
      const refuseLosses = async (sources: readonly ScriptSource[], connection: Connection) => {
        if (signs.length === 0) return
        const { losses } = await findLosses(sources, connection, { ...options, resetBetween: true })
        const [first] = losses
        if (first !== undefined) throw losesBeside(first)
      }
      const result = await prepareDatabase(target, {
        ...project,
        protect: signs.length > 0,
        seedEmptyTables: signs.length === 0,
        permit: (scripts, connection) =>
          refuseLosses(
            scripts.map(({ source }) => source),
            connection,
          ),
        migrations: {
          ...settings,
          progress: (line) => progress.update(line),
          permit: (migrations, connection) => refuseLosses(sourcesOf(migrations, 'up'), connection),
        },
        dryRun: tools.dryRun,
        progress: (line) => progress.update(line),
        scripts: { ...options, events: watch.events },
      })
      return { database, dryRun: tools.dryRun, ...result, ...(tools.json && watch.log) }
    } finally {
      progress.end()
    }
  },

  show({ database, dryRun, created, scripts, pending, loaded, applied }, screen) {
    if (!created && scripts.length === 0 && pending.length === 0)
      return screen.line(`${database} is ready; there was nothing to do.`)
    if (dryRun) {
      if (created) screen.line(`Would create ${database}.`)
      for (const file of scripts) screen.line(`Would run ${file}.`)
      for (const file of pending) screen.line(`Would apply ${file}.`)
      return
    }
    if (created) screen.line(`Created ${database}.`)
    showLoaded(loaded, screen)
    showApplied(applied, screen)
  },
})

/** A migration may lose something, a seed, too; and a script for a new database may reach for another one. */
function losesBeside({ location, action, object }: Loss): Failure {
  const what = object === undefined ? action : `${action} ${object}`
  return new Failure('refused', `The script ${what}, on what looks like production, and prepare loses nothing.`, {
    location,
    state: 'Nothing was lost.',
    hint: 'Take it out, or go step by step: migrate, schema load and seed ask.',
  })
}
