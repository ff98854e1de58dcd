-- Tells all processes what was written. $1 the payloads, as text of JSON objects.
select pg_notify('cruddur', payload) from unnest($1::text[]) as payload
