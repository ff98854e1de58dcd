-- Activities with all the words of a term, newest first, no replies.
-- $1 the viewer's cognito_user_id, null for anybody; $2 the size of a page; $3 the cursor, null at first; $4 the term.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
-- The index of words knows no order. Rare words are sorted; common ones are soon met on a walk along the home feed.
rare as materialized (
  select uuid
  from public.live_activities
  where reply_to_activity_uuid is null and to_tsvector('simple', message) @@ plainto_tsquery('simple', $4)
  limit 2000
)
select
  public.page_json(array_agg(item), $2) as body,
  public.page_next(array_agg(created_at), array_agg(uuid), $2) as next
from (
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
  from (
    (
      select * from (
        select activity.uuid, activity.created_at
        from public.live_activities as activity
        where activity.reply_to_activity_uuid is null
          and activity.uuid in (select uuid from rare)
          and (select count(*) from rare) < 2000
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
    )
    union all
    (
      select * from (
        select activity.uuid, activity.created_at
        from public.live_activities as activity
        where activity.reply_to_activity_uuid is null
          -- Written so that it does not match the index of words.
          and to_tsvector('simple', activity.message || '') @@ plainto_tsquery('simple', $4)
          and (select count(*) from rare) = 2000
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
    )
  ) as found
  join public.live_activities as activity on activity.uuid = found.uuid
  join public.users as author on author.uuid = activity.user_uuid
  order by activity.created_at desc, activity.uuid desc
  limit $2 + 1
) as page
