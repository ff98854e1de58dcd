--
-- PostgreSQL database dump
--

\restrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: corpus; "made"; Type: DATABASE; Schema: -; Owner: postgres
--

CREATE DATABASE "corpus; ""made""" WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE "corpus; ""made""" OWNER TO postgres;

\unrestrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9
\encoding SQL_ASCII
\connect -reuse-previous=on "dbname='corpus; ""made""'"
\restrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: corpus; "made"; Type: DATABASE PROPERTIES; Schema: -; Owner: postgres
--

ALTER DATABASE "corpus; ""made""" SET work_mem TO '6MB';


\unrestrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9
\encoding SQL_ASCII
\connect -reuse-previous=on "dbname='corpus; ""made""'"
\restrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: odd "schema"; -- not a comment; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "odd ""schema""; -- not a comment";


ALTER SCHEMA "odd ""schema""; -- not a comment" OWNER TO postgres;

--
-- Name: private; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA private;


ALTER SCHEMA private OWNER TO postgres;

--
-- Name: SCHEMA private; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA private IS 'It''s private; really
on two lines \ with a backslash';


--
-- Name: german; Type: COLLATION; Schema: public; Owner: postgres
--

CREATE COLLATION public.german (provider = libc, locale = 'C');


ALTER COLLATION public.german OWNER TO postgres;

--
-- Name: TRANSFORM FOR integer LANGUAGE sql; Type: TRANSFORM; Schema: -; Owner: -
--

CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION pg_catalog.prsd_lextype(internal), TO SQL WITH FUNCTION pg_catalog.int4recv(internal));


--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;


--
-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';


--
-- Name: hstore; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;


--
-- Name: EXTENSION hstore; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION hstore IS 'data type for storing sets of (key, value) pairs';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA private;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: pair; Type: TYPE; Schema: private; Owner: postgres
--

CREATE TYPE private.pair AS (
	one integer,
	"Two; " text COLLATE pg_catalog."C"
);


ALTER TYPE private.pair OWNER TO postgres;

--
-- Name: COLUMN pair.one; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.pair.one IS 'the first';


--
-- Name: percent; Type: DOMAIN; Schema: private; Owner: postgres
--

CREATE DOMAIN private.percent AS numeric(5,2)
	CONSTRAINT "0; to 100" CHECK (((VALUE >= (0)::numeric) AND (VALUE <= (100)::numeric)));


ALTER DOMAIN private.percent OWNER TO postgres;

--
-- Name: email; Type: DOMAIN; Schema: public; Owner: postgres
--

CREATE DOMAIN public.email AS text COLLATE pg_catalog."C" NOT NULL DEFAULT 'a@b.c'::text
	CONSTRAINT email_check CHECK ((VALUE ~ '^[^@;]+@[^@]+$'::text));


ALTER DOMAIN public.email OWNER TO postgres;

--
-- Name: mood; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE public.mood AS ENUM (
    'sad',
    'o''k',
    'hap"py',
    'tab	tab',
    '日本'
);


ALTER TYPE public.mood OWNER TO postgres;

--
-- Name: TYPE mood; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TYPE public.mood IS 'mood	of a user';


--
-- Name: span; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE public.span AS RANGE (
    subtype = double precision,
    multirange_type_name = public.spans,
    subtype_diff = float8mi
);


ALTER TYPE public.span OWNER TO postgres;

--
-- Name: CAST (private.pair AS text); Type: CAST; Schema: -; Owner: -
--

CREATE CAST (private.pair AS text) WITH INOUT AS ASSIGNMENT;


--
-- Name: CAST (text AS public.mood); Type: CAST; Schema: -; Owner: -
--

CREATE CAST (text AS public.mood) WITH INOUT;


