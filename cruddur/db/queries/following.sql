-- What the viewer's people say or repost, each once, in the order in which it was said, newest first; no replies of theirs.
-- $1 the viewer's cognito_user_id; $2 the size of a page; $3 the cursor, null at first.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1)
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
    -- A page of each of them, by the index, holds the page of all.
    select said.uuid
    from public.follows
    cross join lateral (
      select activity.uuid
      from public.live_activities as activity
      where activity.user_uuid = follows.followed_uuid
        and num_nulls(activity.reply_to_activity_uuid) = 1
        and (activity.created_at, activity.uuid) < (
          coalesce(public.cursor_time($3), 'infinity'),
          coalesce(public.cursor_uuid($3), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        )
      order by activity.created_at desc, activity.uuid desc
      limit $2 + 1
    ) as said
    where follows.follower_uuid = (select uuid from viewer)
    union
    select reposted.uuid
    from public.follows
    cross join lateral (
      select activity.uuid
      from public.reposts as repost
      join public.live_activities as activity on activity.uuid = repost.activity_uuid
      where repost.user_uuid = follows.followed_uuid
        and activity.user_uuid <> all (array(
          select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
        ))
        and (repost.activity_created_at, repost.activity_uuid) < (
          coalesce(public.cursor_time($3), 'infinity'),
          coalesce(public.cursor_uuid($3), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
        )
      order by repost.activity_created_at desc, repost.activity_uuid desc
      limit $2 + 1
    ) as reposted
    where follows.follower_uuid = (select uuid from viewer)
  ) as found
  join public.live_activities as activity on activity.uuid = found.uuid
  join public.users as author on author.uuid = activity.user_uuid
  order by activity.created_at desc, activity.uuid desc
  limit $2 + 1
) as page
