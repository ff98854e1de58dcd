import { expect, test } from 'vitest'
import { testDatabase } from '../../../../../tests/support/database.ts'
import { copySchema, runIn, schemaOf } from '../../../../../tests/support/schema.ts'

// Roles that every server has: pg_monitor, pg_checkpoint, pg_read_all_data.

test('what was granted is the same, on every kind of thing', async () => {
  const { schema, copy } = await copySchema(`
    create schema closed; create schema shared;
    grant usage on schema closed to pg_monitor, pg_checkpoint; grant all on schema shared to public;
    create table closed.t (id int, b int, c int);
    grant all on closed.t to pg_monitor with grant option;
    grant select (id), update (b) on closed.t to pg_checkpoint;
    grant references (c) on closed.t to public;
    set role pg_monitor;
    grant select, insert on closed.t to pg_checkpoint with grant option;
    set role pg_checkpoint;
    grant insert on closed.t to pg_read_all_data;
    reset role;
    revoke all on closed.t from postgres; grant select, maintain on closed.t to postgres;
    create view v as select 1 as x; grant select (x) on v to pg_monitor;
    create materialized view m as select 1 as x; grant select on m to pg_monitor;
    create sequence s; grant usage on s to pg_monitor; grant all on s to pg_checkpoint;
    create type mood as enum ('a'); revoke usage on type mood from public; grant usage on type mood to pg_monitor;
    create domain d as int; revoke usage on domain d from public;
    create type span as range (subtype = int); grant usage on type span to pg_monitor with grant option;
    create function f(int, variadic text[]) returns int language sql return 1; revoke execute on function f from public;
    create procedure p(inout a int, out b int) language plpgsql as 'begin end'; grant execute on procedure p to pg_monitor;
    create aggregate everything(*) (sfunc = int8inc, stype = bigint, initcond = '0'); revoke all on function everything() from public;
    create aggregate share(float8 order by "any") (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final,
      finalfunc_extra); grant execute on function share(float8, "any") to pg_monitor;
    create foreign data wrapper w; grant usage on foreign data wrapper w to pg_monitor;
    create server far foreign data wrapper w; grant usage on foreign server far to pg_monitor;
    create trusted language talk handler plpgsql_call_handler; revoke usage on language talk from public;
    revoke usage on schema public from public; grant create on schema public to pg_monitor;`)
  expect(copy).toEqual(schema)
  expect(schema.uncovered).toEqual([])
  const ungranted = schema.objects.filter(({ grants }) => grants.length === 0)
  expect(ungranted.map(({ id }) => id)).toEqual([])
})

test('what was changed on members of an extension and on what PostgreSQL has itself is written, and nothing else of them', async () => {
  const { schema, copy } = await copySchema(`
    create schema ext;
    create extension hstore with schema ext;
    create extension pg_buffercache;
    revoke execute on function ext.hstore(text, text) from public;
    grant execute on function pg_buffercache_pages() to pg_read_all_data;
    revoke all on function pg_buffercache_pages() from pg_monitor;
    revoke usage on language plpgsql from public;
    grant execute on function pg_read_file(text) to pg_monitor;
    grant select (rolpassword) on pg_authid to pg_monitor;
    comment on extension hstore is 'keys and values';`)
  expect(copy).toEqual(schema)
  expect(schema.objects.map(({ id, create, grants }) => ({ id, create, grants }))).toEqual([
    {
      id: 'extension hstore',
      create: ['CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA ext'],
      grants: ['REVOKE EXECUTE ON FUNCTION ext.hstore(text, text) FROM PUBLIC'],
    },
    {
      id: 'extension pg_buffercache',
      create: ['CREATE EXTENSION IF NOT EXISTS pg_buffercache WITH SCHEMA public'],
      grants: [
        'REVOKE EXECUTE ON FUNCTION public.pg_buffercache_pages() FROM pg_monitor',
        'GRANT EXECUTE ON FUNCTION public.pg_buffercache_pages() TO pg_read_all_data',
      ],
    },
    { id: 'extension plpgsql', create: [], grants: ['REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC'] },
    { id: 'schema ext', create: ['CREATE SCHEMA ext'], grants: [] },
    {
      id: 'schema pg_catalog',
      create: [],
      grants: [
        'GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO pg_monitor',
        'GRANT SELECT (rolpassword) ON TABLE pg_catalog.pg_authid TO pg_monitor',
      ],
    },
    { id: 'schema public', create: [], grants: [] },
  ])
  const [, , language] = schema.objects
  expect(language?.drop).toBe('GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC')
})

test('default privileges are the same, and can be taken back', async () => {
  const { schema, copy } = await copySchema(`
    create schema "In here";
    alter default privileges grant select, insert on tables to pg_monitor;
    alter default privileges in schema "In here" grant execute on functions to pg_monitor with grant option;
    alter default privileges for role pg_monitor revoke execute on functions from public;
    alter default privileges for role pg_monitor grant all on schemas to public;
    alter default privileges for role pg_monitor revoke all on types from public, pg_monitor;
    alter default privileges for role pg_monitor grant update on large objects to pg_checkpoint;
    alter default privileges for role pg_monitor in schema "In here" grant usage on sequences to pg_checkpoint;`)
  expect(copy).toEqual(schema)
  const defaults = schema.objects.filter(({ kind }) => kind === 'default privileges')
  expect(defaults).toHaveLength(7)
  const database = await testDatabase()
  await runIn(database, ['create schema "In here"', ...defaults.flatMap(({ create }) => create)].join(';'))
  await runIn(database, defaults.map(({ drop }) => drop).join(';'))
  const after = await schemaOf(database)
  expect(after.objects.filter(({ kind }) => kind === 'default privileges')).toEqual([])
})
