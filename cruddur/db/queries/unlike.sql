-- Takes a like back, and what was told of it. $1 the viewer's cognito_user_id; $2 the activity.
-- No row when there is no such person; no uuid when there is no such activity for them.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
target as materialized (
  select uuid, user_uuid, created_at, likes_count, reposts_count
  from public.live_activities as activity
  where uuid = $2
    and activity.user_uuid <> all (array(
      select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
    ))
),
changed as (
  delete from public.likes
  using viewer, target
  where likes.activity_uuid = target.uuid and likes.user_uuid = viewer.uuid
  returning likes.activity_uuid
),
counted as (
  update public.activities set likes_count = activities.likes_count - 1
  from changed
  where activities.uuid = changed.activity_uuid
  returning activities.uuid, activities.likes_count, activities.reposts_count, activities.replies_count
),
told as (
  delete from public.notifications
  using viewer, changed
  where notifications.activity_uuid = changed.activity_uuid
    and notifications.actor_uuid = viewer.uuid
    and notifications.kind = 'like'
)
select
  target.uuid,
  row_to_json((select state from (
    select
      target.uuid,
      coalesce(counted.likes_count, target.likes_count) as likes_count,
      coalesce(counted.reposts_count, target.reposts_count) as reposts_count,
      false as liked,
      exists (select from public.reposts where activity_uuid = target.uuid and user_uuid = viewer.uuid) as reposted
  ) as state))::text as body,
  case when counted.uuid is not null then row_to_json(counted) end as counts
from viewer
left join target on true
left join counted on true
