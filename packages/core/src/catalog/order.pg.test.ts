import { expect, test } from 'vitest'
import { copySchema } from '../../../../tests/support/schema.ts'

test('what PostgreSQL lets need each other loads, and is the same', async () => {
  const { schema, copy, text } = await copySchema(`
    create table account (id int primary key, name text);
    create function label(account) returns text language sql immutable return 'x' || $1.name;
    alter table account add constraint labelled check (label(account) <> 'x'), add column n int;
    create function highest() returns int language sql begin atomic select max(id) from account; end;
    alter table account alter n set default highest();
    create index by_label on account (label(account));
    create view v as select 1 as a, 'x'::text collate "C" as b;
    create function over_v(v) returns int language sql return $1.a;
    create or replace view v as select over_v(null::v) as a, 'y'::text collate "C" as b;
    comment on view v is 'round and round';
    create domain positive as int;
    create function is_positive(positive) returns boolean language sql immutable return $1 > 0;
    alter domain positive add check (is_positive(value));
    create table uses_view (a int, inner_row v);
    create view takes as select * from uses_view;
    create function uses_table() returns setof uses_view language sql as 'select * from uses_view';
    create type z_span as range (subtype = int);
    create table a_first (span z_span, default_row account default row(1, 'n', 2)::account)`)
  expect(copy).toEqual(schema)
  expect(text).toContain('CREATE OR REPLACE VIEW public.v AS')
  expect(text).toContain('ALTER TABLE ONLY public.account ALTER COLUMN n SET DEFAULT public.highest();')
})
