-- From now on the notifications that are there have been read. $1 the cognito_user_id.
update public.users set notifications_read_at = clock_timestamp() where cognito_user_id = $1 returning uuid
