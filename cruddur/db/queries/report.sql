-- Reports an activity to the admins, once. A block hides nothing here: whoever was hurt has blocked first.
-- $1 the reporter's cognito_user_id; $2 the activity; $3 the reason; $4 a note.
-- No row when there is no such person; no uuid when there is no such activity.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
target as materialized (select uuid, user_uuid, message from public.live_activities where uuid = $2),
reported as (
  insert into public.reports (reporter_uuid, author_uuid, activity_uuid, reason, note, message)
  select viewer.uuid, target.user_uuid, target.uuid, $3, $4, target.message
  from viewer
  cross join target
  on conflict do nothing
)
select target.uuid
from viewer
left join target on true
