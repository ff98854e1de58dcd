import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { connect, type Connection } from '../postgres/connection.ts'
import { findLosses, type Loss, type Losses } from './losses.ts'
import type { RunScriptOptions } from './run-script.ts'
import { fileSource, textSource } from './script-files.ts'

let database: TestDatabase
let connection: Connection

beforeAll(async () => {
  database = await testDatabase()
  connection = await database.connect()
  await connection.run(`
    create table users (id int primary key, name varchar(20), mail text, note char(5), price numeric(8, 2));
    insert into users select n, 'user ' || n from generate_series(1, 30) n;
    create table posts (id int, author int references users on delete cascade, body text);
    insert into posts select n, 1 from generate_series(1, 5) n;
    create table likes (author int references users);
    create table "Odd Name" (a int);
    create view names as select name from users;
    create materialized view totals as select count(*) as n from posts;
    create table parent (a int);
    create table child () inherits (parent);
    insert into parent values (1); insert into child values (2), (3);
    create table logs (day date) partition by range (day);
    create table logs_1 partition of logs for values from ('2020-01-01') to ('2021-01-01');
    create table logs_2 partition of logs for values from ('2021-01-01') to ('2022-01-01');
    insert into logs values ('2020-02-02'), ('2021-02-02'), ('2021-03-03');
    create schema shop;
    create table shop.users (id int);
    insert into shop.users values (1), (2);
    create table shop.carts (id int);
    create type mood as enum ('ok');
    create table moods (a int, state mood);
    create type pair as (a int, b int);
    create table pairs of pair;
    create extension hstore;
    create table tagged (tags hstore);
    create function double(int) returns int immutable language sql as 'select $1 * 2';
    create table doubled (a int, b int generated always as (double(a)) stored);
    create function wipe() returns void language plpgsql as $$ begin delete from posts; end $$;
    create function outer_wipe() returns void language sql as $$ select wipe() $$;
    create function shop.purge() returns void language sql as 'delete from public.posts';
    create function note() returns void language plpgsql as $$ begin insert into likes values (1); end $$;
    create function any_thing(text) returns void language plpgsql as $$ begin execute $1; end $$;
    create function peek() returns int stable language sql as 'select 1';
    create sequence counter;
    create unlogged table fleeting (a int);
    analyze`)
})

afterAll(() => connection.close())

/** As a person would read it, without sizes. */
function lineOf({ location: { file, line, column }, action, object, rows, estimated }: Loss): string {
  const count = rows === null ? '' : `: ${estimated ? 'about ' : ''}${rows}`
  return `${file}:${line}:${column} ${action}${object === undefined ? '' : ` ${object}`}${count}`
}

function lines({ losses, unknown }: Losses): string[] {
  return [
    ...losses.map(lineOf),
    ...unknown.map(({ location: { file, line, column }, why }) => `${file}:${line}:${column} unknown: ${why}`),
  ]
}

async function lossesOf(sql: string, options: RunScriptOptions = {}, on = connection): Promise<string[]> {
  const found = lines(await findLosses([textSource(sql, 's')], on, options))
  return found.map((line) => line.replace(/^s:1:\d+ /, ''))
}

