-- The role that the function logs in as: it may add people, and see which handles and accounts are there. Nothing else.
--   pgrig run trigger/role.sql prod
-- A second run changes nothing. Another name of the role: -v role=NAME. For tokens of IAM instead of a password: -v iam=true.
\if :{?role}
\else
  \set role cruddur_trigger
\endif
\if :{?iam}
\else
  \set iam false
\endif

select not exists (select from pg_roles where rolname = :'role') as missing \gset
\if :missing
  -- Each instance of the function keeps one session: the limit leaves the rest of the server to the application.
  create role :"role" login connection limit 20;
\endif

select current_database() as database \gset
grant connect on database :"database" to :"role";
grant usage on schema public to :"role";
grant
  select (handle, cognito_user_id),
  insert (display_name, handle, cognito_user_id)
on public.users to :"role";
-- The default of the column uuid.
grant execute on function public.uuid_v7() to :"role";

\if :iam
  -- From then on RDS takes no password from it.
  grant rds_iam to :"role";
\endif
