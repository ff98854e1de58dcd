import { protectDatabase } from '@pgrig/core'
import { defineCommand } from '../../command.ts'

export const protect = defineCommand({
  name: 'config protect',
  summary: 'Mark the target’s database as production',
  description: `The mark is in the database, in the last line of its comment: it counts for everybody, under every address and every
target’s name. From then on whatever could lose data there wants the database’s name.`,
  target: 'database',
  changes: true,
  examples: ['config protect', 'config protect staging'],

  async run(_, tools) {
    if (tools.dryRun) {
      const { database } = await tools.plannedTarget()
      return { database, protected: true, changed: false, dryRun: true }
    }
    const target = await tools.target()
    await tools.noteChange(target, 'marks the database as production')
    const changed = await protectDatabase(target, true)
    return { database: target.database, protected: true, changed, dryRun: false }
  },

  show({ database, changed, dryRun }, screen) {
    if (dryRun) screen.line(`Would mark ${database} as production.`)
    else screen.line(changed ? `${database} is marked as production.` : `${database} is marked as production already.`)
  },
})
