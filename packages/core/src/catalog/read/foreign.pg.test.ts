import { expect, test } from 'vitest'
import { testDatabase } from '../../../../../tests/support/database.ts'
import { copySchema, runIn, schemaOf, sqlOf } from '../../../../../tests/support/schema.ts'

// A role that every server has.
const role = 'pg_monitor'

test('foreign data wrappers, servers and user mappings are the same, without what is secret', async () => {
  const { schema, copy, text } = await copySchema(`
      create extension postgres_fdw;
      create function checks(text[], oid) returns bool language internal as 'postgresql_fdw_validator';
      create foreign data wrapper own handler postgres_fdw_handler no validator options (debug 'it''s', "Upper case" 'a\\b');
      create foreign data wrapper bare;
      comment on foreign data wrapper own is 'mine';
      create server near type 'big' version '1.2' foreign data wrapper own options (host 'h', port '1', api_key 'abc0123', uri 'x://me:abc0123@host');
      create server far foreign data wrapper postgres_fdw options (host 'elsewhere', fetch_size '10');
      comment on server near is 'near';
      create user mapping for public server near;
      create user mapping for ${role} server far options (user 'u', password 'hunter2');
      create foreign table away (a int options (column_name 'b')) server far options (table_name 't');`)
  expect(copy.objects).toEqual(schema.objects)
  expect(text).not.toMatch(/hunter2|abc0123/)
  expect(text).toContain(`CREATE USER MAPPING FOR ${role} SERVER far OPTIONS (\n    "user" 'u'\n)`)
  expect(schema.uncovered.map(({ object, why }) => `${object}: ${why}`)).toEqual([
    'server near: Its option api_key holds a secret, which is not written. Set it again where you load this.',
    'server near: Its option uri holds a secret, which is not written. Set it again where you load this.',
    `user mapping FOR ${role} SERVER far: Its option password holds a secret, which is not written. Set it again where you load this.`,
  ])
})

test('options that the user may not read are told of', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    `create extension postgres_fdw; create server far foreign data wrapper postgres_fdw;
     create user mapping for postgres server far options (user 'u')`,
  )
  const reading = await schemaOf(database, role)
  expect(reading.uncovered).toEqual([
    {
      object: 'user mapping FOR postgres SERVER far',
      why: 'Its options can be read by a superuser, or by whom they are for, alone.',
    },
  ])
  expect(sqlOf(reading)).toContain('CREATE USER MAPPING FOR postgres SERVER far;\n')
})
