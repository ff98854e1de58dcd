import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier as quote } from '../../script/variables.ts'
import type { Change, Plan } from './change.ts'
import { readServerFacts, roleNamed, type ServerFacts } from './facts.ts'
import { grantRole } from './group-plan.ts'
import type { Level } from './levels.ts'
import { checkRole } from './plan.ts'
import { expiryChange, planRevoke } from './role-plan.ts'

/** What lets the password of a role expire at a time, or never. Throws `not_found`. Changes nothing. */
export async function planExpiry(connection: Connection, name: string, until: Date | null): Promise<Plan> {
  const role = roleNamed(await readServerFacts(connection), name)
  const same = role.validUntil?.getTime() === until?.getTime()
  return { changes: same ? [] : [expiryChange(name, until)], limits: [] }
}

/**
 * What takes a level from a role, in some schemas or in all. With its last member the group of the level goes, and with it all
 * that was granted to it, now and by default. Throws `not_found`. Changes nothing.
 */
export async function planRevocation(
  connection: Connection,
  name: string,
  level: Level,
  schemas: readonly string[] | undefined,
): Promise<Plan> {
  const facts = await readServerFacts(connection)
  const role = roleNamed(facts, name)
  checkRole(facts, name, true)
  const changes = planRevoke(facts, role, level, schemas)
  const left = [...facts.roles.values()].filter(
    ({ name: group, group: kind }) =>
      kind?.database === facts.database &&
      // What migrators made belongs to their group.
      kind.level !== 'migrator' &&
      changes.some(({ sql }) => sql.startsWith(`revoke ${quote(group)} from `)) &&
      membersOf(facts, group).every((member) => member === name),
  )
  const ends = await Promise.all(left.map((group) => planEnd(connection, facts, group.name)))
  return { changes: [...changes, ...ends.flat()], limits: [] }
}

function membersOf({ roles }: ServerFacts, group: string): string[] {
  return [...roles.values()]
    .filter(({ memberships }) => memberships.some((one) => one.role === group && (one.inherit || one.set)))
    .map(({ name }) => name)
}

/** What removes a group of ours that nobody needs; nothing where it owns something, or has something elsewhere. */
async function planEnd(connection: Connection, facts: ServerFacts, group: string): Promise<Change[]> {
  const [row] = await connection.query<{ more: boolean }>`
    select exists (select from pg_shdepend s, pg_database d
                    where datname = current_database() and refclassid = 'pg_authid'::regclass
                      and refobjid = (select oid from pg_roles where rolname = ${group})
                      and (deptype = 'o' or dbid not in (0, d.oid))) as more`
  if (row?.more) return []
  const { version, me } = facts
  const joined = facts.superuser || facts.roles.get(group)?.ours
  const change = (text: string, sql: string): Change => ({ role: group, kind: 'revoke', text, sql })
  return [
    ...(joined ? [] : [change(`has ${me} as a member, who removes it`, grantRole(version, group, me, false))]),
    change('loses all that it was granted, now and by default', `drop owned by ${quote(group)}`),
    change('goes: nobody is a member any more', `drop role ${quote(group)}`),
  ]
}
