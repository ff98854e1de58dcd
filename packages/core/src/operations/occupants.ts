import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import type { ClientProcess } from '../postgres/client-processes.ts'
import type { Connection } from '../postgres/connection.ts'
import { quoteLiteral } from '../script/variables.ts'
import type { Deed } from './copies.ts'
import type { DatabaseState } from './database-state.ts'
import { nameProcesses } from './sessions.ts'

/** A session in the database that has to go before it can be put aside. */
export interface Occupant {
  pid: number
  /** Null: a process of the server itself. */
  user: string | null
  /** IP address; null: over a Unix socket, or we may not see it. */
  client: string | null
  /** -1: a Unix socket. */
  clientPort: number | null
  /** As PostgreSQL writes it. Null: we may not see it. */
  startedAt: string | null
  application: string
  /** As PostgreSQL says it: active, idle … Null: we may not see it. */
  state: string | null
  /** As PostgreSQL says it: client backend, walsender … Null: we may not see it. */
  kind: string | null
  /** We may end it: nobody but a superuser may end the session of one. */
  endable: boolean
  /** Another pgrig at work, which we never end. */
  ours: boolean
  /** The program behind it, where it runs on this machine and the system tells. */
  process?: ClientProcess | null
}

interface PreparedTransaction {
  gid: string
  owner: string
  seconds: number
}

/** All that keeps a database from being dropped or renamed. */
interface Occupation {
  sessions: Occupant[]
  prepared: PreparedTransaction[]
  subscriptions: string[]
}

/** Lists the sessions in a database, those of the server's own that would not leave by themselves included. */
export function listOccupants(connection: Connection, { oid }: DatabaseState): Promise<Occupant[]> {
  // A shell that somebody has opened with pgrig connect is a guest like any other. Parallel workers go with their leader, and
  // autovacuum makes way by itself; of those that we may not see, it has no user.
  return connection.query<Occupant>`
    select pid, usename::text as "user", host(client_addr) as client, client_port as "clientPort",
           backend_start::text as "startedAt", coalesce(application_name, '') as application, state,
           backend_type as kind,
           me.rolsuper or (usesysid is not null and not coalesce(rolsuper_of_theirs, true)
             and (pg_has_role(usesysid, 'usage') or pg_has_role('pg_signal_backend', 'usage'))) as endable,
           coalesce(application_name, '') ~ '^pgrig (?!connect$)' as ours
      from pg_stat_activity
      join pg_roles me on me.rolname = current_user
      left join (select oid as their_oid, rolsuper as rolsuper_of_theirs from pg_roles) theirs on their_oid = usesysid
     where datid = ${oid} and pid <> pg_backend_pid()
       and coalesce(backend_type, case when usesysid is null then 'autovacuum worker' end, '')
           not in ('autovacuum worker', 'parallel worker')
     order by pid`
}

async function look(connection: Connection, state: DatabaseState): Promise<Occupation> {
  return {
    sessions: await withPrograms(connection, await listOccupants(connection, state)),
    prepared: await connection.query<PreparedTransaction>`
      select gid, owner::text as owner, extract(epoch from clock_timestamp() - prepared)::float8 as seconds
        from pg_prepared_xacts where database = ${state.name} order by prepared`,
    subscriptions: (
      await connection.query<{ name: string }>`
        select subname::text as name from pg_subscription where subdbid = ${state.oid} order by subname`
    ).map(({ name }) => name),
  }
}

async function withPrograms(connection: Connection, sessions: Occupant[]): Promise<Occupant[]> {
  if (sessions.length === 0) return sessions
  const { processFinder } = await import('../postgres/client-processes.ts')
  return nameProcesses(connection, sessions, processFinder())
}

/** Says whether `force` would be enough for what is in the way. */
function yields({ sessions, prepared, subscriptions }: Occupation): boolean {
  return prepared.length === 0 && subscriptions.length === 0 && sessions.every(({ endable, ours }) => endable && !ours)
}

function isNobody({ sessions, prepared, subscriptions }: Occupation): boolean {
  return sessions.length + prepared.length + subscriptions.length === 0
}

const leavingMilliseconds = 200

/**
 * Throws `database_busy`, with the name of all that is in the way, unless nobody and nothing is; or, with force, unless it
 * is sessions that we may end.
 */
