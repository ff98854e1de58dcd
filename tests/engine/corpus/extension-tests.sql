\unset ECHO
\set QUIET 1
-- Turn off echo and keep things quiet.

-- Format the output for nice TAP.
\pset format unaligned
\pset tuples_only true
\pset pager off

-- Revert all changes on failure.
\set ON_ERROR_ROLLBACK 1
\set ON_ERROR_STOP true

\if :{?schema}
\else
  \set schema partman
\endif
\set table_name 'time ''taptest'' table'
\set quoted_schema :schema
\set parts 4

SELECT :'schema' = 'partman' AS is_default, current_setting('server_version_num')::int >= 140000 AS modern \gset
\if :is_default
  \echo # schema :schema, :'schema', :"schema"
  \if :modern
    \echo '# modern; it''s' "quoted word" :parts \\ \echo '#' same line
  \elif nonsense
    \echo # never
  \else
    select not_even_run; \i no-such-file.sql
  \endif
\else
  \i no-such-file.sql
\endif

CREATE SCHEMA :"schema";
CREATE TABLE :schema.:"table_name" (col1 int primary key, col2 text, col3 timestamptz NOT NULL DEFAULT '2020-01-01 00:00:00Z');
INSERT INTO :"schema".:"table_name" (col1, col2) VALUES (generate_series(1, 10), 'stuff ' || :'table_name');

SELECT format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING ALL, CHECK (col1 %% %s = %s))',
    :'schema', 'part;' || n, :'schema', :'table_name', :parts, n),
  CASE WHEN n % 2 = 0 THEN format('COMMENT ON TABLE %I.%I IS %L', :'schema', 'part;' || n, E'\\n;' || n) END
  FROM generate_series(0, :parts - 1) n
  ORDER BY n
\gexec

SELECT count(*) AS total, max(col1) AS "max", NULL AS nothing FROM :"schema".:"table_name" \gset got_
\echo # :got_total :got_max :got_nothing
\set again 'INSERT INTO ' :schema '."part;1" SELECT * FROM ' :schema '.' ':"table_name"' ' WHERE col1 = '
:again 1;
:again 5; :again 9;
SELECT $$:'schema' is :not expanded$$ AS "a:b", ':schema' || ':"schema"', (ARRAY[1, 2, 3])[2:3], 1::text /* :schema */;

SELECT 1 AS one \; SELECT 2 AS two \; INSERT INTO :schema."part;0" VALUES (100, 'joined');
SELECT 'ok ' || n || ' - table is there' FROM generate_series(1, 2) n \g
SELECT 'x' AS "wide", 1 AS "n" \gx

\copy partman."part;2" (col1, col2) from stdin
6	copied\tin
10	;
\.
COPY partman."part;3" (col1, col2) FROM STDIN;
3	\\.
7	\N
\.
DO $outer$
DECLARE
  v_sql text := $inner$ SELECT ';' $inner$;
BEGIN
  EXECUTE v_sql;
  EXECUTE format($x$ CREATE VIEW %I.seen AS SELECT 1 AS ":parts" $x$, 'partman');
END
$outer$;
\unset parts
SELECT :{?parts} AS parts_set, :{?schema} AS schema_set;
\qecho done
\q
this is never read;
