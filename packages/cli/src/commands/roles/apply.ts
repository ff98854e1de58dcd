import { join, resolve } from 'node:path'
import { applyRoles, Failure, fileKeeper, planRoles, proveNew, withConnection, type RolesRequest } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'
import { showPassword, warnOfGit } from '../../password-flags.ts'
import { readWantedRoles, showRolesPlan } from '../../roles-file.ts'
import { noteLimits, permitRoleChange, showStatements, statementsOf } from '../../roles-view.ts'

export const apply = defineCommand({
  name: 'roles apply',
  summary: 'Make the roles of the server those that are in pgrig.json',
  description: `All in one transaction, after showing the plan and asking. Each new role that logs in with a password gets a random one, in a
file of its name in the folder of --passwords-to.`,
  target: 'database',
  destructive: true,
  flags: {
    passwordsTo: flag.string('The folder for the passwords of new roles, a file each', 'DIR'),
    adopt: flag.boolean('Give the objects of the schemas to the migrators’ group'),
    revokePublic: flag.boolean('Take from everybody: connecting, temporary tables, making objects in a schema'),
  },
  examples: [
    'roles apply --passwords-to secrets',
    'roles apply prod --passwords-to secrets --confirm cruddur',
    'roles apply --dry-run',
  ],

  async run({ passwordsTo, adopt, revokePublic }, tools) {
    const wanted = await readWantedRoles(tools)
    const request: RolesRequest = { wanted, now: new Date(), exact: true, adopt, revokePublic }
    const target = await tools.target()
    return withConnection(target, async (connection) => {
      const plan = await planRoles(connection, request)
      const { changes, created } = plan
      noteLimits(plan, tools)
      if (tools.dryRun || changes.length === 0) return { ...plan, dryRun: tools.dryRun, passwords: [] }
      const secret = created.filter((name) => !wanted[name]?.iam)
      if (passwordsTo === undefined && secret.length > 0) {
        throw new Failure('usage', `Nothing says where the passwords of ${secret.join(', ')} go.`, {
          hint: 'Name a folder: --passwords-to DIR',
        })
      }
      for (const { role, text } of changes) tools.note(`${role}: ${text}`)
      const production = (await tools.productionSigns(target, { connection })).length > 0
      await permitRoleChange(tools, target, 'changes roles', connection)
      // On production the exact name has said it already.
      if (!production) await tools.confirm(`Make these ${changes.length} changes (${target.description})?`)
      const folder = resolve(tools.folder, passwordsTo ?? '.')
      const made = await applyRoles(connection, request, plan, (role) =>
        fileKeeper(join(folder, encodeURIComponent(role))),
      )
      const passwords = []
      for (const one of made) {
        await warnOfGit(one.place, tools)
        const seconds = wanted[one.role]?.expiresSeconds
        const validUntil = seconds === undefined ? null : new Date(request.now.getTime() + seconds * 1000)
        const proof = await proveNew(connection.address, one, validUntil)
        passwords.push({ role: one.role, place: one.place, proof })
      }
      return { ...plan, dryRun: false, passwords }
    })
  },

  show(result, screen) {
    if (result.dryRun) return showStatements(statementsOf(result.changes), screen)
    showRolesPlan(result, screen)
    for (const one of result.passwords) showPassword(one, screen)
    if (result.changes.length > 0) screen.line('Done.')
  },
})
