-- Deletes a person with all that is theirs, and takes them out of the counts of others. $1 the cognito_user_id.
with viewer as materialized (select uuid from public.users where cognito_user_id = $1),
liked as (
  delete from public.likes using viewer where likes.user_uuid = viewer.uuid returning likes.activity_uuid
),
reposted as (
  delete from public.reposts using viewer where reposts.user_uuid = viewer.uuid returning reposts.activity_uuid
),
said as (
  delete from public.activities using viewer where activities.user_uuid = viewer.uuid
  returning activities.uuid, activities.reply_to_activity_uuid
),
less as (
  select uuid, sum(likes) as likes, sum(reposts) as reposts, sum(replies) as replies
  from (
    select activity_uuid, 1, 0, 0 from liked
    union all
    select activity_uuid, 0, 1, 0 from reposted
    union all
    select reply_to_activity_uuid, 0, 0, 1 from said where reply_to_activity_uuid is not null
  ) as each (uuid, likes, reposts, replies)
  group by uuid
),
counted as (
  update public.activities
  set likes_count = activities.likes_count - less.likes,
    reposts_count = activities.reposts_count - less.reposts,
    replies_count = activities.replies_count - less.replies
  from less
  where activities.uuid = less.uuid and activities.user_uuid <> (select uuid from viewer)
  returning activities.uuid, activities.likes_count, activities.reposts_count, activities.replies_count
),
followed as (
  delete from public.follows using viewer
  where viewer.uuid in (follows.follower_uuid, follows.followed_uuid)
  returning follows.follower_uuid, follows.followed_uuid
),
counted_people as (
  update public.users
  set followers_count = users.followers_count - less.followers,
    following_count = users.following_count - less.following
  from (
    select person.uuid, count(*) filter (where person.uuid = followed_uuid) as followers,
      count(*) filter (where person.uuid = follower_uuid) as following
    from followed
    cross join lateral (values (follower_uuid), (followed_uuid)) as person (uuid)
    group by person.uuid
  ) as less
  where users.uuid = less.uuid and users.uuid <> (select uuid from viewer)
),
signed_out as (
  delete from public.sessions where cognito_user_id = $1
),
gone as (
  delete from public.users using viewer where users.uuid = viewer.uuid
)
select
  -- Open pages are told of some; the others they find gone when they ask.
  (select json_agg(uuid) from (select uuid from said limit 100) as sample) as deleted,
  (select json_agg(sample) from (select * from counted limit 100) as sample) as counts
from viewer
