import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { administer } from '../../../../../tests/support/database.ts'
import {
  makeMaster,
  makeRoles,
  request,
  rolesPlace,
  withLogin,
  type RolesPlace,
} from '../../../../../tests/support/roles.ts'
import type { Failure } from '../../errors.ts'
import type { Connection } from '../../postgres/connection.ts'
import { commandKeeper } from './keep-command.ts'
import { fileKeeper } from './keep-file.ts'
import { listRoles } from './list.ts'
import { noKeeper, type PasswordKeeper } from './password.ts'
import { provePassword } from './prove.ts'
import { planRotation, rotatePassword } from './rotate.ts'

let place: RolesPlace
let connection: Connection
let role: string
let password: string
let folder: string

beforeAll(async () => {
  place = await rolesPlace('rot')
  connection = await place.as(await makeMaster(place)).connect()
  role = place.name('app')
  await makeRoles(connection, request({ [role]: { level: 'app', schemas: ['public'] } }))
  password = (await rotate()).password
})
afterAll(() => connection.close())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgrig-rotate-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function rotate(keeper: PasswordKeeper = noKeeper, on = connection) {
  const plan = await planRotation(on, role, { now: new Date() })
  return rotatePassword(on, plan, keeper)
}

async function letsIn(with_: string): Promise<boolean> {
  return withLogin(place, role, with_, async () => true).catch((error: Failure) => {
    expect(error.sql?.sqlstate).toBe('28P01')
    return false
  })
}

const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8)

test('a rotation sets a new password, proves it, notes the time, and the old one is of no more use', async () => {
  const before = password
  const rotated = await rotate()
  password = rotated.password
  expect(rotated).toMatchObject({ role, place: null, proof: { proven: true }, validUntil: null })
  expect(rotated.password).toMatch(/^[\w-]{40}$/)
  expect([await letsIn(password), await letsIn(before)]).toEqual([true, false])
  const { roles } = await listRoles(connection)
  const age = Date.now() - Date.parse(roles.find(({ name }) => name === role)?.rotated ?? '')
  expect(age).toBeLessThan(60_000)
})

test('what somebody wrote into the comment of the role stays', async () => {
  await administer(`comment on role "${role}" is 'The shop.\nAsk Ann.'`)
  password = (await rotate()).password
  const [row] = await connection.run<{ comment: string }>(
    `select shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = '${role}'`,
  )
  expect(row?.comment).toMatch(/^The shop\.\nAsk Ann\.\npgrig: \{"rotated":"20[^"]+Z"\}$/)
})

test('the file is there before the server knows the password, and nobody else can read it', async () => {
  const file = join(folder, 'app.password')
  const spy: PasswordKeeper = {
    async keep(made) {
      const kept = await fileKeeper(file).keep(made)
      expect(await readFile(file, 'utf8')).toBe(`${made}\n`)
      expect([await letsIn(made), await letsIn(password)]).toEqual([false, true])
      return kept
    },
  }
  const rotated = await rotate(spy)
  password = rotated.password
  expect(rotated).toMatchObject({ place: file, proof: { proven: true } })
  expect(await mode(file)).toBe('600')
  expect(await readdir(folder)).toEqual(['app.password'])
})

test('a command is given the password when the server has it; when it fails the password is in a file that it names', async () => {
  const file = join(folder, 'stored')
  const rotated = await rotate(commandKeeper('cat > stored; test -n "$(cat stored)"', folder))
  password = rotated.password
  expect(rotated).toMatchObject({ place: null, proof: { proven: true } })
  expect(await readFile(file, 'utf8')).toBe(password)
  await rm(file)
  const failed: unknown = await rotate(commandKeeper('cat > /dev/null; exit 3', folder)).catch(
    (error: unknown) => error,
  )
  expect(failed).toMatchObject({ code: 'script_failed', message: expect.stringContaining('exit code 3') })
  const [, kept = ''] = /it is in (\S+)\.$/.exec(String((failed as Failure).state)) ?? []
  expect(await mode(kept)).toBe('600')
  password = (await readFile(kept, 'utf8')).trim()
  expect(await letsIn(password)).toBe(true)
  await rm(dirname(kept), { recursive: true })
})

test('a file that is there is refused and stays; with overwrite it is replaced, and comes back when the server refuses', async () => {
  const file = join(folder, 'app.password')
  await writeFile(file, 'precious\n', { mode: 0o644 })
  await expect(rotate(fileKeeper(file))).rejects.toMatchObject({
    code: 'refused',
    exitCode: 4,
    state: 'The password was not changed.',
  })
  expect(await readFile(file, 'utf8')).toBe('precious\n')
  expect(await letsIn(password)).toBe(true)

  password = (await rotate(fileKeeper(file, { overwrite: true }))).password
  expect(await readFile(file, 'utf8')).toBe(`${password}\n`)
  expect(await mode(file)).toBe('600')

  await expect(rotateAsNobody(fileKeeper(file, { overwrite: true }))).rejects.toMatchObject({
    code: 'sql_error',
    state: 'Nothing was changed.',
    hint: expect.stringContaining('the role that made it'),
  })
  expect(await readFile(file, 'utf8')).toBe(`${password}\n`)
  expect(await letsIn(password)).toBe(true)
  expect(await readdir(folder)).toEqual(['app.password'])
})

/** A rotation by a role that may not. */
async function rotateAsNobody(keeper: PasswordKeeper): Promise<unknown> {
  const nobody = place.name('nobody')
  const plan = await planRotation(connection, role, { now: new Date() })
  await administer(`drop role if exists "${nobody}"`)
  await administer(`create role "${nobody}" login`)
  const other = await place.as(nobody).connect()
  try {
    return await rotatePassword(other, plan, keeper)
  } finally {
    await other.close()
  }
}

test('a file that cannot be written leaves the password as it was', async () => {
  await expect(rotate(fileKeeper(join(folder, 'none', 'x')))).rejects.toMatchObject({ code: 'file_missing' })
  await mkdir(join(folder, 'taken'))
  await expect(rotate(fileKeeper(join(folder, 'taken'), { overwrite: true }))).rejects.toMatchObject({
    code: 'permission',
  })
  expect(await letsIn(password)).toBe(true)
  // Of root no folder keeps a file away.
  await chmod(folder, 0o500)
  if (process.geteuid?.() !== 0) {
    await expect(rotate(fileKeeper(join(folder, 'x')))).rejects.toMatchObject({ code: 'permission' })
    expect(await letsIn(password)).toBe(true)
  }
  await chmod(folder, 0o700)
  expect(await readdir(folder)).toEqual(['taken'])
})

test('when the server refuses, the new file is gone', async () => {
  await expect(rotateAsNobody(fileKeeper(join(folder, 'x')))).rejects.toMatchObject({ sql: { sqlstate: '42501' } })
  expect(await readdir(folder)).toEqual([])
})

test('a file that cannot be taken away again is named, and the reason is not hidden by it', async () => {
  const stuck: PasswordKeeper = {
    keep: async () => ({
      place: 'stuck.password',
      undo: () => Promise.reject(new Error('no')),
      settle: async () => {},
    }),
  }
  await expect(rotateAsNobody(stuck)).rejects.toMatchObject({
    sql: { sqlstate: '42501' },
    state: 'Nothing was changed. But stuck.password could not be put back, and holds a password that is none.',
  })
})

test('a connection that is cut before the end leaves neither a file nor a new password', async () => {
  const other = await place.database.connect()
  const [row] = await other.run<{ pid: number }>('select pg_backend_pid() as pid')
  const cutting: PasswordKeeper = {
    async keep(made) {
      const kept = await fileKeeper(join(folder, 'x')).keep(made)
      await administer(`select pg_terminate_backend(${row?.pid}, 5000)`)
      return kept
    },
  }
  await expect(rotate(cutting, other)).rejects.toMatchObject({ code: 'connection_lost' })
  await other.close()
  expect(await readdir(folder)).toEqual([])
  expect(await letsIn(password)).toBe(true)
})

test('of two rotations at once each sets a password, and the one that was overtaken says so or was in time', async () => {
  const second = await place.as(place.name('master')).connect()
  const results = await Promise.allSettled([rotate(), rotate(noKeeper, second)])
  await second.close()
  const made = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.password] : []))
  for (const one of results)
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'connection_denied' })
  const good = await Promise.all(made.map(letsIn))
  expect(good.filter(Boolean)).toHaveLength(1)
  password = made[good.indexOf(true)] ?? ''
})

