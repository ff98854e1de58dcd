import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { administer } from '../../../../../tests/support/database.ts'
import {
  makeMaster,
  makeRoles,
  request,
  rolesPlace,
  withLogin,
  type RolesPlace,
} from '../../../../../tests/support/roles.ts'
import type { Connection } from '../../postgres/connection.ts'
import { applyRoles, runChanges } from './apply.ts'
import { planExpiry, planRevocation } from './change-role.ts'
import { fileKeeper } from './keep-file.ts'
import { groupName } from './levels.ts'
import { listRoles } from './list.ts'
import { planRoles } from './plan.ts'
import { wantRoles } from './wanted.ts'

let place: RolesPlace
let connection: Connection
let app: string
let reader: string
let team: string

beforeAll(async () => {
  place = await rolesPlace('pln')
  connection = await place.as(await makeMaster(place)).connect()
  ;[app, reader, team] = ['app', 'reader', 'team'].map(place.name) as [string, string, string]
  await connection.run(`create table users (id serial, name text); create schema sales; create table sales.orders (id serial);
    create role "${team}"`)
})
afterAll(() => connection.close())

const wanted = () =>
  wantRoles({
    [app]: { as: 'app', schemas: ['public', 'sales'], expires: '90d', connectionLimit: 20, memberOf: [team] },
    [reader]: { as: 'readonly', schemas: ['sales'], expires: '12w' },
  })

test('applied once, the second plan is empty; the passwords are in files of their own and work', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-roles-'))
  const asked = request(wanted())
  const plan = await planRoles(connection, asked)
  expect(plan.created).toEqual([app, reader])
  const made = await applyRoles(connection, asked, plan, (role) => fileKeeper(join(folder, role)))
  expect(made.map(({ role }) => role)).toEqual([app, reader])
  expect((await readdir(folder)).sort()).toEqual([app, reader].sort())
  expect((await planRoles(connection, request(wanted()))).changes).toEqual([])
  const password = (await readFile(join(folder, app), 'utf8')).trim()
  await withLogin(place, app, password, (one) => one.run('insert into sales.orders default values'))
  await rm(folder, { recursive: true })

  const { roles, unseen } = await listRoles(connection)
  const here = place.database.database
  expect(unseen).toHaveLength(1)
  expect(roles.find(({ name }) => name === app)).toMatchObject({
    canLogin: true,
    connectionLimit: 20,
    password: null,
    levels: [
      { database: here, level: 'app', schema: 'public' },
      { database: here, level: 'app', schema: 'sales' },
    ],
    validUntil: expect.any(Date),
    rotated: asked.now.toISOString(),
  })
  expect(roles.some(({ name }) => name.startsWith('pg_'))).toBe(false)
  expect((await listRoles(connection, { all: true })).roles.some(({ name }) => name.startsWith('pg_'))).toBe(true)
  const root = await place.database.connect()
  const seen = await listRoles(root)
  await root.close()
  expect(seen.unseen).toEqual([])
  expect(seen.roles.find(({ name }) => name === app)?.password).toBe('scram-sha-256')
})

test('what differs is found, and made right: attributes, limits, expiry, memberships, levels, settings', async () => {
  const more = place.name('more')
  await connection.run(`create role "${more}"; grant "${more}" to "${app}"`)
  await administer(`alter role "${app}" createdb connection limit 5 valid until 'infinity'`)
  await administer(
    `alter role "${reader}" in database "${place.database.database}" reset default_transaction_read_only`,
  )
  await administer(`alter role "${reader}" in database "${place.database.database}" set statement_timeout = '10min'`)
  await connection.run(
    `revoke "${groupName({ database: place.database.database, level: 'readonly', schema: 'sales' })}" from "${reader}"`,
  )
  const asked = request(wanted())
  const plan = await planRoles(connection, asked)
  const own = plan.changes
    .filter(({ role }) => [app, reader].includes(role))
    .map(({ role, text }) => `${role === app ? 'app' : 'reader'} ${text}`)
  expect(own).toEqual([
    'app no longer makes databases',
    'app has a connection limit of 20',
    expect.stringMatching(/^app its password expires at 20/),
    `app is no longer a member of ${more}`,
    `reader is a member of ${groupName({ database: place.database.database, level: 'readonly', schema: 'sales' })}`,
    'reader has default_transaction_read_only = on',
  ])
  await applyRoles(connection, asked, plan, () => expect.unreachable('no password is set'))
  expect((await planRoles(connection, asked)).changes).toEqual([])
})

test('what a superuser granted a master user cannot take back: nothing is changed, and the server says who can', async () => {
  const group = groupName({ database: place.database.database, level: 'readonly', schema: 'sales' })
  await administer(`grant "${group}" to "${app}"`)
  const asked = request(wanted())
  await expect(
    applyRoles(connection, asked, await planRoles(connection, asked), () => expect.unreachable()),
  ).rejects.toMatchObject({
    sql: { sqlstate: '42501', detail: expect.stringContaining('"postgres"') },
    state: 'Nothing was changed.',
  })
  await administer(`revoke "${group}" from "${app}" granted by postgres`)
  expect((await planRoles(connection, asked)).changes).toEqual([])
})

test('a role that moves to another level loses the one before', async () => {
  const asked = request({ ...wanted(), [reader]: { level: 'app', schemas: ['sales'] } })
  await makeRoles(connection, asked)
  const { roles } = await listRoles(connection)
  expect(roles.find(({ name }) => name === reader)?.levels).toEqual([
    { database: place.database.database, level: 'app', schema: 'sales' },
  ])
  expect((await planRoles(connection, asked)).changes).toEqual([])
  await makeRoles(connection, request(wanted()))
  expect((await planRoles(connection, request(wanted()))).changes).toEqual([])
})

