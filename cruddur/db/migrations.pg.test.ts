import { join } from 'node:path'
import { migrate, rollback, type Connection } from '@pgrig/core'
import { expect, test } from 'vitest'
import { testDatabase } from '../../tests/support/database.ts'
import { readSql } from './test-client.ts'

const options = { folder: join(import.meta.dirname, 'migrations'), user: 'tests', program: 'tests' }

/** What there is, with each name, type, condition and comment. */
async function describe(connection: Connection): Promise<unknown[]> {
  return connection.run(`
    with own as (
      select 'pg_class'::regclass as class, oid, relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relname not like 'schema\\_migrations%'
      union all select 'pg_proc'::regclass, oid, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
    )
    select name, obj_description(oid, class::text) as comment,
           (select array_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attcollation::regcollation, attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)) order by attnum)
              from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
             where class = 'pg_class'::regclass and attrelid = own.oid and attnum > 0) as columns,
           (select array_agg(conname || ' ' || pg_get_constraintdef(c.oid) order by conname) from pg_constraint c
             where class = 'pg_class'::regclass and conrelid = own.oid) as constraints,
           (select pg_get_indexdef(indexrelid) from pg_index where class = 'pg_class'::regclass and indexrelid = own.oid) as index
      from own order by name`)
}

test('the migrations make what the schema makes, and their way back leaves nothing', async () => {
  const [fromSchema, fromMigrations] = [await testDatabase(), await testDatabase()]
  const [schema, migrations] = [await fromSchema.connect(), await fromMigrations.connect()]
  try {
    await schema.run(await readSql('schema.sql'))
    const { applied } = await migrate(fromMigrations, options)
    expect(await describe(migrations)).toEqual(await describe(schema))
    expect((await describe(schema)).length).toBeGreaterThan(5)
    expect((await migrate(fromSchema, options)).applied, 'the schema says that it contains them all').toEqual([])
    await rollback(fromMigrations, { ...options, steps: applied.length })
    expect(await describe(migrations)).toEqual([])
  } finally {
    await schema.close()
    await migrations.close()
  }
})
