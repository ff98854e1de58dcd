import { setTimeout as sleep } from 'node:timers/promises'
import { findChanged } from '../catalog/changed.ts'
import type { Schema } from '../catalog/model.ts'
import { ownRelations } from '../catalog/read/own.ts'
import { atOneMoment, readSchema } from '../catalog/schema.ts'
import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import { type Blocker, describeBlocker } from './migrations/blockers.ts'

/** How those are met who change the schema while it is read. */
export interface PatienceOptions {
  /** How long it is tried to read it undisturbed. Default: 60. */
  waitSeconds?: number
  /** Called with a sentence before it is read again. */
  progress?: (line: string) => void
}

/**
 * Reads the schema, and works on in the same transaction: what is read then is of the same moment. Tables are locked against changes until
 * the end, those at least that we may read. What cannot be locked (views, functions, types …) the server prints as it is now and not as it
 * was at that moment: if some of it was changed meanwhile, all is read again. Throws `schema_changing` when there is no end to that.
 */
export async function withSchema<T>(
  connection: Connection,
  { waitSeconds = 60, progress }: PatienceOptions,
  work: (schema: Schema) => Promise<T>,
): Promise<T> {
  const { signal } = connection
  const started = performance.now()
  let locking = true
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(connection, locking ? await listLockable(connection) : [], work)
    } catch (error) {
      if (!(error instanceof Disturbance)) throw error
      const reason = await explain(error, connection)
      const noRoom = error.sqlstate === '53200' && locking
      if (noRoom) locking = false
      else if ((performance.now() - started) / 1000 >= waitSeconds) throw gaveUp(reason, tries, error)
      progress?.(`${reason.replace(/\.$/, '')}; reading it again`)
      await sleep(100 + Math.random() * 400)
      signal?.throwIfAborted()
    }
  }
}

/** Somebody has come between; it may go well another time. */
class Disturbance extends Error {
  readonly sqlstate: string
  /** What was changed. */
  readonly changed: readonly string[]

  constructor(cause: unknown, changed: readonly string[] = []) {
    super('disturbed', { cause })
    this.sqlstate = sqlstateOf(cause)
    this.changed = changed
  }
}

function sqlstateOf(error: unknown): string {
  return error instanceof Failure && error.code === 'sql_error' ? (error.sql?.sqlstate ?? '') : ''
}

/** SQLSTATEs of a lock that was not to be had, and of a standby whose primary has gone on. */
const lockStates = ['55P03', '40P01', '40001']

/** Those of a table that was there, and ours to read, when the list was made; and of a server that has no room for so many locks. */
const lockingStates = [...lockStates, '42P01', '3F000', '42809', '42501', '53200']

async function attempt<T>(
  connection: Connection,
  tables: readonly string[],
  work: (schema: Schema) => Promise<T>,
): Promise<T> {
  let locked = false
  const read = async () => {
    locked = true
    return work(await readUndisturbed(connection))
  }
  try {
    return await atOneMoment(connection, read, tables)
  } catch (error) {
    throw !locked && lockingStates.includes(sqlstateOf(error)) ? new Disturbance(error) : error
  }
}

/** Lists what can be locked, and what we may lock. */
async function listLockable(connection: Connection): Promise<string[]> {
  const rows = await connection.run<{ name: string }>(`
    select format('only %I.%I', n.nspname, c.relname) as name ${ownRelations}
       and c.relkind in ('r', 'p') and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
     order by c.oid`)
  return rows.map(({ name }) => name)
}

async function readUndisturbed(connection: Connection): Promise<Schema> {
  await connection.run('savepoint reading')
  let schema: Schema
  try {
    schema = await readSchema(connection)
  } catch (error) {
    if (lockStates.includes(sqlstateOf(error))) throw new Disturbance(error)
    if (sqlstateOf(error) === '') throw error
    // What was dropped in between makes errors of many kinds.
    await connection.run('rollback to savepoint reading')
    const changed = await findChanged(connection)
    throw changed.length > 0 ? new Disturbance(error, changed) : error
  }
  const changed = await findChanged(connection)
  if (changed.length > 0) throw new Disturbance(undefined, changed)
  await connection.run('set local lock_timeout to default')
  return schema
}

/** Says what came between. */
async function explain({ sqlstate, changed, cause }: Disturbance, connection: Connection): Promise<string> {
  if (changed.length > 0) {
    const more = changed.length > 3 ? ` and ${changed.length - 3} more` : ''
    return `${changed.slice(0, 3).join(', ')}${more} changed while the schema was read.`
  }
  const [holder] = lockStates.includes(sqlstate) ? await listHolders(connection) : []
  if (holder) return `${holder.table} is locked by ${describeBlocker(holder)}.`
  return `The tables could not be locked: ${cause instanceof Error ? cause.message : ''}.`
}

/** Who has locked a table, or queues for it, so that nobody may even look at it: the longest transaction first. */
function listHolders(connection: Connection): Promise<(Blocker & { table: string })[]> {
  return connection.run(`
    select l.pid, usename as role, coalesce(application_name, '') as application, state, query,
           extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds",
           format('%I.%I', n.nspname, c.relname) as table
      from pg_locks l join pg_stat_activity a on a.pid = l.pid
      join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
     where l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid() and c.relpersistence <> 't' and c.relkind in ('r', 'p', 'v', 'm')
       and l.database = (select oid from pg_database where datname = current_database())
     order by xact_start nulls last, c.relname`)
}

function gaveUp(reason: string, tries: number, { cause }: Disturbance): Failure {
  const times = tries === 1 ? 'once' : `${tries} times`
  return new Failure('schema_changing', `The schema could not be read undisturbed (tried ${times}). ${reason}`, {
    cause,
    state: 'Nothing was written.',
    hint: 'Run it again when that is over. pgrig locks shows who waits for whom.',
  })
}
