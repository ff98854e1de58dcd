-- Written by pgrig schema dump: the next dump overwrites what is changed here.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
RETURN ((OVERLAY(lpad(to_hex(((EXTRACT(epoch FROM clock_timestamp()) * (4096000)::numeric))::bigint), 15, '0'::text) PLACING '7'::text FROM 13 FOR 0) || substr((gen_random_uuid())::text, 20)))::uuid;
COMMENT ON FUNCTION public.uuid_v7() IS 'A time-ordered uuid (RFC 9562, version 7), without an extension and on every PostgreSQL from 14 on.';

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

CREATE INDEX activities_expires_at_idx ON public.activities USING btree (expires_at);
COMMENT ON INDEX public.activities_expires_at_idx IS 'What has expired, for the purge.';

CREATE INDEX activities_home_idx ON public.activities USING btree (created_at DESC, uuid DESC) WHERE (reply_to_activity_uuid IS NULL);
COMMENT ON INDEX public.activities_home_idx IS 'The home feed, newest first: no replies in it.';

CREATE INDEX activities_replies_idx ON public.activities USING btree (reply_to_activity_uuid, created_at, uuid) WHERE (reply_to_activity_uuid IS NOT NULL);
COMMENT ON INDEX public.activities_replies_idx IS 'A thread, oldest first; also what a deleted activity takes along.';

CREATE INDEX activities_user_idx ON public.activities USING btree (user_uuid, created_at DESC, uuid DESC);
COMMENT ON INDEX public.activities_user_idx IS 'One person''s activities, newest first; also what a deleted person takes along.';

CREATE TABLE public.schema_migrations (
    version character varying(255) NOT NULL,
    checksum text,
    applied_at timestamp with time zone,
    seconds double precision,
    applied_by text,
    applied_with text,
    CONSTRAINT schema_migrations_pkey PRIMARY KEY (version)
);

CREATE TABLE public.users (
    uuid uuid DEFAULT public.uuid_v7() NOT NULL,
    display_name text NOT NULL,
    handle text COLLATE pg_catalog."C" NOT NULL,
    cognito_user_id text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (uuid),
    CONSTRAINT users_cognito_user_id_key UNIQUE (cognito_user_id),
    CONSTRAINT users_handle_alphabet CHECK ((handle ~ '^[A-Za-z0-9_]+$'::text)),
    CONSTRAINT users_handle_length CHECK (((char_length(handle) >= 1) AND (char_length(handle) <= 32)))
);
COMMENT ON TABLE public.users IS 'People. A row is made when somebody confirms a sign-up.';
COMMENT ON COLUMN public.users.handle IS 'The name after the @, as its owner writes it; unique without regard to case.';
COMMENT ON COLUMN public.users.cognito_user_id IS 'The sub of the Cognito user: who somebody is, whatever the handle.';

CREATE UNIQUE INDEX users_handle_key ON public.users USING btree (lower(handle));

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_reply_to_activity_uuid_fkey FOREIGN KEY (reply_to_activity_uuid) REFERENCES public.activities(uuid) ON DELETE CASCADE;

ALTER TABLE ONLY public.activities
    ADD CONSTRAINT activities_user_uuid_fkey FOREIGN KEY (user_uuid) REFERENCES public.users(uuid) ON DELETE CASCADE;

INSERT INTO public.schema_migrations (version) VALUES
    ('20261120090000');
