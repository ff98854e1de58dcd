-- The home feed: newest first, no replies.
-- $1 the viewer's cognito_user_id, null for anybody; $2 the size of a page; $3 the cursor, null at first.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1)
select
  public.page_json(array_agg(item), $2) as body,
  public.page_next(array_agg(created_at), array_agg(uuid), $2) as next,
  (extract(epoch from min(expires_at) - now()) * 1000)::float8 as expires_in_ms
from (
  -- A limit that the planner knows: it takes $2 for a tenth of the table, and would plan each time anew.
  select * from (
    select
      activity.uuid,
      activity.created_at,
      activity.expires_at,
      public.activity_json(
        activity,
        author,
        (select true from public.likes where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
        (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
        activity.user_uuid is not distinct from (select uuid from viewer)
      ) as item
    from public.live_activities as activity
    join public.users as author on author.uuid = activity.user_uuid
    where activity.reply_to_activity_uuid is null
      and activity.user_uuid <> all (array(
        select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
      ))
      -- One row comparison and no OR: only so does a page deep in the feed start inside the index.
      and (activity.created_at, activity.uuid) < (
        coalesce(public.cursor_time($3), 'infinity'),
        coalesce(public.cursor_uuid($3), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by activity.created_at desc, activity.uuid desc
    limit 41
  ) as most limit $2 + 1
) as page
