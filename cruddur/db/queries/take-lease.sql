-- Adds to what a key has used of its window of time. $1 the key; $2 the length of the windows in seconds; $3 how much.
insert into public.rate_limits (key, window_start, window_end, used)
select $1, start, start + make_interval(secs => $2), $3
from date_bin(make_interval(secs => $2), now(), timestamptz '2000-01-01 00:00:00Z') as start
on conflict (key, window_start) do update set used = rate_limits.used + excluded.used
returning used, (extract(epoch from window_end - now()) * 1000)::float8 as reset_ms
