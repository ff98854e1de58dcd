--
-- PostgreSQL database dump
--

\restrict 9gglzeKCkHgjnTSnU7Wdd2mEMH77N9rvsvcdyHXq6cPAgiMhavKdK2H8mRbNOEv

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
-- Name: odd "schema"; -- not a comment; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "odd ""schema""; -- not a comment";


ALTER SCHEMA "odd ""schema""; -- not a comment" OWNER TO "postgres";

--
-- Name: private; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA "private";


ALTER SCHEMA "private" OWNER TO "postgres";

--
-- Name: SCHEMA "private"; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA "private" IS 'It''s private; really
on two lines \ with a backslash';


--
-- Name: SCHEMA "public"; Type: COMMENT; Schema: -; Owner: pg_database_owner
--

COMMENT ON SCHEMA "public" IS 'standard public schema';


--
-- Name: german; Type: COLLATION; Schema: public; Owner: postgres
--

CREATE COLLATION "public"."german" (provider = libc, locale = 'C');


ALTER COLLATION "public"."german" OWNER TO "postgres";

--
-- Name: TRANSFORM FOR integer LANGUAGE "sql"; Type: TRANSFORM; Schema: -; Owner: -
--

CREATE TRANSFORM FOR integer LANGUAGE "sql" (FROM SQL WITH FUNCTION "pg_catalog"."prsd_lextype"("internal"), TO SQL WITH FUNCTION "pg_catalog"."int4recv"("internal"));


--
-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS "btree_gist" WITH SCHEMA "public";


--
-- Name: EXTENSION "btree_gist"; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION "btree_gist" IS 'support for indexing common datatypes in GiST';


--
-- Name: hstore; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "public";


--
-- Name: EXTENSION "hstore"; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION "hstore" IS 'data type for storing sets of (key, value) pairs';


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS "pg_trgm" WITH SCHEMA "private";


--
-- Name: EXTENSION "pg_trgm"; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION "pg_trgm" IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: pair; Type: TYPE; Schema: private; Owner: postgres
--

CREATE TYPE "private"."pair" AS (
	"one" integer,
	"Two; " "text" COLLATE "pg_catalog"."C"
);


ALTER TYPE "private"."pair" OWNER TO "postgres";

--
-- Name: COLUMN "pair"."one"; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN "private"."pair"."one" IS 'the first';


--
-- Name: percent; Type: DOMAIN; Schema: private; Owner: postgres
--

CREATE DOMAIN "private"."percent" AS numeric(5,2)
	CONSTRAINT "0; to 100" CHECK (((VALUE >= (0)::numeric) AND (VALUE <= (100)::numeric)));


ALTER DOMAIN "private"."percent" OWNER TO "postgres";

--
-- Name: email; Type: DOMAIN; Schema: public; Owner: postgres
--

CREATE DOMAIN "public"."email" AS "text" COLLATE "pg_catalog"."C" NOT NULL DEFAULT 'a@b.c'::"text"
	CONSTRAINT "email_check" CHECK ((VALUE ~ '^[^@;]+@[^@]+$'::"text"));


ALTER DOMAIN "public"."email" OWNER TO "postgres";

--
-- Name: mood; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE "public"."mood" AS ENUM (
    'sad',
    'o''k',
    'hap"py',
    'tab	tab',
    '日本'
);


ALTER TYPE "public"."mood" OWNER TO "postgres";

--
-- Name: TYPE "mood"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TYPE "public"."mood" IS 'mood	of a user';


--
-- Name: span; Type: TYPE; Schema: public; Owner: postgres
--

CREATE TYPE "public"."span" AS RANGE (
    subtype = double precision,
    multirange_type_name = "public"."spans",
    subtype_diff = "float8mi"
);


ALTER TYPE "public"."span" OWNER TO "postgres";

--
-- Name: CAST ("private"."pair" AS "text"); Type: CAST; Schema: -; Owner: -
--

CREATE CAST ("private"."pair" AS "text") WITH INOUT AS ASSIGNMENT;


--
-- Name: CAST ("text" AS "public"."mood"); Type: CAST; Schema: -; Owner: -
--

CREATE CAST ("text" AS "public"."mood") WITH INOUT;


