import { dropDatabase, dropStatement } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'

export const drop = defineCommand({
  name: 'drop',
  summary: 'Drop the target’s database',
  description: `Others who are connected to it are named and stop the drop, unless --force ends their sessions. On production it
shows what would be lost and wants the database’s exact name.`,
  target: 'server',
  destructive: true,
  examples: ['drop', 'drop --force', 'drop prod --confirm cruddur'],
  flags: { force: flag.boolean('End the sessions of others who are connected to it', { short: 'f' }) },

  async run({ force }, tools) {
    if (tools.dryRun) {
      const { database } = await tools.plannedTarget()
      return { database, sql: dropStatement(database, force), dropped: false, ended: [] }
    }
    const target = await tools.target()
    const { database } = target
    await tools.permitLoss(target, 'drops the database')
    return { database, ...(await dropDatabase(target, { force })) }
  },

  show({ database, sql, dropped, ended }, screen) {
    if (sql !== undefined) return screen.line(`${sql};`)
    if (ended.length > 0) screen.line(`Ended ${ended.length === 1 ? 'one session' : `${ended.length} sessions`}.`)
    screen.line(dropped ? `Dropped ${database}.` : `There is no database ${database}.`)
  },
})
