--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = off;
SET check_function_bodies = false;
SET client_min_messages = warning;
SET escape_string_warning = off;

CREATE TYPE mpaa_rating AS ENUM ('G', 'PG', 'PG-13', 'R', 'NC-17');
CREATE DOMAIN year AS integer
	CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));

CREATE FUNCTION _group_concat(text, text) RETURNS text
    AS $_$
SELECT CASE
  WHEN $2 IS NULL THEN $1
  WHEN $1 IS NULL THEN $2
  ELSE $1 || ', ' || $2
END
$_$
    LANGUAGE sql IMMUTABLE;

CREATE AGGREGATE group_concat(text) (
    SFUNC = _group_concat,
    STYPE = text
);

CREATE TABLE actor (
    actor_id integer NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    last_update timestamp without time zone DEFAULT '2006-02-15 04:34:33' NOT NULL
);
CREATE TABLE film (
    film_id integer NOT NULL,
    title text NOT NULL,
    description text DEFAULT 'a\'b\\c; \"d\"',
    release_year year,
    length smallint,
    rating mpaa_rating DEFAULT 'G'::mpaa_rating,
    special_features text[],
    fulltext tsvector NOT NULL
);
CREATE TABLE film_actor (actor_id integer NOT NULL, film_id integer NOT NULL);
CREATE TABLE payment (payment_id serial, amount numeric(5,2) NOT NULL, payment_date timestamp NOT NULL);
CREATE TABLE payment_p2007_01 (CONSTRAINT p CHECK (payment_date < '2007-02-01')) INHERITS (payment);
CREATE RULE payment_insert_p2007_01 AS ON INSERT TO payment WHERE (new.payment_date < '2007-02-01'::timestamp)
  DO INSTEAD INSERT INTO payment_p2007_01 (payment_id, amount, payment_date) VALUES (DEFAULT, new.amount, new.payment_date);
CREATE VIEW actor_info AS SELECT a.actor_id, a.first_name || ' ' || a.last_name AS name,
  group_concat(DISTINCT f.title) AS films FROM actor a LEFT JOIN film_actor USING (actor_id) LEFT JOIN film f USING (film_id)
  GROUP BY a.actor_id, a.first_name, a.last_name;

CREATE FUNCTION film_in_stock(p_film_id integer, OUT p_film_count integer) RETURNS SETOF integer
    AS '
    SELECT count(*)::int FROM film WHERE film_id = \$1; -- it\'s; quoted the old way
'
    LANGUAGE sql;

