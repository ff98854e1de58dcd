-- Deletes sessions that are over.
-- $1 how many at most. Answers how many.
with gone as (
  delete from public.sessions
  where id_hash in (
    select id_hash from public.sessions where expires_at <= now() limit $1 for update skip locked
  )
  returning 1
)
select count(*)::integer as purged from gone
