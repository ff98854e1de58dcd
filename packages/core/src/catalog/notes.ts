import type { Connection } from '../postgres/connection.ts'
import { quoteIdentifier, quoteLiteral } from '../script/variables.ts'

/**
 * What pgrig notes down about a database or a role: JSON in the last line of its comment, behind whatever a person wrote there.
 * A comment is read by everybody and over any database of the server, is changed in a transaction, stays through a rename, is not
 * copied with a template or a dump, and an owner that is no superuser may set it; a setting of the database (`alter database … set
 * pgrig.…`) is for superusers only.
 */
export type Notes = Readonly<Record<string, unknown>>

const mark = 'pgrig: '

/** Takes a comment apart. */
export function parseComment(comment: string | null): { text: string; notes: Notes } {
  const lines = (comment ?? '').split('\n')
  const last = lines.at(-1) ?? ''
  const notes = last.startsWith(mark) ? parseNotes(last.slice(mark.length)) : undefined
  return notes ? { text: lines.slice(0, -1).join('\n'), notes } : { text: comment ?? '', notes: {} }
}

function parseNotes(text: string): Notes | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Notes) : undefined
  } catch {
    return undefined
  }
}

/** A comment with the notes in it; null: there is nothing left to say. A note that is undefined goes. */
export function formatComment(text: string, notes: Notes): string | null {
  const kept = JSON.stringify(notes)
  const lines = [...(text === '' ? [] : [text]), ...(kept === '{}' ? [] : [`${mark}${kept}`])]
  return lines.length === 0 ? null : lines.join('\n')
}

/** Reads the notes of a database, from any database of the server. A database that is not there has none. */
export async function readDatabaseNotes(connection: Connection, database: string): Promise<Notes> {
  const [found] = await connection.query<{ comment: string | null }>`
    select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${database}`
  return parseComment(found?.comment ?? null).notes
}

/** Whether the notes of a database say that it is production. */
export function isMarked(notes: Notes): boolean {
  return notes['protected'] === true
}

/** The same as a regular expression of PostgreSQL, for its comment. */
export const markedAsProduction = '(^|\\n)pgrig: [^\\n]*"protected":true'

/** The statement that changes the notes of a database, given its present comment. Its owner may run it. */
export function noteOnDatabase(database: string, comment: string | null, change: Notes): string {
  return `comment on database ${quoteIdentifier(database)} is ${changed(comment, change)}`
}

/** The statement that changes the notes of a role, given its present comment. Needs what changing the role needs. */
export function noteOnRole(role: string, comment: string | null, change: Notes): string {
  return `comment on role ${quoteIdentifier(role)} is ${changed(comment, change)}`
}

function changed(comment: string | null, change: Notes): string {
  const { text, notes } = parseComment(comment)
  const after = formatComment(text, { ...notes, ...change })
  return after === null ? 'null' : quoteLiteral(after)
}
