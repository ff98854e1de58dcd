import { describeHolding, dropRole, planDropRole } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { permitRoleChange, showStatements } from '../../roles-view.ts'

export const drop = defineCommand({
  name: 'roles drop',
  summary: 'Drop a role, with what it was granted in every database',
  description: `A role that owns objects anywhere on the server, or that has sessions, is not dropped; it says what and where. With
--reassign-to another role gets what it owns, in every database, each in a transaction of its own. A database that cannot be reached stops it
there, and it says what is left.`,
  target: 'database',
  destructive: true,
  arguments: { name: argument.required('The name of the role') },
  flags: {
    reassignTo: flag.string('The role that gets what it owns', 'ROLE'),
    endSessions: flag.boolean('End its sessions'),
  },
  examples: [
    'roles drop reporting',
    'roles drop deploy prod --reassign-to cruddur_migrator --end-sessions --confirm cruddur',
  ],

  async run({ name, reassignTo, endSessions }, tools) {
    const options = { endSessions, ...(reassignTo !== undefined && { reassignTo }) }
    const target = await tools.target()
    const plan = await planDropRole(target, name, options)
    const { holdings, sessions, members, statements } = plan
    if (tools.dryRun) return { name, dropped: false as const, holdings, sessions, members, statements }
    for (const holding of holdings) tools.note(`${name} ${describeHolding(holding)}`)
    if (members.length > 0) tools.note(`${members.join(', ')} lose what they have by being members of ${name}.`)
    await permitRoleChange(tools, target, `drops the role ${name}`)
    return { dropped: true as const, ...(await dropRole(target, plan, options)) }
  },

  show(result, screen) {
    if (!result.dropped) {
      for (const holding of result.holdings) screen.line(`-- ${describeHolding(holding)}`)
      return showStatements(
        result.statements
          .filter(({ phase }) => phase !== 'undo')
          .map(({ database, sql }) => `/* in ${database} */ ${sql}`),
        screen,
      )
    }
    const { name, endedSessions, cleared } = result
    if (endedSessions > 0) screen.line(`Ended ${endedSessions === 1 ? 'one session' : `${endedSessions} sessions`}.`)
    if (cleared.length > 0) screen.line(`Cleared ${cleared.join(', ')}.`)
    screen.line(`Dropped ${name}.`)
  },
})
