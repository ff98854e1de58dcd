import { listRoles, withConnection, type ListedRole } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'

export const roles = defineCommand({
  name: 'roles',
  summary: 'List the roles of the target’s server: what they may, own, and do',
  description: `Attributes, memberships, levels by pgrig’s groups, objects that they own in the target’s database and in others, when
their password expires and when pgrig last set it, and live sessions. Those of PostgreSQL and of Amazon RDS are left out unless --all is given.`,
  target: 'database',
  examples: ['roles', 'roles --all', 'roles prod --json'],
  flags: { all: flag.boolean('Include the roles of PostgreSQL and of Amazon RDS', { short: 'a' }) },

  async run({ all }, tools) {
    const target = await tools.target()
    return withConnection(target, (connection) => listRoles(connection, { all }))
  },

  show({ database, roles: list, unseen }, screen) {
    screen.table(list, {
      role: (role) => role.name,
      login: (role) => (role.canLogin ? 'yes' : ''),
      attributes: (role) => attributesOf(role).join(' '),
      level: (role) => levelsOf(role, database).join(', '),
      'member of': (role) => memberships(role).join(' '),
      'owns here': (role) => role.ownsHere || '',
      elsewhere: (role) => role.ownsElsewhere || '',
      expires: (role) => day(role.validUntil),
      'password set': (role) => day(role.rotated === null ? null : new Date(role.rotated)),
      sessions: (role) => role.sessions || '',
    })
    for (const sentence of unseen) screen.note(`Not seen: ${sentence}`)
  },
})

function attributesOf(role: ListedRole): string[] {
  const { superuser, createDatabase, createRole, replication, bypassRls, connectionLimit, password } = role
  return [
    ...(superuser ? ['superuser'] : []),
    ...(createDatabase ? ['createdb'] : []),
    ...(createRole ? ['createrole'] : []),
    ...(replication ? ['replication'] : []),
    ...(bypassRls ? ['bypassrls'] : []),
    ...(connectionLimit === null ? [] : [`limit=${connectionLimit}`]),
    ...(password === 'md5' ? ['md5-password'] : []),
  ]
}

function levelsOf({ levels, group }: ListedRole, here: string): string[] {
  const shown = levels.map(({ database, level, schema }) => {
    const place = [...(database === here ? [] : [database]), ...(schema === null ? [] : [schema])].join('.')
    return place === '' ? level : `${level} on ${place}`
  })
  return group ? [`group: ${group.level}`, ...shown] : shown
}

/** A membership that only administers gives the member nothing. */
function memberships({ memberships: all }: ListedRole): string[] {
  return all.map(
    ({ role, admin, inherit, set }) => `${role}${admin ? (inherit || set ? '+admin' : '(admin only)') : ''}`,
  )
}

function day(time: Date | null): string {
  return time === null ? '' : time.toISOString().slice(0, 10)
}
