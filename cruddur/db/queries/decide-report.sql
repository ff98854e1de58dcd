-- Decides all open reports of the activity that a report is about, forgets the copies, and removes it if that was decided.
-- $1 the report; $2 keep or remove; $3 the admin's cognito_user_id. No row when there is no such open report.
with report as materialized (
  select uuid, activity_uuid from public.reports where uuid = $1 and decided_at is null
),
decided as (
  update public.reports
  set decided_at = now(), decision = $2, message = null, note = '',
    decided_by_uuid = (select uuid from public.users where cognito_user_id = $3)
  from report
  where reports.activity_uuid = report.activity_uuid and reports.decided_at is null
  returning reports.uuid
),
gone as (
  delete from public.activities
  using report
  where $2 = 'remove' and activities.uuid = report.activity_uuid
  returning activities.uuid, activities.reply_to_activity_uuid
),
counted as (
  update public.activities set replies_count = activities.replies_count - 1
  from gone
  where activities.uuid = gone.reply_to_activity_uuid
  returning activities.uuid, activities.likes_count, activities.reposts_count, activities.replies_count
)
select (select uuid from gone) as uuid, (select row_to_json(counted) from counted) as counts
from report
where exists (select from decided)
