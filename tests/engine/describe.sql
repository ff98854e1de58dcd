-- Beside objects.sql: what psql's \d shows and a dump of PostgreSQL 15 cannot hold.
create table newest (
  id int generated always as (1 + 1) virtual,
  a int constraint named not null,
  b int not null,
  d int not null no inherit,
  c int constraint unsure check (c > 0) not enforced,
  during tstzrange,
  valid daterange,
  constraint temporal primary key (b, during without overlaps),
  unique nulls not distinct (a, b)
);
create table younger () inherits (newest);
alter table younger add constraint late not null c not valid;
create table pointing (
  id int primary key,
  to_newest tstzrange,
  self int references pointing on delete set null (self),
  b int,
  foreign key (b, period to_newest) references newest (b, period during)
);
alter table pointing add constraint unchecked foreign key (self) references pointing not enforced;
alter table pointing replica identity full;
create table loose (a int) with (fillfactor = 30);
create table parts (id int not null, t text collate "C") partition by range (id, lower(t));
create table parts_1 partition of parts for values from (1, minvalue) to (maxvalue, maxvalue);
create foreign table parts_2 partition of parts for values from (minvalue, minvalue) to (1, minvalue)
  server elsewhere options (a 'b');
alter table parts add check (id > 0);
create index parts_index on only parts (id);
create statistics more (mcv) on id, t from parts;
alter statistics more set statistics 100;
create unique index concurrently "a ""broken"" one" on loose (a);
alter index "expr; index" alter column 1 set statistics 50;
create view checked with (security_invoker) as select a from loose where a > 0 with cascaded check option;
comment on column checked.a is 'a long comment that goes on and on, over more than one line
of a table';
create function internal_one(int) returns int language internal as 'int4um';
create domain plain as int;
create type empty as ();
create type shell;
create operator class for_ranges for type private.pair using hash as function 1 hash_record(record);
create publication inserts for table loose, newest where (a > 0) with (publish = 'insert');
create publication generated for table newest with (publish_generated_columns = stored);
create subscription quiet connection 'dbname=nowhere' publication inserts with (connect = false, slot_name = none);
alter database :"DBNAME" set work_mem to '8MB';
alter role "corpus reader" set search_path to 'a b', "c";
alter role "corpus reader" in database :"DBNAME" set work_mem to '9MB';
grant "corpus reader" to "corpus""writer" with inherit false, set true;
comment on role "corpus reader" is 'reads';
alter role "corpus""writer" createdb connection limit 3 valid until '2040-01-01 00:00:00Z';
revoke all on loose from postgres;
grant select (a) on loose to public;
alter default privileges for role "corpus reader" grant usage on schemas to public;
create server later foreign data wrapper nothing;
comment on server later is 'another';
create temporary table passing (a int);
create access method own type table handler heap_tableam_handler;
create table of_own (a int) using own;
create language sql_too handler plpgsql_call_handler;
comment on column newest.a is null;
alter large object 4243 owner to "corpus reader";
