-- Follows a person no more, and takes back what was told of it. $1 the viewer's cognito_user_id; $2 the handle.
-- No row when there is no such viewer; no uuid when there is no such person for them.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
target as materialized (
  select uuid, handle, followers_count
  from public.users
  where lower(handle) = lower($2)
    and uuid <> (select uuid from viewer)
),
changed as (
  delete from public.follows
  using viewer, target
  where follows.follower_uuid = viewer.uuid and follows.followed_uuid = target.uuid
  returning follows.follower_uuid, follows.followed_uuid
),
-- Both in one update, which locks them in the order of their uuids: two who follow each other do not wait in a circle.
counted as (
  update public.users
  set followers_count = users.followers_count - (users.uuid = changed.followed_uuid)::integer,
    following_count = users.following_count - (users.uuid = changed.follower_uuid)::integer
  from changed
  where users.uuid in (changed.followed_uuid, changed.follower_uuid)
  returning users.uuid, users.followers_count
),
told as (
  delete from public.notifications
  using changed
  where notifications.actor_uuid = changed.follower_uuid
    and notifications.user_uuid = changed.followed_uuid
    and notifications.kind = 'follow'
)
select
  target.uuid,
  row_to_json((select state from (
    select
      target.handle,
      false as following,
      exists (select from public.blocks where blocked_uuid = target.uuid and blocker_uuid = viewer.uuid) as blocked,
      coalesce((select followers_count from counted where counted.uuid = target.uuid), target.followers_count) as followers_count
  ) as state))::text as body
from viewer
left join target on true
