-- Blocks a person: neither follows the other any more, and neither sees the other. $1 the viewer's cognito_user_id; $2 the handle.
-- No row when there is no such viewer; no uuid when there is no such person for them.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
target as materialized (
  select uuid, handle, followers_count
  from public.users
  where lower(handle) = lower($2)
    and uuid <> (select uuid from viewer)
),
blocked as (
  insert into public.blocks (blocker_uuid, blocked_uuid)
  select viewer.uuid, target.uuid
  from viewer
  cross join target
  on conflict do nothing
),
changed as (
  delete from public.follows
  using viewer, target
  where (follows.follower_uuid, follows.followed_uuid) in ((viewer.uuid, target.uuid), (target.uuid, viewer.uuid))
  returning follows.follower_uuid, follows.followed_uuid
),
counted as (
  update public.users
  set followers_count = users.followers_count - less.followers,
    following_count = users.following_count - less.following
  from (
    select person.uuid, count(*) filter (where person.uuid = followed_uuid) as followers,
      count(*) filter (where person.uuid = follower_uuid) as following
    from changed
    cross join lateral (values (follower_uuid), (followed_uuid)) as person (uuid)
    group by person.uuid
  ) as less
  where users.uuid = less.uuid
  returning users.uuid, users.followers_count
)
select
  target.uuid,
  row_to_json((select state from (
    select
      target.handle,
      false as following,
      true as blocked,
      coalesce((select followers_count from counted where counted.uuid = target.uuid), target.followers_count) as followers_count
  ) as state))::text as body
from viewer
left join target on true
