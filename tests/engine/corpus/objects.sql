-- Every kind of object that PostgreSQL 15 and later can dump, with names and values that are hard to quote.
-- The dumps beside this file were made from a database that this script made.
\set ON_ERROR_STOP on
set client_min_messages = warning;

create schema "odd ""schema""; -- not a comment";
create schema private;
comment on schema private is 'It''s private; really
on two lines \ with a backslash';

create extension hstore;
create extension pg_trgm with schema private;
create extension btree_gist;

create type mood as enum ('sad', 'o''k', 'hap"py', 'tab	tab', '日本');
create type private.pair as (one int, "Two; " text collate "C");
create type span as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = spans);
create domain email as text collate "C" default 'a@b.c' check (value ~ '^[^@;]+@[^@]+$') not null;
create domain private.percent as numeric(5, 2) constraint "0; to 100" check (value between 0 and 100);
comment on type mood is E'mood\tof a user';
comment on column private.pair.one is 'the first';

create collation german (provider = libc, locale = 'C');
create sequence counter increment by 5 minvalue -100 maxvalue 1000 start 7 cache 3 cycle;
create sequence small as smallint;
select nextval('counter'), nextval('counter'), setval('small', 42, false);

create function private.touch() returns trigger language plpgsql as $body$
begin
  -- $$ ; $a$ a tag within a tag
  new.changed := timestamptz '2020-02-29 12:00:00+00';
  return new;
end;
$body$;
create function twice(n int) returns int language sql immutable strict parallel safe begin atomic
  select case when n > 0 then n * 2 else 0 end;
end;
create function add_all(variadic numbers int[] default '{}') returns bigint language sql stable
  as 'select coalesce(sum(n), 0) from unnest(numbers) n -- it''s; one string
';
create function "weird;fn"(inout "a b" text, out "c;d" int, e int default 5) returns record language plpgsql
  security definer set search_path = 'private', 'public' set work_mem to '5MB' cost 17 as
$_$ begin "c;d" := length("a b") + e; "a b" := $1 || '$1;'; end $_$;
create function many() returns table (n int, t text) language sql rows 7 as $$ values (1, 'a;'), (2, E'b\\') $$;
create procedure log_it(message text, inout id int default null) language plpgsql as $$
begin
  insert into private.log (message) values (message) returning private.log.id into id;
end $$;
create function concat_state(state text, value text) returns text language sql immutable
  return coalesce(state || ';', '') || value;
create aggregate joined (text) (sfunc = concat_state, stype = text, initcond = '');
create aggregate middle (float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra);
create operator public.<+> (leftarg = int, rightarg = int, function = int4pl, commutator = <+>);
create operator !@# (rightarg = int, function = twice);
comment on operator <+> (int, int) is 'plus; but longer';
create cast (private.pair as text) with inout as assignment;
create cast (text as mood) with inout;
create operator family private.family using btree;
create operator class private.backwards for type int using btree family private.family as
  operator 1 >, operator 2 >=, operator 3 =, operator 4 <=, operator 5 <, function 1 btint4cmp (int, int);
create conversion private.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

create text search dictionary simple_en (template = pg_catalog.simple, accept = false);
create text search configuration plain (copy = pg_catalog.english);
alter text search configuration plain alter mapping for asciiword with simple_en, english_stem;
comment on text search configuration plain is 'plain; and simple';

create table users (
  id bigint generated always as identity (start 100 increment 10) primary key,
  uuid uuid not null default gen_random_uuid() unique,
  "Name; with "" quotes" text not null default 'it''s; \ "x"',
  mail email,
  mood mood default 'o''k',
  pair private.pair,
  span span,
  spans spans,
  tags text[] not null default array['a;b', 'c"d', null],
  matrix int[][],
  data jsonb default '{"a": ";", "b": [1, null, "\\\""]}',
  raw bytea,
  attributes hstore,
  share private.percent default 50,
  price numeric(10, 2) check (price >= 0) no inherit,
  doubled numeric generated always as (price * 2) stored,
  changed timestamptz not null default timestamptz '2000-01-01 00:00:00+00',
  duration interval,
  address inet,
  bits bit varying(5) default b'101',
  xml text collate german,
  vector tsvector generated always as (to_tsvector('simple', "Name; with "" quotes")) stored,
  during tstzrange,
  constraint "no; overlap" exclude using gist (mood with =, during with &&) where (during is not null)
    deferrable initially deferred
);
comment on table users is E'Users;\n\\. on a line of its own:\n\\.\n-- the end';
comment on column users."Name; with "" quotes" is '$$;$$';
comment on constraint "no; overlap" on users is 'c''est ça';
alter table users alter column data set statistics 500, alter column xml set (n_distinct = -0.5),
  alter column raw set storage external, alter column share set storage main, alter column xml set compression pglz;
