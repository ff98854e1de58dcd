import { protectDatabase } from '@pgrig/core'
import { defineCommand } from '../../command.ts'

export const unprotect = defineCommand({
  name: 'config unprotect',
  summary: 'Take the mark of production from the target’s database',
  description: `Only the mark goes: what else says that it is production still counts, and is listed.`,
  target: 'database',
  destructive: true,
  examples: ['config unprotect staging', 'config unprotect staging --confirm cruddur'],

  async run(_, tools) {
    if (tools.dryRun) {
      const { database } = await tools.plannedTarget()
      return { database, changed: false, signs: [], dryRun: true }
    }
    const target = await tools.target()
    await tools.permitLoss(target, 'takes the protection away')
    const changed = await protectDatabase(target, false)
    return { database: target.database, changed, signs: await tools.productionSigns(target), dryRun: false }
  },

  show({ database, changed, signs, dryRun }, screen) {
    if (dryRun) return screen.line(`Would take the mark of production from ${database}.`)
    screen.line(
      changed ? `${database} is not marked as production any more.` : `${database} was not marked as production.`,
    )
    for (const sign of signs) screen.line(`It still looks like production: ${sign}.`)
  },
})