export async function refuseOccupied(
  connection: Connection,
  state: DatabaseState,
  { force, deed }: { force: boolean; deed: Deed },
): Promise<void> {
  if (!state.occupied) return
  const free = (found: Occupation) => (force ? yields(found) : isNobody(found))
  let found = await look(connection, state)
  if (free(found)) return
  // A program that has just ended may still be seen.
  await sleep(leavingMilliseconds)
  found = await look(connection, state)
  if (!free(found)) throw busyFailure(state, found, { force, deed })
}

/** The same, after a statement of ours met somebody. */
export async function occupiedFailure(
  connection: Connection,
  state: DatabaseState,
  options: { force: boolean; deed: Deed; ended?: number },
  cause?: Failure,
): Promise<Failure> {
  return busyFailure(state, await look(connection, state), options, cause)
}

const done: Record<Deed, string> = { drop: 'dropped', setup: 'dropped', undo: 'put aside' }

function busyFailure(
  state: DatabaseState,
  found: Occupation,
  { force, deed, ended = 0 }: { force: boolean; deed: Deed; ended?: number },
  cause?: Failure,
): Failure {
  const { sessions, prepared, subscriptions } = found
  const what = [
    sessions.length > 0 &&
      (sessions.length === 1 ? 'a session is' : `${sessions.length} sessions are`) + ' connected to it',
    prepared.length > 0 &&
      (prepared.length === 1 ? 'a prepared transaction is' : `${prepared.length} prepared transactions are`) +
        ' open in it',
    subscriptions.length > 0 && (subscriptions.length === 1 ? 'it has a subscription' : 'it has subscriptions'),
  ].filter((each) => each !== false)
  const lines = [
    ...sessions.map((session) => describeOccupant(session)),
    ...prepared.map(
      ({ gid, owner, seconds }) =>
        `prepared transaction ${quoteLiteral(gid).trim()} of ${owner} · ${describeAge(seconds)} old`,
    ),
    ...subscriptions.map((name) => `subscription ${name}`),
  ]
  const why = what.length > 0 ? what.join(', ') : 'somebody was connected to it'
  const rest = lines.length > 0 ? lines : [cause?.sql?.detail ?? 'They are gone by now: try again.']
  const heading = `${state.name} cannot be ${done[deed]}: ${why}.`
  return new Failure('database_busy', [heading, ...rest.map((line) => `  ${line}`)].join('\n'), {
    ...(cause && { cause }),
    state: stateOf(state, deed, ended),
    hint: hintFor(found, force),
  })
}

function stateOf({ name, dropping }: DatabaseState, deed: Deed, ended: number): string {
  const who =
    ended === 0 ? 'nobody was disconnected' : `${ended === 1 ? 'one session was' : `${ended} sessions were`} ended`
  const open = dropping ? ` ${name} still lets nobody in: pgrig undo lets connections in again.` : ''
  return `Nothing was ${done[deed]}, ${who}.${ended > 0 ? ` ${name} lets connections in again.` : open}`
}

function hintFor({ sessions, prepared, subscriptions }: Occupation, force: boolean): string {
  if (prepared.length > 0) {
    const gid = quoteLiteral(prepared[0]?.gid ?? '').trim()
    return `A prepared transaction is ended in a session of its database: commit prepared ${gid}, or rollback prepared ${gid}.`
  }
  if (subscriptions.length > 0) return `Drop it first, in that database: drop subscription ${subscriptions[0]}.`
  if (sessions.some(({ endable }) => !endable))
    return 'Have a superuser end the sessions that you may not, or wait for them.'
  if (sessions.some(({ ours }) => ours)) return 'Let the other pgrig finish, or stop it: its sessions are never ended.'
  return force ? 'Try again.' : 'End them with --force, or close them yourself (pgrig sessions --all lists them).'
}

function describeAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** One session in one line. */
function describeOccupant({ pid, user, client, application, state, kind, endable, ours, process }: Occupant): string {
  return [
    `pid ${pid}`,
    user === null
      ? (kind ?? 'a process of the server')
      : kind === null
        ? user
        : `${user} from ${client ?? 'this machine'}`,
    application,
    process && `process ${process.pid}, ${[process.program, process.script].filter(Boolean).join(' ')}`,
    kind === 'walsender' ? 'reads a logical replication slot' : state,
    !endable && 'you may not end it',
    endable && ours && 'another pgrig at work',
  ]
    .filter(Boolean)
    .join(' · ')
}
