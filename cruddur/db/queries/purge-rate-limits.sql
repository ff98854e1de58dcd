-- Deletes windows of the rate limits that are over.
-- $1 how many at most. Answers how many.
with gone as (
  delete from public.rate_limits
  where (key, window_start) in (
    select key, window_start from public.rate_limits where window_end <= now() limit $1 for update skip locked
  )
  returning 1
)
select count(*)::integer as purged from gone
