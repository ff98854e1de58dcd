import { levels, planRevocation, runChanges, withConnection } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { permitRoleChange, showChanges, showStatements, statementsOf } from '../../roles-view.ts'

export const revoke = defineCommand({
  name: 'roles revoke',
  summary: 'Take a level from a role, in some schemas or in all',
  description: `With the last role of a level its group goes, and with that all that was granted to it, now and by default. Sessions
that are open lose the level too, at their next statement.`,
  target: 'database',
  destructive: true,
  arguments: {
    name: argument.required('The name of the role'),
    level: argument.oneOf('What it may no longer do', levels),
  },
  flags: { schema: flag.list('Where; may be given several times (default: everywhere in the database)', 'NAME') },
  examples: [
    'roles revoke reporting readonly',
    'roles revoke reporting readonly prod --schema sales --confirm cruddur',
  ],

  async run({ name, level, schema }, tools) {
    const target = await tools.target()
    return withConnection(target, async (connection) => {
      const { changes } = await planRevocation(connection, name, level, schema.length > 0 ? schema : undefined)
      const result = { name, level, changes, dryRun: tools.dryRun }
      if (tools.dryRun || changes.length === 0) return result
      await permitRoleChange(tools, target, `takes the level ${level} from ${name}`, connection)
      await runChanges(connection, changes)
      return result
    })
  },

  show({ name, level, changes, dryRun }, screen) {
    if (dryRun) return showStatements(statementsOf(changes), screen)
    showChanges(changes, screen)
    screen.line(changes.length === 0 ? `${name} was not ${level} there.` : `${name} is no longer ${level}.`)
  },
})
