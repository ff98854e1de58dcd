import { exitCodes, planRoles, withConnection } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'
import { readWantedRoles, showRolesPlan } from '../../roles-file.ts'
import { noteLimits } from '../../roles-view.ts'

export const plan = defineCommand({
  name: 'roles plan',
  summary: 'Compare the roles of the server with those in pgrig.json',
  description:
    'Changes nothing. Roles that can log in and that pgrig.json does not name are mentioned, and stay as they are.',
  target: 'database',
  flags: {
    exitCode: flag.boolean('Exit with 5 when something differs'),
    adopt: flag.boolean('Give the objects of the schemas to the migrators’ group'),
    revokePublic: flag.boolean('Take from everybody: connecting, temporary tables, making objects in a schema'),
  },
  exitCodes: ['found'],
  examples: ['roles plan', 'roles plan prod --exit-code', 'roles plan --json'],

  async run({ adopt, revokePublic }, tools) {
    const wanted = await readWantedRoles(tools)
    const target = await tools.target()
    const result = await withConnection(target, (connection) =>
      planRoles(connection, { wanted, now: new Date(), exact: true, adopt, revokePublic }),
    )
    noteLimits(result, tools)
    return result
  },

  show: showRolesPlan,

  exit: ({ changes }, { exitCode }) => (exitCode && changes.length > 0 ? exitCodes.found : exitCodes.done),
})
