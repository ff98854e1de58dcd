import { Failure, findLosses, inspectServer, type Loss, prepareDatabase } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { showLoaded } from '../loaded-view.ts'
import { scriptFlags, scriptOptions, watchScripts } from '../script-flags.ts'

export const prepare = defineCommand({
  name: 'prepare',
  summary: 'Create, load and seed only what is missing; lose nothing',
  description: `What an application calls when it starts, also several at once. A database that is not there is created; one without
tables gets the schema and the seed, in one transaction; tables that are all empty get the seed, but never on production.`,
  target: 'database',
  changes: true,
  exitCodes: ['sql'],
  flags: scriptFlags,
  examples: ['prepare', 'prepare prod', 'prepare --dry-run'],

  async run(values, tools) {
    const { kind, database, schemaFile, seedFile } = await tools.plannedTarget()
    if (
      tools.dryRun &&
      kind === 'embedded' &&
      (await inspectServer((await tools.project()).folder)).dataMajor === undefined
    ) {
      return { database, dryRun: true, created: true, scripts: [schemaFile, seedFile].map(tools.nameFile), loaded: [] }
    }
    const target = await tools.target()
    const progress = tools.progress.line(`Preparing ${database}`)
    const watch = watchScripts(values.verbose, tools)
    try {
      const signs = tools.dryRun
        ? await tools.productionSigns(target)
        : await tools.noteChange(target, 'creates, loads and seeds what is missing')
      const result = await prepareDatabase(target, {
        schemaFile,
        seedFile,
        nameFile: tools.nameFile,
        protect: signs.length > 0,
        seedEmptyTables: signs.length === 0,
        async permit(scripts, connection) {
          if (signs.length === 0) return
          const { losses } = await findLosses(
            scripts.map(({ source }) => source),
            connection,
            { ...scriptOptions(values, tools), resetBetween: true },
          )
          const [first] = losses
          if (first !== undefined) throw losesBeside(first)
        },
        dryRun: tools.dryRun,
        progress: (line) => progress.update(line),
        scripts: { ...scriptOptions(values, tools), events: watch.events },
      })
      return { database, dryRun: tools.dryRun, ...result, ...(tools.json && watch.log) }
    } finally {
      progress.end()
    }
  },

  show({ database, dryRun, created, scripts, loaded }, screen) {
    if (!created && scripts.length === 0) return screen.line(`${database} is ready; there was nothing to do.`)
    if (dryRun) {
      if (created) screen.line(`Would create ${database}.`)
      for (const file of scripts) screen.line(`Would run ${file}.`)
      return
    }
    if (created) screen.line(`Created ${database}.`)
    showLoaded(loaded, screen)
  },
})

/** The database has nothing to lose; but a script may reach for another one, or for the sessions of others. */
function losesBeside({ location, action, object }: Loss): Failure {
  const what = object === undefined ? action : `${action} ${object}`
  return new Failure('refused', `The script ${what}, on what looks like production, and prepare loses nothing.`, {
    location,
    state: 'No script was run.',
    hint: 'Take it out, or load the files one by one: schema load and seed ask.',
  })
}
