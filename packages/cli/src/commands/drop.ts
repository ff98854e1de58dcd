import { dropDatabase, dropStatements } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { limitsOf, showKept, undoCommand } from '../copies-view.ts'
import { flag } from '../flag.ts'

export const drop = defineCommand({
  name: 'drop',
  summary: 'Drop the target’s database, and keep a copy that undo brings back',
  description: `The copy is the database itself under another name, which lets nobody in. It takes the space that it took, for 7 days or as
pgrig.json says; with --no-undo the database is gone at once.

All that is in the way is named and stops the drop: sessions, prepared transactions, subscriptions. --force keeps new sessions out and
ends those that are there, except for other pgrigs at work. On production it shows what would be lost and wants the database’s exact
name.`,
  target: 'server',
  destructive: true,
  examples: ['drop', 'drop --force', 'drop --no-undo', 'drop prod --confirm cruddur'],
  flags: {
    force: flag.boolean('End the sessions of others who are connected to it', { short: 'f' }),
    noUndo: flag.boolean('Keep no copy: the data is gone'),
  },

  async run({ force, noUndo }, tools) {
    const limits = await limitsOf(tools)
    const keep = !noUndo
    const common = { limits, undo: undoCommand(tools) }
    if (tools.dryRun) {
      const { database } = await tools.plannedTarget()
      const nothing = { dropped: false, ended: [], kept: null, slots: [], expired: [] }
      return { database, ...common, sql: dropStatements(database, { keep }), ...nothing }
    }
    const target = await tools.target()
    const { database } = target
    const signs = await tools.permitLoss(target, keep ? 'drops the database and keeps a copy' : 'drops the database')
    const dropped = await dropDatabase(target, { force, keep, limits, production: signs.length > 0 })
    return { database, ...common, sql: undefined, ...dropped }
  },

  show({ database, sql, dropped, ended, kept, slots, limits, undo }, screen) {
    if (sql !== undefined) {
      for (const statement of sql) screen.line(`${statement};`)
      return
    }
    if (ended.length > 0) screen.line(`Ended ${ended.length === 1 ? 'one session' : `${ended.length} sessions`}.`)
    screen.line(dropped ? `Dropped ${database}.` : `There is no database ${database}.`)
    if (kept) showKept('a copy', { kept, limits, undo }, screen)
    if (slots.length === 0) return
    const names = `${slots.length === 1 ? 'The replication slot' : 'The replication slots'} ${slots.join(', ')}`
    const verb = slots.length === 1 ? 'belongs' : 'belong'
    if (kept) screen.warn(`${names} ${verb} to the copy, and the server keeps its WAL for it until the copy is gone.`)
    else screen.line(`${names} went with it.`)
  },
})
