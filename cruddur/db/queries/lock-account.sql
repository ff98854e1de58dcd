-- Holds a person's row until the transaction ends: whoever writes something of theirs waits, and then finds nobody.
-- $1 the cognito_user_id; $2 the handle that they typed to say that they mean it.
select lower(handle) = lower($2) as meant from public.users where cognito_user_id = $1 for update
