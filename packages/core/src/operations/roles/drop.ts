import { Failure } from '../../errors.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import { quoteIdentifier as quote } from '../../script/variables.ts'
import { withConnection } from '../connections.ts'
import { lockSeconds } from './apply.ts'
import { counted, countOwned, describeHolding, listHoldings, nameHoldings, type Holding } from './dependencies.ts'
import { isSystemRole, readServerFacts, refuseOurselves, roleNamed, type RoleFacts, type ServerFacts } from './facts.ts'
import { grantRole, mayGrant } from './group-plan.ts'

export interface DropRoleOptions {
  /** Who gets what the role owns, in every database. */
  reassignTo?: string
  /** End the sessions of the role, and let it begin no other. */
  endSessions?: boolean
}

/** What dropping a role takes. */
export interface DropRolePlan {
  name: string
  oid: number
  holdings: Holding[]
  /** The pids of its sessions. */
  sessions: number[]
  memberships: string[]
  /** Roles that are members of it. */
  members: string[]
  statements: DropStatement[]
}

interface DropStatement {
  /** `clear`: in one transaction with the others in that database. `undo`: only when the role could not be dropped. */
  phase: 'before' | 'clear' | 'after' | 'undo'
  database: string
  sql: string
}

export interface DroppedRole {
  name: string
  endedSessions: number
  /** The databases in which something was reassigned or revoked. */
  cleared: string[]
}

/** Finds out what a role has, and what dropping it takes. Throws `not_found`, and `role_in_use` for ourselves. Changes nothing. */
export async function planDropRole(
  cluster: Cluster,
  name: string,
  options: DropRoleOptions = {},
): Promise<DropRolePlan> {
  return withConnection(cluster, async (connection) => {
    const facts = await readServerFacts(connection)
    const role = roleNamed(facts, name)
    checkDroppable(facts, role, options)
    const holdings = await nameHoldings(cluster, role.oid, await listHoldings(connection, role.oid))
    const sessions = await connection.query<{ pid: number }>`
      select pid from pg_stat_activity where usesysid = ${role.oid} order by 1`
    const { memberships } = role
    return {
      name,
      oid: role.oid,
      holdings,
      sessions: sessions.map(({ pid }) => pid),
      memberships: memberships.map((one) => one.role),
      members: [...facts.roles.values()]
        .filter((one) => one.memberships.some((membership) => membership.role === name && membership.inherit))
        .map((one) => one.name),
      statements: listStatements(facts, role, holdings, sessions.length > 0, options),
    }
  })
}

/**
 * Drops a role: ends its sessions, gives what it owns to another and takes back what it was granted, in every database where
 * there is any of it. Throws `role_in_use` while it owns something that nobody is to get, or has sessions that may not be ended,
 * and when a database could not be reached; then says what is left.
 */
export async function dropRole(
  cluster: Cluster,
  plan: DropRolePlan,
  options: DropRoleOptions = {},
): Promise<DroppedRole> {
  refuseUsed(plan, options)
  const { name, oid, statements } = plan
  return withConnection(cluster, async (connection) => {
    const cleared: string[] = []
    const left: string[] = []
    const runPhase = async (phase: DropStatement['phase']) => {
      for (const one of statements) if (one.phase === phase) await connection.run(one.sql)
    }
    try {
      await runPhase('before')
      const ended = options.endSessions ? await endSessions(connection, oid) : 0
      const clearing = statements.filter(({ phase }) => phase === 'clear')
      for (const database of new Set(clearing.map((one) => one.database))) {
        try {
          await clear(
            cluster,
            database,
            oid,
            clearing.filter((one) => one.database === database),
          )
          cleared.push(database)
        } catch (error) {
          if (!(error instanceof Failure) || error.code === 'interrupted') throw error
          left.push(`${database}: ${error.message}`)
        }
      }
      if (left.length > 0) throw unfinished(plan, cleared, left)
      await runPhase('after')
      return { name, endedSessions: ended, cleared }
    } catch (error) {
      await runPhase('undo').catch(() => {})
      throw describe(error, plan, cleared)
    }
  })
}

function checkDroppable(facts: ServerFacts, role: RoleFacts, { reassignTo }: DropRoleOptions): void {
  const { name } = role
  if (isSystemRole(name)) throw new Failure('usage', `"${name}" is a role of PostgreSQL or of Amazon RDS.`)
  refuseOurselves(facts, name)
  if (reassignTo === undefined) return
  roleNamed(facts, reassignTo)
  if (reassignTo === name) throw new Failure('usage', 'What a role owns cannot be reassigned to itself.')
}

