-- The name of a person. $1 the handle.
select row_to_json(short)::text as body
from (select uuid, handle, display_name from public.users where lower(handle) = lower($1)) as short
