-- What an instant API needs of a developer: a function for each feed that keeps out what has expired.
create schema peer;

create function peer.home_feed() returns setof public.activities language sql stable as $$
  select * from public.activities
  where reply_to_activity_uuid is null and expires_at > now()
  order by created_at desc, uuid desc limit 20
$$;

create function peer.person_feed(handle text) returns setof public.activities language sql stable as $$
  select * from public.activities
  where user_uuid = (select uuid from public.users where lower(users.handle) = lower($1))
    and num_nulls(reply_to_activity_uuid) = 1 and expires_at > now()
  order by created_at desc, uuid desc limit 20
$$;

create function peer.replies(parent uuid) returns setof public.activities language sql stable as $$
  select * from public.activities
  where reply_to_activity_uuid = $1 and expires_at > now()
  order by created_at, uuid limit 20
$$;