COPY actor (actor_id, first_name, last_name, last_update) FROM stdin;
1	ZERO	LOLLOBRIGIDA	2006-02-15 09:34:01
2	UMA	WAHLBERG	2006-02-15 09:34:02
3	ED	TORN	2006-02-15 09:34:03
4	JENNIFER	BERRY	2006-02-15 09:34:04
5	BOB	WAHLBERG	2006-02-15 09:34:05
6	HELEN	MOSTEL	2006-02-15 09:34:06
7	NICK	CHASE	2006-02-15 09:34:07
8	VIVIEN	BERGEN	2006-02-15 09:34:08
9	ED	JOHANSSON	2006-02-15 09:34:09
10	ED	TORN	2006-02-15 09:34:10
11	VIVIEN	WAHLBERG	2006-02-15 09:34:11
12	BOB	DAVIS	2006-02-15 09:34:12
13	MATTHEW	FAWCETT	2006-02-15 09:34:13
14	NICK	FAWCETT	2006-02-15 09:34:14
15	BOB	WOOD	2006-02-15 09:34:15
16	NICK	JOHANSSON	2006-02-15 09:34:16
17	NICK	TORN	2006-02-15 09:34:17
18	JOHNNY	GABLE	2006-02-15 09:34:18
19	VIVIEN	LOLLOBRIGIDA	2006-02-15 09:34:19
20	DAN	DAVIS	2006-02-15 09:34:20
21	BOB	GABLE	2006-02-15 09:34:21
22	DAN	NICHOLSON	2006-02-15 09:34:22
23	JENNIFER	FAWCETT	2006-02-15 09:34:23
24	BOB	MOSTEL	2006-02-15 09:34:24
25	KARL	DAVIS	2006-02-15 09:34:25
26	DAN	CHASE	2006-02-15 09:34:26
27	BOB	WAHLBERG	2006-02-15 09:34:27
28	LUCILLE	MOSTEL	2006-02-15 09:34:28
29	FRED	TORN	2006-02-15 09:34:29
30	VIVIEN	CAGE	2006-02-15 09:34:30
31	CUBA	FAWCETT	2006-02-15 09:34:31
32	CUBA	BERRY	2006-02-15 09:34:32
33	CHRISTIAN	JOHANSSON	2006-02-15 09:34:33
34	BETTE	JOHANSSON	2006-02-15 09:34:34
35	ED	FAWCETT	2006-02-15 09:34:35
36	CHRISTIAN	VOIGHT	2006-02-15 09:34:36
37	FRED	CAGE	2006-02-15 09:34:37
38	CUBA	GABLE	2006-02-15 09:34:38
39	LUCILLE	CHASE	2006-02-15 09:34:39
40	JENNIFER	VOIGHT	2006-02-15 09:34:40
41	VIVIEN	NICHOLSON	2006-02-15 09:34:41
42	ZERO	LOLLOBRIGIDA	2006-02-15 09:34:42
43	FRED	BERGEN	2006-02-15 09:34:43
44	NICK	CHASE	2006-02-15 09:34:44
45	DAN	FAWCETT	2006-02-15 09:34:45
46	ZERO	CAGE	2006-02-15 09:34:46
47	KARL	TRACY	2006-02-15 09:34:47
48	FRED	FAWCETT	2006-02-15 09:34:48
49	CUBA	CHASE	2006-02-15 09:34:49
50	ED	SWANK	2006-02-15 09:34:50
51	FRED	CHASE	2006-02-15 09:34:51
52	NICK	GABLE	2006-02-15 09:34:52
53	BOB	OLIVIER	2006-02-15 09:34:53
54	CHRISTIAN	WOOD	2006-02-15 09:34:54
55	KARL	GUINESS	2006-02-15 09:34:55
56	CUBA	BERRY	2006-02-15 09:34:56
57	BETTE	TRACY	2006-02-15 09:34:57
58	JENNIFER	COSTNER	2006-02-15 09:34:58
59	NICK	MOSTEL	2006-02-15 09:34:59
60	CHRISTIAN	LOLLOBRIGIDA	2006-02-15 09:34:00
61	MATTHEW	WOOD	2006-02-15 09:34:01
62	UMA	COSTNER	2006-02-15 09:34:02
63	ED	NICHOLSON	2006-02-15 09:34:03
64	CUBA	WOOD	2006-02-15 09:34:04
65	DAN	SWANK	2006-02-15 09:34:05
66	JOHNNY	BERGEN	2006-02-15 09:34:06
67	DAN	SWANK	2006-02-15 09:34:07
68	VIVIEN	BERRY	2006-02-15 09:34:08
69	UMA	JOHANSSON	2006-02-15 09:34:09
70	JOHNNY	CHASE	2006-02-15 09:34:10
71	BETTE	LOLLOBRIGIDA	2006-02-15 09:34:11
72	MATTHEW	JOHANSSON	2006-02-15 09:34:12
73	PENELOPE	COSTNER	2006-02-15 09:34:13
74	BOB	NICHOLSON	2006-02-15 09:34:14
75	JOE	GABLE	2006-02-15 09:34:15
76	PENELOPE	LOLLOBRIGIDA	2006-02-15 09:34:16
77	VIVIEN	TORN	2006-02-15 09:34:17
78	KARL	TRACY	2006-02-15 09:34:18
79	BOB	CAGE	2006-02-15 09:34:19
80	JOHNNY	VOIGHT	2006-02-15 09:34:20
81	LUCILLE	WAHLBERG	2006-02-15 09:34:21
82	CUBA	TORN	2006-02-15 09:34:22
83	UMA	WOOD	2006-02-15 09:34:23
84	UMA	WOOD	2006-02-15 09:34:24
85	JENNIFER	COSTNER	2006-02-15 09:34:25
86	UMA	WAHLBERG	2006-02-15 09:34:26
87	GRACE	CHASE	2006-02-15 09:34:27
88	GRACE	OLIVIER	2006-02-15 09:34:28
89	BETTE	DAVIS	2006-02-15 09:34:29
90	ZERO	TRACY	2006-02-15 09:34:30
91	NICK	DAVIS	2006-02-15 09:34:31
92	PENELOPE	FAWCETT	2006-02-15 09:34:32
93	JOHNNY	TORN	2006-02-15 09:34:33
94	JENNIFER	BERRY	2006-02-15 09:34:34
95	LUCILLE	GUINESS	2006-02-15 09:34:35
96	ED	MOSTEL	2006-02-15 09:34:36
97	LUCILLE	WOOD	2006-02-15 09:34:37
98	JOHNNY	SWANK	2006-02-15 09:34:38
99	KARL	TRACY	2006-02-15 09:34:39
100	KARL	COSTNER	2006-02-15 09:34:40
101	JENNIFER	DAVIS	2006-02-15 09:34:41
102	FRED	OLIVIER	2006-02-15 09:34:42
103	FRED	COSTNER	2006-02-15 09:34:43
104	CHRISTIAN	CHASE	2006-02-15 09:34:44
105	JOHNNY	DAVIS	2006-02-15 09:34:45
106	ZERO	SWANK	2006-02-15 09:34:46
107	FRED	NICHOLSON	2006-02-15 09:34:47
108	HELEN	GUINESS	2006-02-15 09:34:48
109	GRACE	VOIGHT	2006-02-15 09:34:49
110	KARL	LOLLOBRIGIDA	2006-02-15 09:34:50
111	DAN	GUINESS	2006-02-15 09:34:51
112	HELEN	GABLE	2006-02-15 09:34:52
113	ED	SWANK	2006-02-15 09:34:53
114	HELEN	BERRY	2006-02-15 09:34:54
115	BETTE	BERRY	2006-02-15 09:34:55
116	MATTHEW	TORN	2006-02-15 09:34:56
117	DAN	VOIGHT	2006-02-15 09:34:57
118	ZERO	JOHANSSON	2006-02-15 09:34:58
119	LUCILLE	MOSTEL	2006-02-15 09:34:59
120	MATTHEW	WOOD	2006-02-15 09:34:00
121	MATTHEW	MOSTEL	2006-02-15 09:34:01
122	HELEN	COSTNER	2006-02-15 09:34:02
123	KARL	GUINESS	2006-02-15 09:34:03
124	PENELOPE	SWANK	2006-02-15 09:34:04
125	FRED	SWANK	2006-02-15 09:34:05
126	GRACE	TRACY	2006-02-15 09:34:06
127	KARL	OLIVIER	2006-02-15 09:34:07
128	KARL	BERRY	2006-02-15 09:34:08
129	ED	JOHANSSON	2006-02-15 09:34:09
130	JENNIFER	JOHANSSON	2006-02-15 09:34:10
131	FRED	MOSTEL	2006-02-15 09:34:11
132	ZERO	MOSTEL	2006-02-15 09:34:12
133	FRED	TRACY	2006-02-15 09:34:13
134	LUCILLE	GUINESS	2006-02-15 09:34:14
135	FRED	BERRY	2006-02-15 09:34:15
136	ED	DAVIS	2006-02-15 09:34:16
137	UMA	MOSTEL	2006-02-15 09:34:17
138	FRED	NICHOLSON	2006-02-15 09:34:18
139	VIVIEN	CAGE	2006-02-15 09:34:19
140	ED	WOOD	2006-02-15 09:34:20
141	CUBA	WOOD	2006-02-15 09:34:21
142	ED	NICHOLSON	2006-02-15 09:34:22
143	BETTE	LOLLOBRIGIDA	2006-02-15 09:34:23
144	PENELOPE	LOLLOBRIGIDA	2006-02-15 09:34:24
145	BOB	OLIVIER	2006-02-15 09:34:25
146	JOHNNY	TRACY	2006-02-15 09:34:26
147	LUCILLE	COSTNER	2006-02-15 09:34:27
148	KARL	LOLLOBRIGIDA	2006-02-15 09:34:28
149	DAN	TORN	2006-02-15 09:34:29
150	JOHNNY	GUINESS	2006-02-15 09:34:30
151	PENELOPE	DAVIS	2006-02-15 09:34:31
152	HELEN	LOLLOBRIGIDA	2006-02-15 09:34:32
153	VIVIEN	MOSTEL	2006-02-15 09:34:33
154	GRACE	GUINESS	2006-02-15 09:34:34
155	JOE	MOSTEL	2006-02-15 09:34:35
156	CHRISTIAN	VOIGHT	2006-02-15 09:34:36
157	MATTHEW	FAWCETT	2006-02-15 09:34:37
158	ZERO	SWANK	2006-02-15 09:34:38
159	DAN	BERGEN	2006-02-15 09:34:39
160	JOHNNY	WAHLBERG	2006-02-15 09:34:40
161	KARL	OLIVIER	2006-02-15 09:34:41
162	BOB	VOIGHT	2006-02-15 09:34:42
163	VIVIEN	VOIGHT	2006-02-15 09:34:43
164	JOHNNY	TORN	2006-02-15 09:34:44
165	JOHNNY	VOIGHT	2006-02-15 09:34:45
166	HELEN	GUINESS	2006-02-15 09:34:46
167	CUBA	NICHOLSON	2006-02-15 09:34:47
168	LUCILLE	GUINESS	2006-02-15 09:34:48
169	JOHNNY	NICHOLSON	2006-02-15 09:34:49
170	JOHNNY	COSTNER	2006-02-15 09:34:50
171	LUCILLE	DAVIS	2006-02-15 09:34:51
172	DAN	WAHLBERG	2006-02-15 09:34:52
173	ZERO	VOIGHT	2006-02-15 09:34:53
174	HELEN	TORN	2006-02-15 09:34:54
175	FRED	DAVIS	2006-02-15 09:34:55
176	DAN	WAHLBERG	2006-02-15 09:34:56
177	MATTHEW	MOSTEL	2006-02-15 09:34:57
178	JOE	WAHLBERG	2006-02-15 09:34:58
179	JENNIFER	VOIGHT	2006-02-15 09:34:59
180	CUBA	TORN	2006-02-15 09:34:00
181	PENELOPE	CHASE	2006-02-15 09:34:01
182	CUBA	CAGE	2006-02-15 09:34:02
183	LUCILLE	VOIGHT	2006-02-15 09:34:03
184	LUCILLE	VOIGHT	2006-02-15 09:34:04
185	GRACE	SWANK	2006-02-15 09:34:05
186	CUBA	VOIGHT	2006-02-15 09:34:06
187	DAN	COSTNER	2006-02-15 09:34:07
188	HELEN	JOHANSSON	2006-02-15 09:34:08
189	HELEN	SWANK	2006-02-15 09:34:09
190	DAN	MOSTEL	2006-02-15 09:34:10
191	CUBA	LOLLOBRIGIDA	2006-02-15 09:34:11
192	VIVIEN	DAVIS	2006-02-15 09:34:12
193	UMA	OLIVIER	2006-02-15 09:34:13
194	ZERO	CHASE	2006-02-15 09:34:14
195	MATTHEW	BERGEN	2006-02-15 09:34:15
196	ED	MOSTEL	2006-02-15 09:34:16
197	CHRISTIAN	DAVIS	2006-02-15 09:34:17
198	JOHNNY	BERRY	2006-02-15 09:34:18
199	JOHNNY	SWANK	2006-02-15 09:34:19
200	JOHNNY	OLIVIER	2006-02-15 09:34:20
\.


