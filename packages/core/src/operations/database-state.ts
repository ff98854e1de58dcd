import { parseComment, type Notes } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withMaintenance } from './connections.ts'
import { readDropping, readSetup, type DroppingNote, type SetupNote } from './copies.ts'

/** A database as it stands, seen from another one. */
export interface DatabaseState {
  name: string
  oid: number
  owner: string
  /** Its comment, with our notes in it. */
  comment: string | null
  notes: Notes
  /** A drop, setup or undo has closed it, and is at work or was interrupted. */
  dropping: DroppingNote | undefined
  /** A setup has made it, and is at work or was interrupted. */
  setup: SetupNote | undefined
  /** `allow_connections`, as it was before we closed it. */
  open: boolean
  isTemplate: boolean
  /** Half of it was dropped: PostgreSQL lets nobody in, and all that can be done is to drop it again. */
  invalid: boolean
  /** Whether anybody or anything is in it that has to be looked at. */
  occupied: boolean
  /** We may rename it: its owner needs CREATEDB for that, and not for a drop. */
  mayRename: boolean
  /** The server's clock. */
  now: Date
}

interface StateRow extends Omit<DatabaseState, 'name' | 'notes' | 'dropping' | 'setup' | 'now'> {
  milliseconds: number
}

/** Finds a database by its name, over a connection to another one. */
export async function findDatabase(connection: Connection, name: string): Promise<DatabaseState | undefined> {
  // Counts are cheap; pg_stat_activity, which has the names, is not. -2 marks what an interrupted drop of PostgreSQL's own
  // left (pg_database.h, DATCONNLIMIT_INVALID_DB).
  const [found] = await connection.query<StateRow>`
    select oid::int8::float8 as oid, pg_get_userbyid(datdba)::text as owner, shobj_description(oid, 'pg_database') as comment,
           datallowconn as open, datistemplate as "isTemplate", datconnlimit = -2 as invalid,
           pg_stat_get_db_numbackends(oid) > 0
             or exists (select from pg_prepared_xacts where database = datname)
             or exists (select from pg_subscription where subdbid = pg_database.oid) as occupied,
           (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as "mayRename",
           (extract(epoch from clock_timestamp()) * 1000)::float8 as milliseconds
      from pg_database where datname = ${name}`
  if (!found) return undefined
  const { milliseconds, ...rest } = found
  const { notes } = parseComment(rest.comment)
  const dropping = readDropping(notes)
  return {
    ...rest,
    name,
    notes,
    dropping,
    setup: readSetup(notes),
    open: dropping ? dropping.open : rest.open,
    now: new Date(Math.floor(milliseconds)),
  }
}

/** How large the target's database is; undefined: it is not there, or we may not know. */
export function readDatabaseSize(cluster: Cluster): Promise<number | undefined> {
  return withMaintenance(cluster, async (connection) => {
    const [found] = await connection.query<{ bytes: number | null }>`
      select case when has_database_privilege(oid, 'connect') or pg_has_role('pg_read_all_stats', 'usage')
                  then pg_database_size(oid)::float8 end as bytes
        from pg_database where datname = ${cluster.database}`
    return found?.bytes ?? undefined
  })
}

/** Throws `refused` for what belongs to the server itself, and for templates. */
export function refuseSpecial({ name, isTemplate }: DatabaseState): void {
  const nothing = 'Nothing was changed.'
  if (['postgres', 'template0', 'template1'].includes(name)) {
    throw new Failure('refused', `${name} belongs to the server itself: other programs count on it.`, {
      state: nothing,
    })
  }
  if (isTemplate) {
    throw new Failure('refused', `${name} is a template, from which other databases are made.`, {
      state: nothing,
      hint: `Make it an ordinary one first: alter database ${name} is_template false`,
    })
  }
}

/**
 * Waits until nobody else drops, sets up or brings back the database of that name, and keeps others waiting until the
 * connection closes.
 */
export async function lockDatabase(connection: Connection, name: string): Promise<void> {
  await connection.query`select pg_advisory_lock(hashtextextended(${lockWords(name)}, 0))`
}

/** Whether somebody drops, sets up or brings back the database of that name right now. */
export async function isLocked(connection: Connection, name: string): Promise<boolean> {
  // A key of 64 bits is shown in two halves, with objsubid = 1 (PostgreSQL manual, pg_locks).
  const rows = await connection.query`
    select from pg_locks, hashtextextended(${lockWords(name)}, 0) as key
     where locktype = 'advisory' and objsubid = 1 and granted
       and classid::int8 = (key >> 32) & 4294967295 and objid::int8 = key & 4294967295`
  return rows.length > 0
}

function lockWords(name: string): string {
  return `pgrig database ${name}`
}
