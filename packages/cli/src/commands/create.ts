import { createDatabase, createStatement } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'

export const create = defineCommand({
  name: 'create',
  summary: 'Create the target’s database, unless it is there',
  description: `On what looks like production the new database is marked as such, in its comment: from then on every pgrig that meets it,
through whatever address, asks for its name before it loses anything there (see config protect).`,
  target: 'server',
  changes: true,
  examples: ['create', 'create prod', 'create --owner app --encoding UTF8'],
  flags: {
    owner: flag.string('The role that will own it', 'ROLE'),
    encoding: flag.string('Its character set, for example UTF8', 'NAME'),
    template: flag.string('The database to copy', 'DATABASE'),
  },

  async run({ owner, encoding, template }, tools) {
    const options = { ...(owner && { owner }), ...(encoding && { encoding }), ...(template && { template }) }
    if (tools.dryRun) {
      const { database } = await tools.plannedTarget()
      return { database, created: false, sql: createStatement(database, options) }
    }
    const target = await tools.target()
    const { database } = target
    const protect = (await tools.noteChange(target, 'creates the database')).length > 0
    return { database, created: await createDatabase(target, { ...options, protect }) }
  },

  show({ database, created, sql }, screen) {
    if (sql !== undefined) screen.line(`${sql};`)
    else screen.line(created ? `Created ${database}.` : `${database} is there already.`)
  },
})
