import { Failure, wantRoles, type RolesPlan, type RolesRequest } from '@pgrig/core'
import type { Tools } from './command.ts'
import { showChanges } from './roles-view.ts'
import type { Screen } from './screen.ts'

/** The roles that the project's pgrig.json wants. Throws `config_invalid` when it says nothing of roles. */
export async function readWantedRoles(tools: Tools): Promise<RolesRequest['wanted']> {
  const { settings, settingsFile } = await tools.project()
  if (settings.roles) return wantRoles(settings.roles)
  throw new Failure(
    'config_invalid',
    settingsFile ? `${tools.nameFile(settingsFile)} names no roles.` : 'There is no pgrig.json.',
    {
      hint: 'Name them in pgrig.json: "roles": { "cruddur_app": { "as": "app" } }',
    },
  )
}

/** A plan, for a person. */
export function showRolesPlan({ changes, extra }: Pick<RolesPlan, 'changes' | 'extra'>, screen: Screen): void {
  showChanges(changes, screen)
  if (changes.length === 0) screen.line('The roles are as pgrig.json says.')
  if (extra.length > 0) screen.line(`Not in pgrig.json: ${extra.join(', ')}.`)
}
