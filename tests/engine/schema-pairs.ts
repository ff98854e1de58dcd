// One kind of object a pair: two states of it, between which a difference has to lead, both ways and from nothing. ROLE is a role.

interface SchemaPair {
  name: string
  one: string
  other: string
  /** It has what belongs to no schema, and so a database of its own. */
  alone: boolean
}

const setup = (name: string, shared: string, one: string, other: string): SchemaPair => ({
  name,
  one: `${shared};\n${one}`,
  other: `${shared};\n${other}`,
  alone: false,
})

const alone = (...words: [string, string, string, string]): SchemaPair => ({ ...setup(...words), alone: true })

const f = `create function f(integer) returns integer language sql immutable return $1 + 1;
create function g(integer) returns integer language sql immutable return $1 + 2`

export const schemaPairs: readonly SchemaPair[] = [
  setup(
    'a range type that a table, a view and an index have',
    'create schema ranges',
    `create type ranges.r as range (subtype = integer); create table t (a ranges.r not null, b ranges.r[]); create index on t using gist (a);
     create view v as select a, lower(a) from t; create function over(ranges.r) returns boolean language sql return isempty($1)`,
    `create type ranges.r as range (subtype = bigint, multirange_type_name = ranges.mr); create table t (a ranges.r not null, b ranges.r[]);
     create index on t using gist (a); create view v as select a, lower(a) from t;
     create function over(ranges.r) returns boolean language sql return isempty($1)`,
  ),
  setup(
    'a range that becomes another one, and a multirange',
    '',
    'create type r as range (subtype = numeric); create table t (a r, b int)',
    `create function apart(numeric, numeric) returns float8 language sql immutable return $1 - $2;
     create type r as range (subtype = numeric, subtype_diff = apart); create table t (a r_multirange, b int)`,
  ),
  setup(
    'a foreign data wrapper, its server, mapping and tables',
    '',
    `create foreign data wrapper w1; create server s1 foreign data wrapper w1 options (host 'a');
     create user mapping for ROLE server s1 options ("user" 'x');
     create foreign table ft (a int options (name 'x') not null, b text) server s1 options (tab 'one', keep 'yes');
     create view v as select a, b from ft; comment on foreign table ft is 'one'; grant select on ft to ROLE`,
    `create foreign data wrapper w1 options (debug 'yes'); create server s1 type 't' version '2' foreign data wrapper w1 options (host 'b', port '7');
     create user mapping for ROLE server s1 options ("user" 'y'); create user mapping for public server s1;
     create foreign table ft (a bigint options (name 'y', more 'z'), c text default 'x') server s1 options (tab 'two');
     create view v as select a from ft; comment on foreign table ft is 'two'; comment on column ft.a is 'an a'; grant update on ft to ROLE`,
  ),
  setup(
    'a foreign table that changes in its columns alone',
    'create foreign data wrapper w2; create server s2a foreign data wrapper w2; create server s2b foreign data wrapper w2',
    `create foreign table ft (a int, b text, g int) server s2a options (tab 'one'); alter foreign table ft add constraint c check (a > 0)`,
    `create foreign table ft (a int not null default 3, b varchar, n int options (x 'y')) server s2a options (tab 'two', z '1');
     alter foreign table ft add constraint c check (a > 1)`,
  ),
  setup(
    'a foreign table of another server',
    'create foreign data wrapper w3; create server s3a foreign data wrapper w3; create server s3b foreign data wrapper w3',
    'create foreign table ft (a int) server s3a; create table t (a int) partition by list (a); create foreign table p partition of t for values in (1) server s3a',
    'create foreign table ft (a int) server s3b; create table t (a int) partition by list (a); create foreign table p partition of t for values in (2) server s3b',
  ),
  setup(
    'a table that becomes a foreign table, a view and a materialized view',
    'create foreign data wrapper w4; create server s4 foreign data wrapper w4',
    'create table a (x int); create view b as select 1 as x; create materialized view c as select 1 as x; create table d (x int)',
    'create foreign table a (x int) server s4; create table b (x int); create view c as select 1 as x; create materialized view d as select 2 as x',
  ),
  setup(
    'operators, their families and classes, with an index by them',
    `create function lt(text, text) returns boolean language sql immutable return length($1) < length($2);
     create function eq(text, text) returns boolean language sql immutable return length($1) = length($2);
     create function cmp(text, text) returns integer language sql immutable return length($1) - length($2)`,
    `create operator <<< (leftarg = text, rightarg = text, function = lt);
     create operator === (leftarg = text, rightarg = text, function = eq, commutator = ===);
     create operator family fam using hash;
     create operator class by_length for type text using btree as operator 1 <<<, operator 3 ===, function 1 cmp(text, text);
     create table t (a text); create index i on t (a by_length); create view v as select a <<< 'x' as l from t`,
    `create operator <<< (leftarg = text, rightarg = text, function = lt, restrict = scalarltsel);
     create operator === (leftarg = text, rightarg = text, function = eq, commutator = ===, hashes);
     create operator family fam2 using hash; comment on operator family fam2 using hash is 'two';
     create operator class by_length for type text using btree as operator 1 <<<, operator 3 ===, function 1 cmp(text, text);
     create table t (a text, b int); create index i on t (a by_length desc); create view v as select a <<< 'x' as l from t`,
  ),
  setup(
    'publications, of tables, schemas and all',
    'create schema published; create table a (x int primary key, y int, z int); create table b (x int primary key)',
    `create publication p for table a; create publication q for all tables; create publication r for tables in schema published;
     create publication u for table a (x, y) where (x > 1), b`,
    `create publication p for table a, b with (publish = 'insert'); create publication q for table b; create publication r for tables in schema public;
     create publication u for table a (x) where (x > 2); comment on publication u is 'u'`,
  ),
  setup(
    'a column that a publication publishes gets another type, and goes',
    '',
    `create table a (x int primary key, y int, z int); create publication narrow for table a (x, y); create publication filtered for table a where (x > 1)`,
    `create table a (x bigint primary key, y text); create publication narrow for table a (x, y); create publication filtered for table a where (x > 1)`,
  ),
  setup(
    'casts',
    `create type k as (a int); create function to_k(integer) returns k language sql immutable return row($1)::k;
     create function of_k(k) returns integer language sql immutable return ($1).a`,
    `create cast (integer as k) with function to_k(integer); comment on cast (integer as k) is 'c'`,
    `create cast (integer as k) with function to_k(integer) as assignment; create cast (k as integer) with function of_k(k)`,
  ),
  setup(
    'a cast that a view, a default and a check use',
    f,
    `create domain d as text; create type e as enum ('a'); create function te(text) returns e language sql immutable return 'a'::e;
     create cast (text as e) with function te(text) as assignment; create table t (x text, constraint c check (x::e = 'a')); create view v as select x::e from t`,
    `create domain d as text; create type e as enum ('a'); create function te(text) returns e language sql immutable return 'a'::e;
     create cast (text as e) with function te(text) as implicit; create table t (x text, constraint c check (x::e = 'a')); create view v as select x::e from t`,
  ),
  setup(
    'collations that columns, indexes, domains and views use',
    '',
    `create collation c (provider = icu, locale = 'de'); create table t (a text collate c, b text); create index i on t (b collate c);
     create view v as select a from t order by b collate c; create domain d as text collate c; create table u (a d)`,
    `create collation c (provider = icu, locale = 'sv', deterministic = false); create table t (a text collate c, b text); create index i on t (b collate c);
     create view v as select a from t order by b collate c; create domain d as text collate c; create table u (a d)`,
  ),
  setup(
    'text search',
    '',
    `create text search dictionary d (template = simple); create text search configuration c (copy = simple);
     create table t (a text, v tsvector generated always as (to_tsvector('public.c', a)) stored); create index i on t using gin (to_tsvector('public.c', a));
     comment on text search configuration c is 'one'`,
    `create text search dictionary d (template = simple, accept = false); create text search configuration c (copy = english);
     alter text search configuration c alter mapping for word with d, simple;
     create table t (a text, v tsvector generated always as (to_tsvector('public.c', a)) stored); create index i on t using gin (to_tsvector('public.c', a))`,
  ),
  setup(
    'event triggers',
    'create function f() returns event_trigger language plpgsql as $$ begin end $$',
    `create event trigger ea on ddl_command_end execute function f(); create event trigger eb on sql_drop when tag in ('DROP TABLE') execute function f()`,
    `create event trigger ea on ddl_command_start execute function f(); create event trigger ec on table_rewrite execute function f();
     alter event trigger ec disable; comment on event trigger ec is 'c'`,
  ),
  setup(
    'an event trigger whose function is replaced, while tables change',
    '',
    `create function f() returns event_trigger language plpgsql as $$ begin if tg_tag = 'never' then raise 'a'; end if; end $$;
     create event trigger replaced on ddl_command_end execute function f(); create table t (a int); create table gone (a int)`,
    `create function f() returns event_trigger language plpgsql as $$ begin if tg_tag = 'never' then raise 'b'; end if; end $$;
     create event trigger replaced on ddl_command_end execute function f(); create table t (a bigint); create view v as select a from t`,
  ),
  setup(
    'rules',
    'create table t (a int, b text); create table log (a int)',
    `create rule r as on insert to t do also insert into log values (new.a); create rule n as on delete to t do instead nothing;
     create view v as select a from t; create rule w as on insert to v do instead insert into t (a) values (new.a)`,
    `create rule r as on insert to t do also insert into log values (new.a + 1); alter table t disable rule r; comment on rule r on t is 'r';
     create view v as select a, b from t; create rule w as on insert to v do instead insert into t (a, b) values (new.a, new.b)`,
  ),
  setup(
    'a column that a rule uses gets another type',
    'create table log (a bigint)',
    `create table t (a int, b text, c int); create rule r as on insert to t do also insert into log values (new.a)`,
    `create table t (a bigint, b text); create rule r as on insert to t do also insert into log values (new.a)`,
  ),
  setup(
    'statistics',
    'create table t (a int, b int, c int)',
    `create statistics s on a, b from t; create statistics x (ndistinct) on a, c from t`,
    `create statistics s (mcv) on a, b from t; alter statistics s set statistics 50; comment on statistics s is 's'; create statistics e on (a + b) from t`,
  ),
  alone(
    'default privileges',
    'create schema s',
    `alter default privileges grant select on tables to ROLE; alter default privileges in schema s grant execute on functions to ROLE;
     alter default privileges revoke execute on functions from public`,
    `alter default privileges grant insert, select on tables to ROLE with grant option; alter default privileges in schema s grant usage on sequences to ROLE`,
  ),
  alone(
    'tables made while default privileges give something away',
    '',
    `alter default privileges grant select on tables to ROLE; create table a (x int); create view w as select x from a`,
    `alter default privileges grant select on tables to ROLE; create table a (x bigint); create view w as select x from a; create table b (x int); revoke all on b from ROLE`,
  ),
  setup(
    'aggregates',
    f,
    `create function step(state integer, x integer) returns integer language sql immutable return state + x;
     create aggregate sum2(integer) (sfunc = step, stype = integer, initcond = '0'); create table t (a int); create view v as select sum2(a) from t`,
    `create function step(state integer, x integer) returns integer language sql immutable return state + 2 * x;
     create aggregate sum2(integer) (sfunc = step, stype = integer, initcond = '1'); create table t (a int); create view v as select sum2(a) from t;
     comment on aggregate sum2(integer) is 'two'; grant execute on function sum2(integer) to ROLE`,
  ),
  setup(
    'a function that others use is dropped and made again',
    '',
    `create function f(a integer) returns integer language sql immutable return $1; create table t (x int default f(1), y int generated always as (f(x)) stored, constraint c check (f(x) > 0));
     create index i on t (f(x)); create view v as select f(x) from t; create policy p on t using (f(x) > 0); create statistics st on (f(x)), x from t;
     create trigger tr before update on t for each row when (f(new.x) > 0) execute function suppress_redundant_updates_trigger();
     create function h() returns int language sql begin atomic select f(2); end; create domain d as int check (f(value) > 0) default f(1)`,
    `create function f(b integer) returns bigint language sql immutable return $1 + 1; create table t (x int default f(1), y bigint generated always as (f(x)) stored, constraint c check (f(x) > 0));
     create index i on t (f(x)); create view v as select f(x) from t; create policy p on t using (f(x) > 0); create statistics st on (f(x)), x from t;
     create trigger tr before update on t for each row when (f(new.x) > 0) execute function suppress_redundant_updates_trigger();
     create function h() returns int language sql begin atomic select f(2); end; create domain d as int check (f(value) > 0) default f(1)`,
  ),
  setup(
    'procedures and functions become each other',
    '',
    `create procedure p(a int) language sql as 'select 1'; create function q(a int) returns int language sql as 'select 1'`,
    `create function p(a int) returns int language sql as 'select 1'; create procedure q(a int) language sql as 'select 1'`,
  ),
  setup(
    'a function that becomes an aggregate',
    'create function step(state integer, x integer) returns integer language sql immutable return state + x',
    `create function f(integer) returns integer language sql immutable return 1; create table t (a int default f(1))`,
    `create aggregate f(integer) (sfunc = step, stype = integer); create table t (a int)`,
  ),
  setup(
    'the row type of a table is used by other objects',
    '',
    `create table t (a int, b text); create function f(t) returns int language sql return ($1).a; create function l() returns setof t language sql begin atomic select * from t; end;
     create table holder (x t, y t[]); create view v as select t from t; create type k as (r t)`,
    `create table t (a int, c text); create function f(t) returns int language sql return ($1).a; create function l() returns setof t language sql begin atomic select * from t; end;
     create table holder (x t, y t[]); create view v as select t from t; create type k as (r t)`,
  ),
  setup(
    'the row type of a table is used while a column gets another type',
    '',
    `create table t (a int, b text); create table holder (x t, y t[])`,
    `create table t (a bigint, b text); create table holder (x t, y t[])`,
  ),
  setup(
    'the row type of a table that is made anew is used',
    '',
    `create table t (a int, b int) partition by range (a); create table holder (i int, x t); create function f(t) returns int language sql return ($1).a`,
    `create table t (a int, b int) partition by range (b); create table holder (i int, x t); create function f(t) returns int language sql return ($1).a`,
  ),
  setup(
    'composite types within each other, and in columns, change',
    '',
    `create type i as (x int, y text); create type o as (a i, b int); create table t (p o, q i[]); create function f(o) returns int language sql return ($1).b;
     create view v as select (p).b from t`,
    `create type i as (x bigint, z text); create type o as (a i, c int); create table t (p o, q i[]); create function f(o) returns int language sql return 1;
     create view v as select (p).c from t`,
  ),
  setup(
    'a typed table',
    '',
    `create type k as (a int, b text); create table t of k (a primary key, b default 'x'); create table u of k`,
    `create type k as (a int, b text, c int); create table t of k (a primary key, c not null); create table u (a int, b text)`,
  ),
  setup(
    'domains over domains, in arrays, with views and checks on them',
    '',
    `create domain d as int check (value > 0); create domain dd as d check (value < 100); create table t (a d, b dd[], c dd); create view v as select a, c from t;
     create function f(d) returns d language sql return $1; create index i on t (c)`,
    `create domain d as bigint check (value > 1); create domain dd as d check (value < 1000) not null; create table t (a d, b dd[], c dd default 5); create view v as select a, c from t;
     create function f(d) returns d language sql return $1; create index i on t (c)`,
  ),
  setup(
    'labels of an enum removed, renamed and moved, with all that uses it',
    '',
    `create type e as enum ('a', 'b', 'c'); create domain de as e default 'a'; create table t (x e default 'a', y e[] default '{a,b}', z de, constraint c check (x in ('a', 'b')));
     create index i on t (x) where x = 'b'; create view v as select x from t where x <> 'b'; create materialized view m as select x, count(*) from t group by x; create unique index mi on m (x);
     create function f(e) returns e language sql return $1; create policy p on t using (x = 'a'); grant select on v to ROLE; comment on view v is 'v'`,
    `create type e as enum ('c', 'a', 'd'); create domain de as e default 'd'; create table t (x e default 'd', y e[] default '{a}', z de, constraint c check (x in ('a', 'd')));
     create index i on t (x) where x = 'd'; create view v as select x from t where x <> 'd'; create materialized view m as select x, count(*) from t group by x; create unique index mi on m (x);
     create function f(e) returns e language sql return $1; create policy p on t using (x = 'd'); grant select on v to ROLE; comment on view v is 'v'`,
  ),
  setup(
    'a type of its own with its functions',
    '',
    `create type w; create function w_in(cstring) returns w language internal immutable strict as 'textin'; create function w_out(w) returns cstring language internal immutable strict as 'textout';
     create type w (input = w_in, output = w_out); create table t (a int, b w)`,
    `create type w; create function w_in(cstring) returns w language internal immutable strict as 'textin'; create function w_out(w) returns cstring language internal immutable strict as 'textout';
     create type w (input = w_in, output = w_out, storage = extended, category = 'S'); create table t (a int, b w)`,
  ),
  setup(
    'partitions: key, bounds, levels and what hangs on them',
    '',
    `create table t (a int not null, b int, c text, constraint pk primary key (a)) partition by range (a);
     create table t1 partition of t for values from (0) to (10); create table t2 partition of t for values from (10) to (20) partition by list (a); create table t21 partition of t2 for values in (11);
     create index i on t (b); create table r (x int references t (a)); create view v as select * from t; grant select on t to ROLE; comment on table t is 'parts';
     create trigger tr after insert on t for each row execute function suppress_redundant_updates_trigger(); alter table t enable row level security; create policy p on t using (a > 0)`,
    `create table t (a int not null, b int not null, c text, constraint pk primary key (a, b)) partition by hash (b);
     create table t1 partition of t for values with (modulus 2, remainder 0); create table t2 partition of t for values with (modulus 2, remainder 1);
     create index i on t (b); create table r (x int); create view v as select a, b from t; grant select on t to ROLE; comment on table t is 'parts';
     create trigger tr after insert on t for each row execute function suppress_redundant_updates_trigger(); alter table t enable row level security; create policy p on t using (b > 0)`,
  ),
  setup(
    'a plain table becomes a partitioned one',
    '',
    'create table t (a int primary key, b text); create table s (a int) partition by list (a); create table s1 partition of s default',
    'create table t (a int primary key, b text) partition by range (a); create table t1 partition of t default; create table s (a int); create table s1 (a int)',
  ),
  setup(
    'inheritance changes, with checks and defaults on the way',
    '',
    `create table p (a int, b int default 1, constraint c check (a > 0)); create table q (c int not null, x text); create table k () inherits (p, q); create table g () inherits (k);
     create view v as select * from k`,
    `create table p (a bigint, b int default 2, d text, constraint c check (a > 1)); create table q (c int, x text); create table k (e int) inherits (q); create table g (c int, x text, e int);
     create view v as select c from k`,
  ),
  setup(
    'identity and generated columns change in all ways',
    '',
    `create table a (x int generated always as identity); create table b (x int generated by default as identity (start 5)); create table c (x int default 3, y int); create table d (x serial);
     create table e (x int, y int generated always as (x * 2) stored, z int generated always as (x + 1) virtual); create table h (x bigint generated always as identity)`,
    `create table a (x bigint generated by default as identity (increment 2)); create table b (x int); create table c (x int generated always as identity, y int generated always as (x + 1) stored); create table d (x int generated always as identity);
     create table e (x int, y int, z int generated always as (x + 1) stored); create table h (x bigserial)`,
  ),
  setup(
    'generated columns that become plain and virtual',
    '',
    `create table e (x int, y int generated always as (x * 2) virtual, z int generated always as (x + 1) stored, w int generated always as (x) stored)`,
    `create table e (x int, y int, z int generated always as (x + 1) virtual, w int generated always as (x + 3) stored)`,
  ),
  setup(
    'views above views over a column that gets another type, with all that is said of them',
    '',
    `create table t (a int, b text); create view v as select a, b from t; create view w with (security_barrier) as select a from v where a > 1 with local check option; create materialized view m as select a from w;
     create unique index mi on m (a); create trigger tr instead of insert on v for each row execute function suppress_redundant_updates_trigger(); grant select (a) on v to ROLE; grant select on m to ROLE;
     comment on column v.a is 'a'; comment on materialized view m is 'm'; comment on index mi is 'mi'; alter view v alter column a set default 4; alter materialized view m alter column a set statistics 7`,
    `create table t (a bigint, b text); create view v as select a, b from t; create view w with (security_barrier) as select a from v where a > 1 with local check option; create materialized view m as select a from w;
     create unique index mi on m (a); create trigger tr instead of insert on v for each row execute function suppress_redundant_updates_trigger(); grant select (a) on v to ROLE; grant select on m to ROLE;
     comment on column v.a is 'a'; comment on materialized view m is 'm'; comment on index mi is 'mi'; alter view v alter column a set default 4; alter materialized view m alter column a set statistics 7`,
  ),
  setup(
    'the options and defaults of a view, and columns that it loses',
    'create table t (a int, b text, c int)',
    `create view v with (security_invoker) as select a, b, c from t; create view w as select a from v; alter view v alter column a set default 1; create materialized view m with (fillfactor = 50) as select a from t with no data`,
    `create view v with (security_barrier) as select a, c from t; create view w as select a from v; alter view v alter column c set default 1; create materialized view m with (fillfactor = 60) as select a, b from t with no data`,
  ),
  setup(
    'recursive, and views of each other through functions',
    '',
    `create table t (a int); create function f() returns setof t language sql begin atomic select * from t; end; create view v as select * from f(); create recursive view r (n) as values (1) union all select n + 1 from r where n < 5`,
    `create table t (a int, b int); create function f() returns setof t language sql begin atomic select * from t; end; create view v as select * from f(); create recursive view r (n, m) as values (1, 2) union all select n + 1, m from r where n < 5`,
  ),
  setup(
    'triggers of all forms',
    'create table t (a int, b int) partition by list (a); create table t1 partition of t default; create function f() returns trigger language plpgsql as $$ begin return null; end $$',
    `create trigger x after insert on t for each row execute function f(); create trigger y before update of b on t1 for each row when (new.b > 1) execute function f('a');
     create constraint trigger z after delete on t1 deferrable for each row execute function f(); create trigger tr after insert on t1 referencing new table as n for each statement execute function f()`,
    `create trigger x after insert on t for each row execute function f(); alter table t1 disable trigger x; create trigger y before update on t1 for each row when (new.b > 2) execute function f('b');
     create constraint trigger z after delete on t1 deferrable initially deferred for each row execute function f(); alter table t1 enable always trigger z; comment on trigger z on t1 is 'z'`,
  ),
  setup(
    'policies',
    'create table t (a int, b text)',
    `alter table t enable row level security; create policy p on t using (a > 0); create policy q on t for insert to ROLE with check (b <> '')`,
    `alter table t force row level security; create policy p on t as restrictive for update to ROLE using (a > 1) with check (a > 2); comment on policy p on t is 'p'`,
  ),
  setup(
    'constraints of all forms',
    'create table o (a int primary key, b int unique)',
    `create table t (a int, b int, c int4range, constraint u unique (a), constraint x exclude using gist (c with &&), constraint k check (a > 0) no inherit, constraint fk foreign key (a) references o (a) on delete cascade)`,
    `create table t (a int, b int, c int4range, constraint u unique nulls not distinct (a, b) include (c), constraint x exclude using gist (c with -|-) deferrable, constraint k check (a > 0), constraint fk foreign key (a) references o (a) on delete set null deferrable);
     alter table t add constraint late check (b > 0) not valid; alter table t add constraint fk2 foreign key (b) references o (b) not valid; alter table t cluster on u`,
  ),
  setup(
    'constraints that are not enforced, and over time',
    'create extension btree_gist',
    `create table o (a int, v daterange, constraint pk primary key (a, v without overlaps)); create table t (a int, v daterange, constraint fk foreign key (a, period v) references o (a, period v)); create table n (a int, constraint c check (a > 0) not enforced)`,
    `create table o (a int, v daterange, b int, constraint pk primary key (a, v without overlaps)); create table t (a int, v daterange, constraint fk foreign key (a, period v) references o (a, period v) not enforced); create table n (a int, constraint c check (a > 0))`,
  ),
  setup(
    'indexes of all forms',
    'create table t (a int, b text, c jsonb, d point)',
    `create index i on t (a); create unique index j on t (b) include (a); create index k on t using gin (c) with (fastupdate = off); create index l on t using brin (a); create index m on t (lower(b)); alter index m alter column 1 set statistics 5`,
    `create index i on t (a desc nulls last) where a > 0; create unique index j on t (b collate "C"); create index k on t using gin (c jsonb_path_ops); create index l on t using brin (a) with (pages_per_range = 4); create index m on t (upper(b)); create index n on t using spgist (d); comment on index n is 'n'; alter table t cluster on j`,
  ),
  setup(
    'replica identity, by index too',
    '',
    'create table t (a int not null, b int not null); create unique index i on t (a); alter table t replica identity using index i; create table u (a int); alter table u replica identity full; create table w (a int primary key)',
    'create table t (a bigint not null, b int not null); create unique index i on t (a); alter table t replica identity using index i; create table u (a int); alter table u replica identity nothing; create table w (a int primary key); alter table w replica identity using index w_pkey',
  ),
  setup(
    'storage and settings of a table',
    '',
    `create table t (a text, b text compression pglz, c int) with (fillfactor = 70, toast.autovacuum_enabled = off); alter table t alter a set storage external, alter c set statistics 10, alter c set (n_distinct = 5)`,
    `create unlogged table t (a text, b text, c int) with (fillfactor = 80, autovacuum_enabled = off); alter table t alter b set storage main, alter c set (n_distinct_inherited = 4)`,
  ),
  setup(
    'sequences',
    '',
    `create sequence s; create sequence o as int increment 5; create table t (a int default nextval('s')); create table u (a int); alter sequence o owned by u.a; grant usage on sequence s to ROLE`,
    `create unlogged sequence s as smallint start 7 cycle; create sequence o as bigint increment -1; create table t (a int); alter sequence s owned by t.a; create table u (b int); comment on sequence o is 'o'`,
  ),
  setup(
    'a sequence that becomes owned, of a column that goes, in another table',
    '',
    `create sequence s; create table t (a int default nextval('s'), b int default nextval('s')); alter sequence s owned by t.a`,
    `create sequence s; create table t (b int default nextval('s')); create table u (a int default nextval('s')); alter sequence s owned by u.a`,
  ),
  setup(
    'languages, access methods, conversions and transforms',
    '',
    `create access method am type index handler bthandler; create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8; create table t (a int) using heap`,
    `create access method am2 type table handler heap_tableam_handler; create default conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8; create table t (a int) using am2; comment on conversion c is 'c'`,
  ),
  setup(
    'a language of its own, with functions in it',
    '',
    `create language mine handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator; create function f() returns int language mine as $$ begin return 1; end $$; create table t (a int default f())`,
    `create trusted language mine handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator; create function f() returns int language mine as $$ begin return 1; end $$; create table t (a int default f()); grant usage on language mine to ROLE`,
  ),
  setup(
    'extensions, moved and with what uses them',
    'create schema moved',
    `create extension citext; create extension hstore schema moved; create table t (a citext, b moved.hstore); create index i on t (a); create view v as select a from t`,
    `create extension citext schema moved; create table t (a moved.citext, b text); create index i on t (a); create view v as select a from t; comment on extension citext is 'x'`,
  ),
  setup(
    'schemas with all that is in them come and go',
    '',
    `create schema a; create table a.t (x int primary key); create schema b; create table b.r (y int references a.t (x)); create function a.f() returns int language sql return 1; create view b.v as select a.f() from a.t; grant usage on schema a to ROLE`,
    `create schema c; create table c.t (x int primary key); create schema b; create table b.r (y int references c.t (x)); create function c.f() returns int language sql return 1; create view b.v as select c.f() from c.t; comment on schema c is 'c'`,
  ),
  setup(
    'grants of all kinds, to others and on',
    'create table t (a int, b int); create function f() returns int language sql return 1; create type k as (a int); create domain d as int; create sequence s; create schema sc',
    `grant select, insert on t to ROLE; grant update (a) on t to ROLE with grant option; grant usage on type k to ROLE; revoke all on function f() from public; grant usage on sequence s to ROLE; grant create on schema sc to ROLE; revoke usage on type d from public`,
    `grant select on t to public; grant update (b) on t to ROLE; grant all on function f() to ROLE; revoke all on t from postgres; grant select on sequence s to ROLE with grant option; grant usage on schema sc to ROLE with grant option`,
  ),
  setup(
    'a default, a check and a column with one name; names that need quotes',
    '',
    `create schema "S p"; create type "S p"."E x" as enum ('a''b'); create table "S p"."T ""q" ("a b" int default 1 constraint "c c" check ("a b" > 0), "select" "S p"."E x"); create index "i i" on "S p"."T ""q" ("a b");
     create view "S p"."v.w" as select "a b" from "S p"."T ""q"; create function "S p"."f g"("x y" int) returns int language sql return "x y"; create policy "p p" on "S p"."T ""q" using ("a b" > 0)`,
    `create schema "S p"; create type "S p"."E x" as enum ('c''d'); create table "S p"."T ""q" ("a b" bigint default 2 constraint "c c" check ("a b" > 1), "select" "S p"."E x"); create index "i i" on "S p"."T ""q" ("select");
     create view "S p"."v.w" as select "a b" from "S p"."T ""q"; create function "S p"."f g"("x y" bigint) returns bigint language sql return "x y"; create policy "p p" on "S p"."T ""q" using ("a b" > 1)`,
  ),
  setup(
    'primary keys with foreign keys on them change',
    '',
    `create table o (a int primary key, b int not null); create table t (x int references o, y int); create table u (x int primary key references o)`,
    `create table o (a bigint primary key, b int not null unique); create table t (x bigint references o, y int references o (b)); create table u (x bigint primary key references o)`,
  ),
  setup(
    'a key of another column with foreign keys on it',
    '',
    `create table o (a int constraint k primary key, b int unique); create table t (x int constraint fk references o (a))`,
    `create table o (a int unique, b int constraint k primary key); create table t (x int constraint fk references o (b))`,
  ),
  setup(
    'the order of columns, arguments with defaults and variadics',
    '',
    `create table t (a int, b int, c int); create function f(a int default 1, variadic b int[] default '{}') returns table (x int, y int) language sql as 'select 1, 2'; create view v as select * from f(1)`,
    `create table t (c int, a int, b int); create function f(a int default 2, variadic b int[] default '{}') returns table (x int, z int) language sql as 'select 1, 2'; create view v as select * from f(1)`,
  ),
  // What random pairs have found.
  setup(
    'checks that no row was held to, on partitions that come, go and stay',
    '',
    `create table t (a int) partition by range (a); create table t1 partition of t for values from (0) to (10); create table t2 partition of t for values from (10) to (20);
     create table i (a int); create table k () inherits (i)`,
    `create table t (a int) partition by range (a); create table t1 partition of t for values from (0) to (5); create table t3 partition of t for values from (10) to (20);
     alter table t add constraint late check (a <> 8) not valid;
     create table i (a int); alter table i add constraint late check (a <> 8) not valid; create table k () inherits (i); alter table k add constraint late check (a <> 8) not valid`,
  ),
  setup(
    'indexes on partitions of partitions, and those that were there before their parent’s',
    'create table t (a int, b int) partition by list (a)',
    `create table t1 partition of t for values in (1); create index own on t1 (b)`,
    `create table t1 partition of t for values in (1, 2); create index own on t1 (b); create table t2 partition of t for values in (3) partition by range (b);
     create table t21 partition of t2 for values from (0) to (9); create index i on t (b)`,
  ),
  setup(
    'the settings of columns of parents and children',
    '',
    `create table p (a int, b text); create table k () inherits (p)`,
    `create table p (a int, b text, c text); create table k () inherits (p); alter table only p alter a set statistics 7; alter table only k alter c set storage external; alter table p alter b set statistics 9`,
  ),
  setup(
    'a domain inside of a composite and an array is held to more',
    '',
    `create domain d as int; create type k as (x d); create table t (a k, b d[], c d)`,
    `create domain d as int not null check (value > 0); create type k as (x d); create table t (a k, b d[], c d)`,
  ),
  setup(
    'a child leaves its parent, and both compute with a function that is made anew',
    '',
    `create function f(a int) returns int language sql immutable return a; create table p (a int, g int generated always as (f(a)) stored); create table k () inherits (p)`,
    `create function f(b int) returns int language sql immutable return b; create table p (a int, g int generated always as (f(a)) stored); create table k (a int, g int generated always as (f(a)) stored)`,
  ),
  setup(
    'a materialized view of a new one, and one of whole rows',
    '',
    `create table t (a int); create materialized view m as select t from t; create materialized view n as select 1 as a`,
    `create table t (a bigint); create materialized view m as select t from t; create materialized view l as select 1 as a; create materialized view n as select a, a as b from l`,
  ),
  setup(
    'a partition with a foreign key is detached while what it refers to goes',
    '',
    `create table o (a int primary key) partition by range (a); create table o1 partition of o for values from (0) to (9); create table t (a int references o) partition by range (a); create table t1 partition of t for values from (0) to (5)`,
    `create table o (a int); create table t (a int) partition by range (a); create table t1 partition of t for values from (0) to (6)`,
  ),
]
