import { noteOnRole } from '../../catalog/notes.ts'
import { quoteIdentifier as quote, quoteLiteral } from '../../script/variables.ts'
import { hiddenVerifier, type Change } from './change.ts'
import type { RoleFacts, ServerFacts } from './facts.ts'
import { grantRole } from './group-plan.ts'
import { groupName, groupOf, settingsFor, type Group, type GroupLevel, type Level } from './levels.ts'

/** What a role is to be. What is undefined may be as it is. */
export interface WantedRole {
  level: Level
  /** Where it has the level. */
  schemas: readonly string[]
  /** The password is to expire within this time. */
  expiresSeconds?: number
  /** -1: none. */
  connectionLimit?: number
  /** Roles that it is a member of, besides the groups of its level: these and no others. */
  memberOf?: readonly string[]
  /** Logs in with a token of AWS's IAM and has no password. */
  iam?: boolean
}

export interface RolePlanOptions {
  now: Date
  /** Also take away what was not asked for: other levels, attributes of an administrator. */
  exact: boolean
}

/** The groups that a level is held by. */
function groupsOfLevel(database: string, level: Level, schemas: readonly string[]): Group[] {
  if (level === 'admin') return []
  return schemas.map((schema) => groupOf(database, level, schema))
}

/** What makes a role that is not there, and lets it in with a password; that one is given later. */
export function planNewRole(facts: ServerFacts, name: string, wanted: WantedRole, now: Date): Change[] {
  const { level, expiresSeconds, connectionLimit, iam } = wanted
  const start = [
    `create role ${quote(name)} login`,
    level === 'admin' ? ' createdb createrole' : '',
    connectionLimit === undefined ? '' : ` connection limit ${connectionLimit}`,
    expiresSeconds === undefined ? '' : ` valid until ${quoteLiteral(dateIn(expiresSeconds, now).toISOString())}`,
  ].join('')
  const create: Change = {
    role: name,
    kind: 'create',
    text: iam ? 'is made, and logs in with a token of IAM' : 'is made, and logs in with a password',
    sql: iam ? start : `${start} password '${hiddenVerifier}'`,
    ...(!iam && { withVerifier: (verifier: string) => `${start} password ${quoteLiteral(verifier)}` }),
  }
  const note: Change = {
    role: name,
    kind: 'alter',
    text: 'is noted to have got its password now',
    sql: noteOnRole(name, null, { rotated: now.toISOString() }),
  }
  return [
    create,
    ...(iam ? [] : [note]),
    ...planMemberships(facts, name, undefined, wanted, false),
    ...planSettings(facts, name, undefined, wanted, true),
  ]
}

/** What makes a role that is there as it is wanted. */
export function planRole(facts: ServerFacts, role: RoleFacts, wanted: WantedRole, options: RolePlanOptions): Change[] {
  return [
    ...planAttributes(role, wanted, options),
    ...planMemberships(facts, role.name, role, wanted, options.exact),
    ...planSettings(facts, role.name, role, wanted, options.exact),
  ]
}

/** What takes a level away from a role; an undefined schema: in all of them. */
export function planRevoke(
  facts: ServerFacts,
  role: RoleFacts,
  level: Level,
  schemas: readonly string[] | undefined,
): Change[] {
  const { name } = role
  if (level === 'admin') {
    const words = [role.createDatabase && 'nocreatedb', role.createRole && 'nocreaterole'].filter(
      (word) => word !== false,
    )
    const attributes =
      words.length > 0 ? [alter(name, words.join(' '), 'makes neither databases nor roles any more')] : []
    return [...attributes, ...(isMember(role, rdsAdmin) ? revokeRole(facts, role, rdsAdmin) : [])]
  }
  const held = heldGroups(facts, role)
  const going = held.filter(
    ({ level: one, schema }) => one === level && (schemas === undefined || schema === null || schemas.includes(schema)),
  )
  if (going.length === 0) return []
  const staying = new Set(held.filter((group) => !going.includes(group)).map((group) => group.level))
  return [
    ...going.flatMap((group) => revokeRole(facts, role, groupName(group))),
    ...changeSettings(facts, name, role, staying),
  ]
}

/** The levels that a role has in the database, by its groups. */
function heldGroups({ database, roles }: Pick<ServerFacts, 'database' | 'roles'>, role: RoleFacts): Group[] {
  return role.memberships.flatMap(({ role: name, inherit, set }) => {
    // Whoever made a group administers it, and has nothing of it.
    const group = inherit || set ? roles.get(name)?.group : undefined
    return group?.database === database ? [group] : []
  })
}

export function dateIn(seconds: number, now: Date): Date {
  // Whole seconds: nobody wants to read more.
  return new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000)
}

/** The statement that sets or takes away the end of a password. */
export function expiryChange(name: string, until: Date | null): Change {
  return alter(
    name,
    `valid until ${quoteLiteral(until?.toISOString() ?? 'infinity')}`,
    until ? `its password expires at ${until.toISOString()}` : 'its password never expires',
  )
}

const rdsAdmin = 'rds_superuser'
const rdsIam = 'rds_iam'

