import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { ask, type AskOptions, type Pool } from '../database.ts'
import { folder } from '../folder.ts'

/** A row as the driver gives it. */
export type Row = Record<string, unknown>

/** A statement of `db/queries`: asks it of a pool with its parameters, prepared under the name of the file. */
export type Statement = (pool: Pool, values: unknown[], options?: AskOptions) => Promise<Row[]>

/** The statement of a file of `db/queries`, which is read once. */
export function statement(name: string): Statement {
  const query: pg.QueryConfig = { name, text: readFileSync(join(folder, 'db', 'queries', `${name}.sql`), 'utf8') }
  return (pool, values, options) => ask(pool, { ...query, values }, options)
}
