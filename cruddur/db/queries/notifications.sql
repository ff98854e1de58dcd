-- What happened to the viewer, newest first: nothing about what has expired, nothing of whom is hidden.
-- $1 the viewer's cognito_user_id; $2 the size of a page; $3 the cursor, null at first.
with viewer as materialized (select uuid, notifications_read_at from public.users where cognito_user_id = $1)
select
  public.page_json(array_agg(item), $2) as body,
  public.page_next(array_agg(created_at), array_agg(uuid), $2) as next
from (
  select * from (
    select
      notification.uuid,
      notification.created_at,
      (
        select row_to_json(shown)
        from (
          select
            notification.uuid,
            notification.kind,
            json_build_object('handle', actor.handle, 'display_name', actor.display_name) as actor,
            case
              when activity.uuid is not null then
                public.activity_json(
                  activity,
                  author,
                  (select true from public.likes where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
                  (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = (select uuid from viewer)),
                  activity.user_uuid is not distinct from (select uuid from viewer)
                )
            end as activity,
            public.utc_text(notification.created_at) as created_at,
            notification.created_at > coalesce((select notifications_read_at from viewer), '-infinity') as unread
        ) as shown
      ) as item
    from public.notifications as notification
    join public.users as actor on actor.uuid = notification.actor_uuid
    left join public.live_activities as activity on activity.uuid = notification.activity_uuid
    left join public.users as author on author.uuid = activity.user_uuid
    where notification.user_uuid = (select uuid from viewer)
      and (notification.activity_uuid is null or activity.uuid is not null)
      and notification.actor_uuid <> all (array(
        select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
      ))
      and (notification.created_at, notification.uuid) < (
        coalesce(public.cursor_time($3), 'infinity'),
        coalesce(public.cursor_uuid($3), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      )
    order by notification.created_at desc, notification.uuid desc
    limit 41
  ) as most limit $2 + 1
) as page