--
-- Name: touch(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION "private"."touch"() RETURNS "trigger"
    LANGUAGE "plpgsql"
    AS '
begin
  -- $$ ; $a$ a tag within a tag
  new.changed := timestamptz ''2020-02-29 12:00:00+00'';
  return new;
end;
';


ALTER FUNCTION "private"."touch"() OWNER TO "postgres";

--
-- Name: add_all(integer[]); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."add_all"(VARIADIC "numbers" integer[] DEFAULT '{}'::integer[]) RETURNS bigint
    LANGUAGE "sql" STABLE
    AS 'select coalesce(sum(n), 0) from unnest(numbers) n -- it''s; one string
';


ALTER FUNCTION "public"."add_all"(VARIADIC "numbers" integer[]) OWNER TO "postgres";

SET default_tablespace = '';

SET default_table_access_method = "heap";

--
-- Name: log; Type: TABLE; Schema: private; Owner: corpus"writer
--

CREATE TABLE "private"."log" (
    "id" integer NOT NULL,
    "message" "text",
    "at" timestamp without time zone DEFAULT '2000-01-01 00:00:00'::timestamp without time zone
)
WITH ("autovacuum_vacuum_scale_factor"='0.3');


ALTER TABLE "private"."log" OWNER TO "corpus""writer";

--
-- Name: clear_log(); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE "public"."clear_log"()
    LANGUAGE "sql"
    BEGIN ATOMIC
 DELETE FROM "private"."log";
END;


ALTER PROCEDURE "public"."clear_log"() OWNER TO "postgres";

--
-- Name: concat_state("text", "text"); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."concat_state"("state" "text", "value" "text") RETURNS "text"
    LANGUAGE "sql" IMMUTABLE
    RETURN (COALESCE(("state" || ';'::"text"), ''::"text") || "value");


ALTER FUNCTION "public"."concat_state"("state" "text", "value" "text") OWNER TO "postgres";

--
-- Name: log_it("text", integer); Type: PROCEDURE; Schema: public; Owner: postgres
--

CREATE PROCEDURE "public"."log_it"(IN "message" "text", INOUT "id" integer DEFAULT NULL::integer)
    LANGUAGE "plpgsql"
    AS '
begin
  insert into private.log (message) values (message) returning private.log.id into id;
end ';


ALTER PROCEDURE "public"."log_it"(IN "message" "text", INOUT "id" integer) OWNER TO "postgres";

--
-- Name: many(); Type: FUNCTION; Schema: public; Owner: corpus reader
--

CREATE FUNCTION "public"."many"() RETURNS TABLE("n" integer, "t" "text")
    LANGUAGE "sql" ROWS 7
    AS ' values (1, ''a;''), (2, E''b\\'') ';


ALTER FUNCTION "public"."many"() OWNER TO "corpus reader";

--
-- Name: on_ddl(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."on_ddl"() RETURNS "event_trigger"
    LANGUAGE "plpgsql"
    AS ' begin null; end ';


ALTER FUNCTION "public"."on_ddl"() OWNER TO "postgres";

--
-- Name: on_view(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."on_view"() RETURNS "trigger"
    LANGUAGE "plpgsql"
    AS 'begin return null; end;';


ALTER FUNCTION "public"."on_view"() OWNER TO "postgres";

--
-- Name: twice(integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."twice"("n" integer) RETURNS integer
    LANGUAGE "sql" IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ("n" > 0) THEN ("n" * 2)
             ELSE 0
         END AS "case";
END;


ALTER FUNCTION "public"."twice"("n" integer) OWNER TO "postgres";

--
-- Name: weird;fn("text", integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION "public"."weird;fn"(INOUT "a b" "text", OUT "c;d" integer, "e" integer DEFAULT 5) RETURNS "record"
    LANGUAGE "plpgsql" SECURITY DEFINER COST 17
    SET "search_path" TO 'private', 'public'
    SET "work_mem" TO '5MB'
    AS ' begin "c;d" := length("a b") + e; "a b" := $1 || ''$1;''; end ';


ALTER FUNCTION "public"."weird;fn"(INOUT "a b" "text", OUT "c;d" integer, "e" integer) OWNER TO "postgres";

--
-- Name: joined("text"); Type: AGGREGATE; Schema: public; Owner: postgres
--

CREATE AGGREGATE "public"."joined"("text") (
    SFUNC = "public"."concat_state",
    STYPE = "text",
    INITCOND = ''
);


ALTER AGGREGATE "public"."joined"("text") OWNER TO "postgres";

--
-- Name: middle(double precision, "anyelement"); Type: AGGREGATE; Schema: public; Owner: postgres
--

CREATE AGGREGATE "public"."middle"(double precision ORDER BY "anyelement") (
    SFUNC = "ordered_set_transition",
    STYPE = "internal",
    FINALFUNC = "percentile_disc_final",
    FINALFUNC_EXTRA
);


ALTER AGGREGATE "public"."middle"(double precision ORDER BY "anyelement") OWNER TO "postgres";

--
-- Name: !@#; Type: OPERATOR; Schema: public; Owner: postgres
--

CREATE OPERATOR "public".!@# (
    FUNCTION = "public"."twice",
    RIGHTARG = integer
);


ALTER OPERATOR "public".!@# (NONE, integer) OWNER TO "postgres";

--
-- Name: <+>; Type: OPERATOR; Schema: public; Owner: postgres
--

CREATE OPERATOR "public".<+> (
    FUNCTION = "int4pl",
    LEFTARG = integer,
    RIGHTARG = integer,
    COMMUTATOR = OPERATOR("public".<+>)
);


ALTER OPERATOR "public".<+> (integer, integer) OWNER TO "postgres";

--
-- Name: OPERATOR <+> (integer, integer); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON OPERATOR "public".<+> (integer, integer) IS 'plus; but longer';


--
-- Name: family; Type: OPERATOR FAMILY; Schema: private; Owner: postgres
--

CREATE OPERATOR FAMILY "private"."family" USING "btree";


ALTER OPERATOR FAMILY "private"."family" USING "btree" OWNER TO "postgres";

--
-- Name: backwards; Type: OPERATOR CLASS; Schema: private; Owner: postgres
--

CREATE OPERATOR CLASS "private"."backwards"
    FOR TYPE integer USING "btree" FAMILY "private"."family" AS
    OPERATOR 1 >(integer,integer) ,
    OPERATOR 2 >=(integer,integer) ,
    OPERATOR 3 =(integer,integer) ,
    OPERATOR 4 <=(integer,integer) ,
    OPERATOR 5 <(integer,integer) ,
    FUNCTION 1 (integer, integer) "btint4cmp"(integer,integer);


ALTER OPERATOR CLASS "private"."backwards" USING "btree" OWNER TO "postgres";

--
-- Name: latin; Type: CONVERSION; Schema: private; Owner: postgres
--

CREATE CONVERSION "private"."latin" FOR 'LATIN1' TO 'UTF8' FROM "iso8859_1_to_utf8";


ALTER CONVERSION "private"."latin" OWNER TO "postgres";

--
-- Name: simple_en; Type: TEXT SEARCH DICTIONARY; Schema: public; Owner: postgres
--

CREATE TEXT SEARCH DICTIONARY "public"."simple_en" (
    TEMPLATE = "pg_catalog"."simple",
    accept = 'false' );


ALTER TEXT SEARCH DICTIONARY "public"."simple_en" OWNER TO "postgres";

--
-- Name: plain; Type: TEXT SEARCH CONFIGURATION; Schema: public; Owner: postgres
--

CREATE TEXT SEARCH CONFIGURATION "public"."plain" (
    PARSER = "pg_catalog"."default" );

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "asciiword" WITH "public"."simple_en", "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "word" WITH "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "numword" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "email" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "url" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "host" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "sfloat" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "version" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "hword_numpart" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "hword_part" WITH "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "hword_asciipart" WITH "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "numhword" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "asciihword" WITH "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "hword" WITH "english_stem";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "url_path" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "file" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "float" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "int" WITH "simple";

ALTER TEXT SEARCH CONFIGURATION "public"."plain"
    ADD MAPPING FOR "uint" WITH "simple";


ALTER TEXT SEARCH CONFIGURATION "public"."plain" OWNER TO "postgres";

--
-- Name: TEXT SEARCH CONFIGURATION "plain"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TEXT SEARCH CONFIGURATION "public"."plain" IS 'plain; and simple';


--
-- Name: nothing; Type: FOREIGN DATA WRAPPER; Schema: -; Owner: postgres
--

CREATE FOREIGN DATA WRAPPER "nothing" OPTIONS (
    "debug" 'true; "x"'
);


ALTER FOREIGN DATA WRAPPER "nothing" OWNER TO "postgres";

--
-- Name: elsewhere; Type: SERVER; Schema: -; Owner: postgres
--

CREATE SERVER "elsewhere" TYPE 'a;b' VERSION '1''2' FOREIGN DATA WRAPPER "nothing" OPTIONS (
    "Port" '5432',
    "host" 'h;'
);


ALTER SERVER "elsewhere" OWNER TO "postgres";

--
-- Name: USER MAPPING public SERVER elsewhere; Type: USER MAPPING; Schema: -; Owner: postgres
--

CREATE USER MAPPING FOR "public" SERVER "elsewhere" OPTIONS (
    "password" E'p;''q\\',
    "user" 'u'
);


--
-- Name: log_id_seq; Type: SEQUENCE; Schema: private; Owner: corpus"writer
--

ALTER TABLE "private"."log" ALTER COLUMN "id" ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME "private"."log_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: awkward; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."awkward" (
    "id" integer NOT NULL,
    "t" "text",
    "b" "bytea",
    "a" "text"[],
    "j" json,
    "f" double precision,
    "n" numeric,
    "i" interval
);


ALTER TABLE "public"."awkward" OWNER TO "postgres";

--
-- Name: parent; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."parent" (
    "a" integer DEFAULT 3 NOT NULL,
    "b" "text",
    CONSTRAINT "parent_b_check" CHECK (("b" <> ''::"text"))
);


ALTER TABLE "public"."parent" OWNER TO "postgres";

--
-- Name: child; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."child" (
    "b" "text" DEFAULT 'child'::"text",
    "c" "date"
)
INHERITS ("public"."parent");


ALTER TABLE "public"."child" OWNER TO "postgres";

--
-- Name: counter; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE "public"."counter"
    START WITH 7
    INCREMENT BY 5
    MINVALUE -100
    MAXVALUE 1000
    CACHE 3
    CYCLE;


ALTER SEQUENCE "public"."counter" OWNER TO "postgres";

--
-- Name: hashed; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."hashed" (
    "id" integer,
    "t" "text"
)
PARTITION BY HASH ("id");


ALTER TABLE "public"."hashed" OWNER TO "postgres";

--
-- Name: hashed_0; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."hashed_0" (
    "id" integer,
    "t" "text"
);


ALTER TABLE "public"."hashed_0" OWNER TO "postgres";

--
-- Name: hashed_1; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."hashed_1" (
    "id" integer,
    "t" "text"
);


ALTER TABLE "public"."hashed_1" OWNER TO "postgres";

--
-- Name: later; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW "public"."later" AS
 SELECT 1 AS "one"
  WITH NO DATA;


ALTER MATERIALIZED VIEW "public"."later" OWNER TO "postgres";

--
-- Name: measures; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."measures" (
    "day" "date" NOT NULL,
    "place" "text" NOT NULL,
    "value" double precision
)
PARTITION BY RANGE ("day");


ALTER TABLE "public"."measures" OWNER TO "postgres";

--
-- Name: measures_2020; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."measures_2020" (
    "day" "date" CONSTRAINT "measures_day_not_null" NOT NULL,
    "place" "text" CONSTRAINT "measures_place_not_null" NOT NULL,
    "value" double precision
)
PARTITION BY LIST ("place");


ALTER TABLE "public"."measures_2020" OWNER TO "postgres";

--
-- Name: measures_2020 a;b; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."measures_2020 a;b" (
    "day" "date" CONSTRAINT "measures_day_not_null" NOT NULL,
    "place" "text" CONSTRAINT "measures_place_not_null" NOT NULL,
    "value" double precision
);


ALTER TABLE "public"."measures_2020 a;b" OWNER TO "postgres";

--
-- Name: measures_2020_rest; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."measures_2020_rest" (
    "day" "date" CONSTRAINT "measures_day_not_null" NOT NULL,
    "place" "text" CONSTRAINT "measures_place_not_null" NOT NULL,
    "value" double precision
);


ALTER TABLE "public"."measures_2020_rest" OWNER TO "postgres";

--
-- Name: measures_old; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."measures_old" (
    "day" "date" CONSTRAINT "measures_day_not_null" NOT NULL,
    "place" "text" CONSTRAINT "measures_place_not_null" NOT NULL,
    "value" double precision DEFAULT 0
);


ALTER TABLE "public"."measures_old" OWNER TO "postgres";

--
-- Name: only;; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."only;" (
);


ALTER TABLE "public"."only;" OWNER TO "postgres";

--
-- Name: posts; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."posts" (
    "id" integer NOT NULL,
    "author" bigint,
    "reply_to" integer,
    "body" "text"
);

ALTER TABLE ONLY "public"."posts" FORCE ROW LEVEL SECURITY;


ALTER TABLE "public"."posts" OWNER TO "postgres";

--
-- Name: posts_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE "public"."posts_id_seq"
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE "public"."posts_id_seq" OWNER TO "postgres";

--
-- Name: posts_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE "public"."posts_id_seq" OWNED BY "public"."posts"."id";


--
-- Name: remote; Type: FOREIGN TABLE; Schema: public; Owner: postgres
--

CREATE FOREIGN TABLE "public"."remote" (
    "a" integer NOT NULL,
    "b" "text"
)
SERVER "elsewhere"
OPTIONS (
    "table_name" 'it''s'
);
ALTER FOREIGN TABLE ONLY "public"."remote" ALTER COLUMN "a" OPTIONS (
    "column_name" 'a;b'
);


ALTER FOREIGN TABLE "public"."remote" OWNER TO "postgres";

--
-- Name: users; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."users" (
    "id" bigint NOT NULL,
    "uuid" "uuid" DEFAULT "gen_random_uuid"() NOT NULL,
    "Name; with "" quotes" "text" DEFAULT 'it''s; \ "x"'::"text" NOT NULL,
    "mail" "public"."email",
    "mood" "public"."mood" DEFAULT 'o''k'::"public"."mood",
    "pair" "private"."pair",
    "span" "public"."span",
    "spans" "public"."spans",
    "tags" "text"[] DEFAULT ARRAY['a;b'::"text", 'c"d'::"text", NULL::"text"] NOT NULL,
    "matrix" integer[],
    "data" "jsonb" DEFAULT '{"a": ";", "b": [1, null, "\\\""]}'::"jsonb",
    "raw" "bytea",
    "attributes" "public"."hstore",
    "share" "private"."percent" DEFAULT 50,
    "price" numeric(10,2),
    "doubled" numeric GENERATED ALWAYS AS (("price" * (2)::numeric)) STORED,
    "changed" timestamp with time zone DEFAULT '2000-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    "duration" interval,
    "address" "inet",
    "bits" bit varying(5) DEFAULT '101'::"bit",
    "xml" "text" COLLATE "public"."german",
    "vector" "tsvector" GENERATED ALWAYS AS ("to_tsvector"('"simple"'::"regconfig", "Name; with "" quotes")) STORED,
    "during" "tstzrange",
    CONSTRAINT "users_price_check" CHECK (("price" >= (0)::numeric)) NO INHERIT
)
WITH ("fillfactor"='70', "autovacuum_enabled"='false', toast."autovacuum_enabled"='false');
ALTER TABLE ONLY "public"."users" ALTER COLUMN "data" SET STATISTICS 500;
ALTER TABLE ONLY "public"."users" ALTER COLUMN "raw" SET STORAGE EXTERNAL;
ALTER TABLE ONLY "public"."users" ALTER COLUMN "xml" SET COMPRESSION pglz;
ALTER TABLE ONLY "public"."users" ALTER COLUMN "xml" SET (n_distinct=-0.5);


ALTER TABLE "public"."users" OWNER TO "postgres";

--
-- Name: TABLE "users"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE "public"."users" IS 'Users;
\. on a line of its own:
\.
-- the end';


--
-- Name: COLUMN "users"."Name; with "" quotes"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN "public"."users"."Name; with "" quotes" IS '$$;$$';


--
-- Name: shown; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW "public"."shown" WITH ("security_barrier"='true') AS
 SELECT "id",
    "Name; with "" quotes" AS "name",
    ';'::"text" AS "semi;colon"
   FROM "public"."users"
  WHERE ("price" > (0)::numeric)
  WITH LOCAL CHECK OPTION;


ALTER VIEW "public"."shown" OWNER TO "postgres";

--
-- Name: VIEW "shown"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW "public"."shown" IS 'a view';


--
-- Name: small; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE "public"."small"
    AS smallint
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER SEQUENCE "public"."small" OWNER TO "postgres";

--
-- Name: small; Type: SEQUENCE OWNED BY; Schema: public; Owner: postgres
--

ALTER SEQUENCE "public"."small" OWNED BY "public"."posts"."body";


--
-- Name: totals; Type: MATERIALIZED VIEW; Schema: public; Owner: postgres
--

CREATE MATERIALIZED VIEW "public"."totals" AS
 SELECT "author",
    "count"(*) AS "posts",
    "public"."joined"("body") AS "bodies"
   FROM "public"."posts"
  GROUP BY "author"
  WITH NO DATA;


ALTER MATERIALIZED VIEW "public"."totals" OWNER TO "postgres";

--
-- Name: tree; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW "public"."tree" AS
 WITH RECURSIVE "tree"("n", "path") AS (
         VALUES (1,'a'::"text")
        UNION ALL
         SELECT ("tree_1"."n" + 1),
            ("tree_1"."path" || ';'::"text")
           FROM "tree" "tree_1"
          WHERE ("tree_1"."n" < 3)
        )
 SELECT "n",
    "path"
   FROM "tree";


ALTER VIEW "public"."tree" OWNER TO "postgres";

--
-- Name: typed; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE "public"."typed" OF "private"."pair" (
    "one" DEFAULT 4 NOT NULL
);


ALTER TABLE "public"."typed" OWNER TO "postgres";

--
-- Name: users_id_seq; Type: SEQUENCE; Schema: public; Owner: postgres
--

ALTER TABLE "public"."users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME "public"."users_id_seq"
    START WITH 100
    INCREMENT BY 10
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: with_trigger; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW "public"."with_trigger" AS
 SELECT 1 AS "a",
    'x;'::"text" AS "b";


ALTER VIEW "public"."with_trigger" OWNER TO "postgres";

--
-- Name: 日本; 'x'; Type: TABLE; Schema: public; Owner: postgres
--

CREATE UNLOGGED TABLE "public"."日本; 'x'" (
    " leading" integer,
    "tab	" integer DEFAULT "nextval"('"public"."counter"'::"regclass"),
    "new
line" "text"
);


ALTER TABLE "public"."日本; 'x'" OWNER TO "postgres";

--
-- Name: hashed_0; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."hashed" ATTACH PARTITION "public"."hashed_0" FOR VALUES WITH (modulus 2, remainder 0);


--
-- Name: hashed_1; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."hashed" ATTACH PARTITION "public"."hashed_1" FOR VALUES WITH (modulus 2, remainder 1);


--
-- Name: measures_2020; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures" ATTACH PARTITION "public"."measures_2020" FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');


--
-- Name: measures_2020 a;b; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_2020" ATTACH PARTITION "public"."measures_2020 a;b" FOR VALUES IN ('a;b', 'it''s', 'tab	');


--
-- Name: measures_2020_rest; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_2020" ATTACH PARTITION "public"."measures_2020_rest" DEFAULT;


--
-- Name: measures_old; Type: TABLE ATTACH; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures" ATTACH PARTITION "public"."measures_old" FOR VALUES FROM (MINVALUE) TO ('2020-01-01');


--
-- Name: child a; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."child" ALTER COLUMN "a" SET DEFAULT 3;


--
-- Name: posts id; Type: DEFAULT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."posts" ALTER COLUMN "id" SET DEFAULT "nextval"('"public"."posts_id_seq"'::"regclass");


--
-- Name: log log_pkey; Type: CONSTRAINT; Schema: private; Owner: corpus"writer
--

ALTER TABLE ONLY "private"."log"
    ADD CONSTRAINT "log_pkey" PRIMARY KEY ("id") INCLUDE ("message");


--
-- Name: awkward awkward_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."awkward"
    ADD CONSTRAINT "awkward_pkey" PRIMARY KEY ("id");


--
-- Name: measures measures_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures"
    ADD CONSTRAINT "measures_pkey" PRIMARY KEY ("day", "place");


--
-- Name: measures_2020 measures_2020_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_2020"
    ADD CONSTRAINT "measures_2020_pkey" PRIMARY KEY ("day", "place");


--
-- Name: measures_2020 a;b measures_2020 a;b_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_2020 a;b"
    ADD CONSTRAINT "measures_2020 a;b_pkey" PRIMARY KEY ("day", "place");


--
-- Name: measures_2020_rest measures_2020_rest_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_2020_rest"
    ADD CONSTRAINT "measures_2020_rest_pkey" PRIMARY KEY ("day", "place");


--
-- Name: measures_old measures_old_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."measures_old"
    ADD CONSTRAINT "measures_old_pkey" PRIMARY KEY ("day", "place");


--
-- Name: users no; overlap; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."users"
    ADD CONSTRAINT "no; overlap" EXCLUDE USING "gist" ("mood" WITH =, "during" WITH &&) WHERE (("during" IS NOT NULL)) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: CONSTRAINT "no; overlap" ON "users"; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON CONSTRAINT "no; overlap" ON "public"."users" IS 'c''est ça';


--
-- Name: posts posts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."posts"
    ADD CONSTRAINT "posts_pkey" PRIMARY KEY ("id");

ALTER TABLE "public"."posts" CLUSTER ON "posts_pkey";


--
-- Name: typed typed_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."typed"
    ADD CONSTRAINT "typed_pkey" PRIMARY KEY ("one");


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."users"
    ADD CONSTRAINT "users_pkey" PRIMARY KEY ("id");


--
-- Name: users users_uuid_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."users"
    ADD CONSTRAINT "users_uuid_key" UNIQUE ("uuid");

ALTER TABLE ONLY "public"."users" REPLICA IDENTITY USING INDEX "users_uuid_key";


--
-- Name: backwards; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "backwards" ON "public"."posts" USING "btree" ("id" "private"."backwards");


--
-- Name: brin; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "brin" ON "public"."posts" USING "brin" ("id") WITH ("pages_per_range"='16');


--
-- Name: expr; index; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "expr; index" ON "public"."users" USING "btree" ("lower"("Name; with "" quotes") DESC NULLS LAST, (("price" + (1)::numeric))) INCLUDE ("mood") WHERE (("price" > (0)::numeric) AND ("mood" <> 'sad'::"public"."mood"));


--
-- Name: measures_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_value_idx" ON ONLY "public"."measures" USING "btree" ("value");


--
-- Name: measures_2020_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_2020_value_idx" ON ONLY "public"."measures_2020" USING "btree" ("value");


--
-- Name: measures_2020 a;b_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_2020 a;b_value_idx" ON "public"."measures_2020 a;b" USING "btree" ("value");


--
-- Name: measures_2020_rest_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_2020_rest_value_idx" ON "public"."measures_2020_rest" USING "btree" ("value");


--
-- Name: measures_old_value_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "measures_old_value_idx" ON "public"."measures_old" USING "btree" ("value");


--
-- Name: posts_author_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX "posts_author_id_idx" ON "public"."posts" USING "btree" ("author", "id") NULLS NOT DISTINCT WITH ("fillfactor"='50');


--
-- Name: totals_author_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX "totals_author_idx" ON "public"."totals" USING "btree" ("author");


--
-- Name: trigrams; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "trigrams" ON "public"."posts" USING "gin" ("body" "private"."gin_trgm_ops");


--
-- Name: users_tags_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX "users_tags_idx" ON "public"."users" USING "gin" ("tags");


--
-- Name: measures_2020 a;b_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_2020_pkey" ATTACH PARTITION "public"."measures_2020 a;b_pkey";


--
-- Name: measures_2020 a;b_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_2020_value_idx" ATTACH PARTITION "public"."measures_2020 a;b_value_idx";


--
-- Name: measures_2020_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_pkey" ATTACH PARTITION "public"."measures_2020_pkey";


--
-- Name: measures_2020_rest_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_2020_pkey" ATTACH PARTITION "public"."measures_2020_rest_pkey";


--
-- Name: measures_2020_rest_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_2020_value_idx" ATTACH PARTITION "public"."measures_2020_rest_value_idx";


--
-- Name: measures_2020_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_value_idx" ATTACH PARTITION "public"."measures_2020_value_idx";


--
-- Name: measures_old_pkey; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_pkey" ATTACH PARTITION "public"."measures_old_pkey";


--
-- Name: measures_old_value_idx; Type: INDEX ATTACH; Schema: public; Owner: postgres
--

ALTER INDEX "public"."measures_value_idx" ATTACH PARTITION "public"."measures_old_value_idx";


--
-- Name: related; Type: STATISTICS; Schema: private; Owner: postgres
--

CREATE STATISTICS "private"."related" (ndistinct, dependencies) ON "id", "author" FROM "public"."posts";


ALTER STATISTICS "private"."related" OWNER TO "postgres";

--
-- Name: texts; Type: STATISTICS; Schema: public; Owner: postgres
--

CREATE STATISTICS "public"."texts" ON "lower"("body"), "length"("body") FROM "public"."posts";


ALTER STATISTICS "public"."texts" OWNER TO "postgres";

--
-- Name: only; nothing; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE "nothing" AS
    ON DELETE TO "public"."only;" DO INSTEAD NOTHING;
ALTER TABLE "public"."only;" DISABLE RULE "nothing";


--
-- Name: shown shown; insert; Type: RULE; Schema: public; Owner: postgres
--

CREATE RULE "shown; insert" AS
    ON INSERT TO "public"."shown" DO INSTEAD ( INSERT INTO "private"."log" ("message")
  VALUES (('a;'::"text" || "new"."name"));

 NOTIFY "shown", 'x;y';
);


--
-- Name: posts all; at once; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER "all; at once" AFTER INSERT ON "public"."posts" REFERENCING NEW TABLE AS "fresh" FOR EACH STATEMENT EXECUTE FUNCTION "public"."on_view"();

ALTER TABLE "public"."posts" DISABLE TRIGGER "all; at once";


--
-- Name: with_trigger instead_of; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER "instead_of" INSTEAD OF INSERT OR DELETE OR UPDATE ON "public"."with_trigger" FOR EACH ROW EXECUTE FUNCTION "public"."on_view"('it''s', ';', '\');


--
-- Name: posts later; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE CONSTRAINT TRIGGER "later" AFTER INSERT ON "public"."posts" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "public"."on_view"();


--
-- Name: users touch; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER "touch" BEFORE UPDATE OF "price", "mail" ON "public"."users" FOR EACH ROW WHEN (("old"."price" IS DISTINCT FROM "new"."price")) EXECUTE FUNCTION "private"."touch"();


--
-- Name: posts posts_author_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."posts"
    ADD CONSTRAINT "posts_author_fkey" FOREIGN KEY ("author") REFERENCES "public"."users"("id") ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;


--
-- Name: posts self; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY "public"."posts"
    ADD CONSTRAINT "self" FOREIGN KEY ("reply_to") REFERENCES "public"."posts"("id") MATCH FULL;


--
-- Name: posts everybody; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY "everybody" ON "public"."posts" FOR SELECT USING (true);


--
-- Name: users own; rows; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY "own; rows" ON "public"."users" AS RESTRICTIVE FOR UPDATE TO "corpus reader", "corpus""writer" USING (("mood" <> 'sad'::"public"."mood")) WITH CHECK ((("data" ->> 'a'::"text") <> ';'::"text"));


--
-- Name: posts; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE "public"."posts" ENABLE ROW LEVEL SECURITY;

--
-- Name: users; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE "public"."users" ENABLE ROW LEVEL SECURITY;

--
-- Name: everything; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION "everything" FOR ALL TABLES WITH (publish = 'insert, update');


ALTER PUBLICATION "everything" OWNER TO "postgres";

--
-- Name: schemas; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION "schemas" WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION "schemas" OWNER TO "postgres";

--
-- Name: some;; Type: PUBLICATION; Schema: -; Owner: postgres
--

CREATE PUBLICATION "some;" WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION "some;" OWNER TO "postgres";

--
-- Name: some; posts; Type: PUBLICATION TABLE; Schema: public; Owner: postgres
--

ALTER PUBLICATION "some;" ADD TABLE ONLY "public"."posts" ("id", "body") WHERE (("id" > 5));


--
-- Name: schemas private; Type: PUBLICATION TABLES IN SCHEMA; Schema: private; Owner: postgres
--

ALTER PUBLICATION "schemas" ADD TABLES IN SCHEMA "private";


--
-- Name: SCHEMA "private"; Type: ACL; Schema: -; Owner: postgres
--

GRANT USAGE ON SCHEMA "private" TO "corpus reader";


--
-- Name: TYPE "mood"; Type: ACL; Schema: public; Owner: postgres
--

GRANT ALL ON TYPE "public"."mood" TO "corpus reader";


--
-- Name: FUNCTION "twice"("n" integer); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION "public"."twice"("n" integer) FROM PUBLIC;
GRANT ALL ON FUNCTION "public"."twice"("n" integer) TO "corpus reader";


--
-- Name: SEQUENCE "counter"; Type: ACL; Schema: public; Owner: postgres
--

GRANT USAGE ON SEQUENCE "public"."counter" TO "corpus""writer";


--
-- Name: COLUMN "posts"."id"; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT("id") ON TABLE "public"."posts" TO "corpus""writer";


--
-- Name: COLUMN "posts"."body"; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT("body") ON TABLE "public"."posts" TO "corpus""writer";


--
-- Name: TABLE "users"; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,UPDATE ON TABLE "public"."users" TO "corpus reader" WITH GRANT OPTION;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: private; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "private" GRANT SELECT ON TABLES TO "corpus reader";


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- Name: watch; Type: EVENT TRIGGER; Schema: -; Owner: postgres
--

CREATE EVENT TRIGGER "watch" ON "ddl_command_end"
         WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
   EXECUTE FUNCTION "public"."on_ddl"();

ALTER EVENT TRIGGER "watch" DISABLE;


ALTER EVENT TRIGGER "watch" OWNER TO "postgres";

--
-- PostgreSQL database dump complete
--

\unrestrict 9gglzeKCkHgjnTSnU7Wdd2mEMH77N9rvsvcdyHXq6cPAgiMhavKdK2H8mRbNOEv

