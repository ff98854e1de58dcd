-- Deletes reports after 30 days, decided or not, with the copies that they hold.
-- $1 how many at most. Answers how many.
with gone as (
  delete from public.reports
  where uuid in (
    select uuid from public.reports where created_at < now() - interval '30 days' limit $1 for update skip locked
  )
  returning 1
)
select count(*)::integer as purged from gone