describe('what is lost', () => {
  test.each<[string, string[]]>([
    ['drop table users', ['drops the table public.users: 30']],
    ['DROP TABLE "Odd Name"', ['drops the table public."Odd Name": 0']],
    ['drop table if exists nothing, public.nothing', []],
    ['drop materialized view totals', ['drops the materialized view public.totals: 1']],
    ['drop sequence counter', ['drops the sequence public.counter']],
    ['drop view names', []],
    ['drop view names cascade', []],
    [
      'drop table posts cascade',
      [
        'drops the table public.posts: 5',
        'drops the table public.posts, and with it the materialized view public.totals: 1',
      ],
    ],
    ['delete from names', ['deletes every row of public.names']],
    [
      'delete from users',
      [
        'deletes every row of public.users: 30',
        'deletes every row of public.users, and with it rows of public.posts: 5',
      ],
    ],
    ['delete from users where id = 3', []],
    ['update users set name = 1', ['changes every row of public.users: 30']],
    ['truncate posts', ['empties the table public.posts: 5']],
    [
      'truncate users cascade',
      [
        'empties the table public.users: 30',
        'empties the table public.users, and with it the table public.posts: 5',
        'empties the table public.users, and with it the table public.likes: 0',
      ],
    ],
    ['drop table logs', ['drops the table public.logs: 3']],
    ['drop table logs_1', ['drops the table public.logs_1: 1']],
    ['delete from logs', ['deletes every row of public.logs: 3']],
    ['drop table parent', ['drops the table public.parent: 1']],
    [
      'drop table parent cascade',
      ['drops the table public.parent: 1', 'drops the table public.parent, and with it the table public.child: 2'],
    ],
    ['delete from parent', ['deletes every row of public.parent: 3']],
    ['delete from only parent', ['deletes every row of public.parent: 1']],
    ['drop schema shop', []],
    [
      'drop schema shop cascade',
      [
        'drops the schema shop, and with it the table shop.users: 2',
        'drops the schema shop, and with it the table shop.carts: 0',
      ],
    ],
    ['drop schema if exists nothing cascade', []],
    ['drop type mood', []],
    ['drop type mood cascade', ['drops the type mood, and with it the column state of public.moods: 0']],
    ['drop extension hstore', []],
    ['drop extension hstore cascade', ['drops the extension hstore, and with it the column tags of public.tagged: 0']],
    ['drop function double(int) cascade', ['drops the function double, and with it the column b of public.doubled: 0']],
    ['drop function wipe cascade', []],
    [
      'alter type pair drop attribute a cascade',
      ['drops the attribute a of all that is made of the type pair, and with it of public.pairs: 0'],
    ],
    ['alter table users drop column mail', ['drops the column mail of public.users: 30']],
    ['alter table users drop column if exists nothing', []],
    ['alter table posts drop column id cascade', ['drops the column id of public.posts: 5']],
    ['alter table users set unlogged', ['lets the next crash empty the table public.users: 30']],
    ['alter table fleeting set unlogged', []],
    ['select wipe()', ['calls wipe, which deletes every row of public.posts: 5']],
    ['select public.outer_wipe()', ['calls wipe, which deletes every row of public.posts: 5']],
    ['select note(), peek(), now(), text(1), lower(name), count(*) from users group by name', []],
    [
      'select any_thing($$drop table users$$)',
      ['unknown: calls any_thing, which runs a statement that is put together while it runs (execute)'],
    ],
    ['select not_there()', ['unknown: calls not_there, which is not there yet']],
    ['select lo_unlink(1)', ['deletes a large object (lo_unlink)']],
    ['do $$ begin delete from posts; end $$', ['deletes every row of public.posts: 5']],
    ['drop database nothing_there', []],
  ])('%s', async (sql, expected) => {
    expect((await lossesOf(sql)).sort()).toEqual(expected.sort())
  })

  test.each<[string, boolean]>([
    ['name type text', false],
    ['name type varchar', false],
    ['name type varchar(40)', false],
    ['name type varchar(10)', true],
    ['name type text using left(name, 1)', true],
    ['id type bigint', false],
    ['id type smallint', true],
    ['id type numeric', false],
    ['id type numeric(3)', true],
    ['price type numeric', false],
    ['price type numeric(10, 2)', false],
    ['price type numeric(9, 4)', true],
    ['price type numeric(8, 1)', true],
    ['mail type jsonb using mail::jsonb', true],
    ['mail type "char"', true],
    ['note type "char"', true],
    ['mail type text[] using array[mail]', true],
  ])('a column is rewritten by %s: %s', async (change, loses) => {
    const expected = loses ? [`rewrites the column ${change.split(' ')[0]} of public.users: 30`] : []
    expect(await lossesOf(`alter table users alter column ${change}`)).toEqual(expected)
  })
})