alter table users set (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
alter table users replica identity using index users_uuid_key;

create table private.log (
  id int generated by default as identity,
  message text,
  at timestamp default '2000-01-01',
  primary key (id) include (message)
) with (autovacuum_vacuum_scale_factor = 0.3);
create procedure clear_log() language sql begin atomic delete from private.log; end;
create unlogged table "日本; 'x'" (" leading" int, "tab	" int default nextval('counter'), "new
line" text);
create table "only;" () ;
create table parent (a int not null default 3, b text check (b <> ''));
create table child (c date, b text default 'child') inherits (parent);
create table typed of private.pair (one with options default 4, primary key (one));
create table posts (
  id serial primary key,
  author bigint references users on update cascade on delete set null deferrable initially deferred,
  reply_to int,
  body text,
  constraint self foreign key (reply_to) references posts (id) match full not valid
);
alter sequence small owned by posts.body;

create table measures (day date not null, place text not null, value float8, primary key (day, place))
  partition by range (day);
create table measures_2020 partition of measures for values from ('2020-01-01') to ('2021-01-01')
  partition by list (place);
create table "measures_2020 a;b" partition of measures_2020 for values in ('a;b', 'it''s', E'tab\t');
create table measures_2020_rest partition of measures_2020 default;
create table measures_old partition of measures (value default 0) for values from (minvalue) to ('2020-01-01');
create table hashed (id int, t text) partition by hash (id);
create table hashed_0 partition of hashed for values with (modulus 2, remainder 0);
create table hashed_1 partition of hashed for values with (modulus 2, remainder 1);

create index on users using gin (tags);
create index "expr; index" on users (lower("Name; with "" quotes") desc nulls last, (price + 1)) include (mood)
  where price > 0 and mood <> 'sad';
create unique index on posts (author, id) nulls not distinct with (fillfactor = 50);
create index trigrams on posts using gin (body private.gin_trgm_ops);
create index on measures (value);
create index backwards on posts (id private.backwards);
create index brin on posts using brin (id) with (pages_per_range = 16);
alter table posts cluster on posts_pkey;
create statistics private.related (dependencies, ndistinct) on author, id from posts;
create statistics texts on (lower(body)), (length(body)) from posts;

create view shown with (security_barrier, check_option = local) as
  select id, "Name; with "" quotes" as name, ';'::text as "semi;colon" from users where price > 0;
comment on view shown is 'a view';
create view with_trigger as select 1 as a, 'x;'::text as b;
create recursive view tree (n, path) as
  values (1, 'a'::text) union all select n + 1, path || ';' from tree where n < 3;
create materialized view totals as select author, count(*) as posts, joined(body) as bodies from posts group by author;
create unique index on totals (author);
create materialized view later as select 1 as one with no data;

create function on_view() returns trigger language plpgsql as 'begin return null; end;';
create trigger instead_of instead of insert or update or delete on with_trigger
  for each row execute function on_view('it''s', ';', '\');
create trigger touch before update of price, mail on users for each row
  when (old.price is distinct from new.price) execute function private.touch();
create trigger "all; at once" after insert on posts referencing new table as fresh
  for each statement execute function on_view();
create constraint trigger later after insert on posts deferrable initially deferred for each row
  execute function on_view();
alter table posts disable trigger "all; at once";
create rule "shown; insert" as on insert to shown do instead
  (insert into private.log (message) values ('a;' || new.name); notify shown, 'x;y');
create rule nothing as on delete to "only;" do instead nothing;
alter table "only;" disable rule nothing;
create function on_ddl() returns event_trigger language plpgsql as $$ begin null; end $$;
create event trigger watch on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function on_ddl();
alter event trigger watch disable;

alter table users enable row level security;
alter table posts enable row level security, force row level security;
create policy "own; rows" on users as restrictive for update to "corpus reader", "corpus""writer"
  using (mood <> 'sad') with check (data ->> 'a' <> ';');
create policy everybody on posts for select using (true);

grant usage on schema private to "corpus reader";
grant select, update on users to "corpus reader" with grant option;
grant select (id), insert (body) on posts to "corpus""writer";
grant execute on function twice(int) to "corpus reader";
revoke all on function twice(int) from public;
grant usage on sequence counter to "corpus""writer";
grant usage on type mood to "corpus reader";
alter default privileges in schema private grant select on tables to "corpus reader";
alter default privileges revoke execute on functions from public;
alter table private.log owner to "corpus""writer";
alter function many() owner to "corpus reader";

create foreign data wrapper nothing options (debug 'true; "x"');
create server elsewhere type 'a;b' version '1''2' foreign data wrapper nothing options (host 'h;', "Port" '5432');
create user mapping for public server elsewhere options (user 'u', password 'p;''q\');
create foreign table remote (a int options (column_name 'a;b') not null, b text) server elsewhere
  options (table_name 'it''s');
create publication everything for all tables with (publish = 'insert, update');
create publication "some;" for table posts (id, body) where (id > 5);
create publication schemas for tables in schema private;
create transform for int language sql (from sql with function prsd_lextype(internal), to sql with function int4recv(internal));

create table awkward (id int primary key, t text, b bytea, a text[], j json, f float8, n numeric, i interval);
insert into awkward values
  (1, E'\\.', '\x00', '{}', '{}', 'NaN', 'NaN', '1 mon -2 days 03:04:05.678'),
  (2, E'\\N', '\x5c2e0a', array['', null, 'NULL', '{', '"', '\', ',', ' '], '[1,2 , {"a":"\u00e9"}]', 'Infinity', 'Infinity', '-1 year'),
  (3, E'a\tb\nc\rd\be\ff\vg', decode(repeat('00ff27225c0a0d', 20), 'hex'), '[5:6]={a,b}', '"\\."', '-0', '1e50', '0'),
  (4, '', '', '{{a,b},{c,d}}', 'null', 1.1, 0.10, null),
  (5, null, null, null, null, null, null, null),
  (6, E'two\n\\.\nlines', E'\\\\', array[E'\n', E'\t'], E'\n[\n]\n', 1e-300, -0.001, '178000000 years'),
  (7, 'it''s "quoted"; -- $$ /* :v :''v'' */ \', E'\\047', array['it''s'], '{"$$": ";"}', 5e-324, 1, '1 us'),
  (8, '日本語 👩‍👩‍👧 é é', convert_to('日本', 'UTF8'), array['日本'], '{"日": "本"}', 0.1, 3.14159265358979323846264338327950288, '24:00:00'),
  (9, E'\\', E'\\134\\134', array['\', '\\'], '"\\\\"', 2, 2, '2 days'),
  (10, E'\x01\x1f\x7f', '\x01', '{}', '1', 3, 3, null),
  (11, repeat('long; ', 2000), decode(repeat('ab', 5000), 'hex'), null, null, null, null, null),
  (12, '\restrict', null, null, null, null, null, null),
  (13, '\connect postgres', null, null, null, null, null, null);
insert into users ("Name; with "" quotes", uuid, mood, pair, span, spans, matrix, raw, attributes, price, during, address)
  select 'user; ''' || n || E'''\\', md5(n::text)::uuid, (enum_range(null::mood))[n % 5 + 1], row(n, 'x;"' || n)::private.pair,
    span(n, n + 1.5, '[]'), spans(span(n, n + 1), span(n + 5, n + 6)), array[[n, n], [0, n]],
    decode(lpad(to_hex(n), 4, '0'), 'hex'), hstore(array['a;', n::text, 'b"', null]), n * 1.25,
    tstzrange(timestamptz '2020-01-01 00:00:00Z' + n * interval '1 day', timestamptz '2020-01-01 12:00:00Z' + n * interval '1 day'),
    ('10.0.0.' || n)::inet
  from generate_series(1, 20) n;
insert into posts (author, reply_to, body)
  select 100 + (n % 20) * 10, nullif(n % 7, 0), 'post ' || n || case n % 3 when 0 then E'\n\\.\n' when 1 then E';\t' else '' end
  from generate_series(1, 60) n;
insert into measures select date '2019-12-20' + n, (array['a;b', 'it''s', E'tab\t', 'x'])[n % 4 + 1], n / 3.0 from generate_series(1, 40) n;
insert into hashed select n, E'\\' || n from generate_series(1, 10) n;
insert into parent values (1, 'p');
insert into child values (2, 'c', '2020-01-01');
insert into typed values (1, 'typed;');
insert into "日本; 'x'" values (1, 2, E'line\nline'), (default, default, null);
insert into "only;" default values;
insert into private.log (message) values ('a'), (E'\\.'), (null);
refresh materialized view totals;
select lo_from_bytea(4242, decode(repeat('00275c0a', 800), 'hex')), lo_create(4243);
comment on large object 4242 is 'a; large one';
grant select on large object 4242 to "corpus reader";
