-- Deletes an activity of one's own, with all that hangs on it, and counts one reply less where it was one.
-- $1 the author's cognito_user_id; $2 the activity. No row when there is no such person; no uuid when there is no such activity.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
gone as (
  delete from public.activities
  using viewer
  where activities.uuid = $2
    and activities.user_uuid = viewer.uuid
    and exists (select from public.live_activities where live_activities.uuid = activities.uuid)
  returning activities.uuid, activities.reply_to_activity_uuid
),
counted as (
  update public.activities set replies_count = activities.replies_count - 1
  from gone
  where activities.uuid = gone.reply_to_activity_uuid
  returning activities.uuid, activities.likes_count, activities.reposts_count, activities.replies_count
)
select gone.uuid, (select row_to_json(counted) from counted) as counts
from viewer
left join gone on true
