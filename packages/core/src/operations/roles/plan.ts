import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier as quote } from '../../script/variables.ts'
import { planAdoption } from './adopt.ts'
import type { Change, Plan } from './change.ts'
import { isSystemRole, readServerFacts, refuseOurselves, type ServerFacts } from './facts.ts'
import { planGroups, type GroupInSchema } from './group-plan.ts'
import { groupName, groupOf } from './levels.ts'
import { planNewRole, planRole, type WantedRole } from './role-plan.ts'
import { listSchemas, readSchemaFacts, type SchemaFacts } from './schema-facts.ts'

/** Which roles there are to be, and how the way there is planned. */
export interface RolesRequest {
  wanted: Readonly<Record<string, WantedRole>>
  /** The present time; of a plan that is made again, the one of the first. */
  now: Date
  /** Also take away what was not asked for. */
  exact: boolean
  /** Only roles that are there: throws `not_found` for another. */
  existing?: boolean
  /** Give the objects of the schemas to the migrators' group. */
  adopt?: boolean
  /** Take from PUBLIC what PostgreSQL gives everybody: connecting, temporary tables, and making objects in a schema. */
  revokePublic?: boolean
}

export interface RolesPlan extends Plan {
  /** Roles that it makes. */
  created: string[]
  /** Roles that can log in, and that nobody asked for. */
  extra: string[]
  /** Schemas with tables that none of the roles was asked to see. */
  otherSchemas: string[]
}

/** Compares the roles that are wanted with those that are there, over a connection to the target's database. Changes nothing. */
export async function planRoles(connection: Connection, request: RolesRequest): Promise<RolesPlan> {
  const { wanted, now, exact, adopt = false, revokePublic = false } = request
  const facts = await readServerFacts(connection)
  const { database, roles } = facts
  const entries = Object.entries(wanted)
  for (const [name] of entries) checkRole(facts, name, request.existing === true)
  checkMissing(facts, wanted)

  const groups = entries.flatMap(([, { level, schemas }]): GroupInSchema[] =>
    level === 'admin' ? [] : schemas.map((schema) => ({ schema, group: groupOf(database, level, schema) })),
  )
  const names = [...new Set(groups.map(({ schema }) => schema))].sort()
  const own = [...roles.values()].filter(({ group }) => group?.database === database).map(({ name }) => name)
  const schemas = await readSchemaFacts(connection, names, [...own, ...groups.map(({ group }) => groupName(group))])
  const migrated = groups.filter(({ group }) => group.level === 'migrator').map(({ schema }) => schema)

  const plans: Plan[] = [
    planGroups(facts, schemas, groups, { adopt }),
    ...(adopt && migrated.length > 0 ? [await planAdoption(connection, facts, [...new Set(migrated)])] : []),
    ...(revokePublic ? [await planPublic(connection, facts, schemas, Object.keys(wanted))] : []),
  ]
  const created = entries.filter(([name]) => !roles.has(name)).map(([name]) => name)
  const ofRoles = entries.flatMap(([name, one]): Change[] => {
    const role = roles.get(name)
    return role ? planRole(facts, role, one, { now, exact }) : planNewRole(facts, name, one, now)
  })
  const all = await listSchemas(connection)
  return {
    changes: [...plans.flatMap(({ changes }) => changes), ...ofRoles],
    limits: plans.flatMap(({ limits }) => limits),
    created,
    extra: [...roles.values()].filter((role) => isExtra(facts, role.name, wanted)).map(({ name }) => name),
    otherSchemas: names.length === 0 ? [] : all.filter((schema) => !names.includes(schema)),
  }
}

/** Refuses a name that this is not about: ourselves, PostgreSQL's and Amazon's roles, our groups. */
export function checkRole(facts: ServerFacts, name: string, existing: boolean): void {
  const role = facts.roles.get(name)
  if (existing && !role) {
    throw new Failure('not_found', `There is no role "${name}".`, { hint: `pgrig roles create ${name} --as LEVEL` })
  }
  if (isSystemRole(name)) throw new Failure('usage', `"${name}" is a name of PostgreSQL or of Amazon RDS.`)
  if (Buffer.byteLength(name) > 63) throw new Failure('usage', `The name "${name}" is longer than 63 bytes.`)
  refuseOurselves(facts, name)
  if (role?.group) {
    throw new Failure('role_in_use', `"${name}" is a group that holds the level ${role.group.level} for others.`, {
      hint: 'Name one of the roles that log in: pgrig roles',
    })
  }
}

function checkMissing({ roles }: ServerFacts, wanted: RolesRequest['wanted']): void {
  for (const [name, { iam, memberOf = [] }] of Object.entries(wanted)) {
    if (iam && !roles.has('rds_iam')) {
      throw new Failure('not_found', 'There is no role rds_iam, so this server knows no login by IAM.', {
        hint: 'Amazon RDS has it, when IAM authentication is on for the instance.',
      })
    }
    const missing = memberOf.find((group) => !roles.has(group))
    if (missing !== undefined)
      throw new Failure('not_found', `"${name}" is to be a member of "${missing}", which is not there.`)
  }
}

function isExtra({ roles, me }: ServerFacts, name: string, wanted: RolesRequest['wanted']): boolean {
  const role = roles.get(name)
  return (
    role !== undefined &&
    role.canLogin &&
    !role.superuser &&
    name !== me &&
    !isSystemRole(name) &&
    !Object.hasOwn(wanted, name)
  )
}

async function planPublic(
  connection: Connection,
  facts: ServerFacts,
  schemas: ReadonlyMap<string, SchemaFacts>,
  wanted: readonly string[],
): Promise<Plan> {
  const changes: Change[] = []
  const limits: string[] = []
  const { database, publicOnDatabase } = facts
  const revoke = (text: string, sql: string) => changes.push({ role: 'PUBLIC', kind: 'revoke', text, sql })
  if (publicOnDatabase.length > 0 && !facts.ownsDatabase) {
    limits.push(`PUBLIC keeps ${publicOnDatabase.join(', ')}: the database belongs to ${facts.databaseOwner}.`)
  } else if (publicOnDatabase.length > 0) {
    const privileges = publicOnDatabase.join(', ')
    revoke(`no longer ${privileges} on ${database}`, `revoke ${privileges} on database ${quote(database)} from public`)
    const losing = (await listLosing(connection)).filter((name) => !wanted.includes(name))
    if (losing.length > 0)
      limits.push(`${losing.join(', ')} can then no longer connect: nobody granted it to them by name.`)
  }
  for (const { name, owner, ours, publicCreates } of schemas.values()) {
    if (publicCreates && ours)
      revoke(`no longer CREATE in ${name}`, `revoke create on schema ${quote(name)} from public`)
    else if (publicCreates) limits.push(`PUBLIC keeps CREATE in ${name}: the schema belongs to ${owner}.`)
  }
  return { changes, limits }
}

/** Who may connect only because everybody may. */
async function listLosing(connection: Connection): Promise<string[]> {
  const rows = await connection.query<{ name: string }>`
    select rolname as name from pg_roles r, pg_database d
     where datname = current_database() and rolcanlogin and not rolsuper and rolname !~ '^(pg_|rds)'
       and not pg_has_role(r.oid, datdba, 'USAGE')
       and not exists (select from aclexplode(datacl)
                        where privilege_type = 'CONNECT' and grantee <> 0 and pg_has_role(r.oid, grantee, 'USAGE'))
     order by 1`
  return rows.map(({ name }) => name)
}
