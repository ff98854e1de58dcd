import { expect, test } from 'vitest'
import { absentDatabase, administer, testDatabase } from '../../../../tests/support/database.ts'
import type { Connection } from '../postgres/connection.ts'
import { createDatabase } from '../operations/create.ts'
import { protectDatabase } from '../operations/protect.ts'
import { findProductionSigns, productionTest, type Suspect } from './production.ts'

const harmless: Suspect = {
  name: 'staging',
  database: 'cruddur',
  embedded: false,
  protected: false,
  host: '127.0.0.1',
  thisMachine: true,
}

const outside = ['db.example is neither this machine nor in a private network']
const endpoint = 'cruddur-db.abc.eu-central-1.rds.amazonaws.com'

test.each<[string, Partial<Suspect>, string[]]>([
  ['a server on this machine is not production', {}, []],
  ['a protected target is', { protected: true }, ['the target staging is protected']],
  ['a host that is not this machine is', { host: 'db.example', thisMachine: false }, outside],
  [
    'an address of the Internet is',
    { host: '3.120.7.7', thisMachine: false },
    ['3.120.7.7 is neither this machine nor in a private network'],
  ],
  ['an address of a private network is not', { host: '192.168.4.5', thisMachine: false }, []],
  ['nor is one of IPv6', { host: 'fd12:3456::1', thisMachine: false }, []],
  ['an endpoint of RDS is, whatever it resolves to', { host: endpoint }, [`${endpoint} is an endpoint of Amazon RDS`]],
  [
    'an endpoint of RDS in China is',
    { host: 'db.abc.rds.cn-north-1.amazonaws.com.cn' },
    ['db.abc.rds.cn-north-1.amazonaws.com.cn is an endpoint of Amazon RDS'],
  ],
  ['the server that we started never is', { embedded: true, protected: true, thisMachine: false }, []],
])('%s', async (_, change, signs) => {
  expect(await findProductionSigns({ ...harmless, ...change })).toEqual(signs)
})

async function testOn(suspect: Suspect, connection: Connection): Promise<void> {
  await connection.run(productionTest(suspect, connection) ?? expect.unreachable('there is a test'))
}

test('the server is not tested where it is known already what is to be done', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  try {
    for (const known of [{ embedded: true }, { protected: true }, { host: endpoint }])
      expect(productionTest({ ...harmless, ...known }, connection)).toBeUndefined()
    await testOn(harmless, connection)
  } finally {
    await connection.close()
  }
})

test('a server with the roles of RDS is production, though a tunnel makes it look like this machine', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  try {
    // Not committed: other tests work on this server.
    await connection.run('begin')
    await connection.run('create role rds_superuser')
    expect(await findProductionSigns(harmless, connection)).toEqual(['the server has the roles of Amazon RDS'])
    await expect(testOn(harmless, connection)).rejects.toThrow('production: pgrig has to ask first')
  } finally {
    await connection.close()
  }
})

test('a name that leads into a private network is not production, over the connection that shows it', async () => {
  const database = await testDatabase()
  const connection = await database.connect()
  try {
    const peer = (peerAddress: string) =>
      Object.create(connection, {
        channel: { value: Object.create(connection.channel, { peerAddress: { value: peerAddress } }) },
      })
    const named = { ...harmless, host: 'db.example', thisMachine: false }
    expect(await findProductionSigns(named, peer('10.4.5.6'))).toEqual([])
    expect(await findProductionSigns(named, peer('::ffff:10.4.5.6'))).toEqual([])
    expect(await findProductionSigns(named, peer('3.4.5.6'))).toEqual(outside)
  } finally {
    await connection.close()
  }
})

test('the mark is on the database, is seen from others, stays beside a comment, and goes', async () => {
  const database = await absentDatabase()
  const suspect = { ...harmless, database: database.database }
  expect(await createDatabase(database, { protect: true })).toBe(true)
  await administer(`comment on database "${database.database}" is 'kept by Ann\npgrig: {"protected":true}'`)
  const other = await database.connect('postgres')
  try {
    expect(await findProductionSigns(suspect, other)).toEqual([`${database.database} is marked as production`])
    await expect(testOn(suspect, other)).rejects.toThrow('production: pgrig has to ask first')
    expect(await protectDatabase(database, false)).toBe(true)
    await testOn(suspect, other)
    expect(await protectDatabase(database, false)).toBe(false)
    expect(await findProductionSigns(suspect, other)).toEqual([])
    const [row] = await other.query<{ comment: string }>`
      select shobj_description(oid, 'pg_database') as comment from pg_database where datname = ${database.database}`
    expect(row?.comment).toBe('kept by Ann')
    expect(await protectDatabase(database, true)).toBe(true)
    expect(await findProductionSigns(suspect, other)).toEqual([`${database.database} is marked as production`])
  } finally {
    await other.close()
  }
})
