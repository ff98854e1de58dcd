import { expect, test } from 'vitest'
import { testDatabase } from '../../../../../tests/support/database.ts'
import { copySchema, runIn, schemaOf } from '../../../../../tests/support/schema.ts'

test('publications and event triggers are the same', async () => {
  const { schema, copy, text } = await copySchema(`
    create schema "All of it"; create schema more;
    create table a (id int primary key, b int, "C" text, d int generated always as (b + 1) stored);
    create table more.z (id int primary key);
    create table part (id int) partition by range (id);
    create publication everything for all tables with (publish = 'insert, truncate', publish_via_partition_root = true);
    create publication nothing with (publish = '');
    create publication several for table a ("C", id) where (id > 3 and b is null), more.z, part
      with (publish_generated_columns = stored);
    create publication schemas for tables in schema "All of it", more;
    comment on publication several is 'some';
    create function look() returns event_trigger language plpgsql as 'begin end';
    create event trigger on_make on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute function look();
    create event trigger "On login" on login execute function look();
    alter event trigger "On login" disable;
    create event trigger on_drop on sql_drop execute function look();
    alter event trigger on_drop enable always;
    comment on event trigger on_make is 'made';`)
  expect(copy).toEqual(schema)
  expect(text).toContain('ADD TABLE ONLY public.a (id, "C") WHERE (((id > 3) AND (b IS NULL)))')
})

test('subscriptions, large objects and what stands among the objects of PostgreSQL are told of', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    `create subscription "From afar" connection 'host=nowhere password=hunter2' publication p with (connect = false, slot_name = none);
     select lo_create(0), lo_create(0);
     create function pg_catalog.hidden() returns int language sql return 1;
     create view information_schema.hidden as select 1 as x;
     drop extension plpgsql`,
  )
  try {
    const { uncovered } = await schemaOf(database)
    expect(uncovered.map(({ object }) => object)).toEqual([
      'extension plpgsql',
      'function hidden()',
      'large objects: 2',
      'subscription "From afar"',
      'view information_schema.hidden',
    ])
    expect(JSON.stringify(uncovered)).not.toContain('hunter2')
  } finally {
    await runIn(database, 'drop subscription "From afar"')
  }
})
