import { expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import { inspectHoldings } from './guard.ts'

test('what a database holds is told with its tables, rows, size and sessions, without what migrations put down', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  const guest = await database.connect()
  try {
    await connection.run('create table big as select generate_series(1, 1000) as n')
    await connection.run('create table "Small one" ()')
    await connection.run('create table schema_migrations as select 1 as version')
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