function planAttributes(role: RoleFacts, wanted: WantedRole, { now, exact }: RolePlanOptions): Change[] {
  const { name } = role
  const admin = wanted.level === 'admin'
  const changes: Change[] = []
  if (!role.canLogin) changes.push(alter(name, 'login', 'can log in'))
  for (const [has, want, word, text] of [
    [role.createDatabase, admin, 'createdb', 'makes databases'],
    [role.createRole, admin, 'createrole', 'makes roles'],
    [role.superuser, false, 'superuser', 'is a superuser'],
    [role.replication, false, 'replication', 'replicates'],
    [role.bypassRls, false, 'bypassrls', 'passes by row security'],
  ] as const) {
    if (want && !has) changes.push(alter(name, word, text))
    if (has && !want && exact) changes.push(alter(name, `no${word}`, `no longer ${text}`))
  }
  const { connectionLimit, expiresSeconds } = wanted
  if (connectionLimit !== undefined && connectionLimit !== role.connectionLimit) {
    const text = connectionLimit < 0 ? 'has no connection limit' : `has a connection limit of ${connectionLimit}`
    changes.push(alter(name, `connection limit ${connectionLimit}`, text))
  }
  if (expiresSeconds !== undefined) {
    const latest = dateIn(expiresSeconds, now)
    if (role.validUntil === null || role.validUntil > latest) changes.push(expiryChange(name, latest))
  }
  return changes
}

function planMemberships(
  facts: ServerFacts,
  name: string,
  role: RoleFacts | undefined,
  wanted: WantedRole,
  exact: boolean,
): Change[] {
  const { version, database, roles } = facts
  const { level, schemas, memberOf, iam } = wanted
  const own = [...new Set(groupsOfLevel(database, level, schemas).map(groupName))]
  const amazon = [
    ...(level === 'admin' && roles.has(rdsAdmin) ? [rdsAdmin] : []),
    // Last: from then on its password no longer works.
    ...(iam ? [rdsIam] : []),
  ]
  const changes: Change[] = []
  for (const group of [...own, ...(memberOf ?? []), ...amazon]) {
    const there = role?.memberships.find((one) => one.role === group)
    // A migrator becomes its group to make something; a reader has no need to become another.
    const set = level === 'migrator' && own.includes(group)
    if (there?.inherit && (there.set || !set)) continue
    changes.push({
      role: name,
      kind: 'grant',
      text: `is a member of ${group}`,
      sql: grantRole(version, group, name, set),
    })
  }
  if (!role || !exact) return changes
  for (const { role: group, inherit, set } of role.memberships) {
    const kind = roles.get(group)?.group
    const wantedOne = [...own, ...(memberOf ?? []), ...amazon].includes(group)
    // Roles that a role may only administer come with making them: they give it nothing.
    if (wantedOne || (!inherit && !set)) continue
    const another = memberOf !== undefined && kind === undefined && group !== rdsIam && group !== rdsAdmin
    const unwanted =
      kind?.database === database ||
      another ||
      (group === rdsIam && iam === false) ||
      (group === rdsAdmin && level !== 'admin')
    if (unwanted) changes.push(...revokeRole(facts, role, group))
  }
  return changes
}

function planSettings(
  facts: ServerFacts,
  name: string,
  role: RoleFacts | undefined,
  { level }: WantedRole,
  exact: boolean,
): Change[] {
  const before = role && !exact ? heldGroups(facts, role).map((group) => group.level) : []
  const held = new Set<GroupLevel>([...before, ...(level === 'admin' ? [] : [level])])
  return changeSettings(facts, name, role, held)
}

function changeSettings(
  { database }: Pick<ServerFacts, 'database'>,
  name: string,
  role: RoleFacts | undefined,
  held: ReadonlySet<GroupLevel>,
): Change[] {
  const migrators = groupName({ database, level: 'migrator', schema: null })
  const place = `alter role ${quote(name)} in database ${quote(database)}`
  return settingsFor(held, migrators).flatMap(({ name: setting, value, loose, ours }): Change[] => {
    const here = role?.settings.find((one) => one.database === database && one.name === setting)?.value
    const anywhere = here ?? role?.settings.find((one) => one.database === null && one.name === setting)?.value
    if (value === null) {
      if (here === undefined || here !== ours) return []
      return [
        { role: name, kind: 'alter', text: `no longer has ${setting} = ${here}`, sql: `${place} reset ${setting}` },
      ]
    }
    if (loose ? anywhere !== undefined : here === value) return []
    const sql = `${place} set ${setting} = ${quoteLiteral(value)}`
    return [{ role: name, kind: 'alter', text: `has ${setting} = ${value}`, sql }]
  })
}

function isMember(role: RoleFacts, group: string): boolean {
  return role.memberships.some((one) => one.role === group)
}

function alter(name: string, words: string, text: string): Change {
  return { role: name, kind: 'alter', text, sql: `alter role ${quote(name)} ${words}` }
}

/** Since PostgreSQL 16 each grantor's grant is one of its own, and a plain revoke takes back none but ours. */
function revokeRole({ version }: Pick<ServerFacts, 'version'>, role: RoleFacts, group: string): Change[] {
  const { name } = role
  const grantors = role.memberships.find((one) => one.role === group)?.grantors ?? []
  const endings = version < 160_000 ? [''] : grantors.map((grantor) => ` granted by ${quote(grantor)}`)
  return endings.map((ending) => ({
    role: name,
    kind: 'revoke',
    text: `is no longer a member of ${group}`,
    sql: `revoke ${quote(group)} from ${quote(name)}${ending}`,
  }))
}
