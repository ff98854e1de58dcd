import { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import { makeScramVerifier } from '../../postgres/wire/scram.ts'
import type { Change, Plan } from './change.ts'
import { makePassword, noKeeper, type KeptPassword, type PasswordKeeper } from './password.ts'
import { planRoles, type RolesPlan, type RolesRequest } from './plan.ts'

/** A password that a role has got. */
export interface NewPassword {
  role: string
  password: string
  /** The file that holds it; null: none does. */
  place: string | null
}

/**
 * Makes a plan true, in one transaction. A role that gets a password gets a random one, which is kept first. Throws `role_differs`
 * where the roles are no longer as they were when the plan was made.
 */
export function applyRoles(
  connection: Connection,
  request: RolesRequest,
  approved: RolesPlan,
  keeperOf: (role: string) => PasswordKeeper,
): Promise<NewPassword[]> {
  return runChanges(connection, approved.changes, keeperOf, async () => {
    const now = await planRoles(connection, request)
    if (statementsOf(now) === statementsOf(approved)) return
    throw new Failure('role_differs', 'The roles were changed by somebody else meanwhile.', {
      hint: 'Run the command again: it plans anew.',
    })
  })
}

/** Runs changes in one transaction, in which nobody else of us changes roles in this database; `check` runs first in it. */
export async function runChanges(
  connection: Connection,
  changes: readonly Change[],
  keeperOf: (role: string) => PasswordKeeper = () => noKeeper,
  check: () => Promise<void> = async () => {},
): Promise<NewPassword[]> {
  const kept: KeptPassword[] = []
  const passwords: NewPassword[] = []
  const verifiers = new Map<Change, string>()
  let committing = false
  try {
    for (const change of changes.filter(({ withVerifier }) => withVerifier)) {
      const password = makePassword()
      verifiers.set(change, await makeScramVerifier(password))
      const one = await keeperOf(change.role).keep(password)
      kept.push(one)
      passwords.push({ role: change.role, password, place: one.place })
    }
    await connection.run(`begin; set local lock_timeout = '${lockSeconds}s'`)
    await connection.query`select pg_advisory_xact_lock(hashtextextended('pgrig roles', 0))`
    await check()
    for (const change of changes) {
      const verifier = verifiers.get(change)
      await connection.run(verifier === undefined ? change.sql : (change.withVerifier?.(verifier) ?? change.sql))
    }
    connection.signal?.throwIfAborted()
    committing = true
    await connection.run('commit')
  } catch (error) {
    // Whether it was done cannot be known: a password that may be the right one is not thrown away.
    const unknown = error instanceof Failure && ['connection_lost', 'interrupted'].includes(error.code)
    if (committing && unknown) throw unknownEnd(error, passwords)
    if (connection.channel.transactionStatus !== 'I') await connection.run('rollback').catch(() => {})
    throw describe(error, await undoAll(kept))
  }
  for (const one of kept) await one.settle()
  return passwords
}

/** Whoever waits for a lock makes others wait behind it: an application would stand still with us. */
export const lockSeconds = 5

function statementsOf({ changes }: Plan): string {
  return changes.map(({ sql }) => sql).join(';\n')
}

function unknownEnd(error: Failure, passwords: readonly NewPassword[]): Failure {
  const places = passwords.flatMap(({ place }) => (place === null ? [] : [place]))
  const files = places.length > 0 ? ` Where it was done, the new password is in ${places.join(', ')}.` : ''
  return error.with({
    state: `It ended while the server was to commit, so all of it was done, or nothing.${files}`,
    hint: 'pgrig roles shows how it is.',
  })
}

/** Takes the passwords away again. Returns the files of which that failed: they hold a password that is none. */
async function undoAll(kept: readonly KeptPassword[]): Promise<string[]> {
  const left: string[] = []
  for (const { place, undo } of kept.toReversed()) await undo().catch(() => left.push(place ?? ''))
  return left
}

function describe(error: unknown, left: readonly string[]): unknown {
  if (!(error instanceof Failure)) return error
  const files =
    left.length > 0 ? ` But ${left.join(', ')} could not be put back, and holds a password that is none.` : ''
  const state = `${error.state ?? 'Nothing was changed.'}${files}`
  if (error.sql?.sqlstate === '55P03') return error.with({ state, hint: 'pgrig sessions shows who holds the lock.' })
  // The detail says what is missing since PostgreSQL 16, where the right to make roles is no longer one over all roles.
  if (error.sql?.sqlstate !== '42501' || !/ADMIN option/i.test(error.sql.detail ?? '')) return error.with({ state })
  return error.with({
    state,
    hint: 'Connect as the role that made it, as one of its administrators, or as a superuser.',
  })
}
