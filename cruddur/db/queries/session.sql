-- Who is signed in, and how much they have not read: 100 stands for many. $1 their cognito_user_id.
with viewer as materialized (select * from public.users where cognito_user_id = $1)
select row_to_json(person)::text as body
from (
  select
    viewer.uuid,
    viewer.handle,
    viewer.display_name,
    viewer.bio,
    (
      select count(*)
      from (
        select
        from public.notifications as notification
        where notification.user_uuid = viewer.uuid
          and notification.created_at > coalesce(viewer.notifications_read_at, '-infinity')
          and (
            notification.activity_uuid is null
            or exists (select from public.live_activities where uuid = notification.activity_uuid)
          )
          and notification.actor_uuid <> all (array(
            select user_uuid from public.hidden_people where viewer_uuid = (select uuid from viewer)
          ))
        limit 100
      ) as unread
    ) as unread_count
  from viewer
) as person
