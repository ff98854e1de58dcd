-- Answers an activity, counts the answer, and tells whom it answers and whom it mentions. No row when there is no such person.
-- $1 the author's cognito_user_id; $2 the message; $3 seconds to live, null for as long as the parent; $4 the idempotency
-- key, or null; $5 the parent.
with author as materialized (select * from public.users where cognito_user_id = $1),
-- Parameters that the planner does not look into: else it makes a cheaper plan each time that there is no key.
asked as materialized (select $2::text as message, $4::uuid as key),
parent as materialized (
  select activity.*
  from public.live_activities as activity
  where activity.uuid = $5
    and activity.user_uuid <> all (array(
      select user_uuid from public.hidden_people where viewer_uuid = (select uuid from author)
    ))
),
said as (
  insert into public.activities (user_uuid, message, reply_to_activity_uuid, idempotency_key, expires_at)
  -- No reply outlives what it answers.
  select author.uuid, asked.message, parent.uuid, asked.key, least(now() + make_interval(secs => $3), parent.expires_at)
  from author
  cross join asked
  cross join parent
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
counted as (
  update public.activities set replies_count = activities.replies_count + 1
  from said
  where activities.uuid = $5
  returning activities.uuid, activities.likes_count, activities.reposts_count, activities.replies_count
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
    and person.uuid <> (select user_uuid from parent)
    and person.uuid <> all (array(
      select user_uuid from public.hidden_people where viewer_uuid = (select uuid from author)
    ))
),
told as (
  insert into public.notifications (user_uuid, kind, actor_uuid, activity_uuid)
  select parent.user_uuid, 'reply', said.user_uuid, said.uuid
  from said
  cross join parent
  where parent.user_uuid <> said.user_uuid
)
select
  case
    when parent.uuid is null then 'no_parent'
    when said.uuid is not null then 'created'
    -- Another request with the same key is a moment ahead of this one.
    when before.uuid is null then 'raced'
    when before.message = asked.message
      and before.reply_to_activity_uuid is not distinct from $5
      and before.expires_at = least(before.created_at + make_interval(secs => $3), parent.expires_at)
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
  )::text as body,
  (select row_to_json(counted) from counted) as counts
from author
cross join asked
left join parent on true
left join said on true
left join before on true
