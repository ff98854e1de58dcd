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

/** Creates a database for this test file on the shared server; it goes when the file is done. */
export async function testDatabase(): Promise<TestDatabase> {
  const database = freshName()
  await administer(`create database "${database}"`)
  afterAll(() => administer(`drop database if exists "${database}" with (force)`))
  return describeDatabase(database)
}

/** A name for a database that is not there; whatever the test makes of it goes when the file is done. */
export async function absentDatabase(): Promise<TestDatabase> {
  const database = freshName()
  afterAll(() => administer(`drop database if exists "${database}" with (force)`))
  return describeDatabase(database)
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
  return `${file.slice(0, 40)}_${process.pid}_${++count}`.toLowerCase()
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
