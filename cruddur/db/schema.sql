-- Written by pgrig schema dump: the next dump overwrites what is changed here.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TYPE public.activity_card AS (
    uuid uuid,
    display_name text,
    handle text,
    message text,
    replies_count integer,
    reposts_count integer,
    likes_count integer,
    reply_to_activity_uuid uuid,
    expires_at text,
    created_at text,
    liked boolean,
    reposted boolean,
    mine boolean
);
COMMENT ON TYPE public.activity_card IS 'An activity as somebody sees it.';

CREATE TYPE public.profile_card AS (
    uuid uuid,
    handle text,
    display_name text,
    bio text,
    cruds_count integer,
    followers_count integer,
    following_count integer,
    following boolean,
    blocked boolean,
    mine boolean,
    created_at text
);
COMMENT ON TYPE public.profile_card IS 'A person as somebody sees them.';

CREATE FUNCTION public.utc_text(moment timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN to_char((moment AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);
COMMENT ON FUNCTION public.utc_text(timestamp with time zone) IS 'A time as ISO 8601 writes it, to the microsecond and in UTC.';

CREATE FUNCTION public.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
RETURN ((OVERLAY(lpad(to_hex(((EXTRACT(epoch FROM clock_timestamp()) * (4096000)::numeric))::bigint), 15, '0'::text) PLACING '7'::text FROM 13 FOR 0) || substr((gen_random_uuid())::text, 20)))::uuid;
COMMENT ON FUNCTION public.uuid_v7() IS 'A time-ordered uuid (RFC 9562, version 7), without an extension and on every PostgreSQL from 14 on.';

CREATE TABLE public.users (
    uuid uuid DEFAULT public.uuid_v7() NOT NULL,
    display_name text NOT NULL,
    handle text COLLATE pg_catalog."C" NOT NULL,
    cognito_user_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    followers_count integer DEFAULT 0 NOT NULL,
    following_count integer DEFAULT 0 NOT NULL,
    notifications_read_at timestamp with time zone,
    CONSTRAINT users_pkey PRIMARY KEY (uuid),
    CONSTRAINT users_cognito_user_id_key UNIQUE (cognito_user_id),
    CONSTRAINT users_bio_length CHECK ((char_length(bio) <= 160)),
    CONSTRAINT users_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 50))),
    CONSTRAINT users_followers_count_not_negative CHECK ((followers_count >= 0)),
    CONSTRAINT users_following_count_not_negative CHECK ((following_count >= 0)),
    CONSTRAINT users_handle_alphabet CHECK ((handle ~ '^[A-Za-z0-9_]+$'::text)),
    CONSTRAINT users_handle_length CHECK (((char_length(handle) >= 1) AND (char_length(handle) <= 32)))
);
COMMENT ON TABLE public.users IS 'People. A row is made when somebody confirms a sign-up.';
COMMENT ON COLUMN public.users.handle IS 'The name after the @, as its owner writes it; unique without regard to case.';
COMMENT ON COLUMN public.users.cognito_user_id IS 'The sub of the Cognito user: who somebody is, whatever the handle.';
COMMENT ON COLUMN public.users.notifications_read_at IS 'Notifications that are younger have not been read.';

CREATE UNIQUE INDEX users_handle_key ON public.users USING btree (lower(handle));

CREATE TABLE public.activities (
    uuid uuid DEFAULT public.uuid_v7() NOT NULL,
    user_uuid uuid NOT NULL,
    message text NOT NULL,
    replies_count integer DEFAULT 0 NOT NULL,
    reposts_count integer DEFAULT 0 NOT NULL,
    likes_count integer DEFAULT 0 NOT NULL,
    reply_to_activity_uuid uuid,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    idempotency_key uuid,
    CONSTRAINT activities_pkey PRIMARY KEY (uuid),
    CONSTRAINT activities_expires_at_later CHECK (((expires_at > created_at) AND (expires_at < 'infinity'::timestamp with time zone))),
    CONSTRAINT activities_likes_count_not_negative CHECK ((likes_count >= 0)),
    CONSTRAINT activities_message_length CHECK (((char_length(message) >= 1) AND (char_length(message) <=
CASE
    WHEN (reply_to_activity_uuid IS NULL) THEN 280
    ELSE 1024
END))),
    CONSTRAINT activities_replies_count_not_negative CHECK ((replies_count >= 0)),
    CONSTRAINT activities_reposts_count_not_negative CHECK ((reposts_count >= 0))
);
COMMENT ON TABLE public.activities IS 'What people say. Replies are activities too.';
COMMENT ON COLUMN public.activities.message IS 'At most 280 characters (code points), a reply 1024.';
COMMENT ON COLUMN public.activities.reply_to_activity_uuid IS 'The activity that this one answers; it goes when that one goes.';
COMMENT ON COLUMN public.activities.expires_at IS 'From this moment on nobody sees the activity: every query asks for expires_at > now().';
COMMENT ON COLUMN public.activities.idempotency_key IS 'What the author''s client called this activity, so that sending it twice makes one.';

