-- Deletes expired activities, the oldest first, with all that hangs on them. Several may do it at once: each takes others.
-- $1 how many at most. Answers how many.
with expired as materialized (
  select uuid
  from public.activities
  where expires_at <= now()
  order by expires_at
  limit $1
  for update skip locked
),
gone as (
  delete from public.activities using expired where activities.uuid = expired.uuid
  returning activities.uuid, activities.reply_to_activity_uuid
),
answered as materialized (
  select reply_to_activity_uuid as uuid, count(*) as replies from gone where reply_to_activity_uuid is not null group by 1
),
-- Only of what lives on: to wait for an expired one would be to wait for another purge, which waits for this one. And in one
-- order, for the same reason.
locked as materialized (
  select live_activities.uuid
  from public.live_activities
  where live_activities.uuid in (select uuid from answered)
  order by live_activities.uuid
  for no key update
),
counted as (
  update public.activities set replies_count = activities.replies_count - answered.replies
  from answered
  join locked on locked.uuid = answered.uuid
  where activities.uuid = answered.uuid
)
select count(*)::integer as purged from gone
