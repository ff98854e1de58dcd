import { expect, test } from 'vitest'
import { administer, testDatabase } from '../../../../tests/support/database.ts'
import { findProductionSigns, inspectHoldings, type Suspect } from './guard.ts'

const harmless: Suspect = { name: 'staging', embedded: false, protected: false, host: '127.0.0.1', thisMachine: true }

test.each<[string, Partial<Suspect>, string[]]>([
  ['a server on this machine is not production', {}, []],
  ['a protected target is', { protected: true }, ['the target staging is protected']],
  [
    'a host that is not this machine is',
    { host: 'db.example', thisMachine: false },
    ['db.example is not this machine'],
  ],
  [
    'an RDS endpoint is, whatever it resolves to',
    { host: 'cruddur-db.abc.eu-central-1.rds.amazonaws.com' },
    ['it is an Amazon RDS endpoint'],
  ],
  ['the server that we started never is', { embedded: true, protected: true, thisMachine: false }, []],
])('%s', async (_, change, signs) => {
  expect(await findProductionSigns({ ...harmless, ...change })).toEqual(signs)
})

test('a server with the roles of RDS is production, though a tunnel makes it look like this machine', async () => {
  const database = await testDatabase()
  await administer('create role rds_superuser')
  const connection = await database.connect()
  try {
    expect(await findProductionSigns(harmless, connection)).toEqual(['the server has the roles of Amazon RDS'])
  } finally {
    await connection.close()
    await administer('drop role rds_superuser')
  }
})

test('what a database holds is told with its tables, rows, size and sessions', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  const guest = await database.connect()
  try {
    await connection.run('create table big as select generate_series(1, 1000) as n')
    await connection.run('create table "Small one" ()')
    await connection.run('analyze big')
    const holdings = await inspectHoldings(connection)
    expect(holdings).toMatchObject({ database: database.database, sessions: 1 })
    expect(holdings.sizeBytes).toBeGreaterThan(1_000_000)
    expect(holdings.tables).toMatchObject([
      { name: 'public.big', rows: 1000, estimated: false },
      { name: 'public."Small one"', rows: 0, sizeBytes: 0 },
    ])
  } finally {
    await connection.close()
    await guest.close()
  }
})
