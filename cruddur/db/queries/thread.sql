-- An activity, what it answers, and the first of what was answered to it. No row when there is no such activity for the viewer.
-- $1 the viewer's cognito_user_id, null for anybody; $2 the number of replies; $3 the activity; $4 its author's handle, null for any.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1)
select
  '{"activity":' || shown.item::text
    || ',"parent":' || coalesce(shown.parent::text, 'null')
    || ',"replies":' || replies.body || '}' as body,
  replies.next
from (
  select
    activity.uuid,
    public.activity_json(
      activity,
      author,
      (select true from public.likes where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
      (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
      activity.user_uuid is not distinct from (select uuid from viewer)
    ) as item,
    (
      select
        public.activity_json(
          parent,
          parent_author,
          (select true from public.likes where activity_uuid = parent.uuid and user_uuid = (select uuid from viewer)),
          (select true from public.reposts where activity_uuid = parent.uuid and user_uuid = (select uuid from viewer)),
          parent.user_uuid is not distinct from (select uuid from viewer)
        )
      from public.live_activities as parent
      join public.users as parent_author on parent_author.uuid = parent.user_uuid
      where parent.uuid = activity.reply_to_activity_uuid
        and parent.user_uuid <> all (array(
          select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
        ))
    ) as parent
  from public.live_activities as activity
  join public.users as author on author.uuid = activity.user_uuid
  where activity.uuid = $3
    and ($4::text is null or lower(author.handle) = lower($4))
    and activity.user_uuid <> all (array(
      select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
    ))
) as shown
cross join (
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
      where activity.reply_to_activity_uuid = $3
        and activity.user_uuid <> all (array(
          select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
        ))
      order by activity.created_at, activity.uuid
      limit 41
    ) as most limit $2 + 1
  ) as page
) as replies
