import { noteOnRole } from '../../catalog/notes.ts'
import { Failure } from '../../errors.ts'
import { quoteIdentifier as quote } from '../../script/variables.ts'
import type { Change, Plan } from './change.ts'
import type { ServerFacts } from './facts.ts'
import { groupName, recipes, type Group, type ObjectKind } from './levels.ts'
import type { SchemaFacts } from './schema-facts.ts'

const kinds: readonly ObjectKind[] = ['table', 'sequence', 'routine']
const plurals: Readonly<Record<ObjectKind, string>> = { table: 'tables', sequence: 'sequences', routine: 'routines' }
/** More objects than that are granted on by several statements, which a person can still read. */
const objectsAtOnce = 50

/** A group that is to have its privileges in a schema. */
export interface GroupInSchema {
  group: Group
  schema: string
}

/**
 * What makes the groups of a database what they should be: that they are there, their privileges on all objects that there
 * are, and by default on those to come, whoever may make them.
 */
export function planGroups(
  facts: ServerFacts,
  schemas: ReadonlyMap<string, SchemaFacts>,
  wanted: readonly GroupInSchema[],
  { adopt = false }: { adopt?: boolean } = {},
): Plan {
  const changes: Change[] = []
  const limits: string[] = []
  const migrators = groupName({ database: facts.database, level: 'migrator', schema: null })
  for (const { group } of wanted) checkName(facts, group)
  const made = new Set<string>()
  for (const { group } of wanted) {
    const name = groupName(group)
    if (facts.roles.has(name) || made.has(name)) continue
    made.add(name)
    changes.push(...createGroup(facts, group))
  }

  for (const schema of schemas.values()) {
    const groups = groupsIn(facts, schema.name, wanted)
    const migrate = groups.some(({ level }) => level === 'migrator')
    const creators = listCreators(facts, schema, migrate ? migrators : undefined)
    for (const group of groups) {
      changes.push(...planSchema(facts, schema, group, limits))
      changes.push(...planObjects(facts, schema, group, limits))
      changes.push(...planDefaults(schema, group, creators.ours))
      if (group.level === 'migrator' && !adopt) changes.push(...planOwners(facts, schema, migrators, limits))
    }
    if (creators.others.length > 0 && groups.some(({ level }) => level !== 'migrator')) {
      limits.push(
        `What ${creators.others.join(', ')} will make in ${schema.name} stays closed: ${facts.me} has not their privileges.`,
      )
    }
  }
  return { changes, limits: [...new Set(limits)] }
}

/** A role of that name may have been made by somebody for something else. */
function checkName(facts: ServerFacts, group: Group): void {
  const name = groupName(group)
  const found = facts.roles.get(name)
  const note = found?.group
  if (!found || (note?.database === group.database && note.level === group.level && note.schema === group.schema))
    return
  throw new Failure(
    'role_differs',
    `The role ${name} was not made by pgrig for this, and its name is that of the group of ${group.level} roles.`,
    { hint: `Rename it: alter role ${quote(name)} rename to …`, state: 'Nothing was changed.' },
  )
}

function createGroup(facts: ServerFacts, group: Group): Change[] {
  const role = groupName(group)
  const { me, superuser, version } = facts
  const changes: Change[] = [
    { role, kind: 'create', text: 'is made, as a group that cannot log in', sql: `create role ${quote(role)} nologin` },
    {
      role,
      kind: 'alter',
      text: 'is noted to be a group of pgrig',
      sql: noteOnRole(role, null, { group }),
    },
  ]
  // To grant on what migrators make, and to give them something to own, one has to be one of them.
  if (group.level === 'migrator' && !superuser) {
    changes.push({ role: me, kind: 'grant', text: `is a member of ${role}`, sql: grantRole(version, role, me, true) })
  }
  return changes
}

/** The statement that makes a role a member of another, with its privileges; `set`: it may also become the other. */
export function grantRole(version: number, role: string, member: string, set: boolean): string {
  const options = version >= 160_000 ? ` with inherit true, set ${set}` : ''
  return `grant ${quote(role)} to ${quote(member)}${options}`
}

/** The groups that have, or are to have, something in a schema. */
function groupsIn(facts: ServerFacts, schema: string, wanted: readonly GroupInSchema[]): Group[] {
  const found = new Map<string, Group>()
  for (const { group } of facts.roles.values()) {
    if (group?.database === facts.database && group.schema === schema) found.set(groupName(group), group)
  }
  for (const one of wanted) if (one.schema === schema) found.set(groupName(one.group), one.group)
  return [...found.values()]
}

/** Who makes objects in a schema, or might. */
function listCreators(facts: ServerFacts, schema: SchemaFacts, migrators: string | undefined) {
  const owners = schema.objects.map(({ owner }) => owner)
  const ofSchema = facts.roles.get(schema.owner)?.ours ? [schema.owner] : []
  // A group of migrators that was made before is one of those that may create, also when nobody asks for migrators now.
  const before = [...facts.roles.values()]
    .filter(({ name, group }) => group?.level === 'migrator' && schema.granted[name]?.includes('CREATE'))
    .map(({ name }) => name)
  const all = new Set([
    ...owners,
    ...ofSchema,
    ...(schema.creates ? [facts.me] : []),
    ...before,
    ...(migrators === undefined ? [] : [migrators]),
  ])
  const isOurs = (name: string) => facts.superuser || (facts.roles.get(name)?.ours ?? name === migrators)
  return { ours: [...all].filter(isOurs).sort(), others: [...all].filter((name) => !isOurs(name)).sort() }
}

