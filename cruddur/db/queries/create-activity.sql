-- Says something, and tells whom it mentions. No row when there is no such person.
-- $1 the author's cognito_user_id; $2 the message; $3 seconds to live; $4 the idempotency key, or null.
with author as materialized (select * from public.users where cognito_user_id = $1),
-- Parameters that the planner does not look into: else it makes a cheaper plan each time that there is no key.
asked as materialized (select $2::text as message, $4::uuid as key),
said as (
  insert into public.activities (user_uuid, message, idempotency_key, expires_at)
  select author.uuid, asked.message, asked.key, now() + make_interval(secs => $3)
  from author
  cross join asked
  on conflict (user_uuid, idempotency_key) where idempotency_key is not null do nothing
  returning
    uuid, user_uuid, message, created_at,
    row(
      uuid, user_uuid, message, replies_count, reposts_count, likes_count, reply_to_activity_uuid, expires_at,
      created_at, idempotency_key
    )::public.live_activities as activity
),
before as (
  select
    activity.uuid,
    activity.message,
    activity.reply_to_activity_uuid,
    activity.created_at,
    activity.expires_at,
    activity as activity,
    (select true from public.likes where activity_uuid = activity.uuid and user_uuid = activity.user_uuid) as liked,
    (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = activity.user_uuid) as reposted
  from public.live_activities as activity
  where activity.user_uuid = (select uuid from author) and activity.idempotency_key = (select key from asked)
),
mentioned as (
  insert into public.notifications (user_uuid, kind, actor_uuid, activity_uuid)
  select distinct person.uuid, 'mention', said.user_uuid, said.uuid
  from said
  -- As many as a sentence may name; more would be spam.
  cross join lateral (
    select lower(name[1]) as handle
    from regexp_matches(said.message, '(?<![A-Za-z0-9_@])@([A-Za-z0-9_]{1,32})(?![A-Za-z0-9_])', 'g') as name
    where position('@' in said.message) > 0
    limit 10
  ) as named
  join public.users as person on lower(person.handle) = named.handle
  where person.uuid <> said.user_uuid
    and person.uuid <> all (array(
      select user_uuid from public.hidden_people where viewer_uuid = (select uuid from author)
    ))
)
select
  case
    when said.uuid is not null then 'created'
    -- Another request with the same key is a moment ahead of this one.
    when before.uuid is null then 'raced'
    when before.message = asked.message
      and before.reply_to_activity_uuid is not distinct from null
      and before.expires_at = before.created_at + make_interval(secs => $3)
      then 'replayed'
    else 'key_reused'
  end as status,
  coalesce(said.uuid, before.uuid) as uuid,
  author.handle,
  public.activity_json(
    case when said.uuid is null then before.activity else said.activity end,
    author,
    before.liked,
    before.reposted,
    true
  )::text as body
from author
cross join asked
left join said on true
left join before on true
