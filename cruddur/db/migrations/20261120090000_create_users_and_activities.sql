-- migrate:up
create function public.uuid_v7() returns uuid
  language sql volatile parallel safe
  -- 48 bits of milliseconds, the version, 12 bits of the fraction of a millisecond, and 62 random bits from a version 4.
  return (
    overlay(
      lpad(to_hex((extract(epoch from clock_timestamp()) * 4096000)::bigint), 15, '0')
      placing '7' from 13 for 0
    ) || substr(gen_random_uuid()::text, 20)
  )::uuid;

comment on function public.uuid_v7() is
  'A time-ordered uuid (RFC 9562, version 7), without an extension and on every PostgreSQL from 14 on.';

create table public.users (
  uuid uuid default public.uuid_v7() primary key,
  display_name text not null,
  -- The C collation folds I to i in every locale, Turkish too.
  handle text collate "C" not null
    constraint users_handle_alphabet check (handle ~ '^[A-Za-z0-9_]+$')
    constraint users_handle_length check (char_length(handle) between 1 and 32),
  cognito_user_id text not null
    constraint users_cognito_user_id_key unique,
  created_at timestamptz not null default now()
);

create unique index users_handle_key on public.users (lower(handle));

comment on table public.users is 'People. A row is made when somebody confirms a sign-up.';
comment on column public.users.handle is 'The name after the @, as its owner writes it; unique without regard to case.';
comment on column public.users.cognito_user_id is 'The sub of the Cognito user: who somebody is, whatever the handle.';

create table public.activities (
  uuid uuid default public.uuid_v7() primary key,
  user_uuid uuid not null
    constraint activities_user_uuid_fkey references public.users on delete cascade,
  message text not null,
  replies_count integer not null default 0
    constraint activities_replies_count_not_negative check (replies_count >= 0),
  reposts_count integer not null default 0
    constraint activities_reposts_count_not_negative check (reposts_count >= 0),
  likes_count integer not null default 0
    constraint activities_likes_count_not_negative check (likes_count >= 0),
  reply_to_activity_uuid uuid
    constraint activities_reply_to_activity_uuid_fkey references public.activities on delete cascade,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  -- char_length counts code points: an emoji is not two characters, as it is in JavaScript.
  constraint activities_message_length check (
    char_length(message) between 1 and case when reply_to_activity_uuid is null then 280 else 1024 end
  ),
  -- Infinity is later than every time: an activity that never expires would be no activity.
  constraint activities_expires_at_later check (expires_at > created_at and expires_at < 'infinity')
);

comment on table public.activities is 'What people say. Replies are activities too.';
comment on column public.activities.message is 'At most 280 characters (code points), a reply 1024.';
comment on column public.activities.reply_to_activity_uuid is 'The activity that this one answers; it goes when that one goes.';
comment on column public.activities.expires_at is 'From this moment on nobody sees the activity: every query asks for expires_at > now().';

create index activities_home_idx on public.activities (created_at desc, uuid desc)
  where reply_to_activity_uuid is null;

create index activities_user_idx on public.activities (user_uuid, created_at desc, uuid desc);

create index activities_replies_idx on public.activities (reply_to_activity_uuid, created_at, uuid)
  where reply_to_activity_uuid is not null;

create index activities_expires_at_idx on public.activities (expires_at);

comment on index public.activities_home_idx is 'The home feed, newest first: no replies in it.';
comment on index public.activities_user_idx is 'One person''s activities, newest first; also what a deleted person takes along.';
comment on index public.activities_replies_idx is 'A thread, oldest first; also what a deleted activity takes along.';
comment on index public.activities_expires_at_idx is 'What has expired, for the purge.';

-- migrate:down
drop table public.activities;
drop table public.users;
drop function public.uuid_v7();
