-- What a person answers to others, newest first. No row when there is no such person.
-- $1 the viewer's cognito_user_id, null for anybody; $2 the size of a page; $3 the cursor, null at first;
-- $4 the handle.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
person as materialized (select uuid from public.users where lower(handle) = lower($4))
select
  public.page_json(array_agg(item), $2) as body,
  public.page_next(array_agg(created_at), array_agg(uuid), $2) as next
from (
  select * from (
    select
      activity.uuid,
      activity.created_at,
      public.activity_json(
        activity,
        author,
        (select true from public.likes where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
        (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
        activity.user_uuid is not distinct from (select uuid from viewer)
      ) as item
    from public.live_activities as activity
    join public.users as author on author.uuid = activity.user_uuid
    where activity.user_uuid = (select uuid from person)
      and num_nulls(activity.reply_to_activity_uuid) = 0
      and activity.user_uuid <> all (array(
        select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
      ))
      and (activity.created_at, activity.uuid) < (
        coalesce(public.cursor_time($3), 'infinity'),
        coalesce(public.cursor_uuid($3), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by activity.created_at desc, activity.uuid desc
    limit 41
  ) as most limit $2 + 1
) as page
having exists (select from person)
