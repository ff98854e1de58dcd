import type { Connection } from '../postgres/connection.ts'
import { resolveNeeds } from './dependencies.ts'
import type { Schema, Uncovered } from './model.ts'
import { addLabels } from './read/labels.ts'
import { addGrants } from './read/privileges.ts'
import { readObjects } from './read/readers.ts'

/**
 * Works in a transaction that only reads, and sees the database as it is at one moment. Names are printed complete in it, and values the
 * same on every server. Of `tables`, quoted, nobody alters, empties or drops one until the end. No lock is waited for, neither for them
 * nor later: whoever waits for one of these may hold another one, and would lose his transaction to a deadlock.
 */
export async function atOneMoment<T>(
  connection: Connection,
  work: () => Promise<T>,
  tables: readonly string[] = [],
): Promise<T> {
  await connection.run('begin isolation level repeatable read, read only')
  try {
    // Neither of the two takes the snapshot.
    await connection.run(`set local lock_timeout = '10ms'`)
    if (tables.length > 0) await connection.run(`lock table ${tables.join(', ')} in access share mode nowait`)
    await connection.run(settings)
    return await work()
  } finally {
    // A connection that broke has nothing left to roll back, and the failure itself is told.
    await connection.run('rollback').catch(() => {})
  }
}

const settings = `
  select set_config('search_path', '', true), set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'postgres', true),
         set_config('timezone', 'UTC', true), set_config('extra_float_digits', '3', true), set_config('bytea_output', 'hex', true),
         set_config('quote_all_identifiers', 'off', true), set_config('standard_conforming_strings', 'on', true),
         set_config('synchronize_seqscans', 'off', true), set_config('row_security', 'off', true), set_config('xmloption', 'content', true)`

/** Reads the schema of the database; in a transaction of `atOneMoment`. */
export async function readSchema(connection: Connection): Promise<Schema> {
  const uncovered: Uncovered[] = []
  const [version] = await connection.run<{ number: string }>(`select current_setting('server_version_num') as number`)
  const serverVersion = Number(version?.number)
  const reading = { connection, serverVersion, uncovered: (found: Uncovered) => void uncovered.push(found) }
  const read = await addGrants(await readObjects(reading), reading)
  const objects = await resolveNeeds(connection, await addLabels(read, reading))
  return {
    objects: objects.sort((one, other) => (one.id < other.id ? -1 : 1)),
    uncovered: uncovered.sort((one, other) => (one.object < other.object ? -1 : 1)),
    serverVersion,
  }
}
