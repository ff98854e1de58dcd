import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dumpSchema, loadScript, migrate, readScript, rollback } from '@pgrig/core'
import { expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../tests/support/database.ts'
import { runIn } from '../../tests/support/schema.ts'
import { readSql } from './test-client.ts'

const folder = join(import.meta.dirname, 'migrations')
const options = { folder, user: 'tests', program: 'tests' }

async function dump(database: TestDatabase): Promise<string> {
  const connection = await database.connect()
  const chunks: Buffer[] = []
  try {
    await dumpSchema(connection, { kind: 'output', write: (chunk) => void chunks.push(Buffer.from(chunk)) })
    return Buffer.concat(chunks).toString()
  } finally {
    await connection.close()
  }
}

/** Dumps what else there is: the way back leaves the table of what was applied, and an older one has fewer columns. */
async function dumpWithoutRecord(database: TestDatabase): Promise<string> {
  await runIn(database, 'drop table schema_migrations')
  return dump(database)
}

test('schema.sql is what the migrations make, to the byte', async () => {
  const database = await testDatabase()
  await migrate(database, options)
  const advice = 'To write it anew, in the folder cruddur: bin/pgrig migrate, or bin/pgrig schema dump'
  expect(await dump(database), advice).toBe(await readSql('schema.sql'))
})

test('a database made by schema.sql knows all migrations as applied, and the way back of all of them leaves nothing', async () => {
  const [database, empty] = [await testDatabase(), await testDatabase()]
  const connection = await database.connect()
  const { rowsChanged } = await loadScript(connection, await readScript(join(import.meta.dirname, 'schema.sql')))
  await connection.close()
  expect((await migrate(database, options)).applied).toEqual([])
  expect(await dump(database)).toBe(await readSql('schema.sql'))
  await rollback(database, { ...options, steps: rowsChanged })
  expect(await dumpWithoutRecord(database)).toBe(await dump(empty))
})

test('a database that was set up before the schema was a dump goes on from there', async () => {
  const [old, now] = [await testDatabase(), await testDatabase()]
  const version = '20261120090000'
  // What it had was the first migration word for word, and a table of versions without anything beside them.
  const first = await readFile(join(folder, `${version}_create_users_and_activities.sql`), 'utf8')
  const [made = ''] = first.split('-- migrate:down')
  await runIn(old, `${made}; create table schema_migrations (version varchar(255) primary key)`)
  await runIn(old, `insert into schema_migrations values ('${version}')`)
  const { applied } = await migrate(old, options)
  expect(applied.map((each) => each.version)).not.toContain(version)
  await migrate(now, options)
  expect(await dumpWithoutRecord(old)).toBe(await dumpWithoutRecord(now))
})
