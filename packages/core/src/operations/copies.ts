import { parseComment, type Notes } from '../catalog/notes.ts'
import type { Connection } from '../postgres/connection.ts'

/** The commands that put a database aside. */
export type Deed = 'drop' | 'setup' | 'undo'

/** On a database that was closed to be put aside or dropped, while that lasts. */
export interface DroppingNote {
  /** ISO 8601, UTC. */
  at: string
  by: string
  /** The machine it is done from. */
  host: string
  command: Deed
  /** `allow_connections`, as it was. */
  open: boolean
}

/** On a database that a setup has made, until its scripts have run. */
export interface SetupNote {
  at: string
  by: string
  /** What was there before is kept as this. */
  copy?: string
}

/** On a copy: what it was. */
export interface DroppedNote {
  /** The name that it had. */
  name: string
  at: string
  by: string
  command: Deed
  /** `allow_connections`, as it was. */
  open: boolean
}

/** A database that was dropped, set up anew or swapped by undo, and is kept under another name. */
export interface Copy {
  /** Its name on the server. */
  copy: string
  /** The name that it had. */
  database: string
  /** ISO 8601, UTC. */
  droppedAt: string
  droppedBy: string
  command: Deed
  /** Null: we may not know it, or it was not asked for. */
  sizeBytes: number | null
}

/** How long copies are kept. */
export interface CopyLimits {
  days: number
  /** The newest so many of each name. */
  copies: number
}

export const defaultLimits: CopyLimits = { days: 7, copies: 3 }

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const deed = (value: unknown): Deed => (value === 'setup' || value === 'undo' ? value : 'drop')

export function readDropping({ dropping }: Notes): DroppingNote | undefined {
  if (!isRecord(dropping)) return undefined
  const { at, by, host, command, open } = dropping
  return { at: text(at), by: text(by), host: text(host), command: deed(command), open: open !== false }
}

export function readSetup({ setup }: Notes): SetupNote | undefined {
  if (!isRecord(setup)) return undefined
  const { at, by, copy } = setup
  return { at: text(at), by: text(by), ...(typeof copy === 'string' && { copy }) }
}

export function readDropped({ dropped }: Notes): DroppedNote | undefined {
  if (!isRecord(dropped) || typeof dropped['name'] !== 'string') return undefined
  const { name, at, by, command, open } = dropped
  return { name, at: text(at), by: text(by), command: deed(command), open: open !== false }
}

/** What we call databases that are put aside: copies are `dropped`; what is being made or thrown away is `setup`. */
type Aside = 'dropped' | 'setup'

/** Finds a free name for a database that is put aside: `cruddur__dropped_20261101123045`. */
export async function nameAside(connection: Connection, name: string, kind: Aside, now: Date): Promise<string> {
  const candidates = Array.from({ length: 99 }, (_, at) => asideName(name, kind, now, at === 0 ? '' : `_${at + 1}`))
  const [free] = await connection.query<{ name: string }>`
    select name from unnest(${candidates}::text[]) with ordinality as candidate(name, place)
     where not exists (select from pg_database where datname = name) order by place limit 1`
  if (!free) throw new Error('unreachable: a hundred databases of one name were put aside in one second')
  return free.name
}

/** The name of a database that is put aside, if nothing else has it. */
export function asideName(name: string, kind: Aside, now: Date, more = ''): string {
  const ending = `__${kind}_${now.toISOString().replace(/\D/g, '').slice(0, 14)}${more}`
  return `${cutTo(name, 63 - ending.length)}${ending}`
}

/** The beginning of a name that takes no more than so many bytes: PostgreSQL cuts names at 63, and not between letters. */
export function cutTo(name: string, bytes: number): string {
  let length = 0
  let kept = ''
  for (const letter of name) {
    length += Buffer.byteLength(letter)
    if (length > bytes) break
    kept += letter
  }
  return kept
}

interface AsideRow {
  name: string
  comment: string | null
  sizeBytes: number | null
  /** Half of it is dropped. */
  invalid: boolean
}

/** All that is put aside on the server. One that somebody has opened or renamed by hand is his, and ours no more. */
export interface PutAside {
  /** Newest first. */
  copies: Copy[]
  /** What an interrupted setup, undo or prune has left, and of which database: nobody needs it. */
  leftovers: { name: string; database: string | undefined }[]
}

/** Lists what is put aside on the server; with `sizes`, how large the copies are. */
export async function listPutAside(connection: Connection, { sizes = false } = {}): Promise<PutAside> {
  const rows = await connection.query<AsideRow>`
    select datname::text as name, shobj_description(oid, 'pg_database') as comment,
           case when ${sizes} and datconnlimit <> -2 and (has_database_privilege(oid, 'connect') or pg_has_role('pg_read_all_stats', 'usage'))
                then pg_database_size(oid)::float8 end as "sizeBytes", datconnlimit = -2 as invalid
      from pg_database
     where datname ~ '__(dropped|setup)_[0-9]{14}(_[0-9]+)?$' and not datallowconn`
  const copies: Copy[] = []
  const leftovers: PutAside['leftovers'] = []
  for (const { name, comment, sizeBytes, invalid } of rows) {
    const { text: words, notes } = parseComment(comment)
    const dropped = readDropped(notes)
    if (/__dropped_\d+(_\d+)?$/.test(name)) {
      if (!dropped) continue
      if (invalid) leftovers.push({ name, database: dropped.name })
      if (invalid) continue
      const { name: database, at, by, command } = dropped
      copies.push({ copy: name, database, droppedAt: at, droppedBy: by, command, sizeBytes })
      continue
    }
    const { discarded } = notes
    if (typeof discarded === 'string') leftovers.push({ name, database: discarded })
    else if (words === '' && Object.keys(notes).length === 0) leftovers.push({ name, database: undefined })
  }
  copies.sort(
    (one, other) => Date.parse(other.droppedAt) - Date.parse(one.droppedAt) || (one.copy < other.copy ? 1 : -1),
  )
  return { copies, leftovers }
}

/** Lists the copies of the server, newest first. */
export async function listCopies(connection: Connection, options?: { sizes?: boolean }): Promise<Copy[]> {
  return (await listPutAside(connection, options)).copies
}

/** The copy of that name; what was not found out of it, we know. */
export function keptCopy(
  copies: readonly Copy[],
  copy: string | undefined,
  { database, at, by, command }: { database: string; at: Date; by: string; command: Deed },
): Copy | null {
  if (copy === undefined) return null
  const known = { copy, database, droppedAt: at.toISOString(), droppedBy: by, command, sizeBytes: null }
  return copies.find((each) => each.copy === copy) ?? known
}

/** When the limits let a copy go, if nothing else does before. */
export function expiryOf({ droppedAt }: Copy, { days }: CopyLimits): Date {
  return new Date(Date.parse(droppedAt) + days * 86_400_000)
}

/**
 * Picks the copies of one database that are over the limits. On production only those that are too old, however many there
 * are.
 */
export function pickExpired(
  copies: readonly Copy[],
  database: string,
  limits: CopyLimits,
  { now, production = false }: { now: Date; production?: boolean },
): Copy[] {
  return copies
    .filter((copy) => copy.database === database)
    .filter((copy, place) => expiryOf(copy, limits) < now || (!production && place >= limits.copies))
}
