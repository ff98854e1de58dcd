import { noteOnDatabase, type Notes } from '../catalog/notes.ts'
import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import type { Deed } from './copies.ts'
import type { DatabaseState } from './database-state.ts'

/** A database that gets another name. */
export interface Move {
  from: string
  to: string
  /** Whether it lets connections in afterwards. */
  open: boolean
  /** Its comment so far, and what changes in the notes there. */
  comment: string | null
  notes: Notes
}

/** The statements that give databases other names; together they are one transaction. */
export function moveStatements(moves: readonly Move[]): string[] {
  return moves.flatMap(({ from, to, open, comment, notes }) => [
    `alter database ${quoteIdentifier(from)} rename to ${quoteIdentifier(to)}`,
    `alter database ${quoteIdentifier(to)} allow_connections ${open}`,
    noteOnDatabase(to, comment, notes),
  ])
}

/** Gives databases other names: all of them or none, since what is sent as one is one transaction. */
export async function moveDatabases(connection: Connection, moves: readonly Move[]): Promise<void> {
  await connection.run(moveStatements(moves).join('; '))
}

/** What a database is that becomes a copy. */
type Standing = Pick<DatabaseState, 'name' | 'open' | 'comment' | 'now'>

/** A database becomes a copy. */
export function toCopy(state: Standing, copy: string, command: Deed, by: string): Move {
  const { name, open, comment, now } = state
  const dropped = { name, at: now.toISOString(), by, command, open }
  return { from: name, to: copy, open: false, comment, notes: { dropping: undefined, setup: undefined, dropped } }
}

/** What an interrupted or failed setup has made gets a name under which it can be dropped at leisure. */
export function toLeftover({ name, comment }: DatabaseState, leftover: string): Move {
  const notes = { dropping: undefined, setup: undefined, discarded: name }
  return { from: name, to: leftover, open: false, comment, notes }
}

/** A copy gets its old name back. */
export function fromCopy(state: DatabaseState, database: string, open: boolean): Move {
  return { from: state.name, to: database, open, comment: state.comment, notes: { dropped: undefined } }
}

/** Throws `refused` where we may drop a database but not rename it, so that no copy could be kept. */
export function refuseWithoutCreatedb({ name, mayRename }: DatabaseState, user: string, deed: Deed): void {
  if (mayRename) return
  const loses = deed === 'undo' ? '' : ', so no copy of it could be kept'
  throw new Failure('refused', `${user} may not rename ${name}${loses}: the role has no CREATEDB.`, {
    state: 'Nothing was changed.',
    hint:
      deed === 'undo'
        ? `Have somebody with the right to say: alter role ${user} createdb`
        : `Drop it for good with --no-undo, or have somebody with the right to say: alter role ${user} createdb`,
  })
}

/** Drops a database that is put aside. Returns false where that did not work: there is another time. */
export async function dropAside(connection: Connection, name: string): Promise<boolean> {
  try {
    await connection.run(`drop database if exists ${quoteIdentifier(name)}`)
    return true
  } catch (error) {
    if (error instanceof Failure && error.code === 'sql_error') return false
    throw error
  }
}
