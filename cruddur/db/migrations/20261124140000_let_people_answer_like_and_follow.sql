-- migrate:up
update public.users set display_name = left(display_name, 50) where char_length(display_name) > 50;
update public.users set display_name = handle where display_name = '';

alter table public.users
  add column bio text not null default ''
    constraint users_bio_length check (char_length(bio) <= 160),
  add column followers_count integer not null default 0
    constraint users_followers_count_not_negative check (followers_count >= 0),
  add column following_count integer not null default 0
    constraint users_following_count_not_negative check (following_count >= 0),
  add column notifications_read_at timestamptz,
  add constraint users_display_name_length check (char_length(display_name) between 1 and 50);

comment on column public.users.notifications_read_at is 'Notifications that are younger have not been read.';

-- Nobody could like or repost anything until now, whatever the columns say.
update public.activities set likes_count = 0, reposts_count = 0 where likes_count > 0 or reposts_count > 0;

alter table public.activities add column idempotency_key uuid;

comment on column public.activities.idempotency_key is 'What the author''s client called this activity, so that sending it twice makes one.';

create unique index activities_idempotency_key on public.activities (user_uuid, idempotency_key)
  where idempotency_key is not null;

-- A page of what one person says, or of what they answer, starts inside the index even where the other is much more.
drop index public.activities_user_idx;
create index activities_user_idx on public.activities
  (user_uuid, num_nulls(reply_to_activity_uuid), created_at desc, uuid desc);

create index activities_search_idx on public.activities using gin (to_tsvector('simple', message))
  where reply_to_activity_uuid is null;

comment on index public.activities_user_idx is
  'One person''s activities (1) and replies (0), newest first; also what a deleted person takes along.';
comment on index public.activities_search_idx is 'The words of the messages, in whatever language; no replies.';

create view public.live_activities as
select
  uuid, user_uuid, message, replies_count, reposts_count, likes_count, reply_to_activity_uuid, expires_at, created_at,
  idempotency_key
from public.activities
where expires_at > now();

comment on view public.live_activities is 'What has not expired. The one place that knows: every query of activities reads this.';

create table public.likes (
  activity_uuid uuid not null
    constraint likes_activity_uuid_fkey references public.activities on delete cascade,
  user_uuid uuid not null
    constraint likes_user_uuid_fkey references public.users on delete cascade,
  created_at timestamptz not null default now(),
  constraint likes_pkey primary key (activity_uuid, user_uuid)
);

create index likes_user_idx on public.likes (user_uuid);

create table public.reposts (
  activity_uuid uuid not null
    constraint reposts_activity_uuid_fkey references public.activities on delete cascade,
  user_uuid uuid not null
    constraint reposts_user_uuid_fkey references public.users on delete cascade,
  activity_created_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint reposts_pkey primary key (activity_uuid, user_uuid)
);

comment on column public.reposts.activity_created_at is 'The activity''s own time: feeds with reposts are in its order.';

create index reposts_user_idx on public.reposts (user_uuid, activity_created_at desc, activity_uuid desc);

create table public.follows (
  follower_uuid uuid not null
    constraint follows_follower_uuid_fkey references public.users on delete cascade,
  followed_uuid uuid not null
    constraint follows_followed_uuid_fkey references public.users on delete cascade,
  created_at timestamptz not null default now(),
  constraint follows_pkey primary key (follower_uuid, followed_uuid),
  constraint follows_not_oneself check (follower_uuid <> followed_uuid)
);

create index follows_followed_idx on public.follows (followed_uuid);

create table public.blocks (
  blocker_uuid uuid not null
    constraint blocks_blocker_uuid_fkey references public.users on delete cascade,
  blocked_uuid uuid not null
    constraint blocks_blocked_uuid_fkey references public.users on delete cascade,
  created_at timestamptz not null default now(),
  constraint blocks_pkey primary key (blocker_uuid, blocked_uuid),
  constraint blocks_not_oneself check (blocker_uuid <> blocked_uuid)
);

create index blocks_blocked_idx on public.blocks (blocked_uuid, blocker_uuid);

