-- Deletes notifications after 30 days.
-- $1 how many at most. Answers how many.
with gone as (
  delete from public.notifications
  where uuid in (
    select uuid from public.notifications where created_at < now() - interval '30 days' limit $1 for update skip locked
  )
  returning 1
)
select count(*)::integer as purged from gone