describe('what a script has done before counts', () => {
  test.each<[string, string[]]>([
    ['create table mine (a int); drop table mine', []],
    ['create table if not exists users (a int); drop table users', ['drops the table public.users: 30']],
    ['create temp table users (a int); delete from users; drop table users', []],
    ['create temp table users (a int); drop table public.users', ['drops the table public.users: 30']],
    ['create schema new; create table new.users (a int); truncate new.users', []],
    ['create schema new; set search_path = new, public; create table users (a int); drop table users', []],
    ['set search_path = shop, public; drop table users', ['drops the table shop.users: 2']],
    ['set search_path = shop; reset search_path; drop table users', ['drops the table public.users: 30']],
    [`select pg_catalog.set_config('search_path', '', false); drop table users`, []],
    [
      `select pg_catalog.set_config('search_path', '', false); drop table shop.users`,
      ['drops the table shop.users: 2'],
    ],
    [
      `select set_config('search_path', current_user, false); drop table users`,
      ['drops the table public.users: 30', 'drops the table shop.users: 2'],
    ],
    ['alter table users rename to old_users; drop table old_users', ['drops the table public.users: 30']],
    [
      'alter table posts rename to old; create table posts (a int); delete from old',
      ['deletes every row of public.posts: 5'],
    ],
    [
      'alter table users set schema shop; drop table shop.users',
      ['drops the table public.users: 30', 'drops the table shop.users: 2'],
    ],
    ['alter schema shop rename to store; drop table store.users', ['drops the table shop.users: 2']],
    [
      'alter schema shop rename to store; drop schema store cascade',
      [
        'drops the schema store, and with it the table shop.users: 2',
        'drops the schema store, and with it the table shop.carts: 0',
      ],
    ],
    [
      'alter type mood rename to m; drop type m cascade',
      ['unknown: drops the type m, a name that the script itself has given'],
    ],
    [
      'alter type mood set schema shop; drop type shop.mood cascade',
      ['unknown: drops the type shop.mood, a name that the script itself has given'],
    ],
    [
      'alter database other rename to postgres_2; drop database postgres_2',
      ['unknown: drops the database postgres_2, a name that the script itself has given'],
    ],
    [
      'alter table users rename column mail to post; alter table users drop column post',
      ['drops the column post of public.users: 30'],
    ],
    ['alter table users add column extra int; alter table users drop column extra', []],
    ['drop table posts; create table posts (a int); drop table posts', ['drops the table public.posts: 5']],
    ['create temp table users (a int); drop table users; drop table users', ['drops the table public.users: 30']],
    ['create temp table users (a int); discard temp; drop table users', ['drops the table public.users: 30']],
    ['create temp table users (a int) on commit drop; drop table users', ['drops the table public.users: 30']],
    [
      'create temp table users (a int); alter table users rename to mine; drop table users',
      ['drops the table public.users: 30'],
    ],
    [
      'create temp table users as with gone as (delete from posts returning *) select * from gone; delete from users',
      ['deletes every row of public.posts: 5'],
    ],
    [
      'create temp table posts as with gone as (delete from posts returning *) select * from gone',
      ['deletes every row of public.posts: 5'],
    ],
    [
      'do $$ begin if false then create temp table posts (a int); end if; end $$; delete from posts',
      ['deletes every row of public.posts: 5'],
    ],
    [
      'create schema new; set search_path = new, public; create table posts (a int); drop table posts; delete from posts',
      ['deletes every row of public.posts: 5'],
    ],
    [
      'create function wipe(int) returns void language sql as $$ select 1 $$; select wipe()',
      ['calls wipe, which deletes every row of public.posts: 5'],
    ],
    [
      'create function mine(text) returns text language sql as $$ select lower($1) || peek() $$; select mine(name) from users',
      [],
    ],
    [
      'create function new.purge() returns void language sql as $$ select shop.purge() $$; select new.purge()',
      ['calls shop.purge, which deletes every row of public.posts: 5'],
    ],
    [
      'alter function double rename to twice; drop function twice cascade',
      ['unknown: drops the function twice and all that needs it'],
    ],
    ['prepare p as delete from posts; execute p', ['deletes every row of public.posts: 5']],
    [
      'create function mine() returns void language sql as $$ delete from posts $$; select mine()',
      ['deletes every row of public.posts: 5'],
    ],
    ['create function mine() returns void language sql as $$ select 1 $$; select mine()', []],
    [
      'select note(); create or replace function note() returns void language sql as $$ delete from posts $$; select note()',
      ['deletes every row of public.posts: 5'],
    ],
  ])('%s', async (sql, expected) => {
    expect((await lossesOf(sql)).sort()).toEqual(expected.sort())
  })

  test('where errors do not stop the script, what it makes hides nothing', async () => {
    const sql = '\\set ON_ERROR_STOP off\ncreate temp table users (a int); drop table users'
    expect(await lossesOf(sql, { transaction: 'none' })).toEqual(['s:2:34 drops the table public.users: 30'])
  })

  test.each<[string, string[]]>([
    [
      'set local search_path = shop; drop table users',
      ['drops the table public.users: 30', 'drops the table shop.users: 2'],
    ],
    [
      'begin; set search_path = shop; rollback; drop table users',
      ['drops the table public.users: 30', 'drops the table shop.users: 2'],
    ],
  ])('where nobody knows the search_path, every schema counts: %s', async (sql, expected) => {
    expect((await lossesOf(sql, { transaction: 'none' })).sort()).toEqual(expected)
  })

  test('what was rolled back was not made', async () => {
    const sql = 'begin; create temp table users (a int); rollback; drop table users'
    expect(await lossesOf(sql, { transaction: 'none' })).toEqual(['drops the table public.users: 30'])
  })
})

