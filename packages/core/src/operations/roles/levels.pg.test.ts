import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer } from '../../../../../tests/support/database.ts'
import {
  makeMaster,
  makeRoles,
  outcomes,
  request,
  rolesPlace,
  withLogin,
  type RolesPlace,
} from '../../../../../tests/support/roles.ts'
import type { Connection } from '../../postgres/connection.ts'
import { groupName } from './levels.ts'
import { planRoles } from './plan.ts'

/** SQLSTATE of PostgreSQL. */
const denied = '42501'
const readOnly = '25006'

const schema = `
  create schema private;
  create table users (id serial primary key, name text);
  create view names as select name from users;
  create materialized view name_count as select count(*) from users;
  create function greet() returns text language sql as $$ select 'hello' $$;
  create procedure act() language sql as $$ select 1 $$;
  create type mood as enum ('good', 'bad');
  create table private.secrets (secret text);
  insert into users (name) values ('one');
`

const levelsOf = (name: (short: string) => string) =>
  ({
    [name('reader')]: { level: 'readonly', schemas: ['public'] },
    [name('writer')]: { level: 'app', schemas: ['public'] },
    [name('first')]: { level: 'migrator', schemas: ['public'] },
    [name('second')]: { level: 'migrator', schemas: ['public'] },
  }) as const

