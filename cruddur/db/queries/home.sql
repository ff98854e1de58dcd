-- The home feed as one JSON array: newest first, no replies, nothing that has expired.
-- $1 is the number of activities; $2 and $3 are created_at and uuid of the last one that the reader has, null at first.
select coalesce(json_agg(page)::text, '[]') as body
from (
  select
    activities.uuid,
    users.display_name,
    users.handle,
    activities.message,
    activities.replies_count,
    activities.reposts_count,
    activities.likes_count,
    activities.reply_to_activity_uuid,
    to_char(activities.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as expires_at,
    to_char(activities.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at
  from public.activities
  join public.users on users.uuid = activities.user_uuid
  where activities.reply_to_activity_uuid is null
    and activities.expires_at > now()
    -- One row comparison and no OR: only so does a page deep in the feed start inside the index.
    and (activities.created_at, activities.uuid) < (
      coalesce($2::timestamptz, 'infinity'),
      coalesce($3::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    )
  order by activities.created_at desc, activities.uuid desc
  limit $1
) as page
