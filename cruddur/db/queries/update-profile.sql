-- Changes what a person says about themselves. $1 the cognito_user_id; $2 the display name; $3 the bio.
with viewer as (
  update public.users set display_name = $2, bio = $3 where cognito_user_id = $1
  returning uuid, users as person
)
select
  public.profile_json(
    viewer.person,
    (
      select count(*)
      from public.live_activities
      where user_uuid = viewer.uuid and num_nulls(reply_to_activity_uuid) = 1
    ),
    false,
    false,
    true
  )::text as body
from viewer