create view public.hidden_people as
select blocker_uuid as viewer_uuid, blocked_uuid as user_uuid from public.blocks
union all
select blocked_uuid, blocker_uuid from public.blocks;

comment on view public.hidden_people is 'Who is hidden from a viewer: a block works both ways.';

create table public.notifications (
  uuid uuid default public.uuid_v7() primary key,
  user_uuid uuid not null
    constraint notifications_user_uuid_fkey references public.users on delete cascade,
  kind text not null
    constraint notifications_kind_known check (kind in ('reply', 'mention', 'like', 'repost', 'follow')),
  actor_uuid uuid not null
    constraint notifications_actor_uuid_fkey references public.users on delete cascade,
  activity_uuid uuid
    constraint notifications_activity_uuid_fkey references public.activities on delete cascade,
  created_at timestamptz not null default now(),
  constraint notifications_activity_uuid_there check ((activity_uuid is null) = (kind = 'follow')),
  constraint notifications_not_oneself check (user_uuid <> actor_uuid)
);

comment on table public.notifications is 'What happened to somebody. A mention is kept nowhere else.';
comment on column public.notifications.activity_uuid is 'The reply, the one that mentions, or the one that was liked or reposted.';

create index notifications_user_idx on public.notifications (user_uuid, created_at desc, uuid desc);
create index notifications_activity_idx on public.notifications (activity_uuid, actor_uuid)
  where activity_uuid is not null;
create index notifications_actor_idx on public.notifications (actor_uuid, user_uuid);
create index notifications_created_at_idx on public.notifications (created_at);

create table public.reports (
  uuid uuid default public.uuid_v7() primary key,
  reporter_uuid uuid not null
    constraint reports_reporter_uuid_fkey references public.users on delete cascade,
  author_uuid uuid not null
    constraint reports_author_uuid_fkey references public.users on delete cascade,
  activity_uuid uuid not null,
  reason text not null
    constraint reports_reason_known check (reason in ('spam', 'abuse', 'illegal', 'other')),
  note text not null default ''
    constraint reports_note_length check (char_length(note) <= 1024),
  message text,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by_uuid uuid
    constraint reports_decided_by_uuid_fkey references public.users on delete set null,
  decision text
    constraint reports_decision_known check (decision in ('keep', 'remove')),
  constraint reports_once unique (activity_uuid, reporter_uuid),
  constraint reports_decided_whole check ((decided_at is null) = (decision is null)),
  constraint reports_message_while_open check ((message is null) = (decided_at is not null))
);

comment on table public.reports is 'What people report to the admins. It outlives the activity: for 30 days at most.';
comment on column public.reports.message is 'A copy, since the activity may expire before anybody looks; it goes with the decision.';

create index reports_open_idx on public.reports (created_at, uuid) where decided_at is null;
create index reports_reporter_idx on public.reports (reporter_uuid);
create index reports_author_idx on public.reports (author_uuid);
create index reports_decided_by_idx on public.reports (decided_by_uuid) where decided_by_uuid is not null;
create index reports_created_at_idx on public.reports (created_at);