describe.each(['the superuser', 'a master user as on RDS'])('roles that %s makes', (creator) => {
  let place: RolesPlace
  let passwords: Record<string, string>
  let owner: string

  const asOwner = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await place.as(owner).connect()
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  }
  const as = <T>(short: string, work: (connection: Connection) => Promise<T>) =>
    withLogin(place, place.name(short), passwords[place.name(short)], work)
  const attempts = (short: string, statements: string[]) => as(short, (one) => outcomes(one, statements))

  beforeAll(async () => {
    place = await rolesPlace(creator === 'the superuser' ? 'lvs' : 'lvm')
    owner = creator === 'the superuser' ? 'postgres' : await makeMaster(place)
    passwords = await asOwner(async (connection) => {
      await connection.run(schema)
      return makeRoles(connection, request(levelsOf(place.name), { adopt: true }))
    })
    await asOwner((connection) => connection.run('create table by_owner (id serial, text text)'))
    await as('first', (one) =>
      one.run(`create table by_migrator (id serial, text text);
        create function by_migrator() returns int language sql as $$ select 1 $$`),
    )
  })

  test('the table in docs/guide/roles.md is true', async () => {
    const guide = await readFile(new URL('../../../../../docs/guide/roles.md', import.meta.url), 'utf8')
    const rows = [...guide.matchAll(/^\| `([^`]+)` +\| (yes|no) +\| (yes|no) +\| (yes|no) +\|$/gm)]
    expect(rows.length).toBeGreaterThan(10)
    for (const [at, short] of ['reader', 'writer', 'first'].entries()) {
      const said = await as(short, async (one) => {
        const answers: Record<string, string> = {}
        for (const [, sql = ''] of rows) {
          await one.run('begin')
          Object.assign(answers, await outcomes(one, [sql]))
          await one.run('rollback')
        }
        return answers
      })
      const shown = Object.fromEntries(
        Object.entries(said).map(([sql, answer]) => [sql, answer === 'done' ? 'yes' : 'no']),
      )
      expect(shown, short).toEqual(Object.fromEntries(rows.map((row) => [row[1], row[at + 2]])))
      for (const answer of Object.values(said)) expect(['done', denied, readOnly]).toContain(answer)
    }
  })

  test('readonly looks at everything in the schema, also at what owner and migrators make later, and at nothing else', async () => {
    const reads = [
      'select * from users',
      'select * from names',
      'select * from name_count',
      'select last_value from users_id_seq',
      'select * from by_owner',
      'select * from by_migrator',
      'select last_value from by_migrator_id_seq',
      'select greet()',
    ]
    expect(await attempts('reader', reads)).toEqual(Object.fromEntries(reads.map((sql) => [sql, 'done'])))
    expect(
      await attempts('reader', ['select * from private.secrets', `insert into users (name) values ('x')`]),
    ).toEqual({
      'select * from private.secrets': denied,
      [`insert into users (name) values ('x')`]: readOnly,
    })
  })

  test('readonly writes nothing, also where it turns the read-only default off, which is a guard rail alone', async () => {
    const writes = [
      `insert into users (name) values ('x')`,
      `update by_owner set text = ''`,
      'delete from by_migrator',
      'truncate users',
      'create table mine (a int)',
      'drop table users',
      `select setval('users_id_seq', 1)`,
      `select nextval('users_id_seq')`,
      'alter table users add column more text',
      `set role "${groupName({ database: place.database.database, level: 'readonly', schema: 'public' })}"`,
    ]
    const said = await as('reader', async (one) => {
      await one.run('set default_transaction_read_only = off')
      return outcomes(one, writes)
    })
    expect(said).toEqual(Object.fromEntries(writes.map((sql) => [sql, denied])))
    const settings = await as('reader', (one) =>
      one.run(`select current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle,
                      current_setting('default_transaction_read_only') as read`),
    )
    expect(settings).toEqual([{ statement: '1min', idle: '1min', read: 'on' }])
  })

  test('app reads, inserts, updates, deletes and calls, also on what is made later, and changes no table', async () => {
    const allowed = [
      `insert into users (name) values ('two')`,
      `update users set name = 'three' where name = 'two'`,
      `delete from users where name = 'three'`,
      'select * from names',
      `insert into by_owner (text) values ('x')`,
      `insert into by_migrator (text) values ('x')`,
      'delete from by_migrator',
      'select greet(), by_migrator()',
      'call act()',
    ]
    expect(await attempts('writer', allowed)).toEqual(Object.fromEntries(allowed.map((sql) => [sql, 'done'])))
    const refused = [
      'truncate users',
      'create table mine (a int)',
      'alter table by_migrator add column more text',
      'drop table by_owner',
      'create index on users (name)',
      `select setval('users_id_seq', 1)`,
      'select * from private.secrets',
      'create schema mine',
      'create role mine',
    ]
    expect(await attempts('writer', refused)).toEqual(Object.fromEntries(refused.map((sql) => [sql, denied])))
  })

  test('a migrator makes and alters, what was there too, and what another migrator made; it is no administrator', async () => {
    const allowed = [
      'alter table users add column more text',
      'create index on users (name)',
      'alter table by_migrator add column more text',
      'create table another (id serial primary key)',
      'alter table by_migrator rename to renamed',
      'alter table renamed rename to by_migrator',
      'create or replace view names as select name, more from users',
      `alter type mood add value 'fair'`,
      'drop function greet()',
      `create function greet() returns text language sql as $$ select 'hello' $$`,
      'drop table another',
    ]
    expect(await attempts('second', allowed)).toEqual(Object.fromEntries(allowed.map((sql) => [sql, 'done'])))
    const refused = [
      'select * from private.secrets',
      'create role mine',
      'create database mine',
      'create schema mine',
      `copy users to program 'true'`,
    ]
    expect(await attempts('second', refused)).toEqual(Object.fromEntries(refused.map((sql) => [sql, denied])))
    const owners = await asOwner((connection) =>
      connection.run(
        `select distinct pg_get_userbyid(relowner)::text as name from pg_class where relname in ('users', 'by_migrator', 'names')`,
      ),
    )
    expect(owners).toEqual([
      { name: groupName({ database: place.database.database, level: 'migrator', schema: null }) },
    ])
  })

  test('whoever owned the objects before they were adopted loses nothing', async () => {
    const allowed = [
      'select * from users',
      'alter table users add column owners text',
      'alter table users drop column owners',
    ]
    expect(await asOwner((connection) => outcomes(connection, allowed))).toEqual(
      Object.fromEntries(allowed.map((sql) => [sql, 'done'])),
    )
  })

  test('what is as wanted needs no change', async () => {
    const plan = await asOwner((connection) => planRoles(connection, request(levelsOf(place.name))))
    expect(plan).toMatchObject({ changes: [], created: [], otherSchemas: ['private'] })
  })
})

test('migrators alter what a plain owner made, as members of it; of one who may more they are told to adopt it', async () => {
  const place = await rolesPlace('lvo')
  const master = await makeMaster(place)
  const [owner, deploy, reader, later] = ['owner', 'deploy', 'reader', 'later'].map(place.name) as [
    string,
    string,
    string,
    string,
  ]
  const connection = await place.as(master).connect()
  try {
    await connection.run(`create role "${owner}" nologin; grant "${owner}" to "${master}" with inherit true, set true;
      grant create, usage on schema public to "${owner}";
      set role "${owner}"; create table of_owner (id serial, text text); reset role;
      create table of_master (id serial, text text)`)
    const wanted = request({
      [deploy]: { level: 'migrator', schemas: ['public'] },
      [reader]: { level: 'readonly', schemas: ['public'] },
    })
    const { limits } = await planRoles(connection, wanted)
    expect(limits).toEqual([
      `Migrators cannot alter what is there of ${master}, who may do more than migrators should: 2 objects in public. --adopt gives it to their group.`,
    ])
    const passwords = await makeRoles(connection, wanted)
    expect(
      await withLogin(place, deploy, passwords[deploy], (one) =>
        outcomes(one, ['alter table of_owner add column more text', 'alter table of_master add column more text']),
      ),
    ).toEqual({
      'alter table of_owner add column more text': 'done',
      'alter table of_master add column more text': denied,
    })

    // Both keep making tables, and so does a migrator who comes later.
    await connection.run(`set role "${owner}"; create table more_of_owner (id int); reset role`)
    Object.assign(
      passwords,
      await makeRoles(connection, request({ [later]: { level: 'migrator', schemas: ['public'] } })),
    )
    await withLogin(place, later, passwords[later], (one) => one.run('create table of_later (id int)'))
    const reads = [
      'select * from of_owner',
      'select * from of_master',
      'select * from more_of_owner',
      'select * from of_later',
    ]
    expect(await withLogin(place, reader, passwords[reader], (one) => outcomes(one, reads))).toEqual(
      Object.fromEntries(reads.map((sql) => [sql, 'done'])),
    )

    // An owner that could become more than an owner is none that migrators may become.
    await connection.run(
      `revoke "${owner}" from "${groupName({ database: place.database.database, level: 'migrator', schema: null })}"`,
    )
    const climber = place.name('climber')
    await connection.run(`create role "${climber}" createdb; grant "${climber}" to "${owner}"`)
    const climbing = await planRoles(connection, wanted)
    expect(climbing.changes.map(({ sql }) => sql)).toEqual([])
    expect(climbing.limits.join()).toContain(`Migrators cannot alter what is there of ${owner}`)

    // What somebody made whose privileges we have not is said, and the rest is done.
    const stranger = place.name('stranger')
    await administer(`create role "${stranger}" nologin`)
    const root = await place.database.connect()
    await root.run(
      `grant create on schema public to "${stranger}"; set role "${stranger}"; create table strange (id int)`,
    )
    await root.close()
    const after = await planRoles(connection, wanted)
    expect(after.changes).toEqual([])
    expect(after.limits).toEqual(
      expect.arrayContaining([
        `What ${stranger} owns in public was not granted: ${master} has not the privileges of ${stranger}.`,
        `What ${stranger} will make in public stays closed: ${master} has not their privileges.`,
      ]),
    )
  } finally {
    await connection.close()
  }
})

test('an admin makes databases and roles, and is no superuser', async () => {
  const place = await rolesPlace('lva')
  const admin = place.name('admin')
  const connection = await place.database.connect()
  try {
    const asked = request({ [admin]: { level: 'admin', schemas: ['public'] } })
    const passwords = await makeRoles(connection, asked)
    const made = place.name('made')
    const statements = [
      `create role "${made}"`,
      `drop role "${made}"`,
      `create database "${place.name('other')}"`,
      'select * from pg_authid',
    ]
    expect(Object.values(await withLogin(place, admin, passwords[admin], (one) => outcomes(one, statements)))).toEqual([
      'done',
      'done',
      'done',
      denied,
    ])
    expect((await planRoles(connection, asked)).changes).toEqual([])
  } finally {
    await connection.close()
  }
})

test('what everybody may is taken away when asked, and who loses by it is said', async () => {
  const place = await rolesPlace('lvp')
  const master = await makeMaster(place)
  const bystander = place.name('bystander')
  await administer(`create role "${bystander}" login password 'x'`)
  const connection = await place.as(master).connect()
  try {
    await connection.run('grant create on schema public to public')
    const asked = request({ [place.name('app')]: { level: 'app', schemas: ['public'] } }, { revokePublic: true })
    const plan = await planRoles(connection, asked)
    expect(plan.limits.join()).toContain(bystander)
    expect(plan.changes.filter(({ role }) => role === 'PUBLIC').map(({ sql }) => sql)).toEqual([
      `revoke TEMPORARY, CONNECT on database "${place.database.database}" from public`,
      'revoke create on schema "public" from public',
    ])
    const passwords = await makeRoles(connection, asked)
    await expect(place.as(bystander).connect()).rejects.toMatchObject({ sql: { sqlstate: '42501' } })
    const app = place.name('app')
    expect(
      await withLogin(place, app, passwords[app], (one) =>
        outcomes(one, ['create temporary table t (a int)', 'create table t (a int)']),
      ),
    ).toEqual({
      'create temporary table t (a int)': denied,
      'create table t (a int)': denied,
    })
    expect((await planRoles(connection, asked)).changes).toEqual([])
  } finally {
    await connection.close()
  }
})

test('a long name of a group is cut and still its own', () => {
  const group = { database: 'd'.repeat(40), level: 'readonly', schema: `${'s'.repeat(30)}1` } as const
  const other = { ...group, schema: `${'s'.repeat(30)}2` } as const
  expect(groupName(group)).toMatch(/^d{40}_s+_[0-9a-f]{8}_readonly$/)
  expect(Buffer.byteLength(groupName(group))).toBeLessThanOrEqual(63)
  expect(groupName(group)).not.toBe(groupName(other))
  expect(Buffer.byteLength(groupName({ ...group, database: 'ä'.repeat(31) }))).toBeLessThanOrEqual(63)
  expect(groupName({ database: 'cruddur', level: 'migrator', schema: null })).toBe('cruddur_migrator')
})
