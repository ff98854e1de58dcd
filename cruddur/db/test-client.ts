import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'

export interface TestClient {
  client: pg.Client
  clientConfig: pg.ClientConfig
}

/** A client on a new database of this test file, with the named files of this folder loaded into it. */
export async function testClient(...files: string[]): Promise<TestClient> {
  const { clientConfig } = await testDatabase()
  const client = new pg.Client(clientConfig)
  await client.connect()
  afterAll(() => client.end())
  for (const file of files) await loadSql(client, file)
  return { client, clientConfig }
}

/** Runs a file of this folder. */
export async function loadSql(client: pg.Client, file: string): Promise<void> {
  await client.query(await readSql(file))
  // A dump leaves an empty search_path behind.
  await client.query('reset all')
}

/** The text of a file of this folder. */
export function readSql(file: string): Promise<string> {
  return readFile(join(import.meta.dirname, file), 'utf8')
}

/** Adds a person, and returns their uuid. */
export async function addPerson(client: pg.Client, handle: string): Promise<string> {
  const { rows } = await client.query<{ uuid: string }>(
    'insert into users (display_name, handle, cognito_user_id) values ($1, $2, $3) returning uuid',
    [handle || '?', handle, `sub-${handle}`],
  )
  return only(rows).uuid
}

export interface Said {
  message?: string
  replyTo?: string
  /** An interval before now. */
  age?: string
  /** An interval after it was written. */
  life?: string
  likes?: number
}

/** Adds an activity, and returns its uuid. */
export async function addActivity(client: pg.Client, author: string, said: Said = {}): Promise<string> {
  const { message = 'Hello', replyTo = null, age = '0 s', life = '1 hour', likes = 0 } = said
  const { rows } = await client.query<{ uuid: string }>(
    `insert into activities (user_uuid, message, reply_to_activity_uuid, likes_count, created_at, expires_at)
     values ($1, $2, $3, $4, now() - $5::interval, now() - $5::interval + $6::interval) returning uuid`,
    [author, message, replyTo, likes, age, life],
  )
  return only(rows).uuid
}

/** The one row of an answer that has one. */
export function only<Row>(rows: Row[]): Row {
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new Error(`One row was expected, not ${rows.length}`)
  return row
}
