import { createStatement, dropStatement, setupDatabase } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'
import { showLoaded } from '../loaded-view.ts'

export const setup = defineCommand({
  name: 'setup',
  summary: 'From nothing to ready: drop, create, load the schema, seed',
  description: `All four steps work on the one target. The files are read and checked before anything is dropped. To lose nothing,
use prepare.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  examples: ['setup', 'setup --force', 'setup prod --confirm cruddur'],
  flags: { force: flag.boolean('End the sessions of others who are connected to the database', { short: 'f' }) },

  async run({ force }, tools) {
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
    const progress = tools.progress.line(`Setting up ${database}`)
    try {
      return {
        database,
        ...(await setupDatabase(target, {
          schemaFile,
          seedFile,
          nameFile: tools.nameFile,
          force,
          progress: (line) => progress.update(line),
        })),
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
