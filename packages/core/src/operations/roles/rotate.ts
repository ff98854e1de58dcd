import { noteOnRole } from '../../catalog/notes.ts'
import { Failure } from '../../errors.ts'
import type { Address } from '../../postgres/address.ts'
import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier as quote, quoteLiteral } from '../../script/variables.ts'
import { runChanges, type NewPassword } from './apply.ts'
import { hiddenVerifier, type Change } from './change.ts'
import { isSystemRole, readServerFacts, roleNamed, type RoleFacts, type ServerFacts } from './facts.ts'
import { mayGrant } from './group-plan.ts'
import type { PasswordKeeper } from './password.ts'
import { provePassword, type Proof } from './prove.ts'
import { dateIn, expiryChange } from './role-plan.ts'

export interface RotationOptions {
  now: Date
  /** When the new password expires. Undefined: when the old one would have. */
  expiresSeconds?: number
}

export interface RotationPlan {
  name: string
  changes: Change[]
  validUntil: Date | null
}

export interface Rotated extends NewPassword {
  proof: Proof
  validUntil: Date | null
}

/** What a new password takes. Throws `not_found`, and `role_differs` for a role that needs none. Changes nothing. */
export async function planRotation(
  connection: Connection,
  name: string,
  { now, expiresSeconds }: RotationOptions,
): Promise<RotationPlan> {
  const facts = await readServerFacts(connection)
  const role = roleNamed(facts, name)
  refuseWithoutPassword(role)
  // For the password of another a group that we became at login has not the right, and for our own we need none.
  if (facts.login === name && facts.me !== name) await connection.run('set role none')
  const until = expiresSeconds === undefined ? undefined : dateIn(expiresSeconds, now)
  const sql = (verifier: string) => `alter role ${quote(name)} password ${quoteLiteral(verifier)}`
  return {
    name,
    validUntil: until ?? role.validUntil,
    changes: [
      { role: name, kind: 'alter', text: 'has a new password', sql: sql(hiddenVerifier), withVerifier: sql },
      ...(until ? [expiryChange(name, until)] : []),
      ...(mayNote(facts, role) ? [noteRotation(role, now)] : []),
    ],
  }
}

/** Gives a role a new password: keeps it, sets it, and logs in with it. */
export async function rotatePassword(
  connection: Connection,
  { changes, validUntil }: RotationPlan,
  keeper: PasswordKeeper,
): Promise<Rotated> {
  const [password] = await runChanges(connection, changes, () => keeper)
  if (!password) throw new Error('A rotation sets a password.')
  return { ...password, validUntil, proof: await proveNew(connection.address, password, validUntil) }
}

/** Logs in with a password that was set a moment ago, unless that cannot work. */
export async function proveNew(
  address: Address,
  { role, password }: NewPassword,
  validUntil: Date | null,
): Promise<Proof> {
  if (validUntil && validUntil <= new Date()) {
    return { proven: false, why: `passwords of ${role} expired at ${validUntil.toISOString()}` }
  }
  return provePassword(address, role, password)
}

function refuseWithoutPassword(role: RoleFacts): void {
  const { name } = role
  if (isSystemRole(name)) throw new Failure('usage', `"${name}" is a role of PostgreSQL or of Amazon RDS.`)
  if (!role.canLogin) {
    throw new Failure('role_differs', `"${name}" cannot log in, so it needs no password.`, {
      hint: 'Name a role that logs in: pgrig roles',
    })
  }
  if (role.memberships.some((one) => one.role === 'rds_iam')) {
    throw new Failure('role_differs', `"${name}" logs in with a token of IAM: RDS does not ask for its password.`)
  }
}

/** Who changes a comment on a role must be one who can change the role; a password one can also change for oneself. */
function mayNote(facts: ServerFacts, role: RoleFacts): boolean {
  const self = facts.roles.get(facts.me)
  return facts.superuser || (self?.createRole === true && !role.superuser && mayGrant(facts, role.name))
}

function noteRotation({ name, comment }: RoleFacts, now: Date): Change {
  return {
    role: name,
    kind: 'alter',
    text: 'is noted to have got its password now',
    sql: noteOnRole(name, comment, { rotated: now.toISOString() }),
  }
}
