import { expect, test } from 'vitest'
import { copySchema, runIn, schemaOf } from '../../../../../tests/support/schema.ts'
import { testDatabase } from '../../../../../tests/support/database.ts'

test('operators that name each other, their classes and families are the same', async () => {
  const { schema, copy } = await copySchema(`
    create schema far;
    create function far.same(int, int) returns bool language internal immutable strict as 'int4eq';
    create function far.differs(int, int) returns bool language internal immutable strict as 'int4ne';
    create operator far.=== (function = far.same, leftarg = int, rightarg = int, commutator = operator(far.===), negator = operator(public.!==),
      restrict = eqsel, join = eqjoinsel, hashes, merges);
    create operator public.!== (function = far.differs, leftarg = int, rightarg = int, negator = operator(far.===));
    create operator public.~~~ (function = int4um, rightarg = int);
    comment on operator public.~~~ (none, int) is 'minus';
    create operator family public.numbers using btree;
    alter operator family public.numbers using btree add
      operator 1 < (int, bigint), operator 3 = (int, bigint), function 1 (int, bigint) btint48cmp(int, bigint);
    comment on operator family public.numbers using btree is 'numbers';
    create operator class public.by_hash for type int using hash as operator 1 far.=== (int, int), function 1 hashint4(int);
    create operator class public.near for type point using gist as storage box, operator 15 <-> (point, point) for order by pg_catalog.float_ops,
      function 1 gist_point_consistent(internal, point, smallint, oid, internal), function 2 gist_box_union(internal, internal),
      function 3 gist_point_compress(internal), function 5 gist_box_penalty(internal, internal, internal),
      function 6 gist_box_picksplit(internal, internal), function 7 gist_box_same(box, box, internal),
      function 8 gist_point_distance(internal, point, smallint, oid, internal);
    comment on operator class public.near using gist is 'near';
    create operator class far.empty for type money using btree as storage money;`)
  expect(copy).toEqual(schema)
  expect(schema.objects.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'operator class public.near USING gist',
      'operator family public.numbers USING btree',
      'operator far.=== (integer, integer)',
      'operator public.~~~ (NONE, integer)',
    ]),
  )
})

test('an operator that was promised and never made is told of where no other one promises it', async () => {
  const database = await testDatabase()
  await runIn(
    database,
    `create operator === (function = int4eq, leftarg = int, rightarg = int, negator = operator(public.!==));
     drop operator === (int, int);
     create operator ==== (function = int4eq, leftarg = int, rightarg = int, negator = operator(public.!===))`,
  )
  const { objects, uncovered } = await schemaOf(database)
  expect(objects.filter(({ kind }) => kind === 'operator')).toHaveLength(1)
  expect(uncovered.map(({ object }) => object)).toEqual(['OPERATOR public.!== (integer, integer)'])
})

test('casts, transforms, languages and access methods are the same', async () => {
  const { schema, copy } = await copySchema(`
    create type pair as (a int, b int);
    create type single as (a int);
    create domain whole as int;
    create function single_of(pair, int, bool) returns single language sql immutable as 'select row($1.a)::single';
    create cast (pair as single) with function single_of(pair, int, bool) as assignment;
    create cast (single as text) with inout as implicit;
    create cast (single as pair) with inout;
    comment on cast (single as pair) is 'twice';
    create type name_range as range (subtype = name);
    create function from_sql(internal) returns internal language internal immutable as 'prsd_lextype';
    create function to_sql(internal) returns whole language internal immutable as 'int4recv';
    create trusted language talk handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
    create language hush handler plpgsql_call_handler;
    comment on language talk is 'talks';
    create transform for pair language talk (from sql with function from_sql(internal));
    comment on transform for pair language talk is 'changes';
    create function uses(pair) returns int language talk transform for type pair as 'begin return 1; end';
    create access method pile type table handler heap_tableam_handler;
    create access method heights type index handler bthandler;
    comment on access method heights is 'as btree';
    create table piled (a int) using pile;`)
  expect(copy).toEqual(schema)
  expect(schema.objects.filter(({ kind }) => kind === 'cast')).toHaveLength(3)
})
