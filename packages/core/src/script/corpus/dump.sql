--
-- PostgreSQL database dump
--

\restrict Xj2kPq

-- Dumped from database version 18.0
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
begin
  new.updated_at := now(); -- $1; $$
  return new;
end;
$_$;

CREATE FUNCTION public.twice(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (a > 0) THEN (a * 2)
             ELSE 0
         END AS "case";
END;

CREATE TABLE public.film (
    id bigint NOT NULL,
    title text DEFAULT 'Untitled; draft'::text NOT NULL,
    "odd ; name" text[] DEFAULT '{}'::text[]
);

COMMENT ON TABLE public.film IS 'It''s a table; really';

COPY public.film (id, title, "odd ; name") FROM stdin;
1	Académie; d'Échecs	{}
2	back\\slash	\N
3	\\.	{"a;b"}
\.


COPY public.empty (id) FROM stdin;
\.


SELECT pg_catalog.setval('public.film_id_seq', 3, true);

ALTER TABLE ONLY public.film
    ADD CONSTRAINT film_pkey PRIMARY KEY (id);

CREATE RULE film_log AS
    ON INSERT TO public.film DO ( INSERT INTO public.log (id)
  VALUES (new.id);
 NOTIFY film;
);

\unrestrict Xj2kPq