describe('scripts', () => {
  async function folderWith(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'pgrig-losses-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    return folder
  }

  test('includes, variables and conditions are followed, and each place is told', async () => {
    const folder = await folderWith({
      'main.sql': `-- first\n\\set table posts\n\\ir part.sql\n\\if :yes\n  select 'ü'; delete from :table;\n\\else\n  drop table users;\n\\endif\n`,
      'part.sql': `\n\n  truncate\n    :"table";\ncopy likes from stdin;\n1\n2\n\\.\ndrop table "Odd Name";\n`,
    })
    const source = await fileSource(join(folder, 'main.sql'), 'main.sql')
    const options = { variables: { yes: 'on' }, folder, nameFile: (path: string) => path.slice(folder.length + 1) }
    expect(lines(await findLosses([source], connection, options))).toEqual([
      'part.sql:4:5 empties the table public.posts: 5',
      'part.sql:9:1 drops the table public."Odd Name": 0',
      'main.sql:5:27 deletes every row of public.posts: 5',
    ])
  })

  test('what the database has a say in is unknown, and both ways are followed', async () => {
    const sql = `select 'users' as name \\gset\n\\if :{?name}\ndrop table posts;\n\\else\ndrop table likes;\n\\endif\ntruncate :name;\n`
    const found = lines(await findLosses([textSource(sql, 's')], connection, {}))
    expect(found).toContain('s:7:1 unknown: holds a variable that the database has a say in')
    expect(found.join('\n')).toContain('drops the table public.')
  })

  test('an included file that the database may have named is unknown', async () => {
    const folder = await folderWith({ 'a.sql': 'select 1;\n' })
    const options = { folder, nameFile: (path: string) => path.slice(folder.length + 1) }
    const sql = `\\set f a.sql\n\\i :f\nselect 'b.sql' as f \\gset\n\\i a.sql\n\\i :f\n`
    expect(lines(await findLosses([textSource(sql, 's')], connection, options))).toEqual([
      's:5:1 unknown: includes a file that the database has a say in',
    ])
  })

  test('statements that the database makes, other sessions and other programs are unknown', async () => {
    const sql = `select 'drop table users' \\gexec\n\\copy likes from program 'x'\n\\! echo\n\\connect - postgres\n`
    expect(
      lines(await findLosses([textSource(sql, 's')], connection, { allowShell: true, transaction: 'none' })),
    ).toEqual([
      's:1:27 unknown: runs statements that the database makes (\\gexec)',
      's:2:1 unknown: runs a program of this machine',
      's:3:1 unknown: runs a program of this machine',
      's:4:1 unknown: goes on in another session, perhaps in another database',
    ])
  })

  test('in another encoding than UTF-8 a name is not known, and a backslash may be half of a character', async () => {
    const write = (text: string) => ({
      ...textSource('', 's'),
      open: async function* () {
        yield Buffer.from(text, 'latin1')
      },
    })
    const found = await findLosses([write(`drop table posts;\ndrop table "caf\xe9";\nselect '\x95\\';\n`)], connection)
    expect(lines(found)).toEqual([
      's:1:1 drops the table public.posts: 5',
      's:2:1 unknown: drops the table something whose name is not written in UTF-8',
      's:3:1 unknown: is not written in UTF-8, and holds what may be a backslash or not',
    ])
  })

  test('a backslash before a quote is unknown while it may end a string or not', async () => {
    const sql = `set standard_conforming_strings = off;\nselect 'a\\'; drop table users; --';\n`
    expect((await lossesOf(sql)).join()).toContain('s:2:1 unknown: holds a backslash before a quote')
  })

  test('without a connection the names are told as they are written', async () => {
    const found = await findLosses([textSource('drop table a.b; select f(); execute p', 's')], undefined)
    expect(lines(found)).toEqual([
      's:1:1 drops the table a.b',
      's:1:29 unknown: executes p, which this script does not prepare',
    ])
    expect(found.notLooked).toBe('there is no connection')
  })
})

