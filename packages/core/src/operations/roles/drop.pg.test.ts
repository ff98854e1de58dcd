import { afterEach, beforeEach, expect, test } from 'vitest'
import { administer } from '../../../../../tests/support/database.ts'
import { makeMaster, makeRoles, request, rolesPlace, withLogin } from '../../../../../tests/support/roles.ts'
import type { Cluster, Connection } from '../../postgres/connection.ts'
import { dropRole, planDropRole, type DropRoleOptions } from './drop.ts'

const place = await rolesPlace('drp')
const master = await makeMaster(place)
const cluster: Cluster = place.as(master)
const other = place.name('other')
const role = place.name('maker')
let connection: Connection
let password: string | undefined

beforeEach(async () => {
  connection = await cluster.connect()
  password = (await makeRoles(connection, request({ [role]: { level: 'app', schemas: ['public'] } })))[role]
})
afterEach(async () => {
  await connection.close()
  await administer(`drop database if exists "${other}" with (force)`)
  const root = await place.database.connect()
  await root.run(`drop schema if exists mine cascade; drop table if exists shared`)
  if (await isThere(root)) await root.run(`drop owned by "${role}"; drop role "${role}"`)
  await root.close()
})

async function isThere(on: Connection): Promise<boolean> {
  return (await on.run(`select 1 from pg_roles where rolname = '${role}'`)).length > 0
}

const drop = async (options?: DropRoleOptions) => dropRole(cluster, await planDropRole(cluster, role, options), options)

/** Gives the role something in two databases, and a privilege in each. */
async function giveTwoDatabases(): Promise<void> {
  await connection.run(`create schema mine; create table shared (a int); grant select on shared to "${role}"`)
  await connection.run(`create database "${other}"`)
  const root = await place.database.connect()
  await root.run(`alter schema mine owner to "${role}"; grant create on schema public to "${role}"`)
  await root.run(`set role "${role}"; create table mine.things (a int); reset role`)
  await root.close()
  const there = await place.database.connect(other)
  await there.run(`create schema theirs authorization "${role}"; grant connect on database "${other}" to "${role}"`)
  await there.run(`set role "${role}"; alter default privileges in schema theirs grant select on tables to public`)
  await there.close()
}

test('a role with nothing of its own is dropped, and needs no flag', async () => {
  expect(await drop()).toEqual({ name: role, endedSessions: 0, cleared: [] })
  expect(await isThere(connection)).toBe(false)
})

test('privileges of its own go with it, in every database', async () => {
  await connection.run(`create table shared (a int); grant select on shared to "${role}"`)
  expect(await drop()).toMatchObject({ cleared: [place.database.database] })
  expect(await isThere(connection)).toBe(false)
})

test('one that owns objects in two databases is refused with what and where; with an heir all of it is reassigned', async () => {
  await giveTwoDatabases()
  const refusal = await drop().catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'role_in_use', state: 'Nothing was changed.', hint: 'Add --reassign-to ROLE.' })
  const { message } = refusal as Error
  expect(message).toContain(`in ${place.database.database}: it owns 2 objects (schema mine, table mine.things)`)
  expect(message).toContain(`in ${other}: it owns one object (schema theirs)`)
  expect(await isThere(connection)).toBe(true)

  const dropped = await drop({ reassignTo: master })
  expect(dropped).toMatchObject({ name: role, endedSessions: 0 })
  expect(dropped.cleared.toSorted()).toEqual([place.database.database, other].toSorted())
  expect(await isThere(connection)).toBe(false)
  const owners = await connection.run(
    `select pg_get_userbyid(relowner)::text as owner from pg_class where oid = 'mine.things'::regclass`,
  )
  expect(owners).toEqual([{ owner: master }])
  const there = await cluster.connect(other)
  expect(
    await there.run(`select pg_get_userbyid(nspowner)::text as owner from pg_namespace where nspname = 'theirs'`),
  ).toEqual([{ owner: master }])
  await there.close()
})

test('an heir that we are no member of is joined for as long as it takes', async () => {
  await giveTwoDatabases()
  const heir = place.name('heir')
  await connection.run(`create role "${heir}"; grant create, usage on schema public to "${heir}"`)
  const database = await place.database.connect()
  await database.run(
    `grant create on database "${place.database.database}" to "${heir}"; grant create on database "${other}" to "${heir}"`,
  )
  await database.close()
  await drop({ reassignTo: heir })
  expect(await isThere(connection)).toBe(false)
  const [joined] = await connection.run<{ uses: boolean }>(
    `select pg_has_role('${master}', '${heir}', 'USAGE') as uses`,
  )
  expect(joined?.uses).toBe(false)
})

test('a database that cannot be reached is left, and said; the role stays and can still log in', async () => {
  await giveTwoDatabases()
  await administer(`alter database "${other}" allow_connections false`)
  const plan = await planDropRole(cluster, role, { reassignTo: master })
  expect(plan.holdings.find(({ database }) => database === other)).toMatchObject({
    owned: 1,
    unreachable: expect.any(String),
  })
  const failure = await dropRole(cluster, plan, { reassignTo: master, endSessions: true }).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({
    code: 'role_in_use',
    message: expect.stringContaining(`"${role}" is still there: it has something in\n  ${other}: `),
    state: `What it had in ${place.database.database} is reassigned or taken back.`,
  })
  await withLogin(place, role, password, async () => {})
  const [joined] = await connection.run<{ uses: boolean }>(
    `select pg_has_role('${master}', '${role}', 'USAGE') as uses`,
  )
  expect(joined?.uses).toBe(false)
  await administer(`alter database "${other}" allow_connections true`)
  expect(await drop({ reassignTo: master })).toMatchObject({ cleared: [other] })
  expect(await isThere(connection)).toBe(false)
})

test('sessions stop it, and are ended when asked', async () => {
  const guest = await place.as(role).connect()
  const refusal = await drop().catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'role_in_use', hint: 'Add --end-sessions.' })
  expect((refusal as Error).message).toMatch(/it has one session: pid \d+/)
  expect(await guest.run('select 1 as one')).toEqual([{ one: 1 }])
  expect(await drop({ endSessions: true })).toMatchObject({ endedSessions: 1 })
  await expect(guest.run('select 1')).rejects.toMatchObject({ code: 'connection_lost' })
  await guest.close()
  expect(await isThere(connection)).toBe(false)
})

test('what it makes meanwhile is not dropped with it', async () => {
  await connection.run(
    `create table shared (a int); grant select on shared to "${role}"; create schema mine; grant create, usage on schema mine to "${role}"`,
  )
  const plan = await planDropRole(cluster, role)
  const root = await place.database.connect()
  await root.run(`set role "${role}"; create table mine.precious (a int)`)
  await root.close()
  await expect(dropRole(cluster, plan)).rejects.toMatchObject({ code: 'role_in_use' })
  expect(await connection.run(`select to_regclass('mine.precious')::text as name`)).toEqual([{ name: 'mine.precious' }])
})

test('we are not dropped, nor what PostgreSQL brought, nor what is not there; an heir must be there', async () => {
  await expect(planDropRole(cluster, master)).rejects.toMatchObject({ code: 'role_in_use' })
  await expect(planDropRole(cluster, 'pg_monitor')).rejects.toMatchObject({ code: 'usage' })
  await expect(planDropRole(cluster, place.name('none'))).rejects.toMatchObject({ code: 'not_found' })
  await expect(planDropRole(cluster, role, { reassignTo: place.name('none') })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(planDropRole(cluster, role, { reassignTo: role })).rejects.toMatchObject({ code: 'usage' })
})