function listStatements(
  facts: ServerFacts,
  { name, ours, canLogin }: RoleFacts,
  holdings: readonly Holding[],
  hasSessions: boolean,
  { reassignTo, endSessions: end }: DropRoleOptions,
): DropStatement[] {
  const { version, me, superuser, database } = facts
  const here = (phase: DropStatement['phase'], sql: string) => ({ phase, database, sql })
  const mustJoin = !superuser && !ours && (holdings.length > 0 || hasSessions)
  const heir = reassignTo === undefined ? undefined : facts.roles.get(reassignTo)
  // To give something to a role, one has to be able to become it.
  const mustJoinHeir = heir && !superuser && !heir.ours && mayGrant(facts, heir.name)
  return [
    ...(end && canLogin ? [here('before', `alter role ${quote(name)} nologin`)] : []),
    ...(mustJoin ? [here('before', grantRole(version, name, me, true))] : []),
    ...(mustJoinHeir ? [here('before', grantRole(version, heir.name, me, true))] : []),
    ...[...new Set(holdings.map((holding) => holding.database ?? database))].flatMap((place) => [
      ...(heir
        ? [{ ...here('clear', `reassign owned by ${quote(name)} to ${quote(heir.name)}`), database: place }]
        : []),
      { ...here('clear', `drop owned by ${quote(name)}`), database: place },
    ]),
    ...(mustJoinHeir ? [here('after', `revoke ${quote(heir.name)} from ${quote(me)}`)] : []),
    here('after', `drop role ${quote(name)}`),
    // It was shut out so that it does not come back while it is dropped.
    ...(end && canLogin ? [here('undo', `alter role ${quote(name)} login`)] : []),
    ...(mustJoin ? [here('undo', `revoke ${quote(name)} from ${quote(me)}`)] : []),
    ...(mustJoinHeir ? [here('undo', `revoke ${quote(heir.name)} from ${quote(me)}`)] : []),
  ]
}

function refuseUsed(
  { name, holdings, sessions }: DropRolePlan,
  { reassignTo, endSessions: end }: DropRoleOptions,
): void {
  const owns = holdings.some(({ owned }) => owned > 0) && reassignTo === undefined
  const busy = sessions.length > 0 && !end
  if (!owns && !busy) return
  const reasons = [
    ...(owns ? holdings.map(describeHolding) : []),
    ...(busy ? [`it has ${counted(sessions.length, 'session', 'sessions')}: pid ${sessions.join(', ')}`] : []),
  ]
  const flags = [...(owns ? ['--reassign-to ROLE'] : []), ...(busy ? ['--end-sessions'] : [])]
  throw new Failure('role_in_use', `"${name}" cannot be dropped:\n${reasons.map((line) => `  ${line}`).join('\n')}`, {
    state: 'Nothing was changed.',
    hint: `Add ${flags.join(' and ')}.`,
  })
}

async function endSessions(connection: Connection, oid: number): Promise<number> {
  const rows = await connection.query<{ ended: boolean }>`
    select pg_terminate_backend(pid, 5000) as ended from pg_stat_activity where usesysid = ${oid}`
  return rows.filter(({ ended }) => ended).length
}

/** One transaction in one database. */
async function clear(
  cluster: Cluster,
  database: string,
  oid: number,
  statements: readonly DropStatement[],
): Promise<void> {
  const connection = await cluster.connect(database)
  try {
    await connection.run(`begin; set local lock_timeout = '${lockSeconds}s'`)
    for (const { sql } of statements) {
      // What it would still own would be dropped with everything that depends on it.
      if (sql.startsWith('drop owned') && (await countOwned(connection, oid)) > 0) {
        throw new Failure('role_in_use', 'it has just made something there, which would be dropped with it.')
      }
      await connection.run(sql)
    }
    await connection.run('commit')
  } finally {
    await connection.close()
  }
}

function unfinished({ name }: DropRolePlan, cleared: readonly string[], left: readonly string[]): Failure {
  return new Failure(
    'role_in_use',
    `"${name}" is still there: it has something in\n${left.map((line) => `  ${line}`).join('\n')}`,
    {
      hint: 'Make these databases reachable for the role of the target, and run the command again.',
      ...(cleared.length > 0 && { state: `What it had in ${cleared.join(', ')} is reassigned or taken back.` }),
    },
  )
}

function describe(error: unknown, { name }: DropRolePlan, cleared: readonly string[]): unknown {
  if (!(error instanceof Failure) || error.state !== undefined) return error
  const state =
    cleared.length > 0
      ? `"${name}" is still there; what it had in ${cleared.join(', ')} is reassigned or taken back.`
      : `"${name}" is still there, with all that it has.`
  return error.with({ state })
}
