import { createStatement, dropStatement, setupDatabase } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'
import { showLoaded } from '../loaded-view.ts'
import { reconnectFor, scriptBar, scriptFlags, scriptOptions, transactionFlags, watchScripts } from '../script-flags.ts'

export const setup = defineCommand({
  name: 'setup',
  summary: 'From nothing to ready: drop, create, load the schema, seed',
  description: `All four steps work on the one target. The files are read and checked before anything is dropped. To lose nothing,
use prepare.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  examples: ['setup', 'setup --force', 'setup prod --confirm cruddur'],
  flags: {
    force: flag.boolean('End the sessions of others who are connected to the database', { short: 'f' }),
    ...scriptFlags,
    ...transactionFlags,
  },

  async run({ force, ...values }, tools) {
    if (tools.dryRun) {
      const { database, schemaFile, seedFile } = await tools.plannedTarget()
      const steps = [
        `${dropStatement(database, force)};`,
        `${createStatement(database, {})};`,
        `-- then ${tools.nameFile(schemaFile)}`,
        `-- then ${tools.nameFile(seedFile)}`,
      ]
      return { database, steps }
    }
    const target = await tools.target()
    const { database } = target
    const { schemaFile, seedFile } = target.target
    await tools.permitLoss(target, 'drops the database and makes it anew')
    const watch = watchScripts(values.verbose, tools)
    let progress: { end(): void; update?(line: string): void } = tools.progress.line(`Setting up ${database}`)
    try {
      return {
        database,
        ...(await setupDatabase(target, {
          schemaFile,
          seedFile,
          nameFile: tools.nameFile,
          force,
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
  },
})
