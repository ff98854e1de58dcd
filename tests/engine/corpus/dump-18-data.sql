--
-- PostgreSQL database dump
--

\restrict WUEjLO24CAGVf8lM4I9wzjoJbEEhS6z14BH2ZmOLyNZfFdyzP0LF5uXH16Oodmx

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
-- Data for Name: log; Type: TABLE DATA; Schema: private; Owner: corpus"writer
--

SET SESSION AUTHORIZATION DEFAULT;

ALTER TABLE private.log DISABLE TRIGGER ALL;

COPY private.log (id, message, at) FROM stdin;
1	a	2000-01-01 00:00:00
2	\\.	2000-01-01 00:00:00
3	\N	2000-01-01 00:00:00
\.


ALTER TABLE private.log ENABLE TRIGGER ALL;

--
-- Data for Name: awkward; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.awkward DISABLE TRIGGER ALL;

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


ALTER TABLE public.awkward ENABLE TRIGGER ALL;

--
-- Data for Name: child; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.child DISABLE TRIGGER ALL;

COPY public.child (a, b, c) FROM stdin;
2	c	2020-01-01
\.


ALTER TABLE public.child ENABLE TRIGGER ALL;

--
-- Data for Name: hashed_0; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.hashed_0 DISABLE TRIGGER ALL;

COPY public.hashed_0 (id, t) FROM stdin;
1	\\1
2	\\2
\.


ALTER TABLE public.hashed_0 ENABLE TRIGGER ALL;

--
-- Data for Name: hashed_1; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.hashed_1 DISABLE TRIGGER ALL;

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


ALTER TABLE public.hashed_1 ENABLE TRIGGER ALL;

--
-- Data for Name: measures_2020 a;b; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public."measures_2020 a;b" DISABLE TRIGGER ALL;

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


ALTER TABLE public."measures_2020 a;b" ENABLE TRIGGER ALL;

--
-- Data for Name: measures_2020_rest; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.measures_2020_rest DISABLE TRIGGER ALL;

COPY public.measures_2020_rest (day, place, value) FROM stdin;
2020-01-04	x	5
2020-01-08	x	6.333333333333333
2020-01-12	x	7.666666666666667
2020-01-16	x	9
2020-01-20	x	10.333333333333334
2020-01-24	x	11.666666666666666
2020-01-28	x	13
\.


ALTER TABLE public.measures_2020_rest ENABLE TRIGGER ALL;

--
-- Data for Name: measures_old; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.measures_old DISABLE TRIGGER ALL;

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


ALTER TABLE public.measures_old ENABLE TRIGGER ALL;

--
-- Data for Name: only;; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public."only;" DISABLE TRIGGER ALL;

COPY public."only;"  FROM stdin;

\.


ALTER TABLE public."only;" ENABLE TRIGGER ALL;

--
-- Data for Name: parent; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.parent DISABLE TRIGGER ALL;

COPY public.parent (a, b) FROM stdin;
1	p
\.


ALTER TABLE public.parent ENABLE TRIGGER ALL;

--
-- Data for Name: users; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.users DISABLE TRIGGER ALL;

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


ALTER TABLE public.users ENABLE TRIGGER ALL;

--
-- Data for Name: posts; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.posts DISABLE TRIGGER ALL;

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


ALTER TABLE public.posts ENABLE TRIGGER ALL;

--
-- Data for Name: typed; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public.typed DISABLE TRIGGER ALL;

COPY public.typed (one, "Two; ") FROM stdin;
1	typed;
\.


ALTER TABLE public.typed ENABLE TRIGGER ALL;

--
-- Data for Name: 日本; 'x'; Type: TABLE DATA; Schema: public; Owner: postgres
--

ALTER TABLE public."日本; 'x'" DISABLE TRIGGER ALL;

COPY public."日本; 'x'" (" leading", "tab	", "new
line") FROM stdin;
1	2	line\nline
\N	17	\N
\.


ALTER TABLE public."日本; 'x'" ENABLE TRIGGER ALL;

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
-- Name: LARGE OBJECT 4242; Type: ACL; Schema: -; Owner: postgres
--

GRANT SELECT ON LARGE OBJECT 4242 TO "corpus reader";


--
-- PostgreSQL database dump complete
--

\unrestrict WUEjLO24CAGVf8lM4I9wzjoJbEEhS6z14BH2ZmOLyNZfFdyzP0LF5uXH16Oodmx

