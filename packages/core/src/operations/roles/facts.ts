import { parseComment } from '../../catalog/notes.ts'
import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import type { Group } from './levels.ts'

/** That a role is a member of another, as one, whoever granted it. */
interface Membership {
  role: string
  admin: boolean
  /** It has the other's privileges without `set role`. Before PostgreSQL 16 the member's own attribute says so. */
  inherit: boolean
  set: boolean
  grantors: string[]
}

/** A role as its row and its comment say. */
export interface RoleFacts {
  oid: number
  name: string
  canLogin: boolean
  superuser: boolean
  createDatabase: boolean
  createRole: boolean
  replication: boolean
  bypassRls: boolean
  /** -1: none. */
  connectionLimit: number
  /** Null: the password never expires. */
  validUntil: Date | null
  comment: string | null
  memberships: Membership[]
  /** `database`: where the setting holds; null: everywhere. */
  settings: { database: string | null; name: string; value: string }[]
  /** We have its privileges, and so may grant on what it owns. */
  ours: boolean
  /** May do more than own objects: it owns a database, or is or can become a superuser, one who makes roles, a `pg_…` role … */
  powerful: boolean
  /** It holds the privileges of a level for others. */
  group: Group | undefined
  /** When pgrig last set its password, in ISO form. */
  rotated: string | undefined
}

/** Who asks, where, and who is there. */
export interface ServerFacts {
  /** For example 180004. */
  version: number
  /** The role that we are. */
  me: string
  /** The role that we have logged in as: a migrator becomes another one at once. */
  login: string
  superuser: boolean
  database: string
  /** We have the privileges of the database's owner. */
  ownsDatabase: boolean
  databaseOwner: string
  /** What PUBLIC may do in the database: CONNECT, TEMPORARY. */
  publicOnDatabase: string[]
  /** Who was granted to connect by name. */
  connects: string[]
  roles: ReadonlyMap<string, RoleFacts>
}

type Row = Omit<RoleFacts, 'validUntil' | 'group' | 'rotated' | 'settings'> & {
  validUntilSeconds: number | null
  settings: { database: string | null; setting: string }[]
}

/** Reads who is there, over a connection to the database that it is about. */
export async function readServerFacts(connection: Connection): Promise<ServerFacts> {
  const [server] = await connection.query<Omit<ServerFacts, 'roles'>>`
    select current_setting('server_version_num')::int as version, current_user as me, session_user as login, r.rolsuper as superuser,
           datname as database, pg_has_role(datdba, 'USAGE') as "ownsDatabase", pg_get_userbyid(datdba) as "databaseOwner",
           array(select privilege_type from aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0)
             as "publicOnDatabase",
           array(select distinct pg_get_userbyid(grantee)::text from aclexplode(datacl)
                  where privilege_type = 'CONNECT' and grantee <> 0) as connects
      from pg_database, pg_roles r
     where datname = current_database() and r.rolname = current_user`
  // A query gives one row for a database that we are in.
  if (!server) throw new Failure('not_found', 'The database of this connection is gone.')
  return { ...server, roles: await readRoles(connection) }
}

/** Reads a role by its name, or throws `not_found`. */
export function roleNamed({ roles }: Pick<ServerFacts, 'roles'>, name: string): RoleFacts {
  const found = roles.get(name)
  if (found) return found
  const other = [...roles.keys()].find((one) => one.toLowerCase() === name.toLowerCase())
  throw new Failure('not_found', `There is no role "${name}".`, {
    hint: other === undefined ? 'pgrig roles lists them.' : `Did you mean "${other}"? Capitals count.`,
  })
}

async function readRoles(connection: Connection): Promise<Map<string, RoleFacts>> {
  // The two options of a membership are columns since PostgreSQL 16; several may have granted the same one.
  const rows = await connection.run<Row>(`
    select r.oid, r.rolname as name, r.rolcanlogin as "canLogin", r.rolsuper as superuser, r.rolcreatedb as "createDatabase",
           r.rolcreaterole as "createRole", r.rolreplication as replication, r.rolbypassrls as "bypassRls",
           r.rolconnlimit as "connectionLimit",
           extract(epoch from nullif(r.rolvaliduntil, 'infinity'))::float8 as "validUntilSeconds",
           shobj_description(r.oid, 'pg_authid') as comment,
           pg_has_role(r.oid, 'USAGE') as ours,
           exists (select from pg_database where datdba = r.oid)
             or exists (select from pg_roles p where pg_has_role(r.oid, p.oid, 'MEMBER') and (
                  p.rolsuper or p.rolcreaterole or p.rolcreatedb or p.rolreplication or p.rolbypassrls
                  or p.rolname ~ '^(pg_|rds)' and p.rolname <> 'pg_database_owner')) as powerful,
           coalesce((select jsonb_agg(to_jsonb(one) order by role) from (
             select g.rolname as role, bool_or(m.admin_option) as admin,
                    bool_or(coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)) as inherit,
                    bool_or(coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) as set,
                    array_agg(pg_get_userbyid(m.grantor) order by 1) as grantors
               from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid group by 1) one), '[]')
             as memberships,
           coalesce((select jsonb_agg(jsonb_build_object('database', d.datname, 'setting', setting) order by d.datname, setting)
               from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) setting
              where s.setrole = r.oid), '[]') as settings
      from pg_roles r order by r.rolname`)
  return new Map(rows.map((row) => [row.name, toFacts(row)]))
}

function toFacts({ validUntilSeconds, settings, ...row }: Row): RoleFacts {
  const { notes } = parseComment(row.comment)
  return {
    ...row,
    validUntil: validUntilSeconds === null ? null : new Date(validUntilSeconds * 1000),
    settings: settings.map(({ database, setting }) => {
      const end = setting.indexOf('=')
      return { database, name: setting.slice(0, end), value: setting.slice(end + 1) }
    }),
    group: row.canLogin ? undefined : readGroup(notes['group']),
    rotated: typeof notes['rotated'] === 'string' ? notes['rotated'] : undefined,
  }
}

function readGroup(note: unknown): Group | undefined {
  if (typeof note !== 'object' || note === null) return undefined
  const { database, level, schema } = note as Partial<Group>
  if (typeof database !== 'string' || (level !== 'readonly' && level !== 'app' && level !== 'migrator'))
    return undefined
  return { database, level, schema: typeof schema === 'string' ? schema : null }
}

/** Refuses what cannot be done to the role that we are connected as. */
export function refuseOurselves({ me, login }: Pick<ServerFacts, 'me' | 'login'>, name: string): void {
  if (name !== me && name !== login) return
  throw new Failure('role_in_use', `"${name}" is the role that we are connected as.`, {
    hint: 'Use a target that connects as another role.',
  })
}

/** Whether PostgreSQL or Amazon brought the role along. */
export function isSystemRole(name: string): boolean {
  return /^(pg_|rds)/.test(name)
}