describe('what goes with CASCADE is what PostgreSQL drops', () => {
  const inventory = `
    select format('%I.%I', nspname, relname) || coalesce('.' || attname, '') as thing
      from pg_class c join pg_namespace n on n.oid = relnamespace
      left join pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped
     where relkind in ('r', 'p', 'm', 'S') and nspname in ('public', 'shop')`

  test.each([
    'drop schema shop cascade',
    'drop table users cascade',
    'drop table users, posts cascade',
    'drop table parent cascade',
    'drop table logs cascade',
    'drop table posts cascade',
    'drop view names cascade',
    'drop view deep_names cascade',
    'drop type mood cascade',
    'drop type pair cascade',
    'drop domain short cascade',
    'drop extension hstore cascade',
    'drop function double(int) cascade',
    'drop materialized view totals cascade',
    'alter table users drop column name cascade',
    'alter table posts drop column id cascade',
    'alter table parent drop column a',
    'alter type pair drop attribute a cascade',
    'drop sequence used cascade',
    'drop access method heap_too cascade',
    'drop collation plain cascade',
  ])('%s', async (sql) => {
    const other = await database.connect()
    try {
      await other.run('begin')
      await other.run(`
        create view deep_names as select name from names;
        create materialized view deep as select name from deep_names;
        create view deeper as select * from deep;
        create domain short as varchar(3);
        create table shorts (a short, b short[], c int);
        create table pairing (p pair, q int);
        create sequence used;
        create table uses (a int default nextval('used'));
        create access method heap_too type table handler heap_tableam_handler;
        create table elsewhere (a int) using heap_too;
        create collation plain from "C";
        create table collated (a text collate plain, b int);
        create view shop.outside as select * from users;
        create materialized view outside as select * from shop.users;
        create table shop.part partition of logs for values from ('2022-01-01') to ('2023-01-01')`)
      const before = (await other.run<{ thing: string }>(inventory)).map(({ thing }) => thing)
      // Looking has a transaction of its own: here it is a part of ours.
      const inOurs = Object.create(other, {
        run: {
          value: (text: string, values?: never) =>
            other.run(
              text.replace('begin read only', 'savepoint look').replace(/^rollback$/, 'rollback to look'),
              values,
            ),
        },
      }) as Connection
      const { losses, unknown } = await findLosses([textSource(sql, 's')], inOurs)
      await other.run(sql)
      const after = new Set((await other.run<{ thing: string }>(inventory)).map(({ thing }) => thing))
      const gone = before.filter((thing) => !after.has(thing))
      const told = losses.map(({ action, object }) => {
        const column = /drops the (?:column|attribute) (\w+) of|and with it the column (\w+) of$/.exec(action)
        return {
          object,
          column: / and with it the (?:table|materialized view)$/.test(action)
            ? undefined
            : (column?.[2] ?? column?.[1]),
        }
      })
      const covered = (thing: string) =>
        told.some(({ object, column }) =>
          column === undefined ? thing.startsWith(`${object}.`) : thing === `${object}.${column}`,
        )
      const children = /parent|logs|pair drop/.test(sql) ? /^(public|shop)\.(logs_|child|part|pairs)/ : /^$/
      expect(unknown).toEqual([])
      expect(gone.filter((thing) => !covered(thing) && !children.test(thing))).toEqual([])
      for (const { object, column } of told)
        expect(gone, `${object} ${column}`).toContainEqual(
          expect.stringContaining(column === undefined ? `${object}.` : `${object}.${column}`),
        )
    } finally {
      await other.close()
    }
  })
})

