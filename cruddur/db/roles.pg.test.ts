import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate, readMigrationStatus, wantRoles } from '@pgrig/core'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { makeRoles, request, rolesPlace } from '../../tests/support/roles.ts'
import { openPool } from '../api/database.ts'
import { purge } from '../api/purge.ts'
import { createStore } from '../api/store/create-store.ts'
import { addPerson, readSql } from './test-client.ts'
import { cards } from './test-store.ts'

// The roles of pgrig.json under names of this test: roles belong to the whole server.
const place = await rolesPlace('cruddur')
const { roles } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'pgrig.json'), 'utf8'))
const wanted = Object.fromEntries(Object.entries(wantRoles(roles)).map(([name, role]) => [place.name(name), role]))
const [app, migrator] = [place.name('cruddur_app'), place.name('cruddur_migrator')]

const connection = await place.database.connect()
await makeRoles(connection, request(wanted))
await connection.close()
const folder = join(import.meta.dirname, 'migrations')
await migrate(place.as(migrator), { folder, user: 'tests', program: 'tests' })

const client = new pg.Client({ ...place.database.clientConfig, user: migrator })
await client.connect()
await client.query(await readSql('seed.sql'))
await addPerson(client, 'leaving')
const pool = openPool({ ...place.database.clientConfig, user: app }, () => undefined)
const store = createStore({ pool })
afterAll(async () => {
  await store.close()
  await pool.end()
  await client.end()
})

const page = { limit: 40 }
const sub = 'mock-andrewbrown'

test('pgrig.json has a role that reads and writes rows, and another that migrates', () => {
  expect(Object.values(wanted).map(({ level }) => level)).toEqual(['app', 'migrator'])
})

test('the application’s role sees that no migration is pending, which it asks in production before it starts', async () => {
  const connection = await place.as(app).connect()
  const { migrations } = await readMigrationStatus(connection, folder, (path) => path)
  await connection.close()
  expect(new Set(migrations.map(({ state }) => state))).toEqual(new Set(['applied']))
})

test('as the application’s role everything works that the API asks for', async () => {
  const made = await store.createActivity(sub, { message: 'Hello @bayko', ttlSeconds: 60 })
  if (made.status !== 'created') throw new Error(made.status)
  const { uuid } = made
  const answer = await store.createReply('mock-bayko', uuid, { message: 'Yes', ttlSeconds: 60 })
  expect(answer.status).toBe('created')
  expect(cards(await store.readHome(sub, page))[0]).toMatchObject({ uuid, replies_count: 1, mine: true })
  expect(cards(await store.readFollowing('mock-bayko', page))[0]).toMatchObject({ uuid })
  expect(cards(await store.readSearch(sub, 'hello', page))[0]).toMatchObject({ uuid })
  expect(JSON.parse((await store.readNotifications('mock-bayko', page)).body)).toMatchObject([{ kind: 'mention' }])
  for (const read of [store.readProfile, store.readUserReplies, store.readUserReposts]) {
    expect(await read(sub, 'priya_n', page)).toBeDefined()
  }
  expect(await store.readThread(sub, uuid, 'andrewbrown', page)).toBeDefined()
  expect(cards(await store.readReplies(sub, uuid, page))).toHaveLength(1)
  expect(await store.readShort('tomas')).toBeDefined()
  expect(await store.readSession(sub)).toBeDefined()
  for (const on of [true, false]) {
    expect(await store.setLike('mock-bayko', uuid, on)).toMatchObject({ status: 'done' })
    expect(await store.setRepost('mock-bayko', uuid, on)).toMatchObject({ status: 'done' })
    expect(await store.setFollow(sub, 'tomas', on)).toMatchObject({ status: 'done' })
    expect(await store.setBlock(sub, 'yuki', on)).toMatchObject({ status: 'done' })
  }
  expect(await store.report('mock-bayko', uuid, 'other', 'Why not')).toBe('done')
  const [report] = JSON.parse((await store.listReports(page)).body)
  expect(await store.decideReport(report.uuid, 'remove', sub)).toBe('done')
  const other = await store.createActivity(sub, { message: 'Bye', ttlSeconds: 60 })
  expect(other.status === 'created' && (await store.deleteActivity(sub, other.uuid))).toBe('done')
  expect(await store.markNotificationsRead(sub)).toBe('done')
  expect(await store.updateProfile(sub, { displayName: 'Andrew Brown', bio: 'The first' })).toBeDefined()
  expect(await store.exportAccount(sub)).toBeDefined()
  expect(await store.takeLease('a', 60, 1)).toMatchObject({ used: 1 })
  expect(await store.deleteAccount('sub-leaving', 'leaving')).toBe('done')
  const purged: string[] = []
  await purge({ pool, signal: new AbortController().signal, onPurged: (kind) => void purged.push(kind) })
  expect(purged).toEqual(['activities'])
})

test.each([
  'create table mine (a int)',
  'alter table activities add column mine int',
  'drop table likes cascade',
  'truncate activities cascade',
  'create index on activities (message)',
  'drop view live_activities cascade',
  'create or replace view live_activities as select * from activities',
  'create or replace function utc_text(moment timestamptz) returns text language sql return null',
  'create schema mine',
  'create role mine',
  'alter role current_user superuser',
  'set role postgres',
  `copy users to program 'cat'`,
])('it may not: %s', async (statement) => {
  await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' })
})
