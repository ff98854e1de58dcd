import type { Connection } from '../../postgres/connection.ts'
import { isSystemRole, readServerFacts, type RoleFacts } from './facts.ts'
import type { Level } from './levels.ts'

/** A role, with what it is and has. */
export interface ListedRole {
  name: string
  canLogin: boolean
  superuser: boolean
  createDatabase: boolean
  createRole: boolean
  replication: boolean
  bypassRls: boolean
  /** Null: none. */
  connectionLimit: number | null
  memberships: { role: string; admin: boolean; inherit: boolean; set: boolean }[]
  /** Levels in databases, by membership of pgrig's groups. */
  levels: { database: string; level: Level; schema: string | null }[]
  /** The level that it holds for others, when it is such a group. */
  group: { database: string; level: Level; schema: string | null } | null
  /** Objects that it owns in the target's database. */
  ownsHere: number
  /** Objects that it owns in other databases, and databases. */
  ownsElsewhere: number
  /** When its password expires; null: never. */
  validUntil: Date | null
  /** How the server keeps its password: scram-sha-256, md5, none. Null: only superusers can see it. */
  password: string | null
  sessions: number
  /** When pgrig last set its password; null: never, as far as it is noted. */
  rotated: string | null
}

export interface RoleList {
  database: string
  roles: ListedRole[]
  /** Sentences: what could not be seen. */
  unseen: string[]
}

interface Counts {
  name: string
  ownsHere: number
  ownsElsewhere: number
  sessions: number
}

/** Lists the roles of the server; `all`: those of PostgreSQL and of Amazon RDS too. */
export async function listRoles(connection: Connection, { all = false }: { all?: boolean } = {}): Promise<RoleList> {
  const facts = await readServerFacts(connection)
  const counts = new Map((await countUse(connection)).map((row) => [row.name, row]))
  const passwords = await readPasswordKinds(connection)
  const shown = [...facts.roles.values()].filter(({ name }) => all || !isSystemRole(name))
  return {
    database: facts.database,
    roles: shown.map((role) => describe(role, facts.roles, counts.get(role.name), passwords)),
    unseen: passwords ? [] : ['Whether a role has a password, and of which kind: only superusers may read pg_authid.'],
  }
}

function countUse(connection: Connection): Promise<Counts[]> {
  return connection.query<Counts>`
    with owned as (
      select refobjid as role, count(*) filter (where dbid = here.oid)::int as here,
             count(*) filter (where dbid <> here.oid)::int as elsewhere
        from pg_shdepend, (select oid from pg_database where datname = current_database()) here
       where refclassid = 'pg_authid'::regclass and deptype = 'o'
         and classid not in ('pg_default_acl'::regclass, 'pg_user_mapping'::regclass)
       group by 1
    ), live as (
      select usesysid as role, count(*)::int as sessions from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid() group by 1
    )
    select rolname as name, coalesce(here, 0) as "ownsHere", coalesce(elsewhere, 0) as "ownsElsewhere",
           coalesce(sessions, 0) as sessions
      from pg_roles left join owned on owned.role = pg_roles.oid left join live on live.role = pg_roles.oid`
}

/** Undefined: we may not see them. */
async function readPasswordKinds(connection: Connection): Promise<Map<string, string> | undefined> {
  const [may] = await connection.query<{ may: boolean }>`select has_table_privilege('pg_authid', 'select') as may`
  if (!may?.may) return undefined
  const rows = await connection.query<{ name: string; kind: string }>`
    select rolname as name, case when rolpassword is null then 'none' when rolpassword ~ '^SCRAM-SHA-256[$]' then 'scram-sha-256'
           else 'md5' end as kind from pg_authid`
  return new Map(rows.map(({ name, kind }) => [name, kind]))
}

function describe(
  role: RoleFacts,
  roles: ReadonlyMap<string, RoleFacts>,
  counts: Counts | undefined,
  passwords: ReadonlyMap<string, string> | undefined,
): ListedRole {
  const { name, canLogin, superuser, createDatabase, createRole, replication, bypassRls, validUntil } = role
  const groups = role.memberships.flatMap(({ role: group, inherit, set }) =>
    inherit || set ? (roles.get(group)?.group ?? []) : [],
  )
  return {
    name,
    canLogin,
    superuser,
    createDatabase,
    createRole,
    replication,
    bypassRls,
    connectionLimit: role.connectionLimit < 0 ? null : role.connectionLimit,
    memberships: role.memberships.map(({ role: group, admin, inherit, set }) => ({ role: group, admin, inherit, set })),
    levels: groups,
    group: role.group ?? null,
    ownsHere: counts?.ownsHere ?? 0,
    ownsElsewhere: counts?.ownsElsewhere ?? 0,
    validUntil,
    password: passwords?.get(name) ?? null,
    sessions: counts?.sessions ?? 0,
    rotated: role.rotated ?? null,
  }
}
