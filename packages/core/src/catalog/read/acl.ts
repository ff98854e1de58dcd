import { quoteName } from '../quote.ts'

/** What one role was granted by another one on one thing. */
export interface AclItem {
  /** Empty: PUBLIC. */
  readonly grantee: string
  readonly grantor: string
  /** As GRANT calls them; with a `*` behind it, the grantee may grant it on. */
  readonly privileges: readonly string[]
}

/** SQL for an aclitem[] as JSON of `AclItem`s. */
export function aclItems(acl: string): string {
  return `(
    select coalesce(json_agg(json_build_object('grantee', item.grantee, 'grantor', item.grantor, 'privileges', item.privileges)), '[]')
      from (select case when exploded.grantee = 0 then '' else pg_get_userbyid(exploded.grantee) end as grantee,
                   pg_get_userbyid(exploded.grantor) as grantor,
                   json_agg(exploded.privilege_type || case when exploded.is_grantable then '*' else '' end) as privileges
              from aclexplode(nullif(${acl}, '{}'::aclitem[])) exploded
             group by 1, 2) item)`
}

/** A thing on which is granted. */
export interface Grantable {
  /** As GRANT calls it: `TABLE public.users`. */
  readonly on: string
  readonly owner: string
  /** Its privileges, all that there are: these together are called ALL. */
  readonly all: readonly string[]
  /** Quoted: only this column of it. */
  readonly column?: string
  /** `ALTER DEFAULT PRIVILEGES …`, with a space at its end. */
  readonly prefix?: string
}

// In the order in which the manual names them.
const order =
  'SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER MAINTAIN USAGE CREATE CONNECT TEMPORARY EXECUTE'.split(' ')

/**
 * Writes the GRANT and REVOKE statements that lead from some privileges to others: item by item, as pg_dump does. Where one role
 * needs what another statement gives it to grant on, that one comes first.
 */
export function renderGrants(thing: Grantable, from: readonly AclItem[], to: readonly AclItem[]): string[] {
  const had = new Set(from.map(keyOf))
  const has = new Set(to.map(keyOf))
  const revoked = from.filter((item) => !has.has(keyOf(item))).sort(byGrantee(thing.owner))
  const granted = to.filter((item) => !had.has(keyOf(item))).sort(byGrantee(thing.owner))
  const kept = to.filter((item) => had.has(keyOf(item)))
  return [
    ...revoked.map((item) => renderRevoke(thing, item)),
    ...inGrantOrder(thing.owner, granted, kept).flatMap((item) => renderGrant(thing, item)),
  ]
}

function keyOf({ grantee, grantor, privileges }: AclItem): string {
  return JSON.stringify([grantee, grantor, [...privileges].sort()])
}

function byGrantee(owner: string): (one: AclItem, other: AclItem) => number {
  const rank = ({ grantee, grantor }: AclItem) =>
    [grantee === owner ? '0' : grantee === '' ? '1' : '2', grantee, grantor].join('\0')
  return (one, other) => (rank(one) < rank(other) ? -1 : 1)
}

/** The items in an order in which every grantor has what it grants. */
function inGrantOrder(owner: string, items: readonly AclItem[], kept: readonly AclItem[]): AclItem[] {
  const grantable = new Set<string>()
  const done: AclItem[] = []
  const add = ({ grantee, privileges }: AclItem) => {
    for (const privilege of privileges) if (privilege.endsWith('*')) grantable.add(`${privilege}${grantee}`)
  }
  kept.forEach(add)
  let waiting = [...items]
  while (waiting.length > 0) {
    const ready = waiting.filter(
      ({ grantor, privileges }) =>
        grantor === owner || privileges.every((privilege) => grantable.has(`${plain(privilege)}*${grantor}`)),
    )
    const next = ready.length > 0 ? ready : waiting
    next.forEach(add)
    done.push(...next)
    waiting = waiting.filter((item) => !next.includes(item))
  }
  return done
}

function plain(privilege: string): string {
  return privilege.replace('*', '')
}

function renderRevoke(thing: Grantable, { grantee, privileges }: AclItem): string {
  return `${thing.prefix ?? ''}REVOKE ${renderPrivileges(thing, privileges)} ON ${thing.on} FROM ${role(grantee)}`
}

function renderGrant(thing: Grantable, { grantee, grantor, privileges }: AclItem): string[] {
  const given = privileges.filter((privilege) => !privilege.endsWith('*'))
  const givenOn = privileges.filter((privilege) => privilege.endsWith('*'))
  const grant = (list: string[]) =>
    `${thing.prefix ?? ''}GRANT ${renderPrivileges(thing, list)} ON ${thing.on} TO ${role(grantee)}`
  const statements = [
    ...(given.length > 0 ? [grant(given)] : []),
    ...(givenOn.length > 0 ? [`${grant(givenOn)} WITH GRANT OPTION`] : []),
  ]
  // Who grants is who runs it. Members of a role may SET ROLE, where SET SESSION AUTHORIZATION is for superusers.
  return grantor === thing.owner ? statements : [`SET ROLE ${quoteName(grantor)}`, ...statements, 'RESET ROLE']
}

function renderPrivileges({ all, column }: Grantable, privileges: readonly string[]): string {
  const of = column === undefined ? '' : ` (${column})`
  const names = privileges.map(plain).sort((one, other) => order.indexOf(one) - order.indexOf(other))
  const complete = all.length > 1 && all.every((privilege) => names.includes(privilege))
  return complete ? `ALL${of}` : names.map((name) => `${name}${of}`).join(', ')
}

function role(name: string): string {
  return name === '' ? 'PUBLIC' : quoteName(name)
}
