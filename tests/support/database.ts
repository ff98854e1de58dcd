import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ClientConfig } from 'pg'
import { afterAll, expect, inject } from 'vitest'
import { connect, type Address, type Cluster, type Connection } from '../../packages/core/src/index.ts'

export interface TestDatabase extends Cluster {
  address: Address
  /** Over the socket, where no password is asked. */
  clientConfig: ClientConfig
  /** Over TCP, with the password, as a server elsewhere would be reached. */
  url: string
}

let count = 0

/** Creates a database for this test file on the shared server; it goes when the file is done. `template`: what it is a copy of, and how. */
export async function testDatabase(template = 'template1'): Promise<TestDatabase> {
  const database = freshName()
  await administer(`create database "${database}" template ${template}`)
  afterAll(() => removeDatabase(database))
  return describeDatabase(database)
}

/** A name for a database that is not there; whatever the test makes of it goes when the file is done. */
export async function absentDatabase(): Promise<TestDatabase> {
  const database = freshName()
  afterAll(() => removeDatabase(database))
  return describeDatabase(database)
}

/** Drops a database with all that was put aside of it. */
async function removeDatabase(database: string): Promise<void> {
  await administer(`drop database if exists "${database}" with (force)`)
  const connection = await connect(addressOf('postgres'), { application: 'tests' })
  try {
    // Names are cut to 63 bytes where something is added to them.
    const names = await connection.query<{ name: string }>`
      select datname as name from pg_database where starts_with(datname, left(${database}, 36)) and datname ~ '__(dropped|setup)_'`
    for (const { name } of names)
      await connection.run(`drop database if exists "${name.replaceAll('"', '""')}" with (force)`)
  } finally {
    await connection.close()
  }
}

/** Runs a statement as superuser, outside any test's database. */
export async function administer(statement: string): Promise<void> {
  const connection = await connect(addressOf('postgres'), { application: 'tests' })
  try {
    await connection.run(statement)
  } finally {
    await connection.close()
  }
}

function freshName(): string {
  const file = basename(expect.getState().testPath ?? 'test').replace(/\W+/g, '_')
  return `t${process.pid}_${++count}_${file.slice(0, 40)}`.toLowerCase()
}

function addressOf(database: string): Address {
  const { socketFolder, port } = inject('server')
  return { host: socketFolder, port, user: 'postgres', database, tls: { mode: 'disable' }, connectTimeoutSeconds: 10 }
}

async function describeDatabase(database: string): Promise<TestDatabase> {
  const { socketFolder, port, passwordFile } = inject('server')
  const password = (await readFile(passwordFile, 'utf8')).trim()
  return {
    database,
    address: addressOf(database),
    clientConfig: { host: socketFolder, port, user: 'postgres', database },
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    connect: (name = database, options = {}): Promise<Connection> =>
      connect(addressOf(name), { application: 'tests', ...options }),
  }
}
