\set owner 'app user'
\set schema cruddur
-- Everything in one go
BEGIN;
CREATE SCHEMA IF NOT EXISTS :"schema";
SET LOCAL search_path TO :schema, public;
COMMENT ON SCHEMA :schema IS :'owner';

\if :{?seed}
\echo seeding
\else
\set seed 0
\endif

\if :seed
insert into users (name) values ('never; sent');
\endif

do $do$
declare
  names text[] := array['a', 'b'];
begin
  execute format($sql$ create role %I; $sql$, names[1:2]);
end
$do$;

insert into posts (body) values (E'line one\nit\'s ; done'), ('C:\dir\'), (U&'d\0061t\+000061;');
select 1 as one, 2 as two \gset total_
select a.*, (select count(*) from b where b.id=a.id /* ; */) from a
where a.x<>'-- not a comment' and a.y @> '{"k": ";"}' -- ; comment
order by 1; COMMIT