function planSchema(facts: ServerFacts, schema: SchemaFacts, group: Group, limits: string[]): Change[] {
  const role = groupName(group)
  const changes: Change[] = []
  if (!facts.connects.includes(role)) {
    if (facts.ownsDatabase) {
      const sql = `grant connect on database ${quote(facts.database)} to ${quote(role)}`
      changes.push({ role, kind: 'grant', text: `connect to ${facts.database}`, sql })
    } else if (!facts.publicOnDatabase.includes('CONNECT')) {
      limits.push(`${role} may not connect: ${facts.database} belongs to ${facts.databaseOwner}, who has to grant it.`)
    }
  }
  const missing = lacking(recipes[group.level].schema, schema.granted[role])
  if (missing.length === 0) return changes
  if (!schema.ours) {
    limits.push(
      `${role} was not granted ${missing.join(', ')} on the schema ${schema.name}: it belongs to ${schema.owner}.`,
    )
    return changes
  }
  const sql = `grant ${missing.join(', ')} on schema ${quote(schema.name)} to ${quote(role)}`
  return [...changes, { role, kind: 'grant', text: `${missing.join(', ')} on the schema ${schema.name}`, sql }]
}

function planObjects(facts: ServerFacts, schema: SchemaFacts, group: Group, limits: string[]): Change[] {
  const role = groupName(group)
  return kinds.flatMap((kind) => {
    const privileges = recipes[group.level][kind]
    const missing = schema.objects.filter(
      (one) => one.kind === kind && lacking(privileges, one.granted[role]).length > 0,
    )
    const ours = missing.filter(({ owner }) => facts.superuser || facts.roles.get(owner)?.ours)
    const owners = new Set(missing.filter((one) => !ours.includes(one)).map(({ owner }) => owner))
    for (const owner of owners) {
      limits.push(
        `What ${owner} owns in ${schema.name} was not granted: ${facts.me} has not the privileges of ${owner}.`,
      )
    }
    return inPieces(ours).map((piece) => ({
      role,
      kind: 'grant' as const,
      text: `${privileges.join(', ')} on ${counted(piece.length, kind)} in ${schema.name}`,
      sql: `grant ${privileges.join(', ')} on ${kind} ${piece.map(({ name }) => name).join(', ')} to ${quote(role)}`,
    }))
  })
}

function planDefaults(schema: SchemaFacts, group: Group, creators: readonly string[]): Change[] {
  const role = groupName(group)
  return creators.flatMap((creator) =>
    kinds.flatMap((kind) => {
      const there = schema.defaults.find((one) => one.creator === creator && one.kind === kind)
      const missing = lacking(recipes[group.level][kind], there?.granted[role])
      if (missing.length === 0) return []
      const sql = `alter default privileges for role ${quote(creator)} in schema ${quote(schema.name)} grant ${missing.join(', ')} on ${plurals[kind]} to ${quote(role)}`
      const text = `${missing.join(', ')} on ${plurals[kind]} that ${creator} will make in ${schema.name}`
      return [{ role, kind: 'grant' as const, text, sql }]
    }),
  )
}

/** Lets migrators alter what is there already, where its owner is nothing but an owner. */
function planOwners(facts: ServerFacts, schema: SchemaFacts, migrators: string, limits: string[]): Change[] {
  const owners = [...new Set(schema.objects.map(({ owner }) => owner))].filter((owner) => owner !== migrators)
  return owners.flatMap((name) => {
    const owner = facts.roles.get(name)
    const member = facts.roles.get(migrators)?.memberships.find(({ role }) => role === name)
    if (!owner || member?.inherit || owner.memberships.some(({ role }) => role === migrators)) return []
    if (!owner.powerful && mayGrant(facts, name)) {
      const sql = grantRole(facts.version, name, migrators, true)
      return [
        { role: migrators, kind: 'grant' as const, text: `is a member of ${name}, and so may alter what it owns`, sql },
      ]
    }
    const count = schema.objects.filter((one) => one.owner === name).length
    const why = owner.powerful ? 'who may do more than migrators should' : `whose privileges ${facts.me} may not grant`
    limits.push(
      `Migrators cannot alter what is there of ${name}, ${why}: ${count === 1 ? 'one object' : `${count} objects`} in ${schema.name}. --adopt gives it to their group.`,
    )
    return []
  })
}

/** Whether we may make others members of a role. */
export function mayGrant({ roles, me, superuser, version }: ServerFacts, role: string): boolean {
  const self = roles.get(me)
  if (superuser) return true
  if (version < 160_000 && self?.createRole) return true
  return self?.memberships.some((one) => one.role === role && one.admin) ?? false
}

function lacking(wanted: readonly string[], granted: readonly string[] = []): string[] {
  return wanted.filter((privilege) => !granted.includes(privilege))
}

function inPieces<T>(all: readonly T[]): T[][] {
  const pieces: T[][] = []
  for (let at = 0; at < all.length; at += objectsAtOnce) pieces.push(all.slice(at, at + objectsAtOnce))
  return pieces
}

function counted(count: number, kind: ObjectKind): string {
  return count === 1 ? `one ${kind}` : `${count} ${plurals[kind]}`
}
