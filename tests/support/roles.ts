import { afterAll, inject } from 'vitest'
import {
  applyRoles,
  connect,
  noKeeper,
  planRoles,
  type Address,
  type Cluster,
  type Connection,
  type RolesRequest,
  type WantedRole,
} from '../../packages/core/src/index.ts'
import { administer, testDatabase, type TestDatabase } from './database.ts'

export interface RolesPlace {
  database: TestDatabase
  /** A name that no other test file uses: roles belong to the whole server. */
  name(short: string): string
  /** The target as a role sees it, over the socket, where no password is asked. */
  as(role: string): Cluster
  /** The address over TCP, where it is asked. */
  tcp: Address
}

/** A database, and names for roles. They go when the file is done, with all databases that the names begin with. */
export async function rolesPlace(prefix: string): Promise<RolesPlace> {
  const database = await testDatabase()
  const start = `${prefix}_${process.pid}_`
  const { socketFolder, port } = inject('server')
  afterAll(async () => {
    await administer(`drop database if exists "${database.database}" with (force)`)
    await administer(`drop database if exists "${start}other" with (force)`)
    const names = await ask(
      await connect({ ...database.address, database: 'postgres' }, { application: 'tests' }),
      `select rolname from pg_roles where starts_with(rolname, '${start}') or starts_with(rolname, '${database.database.slice(0, 40)}')`,
    )
    // Who granted a membership has to go after it.
    for (const name of names) await administer(`drop owned by "${name}" cascade`)
    for (const name of names) await administer(`drop role "${name}"`)
  })
  const tls = { mode: 'disable' } as const
  return {
    database,
    name: (short) => start + short,
    as: (role) => ({
      database: database.database,
      connect: (name = database.database) =>
        connect(
          { host: socketFolder, port, user: role, database: name, tls, connectTimeoutSeconds: 10 },
          { application: 'tests' },
        ),
    }),
    tcp: { host: '127.0.0.1', port, user: '', database: database.database, tls, connectTimeoutSeconds: 10 },
  }
}

async function ask(connection: Connection, sql: string): Promise<string[]> {
  try {
    return (await connection.run<Record<string, string>>(sql)).map((row) => Object.values(row)[0] ?? '')
  } finally {
    await connection.close()
  }
}

/** Makes a role like the master user of Amazon RDS: no superuser, but one who makes databases and roles, and owns the database. */
export async function makeMaster({ database, name }: RolesPlace): Promise<string> {
  const master = name('master')
  await administer(`create role "${master}" login createdb createrole`)
  await administer(`alter database "${database.database}" owner to "${master}"`)
  return master
}

export function request(
  wanted: Record<string, WantedRole>,
  options: Partial<Omit<RolesRequest, 'wanted'>> = {},
): RolesRequest {
  return { wanted, now: new Date(), exact: true, ...options }
}

/** Plans and applies, and returns the passwords of new roles. */
export async function makeRoles(connection: Connection, asked: RolesRequest): Promise<Record<string, string>> {
  const plan = await planRoles(connection, asked)
  const made = await applyRoles(connection, asked, plan, () => noKeeper)
  return Object.fromEntries(made.map(({ role, password }) => [role, password]))
}

/** Works as a role that logs in with its password, over TCP. */
export async function withLogin<T>(
  { tcp }: RolesPlace,
  role: string,
  password: string | undefined,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connect({ ...tcp, user: role, password: password ?? '' }, { application: 'tests' })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/** What the server says to statements: `done`, or the SQLSTATE. Each runs by itself. */
export async function outcomes(connection: Connection, statements: readonly string[]): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  for (const sql of statements) {
    results[sql] = await connection.run(sql).then(
      () => 'done',
      (error: { sql?: { sqlstate: string } }) => error.sql?.sqlstate ?? String(error),
    )
  }
  return results
}