--
-- Name: touch(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
begin
  -- $$ ; $a$ a tag within a tag
  new.changed := timestamptz '2020-02-29 12:00:00+00';
  return new;
end;
$_$;


ALTER FUNCTION private.touch() OWNER TO postgres;

--
-- Name: add_all(integer[]); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.add_all(VARIADIC numbers integer[] DEFAULT '{}'::integer[]) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$select coalesce(sum(n), 0) from unnest(numbers) n -- it's; one string
$$;


ALTER FUNCTION public.add_all(VARIADIC numbers integer[]) OWNER TO postgres;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: log; Type: TABLE; Schema: private; Owner: corpus"writer
--

CREATE TABLE private.log (
    id integer NOT NULL,
    message text,
    at timestamp without time zone DEFAULT '2000-01-01 00:00:00'::timestamp without time zone
)
WITH (autovacuum_vacuum_scale_factor='0.3');


ALTER TABLE private.log OWNER TO "corpus""writer";

--
-- Name: clear_log(); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE public.clear_log()
    LANGUAGE sql
    BEGIN ATOMIC
 DELETE FROM private.log;
END;


ALTER PROCEDURE public.clear_log() OWNER TO postgres;

--
-- Name: concat_state(text, text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.concat_state(state text, value text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN (COALESCE((state || ';'::text), ''::text) || value);


ALTER FUNCTION public.concat_state(state text, value text) OWNER TO postgres;

--
-- Name: log_it(text, integer); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE public.log_it(IN message text, INOUT id integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
  insert into private.log (message) values (message) returning private.log.id into id;
end $$;


ALTER PROCEDURE public.log_it(IN message text, INOUT id integer) OWNER TO postgres;

--
-- Name: many(); Type: FUNCTION; Schema: public; Owner: corpus reader
--

CREATE FUNCTION public.many() RETURNS TABLE(n integer, t text)
    LANGUAGE sql ROWS 7
    AS $$ values (1, 'a;'), (2, E'b\\') $$;


ALTER FUNCTION public.many() OWNER TO "corpus reader";

--
-- Name: on_ddl(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.on_ddl() RETURNS event_trigger
    LANGUAGE plpgsql
    AS $$ begin null; end $$;


ALTER FUNCTION public.on_ddl() OWNER TO postgres;

--
-- Name: on_view(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.on_view() RETURNS trigger
    LANGUAGE plpgsql
    AS $$begin return null; end;$$;


ALTER FUNCTION public.on_view() OWNER TO postgres;

--
-- Name: twice(integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (n > 0) THEN (n * 2)
             ELSE 0
         END AS "case";
END;


ALTER FUNCTION public.twice(n integer) OWNER TO postgres;

--
-- Name: weird;fn(text, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public."weird;fn"(INOUT "a b" text, OUT "c;d" integer, e integer DEFAULT 5) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER COST 17
    SET search_path TO 'private', 'public'
    SET work_mem TO '5MB'
    AS $_$ begin "c;d" := length("a b") + e; "a b" := $1 || '$1;'; end $_$;


ALTER FUNCTION public."weird;fn"(INOUT "a b" text, OUT "c;d" integer, e integer) OWNER TO postgres;

--
-- Name: joined(text); Type: AGGREGATE; Schema: public; Owner: postgres
--

CREATE AGGREGATE public.joined(text) (
    SFUNC = public.concat_state,
    STYPE = text,
    INITCOND = ''
);


ALTER AGGREGATE public.joined(text) OWNER TO postgres;

--
-- Name: middle(double precision, anyelement); Type: AGGREGATE; Schema: public; Owner: postgres
--

CREATE AGGREGATE public.middle(double precision ORDER BY anyelement) (
    SFUNC = ordered_set_transition,
    STYPE = internal,
    FINALFUNC = percentile_disc_final,
    FINALFUNC_EXTRA
);


ALTER AGGREGATE public.middle(double precision ORDER BY anyelement) OWNER TO postgres;

--
-- Name: !@#; Type: OPERATOR; Schema: public; Owner: postgres
--

CREATE OPERATOR public.!@# (
    FUNCTION = public.twice,
    RIGHTARG = integer
);


ALTER OPERATOR public.!@# (NONE, integer) OWNER TO postgres;

--
-- Name: <+>; Type: OPERATOR; Schema: public; Owner: postgres
--

CREATE OPERATOR public.<+> (
    FUNCTION = int4pl,
    LEFTARG = integer,
    RIGHTARG = integer,
    COMMUTATOR = OPERATOR(public.<+>)
);


ALTER OPERATOR public.<+> (integer, integer) OWNER TO postgres;

--
-- Name: OPERATOR <+> (integer, integer); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON OPERATOR public.<+> (integer, integer) IS 'plus; but longer';


--
-- Name: family; Type: OPERATOR FAMILY; Schema: private; Owner: postgres
--

CREATE OPERATOR FAMILY private.family USING btree;


ALTER OPERATOR FAMILY private.family USING btree OWNER TO postgres;

--
-- Name: backwards; Type: OPERATOR CLASS; Schema: private; Owner: postgres
--

CREATE OPERATOR CLASS private.backwards
    FOR TYPE integer USING btree FAMILY private.family AS
    OPERATOR 1 >(integer,integer) ,
    OPERATOR 2 >=(integer,integer) ,
    OPERATOR 3 =(integer,integer) ,
    OPERATOR 4 <=(integer,integer) ,
    OPERATOR 5 <(integer,integer) ,
    FUNCTION 1 (integer, integer) btint4cmp(integer,integer);


ALTER OPERATOR CLASS private.backwards USING btree OWNER TO postgres;

--
-- Name: latin; Type: CONVERSION; Schema: private; Owner: postgres
--

CREATE CONVERSION private.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;


ALTER CONVERSION private.latin OWNER TO postgres;

--
-- Name: simple_en; Type: TEXT SEARCH DICTIONARY; Schema: public; Owner: postgres
--

CREATE TEXT SEARCH DICTIONARY public.simple_en (
    TEMPLATE = pg_catalog.simple,
    accept = 'false' );


ALTER TEXT SEARCH DICTIONARY public.simple_en OWNER TO postgres;

--
-- Name: plain; Type: TEXT SEARCH CONFIGURATION; Schema: public; Owner: postgres
--

CREATE TEXT SEARCH CONFIGURATION public.plain (
    PARSER = pg_catalog."default" );

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR asciiword WITH public.simple_en, english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR word WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR numword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR email WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR url WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR host WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR sfloat WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR version WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR hword_numpart WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR hword_part WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR hword_asciipart WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR numhword WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR asciihword WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR hword WITH english_stem;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR url_path WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR file WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR "float" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR "int" WITH simple;

ALTER TEXT SEARCH CONFIGURATION public.plain
    ADD MAPPING FOR uint WITH simple;


ALTER TEXT SEARCH CONFIGURATION public.plain OWNER TO postgres;

--
-- Name: TEXT SEARCH CONFIGURATION plain; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TEXT SEARCH CONFIGURATION public.plain IS 'plain; and simple';


--
-- Name: nothing; Type: FOREIGN DATA WRAPPER; Schema: -; Owner: postgres
--

CREATE FOREIGN DATA WRAPPER nothing OPTIONS (
    debug 'true; "x"'
);


ALTER FOREIGN DATA WRAPPER nothing OWNER TO postgres;

--
-- Name: elsewhere; Type: SERVER; Schema: -; Owner: postgres
--

CREATE SERVER elsewhere TYPE 'a;b' VERSION '1''2' FOREIGN DATA WRAPPER nothing OPTIONS (
    "Port" '5432',
    host 'h;'
);


ALTER SERVER elsewhere OWNER TO postgres;

--
-- Name: USER MAPPING public SERVER elsewhere; Type: USER MAPPING; Schema: -; Owner: postgres
--

CREATE USER MAPPING FOR public SERVER elsewhere OPTIONS (
    password E'p;''q\\',
    "user" 'u'
);


--
-- Name: log_id_seq; Type: SEQUENCE; Schema: private; Owner: corpus"writer
--

ALTER TABLE private.log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME private.log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: awkward; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.awkward (
    id integer NOT NULL,
    t text,
    b bytea,
    a text[],
    j json,
    f double precision,
    n numeric,
    i interval
);


ALTER TABLE public.awkward OWNER TO postgres;

--
-- Name: parent; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.parent (
    a integer DEFAULT 3 NOT NULL,
    b text,
    CONSTRAINT parent_b_check CHECK ((b <> ''::text))
);


ALTER TABLE public.parent OWNER TO postgres;

--
-- Name: child; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.child (
    b text DEFAULT 'child'::text,
    c date
)
INHERITS (public.parent);


ALTER TABLE public.child OWNER TO postgres;

--
-- Name: counter; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.counter
    START WITH 7
    INCREMENT BY 5
    MINVALUE -100
    MAXVALUE 1000
    CACHE 3
    CYCLE;


ALTER SEQUENCE public.counter OWNER TO postgres;

--
-- Name: hashed; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed (
    id integer,
    t text
)
PARTITION BY HASH (id);


ALTER TABLE public.hashed OWNER TO postgres;

--
-- Name: hashed_0; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed_0 (
    id integer,
    t text
);


ALTER TABLE public.hashed_0 OWNER TO postgres;

--
-- Name: hashed_1; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.hashed_1 (
    id integer,
    t text
);


ALTER TABLE public.hashed_1 OWNER TO postgres;

--
-- Name: later; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW public.later AS
 SELECT 1 AS one
  WITH NO DATA;


ALTER MATERIALIZED VIEW public.later OWNER TO postgres;

--
-- Name: measures; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures (
    day date NOT NULL,
    place text NOT NULL,
    value double precision
)
PARTITION BY RANGE (day);


ALTER TABLE public.measures OWNER TO postgres;

--
-- Name: measures_2020; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_2020 (
    day date CONSTRAINT measures_day_not_null NOT NULL,
    place text CONSTRAINT measures_place_not_null NOT NULL,
    value double precision
)
PARTITION BY LIST (place);


ALTER TABLE public.measures_2020 OWNER TO postgres;

--
-- Name: measures_2020 a;b; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."measures_2020 a;b" (
    day date CONSTRAINT measures_day_not_null NOT NULL,
    place text CONSTRAINT measures_place_not_null NOT NULL,
    value double precision
);


ALTER TABLE public."measures_2020 a;b" OWNER TO postgres;

--
-- Name: measures_2020_rest; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_2020_rest (
    day date CONSTRAINT measures_day_not_null NOT NULL,
    place text CONSTRAINT measures_place_not_null NOT NULL,
    value double precision
);


ALTER TABLE public.measures_2020_rest OWNER TO postgres;

--
-- Name: measures_old; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.measures_old (
    day date CONSTRAINT measures_day_not_null NOT NULL,
    place text CONSTRAINT measures_place_not_null NOT NULL,
    value double precision DEFAULT 0
);


ALTER TABLE public.measures_old OWNER TO postgres;

--
-- Name: only;; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public."only;" (
);


ALTER TABLE public."only;" OWNER TO postgres;

--
-- Name: posts; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.posts (
    id integer NOT NULL,
    author bigint,
    reply_to integer,
    body text
);

ALTER TABLE ONLY public.posts FORCE ROW LEVEL SECURITY;


ALTER TABLE public.posts OWNER TO postgres;

--
-- Name: posts_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.posts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.posts_id_seq OWNER TO postgres;

--
-- Name: posts_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.posts_id_seq OWNED BY public.posts.id;


--
-- Name: remote; Type: FOREIGN TABLE; Schema: public; Owner: postgres
--

CREATE FOREIGN TABLE public.remote (
    a integer NOT NULL,
    b text
)
SERVER elsewhere
OPTIONS (
    table_name 'it''s'
);
ALTER FOREIGN TABLE ONLY public.remote ALTER COLUMN a OPTIONS (
    column_name 'a;b'
);


ALTER FOREIGN TABLE public.remote OWNER TO postgres;

--
-- Name: users; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.users (
    id bigint NOT NULL,
    uuid uuid DEFAULT gen_random_uuid() NOT NULL,
    "Name; with "" quotes" text DEFAULT 'it''s; \ "x"'::text NOT NULL,
    mail public.email,
    mood public.mood DEFAULT 'o''k'::public.mood,
    pair private.pair,
    span public.span,
    spans public.spans,
    tags text[] DEFAULT ARRAY['a;b'::text, 'c"d'::text, NULL::text] NOT NULL,
    matrix integer[],
    data jsonb DEFAULT '{"a": ";", "b": [1, null, "\\\""]}'::jsonb,
    raw bytea,
    attributes public.hstore,
    share private.percent DEFAULT 50,
    price numeric(10,2),
    doubled numeric GENERATED ALWAYS AS ((price * (2)::numeric)) STORED,
    changed timestamp with time zone DEFAULT '2000-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    duration interval,
    address inet,
    bits bit varying(5) DEFAULT '101'::"bit",
    xml text COLLATE public.german,
    vector tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, "Name; with "" quotes")) STORED,
    during tstzrange,
    CONSTRAINT users_price_check CHECK ((price >= (0)::numeric)) NO INHERIT
)
WITH (fillfactor='70', autovacuum_enabled='false', toast.autovacuum_enabled='false');
ALTER TABLE ONLY public.users ALTER COLUMN data SET STATISTICS 500;
ALTER TABLE ONLY public.users ALTER COLUMN raw SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.users ALTER COLUMN xml SET COMPRESSION pglz;
ALTER TABLE ONLY public.users ALTER COLUMN xml SET (n_distinct=-0.5);


ALTER TABLE public.users OWNER TO postgres;

--
-- Name: TABLE users; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.users IS 'Users;
\. on a line of its own:
\.
-- the end';


--
-- Name: COLUMN users."Name; with "" quotes"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.users."Name; with "" quotes" IS '$$;$$';


--
-- Name: shown; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.shown WITH (security_barrier='true') AS
 SELECT id,
    "Name; with "" quotes" AS name,
    ';'::text AS "semi;colon"
   FROM public.users
  WHERE (price > (0)::numeric)
  WITH LOCAL CHECK OPTION;


ALTER VIEW public.shown OWNER TO postgres;

--
-- Name: VIEW shown; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.shown IS 'a view';


--
-- Name: small; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.small
    AS smallint
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE public.small OWNER TO postgres;

--
-- Name: small; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE public.small OWNED BY public.posts.body;


--
-- Name: totals; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW public.totals AS
 SELECT author,
    count(*) AS posts,
    public.joined(body) AS bodies
   FROM public.posts
  GROUP BY author
  WITH NO DATA;


ALTER MATERIALIZED VIEW public.totals OWNER TO postgres;

--
-- Name: tree; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.tree AS
 WITH RECURSIVE tree(n, path) AS (
         VALUES (1,'a'::text)
        UNION ALL
         SELECT (tree_1.n + 1),
            (tree_1.path || ';'::text)
           FROM tree tree_1
          WHERE (tree_1.n < 3)
        )
 SELECT n,
    path
   FROM tree;


ALTER VIEW public.tree OWNER TO postgres;

--
-- Name: typed; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.typed OF private.pair (
    one DEFAULT 4 NOT NULL
);


ALTER TABLE public.typed OWNER TO postgres;

--
-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

ALTER TABLE public.users ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 100
    INCREMENT BY 10
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: with_trigger; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.with_trigger AS
 SELECT 1 AS a,
    'x;'::text AS b;


ALTER VIEW public.with_trigger OWNER TO postgres;

--
-- Name: 日本; 'x'; Type: TABLE; Schema: public; Owner: postgres
--

CREATE UNLOGGED TABLE public."日本; 'x'" (
    " leading" integer,
    "tab	" integer DEFAULT nextval('public.counter'::regclass),
    "new
line" text
);


ALTER TABLE public."日本; 'x'" OWNER TO postgres;

--
-- Name: hashed_0; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.hashed ATTACH PARTITION public.hashed_0 FOR VALUES WITH (modulus 2, remainder 0);


--
-- Name: hashed_1; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.hashed ATTACH PARTITION public.hashed_1 FOR VALUES WITH (modulus 2, remainder 1);


--
-- Name: measures_2020; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures ATTACH PARTITION public.measures_2020 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');


--
-- Name: measures_2020 a;b; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2020 ATTACH PARTITION public."measures_2020 a;b" FOR VALUES IN ('a;b', 'it''s', 'tab	');


--
-- Name: measures_2020_rest; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2020 ATTACH PARTITION public.measures_2020_rest DEFAULT;


--
-- Name: measures_old; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures ATTACH PARTITION public.measures_old FOR VALUES FROM (MINVALUE) TO ('2020-01-01');


--
-- Name: child a; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.child ALTER COLUMN a SET DEFAULT 3;


--
-- Name: posts id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.posts ALTER COLUMN id SET DEFAULT nextval('public.posts_id_seq'::regclass);


--
-- Data for Name: log; Type: TABLE DATA; Schema: private; Owner: corpus"writer
--

COPY private.log (id, message, at) FROM stdin;
1	a	2000-01-01 00:00:00
2	\\.	2000-01-01 00:00:00
3	\N	2000-01-01 00:00:00
\.


--
-- Data for Name: awkward; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.awkward (id, t, b, a, j, f, n, i) FROM stdin;
1	\\.	\\x00	{}	{}	NaN	NaN	1 mon -2 days +03:04:05.678
2	\\N	\\x5c2e0a	{"",NULL,"NULL","{","\\"","\\\\",","," "}	[1,2 , {"a":"\\u00e9"}]	Infinity	Infinity	-1 years
3	a\tb\nc\rd\be\ff\vg	\\x00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d00ff27225c0a0d	[5:6]={a,b}	"\\\\."	-0	100000000000000000000000000000000000000000000000000	00:00:00
4		\\x	{{a,b},{c,d}}	null	1.1	0.10	\N
5	\N	\N	\N	\N	\N	\N	\N
6	two\n\\.\nlines	\\x5c	{"\n","\t"}	\n[\n]\n	1e-300	-0.001	178000000 years
7	it's "quoted"; -- $$ /* :v :'v' */ \\	\\x27	{it's}	{"$$": ";"}	5e-324	1	00:00:00.000001
8	日本語 👩‍👩‍👧 é é	\\xe697a5e69cac	{日本}	{"日": "本"}	0.1	3.14159265358979323846264338327950288	24:00:00
9	\\	\\x5c5c	{"\\\\","\\\\\\\\"}	"\\\\\\\\"	2	2	2 days
10		\\x01	{}	1	3	3	\N
11	long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; long; 	\\xabababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab	\N	\N	\N	\N	\N
12	\\restrict	\N	\N	\N	\N	\N	\N
13	\\connect postgres	\N	\N	\N	\N	\N	\N
\.


--
-- Data for Name: child; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.child (a, b, c) FROM stdin;
2	c	2020-01-01
\.


--
-- Data for Name: hashed_0; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.hashed_0 (id, t) FROM stdin;
1	\\1
2	\\2
\.


--
-- Data for Name: hashed_1; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.hashed_1 (id, t) FROM stdin;
3	\\3
4	\\4
5	\\5
6	\\6
7	\\7
8	\\8
9	\\9
10	\\10
\.


--
-- Data for Name: measures_2020 a;b; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."measures_2020 a;b" (day, place, value) FROM stdin;
2020-01-01	a;b	4
2020-01-02	it's	4.333333333333333
2020-01-03	tab\t	4.666666666666667
2020-01-05	a;b	5.333333333333333
2020-01-06	it's	5.666666666666667
2020-01-07	tab\t	6
2020-01-09	a;b	6.666666666666667
2020-01-10	it's	7
2020-01-11	tab\t	7.333333333333333
2020-01-13	a;b	8
2020-01-14	it's	8.333333333333334
2020-01-15	tab\t	8.666666666666666
2020-01-17	a;b	9.333333333333334
2020-01-18	it's	9.666666666666666
2020-01-19	tab\t	10
2020-01-21	a;b	10.666666666666666
2020-01-22	it's	11
2020-01-23	tab\t	11.333333333333334
2020-01-25	a;b	12
2020-01-26	it's	12.333333333333334
2020-01-27	tab\t	12.666666666666666
2020-01-29	a;b	13.333333333333334
\.


--
-- Data for Name: measures_2020_rest; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.measures_2020_rest (day, place, value) FROM stdin;
2020-01-04	x	5
2020-01-08	x	6.333333333333333
2020-01-12	x	7.666666666666667
2020-01-16	x	9
2020-01-20	x	10.333333333333334
2020-01-24	x	11.666666666666666
2020-01-28	x	13
\.


--
-- Data for Name: measures_old; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.measures_old (day, place, value) FROM stdin;
2019-12-21	it's	0.3333333333333333
2019-12-22	tab\t	0.6666666666666666
2019-12-23	x	1
2019-12-24	a;b	1.3333333333333333
2019-12-25	it's	1.6666666666666667
2019-12-26	tab\t	2
2019-12-27	x	2.3333333333333335
2019-12-28	a;b	2.6666666666666665
2019-12-29	it's	3
2019-12-30	tab\t	3.3333333333333335
2019-12-31	x	3.6666666666666665
\.


--
-- Data for Name: only;; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."only;"  FROM stdin;

\.


--
-- Data for Name: parent; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.parent (a, b) FROM stdin;
1	p
\.


--
-- Data for Name: posts; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.posts (id, author, reply_to, body) FROM stdin;
1	110	1	post 1;\t
2	120	2	post 2
3	130	3	post 3\n\\.\n
4	140	4	post 4;\t
5	150	5	post 5
6	160	6	post 6\n\\.\n
7	170	\N	post 7;\t
8	180	1	post 8
9	190	2	post 9\n\\.\n
10	200	3	post 10;\t
11	210	4	post 11
12	220	5	post 12\n\\.\n
13	230	6	post 13;\t
14	240	\N	post 14
15	250	1	post 15\n\\.\n
16	260	2	post 16;\t
17	270	3	post 17
18	280	4	post 18\n\\.\n
19	290	5	post 19;\t
20	100	6	post 20
21	110	\N	post 21\n\\.\n
22	120	1	post 22;\t
23	130	2	post 23
24	140	3	post 24\n\\.\n
25	150	4	post 25;\t
26	160	5	post 26
27	170	6	post 27\n\\.\n
28	180	\N	post 28;\t
29	190	1	post 29
30	200	2	post 30\n\\.\n
31	210	3	post 31;\t
32	220	4	post 32
33	230	5	post 33\n\\.\n
34	240	6	post 34;\t
35	250	\N	post 35
36	260	1	post 36\n\\.\n
37	270	2	post 37;\t
38	280	3	post 38
39	290	4	post 39\n\\.\n
40	100	5	post 40;\t
41	110	6	post 41
42	120	\N	post 42\n\\.\n
43	130	1	post 43;\t
44	140	2	post 44
45	150	3	post 45\n\\.\n
46	160	4	post 46;\t
47	170	5	post 47
48	180	6	post 48\n\\.\n
49	190	\N	post 49;\t
50	200	1	post 50
51	210	2	post 51\n\\.\n
52	220	3	post 52;\t
53	230	4	post 53
54	240	5	post 54\n\\.\n
55	250	6	post 55;\t
56	260	\N	post 56
57	270	1	post 57\n\\.\n
58	280	2	post 58;\t
59	290	3	post 59
60	100	4	post 60\n\\.\n
\.


--
-- Data for Name: typed; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.typed (one, "Two; ") FROM stdin;
1	typed;
\.


--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.users (id, uuid, "Name; with "" quotes", mail, mood, pair, span, spans, tags, matrix, data, raw, attributes, share, price, changed, duration, address, bits, xml, during) FROM stdin;
100	c4ca4238-a0b9-2382-0dcc-509a6f75849b	user; '1'\\	a@b.c	o'k	(1,"x;""1")	[1,2.5]	{[1,2),[6,7)}	{a;b,"c\\"d",NULL}	{{1,1},{0,1}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0001	"a;"=>"1", "b\\""=>NULL	50.00	1.25	2000-01-01 00:00:00+00	\N	10.0.0.1	101	\N	["2020-01-02 00:00:00+00","2020-01-02 12:00:00+00")
110	c81e728d-9d4c-2f63-6f06-7f89cc14862c	user; '2'\\	a@b.c	hap"py	(2,"x;""2")	[2,3.5]	{[2,3),[7,8)}	{a;b,"c\\"d",NULL}	{{2,2},{0,2}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0002	"a;"=>"2", "b\\""=>NULL	50.00	2.50	2000-01-01 00:00:00+00	\N	10.0.0.2	101	\N	["2020-01-03 00:00:00+00","2020-01-03 12:00:00+00")
120	eccbc87e-4b5c-e2fe-2830-8fd9f2a7baf3	user; '3'\\	a@b.c	tab\ttab	(3,"x;""3")	[3,4.5]	{[3,4),[8,9)}	{a;b,"c\\"d",NULL}	{{3,3},{0,3}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0003	"a;"=>"3", "b\\""=>NULL	50.00	3.75	2000-01-01 00:00:00+00	\N	10.0.0.3	101	\N	["2020-01-04 00:00:00+00","2020-01-04 12:00:00+00")
130	a87ff679-a2f3-e71d-9181-a67b7542122c	user; '4'\\	a@b.c	日本	(4,"x;""4")	[4,5.5]	{[4,5),[9,10)}	{a;b,"c\\"d",NULL}	{{4,4},{0,4}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0004	"a;"=>"4", "b\\""=>NULL	50.00	5.00	2000-01-01 00:00:00+00	\N	10.0.0.4	101	\N	["2020-01-05 00:00:00+00","2020-01-05 12:00:00+00")
140	e4da3b7f-bbce-2345-d777-2b0674a318d5	user; '5'\\	a@b.c	sad	(5,"x;""5")	[5,6.5]	{[5,6),[10,11)}	{a;b,"c\\"d",NULL}	{{5,5},{0,5}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0005	"a;"=>"5", "b\\""=>NULL	50.00	6.25	2000-01-01 00:00:00+00	\N	10.0.0.5	101	\N	["2020-01-06 00:00:00+00","2020-01-06 12:00:00+00")
150	1679091c-5a88-0faf-6fb5-e6087eb1b2dc	user; '6'\\	a@b.c	o'k	(6,"x;""6")	[6,7.5]	{[6,7),[11,12)}	{a;b,"c\\"d",NULL}	{{6,6},{0,6}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0006	"a;"=>"6", "b\\""=>NULL	50.00	7.50	2000-01-01 00:00:00+00	\N	10.0.0.6	101	\N	["2020-01-07 00:00:00+00","2020-01-07 12:00:00+00")
160	8f14e45f-ceea-167a-5a36-dedd4bea2543	user; '7'\\	a@b.c	hap"py	(7,"x;""7")	[7,8.5]	{[7,8),[12,13)}	{a;b,"c\\"d",NULL}	{{7,7},{0,7}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0007	"a;"=>"7", "b\\""=>NULL	50.00	8.75	2000-01-01 00:00:00+00	\N	10.0.0.7	101	\N	["2020-01-08 00:00:00+00","2020-01-08 12:00:00+00")
170	c9f0f895-fb98-ab91-59f5-1fd0297e236d	user; '8'\\	a@b.c	tab\ttab	(8,"x;""8")	[8,9.5]	{[8,9),[13,14)}	{a;b,"c\\"d",NULL}	{{8,8},{0,8}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0008	"a;"=>"8", "b\\""=>NULL	50.00	10.00	2000-01-01 00:00:00+00	\N	10.0.0.8	101	\N	["2020-01-09 00:00:00+00","2020-01-09 12:00:00+00")
180	45c48cce-2e2d-7fbd-ea1a-fc51c7c6ad26	user; '9'\\	a@b.c	日本	(9,"x;""9")	[9,10.5]	{[9,10),[14,15)}	{a;b,"c\\"d",NULL}	{{9,9},{0,9}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0009	"a;"=>"9", "b\\""=>NULL	50.00	11.25	2000-01-01 00:00:00+00	\N	10.0.0.9	101	\N	["2020-01-10 00:00:00+00","2020-01-10 12:00:00+00")
190	d3d94468-02a4-4259-755d-38e6d163e820	user; '10'\\	a@b.c	sad	(10,"x;""10")	[10,11.5]	{[10,11),[15,16)}	{a;b,"c\\"d",NULL}	{{10,10},{0,10}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000a	"a;"=>"10", "b\\""=>NULL	50.00	12.50	2000-01-01 00:00:00+00	\N	10.0.0.10	101	\N	["2020-01-11 00:00:00+00","2020-01-11 12:00:00+00")
200	6512bd43-d9ca-a6e0-2c99-0b0a82652dca	user; '11'\\	a@b.c	o'k	(11,"x;""11")	[11,12.5]	{[11,12),[16,17)}	{a;b,"c\\"d",NULL}	{{11,11},{0,11}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000b	"a;"=>"11", "b\\""=>NULL	50.00	13.75	2000-01-01 00:00:00+00	\N	10.0.0.11	101	\N	["2020-01-12 00:00:00+00","2020-01-12 12:00:00+00")
210	c20ad4d7-6fe9-7759-aa27-a0c99bff6710	user; '12'\\	a@b.c	hap"py	(12,"x;""12")	[12,13.5]	{[12,13),[17,18)}	{a;b,"c\\"d",NULL}	{{12,12},{0,12}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000c	"a;"=>"12", "b\\""=>NULL	50.00	15.00	2000-01-01 00:00:00+00	\N	10.0.0.12	101	\N	["2020-01-13 00:00:00+00","2020-01-13 12:00:00+00")
220	c51ce410-c124-a10e-0db5-e4b97fc2af39	user; '13'\\	a@b.c	tab\ttab	(13,"x;""13")	[13,14.5]	{[13,14),[18,19)}	{a;b,"c\\"d",NULL}	{{13,13},{0,13}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000d	"a;"=>"13", "b\\""=>NULL	50.00	16.25	2000-01-01 00:00:00+00	\N	10.0.0.13	101	\N	["2020-01-14 00:00:00+00","2020-01-14 12:00:00+00")
230	aab32389-22bc-c25a-6f60-6eb525ffdc56	user; '14'\\	a@b.c	日本	(14,"x;""14")	[14,15.5]	{[14,15),[19,20)}	{a;b,"c\\"d",NULL}	{{14,14},{0,14}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000e	"a;"=>"14", "b\\""=>NULL	50.00	17.50	2000-01-01 00:00:00+00	\N	10.0.0.14	101	\N	["2020-01-15 00:00:00+00","2020-01-15 12:00:00+00")
240	9bf31c7f-f062-936a-96d3-c8bd1f8f2ff3	user; '15'\\	a@b.c	sad	(15,"x;""15")	[15,16.5]	{[15,16),[20,21)}	{a;b,"c\\"d",NULL}	{{15,15},{0,15}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x000f	"a;"=>"15", "b\\""=>NULL	50.00	18.75	2000-01-01 00:00:00+00	\N	10.0.0.15	101	\N	["2020-01-16 00:00:00+00","2020-01-16 12:00:00+00")
250	c74d97b0-1eae-257e-44aa-9d5bade97baf	user; '16'\\	a@b.c	o'k	(16,"x;""16")	[16,17.5]	{[16,17),[21,22)}	{a;b,"c\\"d",NULL}	{{16,16},{0,16}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0010	"a;"=>"16", "b\\""=>NULL	50.00	20.00	2000-01-01 00:00:00+00	\N	10.0.0.16	101	\N	["2020-01-17 00:00:00+00","2020-01-17 12:00:00+00")
260	70efdf2e-c9b0-8607-9795-c442636b55fb	user; '17'\\	a@b.c	hap"py	(17,"x;""17")	[17,18.5]	{[17,18),[22,23)}	{a;b,"c\\"d",NULL}	{{17,17},{0,17}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0011	"a;"=>"17", "b\\""=>NULL	50.00	21.25	2000-01-01 00:00:00+00	\N	10.0.0.17	101	\N	["2020-01-18 00:00:00+00","2020-01-18 12:00:00+00")
270	6f4922f4-5568-161a-8cdf-4ad2299f6d23	user; '18'\\	a@b.c	tab\ttab	(18,"x;""18")	[18,19.5]	{[18,19),[23,24)}	{a;b,"c\\"d",NULL}	{{18,18},{0,18}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0012	"a;"=>"18", "b\\""=>NULL	50.00	22.50	2000-01-01 00:00:00+00	\N	10.0.0.18	101	\N	["2020-01-19 00:00:00+00","2020-01-19 12:00:00+00")
280	1f0e3dad-9990-8345-f743-9f8ffabdffc4	user; '19'\\	a@b.c	日本	(19,"x;""19")	[19,20.5]	{[19,20),[24,25)}	{a;b,"c\\"d",NULL}	{{19,19},{0,19}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0013	"a;"=>"19", "b\\""=>NULL	50.00	23.75	2000-01-01 00:00:00+00	\N	10.0.0.19	101	\N	["2020-01-20 00:00:00+00","2020-01-20 12:00:00+00")
290	98f13708-2101-94c4-7568-7be6106a3b84	user; '20'\\	a@b.c	sad	(20,"x;""20")	[20,21.5]	{[20,21),[25,26)}	{a;b,"c\\"d",NULL}	{{20,20},{0,20}}	{"a": ";", "b": [1, null, "\\\\\\""]}	\\x0014	"a;"=>"20", "b\\""=>NULL	50.00	25.00	2000-01-01 00:00:00+00	\N	10.0.0.20	101	\N	["2020-01-21 00:00:00+00","2020-01-21 12:00:00+00")
\.


--
-- Data for Name: 日本; 'x'; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public."日本; 'x'" (" leading", "tab	", "new
line") FROM stdin;
1	2	line\nline
\N	17	\N
\.


--
-- Name: log_id_seq; Type: SEQUENCE SET; Schema: private; Owner: corpus"writer
--

SELECT pg_catalog.setval('private.log_id_seq', 3, true);


--
-- Name: counter; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.counter', 17, true);


--
-- Name: posts_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.posts_id_seq', 60, true);


--
-- Name: small; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.small', 42, false);


--
-- Name: users_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.users_id_seq', 290, true);


--
-- Name: 4242; Type: BLOB METADATA; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('4242');

ALTER LARGE OBJECT 4242 OWNER TO postgres;

--
-- Name: LARGE OBJECT 4242; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON LARGE OBJECT 4242 IS 'a; large one';


--
-- Name: 4243; Type: BLOB METADATA; Schema: -; Owner: postgres
--

SELECT pg_catalog.lo_create('4243');

ALTER LARGE OBJECT 4243 OWNER TO postgres;

--
-- Data for Name: 4242; Type: BLOBS; Schema: -; Owner: postgres
--

BEGIN;

SELECT pg_catalog.lo_open('4242', 131072);
SELECT pg_catalog.lowrite(0, '\x00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a00275c0a');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Data for Name: 4243; Type: BLOBS; Schema: -; Owner: postgres
--

BEGIN;

SELECT pg_catalog.lo_open('4243', 131072);
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- Name: log log_pkey; Type: CONSTRAINT; Schema: private; Owner: corpus"writer
--

ALTER TABLE ONLY private.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (id) INCLUDE (message);


--
-- Name: awkward awkward_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.awkward
    ADD CONSTRAINT awkward_pkey PRIMARY KEY (id);


--
-- Name: measures measures_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures
    ADD CONSTRAINT measures_pkey PRIMARY KEY (day, place);


--
-- Name: measures_2020 measures_2020_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2020
    ADD CONSTRAINT measures_2020_pkey PRIMARY KEY (day, place);


--
-- Name: measures_2020 a;b measures_2020 a;b_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public."measures_2020 a;b"
    ADD CONSTRAINT "measures_2020 a;b_pkey" PRIMARY KEY (day, place);


--
-- Name: measures_2020_rest measures_2020_rest_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_2020_rest
    ADD CONSTRAINT measures_2020_rest_pkey PRIMARY KEY (day, place);


--
-- Name: measures_old measures_old_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.measures_old
    ADD CONSTRAINT measures_old_pkey PRIMARY KEY (day, place);


--
-- Name: users no; overlap; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT "no; overlap" EXCLUDE USING gist (mood WITH =, during WITH &&) WHERE ((during IS NOT NULL)) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: CONSTRAINT "no; overlap" ON users; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON CONSTRAINT "no; overlap" ON public.users IS 'c''est ça';


--
-- Name: posts posts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE public.posts CLUSTER ON posts_pkey;


--
-- Name: typed typed_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.typed
    ADD CONSTRAINT typed_pkey PRIMARY KEY (one);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: users users_uuid_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_uuid_key UNIQUE (uuid);

ALTER TABLE ONLY public.users REPLICA IDENTITY USING INDEX users_uuid_key;


--
-- Name: backwards; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX backwards ON public.posts USING btree (id private.backwards);


--
-- Name: brin; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX brin ON public.posts USING brin (id) WITH (pages_per_range='16');


--
-- Name: expr; index; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "expr; index" ON public.users USING btree (lower("Name; with "" quotes") DESC NULLS LAST, ((price + (1)::numeric))) INCLUDE (mood) WHERE ((price > (0)::numeric) AND (mood <> 'sad'::public.mood));


--
-- Name: measures_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_value_idx ON ONLY public.measures USING btree (value);


--
-- Name: measures_2020_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_2020_value_idx ON ONLY public.measures_2020 USING btree (value);


--
-- Name: measures_2020 a;b_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_2020 a;b_value_idx" ON public."measures_2020 a;b" USING btree (value);


--
-- Name: measures_2020_rest_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_2020_rest_value_idx ON public.measures_2020_rest USING btree (value);


--
-- Name: measures_old_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX measures_old_value_idx ON public.measures_old USING btree (value);


--
-- Name: posts_author_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX posts_author_id_idx ON public.posts USING btree (author, id) NULLS NOT DISTINCT WITH (fillfactor='50');


--
-- Name: totals_author_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX totals_author_idx ON public.totals USING btree (author);


--
-- Name: trigrams; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX trigrams ON public.posts USING gin (body private.gin_trgm_ops);


--
-- Name: users_tags_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX users_tags_idx ON public.users USING gin (tags);


--
-- Name: measures_2020 a;b_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_2020_pkey ATTACH PARTITION public."measures_2020 a;b_pkey";


--
-- Name: measures_2020 a;b_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_2020_value_idx ATTACH PARTITION public."measures_2020 a;b_value_idx";


--
-- Name: measures_2020_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_pkey ATTACH PARTITION public.measures_2020_pkey;


--
-- Name: measures_2020_rest_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_2020_pkey ATTACH PARTITION public.measures_2020_rest_pkey;


--
-- Name: measures_2020_rest_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_2020_value_idx ATTACH PARTITION public.measures_2020_rest_value_idx;


--
-- Name: measures_2020_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_value_idx ATTACH PARTITION public.measures_2020_value_idx;


--
-- Name: measures_old_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_pkey ATTACH PARTITION public.measures_old_pkey;


--
-- Name: measures_old_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX public.measures_value_idx ATTACH PARTITION public.measures_old_value_idx;


--
-- Name: related; Type: STATISTICS; Schema: private; Owner: postgres
--

CREATE STATISTICS private.related (ndistinct, dependencies) ON id, author FROM public.posts;


ALTER STATISTICS private.related OWNER TO postgres;

--
-- Name: texts; Type: STATISTICS; Schema: public; Owner: postgres
--

CREATE STATISTICS public.texts ON lower(body), length(body) FROM public.posts;


ALTER STATISTICS public.texts OWNER TO postgres;

--
-- Name: only; nothing; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE nothing AS
    ON DELETE TO public."only;" DO INSTEAD NOTHING;
ALTER TABLE public."only;" DISABLE RULE nothing;


--
-- Name: shown shown; insert; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE "shown; insert" AS
    ON INSERT TO public.shown DO INSTEAD ( INSERT INTO private.log (message)
  VALUES (('a;'::text || new.name));

 NOTIFY shown, 'x;y';
);


--
-- Name: posts all; at once; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER "all; at once" AFTER INSERT ON public.posts REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.on_view();

ALTER TABLE public.posts DISABLE TRIGGER "all; at once";


--
-- Name: with_trigger instead_of; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER instead_of INSTEAD OF INSERT OR DELETE OR UPDATE ON public.with_trigger FOR EACH ROW EXECUTE FUNCTION public.on_view('it''s', ';', '\');


--
-- Name: posts later; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE CONSTRAINT TRIGGER later AFTER INSERT ON public.posts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.on_view();


--
-- Name: users touch; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER touch BEFORE UPDATE OF price, mail ON public.users FOR EACH ROW WHEN ((old.price IS DISTINCT FROM new.price)) EXECUTE FUNCTION private.touch();


--
-- Name: posts posts_author_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES public.users(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;


--
-- Name: posts self; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT self FOREIGN KEY (reply_to) REFERENCES public.posts(id) MATCH FULL;


--
-- Name: posts everybody; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY everybody ON public.posts FOR SELECT USING (true);


--
-- Name: users own; rows; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY "own; rows" ON public.users AS RESTRICTIVE FOR UPDATE TO "corpus reader", "corpus""writer" USING ((mood <> 'sad'::public.mood)) WITH CHECK (((data ->> 'a'::text) <> ';'::text));


--
-- Name: posts; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.posts ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

--
-- Name: everything; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, update');


ALTER PUBLICATION everything OWNER TO postgres;

--
-- Name: schemas; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION schemas WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION schemas OWNER TO postgres;

--
-- Name: some;; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION "some;" WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION "some;" OWNER TO postgres;

--
-- Name: some; posts; Type: PUBLICATION TABLE; Schema: public; Owner: postgres
--

ALTER PUBLICATION "some;" ADD TABLE ONLY public.posts (id, body) WHERE ((id > 5));


--
-- Name: schemas private; Type: PUBLICATION TABLES IN SCHEMA; Schema: private; Owner: postgres
--

ALTER PUBLICATION schemas ADD TABLES IN SCHEMA private;


--
-- Name: SCHEMA private; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA private TO "corpus reader";


--
-- Name: TYPE mood; Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON TYPE public.mood TO "corpus reader";


--
-- Name: FUNCTION twice(n integer); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.twice(n integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.twice(n integer) TO "corpus reader";


--
-- Name: SEQUENCE counter; Type: ACL; Schema: public; Owner: postgres
--

GRANT USAGE ON SEQUENCE public.counter TO "corpus""writer";


--
-- Name: COLUMN posts.id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(id) ON TABLE public.posts TO "corpus""writer";


--
-- Name: COLUMN posts.body; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(body) ON TABLE public.posts TO "corpus""writer";


--
-- Name: TABLE users; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,UPDATE ON TABLE public.users TO "corpus reader" WITH GRANT OPTION;


--
-- Name: LARGE OBJECT 4242; Type: ACL; Schema: -; Owner: postgres
--

GRANT SELECT ON LARGE OBJECT 4242 TO "corpus reader";


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: private; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA private GRANT SELECT ON TABLES TO "corpus reader";


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- Name: watch; Type: EVENT TRIGGER; Schema: -; Owner: postgres
--

CREATE EVENT TRIGGER watch ON ddl_command_end
         WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
   EXECUTE FUNCTION public.on_ddl();

ALTER EVENT TRIGGER watch DISABLE;


ALTER EVENT TRIGGER watch OWNER TO postgres;

--
-- Name: totals; Type: MATERIALIZED VIEW DATA; Schema: public; Owner: postgres
--

REFRESH MATERIALIZED VIEW public.totals;


--
-- PostgreSQL database dump complete
--

\unrestrict n9yKSkBWbx4zLJAjMfgxy7atylfpbjlBLYDQOH3rPtz9wZkNR7W7ErbiLTr4pS9