describe('looking', () => {
  test('tells sizes, and leaves neither a transaction nor a setting behind', async () => {
    const { losses } = await findLosses([textSource('drop table users; drop database postgres', 's')], connection)
    expect(losses[0]!.sizeBytes).toBeGreaterThan(8000)
    expect(losses[1]).toMatchObject({ action: 'drops the database', object: 'postgres' })
    expect(losses[1]!.sizeBytes).toBeGreaterThan(1_000_000)
    expect(await connection.run('show statement_timeout')).toEqual([{ statement_timeout: '0' }])
    expect(connection.channel.transactionStatus).toBe('I')
  })

  test('a role without permission sees an estimate', async () => {
    const name = `${database.database}_blind`
    await administer(`create role "${name}" login`)
    const blind = await connect({ ...database.address, user: name }, { application: 'tests' })
    onTestFinished(async () => {
      await blind.close()
      await administer(`drop role "${name}"`)
    })
    expect(await lossesOf('drop table users; drop table shop.users', {}, blind)).toEqual([
      'drops the table public.users: about 30',
      'drops the table shop.users: about 2',
    ])
  })

  test('a table that somebody has locked is told without waiting for it', async () => {
    const other = await database.connect()
    onTestFinished(() => other.close())
    await other.run('begin; lock table users in access exclusive mode')
    expect(await lossesOf('drop table users; drop table posts')).toEqual([
      'drops the table public.users: about 30',
      'drops the table public.posts: about 5',
    ])
  })

  test('row security hides no rows: then they are estimated', async () => {
    const name = `${database.database}_secured`
    await administer(`create role "${name}" login`)
    await connection.run(`alter table likes enable row level security; grant select on likes to "${name}"`)
    const secured = await connect({ ...database.address, user: name }, { application: 'tests' })
    onTestFinished(async () => {
      await secured.close()
      await connection.run(`revoke all on likes from "${name}"; alter table likes disable row level security`)
      await administer(`drop role "${name}"`)
    })
    expect(await lossesOf('drop table likes', {}, secured)).toEqual(['drops the table public.likes: about 0'])
  })

  test('what a role owns is found', async () => {
    const name = `${database.database}_owner`
    await administer(`create role "${name}"`)
    await connection.run(`create table owned as select 1 as a; alter table owned owner to "${name}"`)
    onTestFinished(() => administer(`drop role "${name}"`))
    expect(await lossesOf(`drop owned by "${name}"`)).toEqual([
      `drops the property of ${name}, and with it the table public.owned: 1`,
    ])
    await connection.run('drop table owned')
  })
})