test('a role may rotate its own password, though it may note nothing', async () => {
  const own = await place.as(role).connect()
  const plan = await planRotation(own, role, { now: new Date() })
  expect(plan).toMatchObject({ changes: [{ text: 'has a new password' }] })
  password = (await rotatePassword(own, plan, noKeeper)).password
  await own.close()
  expect(await letsIn(password)).toBe(true)
})

test('a migrator, who becomes its group at login, may rotate its own password', async () => {
  const deploy = place.name('deploy')
  await makeRoles(connection, request({ [deploy]: { level: 'migrator', schemas: ['public'] } }))
  const own = await place.as(deploy).connect()
  expect(await own.run('select current_user <> session_user as other')).toEqual([{ other: true }])
  const plan = await planRotation(own, deploy, { now: new Date() })
  expect((await rotatePassword(own, plan, noKeeper)).proof).toEqual({ proven: true })
  await own.close()
})

test('an expired password, and a role that cannot log in, are said', async () => {
  await administer(`alter role "${role}" valid until '2001-01-01'`)
  expect((await rotate()).proof).toMatchObject({ proven: false, why: expect.stringContaining('expired') })
  const plan = await planRotation(connection, role, { now: new Date(), expiresSeconds: 3600 })
  const rotated = await rotatePassword(connection, plan, noKeeper)
  password = rotated.password
  expect(rotated.proof).toEqual({ proven: true })
  expect((rotated.validUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000)

  await expect(planRotation(connection, 'pg_monitor', { now: new Date() })).rejects.toMatchObject({ code: 'usage' })
  await expect(planRotation(connection, role.toUpperCase(), { now: new Date() })).rejects.toMatchObject({
    code: 'not_found',
    hint: `Did you mean "${role}"? Capitals count.`,
  })
  await administer(`alter role "${role}" nologin`)
  await expect(planRotation(connection, role, { now: new Date() })).rejects.toMatchObject({ code: 'role_differs' })
  await administer(`alter role "${role}" login`)
})

test('a password that the server does not ask for cannot be proven, and a wrong one is a failure', async () => {
  const { host, ...socket } = place.database.address
  expect(await provePassword({ ...socket, host }, role, password)).toEqual({ proven: true })
  await expect(provePassword({ ...socket, host }, role, `${password}.`)).rejects.toMatchObject({
    code: 'connection_denied',
  })
  await administer(`alter database "${place.database.database}" allow_connections false`)
  expect(await provePassword({ ...socket, host }, role, password)).toMatchObject({ proven: false })
  await administer(`alter database "${place.database.database}" allow_connections true`)
})