COPY film (film_id, title, description, release_year, length, rating, special_features, fulltext) FROM stdin;
1	JOHANSSON JENNIFER	Back\\slash	1991	51	R	{"Behind the Scenes"}	'johansson':1
2	JOHANSSON BETTE	\N	1992	52	R	\N	'johansson':1
3	CAGE VIVIEN	Tab\there	1993	53	PG-13	{}	'cage':1
4	CHASE KARL	A Epic Drama of a Feminist; And a Mad Scientist	1994	54	PG-13	\N	'chase':1
5	OLIVIER PENELOPE	Back\\slash	1995	55	PG-13	{}	'olivier':1
6	VOIGHT ED	A Epic Drama of a Feminist; And a Mad Scientist	1996	56	PG	{Trailers,"Deleted Scenes"}	'voight':1
7	CHASE JOE	Two\nlines	1997	57	G	{"Behind the Scenes"}	'chase':1
8	SWANK JOHNNY	Back\\slash	1998	58	\N	{}	'swank':1
9	WOOD JOHNNY	Académie d'Échecs	1999	59	NC-17	\N	'wood':1
10	CAGE ED	Two\nlines	2000	60	G	{"Behind the Scenes"}	'cage':1
11	BERGEN ED	Two\nlines	2001	61	G	{Trailers,"Deleted Scenes"}	'bergen':1
12	SWANK ED	Académie d'Échecs	2002	62	PG	{Trailers,"Deleted Scenes"}	'swank':1
13	SWANK JENNIFER	Back\\slash	2003	63	G	{}	'swank':1
14	TORN VIVIEN	Two\nlines	2004	64	NC-17	{"Behind the Scenes"}	'torn':1
15	WAHLBERG HELEN	\N	2005	65	PG	{Trailers,"Deleted Scenes"}	'wahlberg':1
16	NICHOLSON JOE	A Epic Drama of a Feminist; And a Mad Scientist	2006	66	PG	{"Behind the Scenes"}	'nicholson':1
17	GABLE CHRISTIAN	Académie d'Échecs	2007	67	PG	{}	'gable':1
18	OLIVIER HELEN	\N	2008	68	PG	{}	'olivier':1
19	BERRY PENELOPE	Two\nlines	2009	69	G	{Trailers,"Deleted Scenes"}	'berry':1
20	GUINESS HELEN	Académie d'Échecs	2010	70	PG	\N	'guiness':1
21	JOHANSSON CUBA	A Epic Drama of a Feminist; And a Mad Scientist	2011	71	\N	\N	'johansson':1
22	COSTNER DAN	Back\\slash	2012	72	NC-17	{}	'costner':1
23	MOSTEL MATTHEW	Two\nlines	2013	73	PG	{"Behind the Scenes"}	'mostel':1
24	WOOD KARL	A Epic Drama of a Feminist; And a Mad Scientist	2014	74	PG	{Trailers,"Deleted Scenes"}	'wood':1
25	CHASE JOE	Back\\slash	2015	75	PG	{Trailers,"Deleted Scenes"}	'chase':1
26	CHASE UMA	Académie d'Échecs	2016	76	\N	{}	'chase':1
27	TRACY MATTHEW	\N	2017	77	PG-13	{Trailers,"Deleted Scenes"}	'tracy':1
28	OLIVIER BETTE	Tab\there	2018	78	PG-13	\N	'olivier':1
29	GUINESS JOE	Two\nlines	2019	79	PG-13	{}	'guiness':1
30	JOHANSSON NICK	Two\nlines	1990	80	PG	{}	'johansson':1
31	NICHOLSON PENELOPE	Two\nlines	1991	81	R	{Trailers,"Deleted Scenes"}	'nicholson':1
32	COSTNER JOE	Académie d'Échecs	1992	82	\N	{"Behind the Scenes"}	'costner':1
33	JOHANSSON HELEN	A Epic Drama of a Feminist; And a Mad Scientist	1993	83	G	{}	'johansson':1
34	CHASE JOHNNY	Back\\slash	1994	84	NC-17	{Trailers,"Deleted Scenes"}	'chase':1
35	WOOD PENELOPE	Two\nlines	1995	85	PG-13	{"Behind the Scenes"}	'wood':1
36	CHASE BOB	Académie d'Échecs	1996	86	PG	\N	'chase':1
37	CAGE FRED	Tab\there	1997	87	PG-13	{"Behind the Scenes"}	'cage':1
38	WAHLBERG HELEN	\N	1998	88	R	{"Behind the Scenes"}	'wahlberg':1
39	VOIGHT HELEN	Académie d'Échecs	1999	89	G	{"Behind the Scenes"}	'voight':1
40	CHASE PENELOPE	A Epic Drama of a Feminist; And a Mad Scientist	2000	90	PG	{}	'chase':1
41	DAVIS UMA	Back\\slash	2001	91	NC-17	{Trailers,"Deleted Scenes"}	'davis':1
42	GUINESS DAN	\N	2002	92	PG	\N	'guiness':1
43	SWANK PENELOPE	Back\\slash	2003	93	G	{Trailers,"Deleted Scenes"}	'swank':1
44	VOIGHT ED	\N	2004	94	\N	\N	'voight':1
45	SWANK ED	Two\nlines	2005	95	PG	{"Behind the Scenes"}	'swank':1
46	JOHANSSON CUBA	Back\\slash	2006	96	R	{Trailers,"Deleted Scenes"}	'johansson':1
47	COSTNER CHRISTIAN	A Epic Drama of a Feminist; And a Mad Scientist	2007	97	NC-17	{"Behind the Scenes"}	'costner':1
48	CHASE LUCILLE	Tab\there	2008	98	PG-13	{}	'chase':1
49	GABLE LUCILLE	Académie d'Échecs	2009	99	PG	{Trailers,"Deleted Scenes"}	'gable':1
50	COSTNER NICK	Back\\slash	2010	100	PG-13	{Trailers,"Deleted Scenes"}	'costner':1
51	MOSTEL FRED	Two\nlines	2011	101	\N	{}	'mostel':1
52	OLIVIER CUBA	Back\\slash	2012	102	G	{"Behind the Scenes"}	'olivier':1
53	GABLE ED	Back\\slash	2013	103	G	{}	'gable':1
54	OLIVIER ED	Académie d'Échecs	2014	104	R	{}	'olivier':1
55	WOOD GRACE	Tab\there	2015	105	G	{Trailers,"Deleted Scenes"}	'wood':1
56	LOLLOBRIGIDA HELEN	Two\nlines	2016	106	PG-13	{"Behind the Scenes"}	'lollobrigida':1
57	TRACY HELEN	Two\nlines	2017	107	G	{}	'tracy':1
58	JOHANSSON FRED	Back\\slash	2018	108	R	{Trailers,"Deleted Scenes"}	'johansson':1
59	NICHOLSON PENELOPE	Back\\slash	2019	109	\N	\N	'nicholson':1
60	WOOD CHRISTIAN	\N	1990	110	PG	\N	'wood':1
61	BERRY UMA	Two\nlines	1991	111	G	{}	'berry':1
62	GUINESS ZERO	Two\nlines	1992	112	R	{Trailers,"Deleted Scenes"}	'guiness':1
63	MOSTEL PENELOPE	\N	1993	113	PG-13	{}	'mostel':1
64	BERRY ED	Back\\slash	1994	114	R	{Trailers,"Deleted Scenes"}	'berry':1
65	BERRY VIVIEN	Two\nlines	1995	115	G	{}	'berry':1
66	DAVIS NICK	\N	1996	116	PG-13	{"Behind the Scenes"}	'davis':1
67	JOHANSSON JOE	Back\\slash	1997	117	NC-17	{}	'johansson':1
68	MOSTEL KARL	Back\\slash	1998	118	G	\N	'mostel':1
69	TORN DAN	Tab\there	1999	119	\N	{Trailers,"Deleted Scenes"}	'torn':1
70	WAHLBERG VIVIEN	Back\\slash	2000	120	NC-17	{"Behind the Scenes"}	'wahlberg':1
71	GABLE FRED	A Epic Drama of a Feminist; And a Mad Scientist	2001	121	NC-17	{"Behind the Scenes"}	'gable':1
72	NICHOLSON FRED	Back\\slash	2002	122	PG-13	{}	'nicholson':1
73	GABLE JOE	\N	2003	123	\N	{}	'gable':1
74	WOOD MATTHEW	Two\nlines	2004	124	R	\N	'wood':1
75	DAVIS BETTE	\N	2005	125	PG	{Trailers,"Deleted Scenes"}	'davis':1
76	MOSTEL HELEN	Back\\slash	2006	126	NC-17	{"Behind the Scenes"}	'mostel':1
77	OLIVIER ZERO	Back\\slash	2007	127	R	{"Behind the Scenes"}	'olivier':1
78	TORN GRACE	Tab\there	2008	128	G	{"Behind the Scenes"}	'torn':1
79	CAGE DAN	A Epic Drama of a Feminist; And a Mad Scientist	2009	129	PG-13	{"Behind the Scenes"}	'cage':1
80	BERRY JOE	Académie d'Échecs	2010	130	PG	{Trailers,"Deleted Scenes"}	'berry':1
81	BERGEN UMA	Back\\slash	2011	131	\N	{"Behind the Scenes"}	'bergen':1
82	WOOD JOE	Two\nlines	2012	132	G	\N	'wood':1
83	SWANK BOB	Two\nlines	2013	133	PG	{"Behind the Scenes"}	'swank':1
84	CHASE JOE	Tab\there	2014	134	R	\N	'chase':1
85	OLIVIER VIVIEN	Two\nlines	2015	135	G	{"Behind the Scenes"}	'olivier':1
86	WAHLBERG VIVIEN	\N	2016	136	R	\N	'wahlberg':1
87	GUINESS ED	Back\\slash	2017	137	NC-17	\N	'guiness':1
88	OLIVIER MATTHEW	A Epic Drama of a Feminist; And a Mad Scientist	2018	138	PG	{"Behind the Scenes"}	'olivier':1
89	LOLLOBRIGIDA HELEN	\N	2019	139	G	\N	'lollobrigida':1
90	CHASE DAN	A Epic Drama of a Feminist; And a Mad Scientist	1990	140	G	{"Behind the Scenes"}	'chase':1
91	JOHANSSON BOB	A Epic Drama of a Feminist; And a Mad Scientist	1991	141	\N	{}	'johansson':1
92	LOLLOBRIGIDA JOE	Académie d'Échecs	1992	142	\N	\N	'lollobrigida':1
93	DAVIS JENNIFER	A Epic Drama of a Feminist; And a Mad Scientist	1993	143	PG-13	{"Behind the Scenes"}	'davis':1
94	WOOD JOE	Tab\there	1994	144	NC-17	{Trailers,"Deleted Scenes"}	'wood':1
95	GUINESS DAN	Two\nlines	1995	145	R	{}	'guiness':1
96	CAGE MATTHEW	Back\\slash	1996	146	NC-17	{"Behind the Scenes"}	'cage':1
97	TORN MATTHEW	A Epic Drama of a Feminist; And a Mad Scientist	1997	147	R	{}	'torn':1
98	WAHLBERG PENELOPE	Tab\there	1998	148	R	\N	'wahlberg':1
99	CHASE JOE	Tab\there	1999	149	\N	\N	'chase':1
100	BERRY MATTHEW	Back\\slash	2000	150	G	{}	'berry':1
101	BERGEN KARL	\N	2001	151	R	{"Behind the Scenes"}	'bergen':1
102	GUINESS CHRISTIAN	\N	2002	152	NC-17	{Trailers,"Deleted Scenes"}	'guiness':1
103	MOSTEL FRED	Tab\there	2003	153	PG-13	{"Behind the Scenes"}	'mostel':1
104	JOHANSSON CUBA	Tab\there	2004	154	PG-13	{}	'johansson':1
105	DAVIS LUCILLE	Back\\slash	2005	155	NC-17	{"Behind the Scenes"}	'davis':1
106	JOHANSSON FRED	Back\\slash	2006	156	\N	{Trailers,"Deleted Scenes"}	'johansson':1
107	TRACY JOHNNY	Back\\slash	2007	157	G	{"Behind the Scenes"}	'tracy':1
108	GUINESS LUCILLE	Tab\there	2008	158	R	{Trailers,"Deleted Scenes"}	'guiness':1
109	WAHLBERG BETTE	Back\\slash	2009	159	R	{}	'wahlberg':1
110	DAVIS ED	Tab\there	2010	160	PG-13	{"Behind the Scenes"}	'davis':1
111	NICHOLSON HELEN	\N	2011	161	R	{Trailers,"Deleted Scenes"}	'nicholson':1
112	GABLE UMA	Two\nlines	2012	162	PG-13	\N	'gable':1
113	NICHOLSON JENNIFER	A Epic Drama of a Feminist; And a Mad Scientist	2013	163	G	{}	'nicholson':1
114	CHASE KARL	Back\\slash	2014	164	G	{"Behind the Scenes"}	'chase':1
115	WOOD KARL	Two\nlines	2015	165	R	{Trailers,"Deleted Scenes"}	'wood':1
116	WAHLBERG FRED	Tab\there	2016	166	PG-13	\N	'wahlberg':1
117	MOSTEL ZERO	Two\nlines	2017	167	\N	\N	'mostel':1
118	GUINESS VIVIEN	Tab\there	2018	168	\N	\N	'guiness':1
119	WAHLBERG UMA	A Epic Drama of a Feminist; And a Mad Scientist	2019	169	R	{Trailers,"Deleted Scenes"}	'wahlberg':1
120	WAHLBERG JOE	Tab\there	1990	50	\N	{Trailers,"Deleted Scenes"}	'wahlberg':1
121	TRACY ZERO	Two\nlines	1991	51	PG-13	{}	'tracy':1
122	TRACY NICK	Two\nlines	1992	52	\N	{}	'tracy':1
123	SWANK CHRISTIAN	A Epic Drama of a Feminist; And a Mad Scientist	1993	53	\N	{Trailers,"Deleted Scenes"}	'swank':1
124	GUINESS MATTHEW	A Epic Drama of a Feminist; And a Mad Scientist	1994	54	R	\N	'guiness':1
125	WOOD JOE	Back\\slash	1995	55	R	{"Behind the Scenes"}	'wood':1
126	COSTNER BETTE	A Epic Drama of a Feminist; And a Mad Scientist	1996	56	\N	{}	'costner':1
127	LOLLOBRIGIDA LUCILLE	Tab\there	1997	57	PG-13	{}	'lollobrigida':1
128	OLIVIER KARL	Académie d'Échecs	1998	58	G	{"Behind the Scenes"}	'olivier':1
129	WOOD BETTE	Tab\there	1999	59	R	{Trailers,"Deleted Scenes"}	'wood':1
130	WAHLBERG FRED	Académie d'Échecs	2000	60	NC-17	{}	'wahlberg':1
131	NICHOLSON VIVIEN	A Epic Drama of a Feminist; And a Mad Scientist	2001	61	G	{}	'nicholson':1
132	TRACY ED	Tab\there	2002	62	G	\N	'tracy':1
133	COSTNER CUBA	Tab\there	2003	63	PG	{"Behind the Scenes"}	'costner':1
134	BERGEN CUBA	Académie d'Échecs	2004	64	\N	{"Behind the Scenes"}	'bergen':1
135	TORN JENNIFER	Two\nlines	2005	65	PG-13	{}	'torn':1
136	FAWCETT JOE	Two\nlines	2006	66	PG-13	{}	'fawcett':1
137	MOSTEL CUBA	Tab\there	2007	67	PG	{"Behind the Scenes"}	'mostel':1
138	JOHANSSON JOHNNY	Two\nlines	2008	68	NC-17	{"Behind the Scenes"}	'johansson':1
139	CAGE ED	Back\\slash	2009	69	PG-13	{"Behind the Scenes"}	'cage':1
140	VOIGHT HELEN	Tab\there	2010	70	\N	{Trailers,"Deleted Scenes"}	'voight':1
141	OLIVIER NICK	A Epic Drama of a Feminist; And a Mad Scientist	2011	71	G	\N	'olivier':1
142	JOHANSSON CUBA	Two\nlines	2012	72	G	{}	'johansson':1
143	JOHANSSON JENNIFER	A Epic Drama of a Feminist; And a Mad Scientist	2013	73	PG	{"Behind the Scenes"}	'johansson':1
144	CHASE KARL	Académie d'Échecs	2014	74	PG	\N	'chase':1
145	TRACY JOE	\N	2015	75	G	{Trailers,"Deleted Scenes"}	'tracy':1
146	TRACY LUCILLE	Two\nlines	2016	76	PG	{Trailers,"Deleted Scenes"}	'tracy':1
147	BERRY ZERO	Tab\there	2017	77	G	{"Behind the Scenes"}	'berry':1
148	SWANK NICK	Académie d'Échecs	2018	78	\N	{"Behind the Scenes"}	'swank':1
149	GUINESS ZERO	Back\\slash	2019	79	\N	{}	'guiness':1
150	NICHOLSON LUCILLE	Two\nlines	1990	80	G	{"Behind the Scenes"}	'nicholson':1
151	WAHLBERG FRED	Académie d'Échecs	1991	81	R	{Trailers,"Deleted Scenes"}	'wahlberg':1
152	BERGEN JENNIFER	Back\\slash	1992	82	\N	{"Behind the Scenes"}	'bergen':1
153	TORN ED	\N	1993	83	PG	\N	'torn':1
154	SWANK VIVIEN	Two\nlines	1994	84	\N	{}	'swank':1
155	BERGEN NICK	Two\nlines	1995	85	\N	{}	'bergen':1
156	BERGEN VIVIEN	A Epic Drama of a Feminist; And a Mad Scientist	1996	86	PG-13	{"Behind the Scenes"}	'bergen':1
157	WOOD UMA	Tab\there	1997	87	G	\N	'wood':1
158	NICHOLSON VIVIEN	A Epic Drama of a Feminist; And a Mad Scientist	1998	88	G	\N	'nicholson':1
159	FAWCETT KARL	Back\\slash	1999	89	PG	{"Behind the Scenes"}	'fawcett':1
160	GUINESS NICK	Académie d'Échecs	2000	90	PG	\N	'guiness':1
161	CHASE BOB	Académie d'Échecs	2001	91	PG-13	{"Behind the Scenes"}	'chase':1
162	LOLLOBRIGIDA KARL	Two\nlines	2002	92	PG	{"Behind the Scenes"}	'lollobrigida':1
163	CHASE JENNIFER	Back\\slash	2003	93	R	{"Behind the Scenes"}	'chase':1
164	GABLE JOHNNY	A Epic Drama of a Feminist; And a Mad Scientist	2004	94	R	{}	'gable':1
165	WAHLBERG LUCILLE	\N	2005	95	R	{Trailers,"Deleted Scenes"}	'wahlberg':1
166	TRACY BETTE	\N	2006	96	PG	\N	'tracy':1
167	TRACY GRACE	Back\\slash	2007	97	PG	{"Behind the Scenes"}	'tracy':1
168	WAHLBERG UMA	Académie d'Échecs	2008	98	PG	\N	'wahlberg':1
169	BERRY JENNIFER	Tab\there	2009	99	PG	{"Behind the Scenes"}	'berry':1
170	WAHLBERG DAN	\N	2010	100	G	{}	'wahlberg':1
171	DAVIS UMA	Académie d'Échecs	2011	101	R	{}	'davis':1
172	BERGEN CHRISTIAN	Académie d'Échecs	2012	102	PG	\N	'bergen':1
173	WOOD KARL	Back\\slash	2013	103	NC-17	\N	'wood':1
174	NICHOLSON PENELOPE	A Epic Drama of a Feminist; And a Mad Scientist	2014	104	NC-17	\N	'nicholson':1
175	OLIVIER MATTHEW	Back\\slash	2015	105	NC-17	\N	'olivier':1
176	NICHOLSON FRED	Back\\slash	2016	106	G	{Trailers,"Deleted Scenes"}	'nicholson':1
177	LOLLOBRIGIDA KARL	Back\\slash	2017	107	PG-13	{Trailers,"Deleted Scenes"}	'lollobrigida':1
178	OLIVIER HELEN	Académie d'Échecs	2018	108	\N	{Trailers,"Deleted Scenes"}	'olivier':1
179	WAHLBERG JOHNNY	A Epic Drama of a Feminist; And a Mad Scientist	2019	109	\N	{}	'wahlberg':1
180	VOIGHT ED	A Epic Drama of a Feminist; And a Mad Scientist	1990	110	NC-17	\N	'voight':1
181	LOLLOBRIGIDA PENELOPE	A Epic Drama of a Feminist; And a Mad Scientist	1991	111	NC-17	{Trailers,"Deleted Scenes"}	'lollobrigida':1
182	MOSTEL JOHNNY	Back\\slash	1992	112	PG-13	{"Behind the Scenes"}	'mostel':1
183	JOHANSSON ED	Two\nlines	1993	113	NC-17	{}	'johansson':1
184	NICHOLSON ZERO	Académie d'Échecs	1994	114	PG-13	\N	'nicholson':1
185	LOLLOBRIGIDA JOE	Académie d'Échecs	1995	115	R	{"Behind the Scenes"}	'lollobrigida':1
186	FAWCETT JOE	Académie d'Échecs	1996	116	NC-17	{"Behind the Scenes"}	'fawcett':1
187	CAGE KARL	A Epic Drama of a Feminist; And a Mad Scientist	1997	117	PG	{"Behind the Scenes"}	'cage':1
188	WOOD BETTE	\N	1998	118	PG-13	{}	'wood':1
189	WOOD BETTE	Two\nlines	1999	119	G	{Trailers,"Deleted Scenes"}	'wood':1
190	BERRY CUBA	Académie d'Échecs	2000	120	NC-17	{Trailers,"Deleted Scenes"}	'berry':1
191	SWANK DAN	\N	2001	121	R	{}	'swank':1
192	SWANK UMA	Two\nlines	2002	122	NC-17	{"Behind the Scenes"}	'swank':1
193	BERRY ZERO	A Epic Drama of a Feminist; And a Mad Scientist	2003	123	R	{"Behind the Scenes"}	'berry':1
194	NICHOLSON LUCILLE	\N	2004	124	G	{}	'nicholson':1
195	VOIGHT JOE	Two\nlines	2005	125	\N	{}	'voight':1
196	GUINESS NICK	Tab\there	2006	126	PG	{}	'guiness':1
197	TRACY VIVIEN	Back\\slash	2007	127	NC-17	{}	'tracy':1
198	WAHLBERG JOHNNY	Back\\slash	2008	128	PG	{Trailers,"Deleted Scenes"}	'wahlberg':1
199	GUINESS NICK	A Epic Drama of a Feminist; And a Mad Scientist	2009	129	NC-17	{}	'guiness':1
200	GABLE JENNIFER	Académie d'Échecs	2010	130	PG-13	{"Behind the Scenes"}	'gable':1
201	BERGEN BOB	Two\nlines	2011	131	NC-17	{"Behind the Scenes"}	'bergen':1
202	MOSTEL KARL	Académie d'Échecs	2012	132	R	{"Behind the Scenes"}	'mostel':1
203	LOLLOBRIGIDA PENELOPE	Tab\there	2013	133	\N	{"Behind the Scenes"}	'lollobrigida':1
204	OLIVIER JENNIFER	A Epic Drama of a Feminist; And a Mad Scientist	2014	134	\N	{"Behind the Scenes"}	'olivier':1
205	SWANK UMA	Two\nlines	2015	135	G	{Trailers,"Deleted Scenes"}	'swank':1
206	TORN KARL	Académie d'Échecs	2016	136	\N	\N	'torn':1
207	TRACY HELEN	\N	2017	137	R	{"Behind the Scenes"}	'tracy':1
208	NICHOLSON PENELOPE	A Epic Drama of a Feminist; And a Mad Scientist	2018	138	G	{Trailers,"Deleted Scenes"}	'nicholson':1
209	WOOD BETTE	Tab\there	2019	139	PG	{Trailers,"Deleted Scenes"}	'wood':1
210	DAVIS PENELOPE	Académie d'Échecs	1990	140	NC-17	{"Behind the Scenes"}	'davis':1
211	LOLLOBRIGIDA VIVIEN	Tab\there	1991	141	NC-17	\N	'lollobrigida':1
212	TRACY BETTE	Académie d'Échecs	1992	142	PG-13	{Trailers,"Deleted Scenes"}	'tracy':1
213	GABLE NICK	\N	1993	143	R	{Trailers,"Deleted Scenes"}	'gable':1
214	WOOD VIVIEN	\N	1994	144	R	{Trailers,"Deleted Scenes"}	'wood':1
215	OLIVIER BETTE	Tab\there	1995	145	G	{}	'olivier':1
216	JOHANSSON NICK	A Epic Drama of a Feminist; And a Mad Scientist	1996	146	PG-13	{}	'johansson':1
217	WAHLBERG JOE	\N	1997	147	NC-17	\N	'wahlberg':1
218	VOIGHT JOE	Two\nlines	1998	148	\N	{"Behind the Scenes"}	'voight':1
219	CHASE HELEN	A Epic Drama of a Feminist; And a Mad Scientist	1999	149	PG	{}	'chase':1
220	JOHANSSON GRACE	Tab\there	2000	150	\N	{}	'johansson':1
221	MOSTEL UMA	Two\nlines	2001	151	NC-17	{"Behind the Scenes"}	'mostel':1
222	WOOD DAN	Back\\slash	2002	152	R	{Trailers,"Deleted Scenes"}	'wood':1
223	GUINESS VIVIEN	\N	2003	153	PG	{}	'guiness':1
224	MOSTEL UMA	Académie d'Échecs	2004	154	NC-17	{Trailers,"Deleted Scenes"}	'mostel':1
225	FAWCETT BETTE	Tab\there	2005	155	G	{Trailers,"Deleted Scenes"}	'fawcett':1
226	DAVIS JENNIFER	Académie d'Échecs	2006	156	PG	{}	'davis':1
227	LOLLOBRIGIDA PENELOPE	A Epic Drama of a Feminist; And a Mad Scientist	2007	157	G	{"Behind the Scenes"}	'lollobrigida':1
228	WAHLBERG ED	\N	2008	158	G	{Trailers,"Deleted Scenes"}	'wahlberg':1
229	FAWCETT KARL	Tab\there	2009	159	NC-17	{Trailers,"Deleted Scenes"}	'fawcett':1
230	WOOD JENNIFER	Tab\there	2010	160	PG	{"Behind the Scenes"}	'wood':1
231	DAVIS NICK	A Epic Drama of a Feminist; And a Mad Scientist	2011	161	\N	{Trailers,"Deleted Scenes"}	'davis':1
232	GABLE FRED	A Epic Drama of a Feminist; And a Mad Scientist	2012	162	PG	{Trailers,"Deleted Scenes"}	'gable':1
233	MOSTEL CHRISTIAN	Two\nlines	2013	163	PG-13	\N	'mostel':1
234	SWANK PENELOPE	Two\nlines	2014	164	PG-13	{}	'swank':1
235	WAHLBERG KARL	Two\nlines	2015	165	NC-17	\N	'wahlberg':1
236	GABLE LUCILLE	\N	2016	166	G	\N	'gable':1
237	GUINESS VIVIEN	Académie d'Échecs	2017	167	G	{}	'guiness':1
238	COSTNER NICK	Académie d'Échecs	2018	168	NC-17	{"Behind the Scenes"}	'costner':1
239	CHASE BOB	Two\nlines	2019	169	PG	\N	'chase':1
240	GUINESS HELEN	Tab\there	1990	50	PG-13	{Trailers,"Deleted Scenes"}	'guiness':1
241	GUINESS KARL	Back\\slash	1991	51	G	\N	'guiness':1
242	NICHOLSON FRED	Académie d'Échecs	1992	52	PG-13	{}	'nicholson':1
243	FAWCETT BETTE	Two\nlines	1993	53	PG	{"Behind the Scenes"}	'fawcett':1
244	COSTNER BETTE	A Epic Drama of a Feminist; And a Mad Scientist	1994	54	\N	{Trailers,"Deleted Scenes"}	'costner':1
245	COSTNER DAN	A Epic Drama of a Feminist; And a Mad Scientist	1995	55	\N	{}	'costner':1
246	BERRY JENNIFER	Back\\slash	1996	56	R	{Trailers,"Deleted Scenes"}	'berry':1
247	BERGEN PENELOPE	Two\nlines	1997	57	PG	{}	'bergen':1
248	SWANK VIVIEN	Académie d'Échecs	1998	58	NC-17	{"Behind the Scenes"}	'swank':1
249	WOOD MATTHEW	Back\\slash	1999	59	PG	{Trailers,"Deleted Scenes"}	'wood':1
250	BERRY BOB	Two\nlines	2000	60	NC-17	{"Behind the Scenes"}	'berry':1
251	OLIVIER DAN	\N	2001	61	PG-13	{"Behind the Scenes"}	'olivier':1
252	OLIVIER CUBA	\N	2002	62	PG-13	{"Behind the Scenes"}	'olivier':1
253	LOLLOBRIGIDA ZERO	Back\\slash	2003	63	\N	{"Behind the Scenes"}	'lollobrigida':1
254	VOIGHT GRACE	Two\nlines	2004	64	PG-13	{"Behind the Scenes"}	'voight':1
255	LOLLOBRIGIDA MATTHEW	\N	2005	65	PG-13	{}	'lollobrigida':1
256	NICHOLSON MATTHEW	Two\nlines	2006	66	PG	{}	'nicholson':1
257	DAVIS BETTE	\N	2007	67	G	{"Behind the Scenes"}	'davis':1
258	WOOD JOHNNY	Tab\there	2008	68	PG-13	{}	'wood':1
259	BERGEN JOE	Tab\there	2009	69	G	{Trailers,"Deleted Scenes"}	'bergen':1
260	SWANK GRACE	Back\\slash	2010	70	R	{Trailers,"Deleted Scenes"}	'swank':1
261	GUINESS UMA	Back\\slash	2011	71	\N	{"Behind the Scenes"}	'guiness':1
262	VOIGHT CHRISTIAN	Back\\slash	2012	72	G	{"Behind the Scenes"}	'voight':1
263	SWANK LUCILLE	\N	2013	73	R	{Trailers,"Deleted Scenes"}	'swank':1
264	JOHANSSON VIVIEN	\N	2014	74	NC-17	\N	'johansson':1
265	JOHANSSON BOB	Tab\there	2015	75	\N	{"Behind the Scenes"}	'johansson':1
266	DAVIS CUBA	Back\\slash	2016	76	PG-13	{}	'davis':1
267	DAVIS VIVIEN	Tab\there	2017	77	R	{"Behind the Scenes"}	'davis':1
268	SWANK VIVIEN	Back\\slash	2018	78	R	{Trailers,"Deleted Scenes"}	'swank':1
269	TRACY VIVIEN	Académie d'Échecs	2019	79	\N	{"Behind the Scenes"}	'tracy':1
270	CAGE PENELOPE	Back\\slash	1990	80	R	{Trailers,"Deleted Scenes"}	'cage':1
271	WAHLBERG JOE	Académie d'Échecs	1991	81	PG	{"Behind the Scenes"}	'wahlberg':1
272	MOSTEL HELEN	Two\nlines	1992	82	G	\N	'mostel':1
273	TORN GRACE	\N	1993	83	R	{Trailers,"Deleted Scenes"}	'torn':1
274	BERRY HELEN	Two\nlines	1994	84	R	\N	'berry':1
275	MOSTEL BETTE	Back\\slash	1995	85	NC-17	{Trailers,"Deleted Scenes"}	'mostel':1
276	TRACY KARL	\N	1996	86	G	{}	'tracy':1
277	SWANK UMA	Back\\slash	1997	87	G	{Trailers,"Deleted Scenes"}	'swank':1
278	CHASE VIVIEN	Back\\slash	1998	88	\N	{}	'chase':1
279	FAWCETT JOE	A Epic Drama of a Feminist; And a Mad Scientist	1999	89	PG	{}	'fawcett':1
280	WOOD HELEN	Tab\there	2000	90	R	\N	'wood':1
281	MOSTEL BETTE	Tab\there	2001	91	G	{"Behind the Scenes"}	'mostel':1
282	COSTNER DAN	\N	2002	92	PG	{"Behind the Scenes"}	'costner':1
283	BERRY VIVIEN	Back\\slash	2003	93	PG-13	{"Behind the Scenes"}	'berry':1
284	COSTNER KARL	Tab\there	2004	94	PG-13	\N	'costner':1
285	SWANK VIVIEN	\N	2005	95	PG	\N	'swank':1
286	GUINESS JOE	Two\nlines	2006	96	PG	{}	'guiness':1
287	CAGE FRED	Back\\slash	2007	97	R	{Trailers,"Deleted Scenes"}	'cage':1
288	BERRY JOHNNY	Two\nlines	2008	98	R	{Trailers,"Deleted Scenes"}	'berry':1
289	CHASE BOB	Two\nlines	2009	99	PG	{}	'chase':1
290	FAWCETT PENELOPE	\N	2010	100	G	{"Behind the Scenes"}	'fawcett':1
291	CHASE CHRISTIAN	Two\nlines	2011	101	NC-17	{Trailers,"Deleted Scenes"}	'chase':1
292	FAWCETT JOHNNY	Tab\there	2012	102	PG	\N	'fawcett':1
293	BERRY JOHNNY	Tab\there	2013	103	R	{"Behind the Scenes"}	'berry':1
294	TRACY LUCILLE	A Epic Drama of a Feminist; And a Mad Scientist	2014	104	\N	{}	'tracy':1
295	MOSTEL FRED	\N	2015	105	PG	{Trailers,"Deleted Scenes"}	'mostel':1
296	OLIVIER JENNIFER	Académie d'Échecs	2016	106	G	{}	'olivier':1
297	BERGEN MATTHEW	Tab\there	2017	107	R	\N	'bergen':1
298	TORN NICK	Back\\slash	2018	108	R	{"Behind the Scenes"}	'torn':1
299	COSTNER MATTHEW	Back\\slash	2019	109	PG	{Trailers,"Deleted Scenes"}	'costner':1
300	NICHOLSON ZERO	Back\\slash	1990	110	\N	\N	'nicholson':1
\.


