import { levels, planRoles, runChanges, withConnection, type RolesRequest } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { noteLimits, permitGrant, showChanges, showStatements, statementsOf } from '../../roles-view.ts'

export const grant = defineCommand({
  name: 'roles grant',
  summary: 'Give a role that is there a level in one or more schemas',
  description: `The levels are those of roles create. What the role has already stays. It also brings a level up to date: objects that
somebody without the default privileges has made since are granted too.`,
  target: 'database',
  changes: true,
  asks: true,
  arguments: { name: argument.required('The name of the role'), level: argument.oneOf('What it may do', levels) },
  flags: {
    schema: flag.list('Where; may be given several times (default: public)', 'NAME'),
    adopt: flag.boolean('Give the objects of the schemas to the migrators’ group'),
    revokePublic: flag.boolean('Take from everybody: connecting, temporary tables, making objects in a schema'),
  },
  examples: ['roles grant reporting readonly', 'roles grant reporting readonly prod --schema sales'],

  async run({ name, level, schema, adopt, revokePublic }, tools) {
    const wanted = { level, schemas: schema.length > 0 ? schema : ['public'] }
    const request: RolesRequest = {
      wanted: { [name]: wanted },
      now: new Date(),
      exact: false,
      existing: true,
      adopt,
      revokePublic,
    }
    const target = await tools.target()
    return withConnection(target, async (connection) => {
      const { changes, limits, otherSchemas } = await planRoles(connection, request)
      const result = { name, level, changes, limits, dryRun: tools.dryRun }
      noteLimits({ limits, otherSchemas }, tools)
      if (tools.dryRun || changes.length === 0) return result
      await permitGrant(tools, target, { name, level, deed: `lets ${name} be ${level}` }, connection)
      await runChanges(connection, changes)
      return result
    })
  },

  show({ name, level, changes, dryRun }, screen) {
    if (dryRun) return showStatements(statementsOf(changes), screen)
    showChanges(changes, screen)
    screen.line(changes.length === 0 ? `${name} is ${level} already.` : `${name} is ${level}.`)
  },
})
