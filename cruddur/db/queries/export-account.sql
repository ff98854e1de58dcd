-- All that is kept about a person, as one JSON object. $1 the cognito_user_id.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1)
select row_to_json(account, true)::text as body
from (
  select
    (
      select row_to_json(profile)
      from (
        select
          person.uuid, person.handle, person.display_name, person.bio, person.cognito_user_id, person.followers_count,
          person.following_count, public.utc_text(person.created_at) as created_at,
          public.utc_text(person.notifications_read_at) as notifications_read_at
      ) as profile
    ) as profile,
    (
      select coalesce(json_agg(
        public.activity_json(
          activity,
          person,
          (select true from public.likes where activity_uuid = activity.uuid and user_uuid = person.uuid),
          (select true from public.reposts where activity_uuid = activity.uuid and user_uuid = person.uuid),
          true
        )
        order by activity.created_at, activity.uuid
      ), '[]')
      from public.live_activities as activity
      where activity.user_uuid = person.uuid
    ) as activities,
    (
      select coalesce(json_agg(json_build_object('activity_uuid', likes.activity_uuid, 'created_at', public.utc_text(likes.created_at))
        order by likes.created_at), '[]')
      from public.likes
      join public.live_activities on live_activities.uuid = likes.activity_uuid
      where likes.user_uuid = person.uuid
    ) as likes,
    (
      select coalesce(json_agg(json_build_object('activity_uuid', reposts.activity_uuid, 'created_at', public.utc_text(reposts.created_at))
        order by reposts.created_at), '[]')
      from public.reposts
      join public.live_activities on live_activities.uuid = reposts.activity_uuid
      where reposts.user_uuid = person.uuid
    ) as reposts,
    (
      select coalesce(json_agg(json_build_object('handle', other.handle, 'created_at', public.utc_text(follows.created_at))
        order by follows.created_at), '[]')
      from public.follows
      join public.users as other on other.uuid = follows.followed_uuid
      where follows.follower_uuid = person.uuid
    ) as following,
    (
      select coalesce(json_agg(json_build_object('handle', other.handle, 'created_at', public.utc_text(follows.created_at))
        order by follows.created_at), '[]')
      from public.follows
      join public.users as other on other.uuid = follows.follower_uuid
      where follows.followed_uuid = person.uuid
    ) as followers,
    (
      select coalesce(json_agg(json_build_object('handle', other.handle, 'created_at', public.utc_text(blocks.created_at))
        order by blocks.created_at), '[]')
      from public.blocks
      join public.users as other on other.uuid = blocks.blocked_uuid
      where blocks.blocker_uuid = person.uuid
    ) as blocks,
    (
      select coalesce(json_agg(json_build_object(
        'kind', notifications.kind, 'actor', other.handle, 'activity_uuid', notifications.activity_uuid,
        'created_at', public.utc_text(notifications.created_at)) order by notifications.created_at), '[]')
      from public.notifications
      join public.users as other on other.uuid = notifications.actor_uuid
      left join public.live_activities on live_activities.uuid = notifications.activity_uuid
      where notifications.user_uuid = person.uuid
        and (notifications.activity_uuid is null or live_activities.uuid is not null)
    ) as notifications,
    (
      select coalesce(json_agg(json_build_object(
        'activity_uuid', reports.activity_uuid, 'reason', reports.reason, 'note', reports.note,
        'decision', reports.decision, 'created_at', public.utc_text(reports.created_at)) order by reports.created_at), '[]')
      from public.reports
      where reports.reporter_uuid = person.uuid
    ) as reports,
    (
      select coalesce(json_agg(json_build_object(
        'created_at', public.utc_text(sessions.created_at), 'expires_at', public.utc_text(sessions.expires_at)
      ) order by sessions.created_at), '[]')
      from public.sessions
      where sessions.cognito_user_id = person.cognito_user_id
    ) as sessions
  from public.users as person
  where person.uuid = (select uuid from viewer)
) as account