COPY film_actor (actor_id, film_id) FROM stdin;
171	152
120	192
110	215
174	39
47	185
163	15
6	24
175	170
25	262
124	249
194	74
9	110
184	213
161	65
87	49
169	188
88	243
200	270
142	108
73	223
88	217
65	284
14	149
75	182
127	207
86	258
70	260
89	105
168	253
31	170
50	163
183	154
33	45
11	205
186	284
104	280
147	26
103	154
28	4
12	98
122	31
129	279
157	193
158	76
161	43
55	21
171	235
161	90
26	93
10	216
199	52
168	7
95	72
80	288
182	133
78	95
108	18
82	11
111	290
165	297
14	255
146	268
11	61
199	216
148	208
115	35
4	199
153	80
122	212
141	53
22	242
55	78
161	8
110	3
3	63
23	112
32	67
121	10
71	292
63	231
188	96
13	188
199	75
187	44
76	286
182	256
118	131
14	17
3	32
4	41
100	160
80	85
125	31
81	189
148	225
121	86
38	60
93	84
162	214
123	198
200	232
70	291
86	150
72	32
160	171
156	8
39	159
150	220
64	193
100	193
155	120
116	146
177	1
83	135
69	217
41	22
74	73
147	76
71	281
176	256
89	274
22	277
142	249
98	103
193	120
80	30
174	203
120	106
66	5
99	236
139	45
138	182
198	33
60	204
149	267
67	268
83	245
130	104
49	109
50	48
47	149
93	296
145	184
104	265
39	127
12	253
96	55
96	238
21	80
81	16
89	144
133	11
25	18
53	290
125	291
55	134
200	144
110	50
115	68
66	20
87	103
47	194
22	15
14	18
143	190
181	235
125	33
154	204
31	47
66	164
145	120
165	46
172	260
101	94
115	82
95	121
185	114
45	20
66	181
16	284
8	25
67	263
182	248
15	52
38	163
194	3
51	153
151	226
195	54
121	166
96	132
100	64
96	247
98	87
113	123
37	7
120	100
10	81
57	40
159	192
192	72
200	229
25	198
6	39
116	174
83	120
123	60
161	188
37	170
57	30
47	232
142	75
113	77
69	215
106	127
40	14
70	293
76	172
43	134
126	56
82	234
124	59
40	263
15	109
144	245
74	62
66	104
94	222
67	123
61	50
100	149
107	84
15	151
37	9
114	260
88	262
36	227
1	270
74	96
93	223
11	210
56	142
147	93
36	93
134	118
183	90
51	41
23	254
195	141
45	106
36	99
150	158
52	6
17	267
105	29
133	178
86	145
164	253
24	8
105	245
35	137
64	96
145	188
10	84
180	191
148	3
92	267
115	265
19	62
92	126
83	196
148	32
75	56
188	254
115	263
7	272
138	69
6	125
23	115
159	94
43	53
80	129
143	16
5	50
179	100
67	10
154	296
119	268
62	228
27	180
25	92
12	140
32	239
127	300
129	144
29	63
32	208
36	278
152	117
59	76
172	294
119	204
43	10
163	200
178	216
153	270
10	203
14	186
87	206
62	172
184	224
145	165
103	288
14	167
133	76
175	181
64	217
170	6
94	56
136	96
18	167
111	103
130	11
58	72
108	204
199	233
163	24
11	18
165	137
174	140
161	278
10	52
65	63
134	7
112	122
11	148
29	157
89	86
31	31
153	264
69	44
120	274
38	226
32	262
34	151
105	296
74	141
63	45
190	280
74	233
157	292
57	198
52	281
182	188
118	281
78	245
121	159
8	125
86	114
49	263
140	197
150	203
4	181
42	123
83	286
84	252
70	146
56	152
15	12
41	283
18	179
113	32
133	199
113	182
189	56
134	116
174	80
107	173
172	181
36	104
158	142
133	49
190	244
69	66
106	53
2	211
197	282
150	61
128	204
147	77
107	144
160	57
98	232
178	235
74	181
75	181
101	270
143	197
166	165
2	256
98	228
77	95
138	156
38	224
148	194
149	119
23	170
83	125
84	105
110	6
7	25
66	290
128	154
138	160
138	224
133	265
187	221
100	238
92	21
153	180
116	6
174	35
135	118
26	210
96	257
103	288
147	79
49	216
125	206
113	176
178	272
192	48
44	186
82	188
20	160
132	90
29	151
177	176
131	216
162	81
135	149
131	107
130	97
106	94
16	290
155	55
91	292
162	22
178	211
3	2
79	284
2	156
102	51
151	8
172	16
51	90
128	284
146	137
166	273
132	74
148	102
106	63
38	81
133	261
28	15
26	39
44	268
126	240
157	221
16	7
176	297
83	74
184	122
91	142
44	17
69	51
150	33
90	99
116	198
6	28
57	203
150	23
113	28
159	123
64	115
12	82
151	89
81	4
117	156
108	130
127	35
63	200
173	300
57	212
80	205
183	249
6	125
23	89
44	184
98	96
\.


INSERT INTO payment (amount, payment_date) VALUES (1.99, '2007-01-05'), (2.99, '2007-03-05');
SELECT pg_catalog.setval('payment_payment_id_seq', 40, true);

ALTER TABLE ONLY actor ADD CONSTRAINT actor_pkey PRIMARY KEY (actor_id);
ALTER TABLE ONLY film ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);
CREATE INDEX film_fulltext_idx ON film USING gist (fulltext);
CREATE TRIGGER film_fulltext_trigger
    BEFORE INSERT OR UPDATE ON film
    FOR EACH ROW
    EXECUTE PROCEDURE tsvector_update_trigger('fulltext', 'pg_catalog.english', 'title', 'description');
ALTER TABLE ONLY film_actor
    ADD CONSTRAINT film_actor_film_id_fkey FOREIGN KEY (film_id) REFERENCES film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;
