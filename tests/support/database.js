import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { afterAll, expect, inject } from 'vitest'
import { connect } from '../../packages/core/src/index.js'
let count = 0
/** Creates a database for this test file on the shared server; it goes when the file is done. */
export async function testDatabase() {
  const database = freshName()
  await administer(`create database "${database}"`)
  afterAll(() => removeDatabase(database))
  return describeDatabase(database)
}
/** A name for a database that is not there; whatever the test makes of it goes when the file is done. */
export async function absentDatabase() {
  const database = freshName()
  afterAll(() => removeDatabase(database))
  return describeDatabase(database)
}
/** Drops a database with all that was put aside of it. */
async function removeDatabase(database) {
  await administer(`drop database if exists "${database}" with (force)`)
  const connection = await connect(addressOf('postgres'), { application: 'tests' })
  try {
    // Names are cut to 63 bytes where something is added to them.
    const names = await connection.query`
      select datname as name from pg_database where starts_with(datname, left(${database}, 36)) and datname ~ '__(dropped|setup)_'`
    for (const { name } of names)
      await connection.run(`drop database if exists "${name.replaceAll('"', '""')}" with (force)`)
  } finally {
    await connection.close()
  }
}
/** Runs a statement as superuser, outside any test's database. */
export async function administer(statement) {
  const connection = await connect(addressOf('postgres'), { application: 'tests' })
  try {
    await connection.run(statement)
  } finally {
    await connection.close()
  }
}
function freshName() {
  const file = basename(expect.getState().testPath ?? 'test').replace(/\W+/g, '_')
  return `t${process.pid}_${++count}_${file.slice(0, 40)}`.toLowerCase()
}
function addressOf(database) {
  const { socketFolder, port } = inject('server')
  return { host: socketFolder, port, user: 'postgres', database, tls: { mode: 'disable' }, connectTimeoutSeconds: 10 }
}
async function describeDatabase(database) {
  const { socketFolder, port, passwordFile } = inject('server')
  const password = (await readFile(passwordFile, 'utf8')).trim()
  return {
    database,
    address: addressOf(database),
    clientConfig: { host: socketFolder, port, user: 'postgres', database },
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    connect: (name = database, options = {}) => connect(addressOf(name), { application: 'tests', ...options }),
  }
}
//# sourceMappingURL=database.js.map
