import type { Location } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import type { ScriptSource } from '../script/files.ts'
import type { RunScriptOptions } from './run-script.ts'

/** Something that a script would lose. */
export interface Loss {
  location: Location
  /** `drops the table`, `drops the schema s, and with it the table` … */
  action: string
  /** What it acts on, as SQL names it; undefined: the action says it all. */
  object?: string
  /** Null: unknown. */
  rows: number | null
  /** `rows` is an estimate. */
  estimated: boolean
  /** Null: unknown, or it is not all of it. */
  sizeBytes: number | null
}

/** What may lose something or not. */
export interface UnknownLoss {
  location: Location
  /** Follows the place: `runs a block in plpython3u`. */
  why: string
}

/** What scripts would lose, by place. */
export interface Losses {
  losses: Loss[]
  unknown: UnknownLoss[]
  /** Why the server could not be looked at: names are then those that are written, be they there or not. */
  notLooked?: string
}

/**
 * Finds what scripts would lose if they ran now: reads them with PostgreSQL's own parser, and asks the server what is behind the
 * names. It only looks, in a read-only transaction that takes no lock stronger than ACCESS SHARE and waits for none. What the
 * script has made itself is no loss, and neither is what is not there. Without a connection nothing is known but the names.
 *
 * Triggers, rules and operators that a statement sets off are not looked into.
 */
export async function findLosses(
  sources: readonly ScriptSource[],
  connection: Connection | undefined,
  options: RunScriptOptions = {},
): Promise<Losses> {
  // Loaded with the parser only where a guard asks: both are large.
  const { lookForLosses } = await import('./loss-look.ts')
  return lookForLosses(sources, connection, options)
}
