-- Blocks a person no more. $1 the viewer's cognito_user_id; $2 the handle.
-- No row when there is no such viewer; no uuid when there is no such person for them.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
target as materialized (
  select uuid, handle, followers_count
  from public.users
  where lower(handle) = lower($2)
    and uuid <> (select uuid from viewer)
),
changed as (
  delete from public.blocks
  using viewer, target
  where blocks.blocker_uuid = viewer.uuid and blocks.blocked_uuid = target.uuid
)
select
  target.uuid,
  row_to_json((select state from (
    select
      target.handle,
      exists (select from public.follows where followed_uuid = target.uuid and follower_uuid = viewer.uuid) as following,
      false as blocked,
      target.followers_count as followers_count
  ) as state))::text as body
from viewer
left join target on true