CREATE INDEX activities_expires_at_idx ON public.activities USING btree (expires_at);
COMMENT ON INDEX public.activities_expires_at_idx IS 'What has expired, for the purge.';

CREATE INDEX activities_home_idx ON public.activities USING btree (created_at DESC, uuid DESC) WHERE (reply_to_activity_uuid IS NULL);
COMMENT ON INDEX public.activities_home_idx IS 'The home feed, newest first: no replies in it.';

CREATE UNIQUE INDEX activities_idempotency_key ON public.activities USING btree (user_uuid, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE INDEX activities_replies_idx ON public.activities USING btree (reply_to_activity_uuid, created_at, uuid) WHERE (reply_to_activity_uuid IS NOT NULL);
COMMENT ON INDEX public.activities_replies_idx IS 'A thread, oldest first; also what a deleted activity takes along.';

CREATE INDEX activities_search_idx ON public.activities USING gin (to_tsvector('simple'::regconfig, message)) WHERE (reply_to_activity_uuid IS NULL);
COMMENT ON INDEX public.activities_search_idx IS 'The words of the messages, in whatever language; no replies.';

CREATE INDEX activities_user_idx ON public.activities USING btree (user_uuid, num_nulls(reply_to_activity_uuid), created_at DESC, uuid DESC);
COMMENT ON INDEX public.activities_user_idx IS 'One person''s activities (1) and replies (0), newest first; also what a deleted person takes along.';

CREATE VIEW public.live_activities AS
 SELECT uuid,
    user_uuid,
    message,
    replies_count,
    reposts_count,
    likes_count,
    reply_to_activity_uuid,
    expires_at,
    created_at,
    idempotency_key
   FROM public.activities
  WHERE (expires_at > now());
COMMENT ON VIEW public.live_activities IS 'What has not expired. The one place that knows: every query of activities reads this.';

CREATE FUNCTION public.activity_json(activity public.live_activities, author public.users, liked boolean, reposted boolean, mine boolean)
 RETURNS json
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN row_to_json(ROW((activity).uuid, (author).display_name, (author).handle, (activity).message, (activity).replies_count, (activity).reposts_count, (activity).likes_count, (activity).reply_to_activity_uuid, public.utc_text((activity).expires_at), public.utc_text((activity).created_at), COALESCE(liked, false), COALESCE(reposted, false), COALESCE(mine, false))::public.activity_card);
COMMENT ON FUNCTION public.activity_json(public.live_activities, public.users, boolean, boolean, boolean) IS 'The one place that knows how an activity looks in the API.';

CREATE FUNCTION public.cursor_time(cursor text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ('1970-01-01 00:00:00+00'::timestamp with time zone + ('00:00:00.000001'::interval * (((('x'::text || "left"(encode(decode(translate(cursor, '-_'::text, '+/'::text), 'base64'::text), 'hex'::text), 16)))::bit(64))::bigint)::double precision));
COMMENT ON FUNCTION public.cursor_time(text) IS 'The time in a cursor.';

CREATE FUNCTION public.cursor_uuid(cursor text)
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (substr(encode(decode(translate(cursor, '-_'::text, '+/'::text), 'base64'::text), 'hex'::text), 17))::uuid;
COMMENT ON FUNCTION public.cursor_uuid(text) IS 'The uuid in a cursor.';

CREATE FUNCTION public.make_cursor(created_at timestamp with time zone, uuid uuid)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN translate(encode((int8send(((EXTRACT(epoch FROM created_at) * (1000000)::numeric))::bigint) || uuid_send(uuid)), 'base64'::text), '+/'::text, '-_'::text);
COMMENT ON FUNCTION public.make_cursor(timestamp with time zone, uuid) IS 'Where a page ended: microseconds and uuid, 24 bytes, as base64url.';

CREATE FUNCTION public.page_json(items json[], size integer)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN COALESCE((array_to_json((items)[:size]))::text, '[]'::text);
COMMENT ON FUNCTION public.page_json(json[], integer) IS 'A page as JSON text. One more item than fits may have been read, to see if there is a next page.';

CREATE FUNCTION public.page_next(times timestamp with time zone[], uuids uuid[], size integer)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN CASE WHEN (cardinality(uuids) > size) THEN public.make_cursor((times)[size], (uuids)[size]) ELSE NULL::text END;
COMMENT ON FUNCTION public.page_next(timestamp with time zone[], uuid[], integer) IS 'The cursor of the next page, null where there is none.';

CREATE FUNCTION public.profile_json(person public.users, cruds_count bigint, following boolean, blocked boolean, mine boolean)
 RETURNS json
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN row_to_json(ROW((person).uuid, (person).handle, (person).display_name, (person).bio, (cruds_count)::integer, (person).followers_count, (person).following_count, following, blocked, COALESCE(mine, false), public.utc_text((person).created_at))::public.profile_card);
COMMENT ON FUNCTION public.profile_json(public.users, bigint, boolean, boolean, boolean) IS 'The one place that knows how a person looks in the API.';

CREATE TABLE public.blocks (
    blocker_uuid uuid NOT NULL,
    blocked_uuid uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT blocks_pkey PRIMARY KEY (blocker_uuid, blocked_uuid),
    CONSTRAINT blocks_not_oneself CHECK ((blocker_uuid <> blocked_uuid))
);

CREATE INDEX blocks_blocked_idx ON public.blocks USING btree (blocked_uuid, blocker_uuid);

CREATE TABLE public.follows (
    follower_uuid uuid NOT NULL,
    followed_uuid uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT follows_pkey PRIMARY KEY (follower_uuid, followed_uuid),
    CONSTRAINT follows_not_oneself CHECK ((follower_uuid <> followed_uuid))
);

CREATE INDEX follows_followed_idx ON public.follows USING btree (followed_uuid);

CREATE TABLE public.likes (
    activity_uuid uuid NOT NULL,
    user_uuid uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT likes_pkey PRIMARY KEY (activity_uuid, user_uuid)
);

CREATE INDEX likes_user_idx ON public.likes USING btree (user_uuid);

CREATE TABLE public.notifications (
    uuid uuid DEFAULT public.uuid_v7() NOT NULL,
    user_uuid uuid NOT NULL,
    kind text NOT NULL,
    actor_uuid uuid NOT NULL,
    activity_uuid uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notifications_pkey PRIMARY KEY (uuid),
    CONSTRAINT notifications_activity_uuid_there CHECK (((activity_uuid IS NULL) = (kind = 'follow'::text))),
    CONSTRAINT notifications_kind_known CHECK ((kind = ANY (ARRAY['reply'::text, 'mention'::text, 'like'::text, 'repost'::text, 'follow'::text]))),
    CONSTRAINT notifications_not_oneself CHECK ((user_uuid <> actor_uuid))
);
COMMENT ON TABLE public.notifications IS 'What happened to somebody. A mention is kept nowhere else.';
COMMENT ON COLUMN public.notifications.activity_uuid IS 'The reply, the one that mentions, or the one that was liked or reposted.';

CREATE INDEX notifications_activity_idx ON public.notifications USING btree (activity_uuid, actor_uuid) WHERE (activity_uuid IS NOT NULL);
CREATE INDEX notifications_actor_idx ON public.notifications USING btree (actor_uuid, user_uuid);
CREATE INDEX notifications_created_at_idx ON public.notifications USING btree (created_at);
CREATE INDEX notifications_user_idx ON public.notifications USING btree (user_uuid, created_at DESC, uuid DESC);

CREATE UNLOGGED TABLE public.rate_limits (
    key text NOT NULL,
    window_start timestamp with time zone NOT NULL,
    window_end timestamp with time zone NOT NULL,
    used integer NOT NULL,
    CONSTRAINT rate_limits_pkey PRIMARY KEY (key, window_start)
);
COMMENT ON TABLE public.rate_limits IS 'How much of a limit is used in a window of time, by all processes together.';

CREATE INDEX rate_limits_window_end_idx ON public.rate_limits USING btree (window_end);

CREATE TABLE public.reports (
    uuid uuid DEFAULT public.uuid_v7() NOT NULL,
    reporter_uuid uuid NOT NULL,
    author_uuid uuid NOT NULL,
    activity_uuid uuid NOT NULL,
    reason text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    decided_by_uuid uuid,
    decision text,
    CONSTRAINT reports_pkey PRIMARY KEY (uuid),
    CONSTRAINT reports_once UNIQUE (activity_uuid, reporter_uuid),
    CONSTRAINT reports_decided_whole CHECK (((decided_at IS NULL) = (decision IS NULL))),
    CONSTRAINT reports_decision_known CHECK ((decision = ANY (ARRAY['keep'::text, 'remove'::text]))),
    CONSTRAINT reports_message_while_open CHECK (((message IS NULL) = (decided_at IS NOT NULL))),
    CONSTRAINT reports_note_length CHECK ((char_length(note) <= 1024)),
    CONSTRAINT reports_reason_known CHECK ((reason = ANY (ARRAY['spam'::text, 'abuse'::text, 'illegal'::text, 'other'::text])))
);
COMMENT ON TABLE public.reports IS 'What people report to the admins. It outlives the activity: for 30 days at most.';
COMMENT ON COLUMN public.reports.message IS 'A copy, since the activity may expire before anybody looks; it goes with the decision.';

CREATE INDEX reports_author_idx ON public.reports USING btree (author_uuid);
CREATE INDEX reports_created_at_idx ON public.reports USING btree (created_at);
CREATE INDEX reports_decided_by_idx ON public.reports USING btree (decided_by_uuid) WHERE (decided_by_uuid IS NOT NULL);
CREATE INDEX reports_open_idx ON public.reports USING btree (created_at, uuid) WHERE (decided_at IS NULL);
CREATE INDEX reports_reporter_idx ON public.reports USING btree (reporter_uuid);

CREATE TABLE public.reposts (
    activity_uuid uuid NOT NULL,
    user_uuid uuid NOT NULL,
    activity_created_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT reposts_pkey PRIMARY KEY (activity_uuid, user_uuid)
);
COMMENT ON COLUMN public.reposts.activity_created_at IS 'The activity''s own time: feeds with reposts are in its order.';

CREATE INDEX reposts_user_idx ON public.reposts USING btree (user_uuid, activity_created_at DESC, activity_uuid DESC);

CREATE TABLE public.schema_migrations (
    version character varying(255) NOT NULL,
    checksum text,
    applied_at timestamp with time zone,
    seconds double precision,
    applied_by text,
    applied_with text,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
);

CREATE TABLE public.sessions (
    id_hash bytea NOT NULL,
    cognito_user_id text NOT NULL,
    sealed bytea NOT NULL,
    refreshing_until timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (id_hash)
);
COMMENT ON TABLE public.sessions IS 'Who is signed in in which browser. The cookie is kept as a hash, the tokens encrypted.';
COMMENT ON COLUMN public.sessions.refreshing_until IS 'Until then one process renews the tokens, and the others let it.';

CREATE INDEX sessions_cognito_user_id_idx ON public.sessions USING btree (cognito_user_id);
CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (expires_at);

CREATE VIEW public.hidden_people AS
 SELECT blocks.blocker_uuid AS viewer_uuid,
    blocks.blocked_uuid AS user_uuid
   FROM public.blocks
UNION ALL
 SELECT blocks.blocked_uuid AS viewer_uuid,
    blocks.blocker_uuid AS user_uuid
   FROM public.blocks;
COMMENT ON VIEW public.hidden_people IS 'Who is hidden from a viewer: a block works both ways.';

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_reply_to_activity_uuid_fkey FOREIGN KEY (reply_to_activity_uuid) REFERENCES public.activities(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_user_uuid_fkey FOREIGN KEY (user_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocked_uuid_fkey FOREIGN KEY (blocked_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.blocks
    ADD CONSTRAINT blocks_blocker_uuid_fkey FOREIGN KEY (blocker_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_followed_uuid_fkey FOREIGN KEY (followed_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.follows
    ADD CONSTRAINT follows_follower_uuid_fkey FOREIGN KEY (follower_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.likes
    ADD CONSTRAINT likes_activity_uuid_fkey FOREIGN KEY (activity_uuid) REFERENCES public.activities(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.likes
    ADD CONSTRAINT likes_user_uuid_fkey FOREIGN KEY (user_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_activity_uuid_fkey FOREIGN KEY (activity_uuid) REFERENCES public.activities(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_actor_uuid_fkey FOREIGN KEY (actor_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_user_uuid_fkey FOREIGN KEY (user_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_author_uuid_fkey FOREIGN KEY (author_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_decided_by_uuid_fkey FOREIGN KEY (decided_by_uuid) REFERENCES public.users(uuid) ON DELETE SET NULL;

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_reporter_uuid_fkey FOREIGN KEY (reporter_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_activity_uuid_fkey FOREIGN KEY (activity_uuid) REFERENCES public.activities(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.reposts
    ADD CONSTRAINT reposts_user_uuid_fkey FOREIGN KEY (user_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

INSERT INTO public.schema_migrations (version) VALUES
    ('20261120090000'),
    ('20261124140000');