create table public.sessions (
  id_hash bytea primary key,
  cognito_user_id text not null,
  sealed bytea not null,
  refreshing_until timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

comment on table public.sessions is 'Who is signed in in which browser. The cookie is kept as a hash, the tokens encrypted.';
comment on column public.sessions.refreshing_until is 'Until then one process renews the tokens, and the others let it.';

create index sessions_cognito_user_id_idx on public.sessions (cognito_user_id);
create index sessions_expires_at_idx on public.sessions (expires_at);

-- A crash forgets how often somebody came, and nothing else: it is worth no write-ahead log.
create unlogged table public.rate_limits (
  key text not null,
  window_start timestamptz not null,
  window_end timestamptz not null,
  used integer not null,
  constraint rate_limits_pkey primary key (key, window_start)
);

comment on table public.rate_limits is 'How much of a limit is used in a window of time, by all processes together.';

create index rate_limits_window_end_idx on public.rate_limits (window_end);

create function public.utc_text(moment timestamptz) returns text
  language sql stable parallel safe
  return to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

comment on function public.utc_text is 'A time as ISO 8601 writes it, to the microsecond and in UTC.';

create type public.activity_card as (
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

comment on type public.activity_card is 'An activity as somebody sees it.';

create function public.activity_json(
  activity public.live_activities, author public.users, liked boolean, reposted boolean, mine boolean
) returns json
  language sql stable parallel safe
  return row_to_json(
    row(
      (activity).uuid, (author).display_name, (author).handle, (activity).message, (activity).replies_count,
      (activity).reposts_count, (activity).likes_count, (activity).reply_to_activity_uuid,
      public.utc_text((activity).expires_at), public.utc_text((activity).created_at), coalesce(liked, false),
      coalesce(reposted, false), coalesce(mine, false)
    )::public.activity_card
  );

comment on function public.activity_json is 'The one place that knows how an activity looks in the API.';

create type public.profile_card as (
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

comment on type public.profile_card is 'A person as somebody sees them.';

create function public.profile_json(
  person public.users, cruds_count bigint, following boolean, blocked boolean, mine boolean
) returns json
  language sql stable parallel safe
  return row_to_json(
    row(
      (person).uuid, (person).handle, (person).display_name, (person).bio, cruds_count, (person).followers_count,
      (person).following_count, following, blocked, coalesce(mine, false), public.utc_text((person).created_at)
    )::public.profile_card
  );

comment on function public.profile_json is 'The one place that knows how a person looks in the API.';

create function public.make_cursor(created_at timestamptz, uuid uuid) returns text
  language sql stable parallel safe
  return translate(
    encode(int8send((extract(epoch from created_at) * 1000000)::bigint) || uuid_send(uuid), 'base64'),
    '+/', '-_'
  );

comment on function public.make_cursor is 'Where a page ended: microseconds and uuid, 24 bytes, as base64url.';

create function public.cursor_time(cursor text) returns timestamptz
  language sql stable parallel safe
  return timestamptz '1970-01-01 00:00:00Z' + interval '1 microsecond' * (
    'x' || left(encode(decode(translate(cursor, '-_', '+/'), 'base64'), 'hex'), 16)
  )::bit(64)::bigint;

create function public.cursor_uuid(cursor text) returns uuid
  language sql stable parallel safe
  return substr(encode(decode(translate(cursor, '-_', '+/'), 'base64'), 'hex'), 17)::uuid;

comment on function public.cursor_time is 'The time in a cursor.';
comment on function public.cursor_uuid is 'The uuid in a cursor.';

create function public.page_json(items json[], size integer) returns text
  language sql stable parallel safe
  return coalesce(array_to_json(items[:size])::text, '[]');

comment on function public.page_json is 'A page as JSON text. One more item than fits may have been read, to see if there is a next page.';

create function public.page_next(times timestamptz[], uuids uuid[], size integer) returns text
  language sql stable parallel safe
  return case when cardinality(uuids) > size then public.make_cursor(times[size], uuids[size]) end;

comment on function public.page_next is 'The cursor of the next page, null where there is none.';

-- migrate:down
drop function public.page_next;
drop function public.page_json;
drop function public.cursor_uuid;
drop function public.cursor_time;
drop function public.make_cursor;
drop function public.profile_json;
drop type public.profile_card;
drop function public.activity_json;
drop type public.activity_card;
drop function public.utc_text;
drop table public.rate_limits;
drop table public.sessions;
drop table public.reports;
drop table public.notifications;
drop view public.hidden_people;
drop table public.blocks;
drop table public.follows;
drop table public.reposts;
drop table public.likes;
drop view public.live_activities;
drop index public.activities_search_idx;
drop index public.activities_user_idx;
drop index public.activities_idempotency_key;
alter table public.activities drop column idempotency_key;
alter table public.users
  drop constraint users_display_name_length,
  drop column notifications_read_at,
  drop column following_count,
  drop column followers_count,
  drop column bio;
create index activities_user_idx on public.activities (user_uuid, created_at desc, uuid desc);
comment on index public.activities_user_idx is 'One person''s activities, newest first; also what a deleted person takes along.';