test('after an error nothing of it is there, neither roles nor files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-roles-'))
  const [one, two] = [place.name('one'), place.name('two')]
  const asked = request({ [one]: { level: 'app', schemas: ['public'] }, [two]: { level: 'app', schemas: ['public'] } })
  const plan = await planRoles(connection, asked)
  const keeper = (role: string) => fileKeeper(role === two ? join(folder, 'none', 'x') : join(folder, role))
  await expect(applyRoles(connection, asked, plan, keeper)).rejects.toMatchObject({ code: 'file_missing' })
  expect(await readdir(folder)).toEqual([])
  const broken = {
    ...plan,
    changes: [...plan.changes, { role: two, kind: 'alter', text: 'x', sql: 'alter role nobody_such login' } as const],
  }
  await expect(runChanges(connection, broken.changes, (role) => fileKeeper(join(folder, role)))).rejects.toMatchObject({
    code: 'sql_error',
    state: 'Nothing was changed.',
  })
  expect(await readdir(folder)).toEqual([])
  expect((await planRoles(connection, asked)).created).toEqual([one, two])
  await rm(folder, { recursive: true })
})

test('of two that apply at once one does it, and the other is told that it was done', async () => {
  const name = place.name('raced')
  const asked = request({ [name]: { level: 'readonly', schemas: ['public'] } })
  const second = await place.as(place.name('master')).connect()
  const run = async (on: Connection) => {
    const plan = await planRoles(on, asked)
    return () =>
      applyRoles(on, asked, plan, () => ({
        keep: async () => ({ place: null, undo: async () => {}, settle: async () => {} }),
      }))
  }
  const runs = await Promise.all([run(connection), run(second)])
  const results = await Promise.allSettled(runs.map((one) => one()))
  await second.close()
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(results.find((one) => one.status === 'rejected')).toMatchObject({
    reason: { code: 'role_differs', message: 'The roles were changed by somebody else meanwhile.' },
  })
})

test('with its last role the group of a level goes, and with it what was granted by default; before that it stays', async () => {
  const group = groupName({ database: place.database.database, level: 'readonly', schema: 'sales' })
  const another = place.name('another')
  await makeRoles(connection, request({ [another]: { level: 'readonly', schemas: ['sales'] } }))
  const exists = async () => (await connection.run(`select 1 from pg_roles where rolname = '${group}'`)).length > 0
  const revoke = async (role: string) => {
    const { changes } = await planRevocation(connection, role, 'readonly', ['sales'])
    await runChanges(connection, changes)
  }
  await revoke(another)
  expect(await exists()).toBe(true)
  const settings = await connection.run(
    `select setconfig from pg_db_role_setting where setrole = (select oid from pg_roles where rolname = '${another}')`,
  )
  expect(settings).toEqual([])
  await revoke(reader)
  expect(await exists()).toBe(false)
  expect(await connection.run(`select 1 from pg_default_acl where defaclacl::text like '%${group}%'`)).toEqual([])
  expect((await planRevocation(connection, reader, 'readonly', ['sales'])).changes).toEqual([])
})

test('an expiry is set, moved and taken away', async () => {
  const at = new Date('2031-01-31T00:00:00Z')
  await runChanges(connection, (await planExpiry(connection, reader, at)).changes)
  expect((await planExpiry(connection, reader, at)).changes).toEqual([])
  await runChanges(connection, (await planExpiry(connection, reader, null)).changes)
  expect((await listRoles(connection)).roles.find(({ name }) => name === reader)?.validUntil).toBeNull()
})

test('names that this is not about are refused before anything is done', async () => {
  const group = groupName({ database: place.database.database, level: 'app', schema: 'public' })
  const plan = (name: string, more = {}) =>
    planRoles(connection, request({ [name]: { level: 'app', schemas: ['public'], ...more } }))
  await expect(plan('pg_app')).rejects.toMatchObject({ code: 'usage' })
  await expect(plan('x'.repeat(64))).rejects.toMatchObject({ code: 'usage' })
  await expect(plan(place.name('master'))).rejects.toMatchObject({ code: 'role_in_use' })
  await expect(plan(group)).rejects.toMatchObject({ code: 'role_in_use' })
  await expect(plan(place.name('new'), { schemas: ['nowhere'] })).rejects.toMatchObject({ code: 'not_found' })
  await expect(plan(place.name('new'), { memberOf: ['nobody'] })).rejects.toMatchObject({ code: 'not_found' })
  await expect(plan(place.name('new'), { iam: true })).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('rds_iam'),
  })
  const taken = groupName({ database: place.database.database, level: 'readonly', schema: 'sales' })
  await administer(`create role "${taken}"`)
  await expect(
    planRoles(connection, request({ [place.name('new')]: { level: 'readonly', schemas: ['sales'] } })),
  ).rejects.toMatchObject({ code: 'role_differs', state: 'Nothing was changed.' })
})

test('a name with quotes, capitals and spaces is a name', async () => {
  const name = place.name('A "quoted" \'one\' \\ é')
  const asked = request({ [name]: { level: 'app', schemas: ['public'], expiresSeconds: 60 } })
  const passwords = await makeRoles(connection, asked)
  expect((await planRoles(connection, asked)).changes).toEqual([])
  expect(await withLogin(place, name, passwords[name], (one) => one.run('select current_user as me'))).toEqual([
    { me: name },
  ])
  await connection.run(`drop role "${name.replaceAll('"', '""')}"`)
})
